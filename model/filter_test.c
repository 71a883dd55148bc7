/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invalidation, of sets in every form and policy. What filters do with lookups is held to the oracle in plan_test.c.
 */
#include "model/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "model/random.h"
#include "model/vector.h"

/* Numbers whose bits in `mask` are as in `value`. */
struct meant {
    uint64_t mask;
    uint64_t value;
};

static bool is_meant(uint64_t number, const void *context)
{
    const struct meant *meant = context;
    return (number & meant->mask) == meant->value;
}

enum { LOOKUPS = 512, ROUNDS = 40, FORMS = 3 };

static struct filter_spec spec_of(uint32_t sets, uint32_t ways, enum policy policy, enum tlb_index index)
{
    struct filter_spec spec;
    memset(&spec, 0, sizeof spec);
    spec.geometry = (struct geometry){sets * ways, sets, ways};
    spec.policy = policy;
    spec.index = index;
    spec.key_shift = spec.number_shift = REQUEST_VA_SHIFT; /* numbers are keys */
    spec.random_seed = 1;
    return spec;
}

static struct filter *filter_of(const struct filter_spec *spec, struct arena *arena)
{
    struct filter *filter = filter_create(spec, arena);
    assert_non_null(filter);
    return filter;
}

/* Looks the numbers up; tells of each whether it misses. */
static void look_up(struct filter *filter, const uint64_t *number, size_t count, uint64_t *reach, uint16_t *missing)
{
    static uint64_t request[LOOKUPS + VECTOR_SLACK];
    static uint64_t missed[2 * LOOKUPS + VECTOR_SLACK];
    for (size_t i = 0; i < count; i++) {
        request[i] = number[i] << REQUEST_KEY_SHIFT;
        *reach |= request_reach(request[i]);
    }
    filter_run(filter, *reach, request, count, missed, missing);
}

/* Each set holds what it can; then the numbers whose bit 3 is set are gone, all others are there, and there is room for as
 * many new ones. */
static void test_every_policy(void **unused)
{
    (void)unused;
    for (enum policy policy = POLICY_LRU; policy <= POLICY_RANDOM; policy++)
        for (unsigned vectors = 0; vectors < 2; vectors++) {
            struct arena *arena = arena_create();
            uint64_t number[64];
            uint16_t missing[64];
            uint64_t reach = 0;
            vector_allow(vectors != 0);
            const struct filter_spec spec = spec_of(8, 8, policy, INDEX_MODULO);
            struct filter *filter = filter_of(&spec, arena);
            for (uint64_t i = 0; i < 64; i++)
                number[i] = i;
            look_up(filter, number, 64, &reach, missing);
            filter_remove_if(filter, is_meant, &(struct meant){8, 8});
            for (uint64_t i = 0; i < 64; i++)
                number[i] = (i & 8) != 0 ? 64 + i : i;
            for (unsigned round = 0; round < 2; round++) {
                look_up(filter, number, 64, &reach, missing);
                for (uint64_t i = 0; i < 64; i++)
                    assert_int_equal(missing[i], round == 0 && (i & 8) != 0);
            }
            filter_remove_if(filter, is_meant, &(struct meant){0, 0});
            look_up(filter, number, 64, &reach, missing);
            for (uint64_t i = 0; i < 64; i++)
                assert_int_equal(missing[i], 1);
            arena_destroy(arena);
        }
    vector_allow(true);
}

/* Searched, as vectors and as trees, LRU sets miss alike, whatever is invalidated, of few bits and of many. */
static void test_forms_agree(void **unused)
{
    (void)unused;
    uint64_t state = 3;
    for (unsigned draw = 0; draw < 60; draw++) {
        struct arena *arena = arena_create();
        const enum tlb_index index = draw % 3 == 0 ? INDEX_XOR : INDEX_MODULO;
        const uint32_t sets = index == INDEX_XOR ? UINT32_C(1) << random_below(&state, 4) : 1 + random_below(&state, 7);
        const struct filter_spec spec = spec_of(sets, 1 + random_below(&state, 30), POLICY_LRU, index);
        struct filter *form[FORMS];
        vector_allow(false);
        form[0] = filter_of(&spec, arena);
        filter_trees_from(1);
        form[1] = filter_of(&spec, arena);
        filter_trees_from(UINT32_MAX);
        vector_allow(true);
        form[2] = filter_of(&spec, arena);
        const uint64_t far = random_below(&state, 2) == 0 ? 0 : UINT64_C(1) << 40;
        uint64_t reach = 0;
        for (unsigned round = 0; round < ROUNDS; round++) {
            uint64_t number[LOOKUPS];
            uint16_t missing[FORMS][LOOKUPS + VECTOR_SLACK];
            const size_t count = 1 + random_below(&state, LOOKUPS);
            for (size_t i = 0; i < count; i++)
                number[i] = (round > 5 ? far : 0) + random_below(&state, 3 * spec.geometry.entries);
            const uint64_t mask = random_below(&state, 64);
            const struct meant which = {mask, random_below(&state, 64) & mask};
            const uint64_t before = reach;
            for (unsigned f = 0; f < FORMS; f++) {
                uint64_t reached = before;
                look_up(form[f], number, count, &reached, missing[f]);
                reach = reached;
                filter_remove_if(form[f], is_meant, &which);
                assert_memory_equal(missing[f], missing[0], count * sizeof(uint16_t));
            }
        }
        arena_destroy(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_policy),
        cmocka_unit_test(test_forms_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
