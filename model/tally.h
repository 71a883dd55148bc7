/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the reads of walks of any length were served: what settle.h is for walks in trees, for those in other tables. Walks
 * whose reads are issued together cost the slowest of them, so it is counted which walks were served by whom; of walks whose
 * reads follow one another, those are kept that may be the longest, whatever the latencies are.
 */
#ifndef MODEL_TALLY_H
#define MODEL_TALLY_H

#include <stdbool.h>

#include "model/memory.h"
#include "model/settle.h"

struct tally_walk {
    uint64_t served[SETTLE_SERVERS]; /* reads by each */
};

struct tally {
    bool at_once;
    uint64_t walks_by_servers[1 << SETTLE_SERVERS]; /* at once: by the set of those that served any of its reads */
    struct tally_walk *longest; /* one after the other: no walk has more reads by each server than one of these */
    size_t longest_count;
    size_t longest_room;
    struct arena *arena;
};

/* NULL when out of memory. */
struct tally *tally_create(bool at_once, struct arena *arena);

/* The reads of whole walks, of one lane. False when out of memory. */
bool tally_run(struct tally *tally, const struct settle_reads *reads);

#endif
