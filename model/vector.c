/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/vector.h"

#include <assert.h>
#include <string.h>

#include "model/request.h"

static bool is_allowed = true;

void vector_allow(bool allowed)
{
    is_allowed = allowed;
}

uint32_t vector_lanes(uint32_t ways)
{
    return ways <= 4 ? 4 : ways <= 8 ? 8 : (ways + 15) / 16 * 16;
}

bool vector_fits(uint64_t reach, uint32_t tag_shift, uint32_t bits)
{
    const bool negative = reach >> 63 != 0;
    return (reach & INT64_MAX) >> tag_shift < (UINT64_C(1) << (bits - 1)) - negative;
}

/* No tag: the first number of the upper half, which a narrow set never holds (see vector_fits) and a number of 49 bits at most
 * never is. */
#define EMPTY_NARROW INT32_MIN
#define EMPTY_WIDE INT64_MIN

void vector_lru_init(struct vector_lru *lru)
{
    int32_t *tag = lru->tag;
    for (size_t i = 0; i < (size_t)lru->sets * vector_lanes(lru->ways); i++)
        tag[i] = EMPTY_NARROW;
    lru->wide = false;
}

#ifdef __x86_64__

bool vector_available(void)
{
    return is_allowed && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("bmi2");
}

/* ---- One lookup ----
 *
 * The lanes up to the one that holds the tag, or all of the ways, move one down; the tag goes in front. Returns the
 * lanes that hold the tag, 0 for a miss. `last` has a bit for the last way. Full stores: a masked one would not be
 * forwarded to the next lookup of the set. */

/* Without mask registers, which take longer than four lanes are worth: what lies behind the tag stays, as do the lanes
 * behind the ways. */
VECTOR_INLINE uint32_t look_up_4(int32_t *set, int32_t tag, __m128i keep)
{
    const __m128i new = _mm_set1_epi32(tag);
    const __m128i old = _mm_load_si128((const __m128i *)set);
    const __m128i here = _mm_cmpeq_epi32(old, new);
    const __m128i behind = _mm_ternarylogic_epi32(_mm_slli_si128(here, 4), _mm_slli_si128(here, 8),
                                                  _mm_or_si128(_mm_slli_si128(here, 12), keep), 0xfe);
    _mm_store_si128((__m128i *)set, _mm_ternarylogic_epi32(behind, old, _mm_alignr_epi8(old, new, 12), 0xca));
    return (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(here));
}

VECTOR_INLINE uint32_t look_up_8(int32_t *set, int32_t tag, uint32_t last)
{
    const __m256i new = _mm256_set1_epi32(tag);
    const __m256i old = _mm256_load_si256((const __m256i *)set);
    const uint32_t found = vector_bits(_mm256_cmpeq_epi32_mask(old, new));
    const __mmask8 moved = (__mmask8)_blsmsk_u32(found | last);
    _mm256_store_si256((__m256i *)set, _mm256_mask_alignr_epi32(old, moved, old, new, 7));
    return found;
}

VECTOR_INLINE uint32_t look_up_16(int32_t *set, int32_t tag, uint32_t last)
{
    const __m512i new = _mm512_set1_epi32(tag);
    const __m512i old = _mm512_load_si512(set);
    const uint32_t found = vector_bits(_mm512_cmpeq_epi32_mask(old, new));
    const __mmask16 moved = (__mmask16)_blsmsk_u32(found | last);
    _mm512_store_si512(set, _mm512_mask_alignr_epi32(old, moved, old, new, 15));
    return found;
}

/* Vector after vector until the tag is found; `last` is of the last one's. *left counts the
 * vectors that are still to come. */
VECTOR_INLINE uint32_t look_up_more(int32_t *set, uint32_t *left, int32_t tag, uint32_t last)
{
    const __m512i new = _mm512_set1_epi32(tag);
    __m512i before = new;
    for (;; set += 16) {
        const __m512i old = _mm512_load_si512(set);
        const uint32_t found = vector_bits(_mm512_cmpeq_epi32_mask(old, new));
        const uint32_t end = --*left == 0 ? last : 0;
        const __mmask16 moved = (found | end) == 0 ? 0xffff : (__mmask16)_blsmsk_u32(found | end);
        _mm512_store_si512(set, _mm512_mask_alignr_epi32(old, moved, old, before, 15));
        if ((found | end) != 0)
            return found;
        before = old;
    }
}

/* The same with tags of 64 bits, four or eight lanes a vector. */
VECTOR_INLINE uint32_t look_up_wide_4(int64_t *set, int64_t tag, uint32_t last)
{
    const __m256i new = _mm256_set1_epi64x(tag);
    const __m256i old = _mm256_load_si256((const __m256i *)set);
    const uint32_t found = vector_bits(_mm256_cmpeq_epi64_mask(old, new));
    const __mmask8 moved = (__mmask8)_blsmsk_u32(found | last);
    _mm256_store_si256((__m256i *)set, _mm256_mask_alignr_epi64(old, moved, old, new, 3));
    return found;
}

VECTOR_INLINE uint32_t look_up_wide_more(int64_t *set, uint32_t *left, int64_t tag, uint32_t last)
{
    const __m512i new = _mm512_set1_epi64(tag);
    __m512i before = new;
    for (;; set += 8) {
        const __m512i old = _mm512_load_si512(set);
        const uint32_t found = vector_bits(_mm512_cmpeq_epi64_mask(old, new));
        const uint32_t end = --*left == 0 ? last : 0;
        const __mmask8 moved = (found | end) == 0 ? 0xff : (__mmask8)_blsmsk_u32(found | end);
        _mm512_store_si512(set, _mm512_mask_alignr_epi64(old, moved, old, before, 7));
        if ((found | end) != 0)
            return found;
        before = old;
    }
}

/* ---- A stream of them ---- */

enum set_choice { SET_ONE, SET_MASK, SET_MODULO, SET_XOR };
enum set_form { FORM_4, FORM_8, FORM_16, FORM_MORE, FORM_WIDE_4, FORM_WIDE_MORE };

/* What a loop keeps in registers. */
struct loop {
    char *tag;
    uint32_t sets;
    uint32_t set_bytes;
    uint32_t vectors; /* that hold a set's ways; the lanes behind them stay empty */
    uint32_t last;    /* bit of the last way in its vector */
    __m128i keep;     /* lanes behind the ways */
    uint32_t number_shift;
    uint32_t tag_shift;
    uint64_t number_mask;
    uint32_t unused;
    uint32_t offset_shift; /* request >> offset_shift & offset_mask is the set's place, where sets are a power of two */
    uint64_t offset_mask;
};

VECTOR_INLINE char *set_of(const struct loop *loop, uint64_t request, enum set_choice choice)
{
    if (choice == SET_ONE)
        return loop->tag;
    if (choice == SET_MASK)
        return loop->tag + (request >> loop->offset_shift & loop->offset_mask);
    const uint64_t tagged = (uint64_t)((int64_t)request >> loop->number_shift);
    const uint64_t number = request_untagged(tagged, loop->unused) & loop->number_mask;
    const uint64_t set =
        choice == SET_XOR ? request_xor_index(number, (uint32_t)__builtin_ctz(loop->sets)) : number % loop->sets;
    return loop->tag + set * loop->set_bytes;
}

VECTOR_INLINE uint32_t look_up_in(const struct loop *loop, uint64_t request, enum set_choice choice, enum set_form form,
                                  uint32_t *left)
{
    void *set = set_of(loop, request, choice);
    const int64_t tag = (int64_t)request >> loop->tag_shift;
    switch (form) {
    case FORM_4:
        return look_up_4(set, (int32_t)tag, loop->keep);
    case FORM_8:
        return look_up_8(set, (int32_t)tag, loop->last);
    case FORM_16:
        return look_up_16(set, (int32_t)tag, loop->last);
    case FORM_MORE:
        return look_up_more(set, left, (int32_t)tag, loop->last);
    case FORM_WIDE_4:
        return look_up_wide_4(set, tag, loop->last);
    case FORM_WIDE_MORE:
        break;
    }
    return look_up_wide_more(set, left, tag, loop->last);
}

VECTOR_INLINE uint32_t look_up(const struct loop *loop, uint64_t request, enum set_choice choice, enum set_form form)
{
    uint32_t left = loop->vectors;
    return look_up_in(loop, request, choice, form, &left);
}

/* How deep the request is found. Where it is not, the count of trailing zeros is 32, and that is deeper than any way. */
VECTOR_INLINE uint8_t look_up_depth(const struct loop *loop, uint64_t request, enum set_choice choice,
                                    enum set_form form)
{
    uint32_t left = loop->vectors;
    const uint32_t found = look_up_in(loop, request, choice, form, &left);
    const uint32_t lanes = form == FORM_MORE ? 16 : form == FORM_WIDE_MORE ? 8 : 0; /* a vector, where there are more */
    return (uint8_t)((loop->vectors - 1 - left) * lanes + _tzcnt_u32(found));
}

/* Shifts in a bit that says whether nothing was found: the first of eight ends up highest. Two instructions; the
 * compiler takes four, and there is nothing else in the loop to save. */
VECTOR_INLINE uint32_t note_miss(uint32_t misses, uint32_t found)
{
    __asm__("cmp $1, %1\n\tadc %0, %0" : "+r"(misses) : "r"(found) : "cc");
    return misses;
}

/* The eight bits the other way round: the multiplication spreads copies of them of which the mask takes one bit each in
 * the right place, the other adds them up (Anderson, "Bit Twiddling Hacks"). */
VECTOR_INLINE uint32_t reversed_byte(uint32_t bits)
{
    return (uint8_t)((bits * UINT64_C(0x80200802) & UINT64_C(0x0884422110)) * UINT64_C(0x0101010101) >> 32);
}

/* Each lookup would wait for the stores of the one before; the newest number needs none. */
VECTOR_INLINE size_t run_one_set(const struct loop *shared, const uint64_t *request, size_t count, uint64_t *missed,
                                 uint16_t *missing, enum set_form form)
{
    if (missing != NULL)
        memset(missing, 0, count * sizeof *missing);
    const struct loop loop = *shared;
    size_t misses = 0;
    int64_t newest = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        const uint64_t item = request[i];
        if ((int64_t)item >> loop.number_shift == newest)
            continue;
        newest = (int64_t)item >> loop.number_shift;
        missed[misses] = item;
        const bool hit = look_up(&loop, item, SET_ONE, form) != 0;
        misses += !hit;
        if (missing != NULL)
            missing[i] = !hit;
    }
    return misses;
}

/* Eight lookups, then one compressed store of those that missed: a store an item would slow the loads of the sets. */
VECTOR_INLINE size_t run(const struct loop *shared, const uint64_t *request, size_t count, uint64_t *missed,
                         uint16_t *missing, enum set_choice choice, enum set_form form)
{
    const struct loop loop = *shared; /* which no store of a tag can change */
    size_t misses = 0;
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m512i items = _mm512_loadu_si512(request + i);
        uint32_t mask = 0;
#pragma GCC unroll 8
        for (uint32_t k = 0; k < 8; k++)
            mask = note_miss(mask, look_up(&loop, request[i + k], choice, form));
        mask = reversed_byte(mask);
        if (missing != NULL)
            _mm_storeu_si128((__m128i *)(missing + i), _mm_maskz_set1_epi16((__mmask8)mask, 1));
        _mm512_storeu_si512(missed + misses, _mm512_maskz_compress_epi64((__mmask8)mask, items));
        misses += (size_t)__builtin_popcount(mask);
    }
    for (; i < count; i++) {
        const uint64_t item = request[i];
        missed[misses] = item;
        const bool hit = look_up(&loop, item, choice, form) != 0;
        misses += !hit;
        if (missing != NULL)
            missing[i] = !hit;
    }
    return misses;
}

VECTOR_INLINE void run_depths(const struct loop *shared, const uint64_t *request, size_t count, uint8_t *depth,
                              enum set_choice choice, enum set_form form)
{
    const struct loop loop = *shared;
    for (size_t i = 0; i < count; i++)
        depth[i] = look_up_depth(&loop, request[i], choice, form);
}

/* What a loop is to put out: what misses, or how deep each request is found. */
struct output {
    uint64_t *missed;
    uint16_t *missing;
    uint8_t *depth;
};

VECTOR_INLINE size_t run_choice(const struct loop *loop, const uint64_t *request, size_t count,
                                const struct output *output, enum set_choice choice, enum set_form form, bool depths)
{
    if (depths) {
        run_depths(loop, request, count, output->depth, choice, form);
        return 0;
    }
    return choice == SET_ONE ? run_one_set(loop, request, count, output->missed, output->missing, form)
                             : run(loop, request, count, output->missed, output->missing, choice, form);
}

VECTOR_INLINE size_t run_form(const struct loop *loop, const uint64_t *request, size_t count,
                              const struct output *output, enum set_choice choice, enum set_form form, bool depths)
{
    switch (choice) {
    case SET_ONE:
        return run_choice(loop, request, count, output, SET_ONE, form, depths);
    case SET_MASK:
        return run_choice(loop, request, count, output, SET_MASK, form, depths);
    case SET_MODULO:
        return run_choice(loop, request, count, output, SET_MODULO, form, depths);
    case SET_XOR:
        return run_choice(loop, request, count, output, SET_XOR, form, depths);
    }
    return 0;
}

static enum set_choice choice_of(const struct vector_lru *lru)
{
    if (lru->sets == 1)
        return SET_ONE;
    if (lru->index == INDEX_XOR)
        return SET_XOR;
    return lru->masks_sets && (vector_lanes(lru->ways) & (vector_lanes(lru->ways) - 1)) == 0 ? SET_MASK : SET_MODULO;
}

/* How many low bits of a number its set tells: of 96 sets, number mod 96 tells number mod 32. Of an xor index the set
 * and the bits above the lowest field tell that field. */
static uint32_t set_bits(const struct vector_lru *lru)
{
    return request_set_bits(lru->sets, lru->unused);
}

/* The number that a narrow tag of a set stands for, sign kept. */
static int64_t number_of_tag(const struct vector_lru *lru, uint64_t set, int32_t tag)
{
    return request_number_of_tag(tag, set, set_bits(lru), lru->index == INDEX_XOR, lru->number_mask, lru->unused);
}

/* Sets of narrow tags become sets of numbers, in place, the last first. */
VECTOR static void widen(struct vector_lru *lru)
{
    const uint32_t lanes = vector_lanes(lru->ways);
    char *bytes = lru->tag;
    for (size_t i = (size_t)lru->sets * lanes; i-- > 0;) {
        int32_t tag;
        memcpy(&tag, bytes + i * sizeof tag, sizeof tag);
        const int64_t wide = tag == EMPTY_NARROW ? EMPTY_WIDE : number_of_tag(lru, i / lanes, tag);
        memcpy(bytes + i * sizeof wide, &wide, sizeof wide);
    }
    lru->wide = true;
}

/* `depths` is a constant wherever this is inlined. */
VECTOR_INLINE size_t run_lru(struct vector_lru *lru, uint64_t reach, const uint64_t *request, size_t count,
                             const struct output *output, const bool depths)
{
    if (!lru->wide && !vector_fits(reach, lru->number_shift + set_bits(lru), 32))
        widen(lru);
    const uint32_t lanes = vector_lanes(lru->ways);
    const uint32_t vector = lru->wide ? 8 : 16; /* lanes of the widest */
    const uint32_t set_bytes = lanes * (uint32_t)(lru->wide ? sizeof(int64_t) : sizeof(int32_t));
    const struct loop loop = {
        .tag = lru->tag,
        .sets = lru->sets,
        .set_bytes = set_bytes,
        .vectors = (lru->ways + vector - 1) / vector,
        .last = UINT32_C(1) << (lru->ways - 1) % vector,
        .keep = _mm_cmpgt_epi32(_mm_setr_epi32(0, 1, 2, 3), _mm_set1_epi32((int)lru->ways - 1)),
        .number_shift = lru->number_shift,
        .tag_shift = lru->number_shift + (lru->wide ? 0 : set_bits(lru)),
        .number_mask = lru->number_mask,
        .unused = lru->unused,
        .offset_shift = lru->number_shift - (uint32_t)__builtin_ctz(set_bytes),
        .offset_mask = (uint64_t)(lru->sets - 1) * set_bytes,
    };
    const enum set_choice choice = choice_of(lru);
    if (lru->wide)
        return lanes == 4 ? run_form(&loop, request, count, output, choice, FORM_WIDE_4, depths)
                          : run_form(&loop, request, count, output, choice, FORM_WIDE_MORE, depths);
    switch (lanes) {
    case 4:
        return run_form(&loop, request, count, output, choice, FORM_4, depths);
    case 8:
        return run_form(&loop, request, count, output, choice, FORM_8, depths);
    case 16:
        return run_form(&loop, request, count, output, choice, FORM_16, depths);
    default:
        return run_form(&loop, request, count, output, choice, FORM_MORE, depths);
    }
}

VECTOR size_t vector_lru_run(struct vector_lru *lru, uint64_t reach, const uint64_t *request, size_t count,
                             uint64_t *missed, uint16_t *missing)
{
    return run_lru(lru, reach, request, count, &(struct output){.missed = missed, .missing = missing}, false);
}

VECTOR void vector_lru_depths(struct vector_lru *lru, uint64_t reach, const uint64_t *request, size_t count,
                              uint8_t *depth)
{
    run_lru(lru, reach, request, count, &(struct output){.depth = depth}, true);
}

uint32_t vector_lru_read(const struct vector_lru *lru, uint32_t set, uint64_t *number)
{
    const size_t first = (size_t)set * vector_lanes(lru->ways);
    uint32_t count = 0;
    if (lru->wide)
        for (const int64_t *tag = (const int64_t *)lru->tag + first; count < lru->ways && tag[count] != EMPTY_WIDE;
             count++)
            number[count] = (uint64_t)tag[count] & lru->number_mask;
    else
        for (const int32_t *tag = (const int32_t *)lru->tag + first; count < lru->ways && tag[count] != EMPTY_NARROW;
             count++)
            number[count] = (uint64_t)number_of_tag(lru, set, tag[count]) & lru->number_mask;
    return count;
}

/* The number with its sign, as a wide tag has it. */
static int64_t signed_number(const struct vector_lru *lru, uint64_t number)
{
    const int unused = __builtin_clzll(lru->number_mask);
    return (int64_t)(number << unused) >> unused;
}

static bool fits_narrow(const struct vector_lru *lru, uint64_t number)
{
    const int64_t tag = signed_number(lru, number) >> set_bits(lru);
    return tag == (int32_t)tag && tag != EMPTY_NARROW;
}

void vector_lru_write(struct vector_lru *lru, uint32_t set, const uint64_t *number, uint32_t count)
{
    const size_t first = (size_t)set * vector_lanes(lru->ways);
    for (uint32_t i = 0; i < count && !lru->wide; i++)
        if (!fits_narrow(lru, number[i]))
            widen(lru);
    if (lru->wide) {
        int64_t *tag = (int64_t *)lru->tag + first;
        for (uint32_t i = 0; i < lru->ways; i++)
            tag[i] = i < count ? signed_number(lru, number[i]) : EMPTY_WIDE;
    } else {
        int32_t *tag = (int32_t *)lru->tag + first;
        for (uint32_t i = 0; i < lru->ways; i++)
            tag[i] = i < count ? (int32_t)(signed_number(lru, number[i]) >> set_bits(lru)) : EMPTY_NARROW;
    }
}

#else

bool vector_available(void)
{
    return false;
}

size_t vector_lru_run(struct vector_lru *lru, uint64_t reach, const uint64_t *request, size_t count, uint64_t *missed,
                      uint16_t *missing)
{
    (void)lru, (void)reach, (void)request, (void)count, (void)missed, (void)missing;
    assert(false);
    return 0;
}

void vector_lru_depths(struct vector_lru *lru, uint64_t reach, const uint64_t *request, size_t count, uint8_t *depth)
{
    (void)lru, (void)reach, (void)request, (void)count, (void)depth;
    assert(false);
}

uint32_t vector_lru_read(const struct vector_lru *lru, uint32_t set, uint64_t *number)
{
    (void)lru, (void)set, (void)number;
    assert(false);
    return 0;
}

void vector_lru_write(struct vector_lru *lru, uint32_t set, const uint64_t *number, uint32_t count)
{
    (void)lru, (void)set, (void)number, (void)count;
    assert(false);
}

#endif
