/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything is found by hashing. That is slower than address_space.c, which knows that all pages are alike, and it is
 * asked for every change of the page that is looked up; a run of one page costs a comparison an access.
 */
#include "model/mapping.h"

#include <assert.h>
#include <string.h>

enum {
    LEVEL_BITS = 3, /* the level in a table's key, the set in a chunk's */
    SLOTS_FIRST = 256,
    CHUNK_BITS = 9, /* log2 of the pages in a chunk of a bitmap */
    CHUNK_WORDS = (1 << CHUNK_BITS) / 64,
    TOUCHED =
        REQUEST_CLASSES, /* the set of smallest pages that hold a touched byte, beside those of each class's pages */
};

#define NO_INDEX UINT32_MAX

/* Numbers the keys that are added, from 0 on. Open addressing, at most half full. */
struct index {
    uint64_t *key;
    uint32_t *number; /* NO_INDEX where free */
    uint32_t slots;   /* a power of two, or 0 */
    uint32_t count;
};

struct chunk {
    uint64_t bits[CHUNK_WORDS];
};

enum range_state {
    RANGE_NEW,
    RANGE_BASE,    /* base pages for good */
    RANGE_FILLING, /* base pages until there are enough of them */
    RANGE_HUGE,
};

/* An aligned range of a huge page's size. */
struct huge_range {
    enum range_state state;
    uint64_t pages; /* base pages that are mapped in it */
};

/* Runs of one page are of one stream of lookups: each kind's, or both in one. */
struct run {
    uint64_t leaf; /* the smallest page that was looked up last, */
    uint64_t item; /* and its page's item, without its low bits */
    uint8_t size_class;
    uint8_t absorbed;
};

#define NO_LEAF UINT64_MAX /* no page's number: those have 52 bits */

struct mapping {
    struct mapping_spec spec;
    struct arena *arena;
    uint64_t sign;
    uint64_t end;
    struct index tables; /* by level and what they translate */
    uint64_t *table;     /* physical address */
    size_t table_room;
    struct index chunks; /* by set and pages / 2^CHUNK_BITS */
    struct chunk *chunk;
    size_t chunk_room;
    struct index ranges;
    struct huge_range *range;
    size_t range_room;
    struct run run[2]; /* by kind; unified: the first */
    uint64_t pages[REQUEST_CLASSES];
    uint64_t touched;
    uint64_t frames;
    uint64_t tables_bytes;
    uint64_t tables_frames;
    uint64_t promotions;
};

/* ---- Numbering ---- */

static uint32_t slot_of(const struct index *index, uint64_t key)
{
    uint32_t slot = (uint32_t)((key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (index->slots - 1);
    while (index->number[slot] != NO_INDEX && index->key[slot] != key)
        slot = (slot + 1) & (index->slots - 1);
    return slot;
}

static uint32_t index_find(const struct index *index, uint64_t key)
{
    return index->slots == 0 ? NO_INDEX : index->number[slot_of(index, key)];
}

static bool index_grow(struct index *index, struct arena *arena)
{
    const uint32_t old = index->slots;
    const uint32_t slots = old == 0 ? SLOTS_FIRST : 2 * old;
    struct index grown = {.slots = slots, .count = index->count};
    grown.key = arena_alloc(arena, slots * sizeof *grown.key);
    grown.number = arena_alloc(arena, slots * sizeof *grown.number);
    if (grown.key == NULL || grown.number == NULL)
        return false;
    memset(grown.number, 0xff /* NO_INDEX */, slots * sizeof *grown.number);
    for (uint32_t i = 0; i < old; i++) {
        if (index->number[i] == NO_INDEX)
            continue;
        const uint32_t slot = slot_of(&grown, index->key[i]);
        grown.key[slot] = index->key[i];
        grown.number[slot] = index->number[i];
    }
    *index = grown;
    return true;
}

/* The number of a key that may be new, and then room for its record among those at *records. NO_INDEX when out of
 * memory. */
static uint32_t index_add(struct mapping *mapping, struct index *index, uint64_t key, void **records, size_t *room,
                          size_t size)
{
    const uint32_t there = index_find(index, key);
    if (there != NO_INDEX)
        return there;
    if (2 * (uint64_t)(index->count + 1) > index->slots && !index_grow(index, mapping->arena))
        return NO_INDEX;
    if (index->count == *room) {
        const size_t more = *room == 0 ? 64 : 2 * *room;
        void *grown = arena_grow(mapping->arena, *records, *room * size, more * size);
        if (grown == NULL)
            return NO_INDEX;
        *records = grown;
        *room = more;
    }
    const uint32_t slot = slot_of(index, key);
    index->key[slot] = key;
    index->number[slot] = index->count;
    return index->count++;
}

/* Adds a page to a set; *is_new says whether it was not there. False when out of memory. */
static bool mark(struct mapping *mapping, unsigned set, uint64_t page, bool *is_new)
{
    const uint64_t key = page >> CHUNK_BITS << LEVEL_BITS | set;
    void *records = mapping->chunk;
    const uint32_t c =
        index_add(mapping, &mapping->chunks, key, &records, &mapping->chunk_room, sizeof *mapping->chunk);
    mapping->chunk = records;
    if (c == NO_INDEX)
        return false;
    uint64_t *word = &mapping->chunk[c].bits[page % (1 << CHUNK_BITS) / 64];
    *is_new = (*word >> page % 64 & 1) == 0;
    *word |= UINT64_C(1) << page % 64;
    return true;
}

/* ---- Placement ---- */

static uint64_t frame_bytes(const struct mapping *mapping)
{
    return UINT64_C(1) << mapping->spec.format->page_shift;
}

static uint64_t table_key(const struct page_table_format *format, unsigned level, uint64_t va)
{
    return level == 0 ? 0 : va >> page_table_shift(format, level - 1) << LEVEL_BITS | level;
}

static bool place_table(struct mapping *mapping, unsigned level, uint64_t va)
{
    const struct page_table_format *format = mapping->spec.format;
    const uint64_t key = table_key(format, level, va);
    if (index_find(&mapping->tables, key) != NO_INDEX)
        return true;
    void *records = mapping->table;
    const uint32_t t =
        index_add(mapping, &mapping->tables, key, &records, &mapping->table_room, sizeof *mapping->table);
    mapping->table = records;
    if (t == NO_INDEX)
        return false;
    const uint64_t bytes = (uint64_t)format->entry_bytes << format->level[level].bits;
    const uint64_t frames = (bytes + frame_bytes(mapping) - 1) >> format->page_shift;
    mapping->table[t] = mapping->end;
    mapping->end += frames << format->page_shift;
    mapping->tables_bytes += bytes;
    mapping->tables_frames += frames;
    return true;
}

static bool place_tables(struct mapping *mapping, unsigned size_class, uint64_t va)
{
    for (unsigned level = 0; level <= mapping->spec.leaf_level[size_class]; level++)
        if (!place_table(mapping, level, va))
            return false;
    return true;
}

static void place_frames(struct mapping *mapping, unsigned size_class)
{
    const uint64_t bytes = UINT64_C(1) << mapping->spec.shift[size_class];
    mapping->end = ((mapping->end + bytes - 1) & -bytes) + bytes;
}

/* In units of the smallest leaf. */
static uint64_t frames_of(const struct mapping *mapping, unsigned size_class)
{
    return UINT64_C(1) << (mapping->spec.shift[size_class] - mapping->spec.format->page_shift);
}

struct mapping *mapping_create(const struct mapping_spec *spec, struct arena *arena)
{
    struct mapping *mapping = arena_alloc(arena, sizeof *mapping);
    if (mapping == NULL)
        return NULL;
    *mapping = (struct mapping){.spec = *spec, .arena = arena, .sign = mapping_sign(spec->format)};
    mapping->run[0].leaf = mapping->run[1].leaf = NO_LEAF;
    return place_table(mapping, 0, 0) ? mapping : NULL;
}

/* ---- Policies ---- */

uint64_t mapping_sign(const struct page_table_format *format)
{
    const unsigned bit = page_table_va_bits(format) - 1 - REQUEST_VA_SHIFT + REQUEST_KEY_SHIFT;
    return format->upper == PAGE_TABLE_SIGN_EXTENDED ? UINT64_C(1) << bit : 0;
}

bool mapping_invalidates(const struct mapping_spec *spec)
{
    return spec->policy == PAGES_KHUGEPAGED || spec->policy == PAGES_RESERVE;
}

static unsigned class_of_size(const struct mapping_spec *spec, uint64_t page_size_bytes)
{
    unsigned size_class = 0;
    while (UINT64_C(1) << spec->shift[size_class] != page_size_bytes)
        size_class++;
    return size_class;
}

void mapping_spec_init(struct mapping_spec *spec, const struct machine *machine)
{
    memset(spec, 0, sizeof *spec);
    spec->format = machine->format;
    spec->policy = machine->page_policy;
    for (uint64_t sizes = machine_page_sizes(machine); sizes != 0; sizes &= sizes - 1) {
        struct err unused;
        unsigned level = 0;
        spec->shift[spec->class_count] = (uint8_t)__builtin_ctzll(sizes);
        const bool good = page_table_leaf_level(machine->format, sizes & -sizes, &level, &unused);
        assert(good);
        (void)good;
        spec->leaf_level[spec->class_count++] = (uint8_t)level;
    }
    spec->base_class = class_of_size(spec, machine->page_size_bytes);
    if (spec->policy == PAGES_RANGES) {
        spec->range = machine->range;
        spec->range_count = machine->range_count;
        return;
    }
    spec->data_only = machine->huge_kinds == KINDS_DATA;
    const uint64_t pages = UINT64_C(1) << (spec->shift[1] - spec->shift[0]);
    if (spec->policy == PAGES_KHUGEPAGED)
        spec->promote_pages = machine->promote_pages;
    if (spec->policy == PAGES_RESERVE) /* rounded up: at least the threshold */
        spec->promote_pages =
            pages / 100 * machine->reserve_percent + (pages % 100 * machine->reserve_percent + 99) / 100;
}

/* By bisection: the class of the range that holds the address, or of os.page_size. */
static unsigned class_in_ranges(const struct mapping_spec *spec, uint64_t va)
{
    size_t first = 0;
    size_t end = spec->range_count;
    while (first < end) {
        const size_t middle = (first + end) / 2;
        const struct page_range *range = &spec->range[middle];
        if (va > range->last)
            first = middle + 1;
        else if (va < range->first)
            end = middle;
        else
            return class_of_size(spec, range->page_size_bytes);
    }
    return spec->base_class;
}

/* Maps one base page more in a range that is filling. */
static bool fill(struct mapping *mapping, struct huge_range *range, uint64_t va, bool *promoted)
{
    const struct mapping_spec *spec = &mapping->spec;
    bool is_new;
    *promoted = false;
    if (!mark(mapping, 0, va >> spec->shift[0], &is_new))
        return false;
    if (!is_new)
        return true;
    range->pages++;
    if (!place_tables(mapping, 0, va))
        return false;
    if (spec->policy != PAGES_RESERVE) /* else it has its place in the reservation */
        place_frames(mapping, 0);
    mapping->frames += frames_of(mapping, 0);
    mapping->pages[0]++;
    if (range->pages < spec->promote_pages)
        return true;
    mapping->frames += frames_of(mapping, 1) - range->pages * frames_of(mapping, 0);
    mapping->pages[0]--; /* this last one is never looked up */
    mapping->pages[1]++;
    mapping->promotions++;
    range->state = RANGE_HUGE;
    *promoted = true;
    return true;
}

static enum range_state first_state(const struct mapping_spec *spec, bool fetch)
{
    if (fetch && spec->data_only)
        return RANGE_BASE;
    return spec->policy == PAGES_THP ? RANGE_HUGE : RANGE_FILLING;
}

/* The class of the page that maps the address from now on. False when out of memory. */
static bool map(struct mapping *mapping, uint64_t va, bool fetch, unsigned *size_class, bool *promoted)
{
    const struct mapping_spec *spec = &mapping->spec;
    bool is_new;
    *promoted = false;
    if (!mark(mapping, TOUCHED, va >> spec->format->page_shift, &is_new))
        return false;
    mapping->touched += is_new;
    if (spec->policy == PAGES_RANGES) {
        *size_class = class_in_ranges(spec, va);
    } else {
        void *records = mapping->range;
        const uint32_t r = index_add(mapping, &mapping->ranges, va >> spec->shift[1], &records, &mapping->range_room,
                                     sizeof *mapping->range);
        mapping->range = records;
        if (r == NO_INDEX)
            return false;
        struct huge_range *range = &mapping->range[r];
        const bool first = range->state == RANGE_NEW;
        if (first)
            range->state = first_state(spec, fetch);
        if (range->state == RANGE_FILLING && !fill(mapping, range, va, promoted))
            return false;
        *size_class = range->state == RANGE_HUGE;
        if (range->state == RANGE_FILLING || (range->state == RANGE_HUGE && (!first || *promoted)))
            return true; /* all is in its place */
    }
    if (!mark(mapping, *size_class, va >> spec->shift[*size_class], &is_new))
        return false;
    if (!is_new)
        return true;
    if (!place_tables(mapping, *size_class, va))
        return false;
    place_frames(mapping, *size_class);
    mapping->frames += frames_of(mapping, *size_class);
    mapping->pages[*size_class]++;
    return true;
}

/* ---- The stream ---- */

/* The item of the page that maps an address, without its low bits. */
static uint64_t page_item(unsigned shift, unsigned size_class, uint64_t va)
{
    return request_of_class(request_of_va(va & -(UINT64_C(1) << shift), 0), size_class);
}

bool mapping_run(struct mapping *mapping, const uint64_t *request, size_t count, uint64_t *item,
                 struct mapping_found *found)
{
    const struct mapping_spec *spec = &mapping->spec;
    const unsigned leaf_shift = spec->format->page_shift;
    size_t items = 0;
    *found = (struct mapping_found){0};
    for (size_t i = 0; i < count; i++) {
        const uint64_t low = request[i] & REQUEST_LOW_MASK;
        const uint64_t va = request_va(request[i]);
        const bool fetch = (request[i] & REQUEST_FETCH) != 0;
        const bool second = (request[i] & 1) != 0;
        struct run *run = &mapping->run[spec->unified ? 0 : fetch];
        if (va >> leaf_shift == run->leaf) {
            assert(!second); /* it begins another page than its first lookup's, which came right before it */
            found->lookups[fetch]++;
            found->of_class[run->size_class]++;
            item[items] = run->item | low;
            items += !run->absorbed;
            continue;
        }
        unsigned size_class;
        bool promoted;
        if (!map(mapping, va, fetch, &size_class, &promoted))
            return false;
        if (promoted) { /* what was looked up last may have been in the range */
            mapping->run[0].leaf = mapping->run[1].leaf = NO_LEAF;
            item[items++] = page_item(spec->shift[1], REQUEST_INVALIDATE, va) | low;
        }
        const uint64_t page = page_item(spec->shift[size_class], size_class, va);
        const bool same = run->leaf != NO_LEAF && page == run->item;
        run->leaf = va >> leaf_shift;
        run->item = page;
        run->size_class = (uint8_t)size_class;
        run->absorbed = spec->absorbed[fetch][size_class];
        /* A second lookup that is in the page of the first is none. */
        if (second && !promoted && (va & ((UINT64_C(1) << spec->shift[size_class]) - 1)) != 0)
            continue;
        found->lookups[fetch]++;
        found->crossings[fetch] += second;
        found->of_class[size_class]++;
        item[items] = page | low;
        items += !(same && run->absorbed);
    }
    found->items = items;
    return true;
}

/* ---- Walks ---- */

/* The item of the read of the entry of `level` on the way to the page. */
static uint64_t read_of(const struct mapping *mapping, unsigned level, uint64_t va, uint64_t walk)
{
    const struct page_table_format *format = mapping->spec.format;
    const uint64_t entry = va >> page_table_shift(format, level) & ((UINT64_C(1) << format->level[level].bits) - 1);
    const uint32_t t = index_find(&mapping->tables, table_key(format, level, va));
    assert(t != NO_INDEX); /* placed when the page was mapped */
    const uint64_t address = mapping->table[t] + entry * format->entry_bytes;
    return address >> REQUEST_READ_SHIFT << REQUEST_KEY_SHIFT | request_position(walk);
}

size_t mapping_read(const struct mapping *mapping, const struct address_space_walks *walks, uint64_t *item)
{
    const struct mapping_spec *spec = &mapping->spec;
    const unsigned deepest = spec->leaf_level[0];
    size_t at[PAGE_TABLE_LEVELS_MAX] = {0};
    size_t items = 0;
    for (size_t i = 0; i < walks->count; i++) {
        const unsigned size_class = request_class(walks->item[i], mapping->sign);
        /* The lowest of the levels from which on all entries are read. */
        unsigned first = deepest;
        for (bool reads = true; first > 0; first--) {
            const uint16_t *reading = walks->reading[first - 1];
            reads = reading == NULL || reading[at[first - 1]++] != 0;
            if (!reads)
                break;
        }
        if (size_class == REQUEST_INVALIDATE)
            continue;
        const uint64_t va = request_va(request_of_class(walks->item[i], size_class));
        for (unsigned level = first; level <= spec->leaf_level[size_class]; level++)
            item[items++] = read_of(mapping, level, va, walks->item[i]);
    }
    return items;
}

uint64_t mapping_end(const struct mapping *mapping)
{
    return mapping->end;
}

/* ---- Counting ---- */

static uint64_t index_bytes(const struct index *index)
{
    return index->slots * (sizeof *index->key + sizeof *index->number);
}

uint64_t mapping_bytes(const struct mapping *mapping)
{
    return sizeof *mapping + index_bytes(&mapping->tables) + index_bytes(&mapping->chunks) +
           index_bytes(&mapping->ranges) + mapping->table_room * sizeof *mapping->table +
           mapping->chunk_room * sizeof *mapping->chunk + mapping->range_room * sizeof *mapping->range;
}

void mapping_count(const struct mapping *mapping, struct counters *counters)
{
    const struct mapping_spec *spec = &mapping->spec;
    counters->pages_touched = 0;
    counters->pages_small = counters->pages_huge = counters->pages_giant = 0;
    for (unsigned c = 0; c < spec->class_count; c++) {
        counters->pages_touched += mapping->pages[c];
        *address_space_pages_counter(spec->format, spec->leaf_level[c], counters) += mapping->pages[c];
    }
    counters->page_table_bytes = mapping->tables_bytes;
    counters->frames_page_table = mapping->tables_frames;
    counters->frames_mapped = mapping->frames;
    counters->touched_bytes = mapping->touched << spec->format->page_shift;
    counters->bloat_bytes = (mapping->frames << spec->format->page_shift) - counters->touched_bytes;
    counters->promotions = mapping->promotions;
}
