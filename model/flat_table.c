/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The flat table: an entry for every page that the address space can have, at the place that the page number says. What
 * has to be kept is which pages have been touched: groups of 64 neighbours, by their numbers.
 */
#include "model/table_kinds.h"

enum { GROUP_SHIFT = 6, GROUPS_FIRST = 1024 };

struct group {
    uint64_t number; /* and 1; 0: free */
    uint64_t touched;
};

struct flat {
    uint64_t address;
    struct group *group; /* open addressing, at most half full */
    uint64_t room;       /* a power of two */
    uint64_t used;
};

static bool create(struct entry_table *table)
{
    struct flat *flat = arena_alloc(table->arena, sizeof *flat);
    if (flat == NULL)
        return false;
    table->body = flat;
    table->slots = UINT64_C(1) << (page_table_va_bits(table->spec.format) - table->page_shift);
    flat->address = entry_table_place(table, table->slots * table->spec.sizes.entry_bytes);
    flat->room = GROUPS_FIRST;
    return true;
}

static bool start(struct entry_table *table)
{
    struct flat *flat = table->body;
    flat->group = arena_alloc(table->arena, flat->room * sizeof *flat->group);
    return flat->group != NULL;
}

static struct group *find(struct group *group, uint64_t room, uint64_t number)
{
    for (uint64_t g = table_hash(number, 0) & (room - 1);; g = (g + 1) & (room - 1))
        if (group[g].number == 0 || group[g].number == number + 1)
            return &group[g];
}

static bool grow(struct entry_table *table, struct flat *flat)
{
    const uint64_t room = 2 * flat->room;
    struct group *group = arena_alloc(table->arena, room * sizeof *group);
    if (group == NULL)
        return false;
    for (uint64_t g = 0; g < flat->room; g++)
        if (flat->group[g].number != 0)
            *find(group, room, flat->group[g].number - 1) = flat->group[g];
    flat->group = group;
    flat->room = room;
    return true;
}

static enum entry_table_result touch(struct entry_table *table, uint64_t page, uint32_t position)
{
    (void)position;
    struct flat *flat = table->body;
    const uint64_t bit = UINT64_C(1) << (page & ((1 << GROUP_SHIFT) - 1));
    struct group *group = find(flat->group, flat->room, page >> GROUP_SHIFT);
    if (group->number == 0) {
        if (2 * (flat->used + 1) > flat->room) {
            if (!grow(table, flat))
                return TABLE_OUT_OF_MEMORY;
            group = find(flat->group, flat->room, page >> GROUP_SHIFT);
        }
        flat->used++;
        group->number = (page >> GROUP_SHIFT) + 1;
    }
    if ((group->touched & bit) == 0) {
        group->touched |= bit;
        table->entries++;
        table->longest = 1;
        entry_table_place_page(table);
    }
    return TABLE_DONE;
}

static void read(const struct entry_table *table, uint64_t page, uint32_t position, struct table_reads *reads)
{
    (void)position;
    const struct flat *flat = table->body;
    table_add_read(reads, flat->address + page * table->spec.sizes.entry_bytes);
}

static uint64_t bytes(const struct entry_table *table)
{
    const struct flat *flat = table->body;
    return sizeof *flat + flat->room * sizeof *flat->group;
}

const struct table_kind flat_table = {.create = create, .start = start, .touch = touch, .read = read, .bytes = bytes};
