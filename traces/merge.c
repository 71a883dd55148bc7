/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each source has a block of its own, from which pieces go into the merged one. A merged block ends where a source that
 * is in it would have to be asked for its next block, since the names of its events live only so long.
 */
#include "traces/merge.h"

#include "traces/array.h"
#include "traces/bytes.h"
#include "traces/numbering.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Who does what comes next. */
struct actor {
    uint32_t own;    /* by its trace's own number */
    uint32_t merged; /* 0: not looked up yet */
};

struct source {
    struct merge_source from;
    struct block *block;
    const struct extras *extras; /* of the block */
    uint32_t position;           /* the next access to take */
    uint32_t event;              /* the next event */
    uint64_t used_in;            /* the number of the merged block that has something of this one */
    bool instructions;           /* it had one */
    bool ended;
    struct actor process;
    struct actor thread;
};

struct merge {
    struct merge_turn turn;
    size_t count;
    size_t left; /* sources that have not ended */
    size_t now;  /* whose turn it is, */
    uint64_t turn_left;
    uint64_t records;
    uint64_t blocks;            /* asked for so far, with the one at hand */
    struct numbering processes; /* of own number and source; the merged number is the dense one + 1 */
    struct numbering threads;
    uint32_t process; /* who did what came last; 0: nobody yet */
    uint32_t thread;
    struct event *event;
    uint64_t event_count;
    uint64_t event_room;
    bool has_pc;
    bool has_data;
    uint64_t pc[BLOCK_ACCESSES];
    uint32_t data_end[BLOCK_ACCESSES];
    struct bytes data;
    struct extras extras;
    struct source source[];
};

static bool refuse_memory(struct err *err)
{
    return err_set(err, "there is no memory to merge the traces; merge fewer of them");
}

/* ---- Sources ---- */

static bool next_of_reader(void *context, struct block *block, const struct extras **extras, struct err *err)
{
    const bool good = reader_next(context, block, err);
    *extras = reader_extras(context);
    return good;
}

struct merge_source merge_source_of(struct reader *reader, const char *name)
{
    return (struct merge_source){.name = name, .context = reader, .next = next_of_reader};
}

static bool refuse_column(const char *with, const char *without, const char *column, struct err *err)
{
    return err_set(err,
                   "%s has %s beside its accesses, and %s has none; merge traces that all have them, or convert %s to "
                   "Lackey text first, which holds none",
                   with, column, without, with);
}

/* The first block of the first source says what all have. */
static bool check_columns(struct merge *merge, const struct source *source, struct err *err)
{
    const bool pc = source->extras->pc != NULL;
    const bool data = source->extras->data_end != NULL;
    const char *first = merge->source[0].from.name;
    const char *other = source->from.name;
    if (source->block->count == 0)
        return true;
    if (source == &merge->source[0] && merge->blocks == 0) {
        merge->has_pc = pc;
        merge->has_data = data;
    }
    if (pc != merge->has_pc)
        return refuse_column(pc ? other : first, pc ? first : other, "the addresses of the instructions", err);
    if (data != merge->has_data)
        return refuse_column(data ? other : first, data ? first : other, "the bytes that were moved", err);
    return true;
}

static bool refill(struct merge *merge, struct source *source, struct err *err)
{
    source->position = 0;
    source->event = 0;
    if (!source->from.next(source->from.context, source->block, &source->extras, err))
        return false;
    source->instructions |= source->block->of_kind[ACCESS_FETCH] > 0;
    if (source->block->count == 0 && merge->turn.unit == MERGE_INSTRUCTIONS && !source->instructions)
        return err_set(err,
                       "%s has no instruction fetches, and so a turn of instructions has no end; give "
                       "--quantum-unit accesses",
                       source->from.name);
    return check_columns(merge, source, err);
}

static bool is_at_end(const struct source *source)
{
    return source->position == source->block->count;
}

struct merge *merge_open(const struct merge_source *source, size_t count, struct merge_turn turn, struct err *err)
{
    assert(count > 0 && turn.quantum > 0);
    struct merge *merge = calloc(1, sizeof *merge + count * sizeof *merge->source);
    if (merge == NULL) {
        refuse_memory(err);
        return NULL;
    }
    *merge = (struct merge){.turn = turn, .turn_left = turn.quantum, .count = count, .left = count};
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        struct source *at = &merge->source[i];
        *at = (struct source){.from = source[i], .process = {.own = 1}, .thread = {.own = 1}};
        at->block = calloc(1, sizeof *at->block);
        good = at->block != NULL ? refill(merge, at, err) : refuse_memory(err);
    }
    if (good)
        return merge;
    merge_close(merge);
    return NULL;
}

void merge_close(struct merge *merge)
{
    if (merge == NULL)
        return;
    for (size_t i = 0; i < merge->count; i++)
        free(merge->source[i].block);
    numbering_free(&merge->processes);
    numbering_free(&merge->threads);
    free(merge->event);
    bytes_free(&merge->data);
    free(merge);
}

/* ---- Events ---- */

static bool add_event(struct merge *merge, const struct event *event, const struct block *block, struct err *err)
{
    struct event *events = array_grow(merge->event, &merge->event_room, merge->event_count, sizeof *events);
    if (events == NULL)
        return refuse_memory(err);
    merge->event = events;
    events[merge->event_count] = *event;
    events[merge->event_count++].position = block->count;
    return true;
}

static bool find_merged(const struct merge *merge, struct numbering *numbering, const struct source *source,
                        uint32_t own, uint32_t *merged, struct err *err)
{
    uint64_t index;
    if (!numbering_find(numbering, (struct numbering_key){own, (uint64_t)(source - merge->source)}, &index))
        return refuse_memory(err);
    *merged = (uint32_t)index + 1;
    return true;
}

/* Says whose the next access or event is, where it is not of who did the last one. */
static bool tell_actor(struct merge *merge, struct source *source, const struct block *block, struct err *err)
{
    struct actor *process = &source->process;
    struct actor *thread = &source->thread;
    if (process->merged == 0 && !find_merged(merge, &merge->processes, source, process->own, &process->merged, err))
        return false;
    if (thread->merged == 0 && !find_merged(merge, &merge->threads, source, thread->own, &thread->merged, err))
        return false;
    const bool other_process = process->merged != merge->process;
    const bool other_thread = thread->merged != merge->thread;
    merge->process = process->merged;
    merge->thread = thread->merged;
    const struct event of_process = {.kind = EVENT_PROCESS, .id = process->merged};
    const struct event of_thread = {.kind = EVENT_THREAD, .id = thread->merged};
    return (!other_process || add_event(merge, &of_process, block, err)) &&
           (!(other_process || other_thread) || add_event(merge, &of_thread, block, err));
}

static bool take_event(struct merge *merge, struct source *source, const struct event *event, const struct block *block,
                       struct err *err)
{
    if (event->kind == EVENT_PROCESS || event->kind == EVENT_THREAD) {
        *(event->kind == EVENT_PROCESS ? &source->process : &source->thread) = (struct actor){.own = event->id};
        return true;
    }
    struct event merged = *event;
    bool good = tell_actor(merge, source, block, err);
    if (good && event->kind == EVENT_FORK)
        good = find_merged(merge, &merge->processes, source, event->id, &merged.id, err);
    if (good && event->kind == EVENT_EXIT)
        good = find_merged(merge, &merge->threads, source, event->id, &merged.id, err);
    return good && add_event(merge, &merged, block, err);
}

/* Those that stand before the next access, or behind the last one. They stay in the turn of the access that they follow,
 * whatever blocks they came in. */
static bool take_events(struct merge *merge, struct source *source, const struct block *block, struct err *err)
{
    const struct extras *extras = source->extras;
    for (; source->event < extras->event_count; source->event++) {
        const struct event *event = &extras->event[source->event];
        if (event->position > source->position)
            break;
        if (!take_event(merge, source, event, block, err))
            return false;
    }
    return true;
}

/* ---- Accesses ---- */

static bool turn_is_over(const struct merge *merge, const struct source *source)
{
    return merge->turn_left == 0 &&
           (merge->turn.unit == MERGE_ACCESSES || access_is_fetch(source->block->meta[source->position]));
}

static void end_turn(struct merge *merge)
{
    merge->turn_left = merge->turn.quantum;
    do
        merge->now = (merge->now + 1) % merge->count;
    while (merge->left > 0 && merge->source[merge->now].ended);
}

/* How many accesses can be taken at once, one at the least: no event stands between them, and no turn ends. */
static uint32_t count_piece(struct merge *merge, const struct source *source, uint32_t room)
{
    const struct block *from = source->block;
    const uint32_t first = source->position;
    uint32_t end = room < from->count - first ? first + room : from->count;
    if (source->event < source->extras->event_count && source->extras->event[source->event].position < end)
        end = source->extras->event[source->event].position;
    if (merge->turn.unit == MERGE_ACCESSES) {
        if (merge->turn_left < end - first)
            end = first + (uint32_t)merge->turn_left;
        merge->turn_left -= end - first;
        return end - first;
    }
    for (uint32_t i = first; i < end; i++) {
        if (!access_is_fetch(from->meta[i]))
            continue;
        if (merge->turn_left == 0)
            return i - first;
        merge->turn_left--;
    }
    return end - first;
}

static bool take_data(struct merge *merge, const struct source *source, uint32_t position, uint32_t count,
                      struct err *err)
{
    const uint32_t *from_end = source->extras->data_end + source->position;
    const uint32_t from = source->position > 0 ? from_end[-1] : 0;
    const uint32_t to = (uint32_t)merge->data.count;
    const uint32_t size_bytes = from_end[count - 1] - from;
    if (!bytes_reserve(&merge->data, size_bytes + (size_t)1)) /* + 1: never NULL */
        return refuse_memory(err);
    if (size_bytes > 0)
        memcpy(merge->data.at + to, source->extras->data + from, size_bytes);
    merge->data.count += size_bytes;
    for (uint32_t i = 0; i < count; i++)
        merge->data_end[position + i] = to + (from_end[i] - from);
    return true;
}

static bool take_piece(struct merge *merge, struct source *source, struct block *block, struct err *err)
{
    if (!tell_actor(merge, source, block, err))
        return false;
    const uint32_t count = count_piece(merge, source, BLOCK_ACCESSES - block->count);
    const uint32_t from = source->position;
    const uint32_t to = block->count;
    memcpy(block->va + to, source->block->va + from, count * sizeof *block->va);
    memcpy(block->meta + to, source->block->meta + from, count * sizeof *block->meta);
    if (merge->has_pc)
        memcpy(merge->pc + to, source->extras->pc + from, count * sizeof *merge->pc);
    if (merge->has_data && !take_data(merge, source, to, count, err))
        return false;
    source->position += count;
    block->count += count;
    source->used_in = merge->blocks;
    return !is_at_end(source) || take_events(merge, source, block, err);
}

/* Whose turn it is goes on, or the next one comes. False in *more where the block has to go out first. */
static bool take_turn(struct merge *merge, struct block *block, bool *more, struct err *err)
{
    struct source *source = &merge->source[merge->now];
    if (is_at_end(source) && source->block->count > 0) {
        *more = source->used_in != merge->blocks;
        if (!*more)
            return true;
        if (!refill(merge, source, err))
            return false;
    }
    if (!take_events(merge, source, block, err))
        return false;
    source->ended = source->block->count == 0;
    merge->left -= source->ended;
    if (!source->ended && !turn_is_over(merge, source))
        return take_piece(merge, source, block, err);
    end_turn(merge);
    return true;
}

bool merge_next(struct merge *merge, struct block *block, struct err *err)
{
    block_begin(block, merge->records + 1);
    block->mark_count = 1;
    block->mark[0] = (struct block_mark){.position = 0};
    merge->event_count = 0;
    merge->data.count = 0;
    merge->blocks++;
    for (bool more = true; more && merge->left > 0 && block->count < BLOCK_ACCESSES;)
        if (!take_turn(merge, block, &more, err))
            return false;
    block_summarise(block);
    merge->records += block->count;
    merge->extras = (struct extras){
        .event_count = (uint32_t)merge->event_count,
        .event = merge->event,
        .pc = merge->has_pc ? merge->pc : NULL,
        .data_end = merge->has_data ? merge->data_end : NULL,
        .data = merge->has_data ? merge->data.at : NULL,
    };
    return true;
}

const struct extras *merge_extras(const struct merge *merge)
{
    return &merge->extras;
}
