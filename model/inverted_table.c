/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inverted table: an entry for each page-sized frame of memory, at the place that the frame's number says, which holds
 * the page that is there and the next frame of its chain. The hash anchor table says with which frame each hash's chain
 * begins. A new page goes to its chain's end.
 */
#include "model/table_kinds.h"

struct frame {
    uint64_t page;
    uint64_t next; /* of `frame`, and 1; 0: the chain ends */
};

struct inverted {
    uint64_t anchors;
    uint64_t table;
    uint64_t first_frame; /* number of the first one with a page: the others follow it */
    uint64_t *anchor;     /* of `frame`, and 1; 0: no page has the hash */
    struct frame *frame;  /* those with a page, as they came */
    uint64_t room;
};

static bool create(struct entry_table *table)
{
    const struct page_table_sizes *sizes = &table->spec.sizes;
    struct inverted *inverted = arena_alloc(table->arena, sizeof *inverted);
    if (inverted == NULL)
        return false;
    table->body = inverted;
    table->slots = sizes->entries;
    inverted->anchors = entry_table_place(table, table->slots * TABLE_ANCHOR_BYTES);
    inverted->table = entry_table_place(table, (sizes->memory_bytes >> table->page_shift) * sizes->entry_bytes);
    inverted->first_frame = (table->end + table->spec.page_size_bytes - 1) >> table->page_shift;
    return true;
}

static bool start(struct entry_table *table)
{
    struct inverted *inverted = table->body;
    inverted->anchor = arena_alloc(table->arena, table->slots * sizeof *inverted->anchor);
    return inverted->anchor != NULL;
}

static bool grow(struct entry_table *table, struct inverted *inverted)
{
    if (table->pages < inverted->room)
        return true;
    const uint64_t old = inverted->room;
    const uint64_t room = old == 0 ? 1024 : 2 * old;
    struct frame *frame = arena_grow(table->arena, inverted->frame, old * sizeof *frame, room * sizeof *frame);
    if (frame == NULL)
        return false;
    inverted->frame = frame;
    inverted->room = room;
    return true;
}

static enum entry_table_result touch(struct entry_table *table, uint64_t page, uint32_t position)
{
    (void)position;
    struct inverted *inverted = table->body;
    uint64_t *anchor = &inverted->anchor[table_hash(page, 0) & (table->slots - 1)];
    uint64_t last = 0;
    uint64_t reads = 1;
    for (uint64_t at = *anchor; at != 0; at = inverted->frame[at - 1].next) {
        if (inverted->frame[at - 1].page == page)
            return TABLE_DONE;
        last = at;
        reads++;
    }
    if (inverted->first_frame + table->pages >= table->spec.sizes.memory_bytes >> table->page_shift)
        return TABLE_FULL;
    if (!grow(table, inverted))
        return TABLE_OUT_OF_MEMORY;
    inverted->frame[table->pages] = (struct frame){.page = page};
    *(last == 0 ? anchor : &inverted->frame[last - 1].next) = table->pages + 1;
    table->entries++;
    table_note_longest(table, reads + 1);
    entry_table_place_page(table);
    return TABLE_DONE;
}

static void read(const struct entry_table *table, uint64_t page, uint32_t position, struct table_reads *reads)
{
    (void)position;
    const struct inverted *inverted = table->body;
    const uint64_t hash = table_hash(page, 0) & (table->slots - 1);
    table_add_read(reads, inverted->anchors + hash * TABLE_ANCHOR_BYTES);
    for (uint64_t at = inverted->anchor[hash];; at = inverted->frame[at - 1].next) {
        table_add_read(reads, inverted->table + (inverted->first_frame + at - 1) * table->spec.sizes.entry_bytes);
        if (inverted->frame[at - 1].page == page)
            return;
    }
}

static uint64_t bytes(const struct entry_table *table)
{
    const struct inverted *inverted = table->body;
    return sizeof *inverted + table->slots * sizeof *inverted->anchor + inverted->room * sizeof *inverted->frame;
}

const struct table_kind inverted_table = {
    .create = create, .start = start, .touch = touch, .read = read, .bytes = bytes};
