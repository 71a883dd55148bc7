/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The hash table with chains: each hash has one entry in the table, and those that find it taken follow it in a chain, the
 * last at its end. Entries of chains lie in frames of their own, one after the other as they come.
 */
#include "model/table_kinds.h"

struct entry {
    uint64_t pages; /* table_entry */
    uint64_t next;  /* of the overflow, and 1; 0: the chain ends */
};

struct chained {
    uint64_t address;
    struct entry *entry;
    struct entry *overflow;
    uint64_t overflow_count;
    uint64_t overflow_room;
    uint64_t *frame; /* addresses of the overflow's */
    uint64_t frame_room;
};

static bool create(struct entry_table *table)
{
    struct chained *chained = arena_alloc(table->arena, sizeof *chained);
    if (chained == NULL)
        return false;
    table->body = chained;
    table->slots = table->spec.sizes.entries;
    chained->address = entry_table_place(table, table->slots * table->spec.sizes.entry_bytes);
    return true;
}

static bool start(struct entry_table *table)
{
    struct chained *chained = table->body;
    chained->entry = arena_alloc(table->arena, table->slots * sizeof *chained->entry);
    return chained->entry != NULL;
}

static uint64_t frame_bytes(const struct entry_table *table)
{
    return UINT64_C(1) << table->spec.format->page_shift;
}

static bool grow(struct entry_table *table, struct chained *chained, uint64_t frames)
{
    if (chained->overflow_count == chained->overflow_room) {
        const uint64_t old = chained->overflow_room;
        const uint64_t room = old == 0 ? 64 : 2 * old;
        struct entry *overflow =
            arena_grow(table->arena, chained->overflow, old * sizeof *overflow, room * sizeof *overflow);
        if (overflow == NULL)
            return false;
        chained->overflow = overflow;
        chained->overflow_room = room;
    }
    if (frames == chained->frame_room) {
        const uint64_t room = frames == 0 ? 64 : 2 * frames;
        uint64_t *frame = arena_grow(table->arena, chained->frame, frames * sizeof *frame, room * sizeof *frame);
        if (frame == NULL)
            return false;
        chained->frame = frame;
        chained->frame_room = room;
    }
    return true;
}

/* An entry for the end of a chain; NULL when out of memory. */
static struct entry *add_overflow(struct entry_table *table, struct chained *chained)
{
    const uint64_t a_frame = frame_bytes(table) / table->spec.sizes.entry_bytes;
    const uint64_t frame = chained->overflow_count / a_frame;
    if (!grow(table, chained, frame))
        return NULL;
    if (chained->overflow_count % a_frame == 0)
        chained->frame[frame] = entry_table_place(table, frame_bytes(table));
    return &chained->overflow[chained->overflow_count++];
}

static enum entry_table_result touch(struct entry_table *table, uint64_t page, uint32_t position)
{
    (void)position;
    struct chained *chained = table->body;
    const uint64_t key = table_key_of(table, page);
    const uint64_t slot = table_hash(key, 0) & (table->slots - 1);
    struct entry *entry = &chained->entry[slot];
    uint64_t reads = 1;
    uint64_t last = 0; /* of the overflow, and 1; 0: the table's own */
    for (; entry->pages != 0 && !table_entry_is(entry->pages, key) && entry->next != 0; reads++) {
        last = entry->next;
        entry = &chained->overflow[last - 1];
    }
    if (entry->pages != 0 && !table_entry_is(entry->pages, key)) {
        struct entry *added = add_overflow(table, chained);
        if (added == NULL)
            return TABLE_OUT_OF_MEMORY;
        *(last == 0 ? &chained->entry[slot].next : &chained->overflow[last - 1].next) = chained->overflow_count;
        entry = added;
        reads++;
    }
    if (entry->pages == 0) {
        entry->pages = table_entry(key);
        table->entries++;
        table_note_longest(table, reads);
    }
    table_map(table, &entry->pages, page);
    return TABLE_DONE;
}

static void read(const struct entry_table *table, uint64_t page, uint32_t position, struct table_reads *reads)
{
    (void)position;
    const struct chained *chained = table->body;
    const uint64_t entry_bytes = table->spec.sizes.entry_bytes;
    const uint64_t a_frame = frame_bytes(table) / entry_bytes;
    const uint64_t key = table_key_of(table, page);
    const uint64_t slot = table_hash(key, 0) & (table->slots - 1);
    const struct entry *entry = &chained->entry[slot];
    table_add_read(reads, chained->address + slot * entry_bytes);
    while (!table_entry_is(entry->pages, key)) {
        const uint64_t at = entry->next - 1;
        table_add_read(reads, chained->frame[at / a_frame] + at % a_frame * entry_bytes);
        entry = &chained->overflow[at];
    }
}

static uint64_t bytes(const struct entry_table *table)
{
    const struct chained *chained = table->body;
    return sizeof *chained + (table->slots + chained->overflow_room) * sizeof(struct entry) +
           chained->frame_room * sizeof *chained->frame;
}

const struct table_kind chained_table = {
    .create = create, .start = start, .touch = touch, .read = read, .bytes = bytes};
