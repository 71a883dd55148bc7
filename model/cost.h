/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counts to cycles. Latencies change no hit and no miss, so they come in only here, after the run.
 */
#ifndef MODEL_COST_H
#define MODEL_COST_H

#include "model/counters.h"
#include "model/settle.h"
#include "model/step.h"
#include "model/tally.h"
#include "model/walk_statistics.h"

/* Where a configuration's numbers stand in its plan. */
struct cost_sources {
    /* Hits of each array below level 1, times its hit_cycles. */
    uint64_t hit_cycles;
    const uint64_t *walks_by_reads; /* STEP_READS_MAX + 1 of them; of tables that are no trees NULL, and instead: */
    uint64_t walks;
    uint64_t walk_refs;
    uint64_t longest_refs;
    bool reads_at_once;
    const struct tally *tally; /* memory model caches; else NULL */
    /* Memory model caches; else shape_seen is NULL. */
    uint64_t missed[SETTLE_SERVERS + 1]; /* reads that so many servers did not have */
    const uint16_t *shape_seen;
    unsigned lane;               /* its bit in shape_seen */
    const uint64_t *paths_taken; /* WALK_PATHS of them; NULL where walks were not counted by their paths */
    uint64_t prefetch_missed[SETTLE_SERVERS + 1]; /* as missed, of the reads of prefetches */
};

/* Adds a CPU's walks, walk_refs, the cache_ counters, and their cycles, the lower bound among these; all are 0 at first. Of
 * `sources`, hit_cycles and what is told of paths and prefetches is for cost_settle. */
void cost_walks(const struct machine *machine, const struct cost_sources *sources, struct counters *counters);

/* Fills all other cycles, percentiles where costs are fixed (walks_by_reads is of all CPUs then, else NULL) or paths were counted; context_switches, shootdowns, prefetches and their reads, and
 * promotions are there. */
void cost_settle(const struct machine *machine, const struct cost_sources *sources, struct counters *counters);

#endif
