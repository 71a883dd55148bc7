/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the reads of walks were served: the last step of a configuration whose page-table reads go through caches. How
 * many reads each cache served is the difference of two streams' lengths; what is noted here is which walks there were.
 */
#ifndef MODEL_SETTLE_H
#define MODEL_SETTLE_H

#include <stdbool.h>
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

/* item[k] are the reads that k servers did not have, each a part of the one before in its order, with STREAM_END behind
 * the last; item[0] are all, `count` of them. */
struct settle_streams {
    const uint64_t *item[SETTLE_SERVERS];
    const uint16_t *lanes[SETTLE_SERVERS]; /* whose they are, see lanes.h; not read by settle_run */
    size_t count;
};

/* Marks seen[shape], of WALK_SHAPES, with bit 0 for each shape of a walk, or begin of a walk. */
void settle_run(const struct settle_streams *streams, uint16_t seen[WALK_SHAPES]);

/* With bit n for those of lane n. */
void settle_run_lanes(const struct settle_streams *streams, bool vector, uint16_t seen[WALK_SHAPES]);

#endif
