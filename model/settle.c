/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/settle.h"

#include "model/lanes.h"
#include "model/request.h"
#include "model/vector.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

void settle_run(const struct settle_streams *streams, uint16_t seen[WALK_SHAPES])
{
    const uint64_t *const read = streams->item[0];
    const uint64_t *missed[SETTLE_SERVERS];
    for (unsigned k = 1; k < SETTLE_SERVERS; k++)
        missed[k] = streams->item[k];
    uint32_t shape = 0;
    uint64_t walk = STREAM_END;
    for (size_t i = 0; i < streams->count; i++) {
        unsigned server = 0;
        for (unsigned k = 1; k < SETTLE_SERVERS; k++) {
            const bool misses = *missed[k] == read[i];
            missed[k] += misses;
            server += misses;
        }
        shape = request_position(read[i]) == walk ? shape : 0;
        walk = request_position(read[i]);
        shape += walk_shape_of_read(server);
        seen[shape] = 1;
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

/* Where the loops are in the streams. */
struct cursor {
    const struct settle_streams *streams;
    size_t at[SETTLE_SERVERS];
};

/* Whose the next read is, and by whom it was served. */
ALWAYS_INLINE void next_read(struct cursor *cursor, uint16_t served[SETTLE_SERVERS])
{
    const struct settle_streams *streams = cursor->streams;
    const uint64_t read = streams->item[0][cursor->at[0]];
    uint16_t reached = streams->lanes[0][cursor->at[0]++]; /* lanes whose read came so far */
    for (unsigned k = 1; k < SETTLE_SERVERS; k++) {
        const bool any = streams->item[k][cursor->at[k]] == read;
        const uint16_t further = any ? streams->lanes[k][cursor->at[k]] : 0;
        cursor->at[k] += any;
        served[k - 1] = reached & (uint16_t)~further;
        reached = further;
    }
    served[SETTLE_SERVERS - 1] = reached;
}

static void settle_walk(struct cursor *cursor, size_t reads, uint16_t seen[WALK_SHAPES])
{
    struct shapes shapes = {.count = 1, .shape = {0}, .lanes = {UINT16_MAX}};
    for (size_t i = 0; i < reads; i++) {
        uint16_t served[SETTLE_SERVERS];
        next_read(cursor, served);
        add_read(&shapes, served, seen);
    }
}

/* How many reads the next walk has. */
static size_t count_reads(const struct cursor *cursor)
{
    const struct settle_streams *streams = cursor->streams;
    const uint64_t *read = streams->item[0] + cursor->at[0];
    const size_t left = streams->count - cursor->at[0];
    size_t reads = 1;
    while (reads < left && request_position(read[reads]) == request_position(read[0]))
        reads++;
    return reads;
}

#ifdef __x86_64__

/* Nearly all walks have one read or two. Their shapes are few enough for a bit each, which every lane can have in a
 * register: bit w for a read by the server of weight w, and bit w + v for two reads. The weights are such that no two
 * pairs have the same sum (a Golomb ruler). */
static const uint16_t weights[SETTLE_SERVERS] = {0, 1, 4, 6};

VECTOR_INLINE __m256i weigh(const uint16_t served[SETTLE_SERVERS])
{
    __m256i weight = _mm256_setzero_si256();
    for (unsigned k = 1; k < SETTLE_SERVERS; k++)
        weight = _mm256_mask_mov_epi16(weight, served[k], _mm256_set1_epi16((short)weights[k]));
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

VECTOR static void run_vector(const struct settle_streams *streams, uint16_t seen[WALK_SHAPES])
{
    const uint64_t *const read = streams->item[0];
    const size_t count = streams->count;
    struct cursor cursor = {.streams = streams};
    __m256i one = _mm256_setzero_si256(); /* walks of one read */
    __m256i two = _mm256_setzero_si256();
    __m256i first = _mm256_setzero_si256(); /* weight of each lane's first read of the walk */
    uint32_t reading = 0;                   /* lanes that have one */
    uint32_t walk = UINT32_MAX;
    for (size_t i; (i = cursor.at[0]) < count;) {
        const uint32_t here = request_position(read[i]);
        if (__builtin_expect(i + 2 < count && request_position(read[i + 2]) == here, 0)) {
            settle_walk(&cursor, count_reads(&cursor), seen);
            continue;
        }
        uint16_t served[SETTLE_SERVERS];
        next_read(&cursor, served);
        const uint32_t asking = (uint32_t)served[0] | served[1] | served[2] | served[3];
        const __m256i weight = weigh(served);
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

void settle_run_lanes(const struct settle_streams *streams, bool vector, uint16_t seen[WALK_SHAPES])
{
#ifdef __x86_64__
    if (vector) {
        run_vector(streams, seen);
        return;
    }
#else
    (void)vector;
#endif
    struct cursor cursor = {.streams = streams};
    while (cursor.at[0] < streams->count)
        settle_walk(&cursor, count_reads(&cursor), seen);
}
