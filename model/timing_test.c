/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The core of timing.h against a simulation of it, slot after slot, on random lookups; what never gets longer; and closed
 * forms, each worked out in a comment.
 */
#include "model/timing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <string.h>

#include "model/random.h"
#include "model/timing_testing.h"

enum { LOOKUPS_MAX = 600, DRAWS = 3000 };

struct run {
    struct timing_spec spec;
    size_t count;
    uint64_t instructions;
    struct timing_lookup lookup[LOOKUPS_MAX];
};

static struct timing_figures figures_of(const struct run *run)
{
    struct arena *arena = arena_create();
    assert_non_null(arena);
    struct timing *timing = timing_create(&run->spec, arena);
    assert_non_null(timing);
    for (size_t i = 0; i < run->count; i++) {
        const struct timing_lookup *l = &run->lookup[i];
        if (l->walks)
            assert_true(timing_walk(timing, l->instruction, l->fetch, l->page, l->cycles));
        else
            timing_hit(timing, l->instruction, l->fetch, l->page, l->cycles);
    }
    timing_advance(timing, run->instructions);
    const struct timing_figures figures = timing_figures(timing);
    arena_destroy(arena);
    return figures;
}

/* ---- Random lookups ---- */

static uint64_t any_cycles(uint64_t *state)
{
    static const uint32_t most[] = {1, 8, 40, 300};
    return random_below(state, most[random_below(state, 4)]);
}

static void draw(uint64_t *state, struct run *run)
{
    memset(run, 0, sizeof *run);
    run->spec.width = 1 + random_below(state, 6);
    run->spec.rob = 1 + random_below(state, UINT32_C(1) << random_below(state, 9));
    run->spec.walkers = 1 + random_below(state, 4);
    const uint32_t gap = 1 + random_below(state, UINT32_C(1) << random_below(state, 7)); /* between instructions */
    const uint32_t pages = 1 + random_below(state, 400);
    const uint32_t walks = random_below(state, 100); /* percent */
    const size_t room = 1 + random_below(state, LOOKUPS_MAX - 8);
    uint64_t instruction = random_below(state, gap);
    while (run->count < room) {
        for (uint32_t sort = 0; sort < 2; sort++)
            for (uint32_t left = random_below(state, 3 + sort); left > 0; left--) {
                struct timing_lookup *l = &run->lookup[run->count++];
                *l = (struct timing_lookup){.instruction = instruction, .fetch = sort == 0};
                l->walks = random_below(state, 100) < walks;
                l->page = random_below(state, pages);
                l->cycles = l->walks || random_below(state, 4) == 0 ? any_cycles(state) : 0;
            }
        instruction += 1 + random_below(state, gap);
    }
    run->instructions = instruction + random_below(state, 2 * gap);
}

static uint64_t sum_of_slots(const struct run *run, bool walks)
{
    uint64_t cycles = 0;
    for (size_t i = 0; i < run->count; i++)
        if (run->lookup[i].walks || !walks)
            cycles += run->lookup[i].cycles;
    return cycles * run->spec.width;
}

static void test_equals_simulation(void **unused)
{
    (void)unused;
    uint64_t merged = 0;
    uint64_t queued = 0;
    uint64_t hidden = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        uint64_t state = i;
        static struct run run;
        draw(&state, &run);
        const struct timing_figures fast = figures_of(&run);
        const struct timing_figures slow = timing_simulate(&run.spec, run.lookup, run.count, run.instructions);
        if (memcmp(&fast, &slow, sizeof fast) != 0)
            fail_msg("draw %" PRIu64 ": stall %" PRIu64 " and %" PRIu64 ", queue %" PRIu64 " and %" PRIu64
                     ", busy %" PRIu64 " and %" PRIu64 ", merged %" PRIu64 " and %" PRIu64,
                     i, fast.stall_slots, slow.stall_slots, fast.queue_slots, slow.queue_slots, fast.busy_slots,
                     slow.busy_slots, fast.merged_walks, slow.merged_walks);
        assert_int_equal(fast.busy_slots, sum_of_slots(&run, true));
        assert_true(fast.stall_slots <= sum_of_slots(&run, false));
        merged += fast.merged_walks != 0;
        queued += fast.queue_slots != 0;
        hidden += fast.stall_slots < sum_of_slots(&run, false);
    }
    /* There was something to be found. */
    assert_true(merged > DRAWS / 4 && queued > DRAWS / 4 && hidden > DRAWS / 4);
}

static void test_more_is_never_slower(void **unused)
{
    (void)unused;
    uint64_t sooner = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        uint64_t state = i;
        static struct run run;
        draw(&state, &run);
        const uint64_t stall = figures_of(&run).stall_slots;
        struct timing_spec spec = run.spec;
        run.spec.walkers++;
        const uint64_t with_walker = figures_of(&run).stall_slots;
        run.spec = spec;
        run.spec.rob += 1 + random_below(&state, 8);
        const uint64_t with_window = figures_of(&run).stall_slots;
        run.spec = spec;
        run.lookup[random_below(&state, (uint32_t)run.count)].cycles += 1 + random_below(&state, 50);
        const uint64_t with_latency = figures_of(&run).stall_slots;
        assert_true(with_walker <= stall);
        assert_true(with_window <= stall);
        assert_true(with_latency >= stall);
        sooner += with_walker < stall || with_window < stall || with_latency > stall;
    }
    assert_true(sooner > DRAWS / 2);
}

/* ---- Closed forms ---- */

static struct run core_of(uint32_t width, uint32_t rob, uint32_t walkers, uint64_t instructions)
{
    struct run run = {.instructions = instructions};
    run.spec.width = width;
    run.spec.rob = rob;
    run.spec.walkers = walkers;
    return run;
}

static void add(struct run *run, bool walks, uint64_t instruction, bool fetch, uint64_t page, uint64_t cycles)
{
    run->lookup[run->count++] = (struct timing_lookup){
        .instruction = instruction, .fetch = fetch, .walks = walks, .page = page, .cycles = cycles};
}

/* Walks of data, each of a page of its own. */
static void add_walk(struct run *run, uint64_t instruction, uint64_t cycles)
{
    add(run, true, instruction, false, run->count, cycles);
}

static void assert_figures(const struct run *run, uint64_t stall, uint64_t queue, uint64_t merged)
{
    const struct timing_figures figures = figures_of(run);
    const struct timing_figures slow = timing_simulate(&run->spec, run->lookup, run->count, run->instructions);
    assert_int_equal(figures.stall_slots, stall);
    assert_int_equal(figures.queue_slots, queue);
    assert_int_equal(figures.merged_walks, merged);
    assert_memory_equal(&figures, &slow, sizeof figures);
}

/* Walks of 100 cycles, 1000 instructions from one to the next. While one waits, rob - 1 others dispatch, width a cycle;
 * the rest of it shows. */
static void test_isolated(void **unused)
{
    (void)unused;
    static const struct {
        uint32_t width, rob;
        uint64_t slots; /* that a walk shows */
    } cases[] = {{1, 1, 100},   {4, 1, 400}, {1, 64, 37}, {4, 64, 337},
                 {4, 224, 177}, {4, 401, 0}, {4, 402, 0}, {1, 500, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (uint32_t walkers = 1; walkers <= 3; walkers++) {
            struct run run = core_of(cases[i].width, cases[i].rob, walkers, 10000);
            for (uint64_t walk = 0; walk < 9; walk++)
                add_walk(&run, 1000 * walk, 100);
            assert_figures(&run, 9 * cases[i].slots, 0, 0);
        }
}

/* Five walks of 100 cycles in five instructions, and nothing else. The first is asked for in slot 1, the last in slot 5,
 * and what is left of it behind its five slots is the stall. */
static void test_back_to_back(void **unused)
{
    (void)unused;
    static const struct {
        uint32_t rob, walkers;
        uint64_t stall, queue;
    } cases[] = {
        /* From slot 1 to 501. Waits of 0, 99, 198, 297 and 396. */
        {512, 1, 496, 990},
        /* At 1, 2, 101, 102, 201, so done at 301; waits of 98, 98 and 196. */
        {512, 2, 296, 392},
        /* At 1, 2, 3, 101, 102, so done at 202; waits of 97 and 97. */
        {512, 3, 197, 194},
        /* All at once, the last one at 5. */
        {512, 5, 100, 0},
        {512, 64, 100, 0},
        {5, 5, 100, 0},
        /* Dispatched at 0, 1, 101, 102, 202. */
        {2, 5, 298, 0},
        /* One after the other, however many walkers there are. */
        {1, 1, 500, 0},
        {1, 5, 500, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run = core_of(1, cases[i].rob, cases[i].walkers, 5);
        for (uint64_t walk = 0; walk < 5; walk++)
            add_walk(&run, walk, 100);
        assert_figures(&run, cases[i].stall, cases[i].queue, 0);
    }
    /* In one instruction, all are asked for in slot 1: with a walker, their sum; with two, three times 100. */
    for (uint32_t walkers = 1; walkers <= 2; walkers++) {
        struct run run = core_of(1, 512, walkers, 1);
        for (uint64_t walk = 0; walk < 5; walk++)
            add_walk(&run, 0, 100);
        assert_figures(&run, walkers == 1 ? 500 : 300, walkers == 1 ? 1000 : 400, 0);
    }
}

/* Two walks of 100 cycles, the second one `apart` instructions behind, in a window of 64 of a trace of 1000. The first holds
 * instruction 64 up until 101, by 37. */
static void test_partial_overlap(void **unused)
{
    (void)unused;
    static const struct {
        uint64_t apart;
        uint32_t walkers;
        uint64_t stall, queue;
    } cases[] = {
        /* Asked for at 41, done at 141, when instruction 104 dispatches anyway, 37 late. */
        {40, 2, 37, 0},
        /* Begins at 101, done at 201: instruction 104 is 97 late. */
        {40, 1, 97, 60},
        {63, 1, 74, 37},
        {63, 2, 37, 0},
        /* Dispatches itself 37 late, and shows as much again. */
        {64, 1, 74, 0},
        {64, 2, 74, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run = core_of(1, 64, cases[i].walkers, 1000);
        add_walk(&run, 0, 100);
        add_walk(&run, cases[i].apart, 100);
        assert_figures(&run, cases[i].stall, cases[i].queue, 0);
    }
}

/* What is fetched holds up the front, and no window hides it; but it is under way while the window is full. */
static void test_fetches(void **unused)
{
    (void)unused;
    struct run run = core_of(4, 512, 2, 1000);
    for (uint64_t i = 0; i < 10; i++)
        add(&run, true, 100 * i, true, i, 25);
    assert_figures(&run, 10 * 100, 0, 0);

    /* Instruction 0's data are there at 101, which instruction 64 waits for. Its fetch is asked for at 64, and done at 94 of a
     * walk of 30, or at 114 of one of 50, which is 50 late. */
    for (uint64_t cycles = 30; cycles <= 50; cycles += 20) {
        struct run under = core_of(1, 64, 2, 1000);
        add(&under, true, 0, false, 0, 100);
        add(&under, true, 64, true, 1, cycles);
        assert_figures(&under, cycles == 30 ? 37 : 50, 0, 0);
    }
    /* Hits in a level below: 7 cycles of 4 slots a fetch; those of data are hidden. */
    struct run hits = core_of(4, 64, 1, 1000);
    for (uint64_t i = 0; i < 10; i++) {
        add(&hits, false, 10 * i, true, i, 7);
        add(&hits, false, 10 * i, false, i, 7);
    }
    assert_figures(&hits, 10 * 28, 0, 0);
}

/* Page 7 walks from 1 to 101. */
static void test_merged(void **unused)
{
    (void)unused;
    struct run run = core_of(1, 512, 1, 1000);
    add(&run, true, 0, false, 7, 100);
    add(&run, false, 0, false, 7, 0);   /* at 1 */
    add(&run, false, 1, false, 7, 0);   /* at 2 */
    add(&run, false, 1, false, 8, 0);   /* another page */
    add(&run, false, 99, false, 7, 0);  /* at 100 */
    add(&run, false, 100, false, 7, 0); /* at 101: it is done */
    assert_figures(&run, 0, 0, 3);

    /* Nobody waits longer than for what they hit: the data of 1 do not retire before 101, as those of 0. In a window of 2
     * instruction 2 waits for 0 and 3 for 1, which are there together. */
    run.spec.rob = 2;
    run.count = 3;
    assert_figures(&run, 99, 0, 2);

    /* A fetch waits: asked for at 5, dispatched at 101. */
    struct run fetch = core_of(1, 512, 1, 1000);
    add(&fetch, true, 0, false, 7, 100);
    add(&fetch, false, 5, true, 7, 0);
    assert_figures(&fetch, 96, 0, 1);

    /* Walked twice, the second time from 101 to 111: a hit waits for the second walk, until then. */
    struct run twice = core_of(1, 512, 1, 5);
    add(&twice, true, 0, false, 7, 100);
    add(&twice, true, 1, false, 7, 10);
    add(&twice, false, 2, true, 7, 0);
    assert_figures(&twice, 109, 99, 1);
}

/* More walks under way than there is room for at first, some of them done early. */
static void test_many_under_way(void **unused)
{
    (void)unused;
    struct run run = core_of(1, 4096, 64, 2000);
    for (uint64_t i = 0; i < 400; i++)
        add(&run, true, i, false, i, i % 3 == 0 ? 5 : 1000);
    for (uint64_t i = 0; i < 400 && run.count < LOOKUPS_MAX; i += 2)
        add(&run, false, 500 + i, false, i, 0);
    const struct timing_figures fast = figures_of(&run);
    const struct timing_figures slow = timing_simulate(&run.spec, run.lookup, run.count, run.instructions);
    assert_memory_equal(&fast, &slow, sizeof fast);
    assert_true(fast.merged_walks > 100);
}

static void test_nothing(void **unused)
{
    (void)unused;
    const struct run none = core_of(4, 64, 1, 0);
    assert_figures(&none, 0, 0, 0);
    const struct run idle = core_of(4, 64, 1, 1000);
    assert_figures(&idle, 0, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_simulation),
        cmocka_unit_test(test_more_is_never_slower),
        cmocka_unit_test(test_isolated),
        cmocka_unit_test(test_back_to_back),
        cmocka_unit_test(test_partial_overlap),
        cmocka_unit_test(test_fetches),
        cmocka_unit_test(test_merged),
        cmocka_unit_test(test_many_under_way),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
