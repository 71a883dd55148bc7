/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Curves against the engine's runs of single sizes and against closed forms, and the errors that samples state against
 * the errors that they make.
 */
#include "model/curve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "model/plan.h"
#include "model/random.h"
#include "model/random_machine_testing.h"

enum { ACCESSES = 400000 };

struct trace {
    size_t count;
    uint64_t va[ACCESSES];
    uint16_t meta[ACCESSES];
};

static struct trace trace;
static struct block block;

/* Fills the block with the accesses from `first` on, at most `most`. */
static void fill_block(size_t first, uint32_t most)
{
    block.count = trace.count - first < most ? (uint32_t)(trace.count - first) : most;
    block.first_record = first + 1;
    block.mark_count = 1;
    block.mark[0] = (struct block_mark){0, first + 1};
    memcpy(block.va, trace.va + first, block.count * sizeof *block.va);
    memcpy(block.meta, trace.meta + first, block.count * sizeof *block.meta);
    block_summarise(&block);
}

static struct curve *curve_of(const struct curve_spec *spec, uint32_t block_accesses)
{
    struct curve *curve = curve_create(spec);
    assert_non_null(curve);
    for (size_t i = 0; i < trace.count; i += block.count) {
        fill_block(i, block_accesses);
        assert_true(curve_block(curve, &block));
    }
    curve_end(curve);
    return curve;
}

static const struct curve_spec exact_4k = {.page_size_bytes = 4096, .kinds = KINDS_ALL, .sample_rate = 1, .seed = 1};

static uint64_t misses_of(const struct curve *curve, uint64_t entries)
{
    const struct curve_point point = curve_at(curve, entries);
    assert_true(point.miss_ratio_error == 0);
    assert_true(point.miss_ratio == point.misses / (double)curve_lookups(curve));
    return (uint64_t)point.misses;
}

static void add_access(uint64_t va, enum access_kind kind, uint32_t size_bytes)
{
    trace.va[trace.count] = va;
    trace.meta[trace.count++] = access_meta(kind, size_bytes);
}

/* ---- The engine ---- */

static struct counters run_engine(const char *format, uint64_t page_size_bytes, uint64_t entries, enum kinds only)
{
    struct err err;
    char text[256];
    snprintf(text, sizeof text,
             "[os]\npage_size=%" PRIu64 "\n[page_table]\nformat=%s\n[tlb.l1.x]\nentries=%" PRIu64 "\nways=full\n",
             page_size_bytes, format, entries);
    struct configuration configuration = {.only = only, .seed = 1};
    struct machine_text *settings = machine_text_parse("test.ini", text, &err);
    if (settings == NULL || !machine_resolve(settings, &configuration.machine, &err))
        fail_msg("%s", err.text);
    configuration.machine.source = "";
    machine_text_free(settings);
    struct plan *plan = plan_create(&configuration, 1, &err);
    assert_non_null(plan);
    for (size_t i = 0; i < trace.count; i += block.count) {
        fill_block(i, BLOCK_ACCESSES);
        if (!plan_block(plan, &block, &err))
            fail_msg("%s", err.text);
    }
    struct counters counters;
    plan_counters(plan, 0, &counters);
    plan_free(plan);
    return counters;
}

static void test_equals_engine(void **unused)
{
    (void)unused;
    static const struct {
        const char *format;
        uint64_t page_size_bytes;
        enum kinds kinds;
    } cases[] = {
        {"x86-64", 4096, KINDS_ALL},     {"x86-64", 4096, KINDS_DATA},     {"x86-64", 4096, KINDS_INSTRUCTIONS},
        {"x86-64", 65536, KINDS_ALL},    {"x86-64", 2 << 20, KINDS_DATA},  {"sv39", 1 << 30, KINDS_ALL},
        {"armv8-64k", 65536, KINDS_ALL}, {"x86-64-la57", 4096, KINDS_ALL},
    };
    static const uint64_t sizes[] = {1, 2, 3, 4, 7, 16, 33, 64, 200, 1000};
    uint64_t state = 1;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        trace.count = 20000;
        random_trace(&state, page_table_named(cases[c].format), cases[c].page_size_bytes, trace.va, trace.meta,
                     trace.count);
        struct curve_spec spec = exact_4k;
        spec.page_size_bytes = cases[c].page_size_bytes;
        spec.kinds = cases[c].kinds;
        struct curve *curve = curve_of(&spec, 1 + random_below(&state, BLOCK_ACCESSES));
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            const struct counters counters =
                run_engine(cases[c].format, spec.page_size_bytes, sizes[s], cases[c].kinds);
            assert_int_equal(curve_lookups(curve), counters.lookups);
            assert_int_equal(curve_pages(curve), counters.pages_touched);
            assert_int_equal(misses_of(curve, sizes[s]), counters.walks);
        }
        assert_int_equal(curve_most(curve), curve_pages(curve));
        assert_int_equal(misses_of(curve, curve_most(curve)), curve_pages(curve));
        curve_free(curve);
    }
}

/* ---- Closed forms ---- */

static void test_cyclic(void **unused)
{
    (void)unused;
    enum { PAGES = 3000, ROUNDS = 100 };
    trace.count = 0;
    for (uint32_t i = 0; i < PAGES * ROUNDS; i++)
        add_access(UINT64_C(4096) * (i % PAGES), ACCESS_LOAD, 8);
    struct curve *curve = curve_of(&exact_4k, BLOCK_ACCESSES);
    assert_int_equal(curve_least(curve), 1);
    assert_int_equal(curve_most(curve), PAGES);
    for (uint64_t entries = 1; entries <= PAGES; entries++)
        assert_int_equal(misses_of(curve, entries), entries < PAGES ? PAGES * ROUNDS : PAGES);
    curve_free(curve);
}

/* Of N pages, uniform, E entries hold E, and a lookup misses with probability 1 - E / N but for the first ones. */
static void test_uniform(void **unused)
{
    (void)unused;
    enum { PAGES = 256 };
    uint64_t state = 2;
    trace.count = 0;
    while (trace.count < ACCESSES)
        add_access(random_below(&state, PAGES) * UINT64_C(4096), ACCESS_STORE, 1);
    struct curve *curve = curve_of(&exact_4k, BLOCK_ACCESSES);
    assert_int_equal(curve_pages(curve), PAGES);
    for (uint64_t entries = 1; entries <= PAGES; entries++) {
        const double miss = 1 - (double)entries / PAGES;
        const double sigma = sqrt(ACCESSES * miss * (1 - miss));
        assert_true(fabs(curve_at(curve, entries).misses - ACCESSES * miss) <= 4 * sigma + PAGES);
    }
    curve_free(curve);
}

static void test_ends_and_crossings(void **unused)
{
    (void)unused;
    trace.count = 0;
    add_access(UINT64_MAX - 4095, ACCESS_MODIFY, 4096); /* the last page, all of it */
    add_access(0, ACCESS_LOAD, 1);                      /* the first */
    add_access(4095, ACCESS_LOAD, 2);                   /* the first again, and the next */
    add_access(UINT64_MAX - 4096, ACCESS_FETCH, 2);     /* the last but one, and the last: three others since */
    add_access(UINT64_MAX, ACCESS_STORE, 1);            /* the last again */
    struct curve *curve = curve_of(&exact_4k, BLOCK_ACCESSES);
    assert_int_equal(curve_lookups(curve), 7);
    assert_int_equal(curve_pages(curve), 4);
    static const uint64_t misses[] = {5, 5, 5, 4};
    for (uint64_t entries = 1; entries <= 4; entries++)
        assert_int_equal(misses_of(curve, entries), misses[entries - 1]);
    curve_free(curve);

    struct curve_spec spec = exact_4k;
    spec.kinds = KINDS_INSTRUCTIONS;
    curve = curve_of(&spec, BLOCK_ACCESSES);
    assert_int_equal(curve_lookups(curve), 2);
    assert_int_equal(curve_most(curve), 2);
    curve_free(curve);

    /* The largest pages, 2^48 bytes: the first and the last of the address space. */
    spec = exact_4k;
    spec.page_size_bytes = UINT64_C(1) << 48;
    curve = curve_of(&spec, BLOCK_ACCESSES);
    assert_int_equal(curve_lookups(curve), 5);
    assert_int_equal(curve_most(curve), 2);
    assert_int_equal(misses_of(curve, 1), 3);
    curve_free(curve);

    trace.count = 0;
    curve = curve_of(&exact_4k, BLOCK_ACCESSES);
    assert_int_equal(curve_lookups(curve), 0);
    assert_int_equal(curve_most(curve), 0);
    curve_free(curve);
}

/* ---- Streams, for samples ---- */

static uint64_t draw_log_uniform(uint64_t *state, double pages)
{
    return (uint64_t)exp(log(pages) * ((double)random_below(state, UINT32_MAX) / UINT32_MAX)); /* Zipf's law, nearly */
}

static uint64_t draw_page(unsigned stream, uint32_t i, uint64_t *state, uint64_t *at)
{
    switch (stream) {
    case 0: /* a loop */
        return i % 5000;
    case 1: /* uniform */
        return random_below(state, 20000);
    case 2: /* from hot to cold */
        return draw_log_uniform(state, 60000);
    case 3: /* three loops in each other */
        return i % 10 < 6   ? (i / 10 * 6 + i % 10) % 300
               : i % 10 < 9 ? 1000 + (i / 10 * 3 + i % 10 - 6) % 6000
                            : 9000 + i;
    case 4: /* a hot set, and the rest */
        return random_below(state, 10) < 9 ? random_below(state, 500) : 1000 + random_below(state, 30000);
    case 5: /* a walk */
        return *at = (*at + 49980 + random_below(state, 41)) % 50000;
    case 6: /* a loop, and then a longer one */
        return i < ACCESSES / 2 ? i % 3000 : 10000 + i % 12000;
    default: /* phases, each on pages of its own */
        return i / 50000 * 20000 + random_below(state, 2000 + 1500 * (i / 50000));
    }
}

enum { STREAMS = 8 };

static void make_stream(unsigned stream)
{
    uint64_t state = 3;
    uint64_t at = 0;
    trace.count = 0;
    for (uint32_t i = 0; i < ACCESSES; i++)
        add_access(draw_page(stream, i, &state, &at) << 12, ACCESS_LOAD, 8);
}

/* ---- Limits ---- */

static void test_limit_changes_no_point(void **unused)
{
    (void)unused;
    static const uint64_t limits[] = {1, 2, 100, 3000, 100000};
    for (unsigned stream = 2; stream < 6; stream++) {
        make_stream(stream);
        struct curve *whole = curve_of(&exact_4k, BLOCK_ACCESSES);
        for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
            struct curve_spec spec = exact_4k;
            spec.entries = limits[l];
            struct curve *curve = curve_of(&spec, 1000);
            assert_int_equal(curve_most(curve), limits[l]);
            assert_true(curve_pages(curve) <= limits[l]);
            for (uint64_t entries = 1; entries <= limits[l]; entries += 1 + entries / 8)
                assert_int_equal(misses_of(curve, entries), misses_of(whole, entries));
            curve_free(curve);
        }
        struct curve_spec spec = exact_4k;
        spec.sample_rate = 0.1;
        struct curve *sampled = curve_of(&spec, BLOCK_ACCESSES);
        spec.entries = 2000;
        struct curve *limited = curve_of(&spec, BLOCK_ACCESSES);
        for (uint64_t entries = 80; entries <= 2000; entries += 16) {
            const struct curve_point a = curve_at(sampled, entries);
            const struct curve_point b = curve_at(limited, entries);
            assert_true(a.misses == b.misses && a.miss_ratio == b.miss_ratio);
            assert_true(b.miss_ratio_error <= a.miss_ratio_error * 1.1 && b.miss_ratio_error >= a.miss_ratio_error / 2);
        }
        curve_free(sampled);
        curve_free(limited);
        curve_free(whole);
    }
}

/* ---- Samples ---- */

struct errors {
    uint64_t points;
    uint64_t over[6]; /* beyond so many standard errors */
    double made;      /* sums of magnitudes */
    double stated;
};

static void add_errors(const struct curve *sampled, const struct curve *exact, struct errors *errors)
{
    const uint64_t most = curve_most(exact);
    for (uint64_t entries = curve_least(sampled); entries <= most; entries += 1 + entries / 32) {
        const struct curve_point point = curve_at(sampled, entries);
        const double made = fabs(point.miss_ratio - curve_at(exact, entries).miss_ratio);
        assert_true(point.miss_ratio >= 0 && point.miss_ratio <= 1);
        assert_true(point.miss_ratio_error >= 0);
        errors->points++;
        for (unsigned k = 0; k < 6; k++)
            errors->over[k] += made > k * point.miss_ratio_error + 1e-12;
        errors->made += made;
        errors->stated += point.miss_ratio_error;
    }
}

/* Were the errors normal, 32 %, 5 % and 0.3 % of the points lay beyond 1, 2 and 3. Points of one curve err together, so
 * that a few samples are what there is, and a bad one is many points. The stated errors may be too large, within reason:
 * at the fall of a loop they are what it may fall. */
static void test_stated_errors(void **unused)
{
    (void)unused;
    static const double rates[] = {0.5, 0.1, 0.02};
    enum { SEEDS = 12 };
    for (unsigned stream = 0; stream < STREAMS; stream++) {
        make_stream(stream);
        struct curve *exact = curve_of(&exact_4k, BLOCK_ACCESSES);
        for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
            struct errors errors = {0};
            for (uint64_t seed = 1; seed <= SEEDS; seed++) {
                struct curve_spec spec = exact_4k;
                spec.sample_rate = rates[r];
                spec.seed = seed;
                struct curve *sampled = curve_of(&spec, BLOCK_ACCESSES);
                assert_int_equal(curve_lookups(sampled), curve_lookups(exact));
                add_errors(sampled, exact, &errors);
                curve_free(sampled);
            }
            const double n = (double)errors.points;
            assert_true(n > 500);
            assert_true((double)errors.over[2] < 0.12 * n);
            assert_true((double)errors.over[3] < 0.03 * n);
            assert_true((double)errors.over[4] < 0.005 * n);
            assert_true(errors.over[5] == 0);
            assert_true(errors.stated < 10 * errors.made);
        }
        curve_free(exact);
    }
}

static void test_samples(void **unused)
{
    (void)unused;
    make_stream(2);
    struct curve_spec spec = exact_4k;
    spec.sample_rate = 0.05;
    struct curve *a = curve_of(&spec, BLOCK_ACCESSES);
    struct curve *same = curve_of(&spec, 777);
    spec.seed = 2;
    struct curve *other = curve_of(&spec, BLOCK_ACCESSES);
    assert_int_equal(curve_least(a), 160);
    const struct curve_point point = curve_at(a, 1000);
    const struct curve_point again = curve_at(same, 1000);
    assert_memory_equal(&point, &again, sizeof point);
    assert_true(point.misses != curve_at(other, 1000).misses);
    curve_free(a);
    curve_free(same);
    curve_free(other);

    /* Fewer pages than say anything of the error. */
    spec.sample_rate = 0.5;
    trace.count = 0;
    for (uint32_t i = 0; i < 1000; i++)
        add_access(UINT64_C(4096) * (i % 40), ACCESS_LOAD, 8);
    a = curve_of(&spec, BLOCK_ACCESSES);
    assert_int_equal(curve_least(a), 16);
    assert_true(curve_pages(a) > 0 && curve_pages(a) < 40);
    assert_int_equal(curve_most(a), 2 * curve_pages(a));
    assert_true(isnan(curve_at(a, 20).miss_ratio_error));
    curve_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_engine),
        cmocka_unit_test(test_cyclic),
        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_ends_and_crossings),
        cmocka_unit_test(test_limit_changes_no_point),
        cmocka_unit_test(test_stated_errors),
        cmocka_unit_test(test_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
