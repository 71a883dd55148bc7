/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/gather.h"

#include "traces/array.h"

#include <inttypes.h>

bool gather_event(struct gather *gather, const struct block *block, enum event_kind kind, uint32_t id, struct err *err)
{
    const uint32_t count = gather->extras.event_count;
    if (count == GATHER_EVENTS_MAX)
        return err_set(err,
                       "more than %d events, such as changes of the thread, stand among the %" PRIu32
                       " accesses from record %" PRIu64 " on: the trace is damaged, or not of this format",
                       GATHER_EVENTS_MAX, block->count, block->first_record);
    struct event *event = array_grow(gather->event, &gather->event_room, count, sizeof *event);
    if (event == NULL)
        return err_set(err, "there is no memory for more than %" PRIu32 " events", count);
    gather->extras.event = gather->event = event;
    event[count] = (struct event){.position = block->count, .kind = (uint16_t)kind, .id = id};
    gather->extras.event_count++;
    return true;
}

const struct extras *gather_extras(const void *state)
{
    const struct gather *gather = state;
    return &gather->extras;
}

void gather_close(void *state)
{
    struct gather *gather = state;
    free(gather->event);
}
