/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/settle.h"

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

void settle_run(const struct settle_reads *reads, uint16_t seen[WALK_SHAPES])
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
    uint16_t asking = cursor->reads->lanes[i];
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

/* Nearly all walks have one read or two. Their shapes are few enough for a bit each, which every lane can have in a
 * register: bit w for a read by the server of weight w, and bit w + v for two reads. The weights are such that no two
 * pairs have the same sum (a Golomb ruler). */
static const uint16_t weights[SETTLE_SERVERS] = {0, 1, 4, 6};

/* Each lane's weight: it grows with every cache that did not have the read. */
VECTOR_INLINE __m256i weigh(const uint16_t missing[MACHINE_CACHES])
{
    __m256i weight = _mm256_setzero_si256();
    for (unsigned k = 0; k < MACHINE_CACHES; k++)
        weight =
            _mm256_mask_add_epi16(weight, missing[k], weight, _mm256_set1_epi16((short)(weights[k + 1] - weights[k])));
    return weight;
}

VECTOR_INLINE __m256i mark(__m256i marked, uint32_t lanes, __m256i weight)
{
    return _mm256_or_si256(marked, _mm256_maskz_sllv_epi16((__mmask16)lanes, _mm256_set1_epi16(1), weight));
}

/* Bits of lanes become lanes of shapes. */
static void unfold(const uint16_t one[LANES], const uint16_t two[LANES], uint16_t seen[WALK_SHAPES])
{
    for (unsigned lane = 0; lane < LANES; lane++)
        for (unsigned k = 0; k < SETTLE_SERVERS; k++) {
            seen[walk_shape_of_read(k)] |= (uint16_t)((one[lane] >> weights[k] & 1) << lane);
            for (unsigned j = 0; j <= k; j++)
                seen[walk_shape_of_read(j) + walk_shape_of_read(k)] |=
                    (uint16_t)((two[lane] >> (weights[j] + weights[k]) & 1) << lane);
        }
}

VECTOR static void run_vector(const struct settle_reads *reads, uint16_t seen[WALK_SHAPES])
{
    const size_t count = reads->count;
    struct cursor cursor = {.reads = reads};
    __m256i one = _mm256_setzero_si256(); /* walks of one read */
    __m256i two = _mm256_setzero_si256();
    __m256i first = _mm256_setzero_si256(); /* weight of each lane's first read of the walk */
    uint32_t reading = 0;                   /* lanes that have one */
    uint32_t walk = UINT32_MAX;
    for (size_t i = 0; i < count;) {
        const uint32_t here = request_position(reads->item[i]);
        if (__builtin_expect(i + 2 < count && request_position(reads->item[i + 2]) == here, 0)) {
            i += settle_walk(&cursor, i, seen);
            continue;
        }
        const uint32_t asking = reads->lanes[i++];
        uint16_t missing[MACHINE_CACHES];
        uint16_t further = (uint16_t)asking;
        for (unsigned k = 0; k < MACHINE_CACHES; k++)
            missing[k] = further = who_misses(&cursor, k, further);
        const __m256i weight = weigh(missing);
        reading = here == walk ? reading : 0;
        walk = here;
        one = mark(one, asking & ~reading, weight);
        two = mark(two, asking & reading, _mm256_add_epi16(first, weight));
        first = weight;
        reading = asking;
    }
    uint16_t ones[LANES];
    uint16_t twos[LANES];
    _mm256_storeu_si256((__m256i *)ones, one);
    _mm256_storeu_si256((__m256i *)twos, two);
    unfold(ones, twos, seen);
}

#endif

void settle_run_lanes(const struct settle_reads *reads, uint16_t seen[WALK_SHAPES])
{
#ifdef __x86_64__
    if (vector_available()) {
        run_vector(reads, seen);
        return;
    }
#endif
    struct cursor cursor = {.reads = reads};
    for (size_t i = 0; i < reads->count;)
        i += settle_walk(&cursor, i, seen);
}
