/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What flows between filters: one 64-bit item a lookup, or a page-table read. An item holds a key and where in the
 * block it comes from; everything else about the access is in the block at that position. Items of a stream stand in
 * program order.
 *
 *     63                                   15 14     13    12         0
 *     key: va / 4096, sign kept (lookups)     insert fetch position
 *     key: physical address / 16 (reads)     insert  0     position
 *
 * Every format's addresses have at most 57 bits, sign-extended, so that 46 bits of key say them all. What tells one address
 * space's lookups from another's, its tag, is XORed onto the bits above those that the format translates, which are all
 * sign: a lookup of the address space with the tag 0 is what it would be if there were no other.
 *
 * The position is twice the access's index in the block, plus one for the second lookup of an access that crosses into another page:
 * pages of 4096 bytes and more and accesses of 4096 at most make that two lookups at the most.
 *
 * Where pages of several sizes stand side by side (mapping.h), the three highest bits say of which class the page's size
 * is, XORed onto the key: 0, which changes nothing, is the smallest size, 1 the next; the address is the page's. Class 7 is
 * no size but an invalidation, which is no lookup either: whoever keeps pages, or entries above pages, of the range at that
 * address, forgets them when it comes by. It stands where that happens in program order, and every filter hands it on.
 *
 * An `insert` item is no lookup: it offers a page that the level above has evicted to a victim array below, and stands
 * right behind the lookup that evicted it. Behind the last level, it is the walk of a prefetch, or a read of that
 * (prefetch.h); or, where no prefetches are, it is a walk whose PDE the array had that it missed. In plans of a part of a trace, which have no victim arrays, the same bit says
 * that an item is `uncertain`: whether it would be in the stream of the whole trace depends on what stands before the
 * part (open_filter.h).
 */
#ifndef MODEL_REQUEST_H
#define MODEL_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "model/access.h"

enum {
    REQUEST_POSITIONS = 2 * BLOCK_ACCESSES,
    REQUEST_POSITION_MASK = REQUEST_POSITIONS - 1,
    REQUEST_FETCH_SHIFT = 13,
    REQUEST_FETCH = 1 << REQUEST_FETCH_SHIFT,
    REQUEST_INSERT_SHIFT = 14,
    REQUEST_INSERT = 1 << REQUEST_INSERT_SHIFT,
    REQUEST_UNCERTAIN = REQUEST_INSERT,
    REQUEST_KEY_SHIFT = 15,
    REQUEST_LOW_MASK = (1 << REQUEST_KEY_SHIFT) - 1,
    REQUEST_VA_SHIFT = 12,      /* a lookup's key is va >> 12 */
    REQUEST_READ_SHIFT = 4,     /* a read's key is the physical address >> 4 */
    REQUEST_PHYSICAL_BITS = 52, /* the most that leaves a read's key positive; also what x86-64 can have at all */
};

/* Stands behind the last item of a stream and is no request: who follows a stream beside another need not watch its
 * end. */
#define STREAM_END UINT64_MAX

static inline uint64_t request_of_va(uint64_t va, uint64_t low)
{
    return va >> REQUEST_VA_SHIFT << REQUEST_KEY_SHIFT | low;
}

static inline uint64_t request_va(uint64_t request)
{
    return (uint64_t)((int64_t)request >> REQUEST_KEY_SHIFT) << REQUEST_VA_SHIFT;
}

/* The number that a filter looks up: a page number, a prefix, or a line number. */
static inline uint64_t request_number(uint64_t request, uint32_t key_shift, uint32_t number_shift)
{
    return (uint64_t)((int64_t)request >> REQUEST_KEY_SHIFT) << key_shift >> number_shift;
}

/* What an address space's tag is XORed onto: a format whose addresses have `va_bits` bits, sign included. */
static inline uint64_t request_tag(uint64_t tag, unsigned va_bits)
{
    return tag << (va_bits - REQUEST_VA_SHIFT + REQUEST_KEY_SHIFT);
}

/* How many tags there are. */
static inline uint64_t request_tags(unsigned va_bits)
{
    return UINT64_C(1) << (64 - REQUEST_KEY_SHIFT - (va_bits - REQUEST_VA_SHIFT));
}

/* The tag of a virtual address with its tag, as request_va has it, and the address itself. */
static inline uint64_t request_split(uint64_t tagged_va, unsigned va_bits, uint64_t *va)
{
    const unsigned above = 64 - va_bits;
    *va = (uint64_t)((int64_t)(tagged_va << above) >> above);
    return (tagged_va ^ *va) >> va_bits & (request_tags(va_bits) - 1);
}

/* A number without the tag, if there is one in the `unused` bits above the number proper: what its set is chosen by. */
static inline uint64_t request_untagged(uint64_t number, uint32_t unused)
{
    return (uint64_t)((int64_t)(number << unused) >> unused);
}

/* The XOR of all consecutive fields of `bits` bits: the set that `index = xor` takes for a number. */
static inline uint32_t request_xor_index(uint64_t number, uint32_t bits)
{
    if (bits == 0)
        return 0;
    uint64_t index = 0;
    for (; number != 0; number >>= bits)
        index ^= number;
    return (uint32_t)(index & ((UINT64_C(1) << bits) - 1));
}

/* How far requests reach from 0: the OR of all, those below 0 inverted, and bit 63 where there was one below 0. Whoever
 * keeps numbers in fewer bits asks here whether they fit. */
static inline uint64_t request_reach(uint64_t request)
{
    const uint64_t sign = -(request >> 63);
    return (request ^ sign) | sign << 63;
}

/* How many of a number's low bits its set says, with so many `unused` above it: none, if it is chosen by more than there
 * are. */
static inline uint32_t request_set_bits(uint32_t sets, uint32_t unused)
{
    const uint32_t bits = (uint32_t)__builtin_ctz(sets);
    return bits <= 64 - unused ? bits : 0;
}

/* The number, sign kept, of which a set says the low `bits` bits and `tag` is the rest; of an xor index (`is_xor`) the
 * set and the rest say them. `mask` are the bits of a number whose set is asked for, once what is in the `unused` highest is
 * sign alone. */
static inline int64_t request_number_of_tag(int64_t tag, uint64_t set, uint32_t bits, bool is_xor, uint64_t mask,
                                            uint32_t unused)
{
    const uint64_t rest = (uint64_t)tag << bits;
    const uint64_t low = is_xor ? set ^ request_xor_index(request_untagged(rest, unused) & mask, bits) : set;
    return (int64_t)(rest | (low & ((UINT64_C(1) << bits) - 1)));
}

enum { REQUEST_CLASS_SHIFT = 61, REQUEST_CLASSES = 7, REQUEST_INVALIDATE = 7 };

/* `sign`: the bit of a request, if any, that all bits above it equal but for the class, see mapping_sign. */
static inline unsigned request_class(uint64_t request, uint64_t sign)
{
    return (unsigned)(request >> REQUEST_CLASS_SHIFT) ^ ((request & sign) != 0 ? 7U : 0U);
}

/* To a class from class 0, or back. */
static inline uint64_t request_of_class(uint64_t request, unsigned size_class)
{
    return request ^ (uint64_t)size_class << REQUEST_CLASS_SHIFT;
}

static inline uint32_t request_position(uint64_t request)
{
    return (uint32_t)request & REQUEST_POSITION_MASK;
}

#endif
