/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/nested.h"

#include <assert.h>

#include "model/vector.h"

enum {
    SLOTS_FIRST = 1024,
    PATH_ROOM = PAGE_TABLE_LEVELS_MAX + VECTOR_SLACK,
};

#define NO_PAGE INT64_MIN

/* Of a guest page. */
struct slot {
    int64_t page; /* number, sign kept; NO_PAGE where free */
    uint64_t gpa;
};

struct nested {
    struct arena *arena;
    struct address_space *guest;
    struct address_space *host;
    const struct page_table_format *host_format;
    unsigned guest_levels; /* entries of a walk */
    unsigned host_levels;
    unsigned guest_page_shift;
    unsigned host_page_shift;
    struct slot *slot; /* open addressing, half full at most */
    uint64_t slot_count;
    uint64_t pages;
    uint64_t *frame; /* by guest-physical page: where it is in the host's memory, and 1; 0: it was not translated yet.
                        Guest-physical memory has few gaps that are as large as a page of the host's */
    uint64_t frame_room;
    bool out_of_addresses;
};

/* ---- Guest pages ---- */

static struct slot *find_slot(const struct nested *nested, int64_t page)
{
    const uint64_t mask = nested->slot_count - 1;
    for (uint64_t s = (uint64_t)page * UINT64_C(0x9e3779b97f4a7c15) >> 32;; s++)
        if (nested->slot[s & mask].page == page || nested->slot[s & mask].page == NO_PAGE)
            return &nested->slot[s & mask];
}

static bool grow_slots(struct nested *nested)
{
    if (2 * (nested->pages + 1) <= nested->slot_count)
        return true;
    const struct slot *old = nested->slot;
    const uint64_t old_count = nested->slot_count;
    const uint64_t count = old_count == 0 ? SLOTS_FIRST : 2 * old_count;
    struct slot *slot = arena_alloc(nested->arena, count * sizeof *slot);
    if (slot == NULL)
        return false;
    nested->slot = slot;
    nested->slot_count = count;
    for (uint64_t s = 0; s < count; s++)
        slot[s].page = NO_PAGE;
    for (uint64_t s = 0; s < old_count; s++)
        if (old[s].page != NO_PAGE)
            *find_slot(nested, old[s].page) = old[s];
    return true;
}

static int64_t page_of(const struct nested *nested, uint64_t request)
{
    return (int64_t)request >> (REQUEST_KEY_SHIFT - REQUEST_VA_SHIFT + nested->guest_page_shift);
}

/* ---- Guest-physical pages ---- */

static uint64_t read_address(uint64_t read)
{
    return request_number(read, REQUEST_READ_SHIFT, 0);
}

static bool grow_frames(struct nested *nested, uint64_t number)
{
    if (number < nested->frame_room)
        return true;
    uint64_t room = nested->frame_room == 0 ? SLOTS_FIRST : nested->frame_room;
    while (room <= number)
        room *= 2;
    uint64_t *frame =
        arena_grow(nested->arena, nested->frame, nested->frame_room * sizeof *frame, room * sizeof *frame);
    if (frame == NULL)
        return false;
    nested->frame = frame;
    nested->frame_room = room;
    return true;
}

/* A page that is placed lies right before the space's new end. */
static enum nested_result translate_first(struct nested *nested, uint64_t gpa)
{
    const uint64_t number = gpa >> nested->host_page_shift;
    const uint64_t request = request_of_va(number << nested->host_page_shift, 0);
    if (gpa >> nested_guest_bits(nested->host_format) != 0)
        return NESTED_OUT_OF_ADDRESSES;
    if (!grow_frames(nested, number))
        return NESTED_OUT_OF_MEMORY;
    if (nested->frame[number] != 0)
        return NESTED_DONE;
    if (!address_space_touch(nested->host, &request, 1))
        return NESTED_OUT_OF_MEMORY;
    nested->frame[number] = address_space_end(nested->host) - (UINT64_C(1) << nested->host_page_shift) + 1;
    return nested_end(nested) >> REQUEST_PHYSICAL_BITS == 0 ? NESTED_DONE : NESTED_OUT_OF_ADDRESSES;
}

static uint64_t host_address(const struct nested *nested, uint64_t gpa)
{
    const uint64_t offset = gpa & ((UINT64_C(1) << nested->host_page_shift) - 1);
    return nested->frame[gpa >> nested->host_page_shift] - 1 + offset;
}

/* ---- Both ---- */

struct nested *nested_create(struct address_space *guest, unsigned guest_leaf_level, uint64_t guest_page_bytes,
                             const struct nested_host *host, struct arena *arena)
{
    assert(host->page_size_bytes >= guest_page_bytes);
    struct nested *nested = arena_alloc(arena, sizeof *nested);
    if (nested == NULL)
        return NULL;
    *nested = (struct nested){
        .arena = arena,
        .guest = guest,
        .host = address_space_create(host->format, host->page_size_bytes, host->leaf_level, arena),
        .host_format = host->format,
        .guest_levels = guest_leaf_level + 1,
        .host_levels = host->leaf_level + 1,
        .guest_page_shift = (unsigned)__builtin_ctzll(guest_page_bytes),
        .host_page_shift = (unsigned)__builtin_ctzll(host->page_size_bytes),
    };
    return nested->host != NULL && grow_slots(nested) ? nested : NULL;
}

static enum nested_result touch_new(struct nested *nested, uint64_t request)
{
    const struct address_space_walks walk = {.item = &request, .count = 1};
    uint64_t path[PATH_ROOM];
    if (!grow_slots(nested) || !address_space_touch(nested->guest, &request, 1))
        return NESTED_OUT_OF_MEMORY;
    const uint64_t gpa = address_space_end(nested->guest) - (UINT64_C(1) << nested->guest_page_shift);
    const int64_t page = page_of(nested, request);
    *find_slot(nested, page) = (struct slot){page, gpa};
    nested->pages++;
    /* All of it lies below the page, whose address is thereby known to be one that reads can say. */
    enum nested_result result = gpa >> REQUEST_PHYSICAL_BITS == 0 ? NESTED_DONE : NESTED_OUT_OF_ADDRESSES;
    const size_t reads = address_space_read(nested->guest, &walk, path, NULL);
    for (size_t i = 0; result == NESTED_DONE && i < reads; i++)
        result = translate_first(nested, read_address(path[i]));
    return result == NESTED_DONE ? translate_first(nested, gpa) : result;
}

enum nested_result nested_touch(struct nested *nested, const uint64_t *request, size_t count)
{
    enum nested_result result = NESTED_DONE;
    for (size_t i = 0; result == NESTED_DONE && i < count; i++)
        if (find_slot(nested, page_of(nested, request[i]))->page == NO_PAGE)
            result = touch_new(nested, request[i]);
    nested->out_of_addresses = result == NESTED_OUT_OF_ADDRESSES;
    return result;
}

bool nested_is_out_of_addresses(const struct nested *nested)
{
    return nested->out_of_addresses;
}

size_t nested_lookups(const struct nested *nested, const uint64_t *walk, size_t walks, const uint64_t *read,
                      uint64_t *item)
{
    uint64_t *out = item;
    for (size_t i = 0; i < walks; i++) {
        const uint32_t position = request_position(walk[i]);
        while (*read != STREAM_END && request_position(*read) == position)
            *out++ = *read++;
        const uint64_t gpa = find_slot(nested, page_of(nested, walk[i]))->gpa;
        *out++ = gpa >> REQUEST_READ_SHIFT << REQUEST_KEY_SHIFT | position;
    }
    return (size_t)(out - item);
}

/* How many of its entries the next lookup reads in the host's tables. */
static unsigned host_depth(const struct nested *nested, const uint16_t *reading[PAGE_TABLE_LEVELS_MAX])
{
    unsigned depth = 0;
    for (unsigned level = nested->host_levels; level-- > 0; depth++)
        if (reading[level] != NULL && *reading[level]++ == 0)
            break;
    return depth;
}

size_t nested_reads(struct nested *nested, const uint64_t *lookup, size_t lookups,
                    const uint16_t *reading[PAGE_TABLE_LEVELS_MAX], uint64_t *item, uint64_t *host_reads)
{
    uint64_t *out = item;
    *host_reads = 0;
    for (size_t i = 0; i < lookups; i++) {
        const uint32_t position = request_position(lookup[i]);
        const uint64_t gpa = read_address(lookup[i]);
        const unsigned depth = host_depth(nested, reading);
        if (depth > 0) {
            const uint64_t request = request_of_va(gpa, position);
            const struct address_space_walks walk = {.item = &request, .count = 1};
            uint64_t path[PATH_ROOM];
            const size_t whole = address_space_read(nested->host, &walk, path, NULL);
            for (size_t k = whole - depth; k < whole; k++)
                *out++ = path[k];
            *host_reads += depth;
        }
        /* The last lookup of a walk is the page's, which the walk does not read. */
        if (i + 1 < lookups && request_position(lookup[i + 1]) == position)
            *out++ = host_address(nested, gpa) >> REQUEST_READ_SHIFT << REQUEST_KEY_SHIFT | position;
    }
    return (size_t)(out - item);
}

uint64_t nested_end(const struct nested *nested)
{
    return address_space_end(nested->host);
}

uint64_t nested_host_table_bytes(const struct nested *nested)
{
    struct counters counters;
    address_space_count(nested->host, &counters);
    return counters.page_table_bytes;
}

uint64_t nested_bytes(const struct nested *nested)
{
    return sizeof *nested + address_space_bytes(nested->host) + nested->slot_count * sizeof *nested->slot +
           nested->frame_room * sizeof *nested->frame;
}
