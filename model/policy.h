/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The replacement policies, two functions each, that own a whole set: POLICY_access looks a key up and fills it where
 * it misses; POLICY_remove takes a key out. An empty way is filled first, the lowest; then a victim is chosen in the
 * set.
 *
 * Where only the order of a set's keys matters (lru, fifo, lfu) the keys stand in that order and no way has a number;
 * where way numbers matter (plru, nru, srrip, random) a key stays in its way. SET_EMPTY is no key.
 */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "model/random.h"
#include "model/recency.h"

#define SET_EMPTY UINT64_MAX

struct set {
    uint64_t *key;   /* ways of them */
    uint64_t *state; /* policy_state_words(policy, ways) of them */
    uint32_t ways;
    uint64_t *random;        /* the array's generator */
    struct recency *recency; /* in place of keys, where a set is a tree */
};

#define POLICY_INLINE static inline __attribute__((always_inline))

/* The way that holds `key`, or `ways`. */
POLICY_INLINE uint32_t set_find(const uint64_t *key, uint32_t ways, uint64_t wanted)
{
    uint32_t way = 0;
    while (way < ways && key[way] != wanted)
        way++;
    return way;
}

/* Moves the keys before `way` one down, over it, and puts `first` in front. */
POLICY_INLINE void set_push_front(uint64_t *key, uint32_t way, uint64_t first)
{
    for (uint32_t i = way; i > 0; i--)
        key[i] = key[i - 1];
    key[0] = first;
}

/* Moves the keys behind `way` one up, over it; the last becomes empty. */
POLICY_INLINE void set_close_gap(uint64_t *key, uint32_t ways, uint32_t way)
{
    memmove(key + way, key + way + 1, (ways - way - 1) * sizeof *key);
    key[ways - 1] = SET_EMPTY;
}

/* ---- lru: most recently used first ---- */

POLICY_INLINE bool lru_access(const struct set *set, uint64_t key, uint64_t *evicted)
{
    if (set->key[0] == key)
        return true;
    const uint32_t way = set_find(set->key, set->ways, key);
    const bool hit = way < set->ways;
    const uint32_t last = hit ? way : set->ways - 1;
    if (!hit)
        *evicted = set->key[last];
    set_push_front(set->key, last, key);
    return hit;
}

POLICY_INLINE bool ordered_remove(const struct set *set, uint64_t key)
{
    const uint32_t way = set_find(set->key, set->ways, key);
    if (way == set->ways)
        return false;
    set_close_gap(set->key, set->ways, way);
    return true;
}

/* ---- lru of many ways, as a tree that has all the memory it needs ---- */

/* Its limit is the ways. */
POLICY_INLINE uint64_t tree_depth(const struct set *set, uint64_t key)
{
    uint64_t depth = RECENCY_NEVER;
    const bool good = recency_access(set->recency, key, &depth);
    assert(good);
    (void)good;
    return depth;
}

POLICY_INLINE bool tree_look_up(const struct set *set, uint64_t key, uint64_t *evicted)
{
    (void)evicted;
    return tree_depth(set, key) != RECENCY_NEVER;
}

/* Its limit is one more than the ways, and never reached for long. */
POLICY_INLINE bool tree_access(const struct set *set, uint64_t key, uint64_t *evicted)
{
    if (tree_depth(set, key) != RECENCY_NEVER)
        return true;
    if (recency_count(set->recency) > set->ways)
        *evicted = recency_evict(set->recency);
    return false;
}

POLICY_INLINE bool tree_remove(const struct set *set, uint64_t key)
{
    return recency_remove(set->recency, key);
}

/* ---- fifo: newest fill first ---- */

POLICY_INLINE bool fifo_access(const struct set *set, uint64_t key, uint64_t *evicted)
{
    if (set_find(set->key, set->ways, key) < set->ways)
        return true;
    *evicted = set->key[set->ways - 1];
    set_push_front(set->key, set->ways - 1, key);
    return false;
}

/* ---- lfu: most recently used first, state holds the counts in the same order ---- */

POLICY_INLINE bool lfu_access(const struct set *set, uint64_t key, uint64_t *evicted)
{
    const uint32_t way = set_find(set->key, set->ways, key);
    if (way < set->ways) {
        const uint64_t count = set->state[way] + 1;
        set_push_front(set->key, way, key);
        set_push_front(set->state, way, count);
        return true;
    }
    uint32_t victim = set->ways - 1; /* the last way is the one to fill as long as it is empty */
    if (set->key[victim] != SET_EMPTY)
        for (uint32_t i = set->ways - 1; i-- > 0;)
            if (set->state[i] < set->state[victim])
                victim = i;
    *evicted = set->key[victim];
    set_push_front(set->key, victim, key);
    set_push_front(set->state, victim, 1);
    return false;
}

POLICY_INLINE bool lfu_remove(const struct set *set, uint64_t key)
{
    const uint32_t way = set_find(set->key, set->ways, key);
    if (way == set->ways)
        return false;
    set_close_gap(set->key, set->ways, way);
    set_close_gap(set->state, set->ways, way);
    return true;
}

/* ---- Policies whose ways have numbers ---- */

POLICY_INLINE bool numbered_remove(const struct set *set, uint64_t key)
{
    const uint32_t way = set_find(set->key, set->ways, key);
    if (way == set->ways)
        return false;
    set->key[way] = SET_EMPTY;
    return true;
}

/* Looks up; on a miss the lowest empty way, or else `ways` for the policy to choose. */
POLICY_INLINE bool numbered_lookup(const struct set *set, uint64_t key, uint32_t *way)
{
    *way = set_find(set->key, set->ways, key);
    if (*way < set->ways)
        return true;
    *way = set_find(set->key, set->ways, SET_EMPTY);
    return false;
}

POLICY_INLINE bool state_bit(const uint64_t *state, uint32_t bit)
{
    return state[bit / 64] >> bit % 64 & 1;
}

POLICY_INLINE void state_set_bit(uint64_t *state, uint32_t bit, bool value)
{
    const uint64_t mask = UINT64_C(1) << bit % 64;
    state[bit / 64] = value ? state[bit / 64] | mask : state[bit / 64] & ~mask;
}

/* plru: node 1 is the root of the tree, node n's children are 2n and 2n + 1, the leaves are ways + way. */
POLICY_INLINE void plru_touch(const struct set *set, uint32_t way)
{
    for (uint32_t node = set->ways + way; node > 1; node /= 2)
        state_set_bit(set->state, node / 2, node % 2 == 0);
}

POLICY_INLINE bool plru_access(const struct set *set, uint64_t key, uint64_t *evicted)
{
    uint32_t way;
    const bool hit = numbered_lookup(set, key, &way);
    if (!hit) {
        if (way == set->ways) {
            uint32_t node = 1;
            while (node < set->ways)
                node = 2 * node + state_bit(set->state, node);
            way = node - set->ways;
        }
        *evicted = set->key[way];
        set->key[way] = key;
    }
    plru_touch(set, way);
    return hit;
}

/* nru: a bit a way. */
POLICY_INLINE bool nru_access(const struct set *set, uint64_t key, uint64_t *evicted)
{
    uint32_t way;
    const bool hit = numbered_lookup(set, key, &way);
    if (!hit) {
        if (way == set->ways) {
            way = 0;
            while (way < set->ways && !state_bit(set->state, way))
                way++;
            if (way == set->ways) {
                memset(set->state, 0xff, (set->ways + 63) / 64 * sizeof *set->state);
                way = 0;
            }
        }
        *evicted = set->key[way];
        set->key[way] = key;
    }
    state_set_bit(set->state, way, false);
    return hit;
}

/* srrip: a byte a way, 0 to 3. */
enum { SRRIP_HIT = 0, SRRIP_FILL = 2, SRRIP_VICTIM = 3 };

POLICY_INLINE bool srrip_access(const struct set *set, uint64_t key, uint64_t *evicted)
{
    uint8_t *prediction = (uint8_t *)set->state;
    uint32_t way;
    if (numbered_lookup(set, key, &way)) {
        prediction[way] = SRRIP_HIT;
        return true;
    }
    if (way == set->ways) {
        uint8_t most = 0;
        for (uint32_t i = 0; i < set->ways; i++)
            if (prediction[i] > most)
                most = prediction[i];
        for (uint32_t i = 0; i < set->ways; i++)
            prediction[i] = (uint8_t)(prediction[i] + SRRIP_VICTIM - most);
        way = 0;
        while (prediction[way] != SRRIP_VICTIM)
            way++;
    }
    *evicted = set->key[way];
    set->key[way] = key;
    prediction[way] = SRRIP_FILL;
    return false;
}

POLICY_INLINE bool random_access(const struct set *set, uint64_t key, uint64_t *evicted)
{
    uint32_t way;
    if (numbered_lookup(set, key, &way))
        return true;
    if (way == set->ways)
        way = random_below(set->random, set->ways);
    *evicted = set->key[way];
    set->key[way] = key;
    return false;
}

#endif
