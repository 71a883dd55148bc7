/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/excerpt.h"

#include "traces/array.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct excerpt {
    struct excerpt_request request;
    uint64_t turn; /* accesses left of the turn at hand; of the first one, the skip */
    bool taking;
    uint64_t taken;
    uint64_t left_out;
    uint64_t gap; /* left out, and no event tells of them yet */
    struct block block;
    struct extras extras;
    struct event *event; /* they may wait for a block, so that their names are ours */
    uint64_t event_room;
    uint64_t pc[BLOCK_ACCESSES];
};

struct excerpt *excerpt_create(const struct excerpt_request *request, struct err *err)
{
    assert(request->off == 0 || request->on > 0);
    struct excerpt *excerpt = calloc(1, sizeof *excerpt);
    if (excerpt == NULL) {
        err_set(err, "there is no memory for an excerpt");
        return NULL;
    }
    excerpt->request = *request;
    excerpt->turn = request->skip;
    return excerpt;
}

/* Puts an event at the end of the block at hand. */
static bool put_event(struct excerpt *excerpt, const struct event *event, struct err *err)
{
    const uint32_t index = excerpt->extras.event_count;
    struct event *events = array_grow(excerpt->event, &excerpt->event_room, index, sizeof *events);
    if (events == NULL)
        return err_set(err, "there is no memory for more than %" PRIu32 " events", index);
    excerpt->event = events;
    struct event *kept = &events[index];
    *kept = *event;
    kept->position = excerpt->block.count;
    if (event->name != NULL && (kept->name = strdup(event->name)) == NULL)
        return err_set(err, "there is no memory for the name of an event");
    excerpt->extras.event_count++;
    return true;
}

static bool put_gap(struct excerpt *excerpt, struct err *err)
{
    const struct event event = {.kind = EVENT_GAP, .size_bytes = excerpt->gap};
    const bool good = excerpt->gap == 0 || put_event(excerpt, &event, err);
    excerpt->gap = 0;
    return good;
}

/* Begins the next turn where the one at hand is over. */
static void take_turns(struct excerpt *excerpt)
{
    if (excerpt->turn > 0)
        return;
    excerpt->taking = !excerpt->taking || excerpt->request.off == 0;
    excerpt->turn = !excerpt->taking            ? excerpt->request.off
                    : excerpt->request.off == 0 ? UINT64_MAX
                                                : excerpt->request.on;
}

/* Takes or leaves out accesses [from, from + count) of the block that came. */
static bool pass(struct excerpt *excerpt, const struct block *block, const struct extras *extras, uint32_t from,
                 uint32_t count, struct err *err)
{
    struct block *to = &excerpt->block;
    excerpt->turn -= count;
    if (!excerpt->taking) {
        excerpt->gap += count;
        excerpt->left_out += count;
        return true;
    }
    if (!put_gap(excerpt, err))
        return false;
    if (to->count == 0)
        to->mark[to->mark_count++] = (struct block_mark){.position = 0};
    memcpy(to->va + to->count, block->va + from, count * sizeof *to->va);
    memcpy(to->meta + to->count, block->meta + from, count * sizeof *to->meta);
    if (extras->pc != NULL)
        memcpy(excerpt->pc + to->count, extras->pc + from, count * sizeof *excerpt->pc);
    to->count += count;
    excerpt->taken += count;
    return true;
}

/* How many accesses from `at` on fare alike: up to an event, the end of a turn, or the last that is wanted. */
static uint32_t measure(const struct excerpt *excerpt, uint32_t at, uint32_t end)
{
    uint64_t count = end - at;
    if (count > excerpt->turn)
        count = excerpt->turn;
    const uint64_t wanted = excerpt->request.most - excerpt->taken;
    if (excerpt->taking && count > wanted)
        count = wanted;
    return (uint32_t)count;
}

static void drop_events(struct excerpt *excerpt)
{
    for (uint32_t i = 0; i < excerpt->extras.event_count; i++)
        free((char *)excerpt->event[i].name);
    excerpt->extras.event_count = 0;
}

/* A block that was handed out is the caller's no more; events of an empty one stay. */
static void begin_block(struct excerpt *excerpt)
{
    if (excerpt->block.count == 0)
        return;
    drop_events(excerpt);
    excerpt->block.count = 0;
    excerpt->block.mark_count = 0;
}

const struct block *excerpt_block(struct excerpt *excerpt, const struct block *block, const struct extras *extras,
                                  struct err *err)
{
    assert(extras->data_end == NULL); /* no capture has data */
    begin_block(excerpt);
    excerpt->block.first_record = excerpt->taken + 1;
    excerpt->extras.pc = extras->pc == NULL ? NULL : excerpt->pc;
    uint32_t next_event = 0;
    for (uint32_t at = 0; (at < block->count || next_event < extras->event_count) && !excerpt_done(excerpt);) {
        if (next_event < extras->event_count && extras->event[next_event].position <= at) {
            if (!put_gap(excerpt, err) || !put_event(excerpt, &extras->event[next_event++], err))
                return NULL;
            continue;
        }
        const uint32_t end = next_event < extras->event_count ? extras->event[next_event].position : block->count;
        take_turns(excerpt);
        const uint32_t count = measure(excerpt, at, end);
        if (!pass(excerpt, block, extras, at, count, err))
            return NULL;
        at += count;
    }
    if (block->count == 0 && !put_gap(excerpt, err))
        return NULL;
    block_summarise(&excerpt->block);
    excerpt->extras.event = excerpt->event;
    return &excerpt->block;
}

const struct extras *excerpt_extras(const struct excerpt *excerpt)
{
    return &excerpt->extras;
}

bool excerpt_done(const struct excerpt *excerpt)
{
    return excerpt->taken == excerpt->request.most;
}

uint64_t excerpt_taken(const struct excerpt *excerpt)
{
    return excerpt->taken;
}

uint64_t excerpt_left_out(const struct excerpt *excerpt)
{
    return excerpt->left_out;
}

void excerpt_free(struct excerpt *excerpt)
{
    if (excerpt == NULL)
        return;
    drop_events(excerpt);
    free(excerpt->event);
    free(excerpt);
}
