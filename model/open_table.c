/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The hash table with open addressing: a search begins at the entry that the hash says and goes on to the next one, the
 * first behind the last, up to the page's. Nothing is ever taken out, so the entries in front of a page's stay taken and a
 * walk reads the same ones always.
 */
#include "model/table_kinds.h"

struct open {
    uint64_t address;
    uint64_t *entry;
};

static bool create(struct entry_table *table)
{
    struct open *open = arena_alloc(table->arena, sizeof *open);
    if (open == NULL)
        return false;
    table->body = open;
    table->slots = table->spec.sizes.entries;
    open->address = entry_table_place(table, table->slots * table->spec.sizes.entry_bytes);
    return true;
}

static bool start(struct entry_table *table)
{
    struct open *open = table->body;
    open->entry = arena_alloc(table->arena, table->slots * sizeof *open->entry);
    return open->entry != NULL;
}

static enum entry_table_result touch(struct entry_table *table, uint64_t page, uint32_t position)
{
    (void)position;
    struct open *open = table->body;
    const uint64_t key = table_key_of(table, page);
    const uint64_t first = table_hash(key, 0);
    for (uint64_t i = 0; i < table->slots; i++) {
        uint64_t *entry = &open->entry[(first + i) & (table->slots - 1)];
        if (*entry != 0 && !table_entry_is(*entry, key))
            continue;
        if (*entry == 0) {
            *entry = table_entry(key);
            table->entries++;
            table_note_longest(table, i + 1);
        }
        table_map(table, entry, page);
        return TABLE_DONE;
    }
    return TABLE_FULL;
}

static void read(const struct entry_table *table, uint64_t page, uint32_t position, struct table_reads *reads)
{
    (void)position;
    const struct open *open = table->body;
    const uint64_t key = table_key_of(table, page);
    for (uint64_t i = table_hash(key, 0);; i++) {
        const uint64_t slot = i & (table->slots - 1);
        table_add_read(reads, open->address + slot * table->spec.sizes.entry_bytes);
        if (table_entry_is(open->entry[slot], key))
            return;
    }
}

static uint64_t bytes(const struct entry_table *table)
{
    return sizeof(struct open) + table->slots * sizeof(uint64_t);
}

const struct table_kind open_table = {.create = create, .start = start, .touch = touch, .read = read, .bytes = bytes};
