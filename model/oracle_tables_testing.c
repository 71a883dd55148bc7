/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Out of memory ends the program: only tests link this.
 */
#include "model/oracle_tables_testing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/entry_table.h"
#include "model/random.h"

/* An entry, of one kind of table or the other. */
struct entry {
    bool used;
    uint64_t key;     /* page number / cluster */
    uint64_t hash;    /* chained, inverted: which chain it is in */
    uint64_t address; /* physical */
};

/* A way of a cuckoo table. */
struct nest {
    struct entry *entry; /* NULL: it is not there */
    uint64_t entries;
    uint64_t generation; /* how often the table had doubled */
};

struct oracle_table {
    const struct machine *machine;
    struct counters *counters;
    uint64_t next; /* physical byte */

    uint64_t *page; /* touched ones, as they came */
    size_t page_count;
    size_t page_room;

    uint64_t first;      /* address of the table; inverted: of the anchors */
    uint64_t frames;     /* inverted: address of the entries for frames */
    struct entry *entry; /* open: by place; chained, inverted: as they came */
    size_t entry_count;
    size_t entry_room;
    uint64_t overflow_frame; /* chained: where the last frame for entries of chains is */
    uint64_t overflow_used;  /* bytes of it */

    uint64_t random;
    struct nest older[TABLE_WAYS_MAX];
    struct nest newer[TABLE_WAYS_MAX];
    uint64_t mark[TABLE_WAYS_MAX]; /* entries of the older nest that have moved */
    struct entry waiting[4096];
    size_t waiting_count;

    uint64_t *read; /* of the last walk */
    size_t read_count;
    size_t read_room;
};

enum { FRAME_BYTES = 4096 };

static void *grown(void *memory, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return memory;
    *room = *room == 0 ? 256 : 2 * *room;
    memory = realloc(memory, *room * size);
    if (memory == NULL)
        abort();
    return memory;
}

static uint64_t place(struct oracle_table *table, uint64_t bytes)
{
    const uint64_t address = table->next;
    const uint64_t frames = (bytes + FRAME_BYTES - 1) / FRAME_BYTES;
    table->next += frames * FRAME_BYTES;
    table->counters->page_table_bytes += bytes;
    table->counters->frames_page_table += frames;
    return address;
}

static uint64_t place_page(struct oracle_table *table)
{
    const uint64_t page_bytes = table->machine->page_size_bytes;
    table->next = (table->next + page_bytes - 1) / page_bytes * page_bytes;
    const uint64_t address = table->next;
    table->next += page_bytes;
    table->counters->pages_touched++;
    table->counters->pages_small++;
    table->counters->frames_mapped += page_bytes / FRAME_BYTES;
    return address;
}

static const struct page_table_sizes *sizes_of(const struct oracle_table *table)
{
    return &table->machine->table;
}

static enum page_table_kind kind_of(const struct oracle_table *table)
{
    return table->machine->format->kind;
}

static uint64_t page_of(const struct oracle_table *table, uint64_t va)
{
    return va % (UINT64_C(1) << 48) / table->machine->page_size_bytes;
}

static uint64_t key_of(const struct oracle_table *table, uint64_t page)
{
    return sizes_of(table)->cluster == 0 ? page : page / sizes_of(table)->cluster;
}

static void note_longest(struct oracle_table *table, uint64_t reads)
{
    if (reads > table->counters->table_longest)
        table->counters->table_longest = reads;
}

/* ---- cuckoo ---- */

static void place_nests(struct oracle_table *table, struct nest *nest, uint64_t entries, uint64_t generation)
{
    for (uint32_t w = 0; w < sizes_of(table)->ways; w++) {
        const uint64_t address = place(table, entries * sizes_of(table)->entry_bytes);
        nest[w] = (struct nest){calloc(entries, sizeof(struct entry)), entries, generation};
        if (nest[w].entry == NULL)
            abort();
        for (uint64_t i = 0; i < entries; i++)
            nest[w].entry[i].address = address + i * sizes_of(table)->entry_bytes;
        table->counters->table_slots += entries;
    }
}

static bool is_growing(const struct oracle_table *table)
{
    return table->newer[0].entry != NULL;
}

static void begin_to_grow(struct oracle_table *table)
{
    table->counters->table_resizes++;
    place_nests(table, table->newer, 2 * table->older[0].entries, table->older[0].generation + 1);
    memset(table->mark, 0, sizeof table->mark);
}

static struct entry *in_nest(const struct nest *nest, uint32_t way, uint64_t key)
{
    return &nest[way].entry[table_hash(key, nest[way].generation * TABLE_WAYS_MAX + way) % nest[way].entries];
}

/* The one entry of a way that can be the key's. */
static struct entry *in_way(const struct oracle_table *table, uint32_t way, uint64_t key)
{
    struct entry *older = in_nest(table->older, way, key);
    const bool has_moved = is_growing(table) && (uint64_t)(older - table->older[way].entry) < table->mark[way];
    return has_moved ? in_nest(table->newer, way, key) : older;
}

static void house(struct oracle_table *table, uint64_t key, uint32_t way)
{
    assert(sizes_of(table)->ways >= 2);
    for (int tries = 0; tries < TABLE_CUCKOO_TRIES; tries++) {
        struct entry *entry = in_way(table, way, key);
        const bool was_used = entry->used;
        const uint64_t was_key = entry->key;
        entry->used = true;
        entry->key = key;
        if (!was_used)
            return;
        key = was_key;
        table->counters->table_displaced++;
        const uint32_t others = sizes_of(table)->ways - 1;
        const uint32_t drawn = random_below(&table->random, others); /* 0 is the next way */
        way = (way + 1 + drawn) % sizes_of(table)->ways;
    }
    assert(table->waiting_count < sizeof table->waiting / sizeof *table->waiting);
    table->waiting[table->waiting_count++].key = key;
}

static void step_mark(struct oracle_table *table)
{
    uint32_t way = 0;
    for (uint32_t w = 1; w < sizes_of(table)->ways; w++)
        if (table->mark[w] < table->mark[way])
            way = w;
    struct entry *entry = &table->older[way].entry[table->mark[way]];
    table->mark[way]++;
    if (entry->used) {
        entry->used = false;
        table->counters->table_moved++;
        house(table, entry->key, way);
    }
    for (uint32_t w = 0; w < sizes_of(table)->ways; w++)
        if (table->mark[w] < table->older[w].entries)
            return;
    for (uint32_t w = 0; w < sizes_of(table)->ways; w++) {
        const uint64_t bytes = table->older[w].entries * sizes_of(table)->entry_bytes;
        table->counters->page_table_bytes -= bytes;
        table->counters->frames_page_table -= (bytes + FRAME_BYTES - 1) / FRAME_BYTES;
        table->counters->table_slots -= table->older[w].entries;
        free(table->older[w].entry);
        table->older[w] = table->newer[w];
        table->newer[w].entry = NULL;
    }
}

static void add_cuckoo(struct oracle_table *table, uint64_t key)
{
    const struct page_table_sizes *sizes = sizes_of(table);
    for (uint32_t w = 0; w < sizes->ways; w++) {
        const struct entry *entry = in_way(table, w, key);
        if (entry->used && entry->key == key)
            return;
    }
    table->counters->table_entries++;
    house(table, key, random_below(&table->random, sizes->ways));
    if (!is_growing(table) && table->counters->table_entries * 100 > table->counters->table_slots * sizes->load_percent)
        begin_to_grow(table);
    /* 100 / load_percent, rounded up. */
    for (uint32_t passed = 0; is_growing(table) && passed * sizes->load_percent < 100; passed++)
        step_mark(table);
    while (table->waiting_count > 0) {
        const uint64_t waiting = table->waiting[--table->waiting_count].key;
        if (!is_growing(table))
            begin_to_grow(table);
        step_mark(table);
        house(table, waiting, random_below(&table->random, sizes->ways));
    }
    note_longest(table, sizes->ways);
}

/* ---- the others ---- */

static struct entry *add_entry(struct oracle_table *table)
{
    table->entry = grown(table->entry, table->entry_count, &table->entry_room, sizeof *table->entry);
    table->entry[table->entry_count] = (struct entry){.used = true};
    table->counters->table_entries++;
    return &table->entry[table->entry_count++];
}

static void add_open(struct oracle_table *table, uint64_t key)
{
    const uint64_t entries = sizes_of(table)->entries;
    for (uint64_t i = 0; i < entries; i++) {
        struct entry *entry = &table->entry[(table_hash(key, 0) + i) % entries];
        if (entry->used && entry->key == key)
            return;
        if (entry->used)
            continue;
        entry->used = true;
        entry->key = key;
        table->counters->table_entries++;
        note_longest(table, i + 1);
        return;
    }
    assert(false);
}

static void add_chained(struct oracle_table *table, uint64_t key)
{
    const uint64_t entry_bytes = sizes_of(table)->entry_bytes;
    const uint64_t hash = table_hash(key, 0) % sizes_of(table)->entries;
    uint64_t before = 0;
    for (size_t i = 0; i < table->entry_count; i++) {
        if (table->entry[i].key == key)
            return;
        before += table->entry[i].hash == hash;
    }
    struct entry *entry = add_entry(table);
    entry->key = key;
    entry->hash = hash;
    note_longest(table, before + 1);
    if (before == 0) {
        entry->address = table->first + hash * entry_bytes;
        return;
    }
    if (table->overflow_used == FRAME_BYTES) {
        table->overflow_frame = place(table, FRAME_BYTES);
        table->overflow_used = 0;
    }
    entry->address = table->overflow_frame + table->overflow_used;
    table->overflow_used += entry_bytes;
}

/* Behind the page, which says the frame. */
static void add_inverted(struct oracle_table *table, uint64_t page, uint64_t address)
{
    const uint64_t hash = table_hash(page, 0) % sizes_of(table)->entries;
    uint64_t before = 0;
    for (size_t i = 0; i < table->entry_count; i++)
        before += table->entry[i].hash == hash;
    struct entry *entry = add_entry(table);
    entry->key = page;
    entry->hash = hash;
    entry->address = table->frames + address / table->machine->page_size_bytes * sizes_of(table)->entry_bytes;
    note_longest(table, 1 + before + 1);
}

struct oracle_table *oracle_table_create(const struct machine *machine, uint64_t seed, struct counters *counters)
{
    struct oracle_table *table = calloc(1, sizeof *table);
    if (table == NULL)
        abort();
    table->machine = machine;
    table->counters = counters;
    table->overflow_used = FRAME_BYTES;
    const struct page_table_sizes *sizes = &machine->table;
    const uint64_t pages = (UINT64_C(1) << 48) / machine->page_size_bytes;
    switch (machine->format->kind) {
    case PAGE_TABLE_FLAT:
        counters->table_slots = pages;
        table->first = place(table, pages * sizes->entry_bytes);
        break;
    case PAGE_TABLE_OPEN:
        table->entry = calloc(sizes->entries, sizeof *table->entry);
        if (table->entry == NULL)
            abort();
        /* fallthrough */
    case PAGE_TABLE_CHAINED:
        counters->table_slots = sizes->entries;
        table->first = place(table, (uint64_t)sizes->entries * sizes->entry_bytes);
        break;
    case PAGE_TABLE_INVERTED:
        counters->table_slots = sizes->entries;
        table->first = place(table, (uint64_t)sizes->entries * TABLE_ANCHOR_BYTES);
        table->frames = place(table, sizes->memory_bytes / machine->page_size_bytes * sizes->entry_bytes);
        break;
    case PAGE_TABLE_CUCKOO:
        table->random = random_seed(seed, "page_table");
        place_nests(table, table->older, sizes->entries, 0);
        break;
    case PAGE_TABLE_RADIX:
    case PAGE_TABLE_TSB:
        abort();
    }
    return table;
}

void oracle_table_free(struct oracle_table *table)
{
    if (table == NULL)
        return;
    for (uint32_t w = 0; w < TABLE_WAYS_MAX; w++) {
        free(table->older[w].entry);
        free(table->newer[w].entry);
    }
    free(table->page);
    free(table->entry);
    free(table->read);
    free(table);
}

void oracle_table_lookup(struct oracle_table *table, uint64_t va)
{
    const uint64_t page = page_of(table, va);
    for (size_t i = table->page_count; i-- > 0;)
        if (table->page[i] == page)
            return;
    table->page = grown(table->page, table->page_count, &table->page_room, sizeof *table->page);
    table->page[table->page_count++] = page;
    switch (kind_of(table)) {
    case PAGE_TABLE_FLAT:
        table->counters->table_entries++;
        table->counters->table_longest = 1;
        break;
    case PAGE_TABLE_CHAINED:
        add_chained(table, key_of(table, page));
        break;
    case PAGE_TABLE_OPEN:
        add_open(table, key_of(table, page));
        break;
    case PAGE_TABLE_CUCKOO:
        add_cuckoo(table, key_of(table, page));
        break;
    case PAGE_TABLE_INVERTED:
    case PAGE_TABLE_RADIX:
    case PAGE_TABLE_TSB:
        break;
    }
    const uint64_t address = place_page(table);
    if (kind_of(table) == PAGE_TABLE_INVERTED)
        add_inverted(table, page, address);
}

static void add_read(struct oracle_table *table, uint64_t address)
{
    table->read = grown(table->read, table->read_count, &table->read_room, sizeof *table->read);
    table->read[table->read_count++] = address;
}

size_t oracle_table_walk(struct oracle_table *table, uint64_t va, const uint64_t **address)
{
    const struct page_table_sizes *sizes = sizes_of(table);
    const uint64_t page = page_of(table, va);
    const uint64_t key = key_of(table, page);
    const uint64_t entries = sizes->entries == 0 ? 1 : sizes->entries; /* a flat table has no hashes */
    const uint64_t hash = table_hash(key, 0) % entries;
    table->read_count = 0;
    switch (kind_of(table)) {
    case PAGE_TABLE_FLAT:
        add_read(table, table->first + page * sizes->entry_bytes);
        break;
    case PAGE_TABLE_OPEN:
        for (uint64_t i = table_hash(key, 0);; i++) {
            add_read(table, table->first + i % entries * sizes->entry_bytes);
            if (table->entry[i % entries].key == key)
                break;
        }
        break;
    case PAGE_TABLE_INVERTED:
        add_read(table, table->first + hash * TABLE_ANCHOR_BYTES);
        /* fallthrough */
    case PAGE_TABLE_CHAINED:
        for (size_t i = 0; i < table->entry_count; i++) {
            if (table->entry[i].hash == hash)
                add_read(table, table->entry[i].address);
            if (table->entry[i].key == key)
                break;
        }
        break;
    case PAGE_TABLE_CUCKOO:
        for (uint32_t w = 0; w < sizes->ways; w++)
            add_read(table, in_way(table, w, key)->address);
        break;
    case PAGE_TABLE_RADIX:
    case PAGE_TABLE_TSB:
        abort();
    }
    *address = table->read;
    return table->read_count;
}
