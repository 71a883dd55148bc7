/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What walks were like: their latencies, how many entries they read, and what served the entries of each level. Made of
 * how often each path was taken (walk_paths.h) and a machine's latencies, which is why a sweep over latencies walks once.
 */
#ifndef MODEL_WALK_STATISTICS_H
#define MODEL_WALK_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

#include "model/machine.h"
#include "model/walk_paths.h"

/* So many walks took so many cycles. */
struct walk_bin {
    uint64_t cycles;
    uint64_t walks;
};

struct walk_statistics {
    uint64_t walks;
    uint64_t reads;
    uint64_t cycles;
    uint64_t longest_cycles;
    uint64_t by_reads[PAGE_TABLE_LEVELS_MAX + 1];
    uint64_t served[PAGE_TABLE_LEVELS_MAX][SETTLE_SERVERS]; /* by the level of the entry, 0 = root, and the server */
    size_t bin_count;
    struct walk_bin bin[WALK_PATHS]; /* ascending, none without walks */
};

/* `taken` has WALK_PATHS counts, of walks on this machine. */
void walk_statistics_make(struct walk_statistics *statistics, const struct machine *machine, const uint64_t *taken);

/* The nearest rank: the least latency that at least `percent` of a hundred walks do not exceed. 0 where there were none. */
uint64_t walk_statistics_percentile(const struct walk_statistics *statistics, unsigned percent);

#endif
