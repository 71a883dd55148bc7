/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Several traces as one: they take turns, round robin, as processes do on one core. Each is an address space of its own,
 * also where one trace is given twice; one that ends leaves the others.
 *
 * Not a model of a scheduler: nothing blocks, nobody has priority, and a turn has always the same length.
 *
 * Always: each trace's accesses and events stand in its own order, none lost, none twice. Processes and threads are
 * numbered anew, from 1, as they first do something, so that traces of one process have the numbers of their places;
 * EVENT_EXIT and EVENT_FORK go by the new numbers, too. EVENT_PROCESS and EVENT_THREAD stand where what follows is not of
 * the process and thread of what came before, both at a change of process, and nowhere else: a trace's own are not copied
 * but counted in, and what a trace says of neither is of its process 1 and thread 1. The pc and data columns are there
 * where every trace has them; where only some have, that is an error.
 */
#ifndef TRACES_MERGE_H
#define TRACES_MERGE_H

#include "model/access.h"
#include "model/err.h"
#include "traces/extras.h"
#include "traces/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A trace to be merged. `next` does as reader_next, and sets *extras to what reader_extras gives. */
struct merge_source {
    const char *name; /* for messages */
    void *context;
    bool (*next)(void *context, struct block *block, const struct extras **extras, struct err *err);
};

/* The source that reads from a reader. */
struct merge_source merge_source_of(struct reader *reader, const char *name);

enum merge_unit { MERGE_INSTRUCTIONS, MERGE_ACCESSES };

/* A turn is `quantum` of these: of accesses, or of instruction fetches, where it ends before the next fetch. Events stay
 * with the access that they follow. */
struct merge_turn {
    uint64_t quantum; /* >= 1 */
    enum merge_unit unit;
};

struct merge;

/* Asks each source, of at least one, for its first block; their contexts must live until merge_close. NULL with err. */
struct merge *merge_open(const struct merge_source *source, size_t count, struct merge_turn turn, struct err *err);

/* Fills the block with the next accesses; count is 0 at the end and only there. An access has no line. False with err:
 * what a source says, columns that only some have, or a trace without instructions where a turn counts these. */
bool merge_next(struct merge *merge, struct block *block, struct err *err);

/* What stands beside the accesses of the last block, also of the empty one at the end. Never NULL. */
const struct extras *merge_extras(const struct merge *merge);

/* NULL is fine. */
void merge_close(struct merge *merge);

#endif
