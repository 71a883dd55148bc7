/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/table_kinds.h"

#include <assert.h>

#include "model/request.h"

static const struct table_kind *kind_of(const struct page_table_format *format)
{
    switch (format->kind) {
    case PAGE_TABLE_FLAT:
        return &flat_table;
    case PAGE_TABLE_CHAINED:
        return &chained_table;
    case PAGE_TABLE_OPEN:
        return &open_table;
    case PAGE_TABLE_INVERTED:
        return &inverted_table;
    case PAGE_TABLE_CUCKOO:
        return &cuckoo_table;
    case PAGE_TABLE_RADIX:
    case PAGE_TABLE_TSB:
        break;
    }
    assert(false);
    return NULL;
}

struct entry_table *entry_table_create(const struct entry_table_spec *spec, struct arena *arena)
{
    struct entry_table *table = arena_alloc(arena, sizeof *table);
    if (table == NULL)
        return NULL;
    *table = (struct entry_table){
        .spec = *spec,
        .kind = kind_of(spec->format),
        .arena = arena,
        .full_at = TABLE_NOT_FULL,
        .page_shift = (unsigned)__builtin_ctzll(spec->page_size_bytes),
        .cluster_shift = spec->sizes.cluster == 0 ? 0 : (unsigned)__builtin_ctz(spec->sizes.cluster),
    };
    return table->kind->create(table) ? table : NULL;
}

bool entry_table_start(struct entry_table *table)
{
    return table->kind->start(table);
}

static uint64_t whole_frames(const struct entry_table *table, uint64_t bytes)
{
    const uint64_t frame = UINT64_C(1) << table->spec.format->page_shift;
    return (bytes + frame - 1) >> table->spec.format->page_shift;
}

uint64_t entry_table_place(struct entry_table *table, uint64_t bytes)
{
    const uint64_t address = table->end;
    const uint64_t frames = whole_frames(table, bytes);
    table->end += frames << table->spec.format->page_shift;
    table->bytes += bytes;
    table->frames += frames;
    return address;
}

void entry_table_drop(struct entry_table *table, uint64_t bytes)
{
    table->bytes -= bytes;
    table->frames -= whole_frames(table, bytes);
}

uint64_t entry_table_place_page(struct entry_table *table)
{
    const uint64_t page_bytes = UINT64_C(1) << table->page_shift;
    const uint64_t address = (table->end + page_bytes - 1) & -page_bytes;
    table->end = address + page_bytes;
    table->pages++;
    return address;
}

/* The page's number, of the bits of its address that the format translates. */
static uint64_t page_of(const struct entry_table *table, uint64_t request)
{
    const uint64_t translated = (UINT64_C(1) << page_table_va_bits(table->spec.format)) - 1;
    return (request_va(request) & translated) >> table->page_shift;
}

enum entry_table_result entry_table_touch(struct entry_table *table, uint64_t block, const uint64_t *request,
                                          size_t count)
{
    if (table->block != block && table->kind->begin_block != NULL)
        table->kind->begin_block(table);
    table->block = block;
    for (size_t i = 0; i < count; i++) {
        const enum entry_table_result result =
            table->kind->touch(table, page_of(table, request[i]), request_position(request[i]));
        if (result == TABLE_FULL)
            table->full_at = request_position(request[i]);
        if (result != TABLE_DONE)
            return result;
    }
    return TABLE_DONE;
}

uint32_t entry_table_full_at(const struct entry_table *table)
{
    return table->full_at;
}

/* Of a block that nothing was touched in, all of what there is was there before. */
bool entry_table_read(const struct entry_table *table, uint64_t block, const uint64_t *request, size_t count,
                      uint64_t *item, size_t room, size_t *reads)
{
    struct table_reads all = {.address = item, .room = item == NULL ? 0 : room};
    for (size_t i = 0; i < count; i++) {
        const size_t first = all.count;
        const uint32_t position = request_position(request[i]);
        table->kind->read(table, page_of(table, request[i]), table->block == block ? position : UINT32_MAX, &all);
        if (item == NULL)
            continue;
        if (all.count > room)
            return false;
        for (size_t k = first; k < all.count; k++)
            item[k] = item[k] >> REQUEST_READ_SHIFT << REQUEST_KEY_SHIFT | position;
    }
    *reads += all.count;
    return true;
}

uint64_t entry_table_end(const struct entry_table *table)
{
    return table->end;
}

uint64_t entry_table_bytes(const struct entry_table *table)
{
    return sizeof *table + table->kind->bytes(table);
}

void entry_table_count(const struct entry_table *table, struct counters *counters)
{
    counters->pages_touched = counters->pages_small = table->pages;
    counters->frames_mapped = table->pages << (table->page_shift - table->spec.format->page_shift);
    counters->page_table_bytes = table->bytes;
    counters->frames_page_table = table->frames;
    counters->table_entries = table->entries;
    counters->table_slots = table->slots;
    counters->table_longest = table->longest;
    counters->table_resizes = table->resizes;
    counters->table_moved = table->moved;
    counters->table_displaced = table->displaced;
}
