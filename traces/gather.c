/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/gather.h"

#include <inttypes.h>
#include <stdlib.h>

enum { EVENT_ROOM_FIRST = 64 };

bool gather_event(struct gather *gather, const struct block *block, enum event_kind kind, uint32_t id, struct err *err)
{
    const uint32_t count = gather->extras.event_count;
    if (count == GATHER_EVENTS_MAX)
        return err_set(err,
                       "more than %d events, such as changes of the thread, stand among the %" PRIu32
                       " accesses from record %" PRIu64 " on: the trace is damaged, or not of this format",
                       GATHER_EVENTS_MAX, block->count, block->first_record);
    if (count == gather->event_room) {
        const uint32_t room = count == 0 ? EVENT_ROOM_FIRST : 2 * count;
        struct event *event = realloc(gather->event, room * sizeof *event);
        if (event == NULL)
            return err_set(err, "out of memory for %" PRIu32 " events", room);
        gather->event = event;
        gather->event_room = room;
        gather->extras.event = event;
    }
    gather->event[count] = (struct event){.position = block->count, .kind = (uint16_t)kind, .id = id};
    gather->extras.event_count++;
    return true;
}

void gather_free(struct gather *gather)
{
    free(gather->event);
}
