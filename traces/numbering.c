/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/numbering.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

/* Two rounds of multiplication, the key's halves a round each: with one there are strides of pages that meet in a few
 * slots. */
static inline uint64_t hash_of(struct numbering_key key)
{
    uint64_t hash = (key.number ^ key.number >> 32) * UINT64_C(0x9e3779b97f4a7c15) + key.space;
    hash = (hash ^ hash >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return hash ^ hash >> 32;
}

/* The slot of the key, or the free one where it belongs. */
static inline struct numbering_slot *find_slot(const struct numbering *numbering, struct numbering_key key)
{
    const uint64_t mask = numbering->slots - 1;
    for (uint64_t i = hash_of(key) & mask;; i = (i + 1) & mask) {
        struct numbering_slot *slot = &numbering->slot[i];
        if (slot->next == 0 || (slot->key.number == key.number && slot->key.space == key.space))
            return slot;
    }
}

static bool grow(struct numbering *numbering)
{
    const struct numbering old = *numbering;
    const uint64_t slots = old.slots == 0 ? FIRST_SLOTS : 2 * old.slots;
    struct numbering_slot *slot = calloc(slots, sizeof *slot);
    if (slot == NULL)
        return false;
    numbering->slot = slot;
    numbering->slots = slots;
    for (uint64_t i = 0; i < old.slots; i++)
        if (old.slot[i].next != 0)
            *find_slot(numbering, old.slot[i].key) = old.slot[i];
    free(old.slot);
    return true;
}

bool numbering_find(struct numbering *numbering, struct numbering_key key, uint64_t *index)
{
    if (2 * (numbering->count + 1) > numbering->slots && !grow(numbering))
        return false;
    struct numbering_slot *slot = find_slot(numbering, key);
    if (slot->next == 0)
        *slot = (struct numbering_slot){.key = key, .next = ++numbering->count};
    *index = slot->next - 1;
    return true;
}

void numbering_expect(const struct numbering *numbering, struct numbering_key key)
{
    if (numbering->slots > 0)
        __builtin_prefetch(&numbering->slot[hash_of(key) & (numbering->slots - 1)]);
}

void numbering_free(struct numbering *numbering)
{
    free(numbering->slot);
    *numbering = (struct numbering){.slot = NULL};
}
