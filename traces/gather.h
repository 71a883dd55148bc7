/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a format gathers of a block in more than one call of its parser: the accesses, each with the instruction that made
 * it, and the events between them. It stands first in the parser's state.
 *
 * It checks no address and no size.
 *
 * Always: what was gathered of the block before is gone with the first gather_begin of a block, and nothing of a block is
 * lost between its calls. Memory does not grow with the trace: a block holds GATHER_EVENTS_MAX events, sixteen an
 * access, and more are an error.
 */
#ifndef TRACES_GATHER_H
#define TRACES_GATHER_H

#include "model/access.h"
#include "model/err.h"
#include "traces/extras.h"

#include <stdbool.h>
#include <stdint.h>

enum { GATHER_EVENTS_MAX = 1 << 16 };

struct gather {
    struct extras extras;
    uint64_t first_record; /* of the block that it is of */
    struct event *event;
    uint64_t event_room;
    uint64_t pc[BLOCK_ACCESSES];
};

/* At the start of every call of the parser. */
static inline void gather_begin(struct gather *gather, const struct block *block)
{
    if (gather->first_record == block->first_record)
        return;
    gather->first_record = block->first_record;
    gather->extras.event_count = 0;
}

/* Appends an access of a trace that has no lines. The block has room. */
static inline void gather_access(struct gather *gather, struct block *block, uint64_t va, uint16_t meta, uint64_t pc)
{
    if (block->count == 0)
        block->mark[block->mark_count++] = (struct block_mark){.position = 0, .line = 0};
    gather->pc[block->count] = pc;
    block->va[block->count] = va;
    block->meta[block->count++] = meta;
}

/* Puts an event before the next access of the block. False with err: too many, or no memory. */
bool gather_event(struct gather *gather, const struct block *block, enum event_kind kind, uint32_t id, struct err *err);

/* `extras` and `close` of such a format (reader.h). */
const struct extras *gather_extras(const void *state);
void gather_close(void *state);

#endif
