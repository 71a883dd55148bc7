/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/mapped_blocks.h"

#include <stdlib.h>
#include <string.h>

#include "cli/runner.h"
#include "cli/say.h"

struct mapped_blocks {
    struct reader *reader;
    struct address_map *map;
    struct block *whole; /* the reader's, while parts of it are to come */
    uint32_t at;         /* the first access that is */
    const struct event *event;
    uint32_t events; /* to come */
};

struct mapped_blocks *mapped_blocks_create(struct reader *reader, struct address_map *map)
{
    struct mapped_blocks *blocks = say_allocate(1, sizeof *blocks);
    blocks->reader = reader;
    blocks->map = map;
    if (map != NULL)
        blocks->whole = say_allocate(1, sizeof *blocks->whole);
    return blocks;
}

void mapped_blocks_free(struct mapped_blocks *blocks)
{
    free(blocks->whole);
    free(blocks);
}

static bool out_of_memory(bool *failed, struct err *err)
{
    *failed = true;
    return err_set(err, "out of memory for what the trace maps");
}

/* Applies the events that stand at `position`, or before it; false when out of memory. */
static bool apply_events(struct mapped_blocks *blocks, uint32_t position)
{
    for (; blocks->events > 0 && blocks->event->position <= position; blocks->event++, blocks->events--)
        if (address_map_concerns(blocks->event) && !address_map_apply(blocks->map, blocks->event))
            return false;
    return true;
}

/* Where the next event is that changes something; the block's end where none does. */
static uint32_t next_change(const struct mapped_blocks *blocks)
{
    for (uint32_t i = 0; i < blocks->events; i++)
        if (address_map_concerns(&blocks->event[i]))
            return blocks->event[i].position;
    return blocks->whole->count;
}

static void copy_part(const struct block *whole, uint32_t from, uint32_t to, struct block *part)
{
    part->count = to - from;
    part->first_record = whole->first_record + from;
    memcpy(part->va, whole->va + from, part->count * sizeof *part->va);
    memcpy(part->meta, whole->meta + from, part->count * sizeof *part->meta);
    part->mark_count = 1;
    part->mark[0] = (struct block_mark){0, block_line(whole, from)};
    for (uint32_t i = 0; i < whole->mark_count; i++)
        if (whole->mark[i].position > from && whole->mark[i].position < to)
            part->mark[part->mark_count++] = (struct block_mark){whole->mark[i].position - from, whole->mark[i].line};
    block_summarise(part);
}

bool mapped_blocks_next(struct mapped_blocks *blocks, struct block *block, bool *failed, struct err *err)
{
    if (blocks->map == NULL)
        return runner_next_block(blocks->reader, block, failed, err);
    struct block *whole = blocks->whole;
    if (blocks->at == whole->count) {
        if (!apply_events(blocks, whole->count)) /* behind the last access */
            return out_of_memory(failed, err);
        if (!runner_next_block(blocks->reader, whole, failed, err))
            return false;
        const struct extras *extras = reader_extras(blocks->reader);
        blocks->at = 0;
        blocks->event = extras->event;
        blocks->events = extras->event_count;
    }
    if (!apply_events(blocks, blocks->at))
        return out_of_memory(failed, err);
    const uint32_t end = next_change(blocks);
    copy_part(whole, blocks->at, end, block);
    blocks->at = end;
    return true;
}

void mapped_blocks_keep(const struct mapped_blocks *blocks, struct kept_mappings *kept)
{
    if (blocks->map == NULL || kept->version == address_map_version(blocks->map))
        return;
    const struct mappings now = address_map_mappings(blocks->map);
    if (now.count > kept->room) {
        kept->room = 2 * now.count;
        kept->range = say_reallocate(kept->range, kept->room, sizeof *kept->range);
    }
    if (now.count > 0)
        memcpy(kept->range, now.range, now.count * sizeof *kept->range);
    kept->mappings = (struct mappings){kept->range, now.count};
    kept->version = address_map_version(blocks->map);
}
