/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/vector.h"

#include <assert.h>

#include "model/request.h"

static bool is_allowed = true;

void vector_allow(bool allowed)
{
    is_allowed = allowed;
}

uint32_t vector_lanes(uint32_t ways)
{
    return ways <= 4 ? 4 : ways <= 8 ? 8 : 16;
}

#ifdef __x86_64__

bool vector_available(void)
{
    return is_allowed && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("bmi2");
}

/* The lanes up to the one that holds the tag, or all of the ways, move one down; the tag goes in front. `found` has a
 * bit for the lane that holds it, `last` for the last way. Full stores: a masked one would not be forwarded to the next
 * lookup of the set. */

VECTOR_INLINE uint32_t look_up_4(uint64_t *set, uint64_t tag, uint32_t last)
{
    const __m256i new = _mm256_set1_epi64x((long long)tag);
    const __m256i old = _mm256_load_si256((const __m256i *)set);
    const uint32_t found = vector_bits(_mm256_cmpeq_epi64_mask(old, new));
    const uint32_t moved = _blsmsk_u32(found | last);
    _mm256_store_si256((__m256i *)set, _mm256_mask_alignr_epi64(old, (__mmask8)moved, old, new, 3));
    return found == 0;
}

VECTOR_INLINE uint32_t look_up_8(uint64_t *set, uint64_t tag, uint32_t last)
{
    const __m512i new = _mm512_set1_epi64((long long)tag);
    const __m512i old = _mm512_load_si512(set);
    const uint32_t found = vector_bits(_mm512_cmpeq_epi64_mask(old, new));
    const uint32_t moved = _blsmsk_u32(found | last);
    _mm512_store_si512(set, _mm512_mask_alignr_epi64(old, (__mmask8)moved, old, new, 7));
    return found == 0;
}

VECTOR_INLINE uint32_t look_up_16(uint64_t *set, uint64_t tag, uint32_t last)
{
    const __m512i new = _mm512_set1_epi64((long long)tag);
    const __m512i low = _mm512_load_si512(set);
    const __m512i high = _mm512_load_si512(set + 8);
    const uint32_t found =
        vector_bits(_mm512_cmpeq_epi64_mask(low, new)) | vector_bits(_mm512_cmpeq_epi64_mask(high, new)) << 8;
    const uint32_t moved = _blsmsk_u32(found | last);
    _mm512_store_si512(set + 8, _mm512_mask_alignr_epi64(high, (__mmask8)(moved >> 8), high, low, 7));
    _mm512_store_si512(set, _mm512_mask_alignr_epi64(low, (__mmask8)moved, low, new, 7));
    return found == 0;
}

enum set_choice { SET_ONE, SET_MASK, SET_MODULO, SET_XOR };

VECTOR_INLINE uint32_t set_of(const struct vector_lru *lru, uint64_t request, uint64_t tag, enum set_choice choice)
{
    if (choice == SET_ONE)
        return 0;
    if (choice == SET_MASK)
        return (uint32_t)tag & (lru->sets - 1);
    const uint64_t number = request_number(request, lru->key_shift, lru->number_shift);
    if (choice == SET_XOR)
        return request_xor_index(number, (uint32_t)__builtin_ctz(lru->sets));
    return (uint32_t)(number % lru->sets);
}

VECTOR_INLINE uint32_t look_up(const struct vector_lru *lru, uint64_t request, uint32_t lanes, enum set_choice choice)
{
    const uint64_t tag = request >> lru->tag_shift;
    uint64_t *set = lru->tag + (size_t)set_of(lru, request, tag, choice) * lanes;
    const uint32_t last = UINT32_C(1) << (lru->ways - 1);
    return lanes == 4 ? look_up_4(set, tag, last) : lanes == 8 ? look_up_8(set, tag, last) : look_up_16(set, tag, last);
}

/* Eight lookups, then one compressed store of those that missed: a store an item would slow the loads of the sets. */
VECTOR_INLINE size_t run(const struct vector_lru *shared, const uint64_t *request, size_t count, uint64_t *missed,
                         uint32_t lanes, enum set_choice choice)
{
    const struct vector_lru lru = *shared; /* which no store of a tag can change */
    size_t misses = 0;
    size_t i = 0;
    if (choice == SET_ONE) {
        /* Each lookup would wait for the stores of the one before; the newest tag needs none. */
        uint64_t newest = lru.tag[0];
        for (; i < count; i++) {
            const uint64_t item = request[i];
            if (item >> lru.tag_shift == newest)
                continue;
            newest = item >> lru.tag_shift;
            missed[misses] = item;
            misses += look_up(&lru, item, lanes, choice);
        }
        return misses;
    }
    for (; i + 8 <= count; i += 8) {
        uint32_t mask = 0;
#pragma GCC unroll 8
        for (uint32_t k = 0; k < 8; k++)
            mask |= look_up(&lru, request[i + k], lanes, choice) << k;
        _mm512_storeu_si512(missed + misses,
                            _mm512_maskz_compress_epi64((__mmask8)mask, _mm512_loadu_si512(request + i)));
        misses += (size_t)__builtin_popcount(mask);
    }
    for (; i < count; i++) {
        const uint64_t item = request[i];
        missed[misses] = item;
        misses += look_up(&lru, item, lanes, choice);
    }
    return misses;
}

VECTOR_INLINE size_t run_lanes(const struct vector_lru *lru, const uint64_t *request, size_t count, uint64_t *missed,
                               uint32_t lanes, enum set_choice choice)
{
    switch (choice) {
    case SET_ONE:
        return run(lru, request, count, missed, lanes, SET_ONE);
    case SET_MASK:
        return run(lru, request, count, missed, lanes, SET_MASK);
    case SET_MODULO:
        return run(lru, request, count, missed, lanes, SET_MODULO);
    case SET_XOR:
        return run(lru, request, count, missed, lanes, SET_XOR);
    }
    return 0;
}

VECTOR static size_t choose_lanes(const struct vector_lru *lru, const uint64_t *request, size_t count, uint64_t *missed,
                                  enum set_choice choice)
{
    switch (vector_lanes(lru->ways)) {
    case 4:
        return run_lanes(lru, request, count, missed, 4, choice);
    case 8:
        return run_lanes(lru, request, count, missed, 8, choice);
    default:
        return run_lanes(lru, request, count, missed, 16, choice);
    }
}

/* Are the tag's low bits the set? The largest pages' tags are short. */
static bool tag_has_set(const struct vector_lru *lru)
{
    return (lru->sets & (lru->sets - 1)) == 0 && (uint64_t)lru->sets >> (63 - lru->tag_shift) == 0;
}

size_t vector_lru_run(const struct vector_lru *lru, const uint64_t *request, size_t count, uint64_t *missed)
{
    const enum set_choice choice = lru->sets == 1            ? SET_ONE
                                   : lru->index == INDEX_XOR ? SET_XOR
                                   : tag_has_set(lru)        ? SET_MASK
                                                             : SET_MODULO;
    return choose_lanes(lru, request, count, missed, choice);
}

#else

bool vector_available(void)
{
    return false;
}

size_t vector_lru_run(const struct vector_lru *lru, const uint64_t *request, size_t count, uint64_t *missed)
{
    (void)lru, (void)request, (void)count, (void)missed;
    assert(false);
    return 0;
}

#endif
