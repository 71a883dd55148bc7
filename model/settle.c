/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/settle.h"

#include <string.h>

#include "model/lanes.h"
#include "model/request.h"
#include "model/vector.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Through `caches` caches, a constant wherever this is inlined; after[n] is the shape of a read that n of them did not
 * have. No branch: where a read is served cannot be predicted, nor, often, how many reads a walk has. */
ALWAYS_INLINE void mark_shapes(const struct settle_reads *reads, const uint16_t *const missing[MACHINE_CACHES],
                               const uint32_t after[SETTLE_SERVERS], uint16_t seen[WALK_SHAPES], const unsigned caches)
{
    const uint64_t *const read = reads->item;
    const size_t count = reads->count;
    size_t at[MACHINE_CACHES] = {0};
    uint32_t shape = 0;
    uint32_t walk = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t asking = 1;
        size_t misses = 0;
        for (unsigned k = 0; k < caches; k++) {
            const size_t asked = asking;
            asking &= missing[k][at[k]];
            at[k] += asked;
            misses += asking;
        }
        const uint32_t here = request_position(read[i]);
        shape &= -(uint32_t)(here == walk);
        walk = here;
        shape += after[misses];
        seen[shape] = 1;
    }
}

static void run_one(const struct settle_reads *reads, uint16_t seen[WALK_SHAPES])
{
    const uint16_t *missing[MACHINE_CACHES];
    uint32_t after[SETTLE_SERVERS];
    unsigned caches = 0;
    for (unsigned k = 0; k < MACHINE_CACHES; k++)
        if (reads->missing[k] != NULL) {
            missing[caches] = reads->missing[k];
            after[caches++] = walk_shape_of_read(k);
        }
    after[caches] = walk_shape_of_read(MACHINE_CACHES);
    switch (caches) {
    case 0:
        mark_shapes(reads, missing, after, seen, 0);
        break;
    case 1:
        mark_shapes(reads, missing, after, seen, 1);
        break;
    case 2:
        mark_shapes(reads, missing, after, seen, 2);
        break;
    default:
        mark_shapes(reads, missing, after, seen, MACHINE_CACHES);
        break;
    }
}

/* A walk of many lanes: which of them have which shape so far. Lanes mostly agree, so that these are few. */
struct shapes {
    unsigned count;
    uint32_t shape[LANES];
    uint16_t lanes[LANES];
};

/* Of each shape's lanes, those that are served[k] go on to one with a read by server k; the rest did not read. */
static void add_read(struct shapes *shapes, const uint16_t served[SETTLE_SERVERS], uint16_t seen[WALK_SHAPES])
{
    const unsigned before = shapes->count;
    const struct shapes old = *shapes;
    shapes->count = 0;
    for (unsigned i = 0; i < before; i++) {
        uint16_t rest = old.lanes[i];
        for (unsigned k = 0; k < SETTLE_SERVERS; k++) {
            const uint16_t here = rest & served[k];
            if (here == 0)
                continue;
            rest &= (uint16_t)~here;
            shapes->shape[shapes->count] = old.shape[i] + walk_shape_of_read(k);
            shapes->lanes[shapes->count] = here;
            seen[shapes->shape[shapes->count++]] |= here;
        }
        if (rest != 0) {
            shapes->shape[shapes->count] = old.shape[i];
            shapes->lanes[shapes->count++] = rest;
        }
    }
}

/* Where a loop is: at[k] in missing[k]. */
struct cursor {
    const struct settle_reads *reads;
    size_t at[MACHINE_CACHES];
};

/* Of a read that `asking` make of cache k: who is not served there. */
ALWAYS_INLINE uint16_t who_misses(struct cursor *cursor, unsigned k, uint16_t asking)
{
    const uint16_t *missing = cursor->reads->missing[k];
    if (missing == NULL)
        return asking;
    const uint16_t asked = asking != 0;
    const uint16_t who = missing[cursor->at[k]] & (uint16_t)-asked; /* not a branch: nobody could predict it */
    cursor->at[k] += asked;
    return who;
}

/* By whom read `i` was served. */
ALWAYS_INLINE void serve(struct cursor *cursor, size_t i, uint16_t served[SETTLE_SERVERS])
{
    uint16_t asking = cursor->reads->lanes == NULL ? 1 : cursor->reads->lanes[i];
    for (unsigned k = 0; k < MACHINE_CACHES; k++) {
        const uint16_t further = who_misses(cursor, k, asking);
        served[k] = asking & (uint16_t)~further;
        asking = further;
    }
    served[MACHINE_CACHES] = asking;
}

/* The walk that begins with read `i`; returns how many reads it has. */
static size_t settle_walk(struct cursor *cursor, size_t i, uint16_t seen[WALK_SHAPES])
{
    struct shapes shapes = {.count = 1, .shape = {0}, .lanes = {UINT16_MAX}};
    const struct settle_reads *reads = cursor->reads;
    size_t k = i;
    do {
        uint16_t served[SETTLE_SERVERS];
        serve(cursor, k++, served);
        add_read(&shapes, served, seen);
    } while (k < reads->count && request_position(reads->item[k]) == request_position(reads->item[i]));
    return k - i;
}

#ifdef __x86_64__

/* ---- Sixteen reads at a time ----
 *
 * Nearly all walks have one read or two, whose shapes are few: a word of lanes for each server of one, and for each pair
 * of servers of two, two[k][j] with j <= k. In a window of reads that ends where a walk does, each is an OR over its reads. */

enum { WINDOW = 16 };

struct few {
    __m512i one[SETTLE_SERVERS];
    __m512i two[SETTLE_SERVERS][SETTLE_SERVERS];
};

/* to | (one & other) */
VECTOR_INLINE __m512i add_both(__m512i to, __m512i one, __m512i other)
{
    return _mm512_ternarylogic_epi32(to, one, other, 0xf8);
}

VECTOR_INLINE __m512i read_words(const uint16_t *word, __mmask16 there)
{
    return _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(there, word));
}

/* The positions of 16 reads. */
VECTOR_INLINE __m512i read_positions(const uint64_t *item)
{
    const __m256i low = _mm512_cvtepi64_epi32(_mm512_loadu_si512(item));
    const __m256i high = _mm512_cvtepi64_epi32(_mm512_loadu_si512(item + 8));
    return _mm512_and_si512(_mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1),
                            _mm512_set1_epi32(REQUEST_POSITION_MASK));
}

VECTOR_INLINE void mark_window(const struct settle_reads *reads, struct cursor *cursor, size_t i, __mmask16 there,
                               uint32_t is_second, struct few *few)
{
    const __m512i one = _mm512_set1_epi32(1);
    __m512i asking = reads->lanes == NULL ? _mm512_maskz_mov_epi32(there, one) : read_words(reads->lanes + i, there);
    __m512i served[SETTLE_SERVERS];
    for (unsigned k = 0; k < MACHINE_CACHES; k++) {
        const __mmask16 asks = _mm512_test_epi32_mask(asking, asking);
        const uint32_t asks_count = (uint32_t)__builtin_popcount(vector_bits(asks));
        __m512i further = asking;
        if (reads->missing[k] != NULL) { /* may read on behind what is told: VECTOR_SLACK */
            const __m256i told = _mm256_loadu_si256((const __m256i *)(reads->missing[k] + cursor->at[k]));
            further = _mm512_maskz_expand_epi32(asks, _mm512_cvtepu16_epi32(told));
        }
        cursor->at[k] += asks_count;
        served[k] = _mm512_andnot_si512(further, asking);
        asking = further;
    }
    served[MACHINE_CACHES] = asking;
    /* Of a second read, the first stands a place before. */
    const __m512i before =
        _mm512_sub_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), one);
    __m512i first[SETTLE_SERVERS];
    __m512i reading = _mm512_setzero_si512();
    for (unsigned k = 0; k < SETTLE_SERVERS; k++) {
        first[k] = _mm512_maskz_permutexvar_epi32((__mmask16)is_second, before, served[k]);
        reading = _mm512_or_si512(reading, first[k]);
    }
    for (unsigned k = 0; k < SETTLE_SERVERS; k++) {
        few->one[k] = _mm512_or_si512(few->one[k], _mm512_andnot_si512(reading, served[k]));
        for (unsigned j = 0; j <= k; j++) {
            few->two[k][j] = add_both(few->two[k][j], first[j], served[k]);
            few->two[k][j] = add_both(few->two[k][j], first[k], served[j]);
        }
    }
}

VECTOR_INLINE void unfold(const struct few *few, uint16_t seen[WALK_SHAPES])
{
    for (unsigned k = 0; k < SETTLE_SERVERS; k++) {
        seen[walk_shape_of_read(k)] |= (uint16_t)_mm512_reduce_or_epi32(few->one[k]);
        for (unsigned j = 0; j <= k; j++)
            seen[walk_shape_of_read(j) + walk_shape_of_read(k)] |= (uint16_t)_mm512_reduce_or_epi32(few->two[k][j]);
    }
}

VECTOR static void run_vector(const struct settle_reads *reads, uint16_t seen[WALK_SHAPES])
{
    struct cursor cursor = {.reads = reads};
    struct few few;
    memset(&few, 0, sizeof few);
    for (size_t i = 0; i < reads->count;) {
        const size_t left = reads->count - i;
        const uint32_t there = left < WINDOW ? _bzhi_u32(UINT16_MAX, (uint32_t)left) : UINT16_MAX;
        const uint32_t followed = left <= WINDOW ? there >> 1 : UINT16_MAX;
        const __mmask16 goes_on = _mm512_mask_cmpeq_epi32_mask((__mmask16)followed, read_positions(reads->item + i),
                                                               read_positions(reads->item + i + 1));
        const uint32_t ends = there & ~vector_bits(goes_on);
        const uint32_t window = (uint32_t)(32 - __builtin_clz(ends)); /* no walk has WINDOW reads */
        const uint32_t is_second = vector_bits(goes_on) << 1;
        if (__builtin_expect((is_second & vector_bits(goes_on) & _bzhi_u32(UINT16_MAX, window)) == 0, 1)) {
            mark_window(reads, &cursor, i, (__mmask16)_bzhi_u32(there, window), is_second, &few);
            i += window;
        } else {
            for (const size_t end = i + window; i < end;)
                i += settle_walk(&cursor, i, seen);
        }
    }
    unfold(&few, seen);
}

#endif

size_t settle_list(const struct settle_reads *reads, uint64_t *shape)
{
    size_t at[MACHINE_CACHES] = {0};
    size_t walks = 0;
    uint32_t walk = UINT32_MAX;
    for (size_t i = 0; i < reads->count; i++) {
        unsigned server = 0;
        while (server < MACHINE_CACHES && (reads->missing[server] == NULL || reads->missing[server][at[server]++] != 0))
            server++;
        const uint32_t here = request_position(reads->item[i]);
        if (here != walk)
            shape[walks++] = 0;
        walk = here;
        shape[walks - 1] += walk_shape_of_read(server);
    }
    return walks;
}

void settle_run(const struct settle_reads *reads, uint16_t seen[WALK_SHAPES])
{
#ifdef __x86_64__
    if (vector_available()) {
        run_vector(reads, seen);
        return;
    }
#endif
    if (reads->lanes == NULL) {
        run_one(reads, seen);
        return;
    }
    struct cursor cursor = {.reads = reads};
    for (size_t i = 0; i < reads->count;)
        i += settle_walk(&cursor, i, seen);
}
