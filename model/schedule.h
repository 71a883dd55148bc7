/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A schedule is how the steps of a plan are run: as passes over the streams of a block. Most steps are a pass of their
 * own. Steps that differ in what one pass can do for all of them are run as its lanes (lanes.h):
 *
 *     stack    LRU filters of one input that differ in their ways alone
 *     bank     equal LRU filters of few enough ways behind the lanes of one pass; the same for reads, settle and walk paths
 *
 * and lookups of large pages are made from those of smaller ones. What a step puts out is the same in any schedule: with
 * `share` false every step is a pass of its own.
 */
#ifndef MODEL_SCHEDULE_H
#define MODEL_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "model/memory.h"
#include "model/step.h"

struct schedule;

/* Steps stand behind those that they read, and outlive the schedule. Until it is started, it can only be asked what it
 * takes and what it is. NULL when out of memory. */
struct schedule *schedule_create(struct step *step, size_t step_count, bool share, struct arena *arena);

/* Allocates what the passes need. False when out of memory. */
bool schedule_start(struct schedule *schedule);

/* Runs one block through all. What is not STEP_DONE ends it at that step. */
enum step_result schedule_run(struct schedule *schedule, const struct block *block);

/* How many lookups of a kind (0 data, 1 fetches), or, with kind 0, how many other items a step has put out. */
uint64_t schedule_count(const struct schedule *schedule, int step, unsigned kind);

/* Of a `settle` step: the shapes that were seen, and its bit in them. */
const uint16_t *schedule_shapes(const struct schedule *schedule, int step, unsigned *lane);

/* Of a `tally` step. */
const struct tally *schedule_tally(const struct schedule *schedule, int step);
/* Of a `walk paths` step: what it counted, and its lane there. */
const struct walk_paths *schedule_walk_paths(const struct schedule *schedule, int step, unsigned *lane);

/* About what the passes' filters and streams take. */
uint64_t schedule_bytes(const struct schedule *schedule);

/* Nanoseconds an access takes, roughly, on one core: where all hit the first level, and where all miss everything. */
void schedule_cost(const struct schedule *schedule, double *least_ns, double *most_ns);

size_t schedule_passes(const struct schedule *schedule);

/* Writes the passes as a tree, each below the one that it reads from. */
void schedule_describe(const struct schedule *schedule, FILE *out);

#endif
