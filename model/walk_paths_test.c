/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Walks by their paths against the oracle, which keeps every walk: random machines, traces and mappings, alone and in
 * sweeps that run as lanes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/oracle.h"
#include "model/plan.h"
#include "model/random.h"
#include "model/random_machine_testing.h"
#include "model/vector.h"
#include "model/walk_statistics.h"

enum { TRACE_ACCESSES = 6000, MACHINES = 200, SWEEPS = 60, SWEEP = 20, RANGES = 12, MAPPINGS = 5 };

static struct {
    size_t count;
    uint64_t va[TRACE_ACCESSES];
    uint16_t meta[TRACE_ACCESSES];
} trace;

/* What is mapped before access `from`, and from there on. */
struct mapped {
    size_t from;
    struct mapping_range range[2][RANGES];
    struct mappings mappings[2];
};

static int compare_addresses(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Ranges begin and end at frames of the trace, so that large pages are of several; every third is left out. */
static void draw_mappings(uint64_t *state, struct mapped *mapped)
{
    mapped->from = random_below(state, (uint32_t)trace.count + 1);
    for (unsigned half = 0; half < 2; half++) {
        uint64_t bound[RANGES + 1];
        size_t count = 0;
        for (size_t i = 0; i <= RANGES; i++)
            bound[i] = trace.va[random_below(state, (uint32_t)trace.count)] & ~UINT64_C(4095);
        qsort(bound, RANGES + 1, sizeof *bound, compare_addresses);
        for (size_t i = 0; i < RANGES; i++)
            if (bound[i] < bound[i + 1] && random_below(state, 3) != 0)
                mapped->range[half][count++] =
                    (struct mapping_range){bound[i], bound[i + 1] - 1, (uint32_t)random_below(state, MAPPINGS)};
        mapped->mappings[half] = (struct mappings){mapped->range[half], count};
    }
}

static uint32_t mapping_of(const struct mapped *mapped, const struct oracle_walk *walk)
{
    const struct mappings *mappings = &mapped->mappings[walk->access >= mapped->from];
    for (size_t i = 0; i < mappings->count; i++)
        if (mappings->range[i].first <= walk->va && walk->va <= mappings->range[i].last)
            return mappings->range[i].number;
    return 0;
}

static bool feed_some(struct plan *plan, size_t first, size_t end, uint64_t *state, struct err *err)
{
    static struct block block;
    for (size_t i = first; i < end; i += block.count) {
        const uint32_t size = 1 + random_below(state, BLOCK_ACCESSES);
        block.count = end - i < size ? (uint32_t)(end - i) : size;
        block.first_record = i + 1;
        block.mark_count = 1;
        block.mark[0] = (struct block_mark){0, i + 1};
        memcpy(block.va, trace.va + i, block.count * sizeof *block.va);
        memcpy(block.meta, trace.meta + i, block.count * sizeof *block.meta);
        block_summarise(&block);
        if (!plan_block(plan, &block, err))
            return false;
    }
    return true;
}

static bool feed(struct plan *plan, const struct mapped *mapped, uint64_t *state, struct err *err)
{
    plan_map(plan, &mapped->mappings[0]);
    if (!feed_some(plan, 0, mapped->from, state, err))
        return false;
    plan_map(plan, &mapped->mappings[1]);
    return feed_some(plan, mapped->from, trace.count, state, err);
}

static uint32_t path_of(const struct oracle_walk *walk)
{
    uint32_t path = WALK_PATH_START;
    for (unsigned i = 0; i < walk->reads; i++)
        path = walk_path_add(path, walk->server[i]);
    return path;
}

/* Sorted costs against bins; levels and servers one by one. */
static void assert_statistics(const struct machine *machine, const struct counters *c, const uint64_t *taken,
                              const struct oracle_walk *walks, size_t count)
{
    static struct walk_statistics s;
    walk_statistics_make(&s, machine, taken);
    assert_int_equal(s.walks, count);
    uint64_t in_bins = 0;
    uint64_t cycles = 0;
    for (size_t i = 0; i < s.bin_count; i++) {
        assert_true(i == 0 || s.bin[i - 1].cycles < s.bin[i].cycles);
        in_bins += s.bin[i].walks;
        cycles += s.bin[i].walks * s.bin[i].cycles;
    }
    assert_int_equal(in_bins, c->walks);
    assert_int_equal(cycles, c->walk_cycles);
    assert_int_equal(s.cycles, c->walk_cycles);
    assert_int_equal(s.longest_cycles, c->longest_walk_cycles);

    uint64_t served[PAGE_TABLE_LEVELS_MAX][SETTLE_SERVERS] = {{0}};
    uint64_t by_reads[PAGE_TABLE_LEVELS_MAX + 1] = {0};
    for (size_t i = 0; i < count; i++) {
        by_reads[walks[i].reads]++;
        for (unsigned r = 0; r < walks[i].reads; r++)
            served[walks[i].level[r]][walks[i].server[r]]++;
    }
    assert_memory_equal(s.by_reads, by_reads, sizeof by_reads);
    assert_memory_equal(s.served, served, sizeof served);
    const uint64_t by_server[SETTLE_SERVERS] = {c->cache_l1d_hits, c->cache_l2_hits, c->cache_l3_hits, c->cache_dram};
    uint64_t reads = 0;
    for (unsigned server = 0; server < SETTLE_SERVERS; server++) {
        uint64_t sum = 0;
        for (unsigned level = 0; level < PAGE_TABLE_LEVELS_MAX; level++)
            sum += s.served[level][server];
        if (machine->memory_model == MEMORY_CACHES)
            assert_int_equal(sum, by_server[server]);
        reads += sum;
    }
    assert_int_equal(reads, c->walk_refs);
    assert_int_equal(s.reads, c->walk_refs);

    uint64_t *cost = calloc(count + 1, sizeof *cost);
    assert_non_null(cost);
    for (size_t i = 0; i < count; i++)
        cost[i] = walks[i].cycles;
    qsort(cost, count, sizeof *cost, compare_addresses);
    for (unsigned percent = 1; percent <= 100; percent++)
        assert_int_equal(walk_statistics_percentile(&s, percent),
                         count == 0 ? 0 : cost[(percent * count + 99) / 100 - 1]);
    free(cost);
}

static void assert_walks(const struct plan *plan, size_t index, const struct configuration *configuration,
                         const struct mapped *mapped, const char *machine)
{
    static uint64_t expected[MAPPINGS][WALK_KINDS][WALK_PATHS];
    static uint64_t taken[WALK_PATHS];
    uint64_t all[WALK_PATHS] = {0};
    struct counters engine;
    struct counters oracle;
    struct oracle_walk *walks;
    const size_t count = oracle_run_walks(configuration, trace.va, trace.meta, trace.count, &oracle, &walks);
    memset(expected, 0, sizeof expected);
    for (size_t i = 0; i < count; i++)
        expected[mapping_of(mapped, &walks[i])][walks[i].is_fetch][path_of(&walks[i])]++;
    for (uint32_t mapping = 0; mapping < MAPPINGS; mapping++)
        for (unsigned kind = 0; kind < WALK_KINDS; kind++) {
            memset(taken, 0, sizeof taken);
            plan_walk_paths(plan, index, mapping, kind, taken);
            for (uint32_t path = 0; path < WALK_PATHS; path++) {
                if (taken[path] != expected[mapping][kind][path])
                    fail_msg("configuration %zu, mapping %" PRIu32 ", kind %u, path %" PRIx32 ": %" PRIu64
                             " walks, expected %" PRIu64 "\n%s",
                             index, mapping, kind, path, taken[path], expected[mapping][kind][path], machine);
                all[path] += taken[path];
            }
        }
    plan_counters(plan, index, &engine);
    assert_memory_equal(&engine, &oracle, sizeof engine);
    assert_statistics(&configuration->machine, &engine, all, walks, count);
    free(walks);
}

static bool has_no_paths(const struct machine *machine)
{
    bool pdes = false;
    for (unsigned i = 0; i < machine->array_count; i++)
        pdes |= machine->array[i].pdes;
    return pdes || machine->host != NULL || machine->prefetch.kind != PREFETCH_NONE ||
           machine->page_policy != PAGES_UNIFORM;
}

static struct configuration configuration_of(const char *text)
{
    struct err err;
    struct configuration configuration = {.only = KINDS_ALL, .seed = 1, .walk_paths = true};
    struct machine_text *settings = machine_text_parse("test.ini", text, &err);
    if (settings == NULL || !machine_resolve(settings, &configuration.machine, &err))
        fail_msg("%s\n%s", err.text, text);
    configuration.machine.source = "";
    machine_text_free(settings);
    return configuration;
}

static void draw_trace(uint64_t *state, const struct machine *machine, size_t count)
{
    trace.count = count;
    random_trace(state, machine->format, machine->page_size_bytes, trace.va, trace.meta, count);
}

static struct plan *plan_of(const struct configuration *configurations, size_t count)
{
    struct err err;
    struct plan *plan = plan_create(configurations, count, &err);
    assert_non_null(plan);
    return plan;
}

static void equal_oracle(bool vectors)
{
    unsigned compared = 0;
    vector_allow(vectors);
    for (uint64_t i = 0; i < MACHINES; i++) {
        uint64_t state = i;
        char text[RANDOM_MACHINE_TEXT_BYTES];
        struct mapped mapped;
        struct err err;
        random_machine_text(&state, text, sizeof text);
        const struct configuration configuration = configuration_of(text);
        if (configuration.machine.format->kind != PAGE_TABLE_RADIX || has_no_paths(&configuration.machine))
            continue; /* their walks have no paths */
        draw_trace(&state, &configuration.machine, 1 + random_below(&state, TRACE_ACCESSES));
        draw_mappings(&state, &mapped);
        struct plan *plan = plan_of(&configuration, 1);
        if (feed(plan, &mapped, &state, &err)) {
            assert_walks(plan, 0, &configuration, &mapped, text);
            compared++;
        } else {
            assert_non_null(strstr(err.text, "2^52 bytes of physical memory"));
        }
        plan_free(plan);
    }
    vector_allow(true);
    assert_true(compared > MACHINES / 4);
}

static void test_equals_oracle(void **unused)
{
    (void)unused;
    equal_oracle(true);
}

static void test_plain_loops_equal_oracle(void **unused)
{
    (void)unused;
    equal_oracle(false);
}

/* Ways of the last level vary, or of the first, and what stands behind them is a bank; some have a walk cache or a data
 * cache less, and some other latencies. */
static void lanes_equal_oracle(bool vectors)
{
    vector_allow(vectors);
    for (uint64_t draws = 0; draws < SWEEPS; draws++) {
        uint64_t state = draws + 5000;
        struct configuration sweep[SWEEP];
        struct mapped mapped;
        struct err err;
        const bool fixed = random_below(&state, 3) == 0;
        for (size_t i = 0; i < SWEEP; i++) {
            char text[1024];
            snprintf(text, sizeof text,
                     "[tlb.l1i.x]\nentries=8\nways=full\n[tlb.l1d.x]\nsets=2\nways=%" PRIu32
                     "\n[tlb.l2.x]\nsets=4\nways=%" PRIu32 "\n[walk_cache.pde]\nentries=%u\nways=full\n"
                     "[walk_cache.pdpte]\nentries=2\nways=full\n[memory]\nmodel=%s\nfixed_cycles=%" PRIu32
                     "\n[cache.l1d]\nsize=%s\nways=2\nhit_cycles=%" PRIu32
                     "\n[cache.l3]\nsize=4K\nways=4\nhit_cycles=40\n",
                     1 + (draws % 3 == 0 ? random_below(&state, 6) : 0), 1 + random_below(&state, 12),
                     i % 7 == 3 ? 0 : 4, fixed ? "fixed" : "caches", 1 + random_below(&state, 90),
                     i % 9 == 5 ? "0" : "512", 1 + random_below(&state, 5));
            sweep[i] = configuration_of(text);
        }
        draw_trace(&state, &sweep[0].machine, TRACE_ACCESSES / 2);
        draw_mappings(&state, &mapped);
        struct plan *plan = plan_of(sweep, SWEEP);
        assert_true(feed(plan, &mapped, &state, &err));
        for (size_t i = 0; i < SWEEP; i++)
            assert_walks(plan, i, &sweep[i], &mapped, "a sweep");
        plan_free(plan);
    }
    vector_allow(true);
}

static void test_lanes_equal_oracle(void **unused)
{
    (void)unused;
    lanes_equal_oracle(true);
}

static void test_plain_lanes_equal_oracle(void **unused)
{
    (void)unused;
    lanes_equal_oracle(false);
}

/* ---- By hand ---- */

static const char one_way[] = "[tlb.l1d.x]\nentries=1\nways=1\n[walker]\nsetup_cycles=3\n[walk_cache.pde]\nentries=1\n"
                              "ways=1\n[memory]\nmodel=%s\nfixed_cycles=10\ndram_cycles=100\n"
                              "[cache.l1d]\nsize=64\nways=1\nhit_cycles=5\n";

static struct configuration one_way_of(const char *model)
{
    char text[512];
    snprintf(text, sizeof text, one_way, model);
    return configuration_of(text);
}

static struct plan *run_loads(const struct configuration *configurations, size_t count)
{
    struct err err;
    uint64_t state = 1;
    struct mapped mapped = {.from = 0};
    struct plan *plan = plan_of(configurations, count);
    if (!feed(plan, &mapped, &state, &err))
        fail_msg("%s", err.text);
    return plan;
}

/* Pages 0 to 999, one after the other: a new PDE at 0 and 512, so that two walks read all four levels and 998 one. */
static void test_sequential_pages(void **unused)
{
    (void)unused;
    trace.count = 1000;
    for (size_t i = 0; i < trace.count; i++) {
        trace.va[i] = i << 12;
        trace.meta[i] = access_meta(ACCESS_LOAD, 8);
    }
    const struct configuration fixed = one_way_of("fixed");
    struct plan *plan = run_loads(&fixed, 1);
    uint64_t taken[WALK_PATHS] = {0};
    struct counters c;
    assert_true(plan_walk_paths(plan, 0, 0, WALK_DATA, taken));
    assert_int_equal(taken[1 << 2], 998);
    assert_int_equal(taken[1 << 8], 2);
    assert_false(plan_walk_paths(plan, 0, 1, WALK_DATA, taken));
    plan_counters(plan, 0, &c);
    assert_int_equal(c.walk_p50_cycles, 13);
    assert_int_equal(c.walk_p99_cycles, 13);
    assert_int_equal(c.longest_walk_cycles, 43);
    plan_free(plan);

    /* A line has 8 PTEs, and the cache one line: of 998 short walks 123 begin a line, and 998 - 123 find it. */
    const struct configuration cached = one_way_of("caches");
    plan = run_loads(&cached, 1);
    memset(taken, 0, sizeof taken);
    assert_true(plan_walk_paths(plan, 0, 0, WALK_DATA, taken));
    assert_int_equal(taken[1 << 2 | 0], 998 - 123);
    assert_int_equal(taken[1 << 2 | MACHINE_CACHES], 123);
    assert_int_equal(taken[WALK_PATHS / 8 | 0xff], 2);
    plan_counters(plan, 0, &c);
    assert_int_equal(c.walk_p50_cycles, 8);
    assert_int_equal(c.walk_p95_cycles, 103);
    assert_int_equal(c.longest_walk_cycles, 403);
    plan_free(plan);
}

/* Of 20 walks two are long: the 90th percentile is the 18th of them, the last short one, and the 91st the 19th. */
static void test_nearest_rank(void **unused)
{
    (void)unused;
    const struct configuration fixed = one_way_of("fixed");
    struct walk_statistics s;
    uint64_t taken[WALK_PATHS] = {0};
    taken[1 << 2] = 18;
    taken[1 << 8] = 2;
    walk_statistics_make(&s, &fixed.machine, taken);
    assert_int_equal(walk_statistics_percentile(&s, 1), 13);
    assert_int_equal(walk_statistics_percentile(&s, 90), 13);
    assert_int_equal(walk_statistics_percentile(&s, 91), 43);
    assert_int_equal(walk_statistics_percentile(&s, 100), 43);
    taken[1 << 2] = UINT64_C(1) << 60; /* 100 times as many do not fit in 64 bits */
    taken[1 << 8] = UINT64_C(1) << 60;
    walk_statistics_make(&s, &fixed.machine, taken);
    assert_int_equal(walk_statistics_percentile(&s, 50), 13);
    assert_int_equal(walk_statistics_percentile(&s, 51), 43);
}

/* Latencies alone differ: all is done once. Nobody asks: nothing is counted, and what comes free is there all the same. */
static void test_sharing(void **unused)
{
    (void)unused;
    struct configuration sweep[3];
    struct counters c;
    for (unsigned i = 0; i < 3; i++) {
        sweep[i] = one_way_of("caches");
        sweep[i].machine.dram_cycles = 100 + i;
    }
    struct plan *three = run_loads(sweep, 3);
    struct plan *one = run_loads(sweep, 1);
    char *text[2];
    size_t size[2];
    for (unsigned i = 0; i < 2; i++) {
        FILE *out = open_memstream(&text[i], &size[i]);
        plan_describe(i == 0 ? one : three, out);
        fclose(out);
    }
    assert_memory_equal(text[0], text[1], strlen("plan: NN passes"));
    assert_non_null(strstr(text[0], "walk paths"));
    plan_counters(three, 2, &c);
    assert_int_equal(c.walk_p95_cycles, 105);
    free(text[0]);
    free(text[1]);
    plan_free(one);
    plan_free(three);

    uint64_t taken[WALK_PATHS] = {0};
    sweep[0].walk_paths = false;
    sweep[1] = one_way_of("fixed");
    sweep[1].walk_paths = false;
    struct plan *unasked = run_loads(sweep, 2);
    plan_counters(unasked, 0, &c);
    assert_int_equal(c.walk_p95_cycles, 0);
    assert_false(plan_walk_paths(unasked, 0, 0, WALK_DATA, taken));
    plan_counters(unasked, 1, &c);
    assert_int_equal(c.walk_p95_cycles, 13);
    plan_free(unasked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_oracle),
        cmocka_unit_test(test_plain_loops_equal_oracle),
        cmocka_unit_test(test_lanes_equal_oracle),
        cmocka_unit_test(test_plain_lanes_equal_oracle),
        cmocka_unit_test(test_sequential_pages),
        cmocka_unit_test(test_nearest_rank),
        cmocka_unit_test(test_sharing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
