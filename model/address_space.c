/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/address_space.h"

#include <assert.h>

#include "model/request.h"
#include "model/vector.h"

enum {
    LEVEL_BITS = 3,   /* the level below a prefix in a hash key, */
    OWNER_SHIFT = 46, /* and above it whose table it is: 43 bits of a va tell leaf tables of 2M apart */
    SLOTS_FIRST = 1024,
    NO_TABLE = UINT32_MAX,
};

#define NO_REGION INT64_MIN

struct table {
    uint64_t prefix; /* va >> the bits that the table translates, with its level and owner: what the hash finds it by */
    uint64_t address; /* physical */
    uint64_t entry;   /* physical address of the entry that leads to it; 0 for the root */
    uint32_t parent;  /* index; the root's own for the root */
    uint32_t next;    /* of the same owner's leaf tables, from its root on; NO_TABLE: none */
};

/* Leaf tables by the low bits of the region that each maps: nearly every question is answered here, without the hash.
 * A region is a page number, with its owner's tag, >> region_shift. */
struct memo {
    int64_t region;
    int64_t word; /* of `touched`: a page's is word + page number / 64 */
};

struct memo_table {
    uint64_t first; /* key_of the table's address, less what its first page's number adds to it */
    uint64_t entry; /* key_of the entry that leads to it */
};

struct address_space {
    const struct page_table_format *format;
    struct arena *arena;
    unsigned va_bits; /* sign included; above them is the tag */
    unsigned leaf_level;
    unsigned page_shift;   /* log2 of the page size */
    unsigned region_shift; /* log2 of the pages that a leaf table maps */
    unsigned run_shift;    /* log2 of key_of the bytes of the entries that map a page */
    uint32_t bitmap_words;
    uint64_t end;
    uint64_t pages;
    uint32_t *owner;     /* by tag: the process whose lookups carry it */
    uint64_t tags;       /* that owner has room for */
    struct table *table; /* the root first */
    uint64_t *touched;   /* a bitmap of pages for each table; only leaf tables' are used, and those are nearly all */
    uint32_t table_count;
    uint32_t table_room;
    uint32_t *slot; /* open addressing: index of a table, NO_TABLE where free */
    uint32_t slot_mask;
    struct memo *memo; /* slot_mask + 1 of them, as of memo_table */
    struct memo_table *memo_table;
};

/* What a table of `level` covers, in bits of the va. */
static unsigned covered_bits(const struct page_table_format *format, unsigned level)
{
    return page_table_shift(format, level) + format->level[level].bits;
}

static uint64_t prefix_of(const struct page_table_format *format, uint32_t owner, unsigned level, uint64_t va)
{
    const unsigned bits = covered_bits(format, level);
    const uint64_t prefix = bits >= 64 - LEVEL_BITS || level == 0 ? 0 : va >> bits << LEVEL_BITS;
    return (uint64_t)owner << OWNER_SHIFT | prefix | level;
}

static unsigned level_of(const struct table *table)
{
    return (unsigned)table->prefix & ((1 << LEVEL_BITS) - 1);
}

static uint32_t owner_of(const struct table *table)
{
    return (uint32_t)(table->prefix >> OWNER_SHIFT);
}

/* The lowest address that it translates. */
static uint64_t first_va_of(const struct page_table_format *format, const struct table *table)
{
    const uint64_t prefix = table->prefix & ((UINT64_C(1) << OWNER_SHIFT) - 1);
    return level_of(table) == 0 ? 0 : prefix >> LEVEL_BITS << covered_bits(format, level_of(table));
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
    struct memo *memo = arena_grow(space->arena, space->memo, old * sizeof *memo, slots * sizeof *memo);
    struct memo_table *memo_table =
        arena_grow(space->arena, space->memo_table, old * sizeof *memo_table, slots * sizeof *memo_table);
    if (slot != NULL)
        space->slot = slot;
    if (memo != NULL)
        space->memo = memo;
    if (memo_table != NULL)
        space->memo_table = memo_table;
    if (slot == NULL || memo == NULL || memo_table == NULL)
        return false;
    space->slot_mask = slots - 1;
    for (uint32_t s = 0; s < slots; s++)
        memo[s].region = NO_REGION;
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

static bool add_table(struct address_space *space, unsigned level, uint64_t prefix, uint32_t parent, uint64_t entry)
{
    if (!grow_slots(space) || !grow_tables(space))
        return false;
    const uint32_t index = space->table_count++;
    space->table[index] = (struct table){prefix, space->end, entry, parent, NO_TABLE};
    space->end += table_frames(space, level) << space->format->page_shift;
    take_slot(space, index);
    return true;
}

/* The owner's root table, placed if it is missing. */
static uint32_t place_root(struct address_space *space, uint32_t owner)
{
    const uint64_t prefix = prefix_of(space->format, owner, 0, 0);
    const uint32_t index = space->table_count == 0 ? NO_TABLE : find_table(space, prefix);
    if (index != NO_TABLE)
        return index;
    const uint32_t root = space->table_count;
    return add_table(space, 0, prefix, root, 0) ? root : NO_TABLE;
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
        .va_bits = page_table_signed_bits(format),
        .leaf_level = leaf_level,
        .page_shift = page_shift,
        .region_shift = covered_bits(format, leaf_level) - page_shift,
        .run_shift = page_shift - page_table_shift(format, leaf_level) + (unsigned)__builtin_ctz(format->entry_bytes) +
                     REQUEST_KEY_SHIFT - REQUEST_READ_SHIFT,
        .bitmap_words = (uint32_t)((pages + 63) / 64),
    };
    return address_space_bind(space, 0, 0) && place_root(space, 0) != NO_TABLE ? space : NULL;
}

uint64_t address_space_reserve(struct address_space *space, uint64_t bytes)
{
    const uint64_t alignment = bytes > frame_bytes(space) ? bytes : frame_bytes(space);
    const uint64_t address = (space->end + alignment - 1) & -alignment;
    space->end = address + alignment;
    return address;
}

/* Places the tables that are missing above the page at `va`, root first, and returns the leaf table. */
static uint32_t place_tables(struct address_space *space, uint32_t owner, uint64_t va)
{
    const uint32_t root = place_root(space, owner);
    uint32_t parent = root;
    for (unsigned level = 1; level <= space->leaf_level && parent != NO_TABLE; level++) {
        const uint64_t prefix = prefix_of(space->format, owner, level, va);
        uint32_t index = find_table(space, prefix);
        if (index == NO_TABLE) {
            const uint64_t number = va >> page_table_shift(space->format, level - 1) &
                                    ((UINT64_C(1) << space->format->level[level - 1].bits) - 1);
            const uint64_t entry = space->table[parent].address + number * space->format->entry_bytes;
            index = space->table_count;
            if (!add_table(space, level, prefix, parent, entry))
                return NO_TABLE;
            if (level == space->leaf_level) {
                space->table[index].next = space->table[root].next;
                space->table[root].next = index;
            }
        }
        parent = index;
    }
    return parent;
}

static void place_pages(struct address_space *space, uint64_t pages)
{
    const uint64_t page_bytes = UINT64_C(1) << space->page_shift;
    space->end = (space->end + page_bytes - 1) & -page_bytes;
    space->end += pages * page_bytes;
    space->pages += pages;
}

bool address_space_join(struct address_space *whole, const struct address_space *part)
{
    for (uint32_t i = 0; i < part->table_count; i++) {
        const struct table *table = &part->table[i];
        if (level_of(table) != part->leaf_level)
            continue;
        const uint32_t index = place_tables(whole, owner_of(table), first_va_of(part->format, table));
        if (index == NO_TABLE)
            return false;
        uint64_t *here = whole->touched + (size_t)index * whole->bitmap_words;
        const uint64_t *there = part->touched + (size_t)i * part->bitmap_words;
        uint64_t pages = 0;
        for (uint32_t word = 0; word < whole->bitmap_words; word++) {
            pages += (uint64_t)__builtin_popcountll(there[word] & ~here[word]);
            here[word] |= there[word];
        }
        if (pages > 0)
            place_pages(whole, pages);
    }
    return true;
}

/* Is the page touched at `va`, which the table of this index maps? */
static bool has_touched(const struct address_space *space, uint32_t index, uint64_t va)
{
    const int64_t page = (int64_t)va >> space->page_shift;
    const int64_t first = page & -(INT64_C(1) << space->region_shift);
    const uint64_t *touched = space->touched + (size_t)index * space->bitmap_words;
    return (touched[(page >> 6) - (first >> 6)] >> (page & 63) & 1) != 0;
}

bool address_space_has_touched(const struct address_space *space, uint32_t owner, uint64_t first_va, uint64_t last_va)
{
    const uint64_t page_bytes = UINT64_C(1) << space->page_shift;
    for (uint32_t i = 0; i < space->table_count; i++) {
        const struct table *table = &space->table[i];
        if (level_of(table) != space->leaf_level || owner_of(table) != owner)
            continue;
        const uint64_t first = first_va_of(space->format, table);
        const uint64_t last = first + ((page_bytes << space->region_shift) - 1);
        if (level_of(table) > 0 && (first > last_va || last < first_va))
            continue;
        for (uint64_t page = 0; page >> space->region_shift == 0; page++) {
            uint64_t va; /* a root table maps both halves */
            request_split(first + page * page_bytes, space->va_bits, &va);
            if (va <= last_va && va + (page_bytes - 1) >= first_va && has_touched(space, i, va))
                return true;
        }
    }
    return false;
}

/* ---- The loops ---- */

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* A page number, sign kept: pages of one leaf table have consecutive ones in either half of the addresses. */
ALWAYS_INLINE int64_t page_of(const struct address_space *space, uint64_t request)
{
    return (int64_t)request >> (REQUEST_KEY_SHIFT - REQUEST_VA_SHIFT + space->page_shift);
}

ALWAYS_INLINE uint32_t memo_of(const struct address_space *space, int64_t region)
{
    return (uint32_t)(region ^ region >> 13) & space->slot_mask;
}

ALWAYS_INLINE bool is_touched(const struct address_space *space, const struct memo *memo, int64_t page)
{
    return (space->touched[memo->word + (page >> 6)] >> (page & 63) & 1) != 0;
}

/* A physical address as a request's key; what is below the key is cut off by read_of. */
ALWAYS_INLINE uint64_t key_of(uint64_t address)
{
    return address << (REQUEST_KEY_SHIFT - REQUEST_READ_SHIFT);
}

/* What a read has of its walk: where it comes from, and whether it is a prefetch. */
enum { KEPT_OF_WALK = REQUEST_POSITION_MASK | REQUEST_INSERT };

ALWAYS_INLINE uint64_t read_of(uint64_t key, uint64_t walk)
{
    return (key & ~(uint64_t)REQUEST_LOW_MASK) | (walk & KEPT_OF_WALK);
}

static void forget_region(struct address_space *space, uint64_t tag, uint64_t va)
{
    const uint64_t request = request_of_va(va, 0) ^ request_tag(tag, space->va_bits);
    const int64_t region = page_of(space, request) >> space->region_shift;
    struct memo *memo = &space->memo[memo_of(space, region)];
    if (memo->region == region)
        memo->region = NO_REGION;
}

/* What was learnt of the owner's tables under the tag. A root that is a leaf table has two regions, of either half. */
static void forget_owner(struct address_space *space, uint32_t owner, uint64_t tag)
{
    const uint32_t root = space->table_count == 0 ? NO_TABLE : find_table(space, prefix_of(space->format, owner, 0, 0));
    if (root != NO_TABLE && space->leaf_level == 0) {
        forget_region(space, tag, 0);
        forget_region(space, tag, UINT64_MAX);
        return;
    }
    for (uint32_t t = root == NO_TABLE ? NO_TABLE : space->table[root].next; t != NO_TABLE; t = space->table[t].next)
        forget_region(space, tag, first_va_of(space->format, &space->table[t]));
}

bool address_space_bind(struct address_space *space, uint64_t tag, uint32_t owner)
{
    assert(owner < ADDRESS_SPACE_OWNERS && tag < request_tags(space->va_bits));
    if (tag >= space->tags) {
        uint64_t tags = space->tags == 0 ? 1 : space->tags;
        while (tags <= tag)
            tags *= 2;
        uint32_t *owners = arena_grow(space->arena, space->owner, space->tags * sizeof *owners, tags * sizeof *owners);
        if (owners == NULL)
            return false;
        space->owner = owners;
        space->tags = tags;
    }
    if (space->owner[tag] == owner)
        return true;
    forget_owner(space, space->owner[tag], tag);
    space->owner[tag] = owner;
    return true;
}

/* Fills the region's memo; false when out of memory. */
static __attribute__((noinline)) bool learn(struct address_space *space, uint64_t request)
{
    uint64_t va;
    const uint32_t owner = space->owner[request_split(request_va(request), space->va_bits, &va)];
    uint32_t index = find_table(space, prefix_of(space->format, owner, space->leaf_level, va));
    if (index == NO_TABLE && (index = place_tables(space, owner, va)) == NO_TABLE)
        return false;
    const int64_t region = page_of(space, request) >> space->region_shift;
    const uint64_t first = (uint64_t)region << space->region_shift;
    const uint32_t m = memo_of(space, region);
    const struct table *table = &space->table[index];
    space->memo[m] = (struct memo){region, (int64_t)index * space->bitmap_words - ((int64_t)first >> 6)};
    space->memo_table[m] =
        (struct memo_table){key_of(table->address) - (first << space->run_shift), key_of(table->entry)};
    return true;
}

static __attribute__((noinline)) bool touch(struct address_space *space, uint64_t request)
{
    const int64_t page = page_of(space, request);
    const int64_t region = page >> space->region_shift;
    if (space->memo[memo_of(space, region)].region != region && !learn(space, request))
        return false;
    const struct memo *memo = &space->memo[memo_of(space, region)];
    if (is_touched(space, memo, page))
        return true;
    space->touched[memo->word + (page >> 6)] |= UINT64_C(1) << (page & 63);
    place_pages(space, 1);
    return true;
}

/* How many of the requests, from the first on, are for pages that have been touched; what it reads stays the same
 * meanwhile, so that all of it is in registers. */
VECTOR_CLONES static size_t count_touched(const struct address_space *shared, const uint64_t *request, size_t count)
{
    const struct address_space space = *shared;
    size_t i = 0;
    for (; i < count; i++) {
        const int64_t page = page_of(&space, request[i]);
        const int64_t region = page >> space.region_shift;
        const struct memo *memo = &space.memo[memo_of(&space, region)];
        if (__builtin_expect(memo->region != region || !is_touched(&space, memo, page), 0))
            break;
    }
    return i;
}

/* Touches pages from the first request on, without a branch on which are new, up to one of a region without a memo;
 * returns how many requests these are. */
VECTOR_CLONES static size_t touch_some(struct address_space *shared, const uint64_t *request, size_t count)
{
    const struct address_space space = *shared;
    uint64_t pages = 0;
    size_t i = 0;
    for (; i < count; i++) {
        const int64_t page = page_of(&space, request[i]);
        const int64_t region = page >> space.region_shift;
        const struct memo *memo = &space.memo[memo_of(&space, region)];
        if (__builtin_expect(memo->region != region, 0))
            break;
        uint64_t *word = &space.touched[memo->word + (page >> 6)];
        pages += ~*word >> (page & 63) & 1;
        *word |= UINT64_C(1) << (page & 63);
    }
    if (pages > 0) /* no table comes between them */
        place_pages(shared, pages);
    return i;
}

bool address_space_touch(struct address_space *space, const uint64_t *request, size_t count)
{
    /* Where one page is new, others are: a branch on each would be a guess. A whole trace of 8 million accesses all
     * over 1 GiB takes 5 % less time so. */
    enum { SOME = 64 };
    for (size_t i = 0; (i += count_touched(space, request + i, count - i)) < count;) {
        i += touch_some(space, request + i, count - i < SOME ? count - i : SOME);
        if (i < count && !touch(space, request[i++]))
            return false;
    }
    return true;
}

/* Where reads go. */
struct reads {
    uint64_t *item;
    uint16_t *lanes;
};

/* Where the loop is in the `reading` of the levels above these. */
struct cursor {
    const struct address_space_walks *walks;
    size_t at[PAGE_TABLE_LEVELS_MAX];
};

/* Of the next of the walks that `below` read the entry of level + 1: who reads that of `level`. */
ALWAYS_INLINE uint16_t who_reads(struct cursor *cursor, unsigned level, uint16_t below)
{
    const uint16_t *reading = cursor->walks->reading[level];
    if (reading == NULL)
        return below;
    const uint16_t asked = below != 0;
    const uint16_t who = reading[cursor->at[level]] & (uint16_t)-asked; /* not a branch: nobody could predict it */
    cursor->at[level] += asked;
    return who;
}

/* The reads above the entry that leads to the leaf table of a region whose memo is there, root first; `who` read the nearest
 * of them. */
static __attribute__((noinline)) struct reads read_above(const struct address_space *space, uint64_t walk, uint16_t who,
                                                         struct cursor *cursor, struct reads read, bool in_lanes)
{
    uint16_t lanes[PAGE_TABLE_LEVELS_MAX];
    unsigned reads = 0;
    for (unsigned level = space->leaf_level - 2; who != 0; level--) {
        lanes[reads++] = who;
        if (level == 0)
            break;
        who = who_reads(cursor, level - 1, who);
    }
    const int64_t region = page_of(space, walk) >> space->region_shift;
    const int64_t first_word = (int64_t)((uint64_t)region << space->region_shift) >> 6;
    const uint64_t leaf = (uint64_t)(space->memo[memo_of(space, region)].word + first_word) / space->bitmap_words;
    const struct table *table = &space->table[leaf];
    for (unsigned i = 0; i < reads; i++) {
        table = &space->table[table->parent];
        read.item[reads - 1 - i] = read_of(key_of(table->entry), walk);
        if (in_lanes)
            read.lanes[reads - 1 - i] = lanes[i];
    }
    return (struct reads){read.item + reads, in_lanes ? read.lanes + reads : NULL};
}

/* Of the two lowest levels above the leaf table's, which most walks ask for if for any: who reads them. The second has a
 * word for each walk that reads the first. */
struct reading {
    const uint16_t *nearest;
    const uint16_t *next;
    size_t next_at;
};

/* Writes the reads of walks from `i` on, up to `end`. */
ALWAYS_INLINE struct reads read_some(struct address_space *space, struct cursor *cursor, struct reading *reading,
                                     size_t i, size_t end, struct reads read, const bool in_lanes)
{
    static const uint16_t nobody = 0;
    const struct address_space here = *space; /* whose tables are all there: nothing moves any more */
    const uint16_t *const lanes = cursor->walks->lanes;
    const uint64_t *const item = cursor->walks->item;
    const uint16_t *const nearest = here.leaf_level > 0 ? reading->nearest : &nobody;
    const uint16_t *const next = here.leaf_level > 1 ? reading->next : &nobody;
    const size_t nearest_step = here.leaf_level > 0; /* `nobody` is one word */
    const size_t next_step = here.leaf_level > 1;
    size_t at = reading->next_at;
    for (; i < end; i++) {
        const uint64_t walk = item[i];
        const int64_t page = page_of(&here, walk);
        const int64_t region = page >> here.region_shift;
        const uint32_t m = memo_of(&here, region);
        if (__builtin_expect(here.memo[m].region != region, 0))
            learn(space, walk);
        const struct memo_table *memo = &here.memo_table[m];
        const uint16_t all = in_lanes ? lanes[i] : 1;
        const uint16_t led = nearest == NULL ? all : nearest[i * nearest_step];
        const uint16_t asked = led != 0;
        const uint16_t above = next == NULL ? led : next[at] & (uint16_t)-asked;
        at += asked & next_step;
        if (__builtin_expect(above != 0, 0))
            read = read_above(&here, walk, above, cursor, read, in_lanes);
        *read.item = read_of(memo->entry, walk);
        read.item += asked;
        *read.item++ = read_of(memo->first + ((uint64_t)page << here.run_shift), walk);
        if (in_lanes) {
            *read.lanes = led;
            read.lanes += asked;
            *read.lanes++ = all;
        }
    }
    reading->next_at = at;
    return read;
}

enum { EIGHT = 8 };

#ifdef __x86_64__

/* Of eight items and their lanes, appends some. */
VECTOR_INLINE struct reads append_eight(struct reads read, __m512i item, __m128i lanes, __mmask8 which,
                                        const bool in_lanes)
{
    const uint32_t count = (uint32_t)__builtin_popcount(vector_bits(which));
    _mm512_storeu_si512(read.item, _mm512_maskz_compress_epi64(which, item));
    read.item += count;
    if (in_lanes) {
        const __m256i words = _mm256_maskz_compress_epi32(which, _mm256_cvtepu16_epi32(lanes));
        _mm_storeu_si128((__m128i *)read.lanes, _mm256_cvtepi32_epi16(words));
        read.lanes += count;
    }
    return read;
}

/* Eight walks at a time, from *i on, up to eight of which one reads more than two entries, or whose memos are not all
 * there. */
VECTOR_INLINE struct reads read_eights(const struct address_space *space, const struct address_space_walks *walks,
                                       struct reading *reading, size_t *i, struct reads read, const bool in_lanes)
{
    const __m512i low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
    const __m512i high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    const __m512i key_bits = _mm512_set1_epi64(~(long long)REQUEST_LOW_MASK);
    const unsigned page_shift = REQUEST_KEY_SHIFT - REQUEST_VA_SHIFT + space->page_shift;
    for (; *i + EIGHT <= walks->count; *i += EIGHT) {
        const __m512i walk = _mm512_loadu_si512(walks->item + *i);
        /* page_of and memo_of, for eight */
        const __m512i page = _mm512_srai_epi64(walk, page_shift);
        const __m512i region = _mm512_srai_epi64(page, space->region_shift);
        const __m512i memo = _mm512_and_si512(_mm512_xor_si512(region, _mm512_srai_epi64(region, 13)),
                                              _mm512_set1_epi64(space->slot_mask));
        const __m512i place = _mm512_slli_epi64(memo, 1); /* they have two words each */
        const __m128i all = in_lanes ? _mm_loadu_si128((const __m128i *)(walks->lanes + *i)) : _mm_set1_epi16(1);
        const __m128i led = reading->nearest == NULL ? all : _mm_loadu_si128((const __m128i *)(reading->nearest + *i));
        const __mmask8 asked = _mm_test_epi16_mask(led, led);
        const uint32_t asked_count = (uint32_t)__builtin_popcount(vector_bits(asked));
        const __m128i above =
            _mm_maskz_loadu_epi16((__mmask8)_bzhi_u32(UINT8_MAX, asked_count), reading->next + reading->next_at);
        const __mmask8 strange =
            _mm512_cmpneq_epi64_mask(_mm512_i64gather_epi64(place, &space->memo->region, 8), region);
        if (__builtin_expect((vector_bits(strange) | !_mm_testz_si128(above, above)) != 0, 0))
            break;
        const __m512i position = _mm512_and_si512(walk, _mm512_set1_epi64(KEPT_OF_WALK));
        const __m512i first = _mm512_i64gather_epi64(place, &space->memo_table->first, 8);
        const __m512i leaf = _mm512_add_epi64(first, _mm512_slli_epi64(page, space->run_shift));
        const __m512i leaf_read =
            _mm512_ternarylogic_epi64(leaf, key_bits, position, 0xea); /* leaf & key_bits | position */
        reading->next_at += asked_count;
        if (vector_bits(asked) == 0) {
            read = append_eight(read, leaf_read, all, UINT8_MAX, in_lanes);
            continue;
        }
        const __m512i entry = _mm512_i64gather_epi64(place, &space->memo_table->entry, 8);
        const __m512i entry_read = _mm512_ternarylogic_epi64(entry, key_bits, position, 0xea);
        const uint32_t which = _pdep_u32(vector_bits(asked), 0x5555) | 0xaaaa;
        read = append_eight(read, _mm512_permutex2var_epi64(entry_read, low, leaf_read), _mm_unpacklo_epi16(led, all),
                            (__mmask8)which, in_lanes);
        read = append_eight(read, _mm512_permutex2var_epi64(entry_read, high, leaf_read), _mm_unpackhi_epi16(led, all),
                            (__mmask8)(which >> EIGHT), in_lanes);
    }
    return read;
}

VECTOR_INLINE size_t read_vector(struct address_space *space, const struct address_space_walks *walks,
                                 uint64_t *const items, uint16_t *const lanes, const bool in_lanes)
{
    const unsigned leaf = space->leaf_level;
    struct reading reading = {walks->reading[leaf - 1], walks->reading[leaf - 2], 0};
    struct cursor cursor = {.walks = walks};
    struct reads read = {items, lanes};
    for (size_t i = 0; i < walks->count;) {
        read = read_eights(space, walks, &reading, &i, read, in_lanes);
        const size_t end = walks->count - i < EIGHT ? walks->count : i + EIGHT;
        read = read_some(space, &cursor, &reading, i, end, read, in_lanes);
        i = end;
    }
    return (size_t)(read.item - items);
}

VECTOR static size_t choose_vector(struct address_space *space, const struct address_space_walks *walks,
                                   uint64_t *items, uint16_t *lanes)
{
    return lanes == NULL ? read_vector(space, walks, items, NULL, false)
                         : read_vector(space, walks, items, lanes, true);
}

/* Where no cache of the second level above the leaf's is asked, all of eight walks mostly read three entries. */
static bool suits_vector(const struct address_space *space, const struct address_space_walks *walks)
{
    return vector_available() && space->leaf_level >= 2 && walks->reading[space->leaf_level - 2] != NULL;
}

#endif

ALWAYS_INLINE size_t read_all(struct address_space *space, const struct address_space_walks *walks,
                              uint64_t *const items, uint16_t *const lanes, const bool in_lanes)
{
    const unsigned leaf = space->leaf_level;
    struct reading reading = {leaf > 0 ? walks->reading[leaf - 1] : NULL, leaf > 1 ? walks->reading[leaf - 2] : NULL,
                              0};
    struct cursor cursor = {.walks = walks};
    const struct reads read =
        read_some(space, &cursor, &reading, 0, walks->count, (struct reads){items, lanes}, in_lanes);
    return (size_t)(read.item - items);
}

size_t address_space_read(struct address_space *space, const struct address_space_walks *walks, uint64_t *items,
                          uint16_t *lanes)
{
#ifdef __x86_64__
    if (suits_vector(space, walks))
        return choose_vector(space, walks, items, lanes);
#endif
    return lanes == NULL ? read_all(space, walks, items, NULL, false) : read_all(space, walks, items, lanes, true);
}

uint64_t address_space_end(const struct address_space *space)
{
    return space->end;
}

uint64_t address_space_bytes(const struct address_space *space)
{
    const uint64_t slots = (uint64_t)space->slot_mask + 1;
    return sizeof *space + slots * (sizeof *space->slot + sizeof *space->memo + sizeof *space->memo_table) +
           space->table_room * (sizeof *space->table + space->bitmap_words * sizeof *space->touched);
}

uint64_t *address_space_pages_counter(const struct page_table_format *format, unsigned leaf_level,
                                      struct counters *counters)
{
    const unsigned above = format->level_count - 1U - leaf_level;
    return above == 0 ? &counters->pages_small : above == 1 ? &counters->pages_huge : &counters->pages_giant;
}

void address_space_count(const struct address_space *space, struct counters *counters)
{
    counters->pages_touched = space->pages;
    counters->pages_small = counters->pages_huge = counters->pages_giant = 0;
    *address_space_pages_counter(space->format, space->leaf_level, counters) = space->pages;
    counters->frames_mapped = space->pages << (space->page_shift - space->format->page_shift);
    counters->page_table_bytes = 0;
    counters->frames_page_table = 0;
    for (uint32_t i = 0; i < space->table_count; i++) {
        const unsigned level = level_of(&space->table[i]);
        counters->page_table_bytes += table_bytes(space, level);
        counters->frames_page_table += table_frames(space, level);
    }
}
