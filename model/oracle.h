/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The model once more, one access at a time, written for clarity: what the engine must equal on every input. Only tests
 * link it.
 */
#ifndef MODEL_ORACLE_H
#define MODEL_ORACLE_H

#include "model/access.h"
#include "model/counters.h"
#include "model/plan.h"

/* Runs `count` accesses, cold, and fills all counters. Every address that is looked up must be one the format
 * expresses. */
void oracle_run(const struct configuration *configuration, const uint64_t *va, const uint16_t *meta, size_t count,
                struct counters *counters);

/* The same of blocks, with whose they are and what changed before each. */
void oracle_run_blocks(const struct configuration *configuration, const struct block *block, size_t count,
                       struct counters *counters);
struct oracle_walk {
    uint64_t va;   /* that was looked up */
    size_t access; /* whose lookup it was, from 0 */
    bool is_fetch;
    uint64_t cycles;
    unsigned reads;
    unsigned level[PAGE_TABLE_LEVELS_MAX];  /* of each entry that it read, 0 = root */
    unsigned server[PAGE_TABLE_LEVELS_MAX]; /* the cache it was in, MACHINE_CACHES: memory; 0 with fixed costs */
};

/* The same, and leaves every walk, in order, in *walks, which the caller frees; returns how many. */
size_t oracle_run_walks(const struct configuration *configuration, const uint64_t *va, const uint16_t *meta,
                        size_t count, struct counters *counters, struct oracle_walk **walks);

#endif
