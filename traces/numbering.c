/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/numbering.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

/* Two rounds of multiplication, the key's halves a round each: with one there are strides of pages that meet in a few
 * slots. */
static uint64_t hash_of(struct numbering_key key)
{
    uint64_t hash = (key.number ^ key.number >> 32) * UINT64_C(0x9e3779b97f4a7c15) + key.space;
    hash = (hash ^ hash >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return hash ^ hash >> 32;
}

/* The slot of the key, or the free one where it belongs. */
static uint32_t *find_slot(const struct numbering *numbering, struct numbering_key key)
{
    const uint64_t mask = numbering->slots - 1;
    for (uint64_t i = hash_of(key) & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &numbering->slot[i];
        if (*slot == 0)
            return slot;
        const struct numbering_key *held = &numbering->key[*slot - 1];
        if (held->number == key.number && held->space == key.space)
            return slot;
    }
}

/* At most half of the slots are taken, and there is a place for one more key. */
static bool make_room(struct numbering *numbering)
{
    if (numbering->count == numbering->room) {
        const uint64_t room = numbering->room == 0 ? FIRST_SLOTS / 2 : 2 * numbering->room;
        struct numbering_key *key = realloc(numbering->key, room * sizeof *key);
        if (key == NULL)
            return false;
        numbering->key = key;
        numbering->room = room;
    }
    if (2 * (numbering->count + 1) <= numbering->slots)
        return true;
    const uint64_t slots = numbering->slots == 0 ? FIRST_SLOTS : 2 * numbering->slots;
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (slot == NULL)
        return false;
    free(numbering->slot);
    numbering->slot = slot;
    numbering->slots = slots;
    for (uint64_t i = 0; i < numbering->count; i++)
        *find_slot(numbering, numbering->key[i]) = (uint32_t)i + 1;
    return true;
}

bool numbering_find(struct numbering *numbering, struct numbering_key key, uint64_t *index)
{
    uint32_t *slot = numbering->slots > 0 ? find_slot(numbering, key) : NULL;
    if (slot == NULL || *slot == 0) {
        if (numbering->count >= UINT32_MAX - 1 || !make_room(numbering))
            return false;
        slot = find_slot(numbering, key);
        numbering->key[numbering->count++] = key;
        *slot = (uint32_t)numbering->count;
    }
    *index = *slot - 1;
    return true;
}

void numbering_free(struct numbering *numbering)
{
    free(numbering->key);
    free(numbering->slot);
    *numbering = (struct numbering){.key = NULL};
}
