/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/frames.h"

#include "model/address_space.h"
#include "model/request.h"

enum {
    ROW_SHIFT = 4,
    ROW_PAGES = 1 << ROW_SHIFT, /* the largest group */
    SLOTS_FIRST = 1024,
    NO_ROW = UINT32_MAX,
};

struct row {
    int64_t number;            /* page number / ROW_PAGES, sign kept */
    uint64_t since[ROW_PAGES]; /* time of the first lookup; 0: none yet */
    uint64_t frame[ROW_PAGES]; /* physical address / page size */
};

struct frames {
    struct arena *arena;
    struct address_space *space;
    unsigned page_shift;
    uint64_t before; /* time of the block's first position; times begin at 1 */
    int64_t last;    /* page that was told last: runs of one page are mostly what there is */
    struct row *row;
    uint32_t row_count;
    uint32_t row_room;
    uint32_t *slot; /* open addressing: index of a row, NO_ROW where free */
    uint32_t slot_count;
};

static bool grow_slots(struct frames *frames)
{
    const uint32_t slots = frames->slot_count == 0 ? SLOTS_FIRST : 2 * frames->slot_count;
    uint32_t *slot = arena_grow(frames->arena, frames->slot, frames->slot_count * sizeof *slot, slots * sizeof *slot);
    if (slot == NULL)
        return false;
    frames->slot = slot;
    frames->slot_count = slots;
    return true;
}

static uint32_t *find_slot(const struct frames *frames, int64_t number)
{
    const uint32_t mask = frames->slot_count - 1;
    for (uint32_t s = (uint32_t)((uint64_t)number * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;; s = (s + 1) & mask)
        if (frames->slot[s] == NO_ROW || frames->row[frames->slot[s]].number == number)
            return &frames->slot[s];
}

static bool spread_rows(struct frames *frames)
{
    if (!grow_slots(frames))
        return false;
    for (uint32_t s = 0; s < frames->slot_count; s++)
        frames->slot[s] = NO_ROW;
    for (uint32_t i = 0; i < frames->row_count; i++)
        *find_slot(frames, frames->row[i].number) = i;
    return true;
}

struct frames *frames_create(const struct page_table_format *format, uint64_t page_size_bytes, unsigned leaf_level,
                             struct arena *arena)
{
    struct frames *frames = arena_alloc(arena, sizeof *frames);
    if (frames == NULL)
        return NULL;
    *frames = (struct frames){
        .arena = arena,
        .space = address_space_create(format, page_size_bytes, leaf_level, arena),
        .page_shift = (unsigned)__builtin_ctzll(page_size_bytes),
        .before = 1,
        .last = INT64_MIN,
    };
    return frames->space != NULL && spread_rows(frames) ? frames : NULL;
}

static int64_t page_of(const struct frames *frames, uint64_t request)
{
    return (int64_t)request >> (REQUEST_KEY_SHIFT - REQUEST_VA_SHIFT + frames->page_shift);
}

static uint64_t time_of(const struct frames *frames, uint64_t request)
{
    return frames->before + request_position(request);
}

/* NULL where no page of it was looked up. */
static const struct row *row_of(const struct frames *frames, int64_t page)
{
    const uint32_t index = *find_slot(frames, page >> ROW_SHIFT);
    return index == NO_ROW ? NULL : &frames->row[index];
}

/* NULL when out of memory. */
static struct row *make_row(struct frames *frames, int64_t page)
{
    uint32_t *slot = find_slot(frames, page >> ROW_SHIFT);
    if (*slot != NO_ROW)
        return &frames->row[*slot];
    if (2 * (uint64_t)(frames->row_count + 1) > frames->slot_count) {
        if (!spread_rows(frames))
            return NULL;
        slot = find_slot(frames, page >> ROW_SHIFT);
    }
    if (frames->row_count == frames->row_room) {
        const uint32_t room = frames->row_room == 0 ? 64 : 2 * frames->row_room;
        struct row *row = arena_grow(frames->arena, frames->row, frames->row_room * sizeof *row, room * sizeof *row);
        if (row == NULL)
            return NULL;
        frames->row = row;
        frames->row_room = room;
    }
    *slot = frames->row_count;
    frames->row[frames->row_count].number = page >> ROW_SHIFT;
    return &frames->row[frames->row_count++];
}

/* A page that is placed lies right before the space's new end. */
static bool see_one(struct frames *frames, uint64_t request)
{
    const int64_t page = page_of(frames, request);
    if (page == frames->last)
        return true;
    struct row *row = make_row(frames, page);
    if (row == NULL)
        return false;
    const unsigned i = (unsigned)(page & (ROW_PAGES - 1));
    frames->last = page;
    if (row->since[i] != 0)
        return true;
    row->since[i] = time_of(frames, request);
    if (!address_space_touch(frames->space, &request, 1))
        return false;
    row->frame[i] = (address_space_end(frames->space) >> frames->page_shift) - 1;
    return true;
}

bool frames_see(struct frames *frames, const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    frames->before += REQUEST_POSITIONS;
    size_t i = 0;
    size_t j = 0;
    while (i < a_count || j < b_count) {
        const bool first = j == b_count || (i < a_count && request_position(a[i]) < request_position(b[j]));
        const uint64_t request = first ? a[i++] : b[j++];
        if ((request & REQUEST_INSERT) == 0 && !see_one(frames, request))
            return false;
    }
    return true;
}

static bool is_mapped(const struct row *row, unsigned i, uint64_t time)
{
    return row->since[i] != 0 && row->since[i] <= time;
}

uint64_t frames_mapped(const struct frames *frames, uint64_t request, uint32_t pages)
{
    const int64_t page = page_of(frames, request);
    const struct row *row = row_of(frames, page);
    const unsigned first = (unsigned)(page & (ROW_PAGES - 1) & -(int64_t)pages);
    uint64_t mapped = 0;
    for (unsigned i = 0; i < pages; i++)
        mapped |= (uint64_t)is_mapped(row, first + i, time_of(frames, request)) << i;
    return mapped;
}

uint64_t frames_run(const struct frames *frames, uint64_t request, uint32_t pages)
{
    const int64_t page = page_of(frames, request);
    const struct row *row = row_of(frames, page);
    const unsigned here = (unsigned)(page & (ROW_PAGES - 1));
    const unsigned first = here & -pages;
    const uint64_t time = time_of(frames, request);
    uint64_t run = UINT64_C(1) << (here - first);
    for (unsigned i = here; i-- > first && is_mapped(row, i, time) && row->frame[i] + (here - i) == row->frame[here];)
        run |= UINT64_C(1) << (i - first);
    for (unsigned i = here + 1;
         i < first + pages && is_mapped(row, i, time) && row->frame[i] == row->frame[here] + (i - here); i++)
        run |= UINT64_C(1) << (i - first);
    return run;
}

bool frames_aligned(const struct frames *frames, uint64_t request, uint32_t pages)
{
    const int64_t page = page_of(frames, request);
    const struct row *row = row_of(frames, page);
    return ((row->frame[page & (ROW_PAGES - 1)] ^ (uint64_t)page) & (pages - 1)) == 0;
}

bool frames_has(const struct frames *frames, uint64_t request, int64_t page)
{
    const struct row *row = row_of(frames, page);
    return row != NULL && is_mapped(row, (unsigned)(page & (ROW_PAGES - 1)), time_of(frames, request));
}

uint64_t frames_bytes(const struct frames *frames)
{
    return sizeof *frames + frames->row_room * sizeof(struct row) + frames->slot_count * sizeof(uint32_t) +
           address_space_bytes(frames->space);
}
