/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A row of bytes that grows, and numbers in bytes, for all formats that are not text: little-endian of a fixed width and
 * any alignment, or varints, seven bits a byte from the lowest up, of which all but the last have their top bit set.
 *
 * Always: no varint is read beyond the end that was given.
 */
#ifndef TRACES_BYTES_H
#define TRACES_BYTES_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_VARINT_MAX = 10 };

struct bytes {
    uint8_t *at;
    size_t count;
    size_t room;
};

/* Makes room for `more` bytes behind those that are there; false where there is no memory. */
static inline bool bytes_reserve(struct bytes *bytes, size_t more)
{
    if (bytes->room - bytes->count >= more)
        return true;
    const size_t needed = bytes->count + more;
    const size_t room = needed > 2 * bytes->room ? needed : 2 * bytes->room;
    uint8_t *at = realloc(bytes->at, room);
    if (at == NULL)
        return false;
    bytes->at = at;
    bytes->room = room;
    return true;
}

static inline void bytes_free(struct bytes *bytes)
{
    free(bytes->at);
    *bytes = (struct bytes){0};
}

static inline void bytes_put16(void *to, uint16_t value)
{
    value = htole16(value);
    memcpy(to, &value, sizeof value);
}

static inline void bytes_put32(void *to, uint32_t value)
{
    value = htole32(value);
    memcpy(to, &value, sizeof value);
}

static inline void bytes_put64(void *to, uint64_t value)
{
    value = htole64(value);
    memcpy(to, &value, sizeof value);
}

static inline uint16_t bytes_get16(const void *from)
{
    uint16_t value;
    memcpy(&value, from, sizeof value);
    return le16toh(value);
}

static inline uint32_t bytes_get32(const void *from)
{
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return le32toh(value);
}

static inline uint64_t bytes_get64(const void *from)
{
    uint64_t value;
    memcpy(&value, from, sizeof value);
    return le64toh(value);
}

/* Room for BYTES_VARINT_MAX was reserved. */
static inline void bytes_put_varint(struct bytes *bytes, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        bytes->at[bytes->count++] = (uint8_t)(value | 0x80);
    bytes->at[bytes->count++] = (uint8_t)value;
}

/* False where the number is cut, or does not fit into 64 bits. */
static inline bool bytes_get_varint(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
        const uint64_t byte = *(*at)++;
        if (shift == 63 && byte > 1)
            return false;
        *value |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

/* Signed differences as small numbers: 0, -1, 1, -2 ... as 0, 1, 2, 3 ... */
static inline uint64_t bytes_zigzag(uint64_t difference)
{
    return difference << 1 ^ -(difference >> 63);
}

static inline uint64_t bytes_unzigzag(uint64_t number)
{
    return number >> 1 ^ -(number & 1);
}

#endif
