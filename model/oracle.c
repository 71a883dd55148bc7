/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The model, one access at a time. The sections are those of the definitions ("1. Accesses and lookups" to "4. Cycles")
 * and the comments in quotes are their words. Nothing here is fast: every way of a set is looked at, every way keeps
 * the times of its last fill and use, and a set's ways never change places.
 *
 * Decided here, where the definitions are silent:
 * - A page's size and number name an entry of a translation buffer, with the address-space id that the process had when it
 *   was filled; or it is global.
 * - What is evicted goes to the lower array that serves the kind of the lookup that caused the eviction, and the evicted
 *   page's size. An entry that is there already is hit, by the rules of the array's policy. Where a lookup evicts from
 *   several levels, the lowest goes first.
 * - A machine or an `only` that leaves no access gives zeros, root table included.
 * - A table, too, begins at a frame and takes whole frames.
 * - A guest's page is placed when it is first looked up, and in the host's memory when it is first translated.
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

#include "model/address_space.h"
#include "model/oracle_tables_testing.h"
#include "model/random.h"
#include "model/timing_testing.h"

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

/* Whose an entry is. */
struct owner {
    uint32_t asid;
    bool global; /* every process's */
};

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

static uint64_t number_of_key(uint64_t key)
{
    return key % (UINT64_C(1) << SIZE_SHIFT);
}

/* What a PDE's prefix is marked with in an array that holds pages, too: a size that no page has. */
#define PDE_KEY (UINT64_C(1) << SIZE_SHIFT)

struct way {
    bool valid;
    uint64_t key;
    struct owner owner;
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
    struct owner asking;  /* whose lookups and fills these are */
    struct owner evicted; /* whose the last victim was */
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
    const uint64_t key = number_of_key(entry);
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
        if (way[w].valid && way[w].key == key && way[w].owner.global == array->asking.global &&
            (way[w].owner.global || way[w].owner.asid == array->asking.asid))
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
        array->evicted = way[place].owner;
    }

    array->time++;
    way[place] = (struct way){
        .valid = true,
        .key = key,
        .owner = array->asking,
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
    uint32_t process; /* GLOBAL: of pages that all processes share */
    unsigned level;   /* PLACED_PAGE or a table's */
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

#define GLOBAL UINT32_MAX
#define HOST (UINT32_MAX - 1) /* the host's tables, and guest-physical pages, which are PLACED_PAGE there */

/* An address-space id, and who has it. */
struct asid {
    bool used;
    uint32_t process;
};

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

    struct array
        tlb[MACHINE_CPUS_MAX * MACHINE_ARRAYS_MAX]; /* as machine->array, for each CPU; of all CPUs the first's */
    struct array walk_cache[MACHINE_CPUS_MAX][PAGE_TABLE_LEVELS_MAX]; /* as machine->walk_cache; without sets where
                                                                         absent */
    struct array cache[MACHINE_CPUS_MAX][MACHINE_CACHES];             /* the same; of all CPUs the first's */
    struct array nested_tlb;                                          /* of a guest; without sets where absent */
    struct array host_walk_cache[PAGE_TABLE_LEVELS_MAX];
    uint64_t host_end;          /* of what has a place in the host's memory, in bytes */
    struct oracle_table *table; /* of a page table that is no tree; else NULL */
    struct array tsb;           /* without sets where there is none */
    uint64_t tsb_address;

    struct placed *placed;
    struct predictor predictor;
    uint64_t pde_hits; /* in arrays of translation buffers */

    size_t placed_count;
    size_t placed_capacity; /* a power of two */
    uint64_t next_frame;

    unsigned cpu;                           /* at hand */
    bool running[MACHINE_CPUS_MAX];         /* some process has run on the CPU: */
    uint32_t runs[MACHINE_CPUS_MAX];        /* this one now */
    bool (*has_run)[MACHINE_CPUS_MAX];      /* by process: on which CPUs */
    uint64_t cpu_cycles[MACHINE_CPUS_MAX];  /* of walks, traps and handlers not among them */
    uint64_t cpu_longest[MACHINE_CPUS_MAX]; /* walk */
    uint64_t cpu_walks[MACHINE_CPUS_MAX];
    uint32_t process; /* at hand */
    uint32_t asid;    /* of that process */
    struct asid *ids;
    uint32_t next_id;            /* the next to be given out */
    bool has_fetches;            /* in the trace so far */
    uint64_t instructions;       /* that have begun */
    struct timing_lookup *timed; /* all lookups so far, of a machine with a core */
    size_t timed_count;
    size_t timed_capacity;
    enum ideal ideal;
    size_t access; /* at hand */
    struct oracle_walk *walk;
    size_t walk_count;
    size_t walk_capacity;
};

/* "Each has first levels, walk caches and walkers of its own." */
static struct array *tlb_of(struct model *model, size_t a)
{
    const unsigned cpu = model->machine->array[a].shared ? 0 : model->cpu;
    return &model->tlb[cpu * MACHINE_ARRAYS_MAX + a];
}

static const struct tlb_array *spec_of(const struct model *model, const struct array *array)
{
    return &model->machine->array[(size_t)(array - model->tlb) % MACHINE_ARRAYS_MAX];
}

/* ---- 3. Page tables and walks: placement ---- */

static struct placed *placed_slot(const struct model *model, uint32_t process, unsigned level, uint64_t number)
{
    size_t i =
        (size_t)(((number * (PLACED_LOOKED_UP + 1) + level) * 31 + process) * UINT64_C(0x9e3779b97f4a7c15) >> 20);
    for (;; i++) {
        struct placed *slot = &model->placed[i & (model->placed_capacity - 1)];
        if (!slot->used || (slot->process == process && slot->level == level && slot->number == number))
            return slot;
    }
}

static void placed_add(struct model *model, uint32_t process, unsigned level, uint64_t number, uint64_t address)
{
    if (model->placed_count == model->placed_capacity / 2) {
        struct placed *old = model->placed;
        const size_t old_capacity = model->placed_capacity;
        model->placed_capacity *= 2;
        model->placed = zeroed(model->placed_capacity, sizeof(struct placed));
        for (size_t i = 0; i < old_capacity; i++)
            if (old[i].used)
                *placed_slot(model, old[i].process, old[i].level, old[i].number) = old[i];
        free(old);
    }
    *placed_slot(model, process, level, number) = (struct placed){true, process, level, number, address};
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
    return level == 0 ? 0 : va >> page_table_shift(model->format, level - 1);
}

/* "os.global = upper": addresses whose highest bit is set are every process's. */
static bool is_global(const struct model *model, uint64_t va)
{
    return model->machine->process.global_upper && va >> 63 != 0;
}

/* Whose page the address is in. */
static uint32_t owner_of(const struct model *model, uint64_t va)
{
    return is_global(model, va) ? GLOBAL : model->process;
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
    const uint32_t owner = owner_of(model, va);
    for (unsigned level = 0; level <= leaf_level_of(model, page_bytes); level++) {
        const uint64_t number = table_number(model, level, va);
        if (!placed_slot(model, owner, level, number)->used)
            placed_add(model, owner, level, number, place_table(model, level));
    }
}

static uint64_t place_frames(struct model *model, uint64_t page_bytes)
{
    const uint64_t frames = page_bytes / frame_bytes(model);
    model->next_frame = (model->next_frame + frames - 1) / frames * frames;
    const uint64_t address = model->next_frame * frame_bytes(model);
    model->next_frame += frames;
    return address;
}

/* The first time, true. */
static bool place_once(struct model *model, uint64_t va, unsigned what, uint64_t number)
{
    if (placed_slot(model, owner_of(model, va), what, number)->used)
        return false;
    placed_add(model, owner_of(model, va), what, number, 0);
    return true;
}

static void place_page(struct model *model, uint64_t va, uint64_t page_bytes)
{
    const uint64_t key = page_key(va, page_bytes);
    if (!place_once(model, va, PLACED_PAGE, key))
        return;
    place_tables(model, va, page_bytes);
    const uint64_t address = place_frames(model, page_bytes);
    placed_slot(model, owner_of(model, va), PLACED_PAGE, key)->address = address;
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
            forget_in(&model->walk_cache[0][level], va - va % huge, huge, covered, 0);
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
    uint64_t *mapped = &placed_slot(model, 0, PLACED_RANGE, va / machine->huge_size_bytes)->address;
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
    placed_add(model, 0, PLACED_HUGE, number, 0);
    model->counters->promotions++;
    model->counters->promotion_cycles += machine->promote_cycles;
    model->counters->frames_mapped += machine->huge_size_bytes / frame_bytes(model);
    model->counters->frames_mapped -=
        placed_slot(model, 0, PLACED_RANGE, number)->address * (machine->page_size_bytes / frame_bytes(model));
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
    if (place_once(model, va, PLACED_RANGE, number)) {
        if (kind == KINDS_INSTRUCTIONS && machine->huge_kinds == KINDS_DATA)
            placed_add(model, 0, PLACED_BASE, number, 0);
        else if (machine->page_policy == PAGES_THP)
            placed_add(model, 0, PLACED_HUGE, number, 0);
    }
    if (placed_slot(model, 0, PLACED_HUGE, number)->used)
        return machine->huge_size_bytes;
    if (placed_slot(model, 0, PLACED_BASE, number)->used)
        return machine->page_size_bytes;
    if (placed_slot(model, 0, PLACED_LOOKED_UP, page_key(va, machine->page_size_bytes))->used ||
        !enough_pages(model, va))
        return machine->page_size_bytes;
    promote(model, va);
    return machine->huge_size_bytes;
}

/* The size of the page that maps the address from now on; all that is new is placed. */
static uint64_t map_page(struct model *model, enum kinds kind, uint64_t va)
{
    const struct machine *machine = model->machine;
    uint64_t page_bytes = machine->page_size_bytes;
    if (model->table != NULL) {
        oracle_table_lookup(model->table, va);
        return page_bytes;
    }
    if (machine->page_policy == PAGES_RANGES)
        page_bytes = size_in_ranges(machine, va);
    else if (machine->page_policy != PAGES_UNIFORM)
        page_bytes = size_in_range(model, kind, va);
    const bool filled = machine->page_policy == PAGES_KHUGEPAGED || machine->page_policy == PAGES_RESERVE;
    if (!filled || placed_slot(model, 0, PLACED_BASE, va / machine->huge_size_bytes)->used)
        place_page(model, va, page_bytes);
    if (place_once(model, va, PLACED_LOOKED_UP, page_key(va, page_bytes))) {
        model->counters->pages_touched++;
        ++*address_space_pages_counter(model->format, leaf_level_of(model, page_bytes), model->counters);
    }
    return page_bytes;
}

/* The physical address of the entry of `level` that the walk to `va` reads. */
static uint64_t entry_address(const struct model *model, unsigned level, uint64_t va)
{
    const struct page_table_format *format = model->format;
    const struct placed *table = placed_slot(model, owner_of(model, va), level, table_number(model, level, va));
    assert(table->used);
    const uint64_t entries = UINT64_C(1) << format->level[level].bits;
    const uint64_t index = (va >> page_table_shift(format, level)) % entries;
    return table->address + index * format->entry_bytes;
}

static uint64_t page_address(const struct model *model, uint64_t va)
{
    const uint64_t key = page_key(va, model->machine->page_size_bytes);
    return placed_slot(model, owner_of(model, va), PLACED_PAGE, key)->address;
}

/* ---- 3. Page tables and walks: the cost of a read ---- */

static uint64_t read_cost(struct model *model, uint64_t address, unsigned *server)
{
    *server = 0;
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
        struct array *cache = &model->cache[machine->cache[c].shared ? 0 : model->cpu][c];
        struct way *hit = array_find(cache, line);
        if (hit != NULL) {
            array_hit(cache, hit);
            ++*served[c];
            *server = c;
            return machine->cache[c].hit_cycles;
        }
        uint64_t evicted; /* and forgotten */
        array_fill(cache, line, &evicted);
    }
    model->counters->cache_dram++;
    *server = MACHINE_CACHES;
    return machine->dram_cycles;
}

/* ---- A guest's physical addresses ---- */

static uint64_t host_table_number(const struct model *model, unsigned level, uint64_t gpa)
{
    return level == 0 ? 0 : gpa >> page_table_shift(model->machine->host, level - 1);
}

static void place_host_table(struct model *model, unsigned level, uint64_t number)
{
    const struct page_table_format *host = model->machine->host;
    const uint64_t frame = UINT64_C(1) << host->page_shift;
    const uint64_t bytes = (UINT64_C(1) << host->level[level].bits) * host->entry_bytes;
    if (placed_slot(model, HOST, level, number)->used)
        return;
    placed_add(model, HOST, level, number, model->host_end);
    model->host_end += (bytes + frame - 1) / frame * frame;
    model->counters->host_table_bytes += bytes;
}

/* "In order of first translation: [...] the missing tables of the host, root first; then the page, aligned to its
 * size." Returns where the address is in the host's memory. */
static uint64_t place_in_host(struct model *model, uint64_t gpa)
{
    const struct machine *machine = model->machine;
    const uint64_t page_bytes = machine->host_page_size_bytes;
    if (!placed_slot(model, HOST, PLACED_PAGE, gpa / page_bytes)->used) {
        for (unsigned level = 0; level <= machine->host_leaf_level; level++)
            place_host_table(model, level, host_table_number(model, level, gpa));
        const uint64_t address = (model->host_end + page_bytes - 1) / page_bytes * page_bytes;
        placed_add(model, HOST, PLACED_PAGE, gpa / page_bytes, address);
        model->host_end = address + page_bytes;
    }
    return placed_slot(model, HOST, PLACED_PAGE, gpa / page_bytes)->address + gpa % page_bytes;
}

static uint64_t *host_hits(struct model *model, unsigned level)
{
    char name[64];
    snprintf(name, sizeof name, "host_%s_hits", model->machine->host->level[level].entry);
    return counter_named(model->counters, name);
}

/* The host's walk for a guest-physical address, as of any page. */
static void walk_host(struct model *model, uint64_t gpa, uint64_t *cycles)
{
    const struct machine *machine = model->machine;
    const struct page_table_format *host = machine->host;
    const uint64_t page = gpa - gpa % machine->host_page_size_bytes;
    model->counters->host_walks++;
    unsigned first = 0;
    for (unsigned level = machine->host_leaf_level; level-- > 0 && first == 0;) {
        if (machine->host_walk_cache[level].entries == 0)
            continue;
        struct way *hit = array_find(&model->host_walk_cache[level], page >> page_table_shift(host, level));
        if (hit == NULL)
            continue;
        array_hit(&model->host_walk_cache[level], hit);
        ++*host_hits(model, level);
        first = level + 1;
    }
    for (unsigned level = first; level <= machine->host_leaf_level; level++) {
        const uint64_t table = placed_slot(model, HOST, level, host_table_number(model, level, page))->address;
        const uint64_t index = (page >> page_table_shift(host, level)) % (UINT64_C(1) << host->level[level].bits);
        *cycles += read_cost(model, table + index * host->entry_bytes, &(unsigned){0});
        model->counters->host_refs++;
        model->counters->walk_refs++;
        uint64_t evicted; /* and forgotten */
        if (level < machine->host_leaf_level && machine->host_walk_cache[level].entries != 0)
            array_fill(&model->host_walk_cache[level], page >> page_table_shift(host, level), &evicted);
    }
}

/* Where the address is in the host's memory; adds to *cycles what it takes to find out. */
static uint64_t translate_in_host(struct model *model, uint64_t gpa, uint64_t *cycles)
{
    const struct machine *machine = model->machine;
    const uint64_t number = gpa / machine->host_page_size_bytes;
    const uint64_t address = place_in_host(model, gpa);
    if (machine->nested_tlb.entries == 0) {
        walk_host(model, gpa, cycles);
        return address;
    }
    struct way *hit = array_find(&model->nested_tlb, number);
    if (hit != NULL) {
        array_hit(&model->nested_tlb, hit);
        model->counters->nested_tlb_hits++;
        return address;
    }
    model->counters->nested_tlb_misses++;
    walk_host(model, gpa, cycles);
    uint64_t evicted; /* and forgotten */
    array_fill(&model->nested_tlb, number, &evicted);
    return address;
}

/* ---- 3. Page tables and walks: a walk ---- */

static void count_walk(struct model *model, uint64_t cycles)
{
    struct counters *counters = model->counters;
    counters->walks++;
    counters->walk_cycles += cycles;
    if (cycles > counters->longest_walk_cycles)
        counters->longest_walk_cycles = cycles;
    model->cpu_walks[model->cpu]++;
    model->cpu_cycles[model->cpu] += cycles;
    if (cycles > model->cpu_longest[model->cpu])
        model->cpu_longest[model->cpu] = cycles;
}

/* In a page table that is no tree: each entry is read behind the one before, or all are at once. */
static void walk_table(struct model *model, uint64_t va)
{
    const bool at_once = model->format->kind == PAGE_TABLE_CUCKOO;
    const uint64_t *address;
    const size_t reads = oracle_table_walk(model->table, va, &address);
    uint64_t cycles = 0;
    for (size_t i = 0; i < reads; i++) {
        const uint64_t cost = read_cost(model, address[i], &(unsigned){0});
        if (!at_once)
            cycles += cost;
        else if (cost > cycles)
            cycles = cost;
    }
    model->counters->walk_refs += reads;
    count_walk(model, model->machine->walker_setup_cycles + cycles);
}

/* Reads the page's entry of the translation storage buffer, and fills it where it is another's; returns whether it was the
 * page's. */
static bool ask_tsb(struct model *model, uint64_t page, uint64_t *cycles)
{
    const uint64_t number = page / model->machine->page_size_bytes;
    const uint64_t index = number % model->machine->table.entries;
    uint64_t evicted; /* and forgotten */
    model->counters->walk_refs++;
    *cycles += read_cost(model, model->tsb_address + index * model->machine->table.entry_bytes, &(unsigned){0});
    if (array_find(&model->tsb, number) != NULL) {
        model->counters->tsb_hits++;
        return true;
    }
    model->counters->tsb_misses++;
    array_fill(&model->tsb, number, &evicted);
    return false;
}

static struct oracle_walk *new_walk(struct model *model)
{
    if (model->walk_count == model->walk_capacity) {
        model->walk_capacity = model->walk_capacity == 0 ? 64 : 2 * model->walk_capacity;
        model->walk = realloc(model->walk, model->walk_capacity * sizeof *model->walk);
        if (model->walk == NULL)
            abort();
    }
    return &model->walk[model->walk_count++];
}

/* What a walk does to the caches, and what it costs; what is counted is left to its callers. */
struct walked {
    uint64_t reads;
    uint64_t cycles;
    struct array *hit; /* the walk cache that shortened it, or NULL */
};

/* `last`, if it is not NULL, is the array of the last level that the lookup missed; it may hold PDEs. `record` may be
 * NULL. */
static struct walked walk(struct model *model, uint64_t va, uint64_t page_bytes, struct array *last,
                          struct oracle_walk *record)
{
    const struct machine *machine = model->machine;
    const unsigned leaf = leaf_level_of(model, page_bytes);
    struct walked walked = {.cycles = machine->walker_setup_cycles};

    /* "[It] reads the run's first entry": the one that maps the page's first byte. */
    const uint64_t page = va - va % page_bytes;

    /* "The deepest that has the entry wins, is made most recent, and counts one hit; the walk reads only what lies
     * below it." Levels from the leaf's on hold no entry in their caches: a leaf is never filled. */
    unsigned first = 0;
    for (unsigned level = leaf; level-- > 0 && first == 0;) {
        const bool in_last = level == machine_pde_level(machine) && last != NULL && spec_of(model, last)->pdes;
        if (machine->walk_cache[level].entries == 0 && !in_last)
            continue;
        struct array *cache = in_last ? last : &model->walk_cache[model->cpu][level];
        struct way *hit = array_find(cache, (in_last ? PDE_KEY : 0) | page >> page_table_shift(model->format, level));
        if (hit == NULL)
            continue;
        array_hit(cache, hit);
        walked.hit = cache;
        first = level + 1;
    }

    if (model->format->kind == PAGE_TABLE_TSB && ask_tsb(model, page, &walked.cycles))
        first = leaf + 1;
    for (unsigned level = first; level <= leaf; level++) {
        unsigned server;
        walked.reads++;
        uint64_t address = entry_address(model, level, page);
        if (machine->host != NULL) {
            address = translate_in_host(model, address, &walked.cycles);
            model->counters->guest_refs++;
        }
        walked.cycles += read_cost(model, address, &server);
        if (record != NULL) {
            record->level[record->reads] = level;
            record->server[record->reads++] = server;
        }
        /* "Every non-leaf entry that the walk reads is filled into its cache." */
        uint64_t evicted; /* and forgotten */
        if (level < leaf && machine->walk_cache[level].entries != 0)
            array_fill(&model->walk_cache[model->cpu][level], page >> page_table_shift(model->format, level), &evicted);
        if (level == machine_pde_level(machine) && last != NULL && spec_of(model, last)->pdes)
            array_fill(last, PDE_KEY | page >> page_table_shift(model->format, level), &evicted);
    }
    if (machine->host != NULL)
        translate_in_host(model, page_address(model, page), &walked.cycles);
    return walked;
}

static void walk_for_lookup(struct model *model, enum kinds kind, uint64_t va, uint64_t page_bytes, struct array *last)
{
    if (model->table != NULL) {
        walk_table(model, va);
        return;
    }
    struct oracle_walk *record = new_walk(model);
    *record = (struct oracle_walk){.va = va, .access = model->access, .is_fetch = kind == KINDS_INSTRUCTIONS};
    const struct walked walked = walk(model, va, page_bytes, last, record);
    record->cycles = walked.cycles;
    if (walked.hit != NULL && walked.hit == last)
        model->pde_hits++;
    else if (walked.hit != NULL)
        walked.hit->hits++;
    model->counters->walk_refs += walked.reads;
    count_walk(model, walked.cycles);
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
    if (!exists ||
        !placed_slot(model, owner_of(model, va), PLACED_PAGE, page_key(va, model->machine->page_size_bytes))->used) {
        model->counters->prefetches_unmapped++;
        return;
    }
    const struct counters before = *model->counters;
    const struct walked walked = walk(model, va, model->machine->page_size_bytes, NULL, NULL);
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
static void miss_all(struct model *model, enum kinds kind, uint64_t va, uint64_t page_bytes, struct array *last)
{
    if (model->machine->prefetch.kind == PREFETCH_NONE) {
        walk_for_lookup(model, kind, va, page_bytes, last);
        return;
    }
    const uint64_t page = (uint64_t)signed_page(model, va);
    struct way *there = array_find(&model->predictor.buffer, page);
    if (there != NULL) {
        there->valid = false;
        model->counters->prefetch_hits++;
    } else {
        walk_for_lookup(model, kind, va, page_bytes, last);
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
static void levels_of(struct model *model, enum kinds kind, bool store, uint64_t page_bytes, struct level *level)
{
    const struct machine *machine = model->machine;
    bool served_above = false;
    for (unsigned n = 1; n <= LEVELS; n++) {
        level[n] = (struct level){0};
        for (unsigned a = 0; a < machine->array_count; a++)
            if (machine->array[a].level == n)
                level[n].present = true;
        const struct tlb_array *found = n == 1 && store && machine_splits_data(machine)
                                            ? machine_store_array(machine, page_bytes)
                                            : machine_array(machine, n, kind, page_bytes);
        if (found == NULL)
            continue;
        level[n].array = tlb_of(model, (size_t)(found - machine->array));
        level[n].victim = found->fill == FILL_VICTIM && served_above;
        served_above = true;
    }
}

/* `page` was evicted from level `from`: "what the level above evicts is inserted here (if present, made most recent)".
 * Here is the nearest level below that serves the lookup, if it is a victim level; what it evicts goes on in the same
 * way. */
static void evicted_from(struct model *model, enum kinds kind, bool store, unsigned from, struct array *array,
                         uint64_t page)
{
    struct level level[1 + LEVELS];
    levels_of(model, kind, store, size_of_key(page), level);
    unsigned n = from + 1;
    while (n <= LEVELS && level[n].array == NULL)
        n++;
    if (n > LEVELS || !level[n].victim)
        return;
    const struct owner asking = level[n].array->asking;
    level[n].array->asking = array->evicted;
    struct way *there = array_find(level[n].array, page);
    uint64_t evicted;
    if (there != NULL)
        array_hit(level[n].array, there);
    else if (array_fill(level[n].array, page, &evicted))
        evicted_from(model, kind, store, n, level[n].array, evicted);
    level[n].array->asking = asking;
}

/* ---- 2. Translation buffers: entries of several pages ---- */

/* Where the page lies, as a number of pages. */
static bool frame_of(const struct model *model, uint64_t page, uint64_t *frame)
{
    const uint64_t bytes = model->machine->page_size_bytes;
    const struct placed *placed = placed_slot(model, 0, PLACED_PAGE, page_key(page * bytes, bytes));
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

static struct way *tlb_find(const struct model *model, const struct array *array, uint64_t key)
{
    const uint64_t page = number_of_key(key);
    const struct tlb_array *spec = spec_of(model, array);
    const uint32_t pages = tlb_array_pages(spec);
    if (pages == 1)
        return array_find(array, key);
    struct way *way = set_ways(array, array_set(array, page / pages));
    for (uint32_t w = 0; w < array->geometry.ways; w++)
        if (way[w].valid && way[w].key == page / pages && way[w].page[page % pages])
            return &way[w];
    return NULL;
}

static bool tlb_fill(const struct model *model, struct array *array, uint64_t key, uint64_t *evicted)
{
    const uint64_t page = number_of_key(key);
    const struct tlb_array *spec = spec_of(model, array);
    const uint32_t pages = tlb_array_pages(spec);
    if (pages == 1)
        return array_fill(array, key, evicted);

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

/* All that follows is asked for the process that runs, or for all. */
static void ask(struct model *model, uint64_t va)
{
    const struct owner asking = {model->asid, is_global(model, va)};
    for (unsigned a = 0; a < model->machine->array_count; a++)
        tlb_of(model, a)->asking = asking;
    for (unsigned level = 0; level < PAGE_TABLE_LEVELS_MAX; level++)
        model->walk_cache[model->cpu][level].asking = asking;
}

/* What there is to know of a lookup's time, once it is known what it found: level n, or a walk of so many cycles. */
static void time_lookup(struct model *model, enum kinds kind, uint64_t page, unsigned n, uint64_t walk_cycles)
{
    if (model->machine->core_width == 0)
        return;
    if (model->timed_count == model->timed_capacity) {
        model->timed_capacity = 2 * model->timed_capacity + 1024;
        model->timed = realloc(model->timed, model->timed_capacity * sizeof *model->timed);
        if (model->timed == NULL)
            abort();
    }
    const struct tlb_array *hit =
        n == 1 || n > LEVELS ? NULL : machine_array(model->machine, n, kind, model->machine->page_size_bytes);
    model->timed[model->timed_count++] = (struct timing_lookup){
        .instruction = model->instructions - 1,
        .fetch = kind == KINDS_INSTRUCTIONS,
        .walks = n > LEVELS,
        .page = page,
        .cycles = n > LEVELS    ? walk_cycles
                  : hit == NULL ? 0
                                : hit->hit_cycles,
    };
}

/* Of the last level that there is; NULL where it has none for the kind and the page size. */
static struct array *last_array(const struct level *level)
{
    unsigned n = LEVELS;
    while (!level[n].present)
        n--;
    return level[n].array;
}

/* Returns the size of the page. */
static uint64_t lookup(struct model *model, enum kinds kind, bool store, uint64_t va)
{
    assert(page_table_expresses(model->format, va));
    const uint64_t page_bytes = map_page(model, kind, va);
    const uint64_t page = page_key(va, page_bytes);
    model->counters->lookups++;
    ask(model, va);

    if (model->ideal == IDEAL_PERFECT_TLB) {
        const uint64_t first = va - va % page_bytes;
        if (model->machine->host != NULL) { /* "pages are touched and have their tables" */
            for (unsigned l = 0; l <= model->machine->leaf_level; l++)
                place_in_host(model, entry_address(model, l, first));
            place_in_host(model, page_address(model, first));
        }
        count_tlb(model->counters, 1, kind, true);
        return page_bytes;
    }

    /* "A lookup asks level 1; a miss asks level 2; and so on; a miss in the last level is a walk." */
    struct level level[1 + LEVELS];
    levels_of(model, kind, store, page_bytes, level);
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
    const uint64_t cycles_before = model->counters->walk_cycles;
    if (n > LEVELS)
        miss_all(model, kind, va, page_bytes, last_array(level));
    /* Page numbers have 52 bits at most, and with a core pages have one size. */
    const uint64_t whose_page = number_of_key(page) ^ (uint64_t)owner_of(model, va) << 52;
    time_lookup(model, kind, whose_page, n, model->counters->walk_cycles - cycles_before);

    /* "The translation then fills every level that missed", those above level n; but victim levels only from above. */
    for (unsigned missed = n; missed-- > 1;) { /* the lowest first */
        uint64_t evicted;
        if (level[missed].array != NULL && !level[missed].victim &&
            tlb_fill(model, level[missed].array, page, &evicted))
            evicted_from(model, kind, store, missed, level[missed].array, evicted);
    }
    return page_bytes;
}

/* ---- 1. Accesses and lookups ---- */

/* "touched_bytes [...] in units of the smallest leaf." */
static void touch_leaves(struct model *model, uint64_t va, uint64_t last_byte)
{
    for (uint64_t leaf = va / frame_bytes(model); leaf <= last_byte / frame_bytes(model); leaf++)
        if (place_once(model, va, PLACED_LEAF, leaf))
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
    if (model->ideal == IDEAL_NO_TRANSLATION)
        return;

    /* "Start at va; look up the page that maps the current address; go on at that page's end until the access is
     * covered." */
    const uint64_t last_byte = va + (access_size_bytes(meta) - 1);
    if (model->machine->page_policy != PAGES_UNIFORM)
        touch_leaves(model, va, last_byte);
    uint64_t address = va;
    for (;;) {
        const bool store = access_kind(meta) == ACCESS_STORE || access_kind(meta) == ACCESS_MODIFY;
        const uint64_t last_of_page = address | (lookup(model, kind, store, address) - 1);
        if (last_byte <= last_of_page)
            return;
        counters->page_crossings++;
        address = last_of_page + 1;
    }
}

/* ---- Processes ---- */

/* Entries of translations that are to go. */
struct doomed {
    bool all_but_global;
    uint32_t asid;              /* else: of this id, */
    bool ranged;                /* and then, */
    uint64_t first_va, last_va; /* with some byte of these */
};

static void remove_doomed(struct array *array, unsigned shift, const struct doomed *doomed)
{
    for (size_t w = 0; w < array->geometry.entries; w++) {
        struct way *way = &array->way[w];
        const uint64_t first = number_of_key(way->key) << shift;
        const uint64_t last = first + ((UINT64_C(1) << shift) - 1);
        if (way->owner.global || (!doomed->all_but_global && way->owner.asid != doomed->asid))
            continue;
        if (!doomed->ranged || (first <= doomed->last_va && last >= doomed->first_va))
            way->valid = false;
    }
}

/* On one CPU. */
static void doom_on(struct model *model, unsigned cpu, struct doomed doomed)
{
    const struct machine *machine = model->machine;
    for (unsigned a = 0; a < machine->array_count; a++)
        remove_doomed(&model->tlb[cpu * MACHINE_ARRAYS_MAX + a], (unsigned)__builtin_ctzll(machine->page_size_bytes),
                      &doomed);
    doomed.ranged =
        false; /* "INVLPG also invalidates all entries in all paging-structure caches associated with the PCID" */
    for (unsigned level = 0; level < machine->format->level_count; level++)
        remove_doomed(&model->walk_cache[cpu][level], page_table_shift(machine->format, level), &doomed);
}

/* On all, what they share among it, which is the first one's. */
static void doom(struct model *model, struct doomed doomed)
{
    for (unsigned cpu = 0; cpu < model->machine->process.cpus; cpu++)
        doom_on(model, cpu, doomed);
    model->counters->tlb_flushes += doomed.all_but_global;
}

/* Does the process that has the id run, on whichever CPU? */
static bool id_runs(const struct model *model, uint32_t id)
{
    bool found = false;
    for (unsigned cpu = 0; cpu < model->machine->process.cpus; cpu++)
        found = found || (model->ids[id].used && model->running[cpu] && model->runs[cpu] == model->ids[id].process);
    return found;
}

/* The id of the process that runs now. "None that a process has which runs on another CPU." */
static void take_id(struct model *model)
{
    const struct process_rules *rules = &model->machine->process;
    for (uint32_t id = 0; id < rules->asids; id++)
        if (model->ids[id].used && model->ids[id].process == model->process) {
            model->asid = id;
            return;
        }
    /* One after the other, but for those that run; recycle = all: but for those in use. */
    for (bool taken = false; !taken; model->next_id++) {
        if (model->next_id == rules->asids) {
            model->next_id = 0;
            if (rules->recycle == RECYCLE_ALL) {
                for (uint32_t id = 0; id < rules->asids; id++)
                    model->ids[id].used = id_runs(model, id);
                doom(model, (struct doomed){.all_but_global = true});
                model->counters->asid_recycles++;
            }
        }
        const bool used = model->ids[model->next_id].used;
        taken = rules->recycle == RECYCLE_ALL ? !used : !id_runs(model, model->next_id);
        if (!taken)
            continue;
        model->asid = model->next_id;
        if (used) {
            doom(model, (struct doomed){.asid = model->asid});
            model->counters->asid_recycles++;
        }
        model->ids[model->asid] = (struct asid){true, model->process};
    }
}

/* Ids are all CPUs'; without any, what a CPU has of its own is the process's that runs there. */
static void run_on(struct model *model, uint32_t process, uint32_t thread)
{
    const struct process_rules *rules = &model->machine->process;
    const unsigned cpu = thread % rules->cpus;
    const bool first = !model->running[cpu];
    const bool switches = !first && model->runs[cpu] != process;
    model->cpu = cpu;
    model->process = process;
    model->running[cpu] = true;
    model->runs[cpu] = process;
    model->has_run[process][cpu] = true;
    model->counters->context_switches += switches;
    if (rules->asids == MACHINE_ASIDS_ANY) {
        model->asid = process;
    } else if (rules->asids > 0) {
        take_id(model);
    } else if (switches) {
        doom_on(model, cpu, (struct doomed){.all_but_global = true});
        model->counters->tlb_flushes++;
    }
}

static bool has_touched(struct model *model, const struct block_change *change)
{
    const uint64_t page_bytes = model->machine->page_size_bytes;
    for (size_t i = 0; i < model->placed_capacity; i++) {
        const struct placed *placed = &model->placed[i];
        if (placed->used && placed->level == PLACED_PAGE && placed->process == change->process &&
            number_of_key(placed->number) >= change->first_va / page_bytes &&
            number_of_key(placed->number) <= change->last_va / page_bytes)
            return true;
    }
    return false;
}

static void shoot_down(struct model *model, const struct block_change *change)
{
    const struct process_rules *rules = &model->machine->process;
    const uint64_t page_bytes = model->machine->page_size_bytes;
    if (!rules->shootdowns || !has_touched(model, change))
        return;
    model->counters->shootdowns++;
    for (unsigned cpu = 0; cpu < rules->cpus; cpu++)
        model->counters->shootdown_cpus += model->has_run[change->process][cpu];
    struct doomed doomed = {.first_va = change->first_va, .last_va = change->last_va};
    doomed.ranged = change->last_va / page_bytes - change->first_va / page_bytes + 1 <= rules->shootdown_pages;
    if (rules->asids == MACHINE_ASIDS_ANY) {
        doomed.asid = change->process;
        doom(model, doomed);
    } else if (rules->asids == 0) {
        for (unsigned cpu = 0; cpu < rules->cpus; cpu++)
            if (model->running[cpu] && model->runs[cpu] == change->process)
                doom_on(model, cpu, doomed);
    } else {
        for (doomed.asid = 0; doomed.asid < rules->asids; doomed.asid++)
            if (model->ids[doomed.asid].used && model->ids[doomed.asid].process == change->process)
                doom(model, doomed);
    }
}

/* ---- 4. Cycles, and what is counted in the arrays ---- */

/* In cycles, rounded up: what is reported of slots of 1 / width cycle. */
static uint64_t whole_cycles(const struct model *model, uint64_t slots)
{
    return slots / model->machine->core_width + (slots % model->machine->core_width != 0);
}

static void estimate(struct model *model)
{
    struct counters *counters = model->counters;
    const struct timing_spec spec = {
        .width = model->machine->core_width,
        .rob = model->machine->core_rob,
        .walkers = model->machine->walker_count,
    };
    const struct timing_figures figures = timing_simulate(&spec, model->timed, model->timed_count, model->instructions);
    counters->translation_stall_cycles = whole_cycles(model, figures.stall_slots);
    counters->walker_queue_cycles = whole_cycles(model, figures.queue_slots);
    counters->walker_busy_cycles = whole_cycles(model, figures.busy_slots);
    counters->merged_walks = figures.merged_walks;
    counters->translation_cycles_estimate = counters->translation_stall_cycles;
    if (counters->translation_cycles_estimate < counters->translation_cycles_min)
        counters->translation_cycles_estimate = counters->translation_cycles_min;
}

static int compare_cycles(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The nearest rank: of all walks' costs in ascending order, the one at place ceil(percent / 100 x walks), from 1. */
static uint64_t percentile(const struct model *model, uint64_t percent)
{
    if (model->walk_count == 0)
        return 0;
    uint64_t *cycles = zeroed(model->walk_count, sizeof *cycles);
    for (size_t i = 0; i < model->walk_count; i++)
        cycles[i] = model->walk[i].cycles;
    qsort(cycles, model->walk_count, sizeof *cycles, compare_cycles);
    const uint64_t found = cycles[(percent * model->walk_count + 99) / 100 - 1];
    free(cycles);
    return found;
}

static void finish(struct model *model)
{
    const struct machine *machine = model->machine;
    struct counters *counters = model->counters;

    counters->switch_cycles = counters->context_switches * machine->switch_cycles;
    counters->shootdown_cycles = counters->shootdown_cpus * machine->shootdown_cycles;
    counters->translation_cycles =
        counters->walk_cycles + counters->switch_cycles + counters->shootdown_cycles + counters->promotion_cycles;
    if (machine->page_policy != PAGES_UNIFORM)
        counters->bloat_bytes = counters->frames_mapped * frame_bytes(model) - counters->touched_bytes;
    for (unsigned cpu = 0; cpu < machine->process.cpus; cpu++)
        for (unsigned a = 0; a < machine->array_count; a++)
            if (machine->array[a].level > 1)
                counters->translation_cycles +=
                    model->tlb[cpu * MACHINE_ARRAYS_MAX + a].hits * machine->array[a].hit_cycles;

    counters->translation_cycles += counters->prefetch_hits * machine->prefetch.hit_cycles;
    counters->prefetches_useless = counters->prefetches - counters->prefetch_hits;

    /* "Walks of different CPUs overlap." A handler runs for each walk, and nothing on its CPU while it runs. */
    const bool software = machine->walker_kind == WALKER_SOFTWARE;
    const uint64_t walkers = machine->walker_count;
    for (unsigned cpu = 0; cpu < machine->process.cpus; cpu++) {
        const uint64_t shared_out = (model->cpu_cycles[cpu] + walkers - 1) / walkers;
        uint64_t least = shared_out > model->cpu_longest[cpu] ? shared_out : model->cpu_longest[cpu];
        if (software)
            least += model->cpu_walks[cpu] * (uint64_t)(machine->trap_cycles + machine->handler_cycles);
        if (least > counters->translation_cycles_min)
            counters->translation_cycles_min = least;
    }
    if (machine->core_width != 0)
        estimate(model);
    if (software) {
        counters->trap_cycles = counters->walks * machine->trap_cycles;
        counters->handler_cycles = counters->walks * machine->handler_cycles;
        counters->translation_cycles += counters->trap_cycles + counters->handler_cycles;
    }

    for (unsigned level = 0; level < model->format->level_count; level++) {
        const bool pdes = level == machine_pde_level(machine);
        if (machine->walk_cache[level].entries == 0 && !pdes)
            continue;
        char name[64];
        snprintf(name, sizeof name, "%s_hits", model->format->level[level].entry);
        *counter_named(counters, name) = pdes ? model->pde_hits : 0;
        for (unsigned cpu = 0; cpu < machine->process.cpus; cpu++)
            *counter_named(counters, name) += model->walk_cache[cpu][level].hits;
    }
}

/* ---- A run ---- */

/* Behind the root, aligned to its size. */
static void place_tsb(struct model *model)
{
    const uint32_t entries = model->machine->table.entries;
    const uint64_t bytes = (uint64_t)entries * model->machine->table.entry_bytes;
    const uint64_t frames = (bytes + frame_bytes(model) - 1) / frame_bytes(model);
    model->tsb = array_create((struct geometry){entries, entries, 1}, POLICY_LRU, INDEX_MODULO, 0);
    model->next_frame = (model->next_frame + frames - 1) / frames * frames;
    model->tsb_address = model->next_frame * frame_bytes(model);
    model->next_frame += frames;
    model->counters->page_table_bytes += bytes;
    model->counters->frames_page_table += frames;
}

/* What is the CPU's own; the first's is also that of all. */
static void start_cpu(struct model *model, uint64_t seed, unsigned cpu)
{
    const struct machine *machine = model->machine;
    for (unsigned a = 0; a < machine->array_count; a++) {
        const struct tlb_array *array = &machine->array[a];
        if (!array->shared || cpu == 0)
            model->tlb[cpu * MACHINE_ARRAYS_MAX + a] =
                array_create(array->geometry, array->policy, array->index, random_seed_on(seed, array->name, cpu));
    }
    for (unsigned level = 0; level < PAGE_TABLE_LEVELS_MAX; level++)
        if (machine->walk_cache[level].entries != 0)
            model->walk_cache[cpu][level] = array_create(machine->walk_cache[level], POLICY_LRU, INDEX_MODULO, 0);
    for (unsigned c = 0; c < MACHINE_CACHES; c++)
        if (machine->cache[c].geometry.entries != 0 && (!machine->cache[c].shared || cpu == 0))
            model->cache[cpu][c] = array_create(machine->cache[c].geometry, POLICY_LRU, INDEX_MODULO, 0);
}

static void start(struct model *model, const struct configuration *configuration, struct counters *counters)
{
    const struct machine *machine = &configuration->machine;
    *model = (struct model){
        .machine = machine, .format = machine->format, .counters = counters, .ideal = configuration->ideal};

    for (unsigned cpu = 0; cpu < machine->process.cpus; cpu++)
        start_cpu(model, configuration->seed, cpu);

    if (machine->nested_tlb.entries != 0)
        model->nested_tlb = array_create(machine->nested_tlb, POLICY_LRU, INDEX_MODULO, 0);
    for (unsigned level = 0; level < PAGE_TABLE_LEVELS_MAX; level++)
        if (machine->host_walk_cache[level].entries != 0)
            model->host_walk_cache[level] = array_create(machine->host_walk_cache[level], POLICY_LRU, INDEX_MODULO, 0);

    if (machine->prefetch.kind != PREFETCH_NONE) {
        const uint32_t entries = machine->prefetch.entries;
        model->predictor.buffer = array_create((struct geometry){entries, 1, entries}, POLICY_FIFO, INDEX_MODULO, 0);
        model->predictor.row = zeroed(machine->prefetch.rows, sizeof *model->predictor.row);
    }

    model->placed_capacity = 1024;
    model->placed = zeroed(model->placed_capacity, sizeof(struct placed));
    model->ids = zeroed(MACHINE_ASIDS_MAX, sizeof *model->ids);
    model->has_run = zeroed(ADDRESS_SPACE_OWNERS, sizeof *model->has_run);
    if (!page_table_is_tree(model->format)) {
        model->table = oracle_table_create(machine, configuration->seed, counters);
        return;
    }
    if (machine->host != NULL)
        place_host_table(model, 0, 0);
    placed_add(model, 0, 0, 0, place_table(model, 0)); /* "the root at the start": the first process's */
    if (model->format->kind == PAGE_TABLE_TSB)
        place_tsb(model);
}

static void stop(struct model *model)
{
    for (unsigned a = 0; a < MACHINE_CPUS_MAX * MACHINE_ARRAYS_MAX; a++)
        array_free(&model->tlb[a]);
    for (unsigned cpu = 0; cpu < MACHINE_CPUS_MAX; cpu++) {
        for (unsigned level = 0; level < PAGE_TABLE_LEVELS_MAX; level++)
            array_free(&model->walk_cache[cpu][level]);
        for (unsigned c = 0; c < MACHINE_CACHES; c++)
            array_free(&model->cache[cpu][c]);
    }
    free(model->has_run);
    array_free(&model->tsb);
    array_free(&model->nested_tlb);
    for (unsigned level = 0; level < PAGE_TABLE_LEVELS_MAX; level++)
        array_free(&model->host_walk_cache[level]);
    oracle_table_free(model->table);
    array_free(&model->predictor.buffer);
    free(model->predictor.row);
    free(model->placed);
    free(model->ids);
    free(model->timed);
}

static size_t run_blocks(const struct configuration *configuration, const struct block *block, size_t count,
                         struct counters *counters, struct oracle_walk **walks)
{
    struct model model;
    *counters = (struct counters){0};
    start(&model, configuration, counters);

    /* "`--only` [...] drops the other kind before anything else sees it"; so does a machine without a first level for
     * it;
     * "`instructions` counts every I of the trace all the same". */
    const enum kinds left = configuration->only & machine_kinds(&configuration->machine);
    for (size_t b = 0; b < count; b++) {
        for (uint32_t i = 0; i < block[b].change_count; i++)
            shoot_down(&model, &block[b].change[i]);
        if (block[b].count > 0)
            run_on(&model, block[b].process, block[b].thread);
        for (uint32_t i = 0; i < block[b].count; i++, model.access++) {
            const bool fetch = access_is_fetch(block[b].meta[i]);
            counters->instructions += fetch;
            model.has_fetches |= fetch;
            if (fetch || !model.has_fetches)
                model.instructions++;
            if (left & (fetch ? KINDS_INSTRUCTIONS : KINDS_DATA))
                one_access(&model, block[b].va[i], block[b].meta[i]);
        }
    }
    finish(&model);
    const struct machine *machine = &configuration->machine;
    bool has_paths = model.format->kind == PAGE_TABLE_RADIX && machine->page_policy == PAGES_UNIFORM &&
                     machine->prefetch.kind == PREFETCH_NONE && machine->host == NULL;
    for (unsigned a = 0; a < machine->array_count; a++)
        has_paths = has_paths && !machine->array[a].pdes;
    const bool of_trees = page_table_is_tree(model.format) && machine->host == NULL;
    const bool counted = machine->memory_model == MEMORY_FIXED ? of_trees : configuration->walk_paths && has_paths;
    if (counted) {
        counters->walk_p50_cycles = percentile(&model, 50);
        counters->walk_p95_cycles = percentile(&model, 95);
        counters->walk_p99_cycles = percentile(&model, 99);
    }
    stop(&model);

    /* "Nothing left is a row of zeros (but for `instructions`)": no root table either. */
    if (counters->accesses == 0)
        *counters = (struct counters){.instructions = counters->instructions};
    /* A bound has no entries that a switch could take out, and no cycles. */
    if (configuration->ideal != IDEAL_NONE) {
        counters->context_switches = counters->tlb_flushes = counters->asid_recycles = counters->shootdowns = 0;
        counters->shootdown_cpus = 0;
        counters->switch_cycles = counters->shootdown_cycles = counters->promotion_cycles = 0;
        counters->translation_cycles = 0;
    }
    /* Nor is there any where nothing is translated. */
    if (configuration->ideal == IDEAL_NO_TRANSLATION)
        counters->page_table_bytes = counters->frames_page_table = counters->table_slots = counters->host_table_bytes =
            0;
    *walks = model.walk;
    return model.walk_count;
}

void oracle_run_blocks(const struct configuration *configuration, const struct block *block, size_t count,
                       struct counters *counters)
{
    struct oracle_walk *walks;
    run_blocks(configuration, block, count, counters, &walks);
    free(walks);
}

size_t oracle_run_walks(const struct configuration *configuration, const uint64_t *va, const uint16_t *meta,
                        size_t count, struct counters *counters, struct oracle_walk **walks)
{
    const size_t blocks = (count + BLOCK_ACCESSES - 1) / BLOCK_ACCESSES;
    struct block *block = zeroed(blocks + 1, sizeof *block);
    for (size_t b = 0; b < blocks; b++) {
        const size_t first = b * BLOCK_ACCESSES;
        block[b].count = (uint32_t)(count - first < BLOCK_ACCESSES ? count - first : BLOCK_ACCESSES);
        memcpy(block[b].va, va + first, block[b].count * sizeof *va);
        memcpy(block[b].meta, meta + first, block[b].count * sizeof *meta);
    }
    const size_t found = run_blocks(configuration, block, blocks, counters, walks);
    free(block);
    return found;
}

void oracle_run(const struct configuration *configuration, const uint64_t *va, const uint16_t *meta, size_t count,
                struct counters *counters)
{
    struct oracle_walk *walks;
    oracle_run_walks(configuration, va, meta, count, counters, &walks);
    free(walks);
}
