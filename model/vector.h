/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Vector twins of the two loops that see every access, for CPUs with AVX-512 (F, VL, BW): an LRU set is one or two
 * registers with the most recently used key in lane 0; one comparison finds a key, one masked shift moves it to the
 * front. Who calls asks vector_available() once, when a filter or a plan is made; the plain loops give the same streams
 * on any CPU.
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
VECTOR_INLINE uint32_t vector_bits(__mmask8 mask)
{
    uint32_t bits = mask;
    __asm__("" : "+r"(bits));
    return bits;
}

/* For a plain loop that the compiler makes vectors of: an instance for each width, chosen at run time. */
#define VECTOR_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTOR_CLONES
#endif

enum { VECTOR_WAYS_MAX = 16, VECTOR_SLACK = 8 /* items that a loop may write behind the last one it returns */ };

bool vector_available(void);

/* For tests and benchmarks: with false, filters and plans made from now on take the plain loops on every CPU. */
void vector_allow(bool allowed);

/* Lanes of a set of `ways`, at most VECTOR_WAYS_MAX: what its keys are padded to. */
uint32_t vector_lanes(uint32_t ways);

/* How a request becomes a tag and a set. */
struct vector_lru {
    uint64_t *tag; /* sets x lanes, UINT64_MAX where empty, aligned to a set's size */
    uint32_t ways;
    uint32_t sets;
    enum tlb_index index;
    uint32_t tag_shift; /* request >> tag_shift tells the pages of a stream apart */
    uint32_t key_shift; /* as in struct filter_spec */
    uint32_t number_shift;
};

/* The LRU filter: `missed` has room for `count` + VECTOR_SLACK items and may be `request` itself. */
size_t vector_lru_run(const struct vector_lru *lru, const uint64_t *request, size_t count, uint64_t *missed);

#endif
