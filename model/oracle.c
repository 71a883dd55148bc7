/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The model, one access at a time. The sections are those of the definitions ("1. Accesses and lookups" to "4. Cycles")
 * and the comments in quotes are their words. Nothing here is fast: every way of a set is looked at, every way keeps
 * the times of its last fill and use, and a set's ways never change places.
 *
 * Decided here, where the definitions are silent:
 * - In one address space a page's size and number name an entry of a translation buffer.
 * - What is evicted goes to the lower array that serves the kind of the lookup that caused the eviction, and the evicted
 *   page's size. An entry that is there already is hit, by the rules of the array's policy. Where a lookup evicts from
 *   several levels, the lowest goes first.
 * - A machine or an `only` that leaves no access gives zeros, root table included.
 * - A table, too, begins at a frame and takes whole frames.
 *
 * Out of memory ends the program: only tests link this.
 */
#include "model/oracle.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/address_space.h"
#include "model/random.h"

enum { LEVELS = 3 }; /* of translation buffers */

static void *zeroed(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL)
        abort();
    return memory;
}

/* ---- 2. Translation buffers: one array ----
 *
 * Sets of ways with a replacement policy. What it remembers are keys: page numbers in a TLB; walk caches and memory
 * caches are LRU arrays of prefixes and of line numbers.
 */

/* A page as a key: log2 of its size above its number. */
enum { SIZE_SHIFT = 58 };

static uint64_t page_key(uint64_t va, uint64_t page_bytes)
{
    return va / page_bytes | (uint64_t)__builtin_ctzll(page_bytes) << SIZE_SHIFT;
}

static uint64_t size_of_key(uint64_t key)
{
    return UINT64_C(1) << (key >> SIZE_SHIFT);
}

struct way {
    bool valid;
    uint64_t key;
    uint64_t filled; /* time of the fill */
    uint64_t used;   /* time of the last hit or fill */
    uint64_t count;  /* lfu: 1 + hits */
    unsigned old;    /* nru: 0 on hit and fill */
    unsigned far;    /* srrip: 0 to 3 */
};

struct array {
    struct geometry geometry;
    enum policy policy;
    enum tlb_index index;
    struct way *way; /* [set * ways + way] */
    bool *right;     /* plru: [set * ways + node]; node 1 is the root, the children of n are 2n (left) and 2n + 1 */
    uint64_t random; /* state of its own generator */
    uint64_t time;   /* hits and fills so far */
    uint64_t hits;
};

static struct array array_create(struct geometry geometry, enum policy policy, enum tlb_index index, uint64_t random)
{
    const size_t ways = (size_t)geometry.sets * geometry.ways;
    return (struct array){
        .geometry = geometry,
        .policy = policy,
        .index = index,
        .way = zeroed(ways, sizeof(struct way)),
        .right = zeroed(ways, sizeof(bool)),
        .random = random,
    };
}

static void array_free(struct array *array)
{
    free(array->way);
    free(array->right);
}

/* "Set = page number mod sets [...]. `index = xor` takes the XOR of all consecutive log2(sets)-bit fields." */
static size_t array_set(const struct array *array, uint64_t entry)
{
    const uint64_t key = entry % (UINT64_C(1) << SIZE_SHIFT);
    const uint64_t sets = array->geometry.sets;
    if (array->index == INDEX_MODULO || sets == 1)
        return (size_t)(key % sets);
    uint64_t set = 0;
    for (uint64_t rest = key; rest != 0; rest /= sets)
        set ^= rest % sets;
    return (size_t)set;
}

static struct way *set_ways(const struct array *array, size_t set)
{
    return array->way + set * array->geometry.ways;
}

/* "Hits and fills turn every bit on the path away from the way." */
static void plru_turn_away(bool *right, uint32_t ways, uint32_t way)
{
    uint32_t node = 1;
    for (uint32_t half = ways / 2; half >= 1; half /= 2) {
        const bool way_is_right = (way & half) != 0;
        right[node] = !way_is_right;
        node = 2 * node + way_is_right;
    }
}

/* "The victim follows the bits, 0 = left." */
static uint32_t plru_victim(const bool *right, uint32_t ways)
{
    uint32_t node = 1;
    uint32_t way = 0;
    for (uint32_t half = ways / 2; half >= 1; half /= 2) {
        way += right[node] ? half : 0;
        node = 2 * node + right[node];
    }
    return way;
}

/* "Victim is the lowest way with 1; if there is none, set all to 1 and search again." */
static uint32_t nru_victim(struct way *way, uint32_t ways)
{
    for (;;) {
        for (uint32_t w = 0; w < ways; w++)
            if (way[w].old == 1)
                return w;
        for (uint32_t w = 0; w < ways; w++)
            way[w].old = 1;
    }
}

/* "Victim is the lowest way at 3; if there is none, add 1 to all and search again." */
static uint32_t srrip_victim(struct way *way, uint32_t ways)
{
    for (;;) {
        for (uint32_t w = 0; w < ways; w++)
            if (way[w].far == 3)
                return w;
        for (uint32_t w = 0; w < ways; w++)
            way[w].far++;
    }
}

static uint32_t lru_victim(const struct way *way, uint32_t ways)
{
    uint32_t victim = 0;
    for (uint32_t w = 1; w < ways; w++)
        if (way[w].used < way[victim].used)
            victim = w;
    return victim;
}

static uint32_t fifo_victim(const struct way *way, uint32_t ways)
{
    uint32_t victim = 0;
    for (uint32_t w = 1; w < ways; w++)
        if (way[w].filled < way[victim].filled)
            victim = w;
    return victim;
}

/* "Least count, ties to the least recently used." */
static uint32_t lfu_victim(const struct way *way, uint32_t ways)
{
    uint32_t victim = 0;
    for (uint32_t w = 1; w < ways; w++)
        if (way[w].count < way[victim].count || (way[w].count == way[victim].count && way[w].used < way[victim].used))
            victim = w;
    return victim;
}

/* The way that a full set gives up. */
static uint32_t array_victim(struct array *array, size_t set)
{
    struct way *way = set_ways(array, set);
    const uint32_t ways = array->geometry.ways;
    switch (array->policy) {
    case POLICY_LRU:
        return lru_victim(way, ways);
    case POLICY_FIFO:
        return fifo_victim(way, ways);
    case POLICY_LFU:
        return lfu_victim(way, ways);
    case POLICY_PLRU:
        return plru_victim(array->right + set * ways, ways);
    case POLICY_NRU:
        return nru_victim(way, ways);
    case POLICY_SRRIP:
        return srrip_victim(way, ways);
    case POLICY_RANDOM:
        return random_below(&array->random, ways);
    }
    abort();
}

/* The way that holds `key`, or NULL. Changes nothing. */
static struct way *array_find(const struct array *array, uint64_t key)
{
    struct way *way = set_ways(array, array_set(array, key));
    for (uint32_t w = 0; w < array->geometry.ways; w++)
        if (way[w].valid && way[w].key == key)
            return &way[w];
    return NULL;
}

/* What the policies remember of a hit: all of it is kept, and each policy asks for its part. */
static void array_hit(struct array *array, struct way *hit)
{
    const uint32_t ways = array->geometry.ways;
    const size_t set = array_set(array, hit->key);
    hit->used = ++array->time;
    hit->count++;
    hit->old = 0;
    hit->far = 0;
    if (array->policy == POLICY_PLRU)
        plru_turn_away(array->right + set * ways, ways, (uint32_t)(hit - set_ways(array, set)));
}

/* Puts `key`, which is not there, into its set: "an empty way is filled first, lowest way first; then a victim is
 * chosen". Returns whether a victim had to leave, and its key. */
static bool array_fill(struct array *array, uint64_t key, uint64_t *evicted)
{
    const uint32_t ways = array->geometry.ways;
    const size_t set = array_set(array, key);
    struct way *way = set_ways(array, set);

    uint32_t place = 0;
    while (place < ways && way[place].valid)
        place++;
    const bool full = place == ways;
    if (full) {
        place = array_victim(array, set);
        *evicted = way[place].key;
    }

    array->time++;
    way[place] = (struct way){
        .valid = true,
        .key = key,
        .filled = array->time,
        .used = array->time,
        .count = 1,
        .old = 0,
        .far = 2,
    };
    if (array->policy == POLICY_PLRU)
        plru_turn_away(array->right + set * ways, ways, place);
    return full;
}

/* ---- The whole machine ---- */

/* What has a place in physical memory: a page (of the page's number), or a table of a level below the root (of the
 * number of the region that it maps, which is the region of the one entry above that points to it). Hashed, linear
 * probing. */
struct placed {
    bool used;
    unsigned level; /* PLACED_PAGE or a table's */
    uint64_t number;
    uint64_t address;
};

enum {
    PLACED_PAGE = PAGE_TABLE_LEVELS_MAX,
    PLACED_LEAF,     /* the smallest page that a touched byte is in; the rest is of pages of several sizes */
    PLACED_RANGE,    /* of a huge page's size: touched; `address` says how many base pages are mapped in it */
    PLACED_HUGE,     /* a range that is a huge page */
    PLACED_BASE,     /* a range that keeps base pages */
    PLACED_LOOKED_UP /* a page that has been looked up */
};

struct model {
    const struct machine *machine;
    const struct page_table_format *format;
    struct counters *counters;

    struct array tlb[MACHINE_ARRAYS_MAX];           /* as machine->array */
    struct array walk_cache[PAGE_TABLE_LEVELS_MAX]; /* as machine->walk_cache; without sets where absent */
    struct array cache[MACHINE_CACHES];             /* the same */

    struct placed *placed;
    size_t placed_count;
    size_t placed_capacity; /* a power of two */
    uint64_t root_address;
    uint64_t next_frame;
};

/* ---- 3. Page tables and walks: placement ---- */

static struct placed *placed_slot(const struct model *model, unsigned level, uint64_t number)
{
    size_t i = (size_t)((number * (PLACED_LOOKED_UP + 1) + level) * UINT64_C(0x9e3779b97f4a7c15) >> 20);
    for (;; i++) {
        struct placed *slot = &model->placed[i & (model->placed_capacity - 1)];
        if (!slot->used || (slot->level == level && slot->number == number))
            return slot;
    }
}

static void placed_add(struct model *model, unsigned level, uint64_t number, uint64_t address)
{
    if (model->placed_count == model->placed_capacity / 2) {
        struct placed *old = model->placed;
        const size_t old_capacity = model->placed_capacity;
        model->placed_capacity *= 2;
        model->placed = zeroed(model->placed_capacity, sizeof(struct placed));
        for (size_t i = 0; i < old_capacity; i++)
            if (old[i].used)
                *placed_slot(model, old[i].level, old[i].number) = old[i];
        free(old);
    }
    *placed_slot(model, level, number) = (struct placed){true, level, number, address};
    model->placed_count++;
}

/* "Frames [...] in units of the smallest leaf." */
static uint64_t frame_bytes(const struct model *model)
{
    return UINT64_C(1) << model->format->page_shift;
}

/* The number of the region that the table of `level`, on the path to `va`, maps. */
static uint64_t table_number(const struct model *model, unsigned level, uint64_t va)
{
    return va >> page_table_shift(model->format, level - 1);
}

/* The level of the leaves that map pages of a size. */
static unsigned leaf_level_of(const struct model *model, uint64_t page_bytes)
{
    struct err err;
    unsigned level = 0;
    if (!page_table_leaf_level(model->format, page_bytes, &level, &err))
        abort();
    return level;
}

/* "[Its] tables, root first, each one table's size." Returns the new table's address. */
static uint64_t place_table(struct model *model, unsigned level)
{
    const uint64_t bytes = (UINT64_C(1) << model->format->level[level].bits) * model->format->entry_bytes;
    const uint64_t frames = (bytes + frame_bytes(model) - 1) / frame_bytes(model);
    const uint64_t address = model->next_frame * frame_bytes(model);
    model->next_frame += frames;
    model->counters->page_table_bytes += bytes;
    model->counters->frames_page_table += frames;
    return address;
}

/* "Frames are numbered upward from 0 at a page's first lookup [...] in program order: the root at the start; then for a
 * new page its missing tables, root first, each one table's size; then the page, aligned to its size." */
static void place_tables(struct model *model, uint64_t va, uint64_t page_bytes)
{
    for (unsigned level = 1; level <= leaf_level_of(model, page_bytes); level++) {
        const uint64_t number = table_number(model, level, va);
        if (!placed_slot(model, level, number)->used)
            placed_add(model, level, number, place_table(model, level));
    }
}

static void place_frames(struct model *model, uint64_t page_bytes)
{
    const uint64_t frames = page_bytes / frame_bytes(model);
    model->next_frame = (model->next_frame + frames - 1) / frames * frames;
    model->next_frame += frames;
}

/* The first time, true. */
static bool place_once(struct model *model, unsigned what, uint64_t number)
{
    if (placed_slot(model, what, number)->used)
        return false;
    placed_add(model, what, number, 0);
    return true;
}

static void place_page(struct model *model, uint64_t va, uint64_t page_bytes)
{
    if (!place_once(model, PLACED_PAGE, page_key(va, page_bytes)))
        return;
    place_tables(model, va, page_bytes);
    place_frames(model, page_bytes);
    model->counters->frames_mapped += page_bytes / frame_bytes(model);
}

/* ---- Pages of several sizes ---- */

/* Empties the ways that hold something in the range: `unit_bytes` times the number of each is an address. */
static void forget_in(struct array *array, uint64_t first, uint64_t bytes, uint64_t unit_bytes, uint64_t size_key)
{
    for (size_t w = 0; w < (size_t)array->geometry.sets * array->geometry.ways; w++) {
        struct way *way = &array->way[w];
        const uint64_t address = way->key % (UINT64_C(1) << SIZE_SHIFT) * unit_bytes;
        if (way->valid && way->key >> SIZE_SHIFT == size_key && address >= first && address - first < bytes)
            way->valid = false;
    }
}

/* "The base pages' entries [...] leave every TLB, and the entries above them every walk cache." */
static void forget_range(struct model *model, uint64_t va)
{
    const struct machine *machine = model->machine;
    const uint64_t huge = machine->huge_size_bytes;
    const uint64_t base = machine->page_size_bytes;
    for (unsigned a = 0; a < machine->array_count; a++)
        forget_in(&model->tlb[a], va - va % huge, huge, base, page_key(0, base) >> SIZE_SHIFT);
    for (unsigned level = 0; level < machine->leaf_level; level++) {
        const uint64_t covered = UINT64_C(1) << page_table_shift(model->format, level);
        if (machine->walk_cache[level].entries != 0 && covered <= huge)
            forget_in(&model->walk_cache[level], va - va % huge, huge, covered, 0);
    }
}

/* khugepaged, reserve: a base page more is mapped; is that enough? Those of a reservation have their
 * places in it; reservations and huge pages made of base pages are not among the frames that are numbered here. */
static bool enough_pages(struct model *model, uint64_t va)
{
    const struct machine *machine = model->machine;
    const uint64_t pages = machine->huge_size_bytes / machine->page_size_bytes;
    const bool reserves = machine->page_policy == PAGES_RESERVE;
    if (reserves)
        place_tables(model, va, machine->page_size_bytes);
    else
        place_page(model, va, machine->page_size_bytes);
    uint64_t *mapped = &placed_slot(model, PLACED_RANGE, va / machine->huge_size_bytes)->address;
    ++*mapped;
    if (!reserves)
        return *mapped >= machine->promote_pages;
    model->counters->frames_mapped += machine->page_size_bytes / frame_bytes(model);
    return (unsigned __int128)*mapped * 100 >= (unsigned __int128)pages * machine->reserve_percent;
}

static void promote(struct model *model, uint64_t va)
{
    const struct machine *machine = model->machine;
    const uint64_t number = va / machine->huge_size_bytes;
    placed_add(model, PLACED_HUGE, number, 0);
    model->counters->promotions++;
    model->counters->promotion_cycles += machine->promote_cycles;
    model->counters->frames_mapped += machine->huge_size_bytes / frame_bytes(model);
    model->counters->frames_mapped -=
        placed_slot(model, PLACED_RANGE, number)->address * (machine->page_size_bytes / frame_bytes(model));
    forget_range(model, va);
}

static uint64_t size_in_ranges(const struct machine *machine, uint64_t va)
{
    for (unsigned i = 0; i < machine->range_count; i++)
        if (va >= machine->range[i].first && va <= machine->range[i].last)
            return machine->range[i].page_size_bytes;
    return machine->page_size_bytes;
}

/* The policies with huge pages. Where there are base pages, they are mapped here. */
static uint64_t size_in_range(struct model *model, enum kinds kind, uint64_t va)
{
    const struct machine *machine = model->machine;
    const uint64_t number = va / machine->huge_size_bytes;
    if (place_once(model, PLACED_RANGE, number)) {
        if (kind == KINDS_INSTRUCTIONS && machine->huge_kinds == KINDS_DATA)
            placed_add(model, PLACED_BASE, number, 0);
        else if (machine->page_policy == PAGES_THP)
            placed_add(model, PLACED_HUGE, number, 0);
    }
    if (placed_slot(model, PLACED_HUGE, number)->used)
        return machine->huge_size_bytes;
    if (placed_slot(model, PLACED_BASE, number)->used)
        return machine->page_size_bytes;
    if (placed_slot(model, PLACED_LOOKED_UP, page_key(va, machine->page_size_bytes))->used || !enough_pages(model, va))
        return machine->page_size_bytes;
    promote(model, va);
    return machine->huge_size_bytes;
}

/* The size of the page that maps the address from now on; all that is new is placed. */
static uint64_t map_page(struct model *model, enum kinds kind, uint64_t va)
{
    const struct machine *machine = model->machine;
    uint64_t page_bytes = machine->page_size_bytes;
    if (machine->page_policy == PAGES_RANGES)
        page_bytes = size_in_ranges(machine, va);
    else if (machine->page_policy != PAGES_UNIFORM)
        page_bytes = size_in_range(model, kind, va);
    const bool filled = machine->page_policy == PAGES_KHUGEPAGED || machine->page_policy == PAGES_RESERVE;
    if (!filled || placed_slot(model, PLACED_BASE, va / machine->huge_size_bytes)->used)
        place_page(model, va, page_bytes);
    if (place_once(model, PLACED_LOOKED_UP, page_key(va, page_bytes))) {
        model->counters->pages_touched++;
        ++*address_space_pages_counter(model->format, leaf_level_of(model, page_bytes), model->counters);
    }
    return page_bytes;
}

/* The physical address of the entry of `level` that the walk to `va` reads. */
static uint64_t entry_address(const struct model *model, unsigned level, uint64_t va)
{
    const struct page_table_format *format = model->format;
    uint64_t table = model->root_address;
    if (level > 0) {
        const struct placed *placed = placed_slot(model, level, table_number(model, level, va));
        assert(placed->used);
        table = placed->address;
    }
    const uint64_t entries = UINT64_C(1) << format->level[level].bits;
    const uint64_t index = (va >> page_table_shift(format, level)) % entries;
    return table + index * format->entry_bytes;
}

/* ---- 3. Page tables and walks: the cost of a read ---- */

static uint64_t read_cost(struct model *model, uint64_t address)
{
    const struct machine *machine = model->machine;
    if (machine->memory_model == MEMORY_FIXED)
        return machine->fixed_cycles;

    uint64_t *const served[MACHINE_CACHES] = {
        &model->counters->cache_l1d_hits,
        &model->counters->cache_l2_hits,
        &model->counters->cache_l3_hits,
    };
    for (unsigned c = 0; c < MACHINE_CACHES; c++) {
        if (machine->cache[c].geometry.entries == 0)
            continue;
        const uint64_t line = address / machine->cache[c].line_bytes;
        struct way *hit = array_find(&model->cache[c], line);
        if (hit != NULL) {
            array_hit(&model->cache[c], hit);
            ++*served[c];
            return machine->cache[c].hit_cycles;
        }
        uint64_t evicted; /* and forgotten */
        array_fill(&model->cache[c], line, &evicted);
    }
    model->counters->cache_dram++;
    return machine->dram_cycles;
}

/* ---- 3. Page tables and walks: a walk ---- */

static void walk(struct model *model, uint64_t va, uint64_t page_bytes)
{
    const struct machine *machine = model->machine;
    struct counters *counters = model->counters;
    const unsigned leaf = leaf_level_of(model, page_bytes);

    /* "[It] reads the run's first entry": the one that maps the page's first byte. */
    const uint64_t page = va - va % page_bytes;

    /* "The deepest that has the entry wins, is made most recent, and counts one hit; the walk reads only what lies
     * below it." Levels from the leaf's on hold no entry in their caches: a leaf is never filled. */
    unsigned first = 0;
    for (unsigned level = leaf; level-- > 0 && first == 0;) {
        if (machine->walk_cache[level].entries == 0)
            continue;
        struct array *cache = &model->walk_cache[level];
        struct way *hit = array_find(cache, page >> page_table_shift(model->format, level));
        if (hit == NULL)
            continue;
        array_hit(cache, hit);
        cache->hits++;
        first = level + 1;
    }

    uint64_t cycles = machine->walker_setup_cycles;
    for (unsigned level = first; level <= leaf; level++) {
        counters->walk_refs++;
        cycles += read_cost(model, entry_address(model, level, page));
        /* "Every non-leaf entry that the walk reads is filled into its cache." */
        uint64_t evicted; /* and forgotten */
        if (level < leaf && machine->walk_cache[level].entries != 0)
            array_fill(&model->walk_cache[level], page >> page_table_shift(model->format, level), &evicted);
    }

    counters->walks++;
    counters->walk_cycles += cycles;
    if (cycles > counters->longest_walk_cycles)
        counters->longest_walk_cycles = cycles;
}

/* ---- 2. Translation buffers: the levels ---- */

/* What a lookup of one kind sees of a level. */
struct level {
    bool present;        /* has the machine an array at this level, of whatever kind and size? */
    struct array *array; /* the one that serves the kind and the page size, or NULL */
    bool victim;         /* takes only what a level above it evicts */
};

/* level[1] to level[LEVELS]. "`fill = victim` on a level [...] (or this one, where no array above serves the size)":
 * without a serving array above it, a victim array is filled as any other. */
static void levels_of(struct model *model, enum kinds kind, uint64_t page_bytes, struct level *level)
{
    const struct machine *machine = model->machine;
    bool served_above = false;
    for (unsigned n = 1; n <= LEVELS; n++) {
        level[n] = (struct level){0};
        for (unsigned a = 0; a < machine->array_count; a++)
            if (machine->array[a].level == n)
                level[n].present = true;
        const struct tlb_array *found = machine_array(machine, n, kind, page_bytes);
        if (found == NULL)
            continue;
        level[n].array = &model->tlb[found - machine->array];
        level[n].victim = found->fill == FILL_VICTIM && served_above;
        served_above = true;
    }
}

/* `page` was evicted from level `from`: "what the level above evicts is inserted here (if present, made most recent)".
 * Here is the nearest level below that serves the lookup, if it is a victim level; what it evicts goes on in the same
 * way. */
static void evicted_from(struct model *model, enum kinds kind, unsigned from, uint64_t page)
{
    struct level level[1 + LEVELS];
    levels_of(model, kind, size_of_key(page), level);
    unsigned n = from + 1;
    while (n <= LEVELS && level[n].array == NULL)
        n++;
    if (n > LEVELS || !level[n].victim)
        return;
    struct way *there = array_find(level[n].array, page);
    uint64_t evicted;
    if (there != NULL)
        array_hit(level[n].array, there);
    else if (array_fill(level[n].array, page, &evicted))
        evicted_from(model, kind, n, evicted);
}

static void count_tlb(struct counters *counters, unsigned n, enum kinds kind, bool hit)
{
    if (n == 1 && kind == KINDS_INSTRUCTIONS)
        ++*(hit ? &counters->l1i_hits : &counters->l1i_misses);
    if (n == 1 && kind == KINDS_DATA)
        ++*(hit ? &counters->l1d_hits : &counters->l1d_misses);
    if (n == 2)
        ++*(hit ? &counters->l2_hits : &counters->l2_misses);
    if (n == 3)
        ++*(hit ? &counters->l3_hits : &counters->l3_misses);
}

/* Returns the size of the page. */
static uint64_t lookup(struct model *model, enum kinds kind, uint64_t va)
{
    assert(page_table_expresses(model->format, va));
    const uint64_t page_bytes = map_page(model, kind, va);
    const uint64_t page = page_key(va, page_bytes);
    model->counters->lookups++;

    /* "A lookup asks level 1; a miss asks level 2; and so on; a miss in the last level is a walk." */
    struct level level[1 + LEVELS];
    levels_of(model, kind, page_bytes, level);
    unsigned n;
    for (n = 1; n <= LEVELS; n++) {
        if (!level[n].present)
            continue;
        struct way *hit = level[n].array == NULL ? NULL : array_find(level[n].array, page);
        count_tlb(model->counters, n, kind, hit != NULL);
        if (hit != NULL) {
            array_hit(level[n].array, hit);
            level[n].array->hits++;
            if (level[n].victim) /* "A hit takes the entry out and moves it up." */
                hit->valid = false;
            break;
        }
    }
    if (n > LEVELS)
        walk(model, va, page_bytes);

    /* "The translation then fills every level that missed", those above level n; but victim levels only from above. */
    for (unsigned missed = n; missed-- > 1;) { /* the lowest first */
        uint64_t evicted;
        if (level[missed].array != NULL && !level[missed].victim && array_fill(level[missed].array, page, &evicted))
            evicted_from(model, kind, missed, evicted);
    }
    return page_bytes;
}

/* ---- 1. Accesses and lookups ---- */

/* "touched_bytes [...] in units of the smallest leaf." */
static void touch_leaves(struct model *model, uint64_t va, uint64_t last_byte)
{
    for (uint64_t leaf = va / frame_bytes(model); leaf <= last_byte / frame_bytes(model); leaf++)
        if (place_once(model, PLACED_LEAF, leaf))
            model->counters->touched_bytes += frame_bytes(model);
}

static void one_access(struct model *model, uint64_t va, uint16_t meta)
{
    struct counters *counters = model->counters;
    const enum kinds kind = access_is_fetch(meta) ? KINDS_INSTRUCTIONS : KINDS_DATA;

    counters->accesses++;
    counters->loads += access_kind(meta) == ACCESS_LOAD;
    counters->stores += access_kind(meta) == ACCESS_STORE;
    counters->modifies += access_kind(meta) == ACCESS_MODIFY;

    /* "Start at va; look up the page that maps the current address; go on at that page's end until the access is
     * covered." */
    const uint64_t last_byte = va + (access_size_bytes(meta) - 1);
    if (model->machine->page_policy != PAGES_UNIFORM)
        touch_leaves(model, va, last_byte);
    uint64_t address = va;
    for (;;) {
        const uint64_t last_of_page = address | (lookup(model, kind, address) - 1);
        if (last_byte <= last_of_page)
            return;
        counters->page_crossings++;
        address = last_of_page + 1;
    }
}

/* ---- 4. Cycles, and what is counted in the arrays ---- */

static void finish(struct model *model)
{
    const struct machine *machine = model->machine;
    struct counters *counters = model->counters;

    counters->translation_cycles = counters->walk_cycles + counters->promotion_cycles;
    for (unsigned a = 0; a < machine->array_count; a++)
        if (machine->array[a].level > 1)
            counters->translation_cycles += model->tlb[a].hits * machine->array[a].hit_cycles;

    if (machine->page_policy != PAGES_UNIFORM)
        counters->bloat_bytes = counters->frames_mapped * frame_bytes(model) - counters->touched_bytes;

    const uint64_t walkers = machine->walker_count;
    const uint64_t shared_out = (counters->walk_cycles + walkers - 1) / walkers;
    counters->translation_cycles_min =
        shared_out > counters->longest_walk_cycles ? shared_out : counters->longest_walk_cycles;

    for (unsigned level = 0; level < PAGE_TABLE_LEVELS_MAX; level++) {
        if (machine->walk_cache[level].entries == 0)
            continue;
        char name[64];
        snprintf(name, sizeof name, "%s_hits", model->format->level[level].entry);
        *counter_named(counters, name) = model->walk_cache[level].hits;
    }
}

/* ---- A run ---- */

static void start(struct model *model, const struct configuration *configuration, struct counters *counters)
{
    const struct machine *machine = &configuration->machine;
    *model = (struct model){.machine = machine, .format = machine->format, .counters = counters};

    for (unsigned a = 0; a < machine->array_count; a++) {
        const struct tlb_array *array = &machine->array[a];
        model->tlb[a] =
            array_create(array->geometry, array->policy, array->index, random_seed(configuration->seed, array->name));
    }
    for (unsigned level = 0; level < PAGE_TABLE_LEVELS_MAX; level++)
        if (machine->walk_cache[level].entries != 0)
            model->walk_cache[level] = array_create(machine->walk_cache[level], POLICY_LRU, INDEX_MODULO, 0);
    for (unsigned c = 0; c < MACHINE_CACHES; c++)
        if (machine->cache[c].geometry.entries != 0)
            model->cache[c] = array_create(machine->cache[c].geometry, POLICY_LRU, INDEX_MODULO, 0);

    model->placed_capacity = 1024;
    model->placed = zeroed(model->placed_capacity, sizeof(struct placed));
    model->root_address = place_table(model, 0);
}

static void stop(struct model *model)
{
    for (unsigned a = 0; a < model->machine->array_count; a++)
        array_free(&model->tlb[a]);
    for (unsigned level = 0; level < PAGE_TABLE_LEVELS_MAX; level++)
        array_free(&model->walk_cache[level]);
    for (unsigned c = 0; c < MACHINE_CACHES; c++)
        array_free(&model->cache[c]);
    free(model->placed);
}

void oracle_run(const struct configuration *configuration, const uint64_t *va, const uint16_t *meta, size_t count,
                struct counters *counters)
{
    struct model model;
    *counters = (struct counters){0};
    start(&model, configuration, counters);

    /* "`--only` [...] drops the other kind before anything else sees it"; so does a machine without a first level for
     * it;
     * "`instructions` counts every I of the trace all the same". */
    const enum kinds left = configuration->only & machine_kinds(&configuration->machine);
    for (size_t i = 0; i < count; i++) {
        counters->instructions += access_is_fetch(meta[i]);
        if (left & (access_is_fetch(meta[i]) ? KINDS_INSTRUCTIONS : KINDS_DATA))
            one_access(&model, va[i], meta[i]);
    }
    finish(&model);
    stop(&model);

    /* "Nothing left is a row of zeros (but for `instructions`)": no root table either. */
    if (counters->accesses == 0)
        *counters = (struct counters){.instructions = counters->instructions};
}
