/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The yardstick: the model as a textbook has it. A record at a time, a linear scan of the set, a clock value for each
 * entry, the oldest one replaced; masks instead of divisions for set numbers, so that nothing here is slow on purpose.
 * One machine, fixed:
 *
 *     l1   64 entries, 4-way      pml4e    4 entries, full     l1d cache   32K,  8-way
 *     l2 1536 entries, 12-way     pdpte    4 entries, full     l2 cache     1M, 16-way
 *     x86-64, pages of 4K         pde     32 entries, 4-way    l3 cache    32M, 16-way, lines of 64
 *
 * It is not the oracle of the tests (model/oracle.c), which does everything and is written for clarity alone: this one
 * counts what the engine is compared on and nothing else. Addresses are loads of 8 bytes that cross no page.
 */
#ifndef BENCH_BASELINE_H
#define BENCH_BASELINE_H

#include <stddef.h>
#include <stdint.h>

enum baseline_mode {
    BASELINE_TLBS,   /* two levels, hits and misses */
    BASELINE_WALKS,  /* and walk caches, page tables, first touch */
    BASELINE_CACHES, /* and the walks' reads through three caches */
};

enum { BASELINE_WALK_CACHES = 3, BASELINE_SERVERS = 4 };

struct baseline_counts {
    uint64_t l1_misses;
    uint64_t l2_misses;
    uint64_t walk_refs;                             /* from here on 0 in BASELINE_TLBS */
    uint64_t walk_cache_hits[BASELINE_WALK_CACHES]; /* pde, pdpte, pml4e */
    uint64_t pages;                                 /* distinct ones */
    uint64_t tables;                                /* page tables, the root included */
    uint64_t served[BASELINE_SERVERS];              /* reads by l1d, l2, l3, memory; BASELINE_CACHES only */
};

struct baseline;

/* Cold, in an empty address space. Ends the process when out of memory, as do the rest. */
struct baseline *baseline_create(enum baseline_mode mode);
void baseline_free(struct baseline *baseline);

void baseline_run(struct baseline *baseline, const uint64_t *va, size_t count);

void baseline_count(const struct baseline *baseline, struct baseline_counts *counts);

/* What no model can beat that prefetches nothing: a plain read of the addresses. */
uint64_t baseline_read(const uint64_t *va, size_t count);

#endif
