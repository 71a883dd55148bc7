/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/filter.h"

#include <string.h>

#include "model/policy.h"
#include "model/request.h"
#include "model/vector.h"

struct filter {
    struct filter_spec spec;
    uint64_t *key;
    uint64_t *state;
    uint32_t stride;      /* from set to set of the keys: ways, or the vector's lanes */
    uint32_t state_words; /* a set */
    uint32_t set_mask;    /* sets - 1 where sets is a power of two, else 0 */
    uint32_t set_bits;    /* log2(sets), for the xor index */
    uint64_t random;
    bool is_vector;
    struct vector_lru vector;
};

static uint32_t policy_state_words(enum policy policy, uint32_t ways)
{
    switch (policy) {
    case POLICY_LFU:
        return ways;
    case POLICY_PLRU:
    case POLICY_NRU:
        return (ways + 63) / 64;
    case POLICY_SRRIP:
        return (ways + 7) / 8;
    case POLICY_LRU:
    case POLICY_FIFO:
    case POLICY_RANDOM:
        break;
    }
    return 0;
}

bool policy_absorbs_repeats(enum policy policy)
{
    return policy != POLICY_LFU && policy != POLICY_SRRIP;
}

/* Sets that fit a vector, and nothing but lookups: no evictions to hand on. */
static bool suits_vector(const struct filter_spec *spec)
{
    return spec->policy == POLICY_LRU && spec->geometry.ways <= VECTOR_WAYS_MAX && spec->victim_kinds == KINDS_NONE &&
           spec->evicted_kinds == KINDS_NONE && vector_available();
}

static uint32_t key_stride(const struct filter_spec *spec)
{
    return suits_vector(spec) ? vector_lanes(spec->geometry.ways) : spec->geometry.ways;
}

uint64_t filter_bytes(const struct filter_spec *spec)
{
    const uint64_t words = (uint64_t)key_stride(spec) + policy_state_words(spec->policy, spec->geometry.ways);
    return spec->geometry.sets * words * sizeof(uint64_t);
}

struct filter *filter_create(const struct filter_spec *spec, struct arena *arena)
{
    struct filter *filter = arena_alloc(arena, sizeof *filter);
    if (filter == NULL)
        return NULL;
    const uint32_t sets = spec->geometry.sets;
    filter->spec = *spec;
    filter->state_words = policy_state_words(spec->policy, spec->geometry.ways);
    filter->set_mask = (sets & (sets - 1)) == 0 ? sets - 1 : 0;
    filter->set_bits = (uint32_t)(31 - __builtin_clz(sets));
    filter->random = spec->random_seed;
    filter->stride = key_stride(spec);
    filter->key = arena_alloc(arena, (size_t)sets * filter->stride * sizeof *filter->key);
    filter->state = arena_alloc(arena, (size_t)sets * filter->state_words * sizeof *filter->state);
    if (filter->key == NULL || filter->state == NULL)
        return NULL;
    filter->is_vector = suits_vector(spec);
    filter->vector = (struct vector_lru){
        .tag = filter->key,
        .ways = spec->geometry.ways,
        .sets = sets,
        .index = spec->index,
        .number_shift = REQUEST_KEY_SHIFT + spec->number_shift - spec->key_shift,
        .number_mask = UINT64_MAX >> spec->number_shift,
    };
    filter_clear(filter);
    return filter;
}

void filter_clear(struct filter *filter)
{
    if (filter->is_vector)
        vector_lru_init(&filter->vector);
    else
        memset(filter->key, 0xff /* SET_EMPTY */,
               (size_t)filter->spec.geometry.sets * filter->stride * sizeof *filter->key);
}

/* ---- One lookup ---- */

POLICY_INLINE uint64_t number_of(const struct filter *filter, uint64_t request)
{
    return request_number(request, filter->spec.key_shift, filter->spec.number_shift);
}

POLICY_INLINE uint32_t set_of(const struct filter *filter, uint64_t number)
{
    if (filter->spec.index == INDEX_XOR)
        return request_xor_index(number, filter->set_bits);
    if (filter->set_mask != 0)
        return (uint32_t)number & filter->set_mask;
    return filter->spec.geometry.sets == 1 ? 0 : (uint32_t)(number % filter->spec.geometry.sets);
}

POLICY_INLINE struct set set_at(struct filter *filter, uint32_t set, uint32_t ways)
{
    return (struct set){
        .key = filter->key + (size_t)set * filter->stride,
        .state = filter->state + (size_t)set * filter->state_words,
        .ways = ways,
        .random = &filter->random,
    };
}

typedef bool policy_access(const struct set *set, uint64_t key, uint64_t *evicted);
typedef bool policy_remove(const struct set *set, uint64_t key);

/* ---- The loops: inlined with constant arguments into one instance a policy ---- */

POLICY_INLINE size_t run_plain(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed,
                               uint16_t *missing, uint32_t ways, policy_access *access)
{
    size_t misses = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t number = number_of(filter, request[i]);
        const struct set set = set_at(filter, set_of(filter, number), ways);
        uint64_t evicted;
        missed[misses] = request[i];
        const bool hit = access(&set, number, &evicted);
        misses += !hit;
        if (missing != NULL)
            missing[i] = !hit;
    }
    return misses;
}

static enum kinds kind_of(uint64_t request)
{
    return (request & REQUEST_FETCH) != 0 ? KINDS_INSTRUCTIONS : KINDS_DATA;
}

/* With victim fills below or here: an evicted page travels on right behind the lookup that evicted it. */
POLICY_INLINE size_t run_victim(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed,
                                policy_access *access, policy_remove *take_out)
{
    const struct filter_spec *spec = &filter->spec;
    size_t misses = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t number = number_of(filter, request[i]);
        const struct set set = set_at(filter, set_of(filter, number), spec->geometry.ways);
        const enum kinds kind = kind_of(request[i]);
        const bool insert = (request[i] & REQUEST_INSERT) != 0;
        uint64_t evicted = SET_EMPTY;
        bool hit;
        if (!insert && (spec->victim_kinds & kind) != 0)
            hit = take_out(&set, number);
        else
            hit = access(&set, number, &evicted);
        if (!hit && !insert)
            missed[misses++] = request[i];
        if (!hit && evicted != SET_EMPTY && (spec->evicted_kinds & kind) != 0) {
            const uint64_t low = (request[i] & REQUEST_LOW_MASK) | REQUEST_INSERT;
            missed[misses++] = evicted << spec->number_shift >> spec->key_shift << REQUEST_KEY_SHIFT | low;
        }
    }
    return misses;
}

/* LRU's loop again with the common numbers of ways as constants: search and shift then unroll. */
static size_t run_lru(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed, uint16_t *missing)
{
    switch (filter->spec.geometry.ways) {
    case 1:
        return run_plain(filter, request, count, missed, missing, 1, lru_access);
    case 2:
        return run_plain(filter, request, count, missed, missing, 2, lru_access);
    case 4:
        return run_plain(filter, request, count, missed, missing, 4, lru_access);
    case 6:
        return run_plain(filter, request, count, missed, missing, 6, lru_access);
    case 8:
        return run_plain(filter, request, count, missed, missing, 8, lru_access);
    case 12:
        return run_plain(filter, request, count, missed, missing, 12, lru_access);
    case 16:
        return run_plain(filter, request, count, missed, missing, 16, lru_access);
    default:
        return run_plain(filter, request, count, missed, missing, filter->spec.geometry.ways, lru_access);
    }
}

size_t filter_run(struct filter *filter, uint64_t reach, const uint64_t *request, size_t count, uint64_t *missed,
                  uint16_t *missing)
{
    const uint32_t ways = filter->spec.geometry.ways;
    if (filter->is_vector)
        return vector_lru_run(&filter->vector, reach, request, count, missed, missing);
    if (filter->spec.victim_kinds == KINDS_NONE && filter->spec.evicted_kinds == KINDS_NONE) {
        switch (filter->spec.policy) {
        case POLICY_LRU:
            return run_lru(filter, request, count, missed, missing);
        case POLICY_FIFO:
            return run_plain(filter, request, count, missed, missing, ways, fifo_access);
        case POLICY_LFU:
            return run_plain(filter, request, count, missed, missing, ways, lfu_access);
        case POLICY_PLRU:
            return run_plain(filter, request, count, missed, missing, ways, plru_access);
        case POLICY_NRU:
            return run_plain(filter, request, count, missed, missing, ways, nru_access);
        case POLICY_SRRIP:
            return run_plain(filter, request, count, missed, missing, ways, srrip_access);
        case POLICY_RANDOM:
            return run_plain(filter, request, count, missed, missing, ways, random_access);
        }
    }
    switch (filter->spec.policy) {
    case POLICY_LRU:
        return run_victim(filter, request, count, missed, lru_access, ordered_remove);
    case POLICY_FIFO:
        return run_victim(filter, request, count, missed, fifo_access, ordered_remove);
    case POLICY_LFU:
        return run_victim(filter, request, count, missed, lfu_access, lfu_remove);
    case POLICY_PLRU:
        return run_victim(filter, request, count, missed, plru_access, numbered_remove);
    case POLICY_NRU:
        return run_victim(filter, request, count, missed, nru_access, numbered_remove);
    case POLICY_SRRIP:
        return run_victim(filter, request, count, missed, srrip_access, numbered_remove);
    case POLICY_RANDOM:
        return run_victim(filter, request, count, missed, random_access, numbered_remove);
    }
    return 0;
}

bool filter_has_depths(const struct filter_spec *spec)
{
    return spec->policy == POLICY_LRU && spec->geometry.ways <= VECTOR_WAYS_MAX && spec->victim_kinds == KINDS_NONE &&
           spec->evicted_kinds == KINDS_NONE;
}

void filter_depths(struct filter *filter, uint64_t reach, const uint64_t *request, size_t count, uint8_t *depth)
{
    if (filter->is_vector) {
        vector_lru_depths(&filter->vector, reach, request, count, depth);
        return;
    }
    const uint32_t ways = filter->spec.geometry.ways;
    for (size_t i = 0; i < count; i++) {
        const uint64_t number = number_of(filter, request[i]);
        const struct set set = set_at(filter, set_of(filter, number), ways);
        const uint32_t way = set_find(set.key, ways, number);
        depth[i] = (uint8_t)way;
        set_push_front(set.key, way < ways ? way : ways - 1, number);
    }
}

/* ---- The contents of LRU sets ---- */

VECTOR_CLONES void filter_numbers(const struct filter *filter, const uint64_t *request, size_t count, uint64_t *number,
                                  uint32_t *set)
{
    for (size_t i = 0; i < count; i++)
        number[i] = number_of(filter, request[i]);
    if (filter->spec.index == INDEX_MODULO && (filter->set_mask != 0 || filter->spec.geometry.sets == 1))
        for (size_t i = 0; i < count; i++)
            set[i] = (uint32_t)number[i] & filter->set_mask;
    else
        for (size_t i = 0; i < count; i++)
            set[i] = set_of(filter, number[i]);
}

uint32_t filter_read_set(const struct filter *filter, uint32_t set, uint64_t *number)
{
    if (filter->is_vector)
        return vector_lru_read(&filter->vector, set, number);
    const uint64_t *key = filter->key + (size_t)set * filter->stride;
    uint32_t count = 0;
    for (; count < filter->spec.geometry.ways && key[count] != SET_EMPTY; count++)
        number[count] = key[count];
    return count;
}

void filter_write_set(struct filter *filter, uint32_t set, const uint64_t *number, uint32_t count)
{
    if (filter->is_vector) {
        vector_lru_write(&filter->vector, set, number, count);
        return;
    }
    uint64_t *key = filter->key + (size_t)set * filter->stride;
    for (uint32_t i = 0; i < filter->spec.geometry.ways; i++)
        key[i] = i < count ? number[i] : SET_EMPTY;
}
