/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/lanes.h"

#include <string.h>

#include "model/access.h"
#include "model/policy.h"
#include "model/request.h"
#include "model/vector.h"

/* ---- One input, LRU sets of one order ---- */

struct stack {
    struct filter *filter;
    uint16_t missing[FILTER_MISS + 1]; /* by the depth of a lookup, the lanes that miss */
    uint8_t depth[REQUEST_POSITIONS];
};

struct stack *stack_create(const struct filter_spec *spec, const uint32_t ways[LANES], struct arena *arena)
{
    struct stack *stack = arena_alloc(arena, sizeof *stack);
    if (stack == NULL || (stack->filter = filter_create(spec, arena)) == NULL)
        return NULL;
    for (unsigned lane = 0; lane < LANES; lane++)
        for (uint32_t depth = ways[lane]; ways[lane] != 0 && depth <= FILTER_MISS; depth++)
            stack->missing[depth] |= (uint16_t)(1 << lane);
    return stack;
}

size_t stack_run(struct stack *stack, uint64_t reach, const uint64_t *request, size_t count, uint64_t *missed,
                 uint16_t *lanes)
{
    size_t misses = 0;
    for (size_t done = 0; done < count;) {
        const size_t part = count - done < REQUEST_POSITIONS ? count - done : REQUEST_POSITIONS;
        filter_depths(stack->filter, reach, request + done, part, stack->depth);
        for (size_t i = 0; i < part; i++) {
            const uint16_t missing = stack->missing[stack->depth[i]];
            missed[misses] = request[done + i];
            lanes[misses] = missing;
            misses += missing != 0;
        }
        done += part;
    }
    return misses;
}

/* ---- One geometry, the lanes of one stream ----
 *
 * Way after way, each with a tag for every lane: the same way of all lanes is one vector. A lane that looks a number up
 * takes from each way what stood there and leaves what stood in the way before, until it comes to the number. Memory
 * that was never written is empty: a big cache of which little is used takes little. */

struct bank {
    struct filter_spec spec;
    uint16_t members;
    bool is_vector; /* tags of 32 bits; of 64 where not, or no longer */
    uint32_t set_bits;
    uint32_t number_shift;
    uint64_t number_mask;
    void *tag; /* sets x ways x LANES, 0 where empty */
};

uint64_t bank_bytes(const struct filter_spec *spec)
{
    return (uint64_t)spec->geometry.entries * LANES * sizeof(uint64_t);
}

struct bank *bank_create(const struct filter_spec *spec, uint16_t members, struct arena *arena)
{
    struct bank *bank = arena_alloc(arena, sizeof *bank);
    if (bank == NULL)
        return NULL;
    bank->spec = *spec;
    bank->members = members;
    bank->is_vector = vector_available();
    bank->set_bits = (uint32_t)__builtin_ctz(spec->geometry.sets);
    bank->number_shift = REQUEST_KEY_SHIFT + spec->number_shift - spec->key_shift;
    bank->number_mask = UINT64_MAX >> spec->number_shift;
    bank->tag = arena_alloc(arena, bank_bytes(spec));
    return bank->tag != NULL ? bank : NULL;
}

POLICY_INLINE uint64_t number_of(const struct bank *bank, uint64_t request)
{
    return (uint64_t)((int64_t)request >> bank->number_shift) & bank->number_mask;
}

POLICY_INLINE uint32_t set_of(const struct bank *bank, uint64_t request)
{
    const uint64_t number = number_of(bank, request);
    const uint32_t sets = bank->spec.geometry.sets;
    if (bank->spec.index == INDEX_XOR)
        return request_xor_index(number, bank->set_bits);
    return (sets & (sets - 1)) == 0 ? (uint32_t)number & (sets - 1) : (uint32_t)(number % sets);
}

/* A number as a tag of 64 bits: no number is 0 then. */
POLICY_INLINE uint64_t wide_tag(uint64_t number)
{
    return number + 1;
}

static bool look_up_lane(uint64_t *set, uint32_t ways, unsigned lane, uint64_t tag)
{
    uint64_t before = tag;
    for (uint64_t *way = set + lane; way < set + (size_t)ways * LANES; way += LANES) {
        const uint64_t here = *way;
        *way = before;
        if (here == tag)
            return true;
        before = here;
    }
    return false;
}

static size_t run_plain(struct bank *bank, const uint64_t *request, const uint16_t *asking, size_t count,
                        uint64_t *missed, uint16_t *lanes)
{
    const uint32_t ways = bank->spec.geometry.ways;
    size_t misses = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t item = request[i];
        const uint64_t tag = wide_tag(number_of(bank, item));
        uint64_t *set = (uint64_t *)bank->tag + (size_t)set_of(bank, item) * ways * LANES;
        uint16_t missing = 0;
        for (uint32_t left = asking[i] & bank->members; left != 0; left &= left - 1) {
            const unsigned lane = (unsigned)__builtin_ctz(left);
            missing |= (uint16_t)(!look_up_lane(set, ways, lane, tag) << lane);
        }
        missed[misses] = item;
        lanes[misses] = missing;
        misses += missing != 0;
    }
    return misses;
}

#ifdef __x86_64__

/* Tags of 32 bits: the number without what the set tells, and the sign bit inverted, so that 0 stands for the one tag
 * that there is not (see vector_fits). */
#define SIGN 0x80000000u

VECTOR_INLINE __mmask16 look_up(__m512i *way, uint32_t ways, __m512i tag, __mmask16 asking)
{
    __m512i before = tag;
    for (uint32_t w = 0; w < ways; w++) {
        const __m512i here = _mm512_load_si512(way + w);
        _mm512_store_si512(way + w, _mm512_mask_mov_epi32(here, asking, before));
        asking = _mm512_mask_cmpneq_epi32_mask(asking, here, tag);
        before = here;
        if (ways > 4 && vector_bits(asking) == 0)
            break;
    }
    return asking;
}

VECTOR_INLINE size_t run_vector(struct bank *shared, const uint64_t *request, const uint16_t *asking, size_t count,
                                uint64_t *missed, uint16_t *lanes, const uint32_t ways)
{
    const struct bank bank = *shared;
    const uint32_t tag_shift = bank.number_shift + bank.set_bits;
    size_t misses = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t item = request[i];
        const __mmask16 mine = asking[i] & bank.members;
        const __m512i tag = _mm512_set1_epi32((int)((uint32_t)((int64_t)item >> tag_shift) ^ SIGN));
        __m512i *set = (__m512i *)bank.tag + (size_t)set_of(&bank, item) * ways;
        uint16_t missing = 0;
        /* Where all have it in front there is nothing to move, and nothing for the next one to wait for. */
        if (vector_bits(_mm512_mask_cmpneq_epi32_mask(mine, _mm512_load_si512(set), tag)) != 0)
            missing = (uint16_t)vector_bits(look_up(set, ways, tag, mine));
        missed[misses] = item;
        lanes[misses] = missing;
        misses += missing != 0;
    }
    return misses;
}

VECTOR static size_t choose_vector(struct bank *bank, const uint64_t *request, const uint16_t *asking, size_t count,
                                   uint64_t *missed, uint16_t *lanes)
{
    switch (bank->spec.geometry.ways) {
    case 4:
        return run_vector(bank, request, asking, count, missed, lanes, 4);
    case 8:
        return run_vector(bank, request, asking, count, missed, lanes, 8);
    default:
        return run_vector(bank, request, asking, count, missed, lanes, bank->spec.geometry.ways);
    }
}

/* Tags of 32 bits become tags of 64, in place, the last first. */
static void widen(struct bank *bank)
{
    char *bytes = bank->tag;
    for (size_t i = (size_t)bank->spec.geometry.entries * LANES; i-- > 0;) {
        uint32_t tag;
        memcpy(&tag, bytes + i * sizeof tag, sizeof tag);
        const uint64_t set = i / LANES / bank->spec.geometry.ways;
        uint64_t number = (uint64_t)(int32_t)(tag ^ SIGN) << bank->set_bits;
        if (bank->spec.index == INDEX_XOR)
            number |= set ^ request_xor_index(number & bank->number_mask, bank->set_bits);
        else
            number |= set & ((UINT64_C(1) << bank->set_bits) - 1);
        const uint64_t wide = tag == 0 ? 0 : wide_tag(number & bank->number_mask);
        memcpy(bytes + i * sizeof wide, &wide, sizeof wide);
    }
    bank->is_vector = false;
}

#endif

size_t bank_run(struct bank *bank, uint64_t reach, const uint64_t *request, const uint16_t *asking, size_t count,
                uint64_t *missed, uint16_t *lanes)
{
#ifdef __x86_64__
    if (bank->is_vector && !vector_fits(reach, bank->number_shift + bank->set_bits))
        widen(bank);
    if (bank->is_vector)
        return choose_vector(bank, request, asking, count, missed, lanes);
#else
    (void)reach;
#endif
    return run_plain(bank, request, asking, count, missed, lanes);
}

/* ---- What else flows in lanes ---- */

size_t lanes_pick(const uint64_t *request, const uint16_t *lanes, size_t count, unsigned lane, uint64_t *picked)
{
    size_t picks = 0;
    for (size_t i = 0; i < count; i++) {
        picked[picks] = request[i];
        picks += lanes[i] >> lane & 1;
    }
    return picks;
}

VECTOR_CLONES static void count_all(const uint16_t *lanes, size_t count, uint32_t counts[LANES])
{
    for (size_t i = 0; i < count; i++)
        for (unsigned lane = 0; lane < LANES; lane++)
            counts[lane] += lanes[i] >> lane & 1;
}

void lanes_count(const uint64_t *request, const uint16_t *lanes, size_t count, bool fetches, uint64_t counts[LANES])
{
    uint32_t here[LANES] = {0};
    if (!fetches)
        count_all(lanes, count, here);
    for (size_t i = 0; fetches && i < count; i++)
        if ((request[i] & REQUEST_FETCH) != 0)
            count_all(lanes + i, 1, here);
    for (unsigned lane = 0; lane < LANES; lane++)
        counts[lane] += here[lane];
}
