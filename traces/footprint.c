/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/footprint.h"

#include <stdlib.h>

const unsigned footprint_shift[FOOTPRINT_SIZES] = {12, 16, 21, 30};

enum { FIRST_SLOTS = 1024 };

bool footprint_init(struct footprint *footprint, uint64_t most)
{
    *footprint = (struct footprint){.lowest = UINT64_MAX, .most = most};
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++) {
        footprint->page[i].slots = FIRST_SLOTS;
        footprint->page[i].slot = calloc(FIRST_SLOTS, sizeof(uint64_t));
        if (footprint->page[i].slot == NULL)
            return false;
    }
    return true;
}

void footprint_free(struct footprint *footprint)
{
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++)
        free(footprint->page[i].slot);
}

/* Fibonacci hashing: neighbouring pages, which most are, go far apart. */
static uint64_t *find_slot(const struct footprint_set *set, uint64_t entry)
{
    uint64_t i = (entry * UINT64_C(0x9e3779b97f4a7c15)) >> 32 & (set->slots - 1);
    while (set->slot[i] != 0 && set->slot[i] != entry)
        i = (i + 1) & (set->slots - 1);
    return &set->slot[i];
}

static bool grow(struct footprint_set *set)
{
    const struct footprint_set old = *set;
    set->slots = 2 * old.slots;
    set->slot = calloc(set->slots, sizeof *set->slot);
    if (set->slot == NULL) {
        *set = old;
        return false;
    }
    for (uint64_t i = 0; i < old.slots; i++)
        if (old.slot[i] != 0)
            *find_slot(set, old.slot[i]) = old.slot[i];
    free(old.slot);
    return true;
}

static void leave_open(struct footprint *footprint, unsigned size)
{
    struct footprint_set *set = &footprint->page[size];
    free(set->slot);
    *set = (struct footprint_set){.count = FOOTPRINT_OPEN};
    if (footprint->first == size)
        footprint->first++;
}

/* A page can be new at a larger size only where it is new at the smaller one; so the smaller sizes are open first. */
static bool touch(struct footprint *footprint, uint64_t page)
{
    uint64_t *recent = &footprint->recent[page % FOOTPRINT_RECENT];
    if (*recent == page + 1)
        return true;
    *recent = page + 1;
    for (unsigned i = footprint->first; i < FOOTPRINT_SIZES; i++) {
        struct footprint_set *set = &footprint->page[i];
        const uint64_t entry = (page >> (footprint_shift[i] - footprint_shift[0])) + 1;
        uint64_t *slot = find_slot(set, entry);
        if (*slot != 0)
            return true;
        if (set->count == footprint->most) {
            leave_open(footprint, i);
            continue;
        }
        *slot = entry;
        set->count++;
        if (2 * set->count > set->slots && !grow(set))
            return false;
    }
    return true;
}

bool footprint_add(struct footprint *footprint, const struct block *block)
{
    for (uint32_t i = 0; i < block->count; i++) {
        const uint64_t first = block->va[i];
        const uint64_t last = first + access_size_bytes(block->meta[i]) - 1;
        if (first < footprint->lowest)
            footprint->lowest = first;
        if (last > footprint->highest)
            footprint->highest = last;
        /* A size is at most a page: the last byte is on the same or on the next. */
        if (!touch(footprint, first >> footprint_shift[0]) ||
            (last >> footprint_shift[0] != first >> footprint_shift[0] &&
             !touch(footprint, last >> footprint_shift[0])))
            return false;
    }
    return true;
}
