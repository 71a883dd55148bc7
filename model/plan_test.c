/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine against the oracle on random machines and traces, and the identities that hold for every run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/filter.h"
#include "model/oracle.h"
#include "model/plan.h"
#include "model/random.h"
#include "model/random_machine_testing.h"
#include "model/vector.h"

enum { TRACE_ACCESSES = 6000, MACHINES = 400, SWEEP = 24, SWEEPS = 20, LANE_SWEEPS = 200 };

struct trace {
    size_t count;
    uint64_t va[TRACE_ACCESSES];
    uint16_t meta[TRACE_ACCESSES];
};

static struct trace trace;

/* Feeds the trace in blocks of at most `most` accesses, drawn from `state` where it is not NULL. False with err. */
static bool feed(struct plan *plan, const struct trace *t, uint32_t most, uint64_t *state, struct err *err)
{
    static struct block block;
    for (size_t i = 0; i < t->count; i += block.count) {
        const uint32_t size = state == NULL ? most : 1 + random_below(state, most);
        block.count = t->count - i < size ? (uint32_t)(t->count - i) : size;
        block.first_record = i + 1;
        block.mark_count = 1;
        block.mark[0] = (struct block_mark){0, i + 1};
        memcpy(block.va, t->va + i, block.count * sizeof *block.va);
        memcpy(block.meta, t->meta + i, block.count * sizeof *block.meta);
        block_summarise(&block);
        if (!plan_block(plan, &block, err))
            return false;
    }
    return true;
}

static struct plan *plan_of(const struct configuration *configurations, size_t count)
{
    struct err err;
    struct plan *plan = plan_create(configurations, count, &err);
    assert_non_null(plan);
    return plan;
}

static struct counters run(const struct configuration *configuration, const struct trace *t)
{
    struct err err;
    struct counters counters;
    struct plan *plan = plan_of(configuration, 1);
    if (!feed(plan, t, BLOCK_ACCESSES, NULL, &err))
        fail_msg("%s", err.text);
    plan_counters(plan, 0, &counters);
    plan_free(plan);
    return counters;
}

static struct configuration configuration_of(const char *text, const char *key, const char *value)
{
    struct err err;
    struct configuration configuration = {.only = KINDS_ALL, .seed = 1};
    struct machine_text *settings = machine_text_parse("test.ini", text, &err);
    if (settings == NULL)
        fail_msg("%s\n%s", err.text, text);
    if (key != NULL && !machine_text_set(settings, key, value, "test", &err))
        fail_msg("%s", err.text);
    if (!machine_resolve(settings, &configuration.machine, &err))
        fail_msg("%s\n%s", err.text, text);
    configuration.machine.source = "";
    machine_text_free(settings);
    return configuration;
}

static void assert_same(const struct counters *engine, const struct counters *oracle, uint64_t draw,
                        const char *machine)
{
    bool same = true;
    for (const struct counter_info *info = counter_infos; info->name != NULL; info++) {
        const uint64_t a = counter_value(engine, info);
        const uint64_t b = counter_value(oracle, info);
        if (a != b) {
            print_error("%s: engine %" PRIu64 ", expected %" PRIu64 "\n", info->name, a, b);
            same = false;
        }
    }
    if (!same)
        fail_msg("draw %" PRIu64 ":\n%s", draw, machine);
}

static void assert_identities(const struct configuration *configuration, const struct counters *c)
{
    const struct machine *m = &configuration->machine;
    bool present[4] = {false, true, false, false};
    if (configuration->ideal == IDEAL_NO_TRANSLATION) {
        assert_int_equal(c->lookups + c->page_crossings + c->pages_touched + c->page_table_bytes, 0);
        return;
    }
    if (configuration->ideal == IDEAL_PERFECT_TLB) {
        assert_int_equal(c->lookups, c->accesses + c->page_crossings);
        assert_int_equal(c->l1i_hits + c->l1d_hits, c->lookups);
        assert_int_equal(c->walks + c->translation_cycles, 0);
        return;
    }
    for (unsigned i = 0; i < m->array_count; i++)
        present[m->array[i].level] = true;
    assert_int_equal(c->lookups, c->accesses + c->page_crossings);
    assert_int_equal(c->l1i_hits + c->l1i_misses + c->l1d_hits + c->l1d_misses, c->lookups);
    uint64_t misses = c->l1i_misses + c->l1d_misses;
    if (present[2]) {
        assert_int_equal(c->l2_hits + c->l2_misses, misses);
        misses = c->l2_misses;
    }
    if (present[3]) {
        assert_int_equal(c->l3_hits + c->l3_misses, misses);
        misses = c->l3_misses;
    }
    assert_int_equal(c->walks + c->prefetch_hits, misses);
    assert_int_equal(c->prefetch_hits + c->prefetches_useless, c->prefetches);
    const uint64_t levels = m->format->level_count + (m->format->kind == PAGE_TABLE_TSB ? 1U : 0U);
    const uint64_t host_levels = m->host == NULL ? 0 : m->host_leaf_level + 1;
    const uint64_t most = page_table_is_tree(m->format) ? (levels + 1) * (host_levels + 1) - 1 : c->table_longest;
    if (m->host != NULL) {
        assert_int_equal(c->guest_refs + c->host_refs, c->walk_refs);
        assert_true(c->host_walks <= c->host_refs && c->host_refs <= c->host_walks * host_levels);
        assert_int_equal(m->nested_tlb.entries == 0 ? c->host_walks : c->nested_tlb_hits + c->nested_tlb_misses,
                         c->guest_refs + c->walks);
    }
    assert_true(c->walks <= c->walk_refs && c->walk_refs <= most * c->walks);
    assert_true(c->translation_cycles_min <= c->translation_cycles);
    if (m->core_width != 0) {
        assert_true(c->translation_cycles_min <= c->translation_cycles_estimate);
        assert_true(c->translation_cycles_estimate <= c->translation_cycles);
        assert_true(c->translation_stall_cycles <= c->translation_cycles_estimate);
        assert_int_equal(c->walker_busy_cycles, c->walk_cycles);
    } else {
        assert_int_equal(c->translation_cycles_estimate, 0);
        assert_int_equal(c->walker_busy_cycles, 0);
        assert_int_equal(c->merged_walks, 0);
    }
    if (m->memory_model == MEMORY_CACHES)
        assert_int_equal(c->cache_l1d_hits + c->cache_l2_hits + c->cache_l3_hits + c->cache_dram, c->walk_refs);
    assert_true(c->pages_touched <= c->walks);
}

static void draw(uint64_t *state, char *text, struct configuration *configuration, size_t count)
{
    random_machine_text(state, text, RANDOM_MACHINE_TEXT_BYTES);
    *configuration = configuration_of(text, NULL, NULL);
    configuration->only = random_below(state, 5) == 0 ? (enum kinds)(1 + random_below(state, 2)) : KINDS_ALL;
    configuration->seed = random_next(state);
    configuration->walk_paths = random_below(state, 3) == 0;
    if (random_below(state, 8) == 0)
        configuration->ideal = random_below(state, 2) == 0 ? IDEAL_PERFECT_TLB : IDEAL_NO_TRANSLATION;
    trace.count = count;
    random_trace(state, configuration->machine.format, configuration->machine.page_size_bytes, trace.va, trace.meta,
                 count);
}

/* How LRU sets are held: `trees_from` ways on, they are trees. UINT32_MAX: where those are faster, which no random machine
 * reaches. On CPUs without vectors, rounds with them and without take the plain loops. */
static void hold_sets(bool vectors, uint32_t trees_from)
{
    vector_allow(vectors);
    filter_trees_from(trees_from);
}

static void hold_sets_as_ever(void)
{
    hold_sets(true, UINT32_MAX);
}

/* Pages of 256T leave the physical addresses that reads through caches have room for; some tables are too small. */
static void assert_out_of_range(const struct err *err)
{
    if (strstr(err->text, "2^52 bytes of physical memory") == NULL &&
        strstr(err->text, "more guest-physical memory") == NULL && strstr(err->text, "has no frame left") == NULL &&
        strstr(err->text, "are in use; raise") == NULL &&
        strstr(err->text, "entries of the page table, more than") == NULL)
        fail_msg("%s", err->text);
}

static void equals_oracle(bool vectors, uint32_t trees_from)
{
    uint64_t out_of_range = 0;
    hold_sets(vectors, trees_from);
    for (uint64_t i = 0; i < MACHINES; i++) {
        uint64_t state = i;
        char text[RANDOM_MACHINE_TEXT_BYTES];
        struct configuration configuration;
        draw(&state, text, &configuration, 1 + random_below(&state, TRACE_ACCESSES));
        struct plan *plan = plan_of(&configuration, 1);
        struct err err;
        if (!feed(plan, &trace, 1 + random_below(&state, BLOCK_ACCESSES), &state, &err)) {
            assert_out_of_range(&err);
            out_of_range++;
        } else {
            struct counters engine;
            struct counters oracle;
            plan_counters(plan, 0, &engine);
            oracle_run(&configuration, trace.va, trace.meta, trace.count, &oracle);
            assert_same(&engine, &oracle, i, text);
            assert_identities(&configuration, &engine);
        }
        plan_free(plan);
    }
    hold_sets_as_ever();
    assert_true(out_of_range < MACHINES / 20);
}

static void test_equals_oracle(void **unused)
{
    (void)unused;
    equals_oracle(true, UINT32_MAX);
}

static void test_plain_loops_equal_oracle(void **unused)
{
    (void)unused;
    equals_oracle(false, UINT32_MAX);
}

static void test_trees_equal_oracle(void **unused)
{
    (void)unused;
    equals_oracle(true, 1);
}

/* One plan of many configurations, sharing what they can, counts what each alone counts. */
static void test_sweep_equals_runs(void **unused)
{
    (void)unused;
    static const char *const sizes[] = {"4K", "16K", "2M", "1G"};
    static const char *const ways[] = {"1", "2", "4", "8", "16", "full"};
    static const char *const policies[] = {"lru", "fifo", "plru", "random", "lfu", "srrip", "nru"};
    static const char *const page_policies[] = {"uniform", "uniform", "uniform", "uniform",
                                                "thp",     "reserve", "ranges",  "khugepaged"};
    static const char machine[] =
        "[tlb.l1i.x]\nentries=16\nways=4\n[tlb.l1d.x]\nentries=16\nways=2\n[tlb.l2.x]\nentries=64\nways=4\n"
        "[walk_cache.pde]\nentries=4\nways=2\n[memory]\nmodel=caches\n[cache.l1d]\nsize=4K\nways=4\nhit_cycles=4\n";
    for (uint64_t s = 0; s < SWEEPS; s++) {
        uint64_t state = s;
        struct configuration sweep[SWEEP];
        struct err err;
        for (size_t i = 0; i < SWEEP; i++) {
            struct machine_text *text = machine_text_parse("test.ini", machine, &err);
            assert_non_null(text);
            const size_t size = random_below(&state, 4);
            assert_true(machine_text_set(text, "os.page_size", sizes[size], "test", &err));
            if (size < 3) /* there is a larger page */
                assert_true(machine_text_set(text, "os.policy", page_policies[random_below(&state, 8)], "test", &err));
            assert_true(machine_text_set(text, "os.reserve_threshold", "1", "test", &err));
            assert_true(machine_text_set(text, random_below(&state, 2) != 0 ? "tlb.l1d.x.ways" : "tlb.l2.x.ways",
                                         ways[random_below(&state, 6)], "test", &err));
            assert_true(machine_text_set(text, "tlb.l2.x.policy", policies[random_below(&state, 7)], "test", &err));
            assert_true(
                machine_text_set(text, "tlb.l2.x.fill", random_below(&state, 4) == 0 ? "victim" : "all", "test", &err));
            assert_true(machine_text_set(text, "walk_cache.pde.entries", random_below(&state, 2) != 0 ? "4" : "0",
                                         "test", &err));
            sweep[i] = (struct configuration){.only = random_below(&state, 4) == 0 ? KINDS_DATA : KINDS_ALL,
                                              .seed = 7,
                                              .walk_paths = random_below(&state, 2) == 0,
                                              .ideal = random_below(&state, 8) == 0 ? IDEAL_PERFECT_TLB : IDEAL_NONE};
            if (!machine_resolve(text, &sweep[i].machine, &err))
                fail_msg("%s", err.text);
            sweep[i].machine.source = "";
            machine_text_free(text);
        }
        trace.count = TRACE_ACCESSES;
        random_trace(&state, sweep[0].machine.format, 4096, trace.va, trace.meta, trace.count);
        struct plan *plan = plan_of(sweep, SWEEP);
        assert_true(feed(plan, &trace, BLOCK_ACCESSES, &state, &err));
        for (size_t i = 0; i < SWEEP; i++) {
            struct counters together;
            plan_counters(plan, i, &together);
            const struct counters alone = run(&sweep[i], &trace);
            assert_same(&together, &alone, s, machine);
        }
        plan_free(plan);
    }
}

static void set(struct machine_text *text, const char *name, const char *key, const char *value)
{
    struct err err;
    char full[MACHINE_NAME_BYTES + 32];
    snprintf(full, sizeof full, "tlb.%s.%s", name, key);
    if (!machine_text_set(text, full, value, "test", &err))
        fail_msg("%s", err.text);
}

/* The arrays of a machine that are made LRU, and their geometry. */
struct shape {
    bool is_lru[MACHINE_ARRAYS_MAX];
    uint32_t sets[MACHINE_ARRAYS_MAX];
    uint32_t ways[MACHINE_ARRAYS_MAX];
};

static struct configuration shaped(const char *machine, const struct configuration *base, const struct shape *shape)
{
    struct err err;
    struct configuration configuration = *base;
    struct machine_text *text = machine_text_parse("test.ini", machine, &err);
    assert_non_null(text);
    for (unsigned a = 0; a < base->machine.array_count; a++) {
        const struct tlb_array *array = &base->machine.array[a];
        char value[16];
        if (!shape->is_lru[a])
            continue;
        set(text, array->name, "policy", "lru");
        if (array->level > 1)
            set(text, array->name, "fill", "all");
        set(text, array->name, "index", "modulo");
        snprintf(value, sizeof value, "%" PRIu32, shape->sets[a]);
        set(text, array->name, "sets", value);
        snprintf(value, sizeof value, "%" PRIu32, shape->ways[a]);
        set(text, array->name, "ways", value);
    }
    if (!machine_resolve(text, &configuration.machine, &err))
        fail_msg("%s", err.text);
    configuration.machine.source = "";
    machine_text_free(text);
    return configuration;
}

/* The ways of one array vary, so that configurations run as lanes; of another, too, at times. What else there is in the
 * machine, and what its walks go through, is drawn. */
static void lanes_equal_oracle(bool vectors, uint32_t trees_from)
{
    hold_sets(vectors, trees_from);
    for (uint64_t draws = 0; draws < LANE_SWEEPS; draws++) {
        uint64_t state = draws + 1000;
        char text[RANDOM_MACHINE_TEXT_BYTES];
        struct configuration base;
        struct shape shape;
        draw(&state, text, &base, TRACE_ACCESSES / 2);
        const unsigned arrays = base.machine.array_count;
        for (unsigned a = 0; a < arrays; a++) {
            shape.is_lru[a] = base.machine.array[a].geometry.entries != 0 && random_below(&state, 8) != 0;
            shape.sets[a] = 1 + (uint32_t)random_below(&state, 8);
            shape.ways[a] = 1 + (uint32_t)random_below(&state, 8);
        }
        const unsigned varied = random_below(&state, 2) == 0 ? arrays - 1 : (unsigned)random_below(&state, arrays);
        struct configuration sweep[SWEEP];
        for (size_t i = 0; i < SWEEP; i++) {
            if (i % 8 == 7)
                shape.ways[random_below(&state, arrays)] = 1 + (uint32_t)random_below(&state, 40);
            shape.ways[varied] = 1 + (uint32_t)random_below(&state, 16);
            sweep[i] = shaped(text, &base, &shape);
        }
        struct plan *plan = plan_of(sweep, SWEEP);
        struct err err;
        const uint32_t block = 1 + (uint32_t)random_below(&state, BLOCK_ACCESSES);
        const bool good = feed(plan, &trace, block, &state, &err);
        if (!good)
            assert_out_of_range(&err);
        for (size_t i = 0; good && i < SWEEP; i++) {
            struct counters engine;
            struct counters oracle;
            plan_counters(plan, i, &engine);
            oracle_run(&sweep[i], trace.va, trace.meta, trace.count, &oracle);
            assert_same(&engine, &oracle, draws, text);
        }
        plan_free(plan);
    }
    hold_sets_as_ever();
}

static void test_lanes_equal_oracle(void **unused)
{
    (void)unused;
    lanes_equal_oracle(true, UINT32_MAX);
}

static void test_plain_lanes_equal_oracle(void **unused)
{
    (void)unused;
    lanes_equal_oracle(false, UINT32_MAX);
}

/* Trees alone, and stacks that are trees beside banks that are not. */
static void test_tree_lanes_equal_oracle(void **unused)
{
    (void)unused;
    lanes_equal_oracle(true, 1);
    lanes_equal_oracle(true, 9);
    lanes_equal_oracle(false, 9);
}

/* What ways are searched, are a vector and are a tree, and around what numbers that changes: all sizes as one stack, as
 * stacks without the largest ones, and alone, over pages that take narrow tags and wide ones. */
static void sizes_equal_oracle(bool vectors, uint64_t base)
{
    enum { SIZES = 16, PAGES = 500 };
    static const uint32_t sizes[SIZES] = {1, 16, 47, 48, 49, 128, 129, 223, 224, 225, 240, 255, 256, 257, 300, 499};
    struct configuration sweep[SIZES];
    struct counters expected[SIZES];
    uint64_t state = 11;
    trace.count = TRACE_ACCESSES;
    for (size_t i = 0; i < trace.count; i++) {
        const uint32_t page = random_below(&state, random_below(&state, 2) == 0 ? PAGES : PAGES / 8);
        trace.va[i] = (base + page) << 12;
        trace.meta[i] = access_meta(ACCESS_LOAD, 1);
    }
    hold_sets(vectors, UINT32_MAX);
    for (size_t i = 0; i < SIZES; i++) {
        char text[128];
        snprintf(text, sizeof text, "[tlb.l1.x]\nentries=%" PRIu32 "\nways=full\n", sizes[i]);
        sweep[i] = configuration_of(text, NULL, NULL);
        oracle_run(&sweep[i], trace.va, trace.meta, trace.count, &expected[i]);
        const struct counters alone = run(&sweep[i], &trace);
        assert_same(&alone, &expected[i], sizes[i], "alone");
    }
    for (size_t count = 2; count <= SIZES; count++) {
        struct err err;
        struct plan *plan = plan_of(sweep, count);
        assert_true(feed(plan, &trace, BLOCK_ACCESSES, NULL, &err));
        for (size_t i = 0; i < count; i++) {
            struct counters counters;
            plan_counters(plan, i, &counters);
            assert_same(&counters, &expected[i], sizes[i], "in a stack");
        }
        plan_free(plan);
    }
    hold_sets_as_ever();
}

static void test_sizes_equal_oracle(void **unused)
{
    (void)unused;
    for (unsigned vectors = 0; vectors < 2; vectors++) {
        sizes_equal_oracle(vectors != 0, 0);
        sizes_equal_oracle(vectors != 0, UINT64_C(0x7fffff000));
    }
}

/* Blocks whose walks all miss a walk cache, and then one whose walks all hit it: who reads what is told for that one
 * anew, also where two lanes of it are picked apart. */
static void test_all_hits_behind_all_misses(void **unused)
{
    (void)unused;
    static const char machine[] = "[tlb.l1.x]\nentries=1\nways=1\n[walk_cache.pde]\nsets=1\nways=%u\n[memory]\n"
                                  "model=caches\n[cache.l1d]\nsize=1K\nways=2\nhit_cycles=4\n";
    struct configuration sweep[2];
    struct err err;
    trace.count = 2000;
    for (size_t i = 0; i < trace.count; i++) {
        const uint64_t page = i < trace.count / 2 ? i << 9 : i % 2; /* in a region of its own, or one of two pages */
        trace.va[i] = page << 12;
        trace.meta[i] = access_meta(ACCESS_LOAD, 8);
    }
    for (unsigned i = 0; i < 2; i++) {
        char text[256];
        snprintf(text, sizeof text, machine, 4U << i);
        sweep[i] = configuration_of(text, NULL, NULL);
    }
    struct plan *plan = plan_of(sweep, 2);
    assert_true(feed(plan, &trace, (uint32_t)trace.count / 4, NULL, &err));
    for (size_t i = 0; i < 2; i++) {
        struct counters together;
        plan_counters(plan, i, &together);
        assert_identities(&sweep[i], &together);
        const struct counters alone = run(&sweep[i], &trace);
        assert_same(&together, &alone, i, machine);
    }
    plan_free(plan);
}

static void test_more_ways_never_miss_more(void **unused)
{
    (void)unused;
    for (uint64_t s = 0; s < 20; s++) {
        uint64_t state = s;
        uint64_t fewer = UINT64_MAX;
        trace.count = TRACE_ACCESSES;
        random_trace(&state, page_table_named("x86-64"), 4096, trace.va, trace.meta, trace.count);
        for (unsigned ways = 1; ways <= 32; ways++) {
            char text[256];
            snprintf(text, sizeof text, "[tlb.l1.x]\nsets=3\nways=%u\n", ways);
            const struct configuration configuration = configuration_of(text, NULL, NULL);
            const struct counters counters = run(&configuration, &trace);
            assert_true(counters.walks <= fewer);
            fewer = counters.walks;
        }
    }
}

static void test_latencies_change_cycles_only(void **unused)
{
    (void)unused;
    static const char *const keys[] = {"tlb.l2.x.hit_cycles", "walker.setup_cycles", "memory.dram_cycles",
                                       "cache.l1d.hit_cycles"};
    static const char machine[] =
        "[tlb.l1.x]\nentries=8\nways=2\n[tlb.l2.x]\nentries=16\nways=4\nhit_cycles=5\n[walker]\nsetup_cycles=5\n"
        "[memory]\nmodel=caches\ndram_cycles=100\n[cache.l1d]\nsize=1K\nways=2\nhit_cycles=4\n";
    uint64_t state = 3;
    trace.count = TRACE_ACCESSES;
    random_trace(&state, page_table_named("x86-64"), 4096, trace.va, trace.meta, trace.count);
    const struct configuration base = configuration_of(machine, NULL, NULL);
    const struct counters low = run(&base, &trace);
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        const struct configuration dear = configuration_of(machine, keys[k], "150");
        struct counters high = run(&dear, &trace);
        assert_true(high.translation_cycles > low.translation_cycles);
        assert_true(high.translation_cycles_min >= low.translation_cycles_min);
        high.walk_cycles = low.walk_cycles;
        high.longest_walk_cycles = low.longest_walk_cycles;
        high.translation_cycles = low.translation_cycles;
        high.translation_cycles_min = low.translation_cycles_min;
        assert_same(&high, &low, k, keys[k]);
    }
}

/* ---- Closed forms ---- */

static void one_access_a_page(uint64_t pages)
{
    trace.count = pages;
    for (uint64_t i = 0; i < pages; i++) {
        trace.va[i] = UINT64_C(0x10000000) + i * 4096;
        trace.meta[i] = access_meta(ACCESS_LOAD, 8);
    }
}

static void test_reads_per_walk(void **unused)
{
    (void)unused;
    one_access_a_page(TRACE_ACCESSES);
    const struct configuration with =
        configuration_of("[tlb.l1.x]\nentries=64\nways=4\n[walk_cache.pde]\nentries=32\nways=4\n", NULL, NULL);
    const struct configuration without = configuration_of("[tlb.l1.x]\nentries=64\nways=4\n", NULL, NULL);
    const struct counters cached = run(&with, &trace);
    const struct counters plain = run(&without, &trace);
    assert_int_equal(cached.walks, TRACE_ACCESSES);
    assert_int_equal(plain.walks, TRACE_ACCESSES);
    assert_int_equal(plain.walk_refs, 4 * TRACE_ACCESSES);
    /* 1 read a walk, and 3 more the first time a region of 512 pages is entered. */
    const uint64_t regions = (TRACE_ACCESSES + 511) / 512;
    assert_int_equal(cached.walk_refs, TRACE_ACCESSES + 3 * regions);
    assert_int_equal(cached.pde_hits, TRACE_ACCESSES - regions);
}

static size_t passes_of(const struct configuration *configurations, size_t count)
{
    struct plan *plan = plan_of(configurations, count);
    char *text;
    size_t size;
    size_t passes = 0;
    FILE *out = open_memstream(&text, &size);
    plan_describe(plan, out);
    fclose(out);
    assert_int_equal(sscanf(text, "plan: %zu passes", &passes), 1);
    free(text);
    plan_free(plan);
    return passes;
}

/* A load of each of 1000 pages, twice: three tables above two page tables. Bounds beside the machine that they are of take
 * nothing of their own. */
static void test_ideals(void **unused)
{
    (void)unused;
    struct configuration all[3];
    one_access_a_page(1000);
    for (size_t i = 0; i < 1000; i++) {
        trace.va[1000 + i] = trace.va[i];
        trace.meta[1000 + i] = trace.meta[i];
    }
    trace.count = 2000;
    for (unsigned i = 0; i < 3; i++) {
        all[2 - i] = configuration_of("[tlb.l1d.x]\nentries=16\nways=4\n", NULL, NULL);
        all[2 - i].ideal = (enum ideal)i;
    }
    struct counters c[3];
    struct err err;
    struct plan *plan = plan_of(all, 3);
    assert_true(feed(plan, &trace, BLOCK_ACCESSES, NULL, &err));
    for (unsigned i = 0; i < 3; i++) {
        plan_counters(plan, i, &c[i]);
        const struct counters alone = run(&all[i], &trace);
        assert_same(&c[i], &alone, i, "a bound");
    }
    plan_free(plan);
    assert_int_equal(c[2].walks, 2000);
    const struct counters perfect = {.accesses = 2000,
                                     .loads = 2000,
                                     .lookups = 2000,
                                     .l1d_hits = 2000,
                                     .pages_touched = 1000,
                                     .pages_small = 1000,
                                     .page_table_bytes = UINT64_C(5) << 12,
                                     .frames_mapped = 1000,
                                     .frames_page_table = 5};
    const struct counters untranslated = {.accesses = 2000, .loads = 2000};
    assert_same(&c[1], &perfect, 1, "perfect-tlb");
    assert_same(&c[0], &untranslated, 2, "no-translation");
    assert_int_equal(passes_of(all, 3), passes_of(&all[2], 1));
}

/* Round and round n pages: n entries miss each once, fewer entries miss always. Alone, and as a stack. */
static void test_cyclic(void **unused)
{
    (void)unused;
    enum { ENTRIES = 4096, ROUNDS = 5 };
    struct configuration both[2] = {
        configuration_of("[tlb.l1.x]\nentries=4096\nways=full\n", NULL, NULL),
        configuration_of("[tlb.l1.x]\nentries=4097\nways=full\n", NULL, NULL),
    };
    for (uint64_t pages = ENTRIES - 1; pages <= ENTRIES + 2; pages++)
        for (size_t count = 1; count <= 2; count++) {
            struct err err;
            struct plan *plan = plan_of(both, count);
            one_access_a_page(pages);
            for (int round = 0; round < ROUNDS; round++)
                assert_true(feed(plan, &trace, BLOCK_ACCESSES, NULL, &err));
            for (size_t i = 0; i < count; i++) {
                struct counters counters;
                plan_counters(plan, i, &counters);
                assert_int_equal(counters.walks, pages <= ENTRIES + i ? pages : ROUNDS * pages);
            }
            plan_free(plan);
        }
}

/* What the first level evicts, a victim array of many ways takes in and gives back: together they are one LRU array. */
static void test_cyclic_victim(void **unused)
{
    (void)unused;
    enum { ENTRIES = 64 + 1024, ROUNDS = 5 };
    const struct configuration configuration = configuration_of(
        "[tlb.l1.x]\nentries=64\nways=full\n[tlb.l2.x]\nentries=1024\nways=full\nfill=victim\nhit_cycles=1\n", NULL,
        NULL);
    for (uint64_t pages = ENTRIES - 1; pages <= ENTRIES + 1; pages++) {
        struct err err;
        struct counters counters;
        struct plan *plan = plan_of(&configuration, 1);
        one_access_a_page(pages);
        for (int round = 0; round < ROUNDS; round++)
            assert_true(feed(plan, &trace, BLOCK_ACCESSES, NULL, &err));
        plan_counters(plan, 0, &counters);
        assert_int_equal(counters.walks, pages <= ENTRIES ? pages : ROUNDS * pages);
        plan_free(plan);
    }
}

/* E entries over N pages, uniform: once warm, a lookup misses with probability 1 - E / N, whatever the policy. */
static void test_uniform_miss_ratio(void **unused)
{
    (void)unused;
    enum { PAGES = 256, ENTRIES = 64, ROUNDS = 40 };
    static const char *const policies[] = {"lru", "fifo", "plru", "nru", "srrip", "random"};
    for (size_t p = 0; p < sizeof policies / sizeof policies[0]; p++) {
        struct err err;
        const struct configuration configuration =
            configuration_of("[tlb.l1.x]\nentries=64\nways=full\n", "tlb.l1.x.policy", policies[p]);
        struct plan *plan = plan_of(&configuration, 1);
        uint64_t state = 5;
        uint64_t warm = 0;
        for (int round = 0; round <= ROUNDS; round++) {
            trace.count = TRACE_ACCESSES;
            for (size_t i = 0; i < trace.count; i++) {
                trace.va[i] = random_below(&state, PAGES) * UINT64_C(4096);
                trace.meta[i] = access_meta(ACCESS_LOAD, 1);
            }
            assert_true(feed(plan, &trace, BLOCK_ACCESSES, NULL, &err));
            struct counters counters;
            plan_counters(plan, 0, &counters);
            if (round == 0)
                warm = counters.walks;
            if (round == ROUNDS) {
                const double lookups = (double)ROUNDS * TRACE_ACCESSES;
                const double miss = 1 - (double)ENTRIES / PAGES;
                const double sigma = sqrt(lookups * miss * (1 - miss));
                assert_true(fabs((double)(counters.walks - warm) - lookups * miss) < 3 * sigma);
            }
        }
        plan_free(plan);
    }
}

/* A run of accesses to one page is one miss; LFU and SRRIP must see every one of them all the same. */
static void test_repeats(void **unused)
{
    (void)unused;
    static const char *const policies[] = {"lru", "fifo", "lfu", "plru", "nru", "srrip", "random"};
    for (size_t p = 0; p < sizeof policies / sizeof policies[0]; p++) {
        const struct configuration configuration =
            configuration_of("[tlb.l1.x]\nentries=2\nways=2\n", "tlb.l1.x.policy", policies[p]);
        static const uint64_t pages[] = {1, 1, 1, 1, 2, 3, 1};
        trace.count = sizeof pages / sizeof pages[0];
        for (size_t i = 0; i < trace.count; i++) {
            trace.va[i] = pages[i] << 12;
            trace.meta[i] = access_meta(ACCESS_LOAD, 4);
        }
        struct counters oracle;
        oracle_run(&configuration, trace.va, trace.meta, trace.count, &oracle);
        const struct counters counters = run(&configuration, &trace);
        assert_same(&counters, &oracle, 0, policies[p]);
        if (strcmp(policies[p], "lfu") == 0 || strcmp(policies[p], "srrip") == 0)
            assert_int_equal(counters.l1d_misses, 3); /* 1 was used often: 3 evicts 2 */
        if (strcmp(policies[p], "lru") == 0 || strcmp(policies[p], "fifo") == 0)
            assert_int_equal(counters.l1d_misses, 4);
    }
}

/* ---- The estimate ---- */

#define WALKS_OF_100 "[tlb.l1.x]\nentries=64\nways=4\n[memory]\nfixed_cycles=25\n"

static struct counters with_core(const char *machine, const char *width, const char *rob, const char *walkers)
{
    char text[512];
    snprintf(text, sizeof text, "%s[core]\nwidth=%s\nrob=%s\n[walker]\ncount=%s\n", machine, width, rob, walkers);
    const struct configuration configuration = configuration_of(text, NULL, NULL);
    struct counters oracle;
    oracle_run(&configuration, trace.va, trace.meta, trace.count, &oracle);
    const struct counters counters = run(&configuration, &trace);
    assert_same(&counters, &oracle, 0, text);
    assert_identities(&configuration, &counters);
    return counters;
}

/* Five walks of 100 cycles at once take 500 on one walker, which each of them waits for, and 100 on five. timing_test
 * has more of these. */
static void test_walkers_are_enforced(void **unused)
{
    (void)unused;
    one_access_a_page(5);
    struct counters c = with_core(WALKS_OF_100, "1", "512", "1");
    assert_int_equal(c.walk_cycles, 500);
    assert_int_equal(c.walker_busy_cycles, 500);
    assert_int_equal(c.walker_queue_cycles, 0 + 99 + 198 + 297 + 396);
    assert_int_equal(c.translation_cycles_estimate, 500);
    c = with_core(WALKS_OF_100, "1", "512", "2");
    assert_int_equal(c.walker_queue_cycles, 98 + 98 + 196);
    assert_int_equal(c.translation_stall_cycles, 296); /* 300, less the four instructions behind the first */
    assert_int_equal(c.translation_cycles_estimate, 296);
    c = with_core(WALKS_OF_100, "1", "512", "5");
    assert_int_equal(c.walker_queue_cycles, 0);
    assert_int_equal(c.translation_cycles_estimate, 100);
    /* A window of one does one thing after the other. */
    c = with_core(WALKS_OF_100, "4", "1", "5");
    assert_int_equal(c.translation_cycles_estimate, 500);
}

/* Ten walks of 100 cycles, 1000 loads of one page between: a window of 64 hides 63 cycles of each walk. Nor do loads that hit
 * the page before its walk is done take longer. */
static void test_window_hides(void **unused)
{
    (void)unused;
    enum { WALKS = 6, APART = 1000 };
    trace.count = WALKS * APART;
    for (uint64_t i = 0; i < trace.count; i++) {
        trace.va[i] = i / APART << 12;
        trace.meta[i] = access_meta(ACCESS_LOAD, 8);
    }
    struct counters c = with_core(WALKS_OF_100, "1", "64", "1");
    assert_int_equal(c.walks, WALKS);
    assert_int_equal(c.translation_stall_cycles, WALKS * (100 - 63));
    assert_int_equal(c.translation_cycles_estimate, WALKS * 100); /* what one walker needs */
    assert_int_equal(c.merged_walks, WALKS * 63);
    c = with_core(WALKS_OF_100, "1", "64", "3");
    assert_int_equal(c.translation_cycles_estimate, WALKS * 37); /* 200 at least, on three walkers */
    c = with_core(WALKS_OF_100, "1", "512", "3");
    assert_int_equal(c.translation_stall_cycles, 0);
    assert_int_equal(c.translation_cycles_estimate, WALKS * 100 / 3);
    assert_int_equal(c.merged_walks, WALKS * 99); /* the second to the hundredth load */
    c = with_core(WALKS_OF_100, "3", "64", "3");
    assert_int_equal(c.translation_stall_cycles, WALKS * (100 - 63 / 3));

    /* The same with fetches between, of one page: two accesses an instruction from then on, and half as many of these. */
    for (uint64_t i = 0; i < trace.count; i += 2) {
        trace.va[i] = UINT64_C(1) << 30;
        trace.meta[i] = access_meta(ACCESS_FETCH, 4);
    }
    c = with_core("[tlb.l1d.x]\nentries=64\nways=4\n[memory]\nfixed_cycles=25\n", "1", "64", "3");
    assert_int_equal(c.instructions, trace.count / 2);
    assert_int_equal(c.translation_stall_cycles, WALKS * (100 - 63));
    assert_int_equal(c.merged_walks, WALKS * 63);
    /* If the fetches are looked up, their one walk is one more, and nothing hides it. */
    c = with_core(WALKS_OF_100, "1", "64", "3");
    assert_int_equal(c.translation_stall_cycles, WALKS * (100 - 63) + 100);
}

/* Hits below level 1 take what they take: three data pages in turn, two of which the first level holds. */
static void test_window_of_one_is_the_upper_bound(void **unused)
{
    (void)unused;
    static const char machine[] = "[tlb.l1.x]\nentries=2\nways=2\n[tlb.l2.x]\nentries=16\nways=4\nhit_cycles=9\n"
                                  "[tlb.l3.x]\nentries=64\nways=4\nhit_cycles=20\n";
    uint64_t state = 1;
    trace.count = TRACE_ACCESSES;
    for (uint64_t i = 0; i < trace.count; i++) {
        trace.va[i] = random_below(&state, 100) * UINT64_C(4096);
        trace.meta[i] = access_meta(ACCESS_LOAD, 1);
    }
    const struct counters c = with_core(machine, "1", "1", "1");
    assert_true(c.l2_hits > 0 && c.l3_hits > 0 && c.walks > 0);
    assert_int_equal(c.translation_stall_cycles, c.translation_cycles);
    assert_int_equal(c.merged_walks, 0);
    assert_true(with_core(machine, "1", "8", "1").translation_stall_cycles < c.translation_cycles);
}

/* All that the estimate depends on makes steps of their own, over streams that are shared. */
static void test_estimates_of_a_sweep_equal_runs(void **unused)
{
    (void)unused;
    static const char *const keys[] = {"core.width",          "core.rob",           "walker.count",
                                       "walker.setup_cycles", "memory.dram_cycles", "cache.l1d.hit_cycles",
                                       "tlb.l2.x.hit_cycles", "memory.model"};
    static const char *const values[][2] = {{"1", "4"},    {"8", "200"}, {"1", "3"},  {"0", "30"},
                                            {"50", "300"}, {"4", "40"},  {"0", "30"}, {"caches", "fixed"}};
    static const char machine[] =
        "[tlb.l1.x]\nentries=8\nways=2\n[tlb.l2.x]\nentries=16\nways=4\n[walk_cache.pde]\nentries=4\nways=2\n"
        "[memory]\nmodel=caches\nfixed_cycles=33\n[cache.l1d]\nsize=1K\nways=2\nhit_cycles=4\n"
        "[core]\nwidth=2\nrob=32\n";
    enum { KEYS = sizeof keys / sizeof *keys };
    struct configuration sweep[2 * KEYS + 4];
    for (size_t i = 0; i < 2 * KEYS; i++)
        sweep[i] = configuration_of(machine, keys[i / 2], values[i / 2][i % 2]);
    /* In lanes above. */
    static const char *const ways[] = {"1", "2", "4", "8"};
    for (size_t i = 0; i < 4; i++)
        sweep[2 * KEYS + i] = configuration_of(machine, "tlb.l2.x.ways", ways[i]);
    uint64_t state = 3;
    trace.count = TRACE_ACCESSES;
    random_trace(&state, page_table_named("x86-64"), 4096, trace.va, trace.meta, trace.count);
    struct err err;
    struct plan *plan = plan_of(sweep, 2 * KEYS + 4);
    assert_true(feed(plan, &trace, 1000, NULL, &err));
    struct counters before = {0};
    for (size_t i = 0; i < 2 * KEYS + 4; i++) {
        struct counters together;
        plan_counters(plan, i, &together);
        const struct counters alone = run(&sweep[i], &trace);
        assert_same(&together, &alone, i, machine);
        assert_identities(&sweep[i], &together);
        if (i < 2 * KEYS && i % 2 != 0)
            assert_int_not_equal(together.translation_stall_cycles, before.translation_stall_cycles);
        before = together;
    }
    plan_free(plan);
    /* With a core, latencies take time, and are worth a thread of their own. */
    unsigned part_of[2];
    assert_int_equal(plan_divide(&sweep[8], 2, 2, part_of, &err), 2);
}

static void test_bad_address(void **unused)
{
    (void)unused;
    struct err err;
    one_access_a_page(10);
    trace.va[6] = UINT64_C(0x8000000000000000);
    trace.va[8] = UINT64_C(0x100000000);
    struct configuration both[2] = {
        configuration_of("[tlb.l1.x]\nentries=2\nways=2\n", NULL, NULL),
        configuration_of("[tlb.l1.x]\nentries=2\nways=2\n[page_table]\nformat=i386\n", NULL, NULL),
    };
    struct plan *plan = plan_of(both, 2);
    assert_false(feed(plan, &trace, 4, NULL, &err));
    assert_non_null(
        strstr(err.text, "line 7, record 7, L of 8 bytes at 0x8000000000000000: page_table.format = x86-64"));
    plan_free(plan);

    trace.va[6] = 0;
    plan = plan_of(both, 2);
    assert_false(feed(plan, &trace, BLOCK_ACCESSES, NULL, &err));
    assert_non_null(strstr(err.text, "record 9, L of 8 bytes at 0x100000000: page_table.format = i386"));
    plan_free(plan);

    /* The last legal byte is legal; an access that reaches beyond it is not. What is dropped is not looked up. */
    trace.count = 1;
    trace.va[0] = UINT64_C(0x7fffffffffff);
    trace.meta[0] = access_meta(ACCESS_LOAD, 1);
    assert_int_equal(run(&both[0], &trace).walks, 1);
    trace.meta[0] = access_meta(ACCESS_LOAD, 2);
    plan = plan_of(both, 1);
    assert_false(feed(plan, &trace, BLOCK_ACCESSES, NULL, &err));
    plan_free(plan);
    both[0].only = KINDS_INSTRUCTIONS;
    assert_int_equal(run(&both[0], &trace).lookups, 0);
}

/* The grid of four axes, the page sizes slowest or, turned, fastest: configuration 5 of one is not 5 of the other. */
enum { DIVIDED = 3 * 3 * 2 * 4 };

static void make_divided(struct configuration *configurations, bool turned)
{
    static const char *const sizes[] = {"4K", "64K", "2M"};
    static const char *const firsts[] = {"1", "2", "4"}; /* ways of 16 entries */
    static const char *const sets[] = {"16", "32"};
    static const char *const ways[] = {"1", "2", "4", "8"};
    static const char machine[] = "[tlb.l1d.x]\nentries=16\nways=4\n[tlb.l2.x]\nsets=16\nways=4\n";
    for (size_t i = 0; i < DIVIDED; i++) {
        const size_t at = turned ? i % 3 * 24 + i / 3 % 3 * 8 + i / 9 % 2 * 4 + i / 18 : i;
        struct err err;
        struct machine_text *text = machine_text_parse("test.ini", machine, &err);
        assert_non_null(text);
        assert_true(machine_text_set(text, "os.page_size", sizes[at / 24], "test", &err));
        set(text, "l1d.x", "ways", firsts[at / 8 % 3]);
        set(text, "l2.x", "sets", sets[at / 4 % 2]);
        set(text, "l2.x", "ways", ways[at % 4]);
        configurations[i] = (struct configuration){.only = KINDS_ALL, .seed = 1};
        assert_true(machine_resolve(text, &configurations[i].machine, &err));
        configurations[i].machine.source = "";
        machine_text_free(text);
    }
}

static unsigned divide(const struct configuration *configurations, size_t count, unsigned parts, unsigned *part_of)
{
    struct err err;
    for (size_t i = 0; i < count; i++)
        part_of[i] = UINT_MAX;
    const unsigned used = plan_divide(configurations, count, parts, part_of, &err);
    assert_in_range(used, 1, parts);
    size_t held[64] = {0};
    for (size_t i = 0; i < count; i++) {
        assert_true(part_of[i] < used);
        held[part_of[i]]++;
    }
    for (unsigned part = 0; part < used; part++)
        assert_int_not_equal(held[part], 0);
    return used;
}

static bool same_first_level(const struct configuration *a, const struct configuration *b)
{
    return a->machine.page_size_bytes == b->machine.page_size_bytes &&
           a->machine.array[0].geometry.ways == b->machine.array[0].geometry.ways;
}

static bool same_set_order(const struct configuration *a, const struct configuration *b)
{
    return same_first_level(a, b) && a->machine.array[1].geometry.sets == b->machine.array[1].geometry.sets;
}

static void assert_together(const struct configuration *configurations, const unsigned *part_of,
                            bool (*together)(const struct configuration *, const struct configuration *))
{
    for (size_t i = 0; i < DIVIDED; i++)
        for (size_t j = 0; j < i; j++)
            if (together(&configurations[i], &configurations[j]))
                assert_int_equal(part_of[i], part_of[j]);
}

/* What shares most stays together, in whichever order the axes are; and no part has all the small pages. */
static void test_divide(void **unused)
{
    (void)unused;
    static struct configuration configurations[DIVIDED];
    unsigned part_of[DIVIDED];
    unsigned again[DIVIDED];
    for (int turned = 0; turned < 2; turned++) {
        make_divided(configurations, turned != 0);
        assert_int_equal(divide(configurations, DIVIDED, 1, part_of), 1);
        for (unsigned parts = 2; parts <= 5; parts++) {
            assert_int_equal(divide(configurations, DIVIDED, parts, part_of), parts);
            assert_together(configurations, part_of, same_first_level);
            unsigned small_pages[5] = {0};
            for (size_t i = 0; i < DIVIDED; i++)
                small_pages[part_of[i]] += configurations[i].machine.page_size_bytes == 4096;
            for (unsigned part = 0; part < parts && parts <= 3; part++)
                assert_in_range(small_pages[part], 8, 16);
            divide(configurations, DIVIDED, parts, again);
            assert_memory_equal(part_of, again, sizeof part_of);
        }
        /* More than the 9 first levels; more than the 18 set orders. */
        assert_int_equal(divide(configurations, DIVIDED, 12, part_of), 12);
        assert_together(configurations, part_of, same_set_order);
        assert_int_equal(divide(configurations, DIVIDED, 40, part_of), 40);
    }
}

/* Nothing is to be had from parting what differs in latencies alone. */
static void test_divide_latencies(void **unused)
{
    (void)unused;
    static const char machine[] = "[tlb.l1d.x]\nentries=16\nways=4\n[memory]\nmodel=fixed\n";
    static const char *const cycles[] = {"10", "20", "30", "40"};
    struct configuration configurations[8];
    unsigned part_of[8];
    for (size_t i = 0; i < 4; i++)
        configurations[i] = configuration_of(machine, "memory.fixed_cycles", cycles[i]);
    assert_int_equal(divide(configurations, 4, 3, part_of), 1);
    for (size_t i = 4; i < 8; i++) {
        configurations[i] = configurations[i - 4];
        configurations[i].only = KINDS_INSTRUCTIONS; /* of which the machine has none */
    }
    assert_int_equal(divide(configurations, 8, 3, part_of), 2);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(part_of[i], part_of[i / 4 * 4]);
}

/* An outline says what the plan of the same configurations takes, and takes little itself. */
/* They take nothing, and must not keep a thread from the machine that they are bounds of. */
static void test_divide_ideals(void **unused)
{
    (void)unused;
    struct configuration all[6];
    unsigned part_of[6];
    for (unsigned i = 0; i < 6; i++) {
        all[i] = configuration_of("[tlb.l1d.x]\nentries=16\nways=4\n", "os.page_size", i < 3 ? "4K" : "2M");
        all[i].ideal = (enum ideal)(i % 3);
    }
    assert_int_equal(divide(all, 3, 2, part_of), 1);
    assert_int_equal(divide(all, 6, 2, part_of), 2);
    for (unsigned i = 0; i < 6; i++)
        assert_int_equal(part_of[i], part_of[i / 3 * 3]);
    assert_int_not_equal(part_of[0], part_of[3]);
}

static void test_outline(void **unused)
{
    (void)unused;
    static const char machine[] = "[tlb.l1d.x]\nentries=16777216\nways=full\n[memory]\nmodel=caches\n"
                                  "[cache.l1d]\nsize=32M\nways=16\nhit_cycles=4\n";
    static const char *const ways[] = {"4", "8", "16", "full"};
    struct configuration configurations[4];
    struct err err;
    for (size_t i = 0; i < 4; i++)
        configurations[i] = configuration_of(machine, "tlb.l1d.x.ways", ways[i]);
    struct plan *outline = plan_outline(configurations, 4, &err);
    assert_non_null(outline);
    const uint64_t bytes = plan_bytes(outline);
    plan_free(outline);
    /* Three arrays, whole; the pages that a tree is expected to hold; four caches. */
    assert_in_range(bytes, 3 * (UINT64_C(64) << 20) + 4 * (UINT64_C(2) << 20), UINT64_C(768) << 20);
    configurations[0] = configuration_of(machine, "tlb.l1d.x.entries", "16");
    outline = plan_outline(configurations, 1, &err);
    assert_non_null(outline);
    struct plan *plan = plan_of(configurations, 1);
    assert_int_equal(plan_bytes(outline), plan_bytes(plan));
    plan_free(outline);
    plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_oracle),
        cmocka_unit_test(test_plain_loops_equal_oracle),
        cmocka_unit_test(test_trees_equal_oracle),
        cmocka_unit_test(test_sweep_equals_runs),
        cmocka_unit_test(test_lanes_equal_oracle),
        cmocka_unit_test(test_plain_lanes_equal_oracle),
        cmocka_unit_test(test_tree_lanes_equal_oracle),
        cmocka_unit_test(test_sizes_equal_oracle),
        cmocka_unit_test(test_all_hits_behind_all_misses),
        cmocka_unit_test(test_more_ways_never_miss_more),
        cmocka_unit_test(test_latencies_change_cycles_only),
        cmocka_unit_test(test_reads_per_walk),
        cmocka_unit_test(test_ideals),
        cmocka_unit_test(test_cyclic),
        cmocka_unit_test(test_cyclic_victim),
        cmocka_unit_test(test_uniform_miss_ratio),
        cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_walkers_are_enforced),
        cmocka_unit_test(test_window_hides),
        cmocka_unit_test(test_window_of_one_is_the_upper_bound),
        cmocka_unit_test(test_estimates_of_a_sweep_equal_runs),
        cmocka_unit_test(test_bad_address),
        cmocka_unit_test(test_divide),
        cmocka_unit_test(test_divide_latencies),
        cmocka_unit_test(test_divide_ideals),
        cmocka_unit_test(test_outline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
