/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/lanes.h"

#include <string.h>

#include "model/access.h"
#include "model/policy.h"
#include "model/request.h"
#include "model/vector.h"

/* ---- One input, LRU sets of one order ---- */

enum {
    TABLE_DEPTHS = 32, /* words in a register */
    STACK_PART = REQUEST_POSITIONS,
    TREE_PART = REQUEST_POSITIONS / 4,
};

struct stack {
    struct filter *filter;
    bool is_vector;
    bool is_tree;
    uint16_t members;
    uint32_t ways[LANES];
    uint16_t missing[UINT8_MAX + 1]; /* by the depth of a lookup, the lanes that miss */
    union {
        uint8_t depth[STACK_PART];
        uint32_t tree_depth[TREE_PART];
    };
};

uint64_t stack_bytes(const struct filter_spec *spec)
{
    return sizeof(struct stack) + filter_bytes(spec);
}

struct stack *stack_create(const struct filter_spec *spec, const uint32_t ways[LANES], struct arena *arena)
{
    struct stack *stack = arena_alloc(arena, sizeof *stack);
    if (stack == NULL || (stack->filter = filter_create(spec, arena)) == NULL)
        return NULL;
    stack->is_tree = filter_is_tree(spec);
    stack->is_vector = !stack->is_tree && spec->geometry.ways < TABLE_DEPTHS && vector_available();
    for (unsigned lane = 0; lane < LANES; lane++) {
        stack->ways[lane] = ways[lane];
        stack->members |= (uint16_t)((ways[lane] != 0) << lane);
        for (uint32_t depth = ways[lane]; ways[lane] != 0 && depth <= UINT8_MAX; depth++)
            stack->missing[depth] |= (uint16_t)(1 << lane);
    }
    return stack;
}

/* Tells what becomes of request `i`, and appends it unless it misses in no lane. */
POLICY_INLINE size_t put_out(const struct lanes_output *output, size_t misses, size_t i, uint64_t item,
                             uint16_t missing)
{
    output->item[misses] = item;
    output->lanes[misses] = missing;
    misses += missing != 0;
    if (output->missing != NULL)
        output->missing[i] = missing;
    return misses;
}

/* Writes whose misses the requests from `first` on are, by their depths. */
static size_t tell_plain(const struct stack *stack, const uint64_t *request, size_t first, size_t count,
                         const struct lanes_output *output, size_t misses)
{
    const struct lanes_output to = *output; /* which no store can change */
    for (size_t i = first; i < count; i++)
        misses = put_out(&to, misses, i, request[i], stack->missing[stack->depth[i]]);
    return misses;
}

#ifdef __x86_64__

/* Eight at a time, for depths that one register tells the lanes of: beyond its end all lanes miss. */
VECTOR static size_t tell_vector(const struct stack *stack, const uint64_t *request, size_t count,
                                 const struct lanes_output *output, size_t misses)
{
    const struct lanes_output to = *output;
    const __m512i table = _mm512_loadu_si512(stack->missing);
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m128i depth = _mm_loadl_epi64((const __m128i *)(stack->depth + i));
        const __m128i place = _mm_cvtepu8_epi16(_mm_min_epu8(depth, _mm_set1_epi8(TABLE_DEPTHS - 1)));
        const __m128i missing = _mm512_castsi512_si128(_mm512_permutexvar_epi16(_mm512_castsi128_si512(place), table));
        const __mmask8 misses_any = _mm_test_epi16_mask(missing, missing);
        if (to.missing != NULL)
            _mm_storeu_si128((__m128i *)(to.missing + i), missing);
        const __m512i items = _mm512_loadu_si512(request + i);
        const __m256i lanes = _mm256_maskz_compress_epi32(misses_any, _mm256_cvtepu16_epi32(missing));
        _mm512_storeu_si512(to.item + misses, _mm512_maskz_compress_epi64(misses_any, items));
        _mm_storeu_si128((__m128i *)(to.lanes + misses), _mm256_cvtepi32_epi16(lanes));
        misses += (size_t)__builtin_popcount(vector_bits(misses_any));
    }
    return tell_plain(stack, request, i, count, output, misses);
}

#else

static size_t tell_vector(const struct stack *stack, const uint64_t *request, size_t count,
                          const struct lanes_output *output, size_t misses)
{
    return tell_plain(stack, request, 0, count, output, misses);
}

#endif

/* A depth is compared with the ways of all lanes: 0.5 ns where that is one vector, 1.8 where it is four; a binary search
 * among sorted ways without a branch takes 2.2. */
VECTOR_CLONES static void find_missing(const struct stack *stack, size_t count, uint16_t *missing)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t lanes = 0;
        for (unsigned lane = 0; lane < LANES; lane++)
            lanes |= (uint32_t)(stack->tree_depth[i] >= stack->ways[lane]) << lane;
        missing[i] = (uint16_t)(lanes & stack->members);
    }
}

static size_t run_tree_stack(struct stack *stack, const uint64_t *request, size_t count,
                             const struct lanes_output *output)
{
    size_t misses = 0;
    for (size_t done = 0; done < count;) {
        const size_t part = count - done < TREE_PART ? count - done : TREE_PART;
        uint16_t *missing = output->lanes + done; /* never before what is written */
        filter_tree_depths(stack->filter, request + done, part, stack->tree_depth);
        find_missing(stack, part, missing);
        for (size_t i = 0; i < part; i++)
            misses = put_out(output, misses, done + i, request[done + i], missing[i]);
        done += part;
    }
    return misses;
}

size_t stack_run(struct stack *stack, uint64_t reach, const uint64_t *request, size_t count,
                 const struct lanes_output *output)
{
    if (stack->is_tree)
        return run_tree_stack(stack, request, count, output);
    size_t misses = 0;
    for (size_t done = 0; done < count;) {
        const size_t part = count - done < STACK_PART ? count - done : STACK_PART;
        const struct lanes_output rest = {output->item, output->lanes,
                                          output->missing == NULL ? NULL : output->missing + done};
        filter_depths(stack->filter, reach, request + done, part, stack->depth);
        misses = stack->is_vector ? tell_vector(stack, request + done, part, &rest, misses)
                                  : tell_plain(stack, request + done, 0, part, &rest, misses);
        done += part;
    }
    return misses;
}

/* ---- One geometry, the lanes of one stream ----
 *
 * Way after way, each with a tag for every lane: the same way of all lanes is one vector. A lane that looks a number up
 * takes from each way what stood there and leaves what stood in the way before, until it comes to the number. Memory
 * that was never written is empty: a big cache of which little is used takes little. The first FRONT ways of all sets
 * stand together: most sets of a big cache never use more, and what is used is then dense. */

enum { FRONT = 4 };

/* Some ways of all sets. */
struct tags {
    void *tag; /* sets x ways x LANES, 0 where empty */
    uint32_t ways;
};

struct bank {
    struct filter_spec spec;
    uint16_t members;
    uint32_t tag_bits; /* 16 or 32, vectors; 64 without, or where no fewer are enough */
    uint32_t set_bits; /* of a number, that its set tells */
    uint32_t number_shift;
    uint64_t number_mask;
    uint32_t unused; /* as in struct vector_lru */
    struct tags front;
    struct tags rest; /* no ways, where all are in front */
};

static uint64_t tags_of(const struct filter_spec *spec)
{
    return (uint64_t)spec->geometry.entries * LANES;
}

/* Tags of 16 bits last for 64 GiB where there are 32K sets of lines of 64 bytes: large banks keep them. */
uint64_t bank_bytes(const struct filter_spec *spec)
{
    return tags_of(spec) * (vector_available() ? sizeof(uint16_t) : sizeof(uint64_t));
}

/* Room for the widest; untouched memory takes none. */
static bool tags_init(struct tags *tags, uint32_t sets, struct arena *arena)
{
    tags->tag = arena_alloc(arena, (size_t)sets * tags->ways * LANES * sizeof(uint64_t));
    return tags->tag != NULL;
}

struct bank *bank_create(const struct filter_spec *spec, uint16_t members, struct arena *arena)
{
    struct bank *bank = arena_alloc(arena, sizeof *bank);
    if (bank == NULL)
        return NULL;
    bank->spec = *spec;
    bank->members = members;
    bank->tag_bits = vector_available() ? 16 : 64;
    bank->number_shift = REQUEST_KEY_SHIFT + spec->number_shift - spec->key_shift;
    bank->number_mask = UINT64_MAX >> spec->number_shift;
    bank->unused = filter_unused_bits(spec);
    bank->set_bits = request_set_bits(spec->geometry.sets, bank->unused);
    bank->front.ways = spec->geometry.ways < FRONT ? spec->geometry.ways : FRONT;
    bank->rest.ways = spec->geometry.ways - bank->front.ways;
    return tags_init(&bank->front, spec->geometry.sets, arena) && tags_init(&bank->rest, spec->geometry.sets, arena)
               ? bank
               : NULL;
}

POLICY_INLINE uint64_t number_of(const struct bank *bank, uint64_t request)
{
    return (uint64_t)((int64_t)request >> bank->number_shift) & bank->number_mask;
}

/* Of ANY_SETS it is asked for each request what they are. */
enum set_choice { ONE_SET, MASKED_SETS, ANY_SETS };

POLICY_INLINE uint32_t set_of(const struct bank *bank, uint64_t request, enum set_choice choice)
{
    const uint32_t sets = bank->spec.geometry.sets;
    if (choice == ONE_SET)
        return 0;
    if (choice == MASKED_SETS)
        return (uint32_t)(request >> bank->number_shift) & (sets - 1);
    const uint64_t number = request_untagged(number_of(bank, request), bank->unused) & bank->number_mask;
    return bank->spec.index == INDEX_XOR ? request_xor_index(number, (uint32_t)__builtin_ctz(sets))
                                         : (uint32_t)(number % sets);
}

/* A number as a tag of 64 bits: no number is 0 then. */
POLICY_INLINE uint64_t wide_tag(uint64_t number)
{
    return number + 1;
}

/* False where it is not in these ways: then *before is what fell out of the last. */
static bool look_up_lane(const struct tags *tags, uint32_t set, unsigned lane, uint64_t tag, uint64_t *before)
{
    uint64_t *way = (uint64_t *)tags->tag + (size_t)set * tags->ways * LANES + lane;
    for (uint32_t w = 0; w < tags->ways; w++, way += LANES) {
        const uint64_t here = *way;
        *way = *before;
        if (here == tag)
            return true;
        *before = here;
    }
    return false;
}

static bool lane_misses(const struct bank *bank, uint32_t set, unsigned lane, uint64_t tag)
{
    uint64_t before = tag;
    return !look_up_lane(&bank->front, set, lane, tag, &before) && !look_up_lane(&bank->rest, set, lane, tag, &before);
}

static size_t run_plain(struct bank *bank, const uint64_t *request, const uint16_t *asking, size_t count,
                        const struct lanes_output *output)
{
    const struct lanes_output to = *output;
    size_t misses = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t item = request[i];
        const uint64_t tag = wide_tag(number_of(bank, item));
        const uint32_t set = set_of(bank, item, ANY_SETS);
        uint16_t missing = 0;
        for (uint32_t left = asking[i] & bank->members; left != 0; left &= left - 1) {
            const unsigned lane = (unsigned)__builtin_ctz(left);
            missing |= (uint16_t)(lane_misses(bank, set, lane, tag) << lane);
        }
        misses = put_out(&to, misses, i, item, missing);
    }
    return misses;
}

#ifdef __x86_64__

/* Tags of 16 and 32 bits: the number without what the set tells, and the highest bit inverted, so that 0 stands for the
 * one tag that there is not (see vector_fits). */

#define SIGN_16 0x8000u
#define SIGN_32 0x80000000u

/* Of three vectors A, B and C: B ? A : C. In this order the result can take A's register, which is free then. */
enum { CHOICE = 0xe2 };

/* Looks up in `ways` ways; returns those of the lanes that miss. Behind the front it may stop where all lanes have found
 * it, or found an empty way: if that is asked. Where the answer is often another, being wrong costs as much as ten ways. */
VECTOR_INLINE uint16_t look_up_16(__m256i *front, __m256i *rest, uint32_t ways, __m256i tag, uint16_t asking,
                                  const bool stops)
{
    __asm__("" : "+r"(front), "+r"(rest)); /* or GCC 12 makes an address of its own for each way */
    __m256i before = tag;
    __m256i left = _mm256_movm_epi16(asking); /* a vector: a mask register takes longer from one way to the next */
    for (uint32_t w = 0; w < ways; w++) {
        __m256i *way = w < FRONT ? front + w : rest + (w - FRONT);
        const __m256i here = _mm256_load_si256(way);
        _mm256_store_si256(way, _mm256_ternarylogic_epi64(before, left, here, CHOICE));
        left = _mm256_andnot_si256(_mm256_cmpeq_epi16(here, tag), left);
        before = here;
        if (stops && w == FRONT - 1 && _mm256_testz_si256(left, here))
            break;
    }
    return (uint16_t)vector_bits(_mm256_movepi16_mask(left));
}

VECTOR_INLINE uint16_t look_up_32(__m512i *front, __m512i *rest, uint32_t ways, __m512i tag, uint16_t asking,
                                  const bool stops)
{
    __asm__("" : "+r"(front), "+r"(rest));
    __m512i before = tag;
    __m512i left = _mm512_movm_epi32(asking);
    for (uint32_t w = 0; w < ways; w++) {
        __m512i *way = w < FRONT ? front + w : rest + (w - FRONT);
        const __m512i here = _mm512_load_si512(way);
        _mm512_store_si512(way, _mm512_ternarylogic_epi64(before, left, here, CHOICE));
        left = _mm512_maskz_mov_epi32(_mm512_cmpneq_epi32_mask(here, tag), left);
        before = here;
        if (stops && w == FRONT - 1 && vector_bits(_mm512_test_epi32_mask(left, here)) == 0)
            break;
    }
    return (uint16_t)vector_bits(_mm512_movepi32_mask(left));
}

/* The set of a request, some ways of it, where `ways` of all sets stand. */
VECTOR_INLINE char *set_at(const struct bank *bank, const struct tags *tags, uint64_t item, uint32_t ways,
                           uint32_t tag_bits, enum set_choice choice)
{
    return (char *)tags->tag + (size_t)set_of(bank, item, choice) * ways * (LANES * tag_bits / 8);
}

/* The number without what the set tells of it. */
POLICY_INLINE uint64_t rest_of(const struct bank *bank, uint64_t item)
{
    return (uint64_t)((int64_t)item >> (bank->number_shift + bank->set_bits));
}

VECTOR_INLINE __m256i tag_16(const struct bank *bank, uint64_t item)
{
    return _mm256_set1_epi16((short)(rest_of(bank, item) ^ SIGN_16));
}

VECTOR_INLINE __m512i tag_32(const struct bank *bank, uint64_t item)
{
    return _mm512_set1_epi32((int)(rest_of(bank, item) ^ SIGN_32));
}

/* Who does not have it in way `w` of the `front`. */
VECTOR_INLINE uint32_t not_in_way(const struct bank *bank, uint64_t item, uint32_t front, uint32_t w, uint32_t tag_bits,
                                  enum set_choice choice)
{
    const char *set = set_at(bank, &bank->front, item, front, tag_bits, choice);
    return tag_bits == 16
               ? vector_bits(_mm256_cmpneq_epi16_mask(_mm256_load_si256((const __m256i *)set + w), tag_16(bank, item)))
               : vector_bits(_mm512_cmpneq_epi32_mask(_mm512_load_si512((const __m512i *)set + w), tag_32(bank, item)));
}

/* Where all lanes have it in front there is nothing to move; in one set that is worth a question, since the next lookup
 * would wait for what this one stores. */
VECTOR_INLINE uint16_t look_up(const struct bank *bank, uint64_t item, uint16_t asking, uint32_t ways,
                               uint32_t tag_bits, enum set_choice choice, const bool stops)
{
    const uint32_t front_ways = ways < FRONT ? ways : FRONT;
    if (choice == ONE_SET && (asking & not_in_way(bank, item, front_ways, 0, tag_bits, choice)) == 0)
        return 0;
    void *front = set_at(bank, &bank->front, item, front_ways, tag_bits, choice);
    void *rest = set_at(bank, &bank->rest, item, ways - front_ways, tag_bits, choice);
    return tag_bits == 16 ? look_up_16(front, rest, ways, tag_16(bank, item), asking, stops)
                          : look_up_32(front, rest, ways, tag_32(bank, item), asking, stops);
}

/* Banks of so many entries leave the first-level cache. */
enum { LARGE_ENTRIES = 1024 };

VECTOR_INLINE void prefetch_set(const char *set, size_t bytes)
{
    enum { LINE_BYTES = 64 };
    for (size_t byte = 0; byte < bytes; byte += LINE_BYTES)
        _mm_prefetch(set + byte, _MM_HINT_T0);
}

VECTOR_INLINE void prefetch(const struct bank *bank, uint64_t item, uint32_t ways, uint32_t tag_bits,
                            enum set_choice choice, const bool stops)
{
    const uint32_t front = ways < FRONT ? ways : FRONT;
    const size_t way_bytes = LANES * tag_bits / 8;
    prefetch_set(set_at(bank, &bank->front, item, front, tag_bits, choice), front * way_bytes);
    if (!stops)
        prefetch_set(set_at(bank, &bank->rest, item, ways - front, tag_bits, choice), (ways - front) * way_bytes);
}

VECTOR_INLINE size_t run_vector(const struct bank *shared, const uint64_t *request, const uint16_t *asking,
                                size_t count, const struct lanes_output *output, const uint32_t ways,
                                const uint32_t tag_bits, enum set_choice choice, const bool is_large, const bool stops)
{
    enum { AHEAD = 32 };
    const struct bank bank = *shared; /* which no store can change, as the next */
    const struct lanes_output to = *output;
    size_t misses = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t item = request[i];
        if (is_large && i + AHEAD < count)
            prefetch(&bank, request[i + AHEAD], ways, tag_bits, choice, stops);
        const uint16_t missing = look_up(&bank, item, asking[i] & bank.members, ways, tag_bits, choice, stops);
        misses = put_out(&to, misses, i, item, missing);
    }
    return misses;
}

/* Do nearly all of the first requests end in the front? As the sets are before any of them, which is good enough to tell
 * what is faster. */
VECTOR_INLINE bool mostly_stops(const struct bank *bank, const uint64_t *request, const uint16_t *asking, size_t count,
                                const uint32_t ways, const uint32_t tag_bits, enum set_choice choice)
{
    enum { SAMPLE = 32, MOST = 29 };
    const uint32_t sample = count < SAMPLE ? (uint32_t)count : SAMPLE;
    if (ways <= FRONT)
        return false;
    uint32_t stops = 0;
    for (size_t i = 0; i < sample; i++) {
        uint32_t left = asking[i] & bank->members;
        for (uint32_t w = 0; w < FRONT; w++)
            left &= not_in_way(bank, request[i], FRONT, w, tag_bits, choice);
        const char *set = set_at(bank, &bank->front, request[i], FRONT, tag_bits, choice);
        const __m512i last = tag_bits == 16 ? _mm512_cvtepu16_epi32(_mm256_load_si256((const __m256i *)set + FRONT - 1))
                                            : _mm512_load_si512((const __m512i *)set + FRONT - 1);
        stops += (left & vector_bits(_mm512_test_epi32_mask(last, last))) == 0;
    }
    return stops * SAMPLE >= MOST * sample;
}

VECTOR_INLINE size_t run_ways(const struct bank *bank, const uint64_t *request, const uint16_t *asking, size_t count,
                              const struct lanes_output *output, const uint32_t ways, const uint32_t tag_bits,
                              enum set_choice choice, const bool is_large)
{
    return mostly_stops(bank, request, asking, count, ways, tag_bits, choice)
               ? run_vector(bank, request, asking, count, output, ways, tag_bits, choice, is_large, true)
               : run_vector(bank, request, asking, count, output, ways, tag_bits, choice, is_large, false);
}

/* Small banks have few ways, and these are constants. */
VECTOR_INLINE size_t run_width(const struct bank *bank, const uint64_t *request, const uint16_t *asking, size_t count,
                               const struct lanes_output *output, const uint32_t tag_bits, enum set_choice choice)
{
    const uint32_t ways = bank->spec.geometry.ways;
    const bool is_large = bank->spec.geometry.entries >= LARGE_ENTRIES;
    if (ways == 4 && !is_large)
        return run_ways(bank, request, asking, count, output, 4, tag_bits, choice, false);
    if (ways == 8 && !is_large)
        return run_ways(bank, request, asking, count, output, 8, tag_bits, choice, false);
    if (ways == 16 && is_large)
        return run_ways(bank, request, asking, count, output, 16, tag_bits, choice, true);
    return run_ways(bank, request, asking, count, output, ways, tag_bits, choice, is_large);
}

VECTOR_INLINE size_t run_choice(const struct bank *bank, const uint64_t *request, const uint16_t *asking, size_t count,
                                const struct lanes_output *output, enum set_choice choice)
{
    return bank->tag_bits == 16 ? run_width(bank, request, asking, count, output, 16, choice)
                                : run_width(bank, request, asking, count, output, 32, choice);
}

VECTOR static size_t choose_vector(const struct bank *bank, const uint64_t *request, const uint16_t *asking,
                                   size_t count, const struct lanes_output *output)
{
    const uint32_t sets = bank->spec.geometry.sets;
    if (sets == 1)
        return run_choice(bank, request, asking, count, output, ONE_SET);
    if (filter_masks_sets(&bank->spec))
        return run_choice(bank, request, asking, count, output, MASKED_SETS);
    return run_choice(bank, request, asking, count, output, ANY_SETS);
}

/* A tag of 16 or 32 bits, sign kept; false where it is empty. */
static bool narrow_tag(const struct tags *tags, uint32_t tag_bits, size_t i, int64_t *tag)
{
    uint16_t half = 0;
    uint32_t whole = 0;
    if (tag_bits == 16)
        memcpy(&half, (char *)tags->tag + i * sizeof half, sizeof half);
    else
        memcpy(&whole, (char *)tags->tag + i * sizeof whole, sizeof whole);
    *tag = tag_bits == 16 ? (int16_t)(half ^ SIGN_16) : (int32_t)(whole ^ SIGN_32);
    return half != 0 || whole != 0;
}

/* Tags become longer ones, in place, the last first. */
static void widen_tags(const struct bank *bank, struct tags *tags, uint32_t tag_bits)
{
    for (size_t i = (size_t)bank->spec.geometry.sets * tags->ways * LANES; i-- > 0;) {
        int64_t tag;
        const bool there = narrow_tag(tags, bank->tag_bits, i, &tag);
        const uint64_t set = i / LANES / tags->ways;
        if (tag_bits == 32) {
            const uint32_t whole = there ? (uint32_t)tag ^ SIGN_32 : 0;
            memcpy((char *)tags->tag + i * sizeof whole, &whole, sizeof whole);
            continue;
        }
        const uint64_t number = (uint64_t)request_number_of_tag(tag, set, bank->set_bits, bank->spec.index == INDEX_XOR,
                                                                bank->number_mask, bank->unused);
        const uint64_t wide = there ? wide_tag(number & bank->number_mask) : 0;
        memcpy((char *)tags->tag + i * sizeof wide, &wide, sizeof wide);
    }
}

static void widen(struct bank *bank, uint32_t tag_bits)
{
    widen_tags(bank, &bank->front, tag_bits);
    widen_tags(bank, &bank->rest, tag_bits);
    bank->tag_bits = tag_bits;
}

#endif

size_t bank_run(struct bank *bank, uint64_t reach, const uint64_t *request, const uint16_t *asking, size_t count,
                const struct lanes_output *output)
{
#ifdef __x86_64__
    const uint32_t tag_shift = bank->number_shift + bank->set_bits;
    if (bank->tag_bits == 16 && !vector_fits(reach, tag_shift, 16))
        widen(bank, 32);
    if (bank->tag_bits == 32 && !vector_fits(reach, tag_shift, 32))
        widen(bank, 64);
    if (bank->tag_bits != 64)
        return choose_vector(bank, request, asking, count, output);
#else
    (void)reach;
#endif
    return run_plain(bank, request, asking, count, output);
}

/* ---- What else flows in lanes ---- */

static size_t pick_plain(const uint64_t *request, const uint16_t *lanes, size_t count, unsigned lane, uint64_t *picked)
{
    size_t picks = 0;
    for (size_t i = 0; i < count; i++) {
        picked[picks] = request[i];
        picks += lanes[i] >> lane & 1;
    }
    return picks;
}

static void count_plain(const uint16_t *lanes, size_t count, uint64_t counts[LANES])
{
    for (size_t i = 0; i < count; i++)
        for (unsigned lane = 0; lane < LANES; lane++)
            counts[lane] += lanes[i] >> lane & 1;
}

#ifdef __x86_64__

VECTOR static size_t pick_vector(const uint64_t *request, const uint16_t *lanes, size_t count, unsigned lane,
                                 uint64_t *picked)
{
    const __m128i bit = _mm_set1_epi16((short)(1 << lane));
    size_t picks = 0;
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __mmask8 mine = _mm_test_epi16_mask(_mm_loadu_si128((const __m128i *)(lanes + i)), bit);
        _mm512_storeu_si512(picked + picks, _mm512_maskz_compress_epi64(mine, _mm512_loadu_si512(request + i)));
        picks += (size_t)__builtin_popcount(vector_bits(mine));
    }
    return picks + pick_plain(request + i, lanes + i, count - i, lane, picked + picks);
}

VECTOR static void count_vector(const uint16_t *lanes, size_t count, unsigned lanes_used, uint64_t counts[LANES])
{
    enum { WORDS = 32 }; /* in a register */
    for (size_t i = 0; i < count; i += WORDS) {
        const __mmask32 there = count - i < WORDS ? _bzhi_u32(UINT32_MAX, (uint32_t)(count - i)) : UINT32_MAX;
        const __m512i words = _mm512_maskz_loadu_epi16(there, lanes + i);
        __m512i bit = _mm512_set1_epi16(1);
        for (unsigned lane = 0; lane < lanes_used; lane++, bit = _mm512_slli_epi16(bit, 1))
            counts[lane] += (uint64_t)__builtin_popcount(_cvtmask32_u32(_mm512_test_epi16_mask(words, bit)));
    }
}

size_t lanes_pick(const uint64_t *request, const uint16_t *lanes, size_t count, unsigned lane, uint64_t *picked)
{
    return vector_available() ? pick_vector(request, lanes, count, lane, picked)
                              : pick_plain(request, lanes, count, lane, picked);
}

static void count_all(const uint16_t *lanes, size_t count, unsigned lanes_used, uint64_t counts[LANES])
{
    if (vector_available())
        count_vector(lanes, count, lanes_used, counts);
    else
        count_plain(lanes, count, counts);
}

#else

size_t lanes_pick(const uint64_t *request, const uint16_t *lanes, size_t count, unsigned lane, uint64_t *picked)
{
    return pick_plain(request, lanes, count, lane, picked);
}

static void count_all(const uint16_t *lanes, size_t count, unsigned lanes_used, uint64_t counts[LANES])
{
    (void)lanes_used;
    count_plain(lanes, count, counts);
}

#endif

void lanes_count(const uint64_t *request, const uint16_t *lanes, size_t count, bool fetches, unsigned lanes_used,
                 uint64_t counts[LANES])
{
    if (!fetches)
        count_all(lanes, count, lanes_used, counts);
    for (size_t i = 0; fetches && i < count; i++)
        if ((request[i] & REQUEST_FETCH) != 0)
            count_plain(lanes + i, 1, counts);
}
