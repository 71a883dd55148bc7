/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The elastic cuckoo table: as many arrays as there are ways, each with a hash of its own. An entry is in one of them, at the
 * place that the way's hash says, so that a walk reads one entry of each way, all at once. A new entry takes its place in a
 * way that is drawn; the one that was there goes to another way, which is drawn, and so on. Skarlatos, Kokolis, Xu,
 * Torrellas, "Elastic Cuckoo Page Tables: Rethinking Virtual Memory Translation for Parallelism", ASPLOS 2020.
 *
 * When more than load_percent of the entries are in use, ways of twice the entries, with new hashes, are placed, and with each
 * new entry some of the older ways' entries move: of each way, those below a mark have. What the older way's hash puts
 * below the mark is in the newer way, all else in the older one: a walk reads as many entries as ever. When all have moved,
 * the older ways are gone.
 *
 * Decided here, where the paper is silent: the mark that moves is that of the way in which fewest have moved, the lowest of
 * those; it passes as many entries, empty ones too, as finish the move before the newer ways are as full as the older ones
 * were; an entry that finds no place within TABLE_CUCKOO_TRIES waits until the table has grown by a mark's step.
 */
#include "model/table_kinds.h"

#include <assert.h>
#include <string.h>

#include "model/random.h"
#include "model/request.h"

enum { GENERATIONS_MAX = 64 };

/* What says where a page's entries are read. */
struct stage {
    uint32_t position;   /* of the request behind which it is so */
    uint32_t generation; /* of the older ways: how often the table has doubled */
    uint64_t moved[TABLE_WAYS_MAX];
};

struct ways {
    uint64_t *entry[TABLE_WAYS_MAX]; /* NULL: there are none */
    uint64_t size;                   /* of each */
};

struct cuckoo {
    uint64_t random;
    uint32_t way_count;
    struct ways older;
    struct ways newer; /* of the next generation, while the table grows */
    uint64_t address[GENERATIONS_MAX][TABLE_WAYS_MAX];
    struct stage now;
    struct stage before; /* the block that was touched last */
    struct stage *stage; /* those within it */
    size_t stage_count;
    uint64_t *homeless; /* entries that found no place */
    size_t homeless_count;
    size_t homeless_room;
};

static uint64_t hash(uint64_t key, uint64_t generation, unsigned way)
{
    return table_hash(key, generation * TABLE_WAYS_MAX + way);
}

/* Ways of a generation, so far without the entries. */
static void place_ways(struct entry_table *table, struct ways *ways, uint64_t size, uint32_t generation)
{
    struct cuckoo *cuckoo = table->body;
    ways->size = size;
    for (unsigned w = 0; w < cuckoo->way_count; w++)
        cuckoo->address[generation][w] = entry_table_place(table, size * table->spec.sizes.entry_bytes);
    table->slots += cuckoo->way_count * size;
}

static bool allocate_ways(struct entry_table *table, struct ways *ways)
{
    const struct cuckoo *cuckoo = table->body;
    for (unsigned w = 0; w < cuckoo->way_count; w++)
        if ((ways->entry[w] = arena_alloc(table->arena, ways->size * sizeof **ways->entry)) == NULL)
            return false;
    return true;
}

static bool create(struct entry_table *table)
{
    struct cuckoo *cuckoo = arena_alloc(table->arena, sizeof *cuckoo);
    if (cuckoo == NULL)
        return false;
    table->body = cuckoo;
    cuckoo->way_count = table->spec.sizes.ways;
    cuckoo->random = random_seed(table->spec.seed, "page_table");
    place_ways(table, &cuckoo->older, table->spec.sizes.entries, 0);
    return true;
}

static bool start(struct entry_table *table)
{
    struct cuckoo *cuckoo = table->body;
    cuckoo->stage = arena_alloc(table->arena, REQUEST_POSITIONS * sizeof *cuckoo->stage);
    return cuckoo->stage != NULL && allocate_ways(table, &cuckoo->older);
}

static bool is_growing(const struct cuckoo *cuckoo)
{
    return cuckoo->newer.size != 0;
}

static uint64_t *place_of(struct cuckoo *cuckoo, uint64_t key, unsigned way)
{
    const uint64_t at = hash(key, cuckoo->now.generation, way) & (cuckoo->older.size - 1);
    if (at >= cuckoo->now.moved[way])
        return &cuckoo->older.entry[way][at];
    return &cuckoo->newer.entry[way][hash(key, cuckoo->now.generation + 1, way) & (cuckoo->newer.size - 1)];
}

static bool wait_for_place(struct entry_table *table, uint64_t entry)
{
    struct cuckoo *cuckoo = table->body;
    if (cuckoo->homeless_count == cuckoo->homeless_room) {
        const size_t old = cuckoo->homeless_room;
        const size_t room = old == 0 ? 16 : 2 * old;
        uint64_t *homeless =
            arena_grow(table->arena, cuckoo->homeless, old * sizeof *homeless, room * sizeof *homeless);
        if (homeless == NULL)
            return false;
        cuckoo->homeless = homeless;
        cuckoo->homeless_room = room;
    }
    cuckoo->homeless[cuckoo->homeless_count++] = entry;
    return true;
}

/* Puts an entry into a way, and what it puts out into others; false when out of memory. */
static bool house(struct entry_table *table, uint64_t entry, unsigned way)
{
    struct cuckoo *cuckoo = table->body;
    assert(cuckoo->way_count >= 2);
    for (unsigned tries = 0; tries < TABLE_CUCKOO_TRIES; tries++) {
        uint64_t *place = place_of(cuckoo, (entry >> TABLE_MASK_BITS) - 1, way);
        const uint64_t out = *place;
        *place = entry;
        if (out == 0)
            return true;
        entry = out;
        table->displaced++;
        way = (way + 1 + random_below(&cuckoo->random, cuckoo->way_count - 1)) % cuckoo->way_count;
    }
    return wait_for_place(table, entry);
}

static bool begin_to_grow(struct entry_table *table)
{
    struct cuckoo *cuckoo = table->body;
    table->resizes++;
    if (cuckoo->now.generation + 1 == GENERATIONS_MAX)
        return false;
    place_ways(table, &cuckoo->newer, 2 * cuckoo->older.size, cuckoo->now.generation + 1);
    return allocate_ways(table, &cuckoo->newer);
}

static void end_growth(struct entry_table *table)
{
    struct cuckoo *cuckoo = table->body;
    for (unsigned w = 0; w < cuckoo->way_count; w++)
        entry_table_drop(table, cuckoo->older.size * table->spec.sizes.entry_bytes);
    table->slots -= cuckoo->way_count * cuckoo->older.size;
    cuckoo->older = cuckoo->newer;
    memset(&cuckoo->newer, 0, sizeof cuckoo->newer);
    cuckoo->now.generation++;
    memset(cuckoo->now.moved, 0, sizeof cuckoo->now.moved);
}

/* The mark of one way passes one entry, which moves if there is one; false when out of memory. */
static bool step_mark(struct entry_table *table)
{
    struct cuckoo *cuckoo = table->body;
    uint64_t *const moved = cuckoo->now.moved;
    unsigned way = 0;
    for (unsigned w = 1; w < cuckoo->way_count; w++)
        if (moved[w] < moved[way])
            way = w;
    uint64_t *place = &cuckoo->older.entry[way][moved[way]++];
    const uint64_t entry = *place;
    *place = 0;
    if (entry != 0) {
        table->moved++;
        if (!house(table, entry, way))
            return false;
    }
    if (way + 1 == cuckoo->way_count && moved[way] == cuckoo->older.size)
        end_growth(table);
    return true;
}

static bool add_entry(struct entry_table *table, uint64_t entry)
{
    struct cuckoo *cuckoo = table->body;
    const uint32_t load_percent = table->spec.sizes.load_percent;
    table->entries++;
    if (!house(table, entry, random_below(&cuckoo->random, cuckoo->way_count)))
        return false;
    if (!is_growing(cuckoo) && 100 * table->entries > load_percent * table->slots && !begin_to_grow(table))
        return false;
    for (uint32_t i = 0; i < (100 + load_percent - 1) / load_percent && is_growing(cuckoo); i++)
        if (!step_mark(table))
            return false;
    while (cuckoo->homeless_count > 0) {
        const uint64_t waiting = cuckoo->homeless[--cuckoo->homeless_count];
        if (!is_growing(cuckoo) && !begin_to_grow(table))
            return false;
        if (!step_mark(table) || !house(table, waiting, random_below(&cuckoo->random, cuckoo->way_count)))
            return false;
    }
    return true;
}

static enum entry_table_result touch(struct entry_table *table, uint64_t page, uint32_t position)
{
    struct cuckoo *cuckoo = table->body;
    const uint64_t key = table_key_of(table, page);
    for (unsigned w = 0; w < cuckoo->way_count; w++) {
        uint64_t *entry = place_of(cuckoo, key, w);
        if (table_entry_is(*entry, key)) {
            table_map(table, entry, page);
            return TABLE_DONE;
        }
    }
    if (!add_entry(table, table_entry(key) | table_page_bit(table, page)))
        return TABLE_OUT_OF_MEMORY;
    table->longest = cuckoo->way_count;
    entry_table_place_page(table);
    cuckoo->now.position = position;
    assert(cuckoo->stage_count < REQUEST_POSITIONS);
    cuckoo->stage[cuckoo->stage_count++] = cuckoo->now;
    return TABLE_DONE;
}

static void begin_block(struct entry_table *table)
{
    struct cuckoo *cuckoo = table->body;
    cuckoo->before = cuckoo->now;
    cuckoo->stage_count = 0;
}

/* How the table looked to a request. */
static const struct stage *stage_at(const struct cuckoo *cuckoo, uint32_t position)
{
    size_t first = 0;
    size_t end = cuckoo->stage_count;
    while (first < end) {
        const size_t middle = first + (end - first) / 2;
        if (cuckoo->stage[middle].position <= position)
            first = middle + 1;
        else
            end = middle;
    }
    return first == 0 ? &cuckoo->before : &cuckoo->stage[first - 1];
}

static void read(const struct entry_table *table, uint64_t page, uint32_t position, struct table_reads *reads)
{
    const struct cuckoo *cuckoo = table->body;
    const struct stage *stage = stage_at(cuckoo, position);
    const uint64_t size = (uint64_t)table->spec.sizes.entries << stage->generation;
    const uint64_t key = table_key_of(table, page);
    for (unsigned w = 0; w < cuckoo->way_count; w++) {
        uint32_t generation = stage->generation;
        uint64_t at = hash(key, generation, w) & (size - 1);
        if (at < stage->moved[w])
            at = hash(key, ++generation, w) & (2 * size - 1);
        table_add_read(reads, cuckoo->address[generation][w] + at * table->spec.sizes.entry_bytes);
    }
}

/* All ways that there ever were: a half, a quarter and so on of those that there are. */
static uint64_t bytes(const struct entry_table *table)
{
    return sizeof(struct cuckoo) + REQUEST_POSITIONS * sizeof(struct stage) + 2 * table->slots * sizeof(uint64_t);
}

const struct table_kind cuckoo_table = {
    .create = create, .start = start, .touch = touch, .read = read, .begin_block = begin_block, .bytes = bytes};
