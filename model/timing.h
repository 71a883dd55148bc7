/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What translation costs a core that goes on while it translates: instructions in program order, and the delays of their
 * lookups, to the cycles by which it all takes longer. An estimate between the two bounds that counts alone give (cost.h);
 * no simulation of a core, since a trace holds neither dependences nor the other things that a core waits for.
 *
 * The core is a window, after Karkhanis and Smith, "A first-order superscalar processor model", ISCA 2004, and Eyerman,
 * Eeckhout, Karkhanis, Smith, "A mechanistic performance model for superscalar out-of-order processors", ACM TOCS 27(2),
 * 2009: `width` instructions dispatch a cycle, in order, and `rob` are in flight at most, so that one dispatches only when
 * the one `rob` before it has retired, in order. Time is counted in slots of 1 / width cycle, an instruction's dispatch
 * taking one, so that all numbers are whole. Of instruction n, with R(n) = 0 for n < 0:
 *
 *     asked for its fetch     f(n) = D(n - 1) + 1, and f(0) = 0
 *     dispatched at           D(n) = max(f(n), R(n - rob), when its fetch is translated)
 *     asked for its data      a(n) = D(n) + 1
 *     retired at              R(n) = max(R(n - 1), a(n), when its data are translated)
 *
 * A lookup that hits in level 1 is done when it is asked for, and one that hits below hit_cycles later. A walk waits, in
 * the order of asking, which is program order, for one of `walkers` walkers, each of which does one walk at a time. A
 * lookup that hits a page whose last walk is not done, since that page is filled when it is looked up, waits for that
 * walk as well. So a fetch holds the front of the core up, and data hold up what retires: all that can be hidden under
 * other instructions is, as there is nothing else that they wait for. That any number may retire at once changes no
 * D: one a slot would give the same.
 *
 * What always holds: with more walkers, a larger window or any shorter latency nothing is later. Hits and misses are
 * not changed: lookups come in program order, and what they find was decided before.
 */
#ifndef MODEL_TIMING_H
#define MODEL_TIMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/access.h"
#include "model/counters.h"
#include "model/machine.h"
#include "model/memory.h"
#include "model/settle.h"

enum { TIMING_LEVELS = 3 };

/* All that the times depend on, beside what is looked up. Compared byte by byte: zero it first. */
struct timing_spec {
    uint32_t width;
    uint32_t rob;
    uint32_t walkers;
    uint32_t setup_cycles;
    uint32_t read_cycles[SETTLE_SERVERS];      /* of a read, by what serves it */
    uint32_t hit_cycles[TIMING_LEVELS + 1][2]; /* by level and kind: [0] data, [1] fetches; 0 where nothing can hit */
};

/* Without [core], width is 0. */
struct timing_spec timing_spec_of(const struct machine *machine);

struct timing;

/* Memory from `arena`, freed with it; NULL when out of memory. */
struct timing *timing_create(const struct timing_spec *spec, struct arena *arena);

/* About what it takes. */
uint64_t timing_bytes(const struct timing_spec *spec);

/* ---- Lookups, one after the other, in program order ----
 *
 * A fetch's come before those of its instruction's data. What hits in level 1 while no walk is under way may be left
 * out. */

/* A lookup that hits somewhere, `cycles` later than level 1 would have. */
void timing_hit(struct timing *timing, uint64_t instruction, bool fetch, uint64_t page, uint64_t cycles);

/* A lookup that walks. False when out of memory. */
bool timing_walk(struct timing *timing, uint64_t instruction, bool fetch, uint64_t page, uint64_t cycles);

/* So many instructions have begun. */
void timing_advance(struct timing *timing, uint64_t instructions);

struct timing_figures {
    uint64_t stall_slots; /* that all took longer than it would have, had all lookups hit in level 1 */
    uint64_t queue_slots; /* that walks waited for a walker, summed */
    uint64_t busy_slots;  /* that walkers were at work, summed */
    uint64_t merged_walks;
};

/* Of the instructions that have begun, as if no more came. */
struct timing_figures timing_figures(const struct timing *timing);

/* ---- Streams ---- */

struct timing_items {
    const uint64_t *item;
    size_t count;
};

/* A block, all lookups of it, those that levels 1 to 3 missed (among them insert items, which are left out here), and the
 * shape of each walk (settle.h), which are those that missed all levels. */
struct timing_block {
    const struct block *block;
    struct timing_items lookups;
    struct timing_items missed[TIMING_LEVELS + 1]; /* by level, from 1 */
    const uint64_t *shape;
    uint32_t page_shift;
};

/* An instruction begins with each fetch, also where fetches are left out of the lookups; before the first fetch, which
 * may never come, with each access. False when out of memory. */
bool timing_run(struct timing *timing, const struct timing_block *in);

/* Fills the counters of the estimate; the bounds are there already. */
void timing_count(const struct timing *timing, struct counters *counters);

#endif
