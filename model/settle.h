/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the reads of walks were served: the last step of a configuration whose page-table reads go through caches. How
 * many reads each cache served is the difference of two streams' lengths; what is noted here is which walks there were.
 */
#ifndef MODEL_SETTLE_H
#define MODEL_SETTLE_H

#include <stddef.h>
#include <stdint.h>

#include "model/machine.h"

enum { SETTLE_SERVERS = MACHINE_CACHES + 1 }; /* l1d, l2, l3, memory */

/* A walk's shape: that it reads n[0] entries served by cache l1d, n[1] by l2, n[2] by l3, n[3] by memory, 3 bits each.
 * The longest walk is among the shapes that were seen, whatever the latencies are. A walk's shape so far is marked with
 * each read, without asking whether it is the last: what is shorter than a walk is no longer than it. */
enum { WALK_SHAPES = 1 << 3 * SETTLE_SERVERS };

static inline uint32_t walk_shape_of_read(unsigned server)
{
    return UINT32_C(1) << 3 * server;
}

static inline uint32_t walk_shape_reads(uint32_t shape, unsigned server)
{
    return shape >> 3 * server & 7;
}

/* All reads, and by which caches they were not served: missing[k] tells of each read that caches 0 to k - 1 did not have
 * whose lanes cache k did not have it for (see lanes.h); NULL where there is no such cache. `lanes` tells whose the reads
 * are; NULL: all of lane 0. */
struct settle_reads {
    const uint64_t *item;
    const uint16_t *lanes;
    size_t count;
    const uint16_t *missing[MACHINE_CACHES];
};

/* Marks seen[shape], of WALK_SHAPES, with bit n for each shape of a walk, or begin of a walk, of lane n. */
void settle_run(const struct settle_reads *reads, uint16_t seen[WALK_SHAPES]);

/* Writes each walk's shape, in order; returns how many walks there are. Of reads of one lane. */
size_t settle_list(const struct settle_reads *reads, uint64_t *shape);

#endif
