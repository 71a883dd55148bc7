/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the addresses of a trace are like, as numbers that no machine changes: kinds and sizes, strides, working sets, how
 * soon pages come again, and how evenly they are used. The statistics are statistics.def.
 *
 * Not a simulation: no TLB, no page table, and pages are as large as is said.
 *
 * Always exact, and the same for the same accesses in whatever blocks they come. A page is one of an address space: after
 * EVENT_PROCESS and EVENT_EXEC another one begins or goes on, and what was last accessed there is not a stride away.
 * Memory goes with the pages that are touched and with the windows.
 */
#ifndef TRACES_STATS_H
#define TRACES_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/access.h"
#include "model/machine.h"
#include "traces/extras.h"

enum { STATS_PAGE_SIZES_MAX = 64, STATS_LINE_BYTES = 64 };

enum statistic {
#define STATISTIC(name, bucket, unit, help) STATISTIC_##name,
#include "traces/statistics.def"
#undef STATISTIC
    STATISTICS
};

struct statistic_info {
    const char *name;
    const char *bucket; /* "" where rows have none */
    const char *unit;
    const char *help;
};

extern const struct statistic_info statistic_infos[STATISTICS];

enum stats_unit { STATS_ACCESSES, STATS_INSTRUCTIONS };

struct stats_spec {
    enum kinds kinds;                               /* of the accesses that are looked at */
    uint64_t page_size_bytes[STATS_PAGE_SIZES_MAX]; /* powers of two, 4096 or more, none twice */
    size_t page_sizes;
    uint64_t window; /* >= 1, in accesses that are looked at, or in instruction fetches, looked at or not */
    enum stats_unit unit;
};

struct stats_row {
    enum statistic statistic;
    uint64_t page_size_bytes; /* 0: not of pages */
    uint64_t bucket;          /* 0 where the statistic has none */
    bool is_real;
    double real; /* NaN: nothing to divide by */
    uint64_t count;
};

struct stats;

/* NULL when out of memory. */
struct stats *stats_create(const struct stats_spec *spec);
void stats_free(struct stats *stats);

/* `extras` is what stands beside the accesses; NULL: nothing. False when out of memory. */
bool stats_block(struct stats *stats, const struct block *block, const struct extras *extras);

/* After the last block: the rows, in the order of statistics.def, of the page sizes as given, and of buckets. They live as
 * long as the stats. NULL when out of memory. */
const struct stats_row *stats_end(struct stats *stats, size_t *count);

/* All instruction fetches of the trace so far. */
uint64_t stats_instructions(const struct stats *stats);

#endif
