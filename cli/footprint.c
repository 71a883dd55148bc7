/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/footprint.h"

#include <stdbool.h>
#include <stdlib.h>

#include "cli/say.h"

const unsigned footprint_shift[FOOTPRINT_SIZES] = {12, 16, 21, 30};

enum { FIRST_SLOTS = 1024 };

void footprint_init(struct footprint *footprint)
{
    *footprint = (struct footprint){.lowest = UINT64_MAX};
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++) {
        footprint->page[i].slots = FIRST_SLOTS;
        footprint->page[i].slot = say_allocate(FIRST_SLOTS, sizeof(uint64_t));
    }
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

static void grow(struct footprint_set *set)
{
    const struct footprint_set old = *set;
    set->slots = 2 * old.slots;
    set->slot = say_allocate(set->slots, sizeof *set->slot);
    for (uint64_t i = 0; i < old.slots; i++)
        if (old.slot[i] != 0)
            *find_slot(set, old.slot[i]) = old.slot[i];
    free(old.slot);
}

/* True where the page is new. */
static bool insert(struct footprint_set *set, uint64_t page)
{
    uint64_t *slot = find_slot(set, page + 1);
    if (*slot != 0)
        return false;
    *slot = page + 1;
    set->count++;
    if (2 * set->count > set->slots)
        grow(set);
    return true;
}

/* A page can be new at a larger size only where it is new at the smaller one. */
static void touch(struct footprint *footprint, uint64_t page)
{
    if (page + 1 == footprint->recent)
        return;
    footprint->recent = page + 1;
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++)
        if (!insert(&footprint->page[i], page >> (footprint_shift[i] - footprint_shift[0])))
            return;
}

void footprint_add(struct footprint *footprint, const struct block *block)
{
    for (uint32_t i = 0; i < block->count; i++) {
        const uint64_t first = block->va[i];
        const uint64_t last = first + access_size_bytes(block->meta[i]) - 1;
        if (first < footprint->lowest)
            footprint->lowest = first;
        if (last > footprint->highest)
            footprint->highest = last;
        touch(footprint, first >> footprint_shift[0]);
        touch(footprint, last >> footprint_shift[0]); /* at most the next one: a size is at most a page */
    }
}
