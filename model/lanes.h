/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Filters for up to sixteen configurations at once, a lane each.
 *
 * Configurations that differ in one filter see nearly the same lookups behind it: what misses two ways mostly misses
 * one. So their streams are one stream, in which every item says whose it is: bit n of its word of lanes stands for lane
 * n, and no item is nobody's. What comes out of a lane is, item for item, what a filter of its own would have put out.
 *
 * The words of a stream stand beside its items, in the same order.
 */
#ifndef MODEL_LANES_H
#define MODEL_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/filter.h"
#include "model/memory.h"

enum {
    LANES = 16,
};

/* ---- One input, LRU sets of one order, any number of ways ----
 *
 * LRU sets with fewer ways hold what those with more ways hold in front. So one filter of the most ways, which may be a
 * tree, tells how deep each lookup finds its number (its stack distance), and thereby which lanes miss. Mattson, Gecsei,
 * Slutz, Traiger, "Evaluation techniques for storage hierarchies", IBM Systems Journal 9(2), 1970. */

struct stack;

/* ways[n] are lane n's, 0 for a lane that is not used; `spec` has the most of them. Memory from `arena`; NULL when out
 * of memory. */
struct stack *stack_create(const struct filter_spec *spec, const uint32_t ways[LANES], struct arena *arena);

/* About what it takes, with its filter. */
uint64_t stack_bytes(const struct filter_spec *spec);

/* Where a filter of lanes writes to. What misses in some lane goes to `item` and, whose it is, to `lanes`; they have room
 * as for filter_run. `missing`, where it is not NULL, is told of each request, also of those that miss in no lane. */
struct lanes_output {
    uint64_t *item;
    uint16_t *lanes;
    uint16_t *missing;
};

/* Returns how many items miss in some lane. */
size_t stack_run(struct stack *stack, uint64_t reach, const uint64_t *request, size_t count,
                 const struct lanes_output *output);

/* ---- One geometry, the lanes of one stream ---- */

struct bank;

/* An LRU filter; `members` are the lanes that have it. */
struct bank *bank_create(const struct filter_spec *spec, uint16_t members, struct arena *arena);

/* About what it takes, where its sets are all used; four times as much is reserved. */
uint64_t bank_bytes(const struct filter_spec *spec);

size_t bank_run(struct bank *bank, uint64_t reach, const uint64_t *request, const uint16_t *asking, size_t count,
                const struct lanes_output *output);

/* ---- What else flows in lanes ---- */

/* Writes the items of one lane. */
size_t lanes_pick(const uint64_t *request, const uint16_t *lanes, size_t count, unsigned lane, uint64_t *picked);

/* Adds, for each of the first lanes, how many items it has; of `fetches` alone, where it is set. */
void lanes_count(const uint64_t *request, const uint16_t *lanes, size_t count, bool fetches, unsigned lanes_used,
                 uint64_t counts[LANES]);

#endif
