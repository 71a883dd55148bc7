/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes out of each lane of a stack is, item for item, what a filter of its own puts out; and no item is nobody's,
 * which no count would tell.
 */
#include "model/lanes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "model/random.h"
#include "model/request.h"
#include "model/vector.h"

enum { LOOKUPS = 3 * REQUEST_POSITIONS, ROOM = LOOKUPS + VECTOR_SLACK };

static uint64_t request[LOOKUPS];
static uint64_t missed[ROOM];
static uint16_t lanes[ROOM];
static uint16_t missing[ROOM];
static uint16_t alone_missing[ROOM];
static uint64_t picked[ROOM];
static uint64_t expected[ROOM];

static struct filter_spec spec_of(uint32_t sets, uint32_t ways)
{
    struct filter_spec spec;
    memset(&spec, 0, sizeof spec);
    spec.geometry = (struct geometry){sets * ways, sets, ways};
    return spec;
}

static void equals_filters(uint32_t sets, const uint32_t ways[LANES], uint64_t *state)
{
    uint32_t most = 0;
    uint16_t members = 0;
    for (unsigned lane = 0; lane < LANES; lane++) {
        most = ways[lane] > most ? ways[lane] : most;
        members |= (uint16_t)((ways[lane] != 0) << lane);
    }
    const uint32_t pages = 1 + random_below(state, 2 * most * sets);
    const size_t count = 1 + random_below(state, LOOKUPS);
    for (size_t i = 0; i < count; i++)
        request[i] =
            request_of_va((uint64_t)random_below(state, 1 + random_below(state, pages)) << 12, i % REQUEST_POSITIONS);

    struct arena *arena = arena_create();
    const struct filter_spec spec = spec_of(sets, most);
    struct stack *stack = stack_create(&spec, ways, arena);
    assert_non_null(stack);
    const struct lanes_output output = {.item = missed, .lanes = lanes, .missing = missing};
    const size_t misses = stack_run(stack, INT64_MAX, request, count, &output);
    for (size_t i = 0; i < misses; i++) {
        assert_int_not_equal(lanes[i], 0);
        assert_int_equal(lanes[i] & ~members, 0);
    }
    for (unsigned lane = 0; lane < LANES; lane++) {
        if (ways[lane] == 0)
            continue;
        const struct filter_spec alone = spec_of(sets, ways[lane]);
        struct filter *filter = filter_create(&alone, arena);
        assert_non_null(filter);
        const size_t picks = lanes_pick(missed, lanes, misses, lane, picked);
        assert_int_equal(filter_run(filter, INT64_MAX, request, count, expected, alone_missing), picks);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(missing[i] >> lane & 1, alone_missing[i]);
        assert_memory_equal(picked, expected, picks * sizeof *picked);
    }
    arena_destroy(arena);
}

static void test_stacks_equal_filters(void **unused)
{
    (void)unused;
    static const uint32_t ranges[] = {8, 40, 224, 300, 2000};
    uint64_t state = 1;
    for (unsigned draw = 0; draw < 60; draw++) {
        uint32_t ways[LANES] = {0};
        const uint32_t range = ranges[draw % (sizeof ranges / sizeof *ranges)];
        ways[random_below(&state, LANES)] = range;
        for (unsigned lane = 0; lane < LANES; lane++)
            if (random_below(&state, 2) == 0)
                ways[lane] = 1 + random_below(&state, range);
        vector_allow(draw % 2 == 0);
        equals_filters(1 + random_below(&state, 5), ways, &state);
    }
    vector_allow(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stacks_equal_filters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
