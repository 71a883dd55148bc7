/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Vector twins of the loops that see every lookup, for CPUs with AVX-512 (F, VL, BW, DQ): an LRU set is one register or
 * a few, with the most recently used tag in lane 0; one comparison finds a tag, one masked shift moves it to the front.
 * Who calls asks vector_available() once, when a filter or a plan is made; the plain loops give the same streams on any
 * CPU.
 */
#ifndef MODEL_VECTOR_H
#define MODEL_VECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/access.h"
#include "model/machine.h"

#ifdef __x86_64__
#include <immintrin.h>

#define VECTOR __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,bmi,bmi2,popcnt")))
#define VECTOR_INLINE VECTOR static inline __attribute__((always_inline))

/* A mask as a number. GCC 12 may store a mask register's byte to the stack and read back four bytes (seen at -O1 with
 * -fsanitize=undefined); a general register in between leaves it no choice. */
VECTOR_INLINE uint32_t vector_bits(__mmask16 mask)
{
    uint32_t bits = mask;
    __asm__("" : "+r"(bits));
    return bits;
}

#endif

/* For a plain loop that the compiler makes vectors of: an instance for each width, chosen at run time. Not with clang, which
 * builds for fuzzing only: of C functions, clang 14 names the choice NAME.ifunc, so that nobody finds it. */
#if defined __x86_64__ && !defined __clang__
#define VECTOR_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTOR_CLONES
#endif

enum {
    VECTOR_WAYS_MAX = 224, /* whose depths fit 8 bits; trees are faster from some 400 on, see model/filter.c */
    VECTOR_SLACK =
        16, /* items that a loop may write behind the last one it returns, or read behind the last one there is */
};

bool vector_available(void);

/* For tests and benchmarks: with false, filters and plans made from now on take the plain loops on every CPU. */
void vector_allow(bool allowed);

/* Lanes of a set of `ways`, at most VECTOR_WAYS_MAX: what its tags are padded to. */
uint32_t vector_lanes(uint32_t ways);

/* Do requests of this reach, shifted right by `tag_shift` with their sign kept, fit so many bits, and is none of them the
 * lowest number that does? That one is left to mean "empty". */
bool vector_fits(uint64_t reach, uint32_t tag_shift, uint32_t bits);

/* LRU sets as vectors of tags, most recently used first. A tag is the number that is looked up without what the set
 * already says of it. Tags have 32 bits until one does not fit, and 64 from then on: half the width is half the work,
 * and few traces ever need more. */
struct vector_lru {
    void *tag; /* sets x lanes of 32 or 64 bits, aligned to 64 bytes; there is room for 64 */
    bool wide;
    uint32_t ways;
    uint32_t sets;
    enum tlb_index index;
    uint32_t number_shift; /* request >> number_shift, sign kept, tells numbers apart; */
    uint64_t number_mask;  /* and these bits of it are the number, whose set is asked for */
    uint32_t unused;       /* without what is in so many bits of 64 above the number proper, see request_untagged */
    bool masks_sets;       /* the set is the number's lowest bits */
};

/* All empty. */
void vector_lru_init(struct vector_lru *lru);

/* Looks up `count` requests and tells how deep in its set each was found; a number of at least `ways` where it was not.
 */
void vector_lru_depths(struct vector_lru *lru, uint64_t reach, const uint64_t *request, size_t count, uint8_t *depth);

/* Looks up `count` requests; `missed` has room for them and VECTOR_SLACK more and may be `request` itself. `reach` is
 * that of all requests so far, see request_reach. `missing`, where it is not NULL, is told of each whether it misses, 1 if
 * so, else 0. */
size_t vector_lru_run(struct vector_lru *lru, uint64_t reach, const uint64_t *request, size_t count, uint64_t *missed,
                      uint16_t *missing);

/* What a set holds as numbers, most recently used first: `number` has room for `ways`. Returns how many. */
uint32_t vector_lru_read(const struct vector_lru *lru, uint32_t set, uint64_t *number);

/* Makes a set hold these numbers and no others. */
void vector_lru_write(struct vector_lru *lru, uint32_t set, const uint64_t *number, uint32_t count);

#endif
