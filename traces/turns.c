/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/turns.h"

#include "traces/numbering.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Whose the next accesses are. */
struct who {
    uint64_t process; /* as the trace numbers them; 0: it has not said */
    uint64_t thread;
    uint64_t image;  /* of the process: how often it has had an exec */
    uint32_t number; /* of the process's address space, from 0 */
    uint32_t thread_number;
};

struct turns {
    struct reader *reader;
    struct address_map *map;
    const struct extras *extras; /* of the block at hand, the reader's last one */
    struct block *rest;          /* that block, where an event stands within it; NULL before one did */
    uint32_t count;              /* its accesses, */
    uint64_t first_record;       /* and the first of them */
    uint32_t at;                 /* the next access that is to go out, */
    uint32_t event;              /* and the next event */
    struct who who;
    struct numbering processes; /* of the process and its image */
    struct numbering threads;
    struct numbering images; /* programs that were run, by process: how often */
    uint64_t *image;         /* by its number */
    uint64_t image_room;
    uint64_t heap_end; /* of the process at hand; 0: not known */
    uint32_t change_count;
    struct block_change change[BLOCK_CHANGES]; /* before what comes next */
};

static bool fail_memory(struct err *err)
{
    return err_set(err, "there is no memory to tell the trace's processes apart");
}

struct turns *turns_open(struct reader *reader, struct address_map *map, struct err *err)
{
    static const struct extras none;
    struct turns *turns = calloc(1, sizeof *turns);
    if (turns == NULL) {
        fail_memory(err);
        return NULL;
    }
    turns->reader = reader;
    turns->map = map;
    turns->extras = &none;
    return turns;
}

/* ---- Events ---- */

static bool image_of(struct turns *turns, uint64_t process, uint64_t **image)
{
    uint64_t index;
    if (!numbering_find(&turns->images, (struct numbering_key){.number = process}, &index))
        return false;
    if (index >= turns->image_room) {
        const uint64_t room = 2 * turns->image_room + 16;
        uint64_t *grown = realloc(turns->image, room * sizeof *grown);
        if (grown == NULL)
            return false;
        memset(grown + turns->image_room, 0, (room - turns->image_room) * sizeof *grown);
        turns->image = grown;
        turns->image_room = room;
    }
    *image = &turns->image[index];
    return true;
}

/* Processes and threads that do nothing have no number. */
static bool number_process(struct turns *turns)
{
    struct who *who = &turns->who;
    uint64_t number;
    if (!numbering_find(&turns->processes, (struct numbering_key){who->process, who->image}, &number))
        return false;
    who->number = (uint32_t)number;
    return true;
}

static bool number_thread(struct turns *turns)
{
    struct who *who = &turns->who;
    uint64_t number;
    if (!numbering_find(&turns->threads, (struct numbering_key){who->thread, who->process}, &number))
        return false;
    who->thread_number = (uint32_t)number;
    return true;
}

static bool add_change(struct turns *turns, uint64_t address, uint64_t size_bytes)
{
    if (size_bytes == 0 || address + (size_bytes - 1) < address)
        return true;
    assert(turns->change_count < BLOCK_CHANGES);
    if (!number_process(turns))
        return false;
    turns->change[turns->change_count++] =
        (struct block_change){turns->who.number, address, address + (size_bytes - 1)};
    return true;
}

/* False when out of memory. */
static bool take_event(struct turns *turns, const struct event *event)
{
    struct who *who = &turns->who;
    uint64_t *image;
    if (turns->map != NULL && address_map_concerns(event) && !address_map_apply(turns->map, event))
        return false;
    switch (event->kind) {
    case EVENT_PROCESS:
        who->process = event->id;
        if (!image_of(turns, event->id, &image))
            return false;
        who->image = *image;
        turns->heap_end = 0;
        return true;
    case EVENT_THREAD:
        who->thread = event->id;
        return true;
    case EVENT_EXEC:
        if (!image_of(turns, who->process, &image))
            return false;
        who->image = ++*image;
        turns->heap_end = 0;
        return true;
    case EVENT_MUNMAP:
    case EVENT_MPROTECT:
        return add_change(turns, event->address, event->size_bytes);
    case EVENT_MREMAP:
        if (event->old_address != event->address)
            return add_change(turns, event->old_address, event->old_size_bytes);
        return event->size_bytes >= event->old_size_bytes ||
               add_change(turns, event->address + event->size_bytes, event->old_size_bytes - event->size_bytes);
    case EVENT_MMAP:
        return (event->flags & MAP_FIXED) == 0 || add_change(turns, event->address, event->size_bytes);
    case EVENT_BRK: {
        const uint64_t end = turns->heap_end;
        turns->heap_end = event->address;
        return event->address >= end || add_change(turns, event->address, end - event->address);
    }
    default:
        return true;
    }
}

/* Takes the events up to position `at`, as many as the changes have room for; *more says whether some are left. */
static bool take_events(struct turns *turns, uint32_t at, bool *more)
{
    while (turns->event < turns->extras->event_count && turns->extras->event[turns->event].position <= at &&
           turns->change_count < BLOCK_CHANGES)
        if (!take_event(turns, &turns->extras->event[turns->event++]))
            return false;
    *more = turns->event < turns->extras->event_count && turns->extras->event[turns->event].position <= at;
    return true;
}

/* ---- Blocks ---- */

static bool tell_who(struct turns *turns, struct block *block)
{
    if (block->count > 0 && !(number_process(turns) && number_thread(turns)))
        return false;
    block->process = turns->who.number;
    block->thread = turns->who.thread_number;
    block->change_count = turns->change_count;
    memcpy(block->change, turns->change, sizeof block->change);
    turns->change_count = 0;
    return true;
}

/* Where the block has to end because of an event that is still to come. */
static uint32_t next_end(const struct turns *turns, uint32_t count)
{
    return turns->event < turns->extras->event_count ? turns->extras->event[turns->event].position : count;
}

/* Accesses from `from` up to `to` of the block that was cut. */
static void copy_part(const struct block *whole, uint32_t from, uint32_t to, struct block *part)
{
    block_begin(part, whole->first_record + from);
    part->count = to - from;
    memcpy(part->va, whole->va + from, part->count * sizeof *part->va);
    memcpy(part->meta, whole->meta + from, part->count * sizeof *part->meta);
    for (uint32_t i = 0; i < whole->mark_count && whole->mark[i].position < to; i++) {
        if (part->mark_count > 0 && whole->mark[i].position <= from)
            part->mark_count = 0; /* a later one stands before the part */
        struct block_mark *mark = &part->mark[part->mark_count++];
        *mark = whole->mark[i];
        if (mark->position < from && mark->line != 0)
            mark->line += from - mark->position;
        mark->position = mark->position < from ? 0 : mark->position - from;
    }
    block_summarise(part);
}

/* The block stays with the reader's events, for the parts that are still to come. */
static bool keep(struct turns *turns, const struct block *block)
{
    if (turns->rest == NULL && (turns->rest = malloc(sizeof *turns->rest)) == NULL)
        return false;
    *turns->rest = *block;
    return true;
}

/* The next part of the block at hand, which was kept: accesses up to the next event. There are none of them where there are
 * more changes than a block has room for, or where `at` is the end and changes stand behind it. */
static bool next_part(struct turns *turns, bool more, struct block *block)
{
    const uint32_t end = more ? turns->at : next_end(turns, turns->count);
    if (turns->at < turns->count)
        copy_part(turns->rest, turns->at, end, block);
    else
        block_begin(block, turns->first_record + turns->count);
    turns->at = end;
    return tell_who(turns, block);
}

/* The reader's next block: it passes as it is, if no event stands within it. */
static bool next_block(struct turns *turns, struct block *block, struct err *err)
{
    bool more;
    if (!reader_next(turns->reader, block, err))
        return false;
    turns->extras = reader_extras(turns->reader);
    turns->event = 0;
    turns->at = 0;
    turns->count = block->count;
    turns->first_record = block->first_record;
    if (!take_events(turns, 0, &more))
        return fail_memory(err);
    if (!more && next_end(turns, block->count) == block->count) {
        turns->at = block->count;
        return tell_who(turns, block) || fail_memory(err);
    }
    return (keep(turns, block) && next_part(turns, more, block)) || fail_memory(err);
}

bool turns_next(struct turns *turns, struct block *block, struct err *err)
{
    bool more;
    /* What stands behind the last access is of the next block, and its names live until that is read. */
    if (!take_events(turns, turns->at, &more))
        return fail_memory(err);
    if (turns->at < turns->count || more)
        return next_part(turns, more, block) || fail_memory(err);
    return next_block(turns, block, err);
}

uint32_t turns_processes(const struct turns *turns)
{
    return (uint32_t)turns->processes.count;
}

void turns_close(struct turns *turns)
{
    if (turns == NULL)
        return;
    numbering_free(&turns->processes);
    numbering_free(&turns->threads);
    numbering_free(&turns->images);
    free(turns->image);
    free(turns->rest);
    free(turns);
}
