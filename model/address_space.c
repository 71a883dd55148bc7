/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/address_space.h"

enum {
    MEMO_ENTRIES = 1024,
    LEVEL_BITS = 3, /* the level below a prefix in a hash key */
    SLOTS_FIRST = 64,
    NO_TABLE = UINT32_MAX,
};

/* Leaf tables by the low bits of their prefixes: nearly every question is answered here, without the hash. */
struct memo {
    uint64_t prefix;
    uint32_t table;
};

struct address_space {
    const struct page_table_format *format;
    struct arena *arena;
    unsigned leaf_level;
    unsigned page_shift;  /* log2 of the page size */
    unsigned table_shift; /* log2 of what a leaf table covers */
    uint32_t bitmap_words;
    uint64_t end;
    uint64_t pages;
    struct table *table; /* the root first */
    uint64_t *touched;   /* a bitmap of pages for each table; only leaf tables' are used, and those are nearly all */
    uint32_t table_count;
    uint32_t table_room;
    uint32_t *slot; /* open addressing: index of a table, NO_TABLE where free */
    uint32_t slot_mask;
    struct memo memo[MEMO_ENTRIES];
};

/* What a table of `level` covers, in bits of the va. */
static unsigned covered_bits(const struct page_table_format *format, unsigned level)
{
    return page_table_shift(format, level) + format->level[level].bits;
}

static uint64_t prefix_of(const struct page_table_format *format, unsigned level, uint64_t va)
{
    const unsigned bits = covered_bits(format, level);
    return (bits >= 64 - LEVEL_BITS || level == 0 ? 0 : va >> bits << LEVEL_BITS) | level;
}

/* Neighbouring regions take neighbouring slots: a dense region's tables collide with none of their own. */
static uint32_t slot_of(const struct address_space *space, uint64_t prefix)
{
    const uint64_t region = prefix >> LEVEL_BITS;
    const uint64_t block = region >> 9 ^ (prefix & ((1 << LEVEL_BITS) - 1)) << 56;
    return (uint32_t)(region + (block * UINT64_C(0x9e3779b97f4a7c15) >> 32)) & space->slot_mask;
}

static uint32_t find_table(const struct address_space *space, uint64_t prefix)
{
    for (uint32_t s = slot_of(space, prefix);; s = (s + 1) & space->slot_mask) {
        const uint32_t index = space->slot[s];
        if (index == NO_TABLE || space->table[index].prefix == prefix)
            return index;
    }
}

static void take_slot(struct address_space *space, uint32_t index)
{
    uint32_t s = slot_of(space, space->table[index].prefix);
    while (space->slot[s] != NO_TABLE)
        s = (s + 1) & space->slot_mask;
    space->slot[s] = index;
}

/* Keeps the slots at most a quarter full. */
static bool grow_slots(struct address_space *space)
{
    const uint32_t old = space->slot == NULL ? 0 : space->slot_mask + 1;
    if (4 * (uint64_t)(space->table_count + 1) <= old)
        return true;
    const uint32_t slots = old == 0 ? SLOTS_FIRST : 2 * old;
    uint32_t *slot = arena_grow(space->arena, space->slot, old * sizeof *slot, slots * sizeof *slot);
    if (slot == NULL)
        return false;
    space->slot = slot;
    space->slot_mask = slots - 1;
    for (uint32_t s = 0; s < slots; s++)
        slot[s] = NO_TABLE;
    for (uint32_t i = 0; i < space->table_count; i++)
        take_slot(space, i);
    return true;
}

static bool grow_tables(struct address_space *space)
{
    if (space->table_count < space->table_room)
        return true;
    const size_t old = space->table_room;
    const size_t room = old == 0 ? 16 : 2 * old;
    const size_t bitmap_bytes = space->bitmap_words * sizeof *space->touched;
    struct table *table = arena_grow(space->arena, space->table, old * sizeof *table, room * sizeof *table);
    if (table == NULL)
        return false;
    space->table = table;
    uint64_t *touched = arena_grow(space->arena, space->touched, old * bitmap_bytes, room * bitmap_bytes);
    if (touched == NULL)
        return false;
    space->touched = touched;
    space->table_room = (uint32_t)room;
    return true;
}

static uint64_t frame_bytes(const struct address_space *space)
{
    return UINT64_C(1) << space->format->page_shift;
}

static uint64_t table_bytes(const struct address_space *space, unsigned level)
{
    return (uint64_t)space->format->entry_bytes << space->format->level[level].bits;
}

static uint64_t table_frames(const struct address_space *space, unsigned level)
{
    return (table_bytes(space, level) + frame_bytes(space) - 1) >> space->format->page_shift;
}

static bool add_table(struct address_space *space, unsigned level, uint64_t prefix, uint32_t parent)
{
    if (!grow_slots(space) || !grow_tables(space))
        return false;
    const uint32_t index = space->table_count++;
    space->table[index] = (struct table){prefix, space->end, parent};
    space->end += table_frames(space, level) << space->format->page_shift;
    take_slot(space, index);
    return true;
}

struct address_space *address_space_create(const struct page_table_format *format, uint64_t page_size_bytes,
                                           unsigned leaf_level, struct arena *arena)
{
    struct address_space *space = arena_alloc(arena, sizeof *space);
    if (space == NULL)
        return NULL;
    const unsigned page_shift = (unsigned)__builtin_ctzll(page_size_bytes);
    const uint64_t pages = UINT64_C(1) << (covered_bits(format, leaf_level) - page_shift);
    *space = (struct address_space){
        .format = format,
        .arena = arena,
        .leaf_level = leaf_level,
        .page_shift = page_shift,
        .table_shift = covered_bits(format, leaf_level),
        .bitmap_words = (uint32_t)((pages + 63) / 64),
    };
    for (unsigned i = 0; i < MEMO_ENTRIES; i++)
        space->memo[i].prefix = UINT64_MAX;
    return add_table(space, 0, prefix_of(format, 0, 0), 0) ? space : NULL;
}

/* Places the tables that are missing above the page at `va`, root first, and returns the leaf table. */
static uint32_t place_tables(struct address_space *space, uint64_t va)
{
    uint32_t parent = 0;
    for (unsigned level = 1; level <= space->leaf_level; level++) {
        const uint64_t prefix = prefix_of(space->format, level, va);
        uint32_t index = find_table(space, prefix);
        if (index == NO_TABLE) {
            index = space->table_count;
            if (!add_table(space, level, prefix, parent))
                return NO_TABLE;
        }
        parent = index;
    }
    return parent;
}

static void place_page(struct address_space *space)
{
    const uint64_t page_bytes = UINT64_C(1) << space->page_shift;
    space->end = (space->end + page_bytes - 1) & -page_bytes;
    space->end += page_bytes;
    space->pages++;
}

/* The leaf table's index, NO_TABLE when out of memory. */
static __attribute__((noinline)) uint32_t find_or_place(struct address_space *space, uint64_t va, uint64_t prefix)
{
    const uint32_t index = find_table(space, prefix);
    return index != NO_TABLE ? index : place_tables(space, va);
}

static inline uint32_t leaf_table(struct address_space *space, uint64_t va)
{
    const uint64_t region = space->leaf_level == 0 ? 0 : va >> space->table_shift;
    const uint64_t prefix = region << LEVEL_BITS | space->leaf_level;
    struct memo *memo = &space->memo[region % MEMO_ENTRIES];
    if (__builtin_expect(memo->prefix != prefix, 0)) {
        const uint32_t index = find_or_place(space, va, prefix);
        if (index == NO_TABLE)
            return NO_TABLE;
        *memo = (struct memo){prefix, index};
    }
    return memo->table;
}

bool address_space_touch(struct address_space *space, uint64_t va)
{
    const uint32_t index = leaf_table(space, va);
    if (index == NO_TABLE)
        return false;
    const uint64_t page = (va & ((UINT64_C(1) << space->table_shift) - 1)) >> space->page_shift;
    uint64_t *word = &space->touched[(size_t)index * space->bitmap_words + page / 64];
    const uint64_t bit = UINT64_C(1) << page % 64;
    if (__builtin_expect((*word & bit) == 0, 0)) {
        *word |= bit;
        place_page(space);
    }
    return true;
}

const struct table *address_space_table(struct address_space *space, uint64_t va)
{
    return &space->table[leaf_table(space, va)];
}

const struct table *address_space_parent(const struct address_space *space, const struct table *table)
{
    return &space->table[table->parent];
}

uint64_t address_space_end(const struct address_space *space)
{
    return space->end;
}

void address_space_count(const struct address_space *space, struct counters *counters)
{
    counters->pages_touched = space->pages;
    counters->frames_mapped = space->pages << (space->page_shift - space->format->page_shift);
    counters->page_table_bytes = 0;
    counters->frames_page_table = 0;
    for (uint32_t i = 0; i < space->table_count; i++) {
        const unsigned level = (unsigned)space->table[i].prefix & ((1 << LEVEL_BITS) - 1);
        counters->page_table_bytes += table_bytes(space, level);
        counters->frames_page_table += table_frames(space, level);
    }
}
