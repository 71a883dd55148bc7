/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Little-endian numbers of any alignment, for readers of binary traces.
 */
#ifndef TRACES_BINARY_H
#define TRACES_BINARY_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t binary_u16(const char *p)
{
    uint16_t word;
    memcpy(&word, p, sizeof word);
    return le16toh(word);
}

static inline uint32_t binary_u32(const char *p)
{
    uint32_t word;
    memcpy(&word, p, sizeof word);
    return le32toh(word);
}

static inline uint64_t binary_u64(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return le64toh(word);
}

#endif
