/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The model, one access at a time. The sections are those of the definitions ("1. Accesses and lookups" to "4. Cycles")
 * and the comments in quotes are their words. Nothing here is fast: every way of a set is looked at, every way keeps
 * the times of its last fill and use, and a set's ways never change places.
 *
 * Decided here, where the definitions are silent:
 * - In one address space of one page size the page number alone names an entry of a translation buffer.
 * - What is evicted goes to the lower array that serves the kind of the lookup that caused the eviction. An entry that
 *   is there already is hit, by the rules of the array's policy.
 * - A machine or an `only` that leaves no access gives zeros, root table included.
 * - A table, too, begins at a frame and takes whole frames.
 * - What an entry of several pages covers is seen with the lookup that fills it, from whichever level: which of the
 *   group's pages are mapped then, and where.
 * - A sector that is there takes in what a fill makes valid, which is a hit to the policy. What coalesces is a new entry;
 *   those that it covers whole are taken out before.
 *
 * Out of memory ends the program: only tests link this.
 */
#include "model/oracle.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* What a PDE's prefix is marked with in an array that holds pages, too; page numbers are shorter. */
#define PDE_KEY (UINT64_C(1) << 63)

struct way {
    bool valid;
    uint64_t key;
    uint64_t filled;              /* time of the fill */
    uint64_t used;                /* time of the last hit or fill */
    uint64_t count;               /* lfu: 1 + hits */
    unsigned old;                 /* nru: 0 on hit and fill */
    unsigned far;                 /* srrip: 0 to 3 */
    bool page[MACHINE_COVER_MAX]; /* entries of several pages: which of the key's group it covers */
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
static size_t array_set(const struct array *array, uint64_t key)
{
    key &= ~PDE_KEY;
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

enum { PLACED_PAGE = PAGE_TABLE_LEVELS_MAX };

/* The distance prefetcher's table, by distance mod rows. */
struct distance_row {
    bool valid;
    uint64_t distance;
    uint64_t next[PREFETCH_DEGREE_MAX]; /* the most recent first */
    unsigned known;
};

/* What the prefetcher has seen, each kind for itself, and the buffer. */
struct predictor {
    unsigned seen[KINDS_ALL + 1]; /* by kind: lookups so far */
    uint64_t page[KINDS_ALL + 1];
    uint64_t distance[KINDS_ALL + 1];
    struct distance_row *row;
    struct array buffer; /* its keys are pages with their sign */
};

struct model {
    const struct machine *machine;
    const struct page_table_format *format;
    struct counters *counters;

    struct array tlb[MACHINE_ARRAYS_MAX];           /* as machine->array */
    struct array walk_cache[PAGE_TABLE_LEVELS_MAX]; /* as machine->walk_cache; without sets where absent */
    struct array cache[MACHINE_CACHES];             /* the same */

    struct placed *placed;
    struct predictor predictor;
    uint64_t pde_hits; /* in arrays of translation buffers */

    size_t placed_count;
    size_t placed_capacity; /* a power of two */
    uint64_t root_address;
    uint64_t next_frame;
};

/* ---- 3. Page tables and walks: placement ---- */

static struct placed *placed_slot(const struct model *model, unsigned level, uint64_t number)
{
    size_t i = (size_t)((number * PAGE_TABLE_LEVELS_MAX + level) * UINT64_C(0x9e3779b97f4a7c15) >> 20);
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
static void place_page(struct model *model, uint64_t va)
{
    const uint64_t page_bytes = model->machine->page_size_bytes;
    if (placed_slot(model, PLACED_PAGE, va / page_bytes)->used)
        return;

    for (unsigned level = 1; level <= model->machine->leaf_level; level++) {
        const uint64_t number = table_number(model, level, va);
        if (!placed_slot(model, level, number)->used)
            placed_add(model, level, number, place_table(model, level));
    }

    const uint64_t frames = page_bytes / frame_bytes(model);
    model->next_frame = (model->next_frame + frames - 1) / frames * frames;
    placed_add(model, PLACED_PAGE, va / page_bytes, model->next_frame * frame_bytes(model));
    model->next_frame += frames;
    model->counters->pages_touched++;
    model->counters->frames_mapped += frames;
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

/* What a walk does to the caches, and what it costs; what is counted is left to its callers. */
struct walked {
    uint64_t reads;
    uint64_t cycles;
    struct array *hit; /* the walk cache that shortened it, or NULL */
};

/* `last`, if it is not NULL, is the array of the last level that the lookup missed; it may hold PDEs. */
static struct walked walk(struct model *model, uint64_t va, struct array *last)
{
    const struct machine *machine = model->machine;
    const unsigned leaf = machine->leaf_level;
    struct walked walked = {.cycles = machine->walker_setup_cycles};

    /* "[It] reads the run's first entry": the one that maps the page's first byte. */
    const uint64_t page = va - va % machine->page_size_bytes;

    /* "The deepest that has the entry wins, is made most recent, and counts one hit; the walk reads only what lies
     * below it." Levels from the leaf's on hold no entry in their caches: a leaf is never filled. */
    unsigned first = 0;
    for (unsigned level = leaf; level-- > 0 && first == 0;) {
        const bool in_last =
            level == machine_pde_level(machine) && last != NULL && machine->array[last - model->tlb].pdes;
        if (machine->walk_cache[level].entries == 0 && !in_last)
            continue;
        struct array *cache = in_last ? last : &model->walk_cache[level];
        struct way *hit = array_find(cache, (in_last ? PDE_KEY : 0) | page >> page_table_shift(model->format, level));
        if (hit == NULL)
            continue;
        array_hit(cache, hit);
        walked.hit = cache;
        first = level + 1;
    }

    for (unsigned level = first; level <= leaf; level++) {
        walked.reads++;
        walked.cycles += read_cost(model, entry_address(model, level, page));
        /* "Every non-leaf entry that the walk reads is filled into its cache." */
        uint64_t evicted; /* and forgotten */
        if (level < leaf && machine->walk_cache[level].entries != 0)
            array_fill(&model->walk_cache[level], page >> page_table_shift(model->format, level), &evicted);
        if (level == machine_pde_level(machine) && last != NULL && machine->array[last - model->tlb].pdes)
            array_fill(last, PDE_KEY | page >> page_table_shift(model->format, level), &evicted);
    }
    return walked;
}

static void walk_for_lookup(struct model *model, uint64_t va, struct array *last)
{
    struct counters *counters = model->counters;
    const struct walked walked = walk(model, va, last);
    if (walked.hit != NULL && walked.hit == last)
        model->pde_hits++;
    else if (walked.hit != NULL)
        walked.hit->hits++;
    counters->walks++;
    counters->walk_refs += walked.reads;
    counters->walk_cycles += walked.cycles;
    if (walked.cycles > counters->longest_walk_cycles)
        counters->longest_walk_cycles = walked.cycles;
}

/* ---- Prefetching ---- */

static int64_t signed_page(const struct model *model, uint64_t va)
{
    return (int64_t)va >> __builtin_ctzll(model->machine->page_size_bytes);
}

/* The walk for a predicted page, if it is mapped: what it reads is served and cached as for any walk, but counted apart.
 */
static void prefetch_page(struct model *model, uint64_t number)
{
    struct array *buffer = &model->predictor.buffer;
    if (array_find(buffer, number) != NULL)
        return;
    const uint64_t va = number * model->machine->page_size_bytes;
    const bool exists = (uint64_t)signed_page(model, va) == number;
    if (!exists || !placed_slot(model, PLACED_PAGE, va / model->machine->page_size_bytes)->used) {
        model->counters->prefetches_unmapped++;
        return;
    }
    const struct counters before = *model->counters;
    const struct walked walked = walk(model, va, NULL);
    *model->counters = before; /* which cache served what is told of lookups' walks alone */
    model->counters->prefetches++;
    model->counters->prefetch_walk_refs += walked.reads;
    model->counters->prefetch_walk_cycles += walked.cycles;
    uint64_t evicted; /* unused */
    array_fill(buffer, number, &evicted);
}

static void prefetch(struct model *model, enum kinds kind, uint64_t page)
{
    const struct prefetch *spec = &model->machine->prefetch;
    struct predictor *predictor = &model->predictor;
    const unsigned seen = predictor->seen[kind]++;
    const uint64_t distance = page - predictor->page[kind];
    const uint64_t before = predictor->distance[kind];
    predictor->page[kind] = page;
    predictor->distance[kind] = distance;

    if (spec->kind == PREFETCH_NEXT)
        for (unsigned i = 1; i <= spec->degree; i++)
            prefetch_page(model, page + i);
    if (spec->kind == PREFETCH_STRIDE && seen >= 2 && distance == before && distance != 0)
        for (unsigned i = 1; i <= spec->degree; i++)
            prefetch_page(model, page + i * distance);
    if (spec->kind != PREFETCH_DISTANCE || seen == 0 || distance == 0)
        return;
    const struct distance_row *now = &predictor->row[distance % spec->rows];
    if (now->valid && now->distance == distance)
        for (unsigned i = 0; i < now->known; i++)
            prefetch_page(model, page + now->next[i]);
    if (seen < 2 || before == 0)
        return;

    struct distance_row *row = &predictor->row[before % spec->rows];
    if (!row->valid || row->distance != before)
        *row = (struct distance_row){.valid = true, .distance = before};
    /* The new one first, then those that were there, but for it, as far as there is room. */
    struct distance_row learnt = {.valid = true, .distance = before, .next = {distance}, .known = 1};
    for (unsigned i = 0; i < row->known && learnt.known < spec->degree; i++)
        if (row->next[i] != distance)
            learnt.next[learnt.known++] = row->next[i];
    *row = learnt;
}

/* A lookup that missed every level. */
static void miss_all(struct model *model, enum kinds kind, uint64_t va, struct array *last)
{
    if (model->machine->prefetch.kind == PREFETCH_NONE) {
        walk_for_lookup(model, va, last);
        return;
    }
    const uint64_t page = (uint64_t)signed_page(model, va);
    struct way *there = array_find(&model->predictor.buffer, page);
    if (there != NULL) {
        there->valid = false;
        model->counters->prefetch_hits++;
    } else {
        walk_for_lookup(model, va, last);
    }
    prefetch(model, kind, page);
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
static void levels_of(struct model *model, enum kinds kind, bool store, struct level *level)
{
    const struct machine *machine = model->machine;
    bool served_above = false;
    for (unsigned n = 1; n <= LEVELS; n++) {
        level[n] = (struct level){0};
        for (unsigned a = 0; a < machine->array_count; a++)
            if (machine->array[a].level == n)
                level[n].present = true;
        const struct tlb_array *found = n == 1 && store && machine_splits_data(machine)
                                            ? machine_store_array(machine, machine->page_size_bytes)
                                            : machine_array(machine, n, kind, machine->page_size_bytes);
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
static void evicted_from(struct level *level, unsigned from, uint64_t page)
{
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
        evicted_from(level, n, evicted);
}

/* ---- 2. Translation buffers: entries of several pages ---- */

/* Where the page lies, as a number of pages. */
static bool frame_of(const struct model *model, uint64_t page, uint64_t *frame)
{
    const struct placed *placed = placed_slot(model, PLACED_PAGE, page);
    *frame = placed->used ? placed->address / model->machine->page_size_bytes : 0;
    return placed->used;
}

/* Which of the group's pages a fill with `page` makes valid. */
static void find_covered(const struct model *model, const struct tlb_array *array, uint64_t page,
                         bool covered[MACHINE_COVER_MAX])
{
    const uint32_t pages = tlb_array_pages(array);
    const uint64_t first = page / pages * pages;
    uint64_t frame[MACHINE_COVER_MAX] = {0};
    bool mapped[MACHINE_COVER_MAX] = {false};
    bool whole = true;
    for (uint32_t i = 0; i < pages; i++) {
        mapped[i] = frame_of(model, first + i, &frame[i]);
        whole = whole && mapped[i] && frame[i] == frame[0] + i && frame[0] % pages == 0;
    }
    for (uint32_t i = 0; i < pages; i++) {
        if (array->sector > 1) {
            covered[i] = first + i == page || (array->sector_fill == SECTOR_FILL_ALL && mapped[i]);
            continue;
        }
        /* Is everything from the page to this one mapped side by side? */
        const uint32_t here = (uint32_t)(page - first);
        covered[i] = true;
        for (uint32_t k = i < here ? i : here; k <= (i < here ? here : i); k++)
            covered[i] = covered[i] && mapped[k] && frame[k] - frame[here] == (uint64_t)k - here;
        if (array->coalesce_rule == COALESCE_WHOLE)
            covered[i] = whole || i == here;
    }
}

static struct way *tlb_find(const struct model *model, const struct array *array, uint64_t page)
{
    const struct tlb_array *spec = &model->machine->array[array - model->tlb];
    const uint32_t pages = tlb_array_pages(spec);
    if (pages == 1)
        return array_find(array, page);
    struct way *way = set_ways(array, array_set(array, page / pages));
    for (uint32_t w = 0; w < array->geometry.ways; w++)
        if (way[w].valid && way[w].key == page / pages && way[w].page[page % pages])
            return &way[w];
    return NULL;
}

static bool tlb_fill(const struct model *model, struct array *array, uint64_t page, uint64_t *evicted)
{
    const struct tlb_array *spec = &model->machine->array[array - model->tlb];
    const uint32_t pages = tlb_array_pages(spec);
    if (pages == 1)
        return array_fill(array, page, evicted);

    bool covered[MACHINE_COVER_MAX] = {false};
    find_covered(model, spec, page, covered);
    struct way *way = set_ways(array, array_set(array, page / pages));
    for (uint32_t w = 0; w < array->geometry.ways; w++) {
        if (!way[w].valid || way[w].key != page / pages)
            continue;
        bool within = true;
        for (uint32_t i = 0; i < pages; i++)
            within = within && (!way[w].page[i] || covered[i]);
        if (spec->sector > 1) {
            for (uint32_t i = 0; i < pages; i++)
                way[w].page[i] = way[w].page[i] || covered[i];
            array_hit(array, &way[w]);
            return false;
        }
        if (within)
            way[w].valid = false;
    }
    uint64_t forgotten; /* nobody takes in what covers several pages */
    array_fill(array, page / pages, &forgotten);
    for (uint32_t w = 0; w < array->geometry.ways; w++)
        if (way[w].valid && way[w].filled == array->time)
            memcpy(way[w].page, covered, sizeof covered);
    return false;
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

/* Of the last level that there is; NULL where it has none for the kind and the page size. */
static struct array *last_array(const struct level *level)
{
    unsigned n = LEVELS;
    while (!level[n].present)
        n--;
    return level[n].array;
}

static void lookup(struct model *model, enum kinds kind, bool store, uint64_t va)
{
    assert(page_table_expresses(model->format, va));
    const uint64_t page = va / model->machine->page_size_bytes;
    model->counters->lookups++;
    place_page(model, va);

    /* "A lookup asks level 1; a miss asks level 2; and so on; a miss in the last level is a walk." */
    struct level level[1 + LEVELS];
    levels_of(model, kind, store, level);
    unsigned n;
    for (n = 1; n <= LEVELS; n++) {
        if (!level[n].present)
            continue;
        struct way *hit = level[n].array == NULL ? NULL : tlb_find(model, level[n].array, page);
        count_tlb(model->counters, n, kind, hit != NULL);
        if (n == 1 && store && machine_splits_data(model->machine))
            ++*(hit != NULL ? &model->counters->l1s_hits : &model->counters->l1s_misses);
        if (hit != NULL) {
            array_hit(level[n].array, hit);
            level[n].array->hits++;
            if (level[n].victim) /* "A hit takes the entry out and moves it up." */
                hit->valid = false;
            break;
        }
    }
    if (n > LEVELS)
        miss_all(model, kind, va, last_array(level));

    /* "The translation then fills every level that missed", those above level n; but victim levels only from above. */
    for (unsigned missed = 1; missed < n; missed++) {
        uint64_t evicted;
        if (level[missed].array != NULL && !level[missed].victim &&
            tlb_fill(model, level[missed].array, page, &evicted))
            evicted_from(level, missed, evicted);
    }
}

/* ---- 1. Accesses and lookups ---- */

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
    uint64_t address = va;
    for (;;) {
        lookup(model, kind, access_kind(meta) == ACCESS_STORE || access_kind(meta) == ACCESS_MODIFY, address);
        const uint64_t last_of_page = address | (model->machine->page_size_bytes - 1);
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

    counters->translation_cycles = counters->walk_cycles;
    for (unsigned a = 0; a < machine->array_count; a++)
        if (machine->array[a].level > 1)
            counters->translation_cycles += model->tlb[a].hits * machine->array[a].hit_cycles;

    counters->translation_cycles += counters->prefetch_hits * machine->prefetch.hit_cycles;
    counters->prefetches_useless = counters->prefetches - counters->prefetch_hits;

    const uint64_t walkers = machine->walker_count;
    const uint64_t shared_out = (counters->walk_cycles + walkers - 1) / walkers;
    counters->translation_cycles_min =
        shared_out > counters->longest_walk_cycles ? shared_out : counters->longest_walk_cycles;

    for (unsigned level = 0; level < model->format->level_count; level++) {
        const bool pdes = level == machine_pde_level(machine);
        if (machine->walk_cache[level].entries == 0 && !pdes)
            continue;
        char name[64];
        snprintf(name, sizeof name, "%s_hits", model->format->level[level].entry);
        *counter_named(counters, name) = model->walk_cache[level].hits + (pdes ? model->pde_hits : 0);
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

    if (machine->prefetch.kind != PREFETCH_NONE) {
        const uint32_t entries = machine->prefetch.entries;
        model->predictor.buffer = array_create((struct geometry){entries, 1, entries}, POLICY_FIFO, INDEX_MODULO, 0);
        model->predictor.row = zeroed(machine->prefetch.rows, sizeof *model->predictor.row);
    }

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
    array_free(&model->predictor.buffer);
    free(model->predictor.row);
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
