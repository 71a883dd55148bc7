/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Processes that take turns, on one CPU and on several: the engine against the oracle on random machines, turns and changes of mappings, and what
 * follows by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/asid.h"
#include "model/oracle.h"
#include "model/plan.h"
#include "model/random.h"
#include "model/random_machine_testing.h"
#include "model/vector.h"

enum { ACCESSES = 6000, BLOCKS = 400, PROCESSES = 6, DRAWS = 600, SWEEPS = 30, SWEEP = 8 };

static struct {
    uint64_t va[ACCESSES];
    uint16_t meta[ACCESSES];
    struct block block[BLOCKS];
    size_t blocks;
} trace;

/* ---- Machines ---- */

/* A setting of `text`, "[section]\nkey = value ...", after the other, as if from the command line. */
static void overlay(struct machine_text *settings, char *text)
{
    struct err err;
    char section[32] = "";
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char key[64];
        char value[32];
        if (sscanf(line, "[%31[a-z_.0-9]]", section) == 1)
            continue;
        snprintf(key, sizeof key, "%s.", section);
        assert_int_equal(sscanf(line, "%30s = %31s", key + strlen(key), value), 2);
        if (!machine_text_set(settings, key, value, "test", &err))
            fail_msg("%s", err.text);
    }
}

static struct configuration configuration_of(const char *machine, char *settings)
{
    struct err err;
    struct configuration configuration = {.only = KINDS_ALL, .seed = 1};
    struct machine_text *text = machine_text_parse("test.ini", machine, &err);
    if (text == NULL)
        fail_msg("%s\n%s", err.text, machine);
    overlay(text, settings);
    if (!machine_resolve(text, &configuration.machine, &err))
        fail_msg("%s\n%s", err.text, machine);
    configuration.machine.source = "";
    machine_text_free(text);
    return configuration;
}

/* ---- Traces ---- */

static struct block *next_block_on(uint32_t process, uint32_t thread)
{
    assert_true(trace.blocks < BLOCKS);
    struct block *block = &trace.block[trace.blocks++];
    block_begin(block, 1);
    block->process = process;
    block->thread = thread;
    block->mark_count = 1;
    block->mark[0] = (struct block_mark){0, 0};
    return block;
}

static struct block *next_block(uint32_t process)
{
    return next_block_on(process, 0);
}

/* Pages that some access is near to, or all there are. */
static struct block_change random_change(uint64_t *state, size_t accesses)
{
    const uint64_t va = trace.va[random_below(state, (uint32_t)accesses)];
    const uint64_t before = random_below(state, 3) * (uint64_t)4096;
    struct block_change change = {
        .process = random_below(state, PROCESSES),
        .first_va = va < before ? 0 : va - before,
        .last_va = va + random_below(state, 1U << random_below(state, 20)),
    };
    if (change.last_va < change.first_va)
        change.last_va = UINT64_MAX;
    return change;
}

static void random_blocks(uint64_t *state, const struct machine *machine)
{
    const size_t accesses = 1 + random_below(state, ACCESSES);
    random_trace(state, machine->format, machine->page_size_bytes, trace.va, trace.meta, accesses);
    trace.blocks = 0;
    const uint32_t processes = machine_of_one_process(machine) != NULL ? 1 : 1 + random_below(state, PROCESSES);
    const uint32_t threads = 1 + random_below(state, 4);
    for (size_t i = 0; i < accesses;) {
        /* A process has several threads, and threads wander over CPUs as they are numbered. */
        const uint32_t process = random_below(state, processes);
        struct block *block = next_block_on(process, process + PROCESSES * random_below(state, threads));
        block->first_record = i + 1;
        const size_t size = trace.blocks == BLOCKS ? BLOCK_ACCESSES : random_below(state, 60);
        block->count = (uint32_t)(accesses - i < size ? accesses - i : size);
        memcpy(block->va, trace.va + i, block->count * sizeof *block->va);
        memcpy(block->meta, trace.meta + i, block->count * sizeof *block->meta);
        while (random_below(state, 3) == 0 && block->change_count < BLOCK_CHANGES)
            block->change[block->change_count++] = random_change(state, accesses);
        block_summarise(block);
        i += block->count;
        if (trace.blocks == BLOCKS)
            break;
    }
}

static bool feed(struct plan *plan, struct err *err)
{
    for (size_t i = 0; i < trace.blocks; i++)
        if (!plan_block(plan, &trace.block[i], err))
            return false;
    return true;
}

static struct plan *plan_of(const struct configuration *configurations, size_t count)
{
    struct err err;
    struct plan *plan = plan_create(configurations, count, &err);
    assert_non_null(plan);
    return plan;
}

static struct counters run(const struct configuration *configuration)
{
    struct err err;
    struct counters counters;
    struct plan *plan = plan_of(configuration, 1);
    if (!feed(plan, &err))
        fail_msg("%s", err.text);
    plan_counters(plan, 0, &counters);
    plan_free(plan);
    return counters;
}

static void assert_same(const struct counters *engine, const struct counters *expected, const char *where)
{
    bool same = true;
    for (const struct counter_info *info = counter_infos; info->name != NULL; info++) {
        if (counter_value(engine, info) == counter_value(expected, info))
            continue;
        print_error("%s: %" PRIu64 ", expected %" PRIu64 "\n", info->name, counter_value(engine, info),
                    counter_value(expected, info));
        same = false;
    }
    if (!same)
        fail_msg("%s", where);
}

/* ---- Against the oracle ---- */

static void equals_oracle(bool vectors)
{
    vector_allow(vectors);
    uint64_t seen[6] = {0};
    for (uint64_t draw = 0; draw < DRAWS; draw++) {
        uint64_t state = draw;
        char text[RANDOM_MACHINE_TEXT_BYTES];
        char settings[1024];
        char where[RANDOM_MACHINE_TEXT_BYTES + 2048];
        random_machine_text(&state, text, sizeof text);
        const struct configuration plain = configuration_of(text, strcpy(settings, ""));
        random_process_text(&state, &plain.machine, settings, sizeof settings);
        snprintf(where, sizeof where, "draw %" PRIu64 ":\n%s%s", draw, text, settings);
        struct configuration configuration = configuration_of(text, settings);
        configuration.only = random_below(&state, 5) == 0 ? (enum kinds)(1 + random_below(&state, 2)) : KINDS_ALL;
        configuration.walk_paths = draw % 3 == 0;
        random_blocks(&state, &configuration.machine);
        struct plan *plan = plan_of(&configuration, 1);
        struct err err;
        if (feed(plan, &err)) {
            struct counters engine;
            struct counters oracle;
            plan_counters(plan, 0, &engine);
            oracle_run_blocks(&configuration, trace.block, trace.blocks, &oracle);
            assert_same(&engine, &oracle, where);
            seen[0] += engine.context_switches;
            seen[1] += engine.tlb_flushes;
            seen[2] += engine.asid_recycles;
            seen[3] += engine.shootdowns;
            seen[4] += engine.shootdown_cpus - engine.shootdowns;
            seen[5] += configuration.machine.process.cpus > 1 ? engine.walks : 0;
        } else {
            /* What is full, or lies beyond what caches address, is no machine for this. */
            if (strstr(err.text, "2^52 bytes of physical memory") == NULL && strstr(err.text, "page_table.") == NULL)
                fail_msg("%s\n%s", err.text, where);
        }
        plan_free(plan);
    }
    for (unsigned i = 0; i < 6; i++)
        assert_true(seen[i] > 300);
    vector_allow(true);
}

static void test_equals_oracle(void **unused)
{
    (void)unused;
    equals_oracle(true);
}

static void test_plain_loops_equal_oracle(void **unused)
{
    (void)unused;
    equals_oracle(false);
}

static void test_sweep_equals_runs(void **unused)
{
    (void)unused;
    for (uint64_t sweep = 0; sweep < SWEEPS; sweep++) {
        uint64_t state = 1000 + sweep;
        struct configuration configuration[SWEEP];
        char text[RANDOM_MACHINE_TEXT_BYTES];
        char settings[1024];
        random_machine_text(&state, text, sizeof text);
        configuration[0] = configuration_of(text, strcpy(settings, ""));
        if (page_table_va_bits(configuration[0].machine.format) > 52)
            continue; /* pages that caches cannot address: see above */
        for (size_t i = 1; i < SWEEP; i++) {
            random_process_text(&state, &configuration[0].machine, settings, sizeof settings);
            configuration[i] = configuration_of(text, settings);
        }
        random_blocks(&state, &configuration[0].machine);
        struct err err;
        struct plan *plan = plan_of(configuration, SWEEP);
        if (!feed(plan, &err))
            fail_msg("%s", err.text);
        for (size_t i = 0; i < SWEEP; i++) {
            struct counters shared;
            plan_counters(plan, i, &shared);
            const struct counters alone = run(&configuration[i]);
            assert_same(&shared, &alone, text);
        }
        plan_free(plan);
    }
}

/* ---- By hand ---- */

static const char machine[] = "[tlb.l1.a]\nentries = 16\nways = full\n"
                              "[tlb.l2.a]\nentries = 64\nways = 4\n"
                              "[walk_cache.pde]\nentries = 4\nways = full\n";

enum { PAGES = 8, ROUNDS = 10 };

/* The same pages of processes 0 and 1 in turn. */
static void two_copies(uint32_t processes, uint64_t first_va)
{
    trace.blocks = 0;
    for (uint32_t round = 0; round < ROUNDS; round++)
        for (uint32_t process = 0; process < processes; process++) {
            struct block *block = next_block(process);
            for (block->count = 0; block->count < PAGES; block->count++) {
                block->va[block->count] = first_va + block->count * UINT64_C(4096);
                block->meta[block->count] = access_meta(ACCESS_LOAD, 8);
            }
            block_summarise(block);
        }
}

/* Two threads of one process, by turns: one's CPU and the other's. */
static void two_threads(void)
{
    two_copies(1, 0x10000000);
    for (size_t i = 0; i < trace.blocks; i++)
        trace.block[i].thread = (uint32_t)i % 2;
}

static struct counters counted(const char *settings)
{
    char copy[256];
    const struct configuration configuration = configuration_of(machine, strcpy(copy, settings));
    return run(&configuration);
}

static void test_ids_keep_entries(void **unused)
{
    (void)unused;
    two_copies(2, 0x10000000);
    const struct counters c = counted("");
    assert_int_equal(c.context_switches, 2 * ROUNDS - 1);
    assert_int_equal(c.tlb_flushes, 0);
    assert_int_equal(c.l1d_misses, 2 * PAGES); /* 16 pages in 16 entries */
    assert_int_equal(c.walks, 2 * PAGES);
    assert_int_equal(c.pages_touched, 2 * PAGES);
    assert_int_equal(c.page_table_bytes, 2 * 4 * 4096); /* each its own tables, root included */
    assert_int_equal(c.walk_refs, 2 * (4 + PAGES - 1));
}

static void test_switches_flush(void **unused)
{
    (void)unused;
    two_copies(2, 0x10000000);
    const struct counters c = counted("[asid]\ncount = 0\n[os]\nswitch_cycles = 100");
    assert_int_equal(c.tlb_flushes, 2 * ROUNDS - 1);
    assert_int_equal(c.walks, 2 * ROUNDS * PAGES);
    assert_int_equal(c.walk_refs, 2 * ROUNDS * (4 + PAGES - 1)); /* the walk caches, too */
    assert_int_equal(c.pages_touched, 2 * PAGES);
    assert_int_equal(c.switch_cycles, 100 * (2 * ROUNDS - 1));
    assert_int_equal(c.translation_cycles, c.walk_cycles + c.switch_cycles);
}

static void test_ids_are_recycled(void **unused)
{
    (void)unused;
    two_copies(3, 0x10000000);
    const struct counters one = counted("[asid]\ncount = 2");
    /* The third process takes the first id, the first then the second, and so on: nobody finds anything. */
    assert_int_equal(one.asid_recycles, 3 * ROUNDS - 2);
    assert_int_equal(one.walks, 3 * ROUNDS * PAGES);
    assert_int_equal(one.tlb_flushes, 0);
    const struct counters all = counted("[asid]\ncount = 2\nrecycle = all");
    assert_int_equal(all.asid_recycles, (3 * ROUNDS - 1) / 2);
    assert_int_equal(all.tlb_flushes, all.asid_recycles);
    const struct counters enough = counted("[asid]\ncount = 3");
    assert_int_equal(enough.asid_recycles, 0);
    assert_int_equal(enough.walks, 3 * PAGES);
}

static void test_global_pages_stay(void **unused)
{
    (void)unused;
    two_copies(2, UINT64_C(0xffff888000000000));
    assert_int_equal(counted("[asid]\ncount = 0").walks, 2 * ROUNDS * PAGES);
    const struct counters c = counted("[asid]\ncount = 0\n[os]\nglobal = upper");
    assert_int_equal(c.walks, PAGES);
    assert_int_equal(c.pages_touched, PAGES); /* both processes' */
    assert_int_equal(c.tlb_flushes, 2 * ROUNDS - 1);
}

static void test_shootdowns(void **unused)
{
    (void)unused;
    two_copies(1, 0x10000000);
    trace.block[4].change_count = 1; /* two of the pages */
    trace.block[4].change[0] = (struct block_change){0, 0x10000fff, 0x10001000};
    trace.block[6].change_count = 1; /* pages that nobody has touched */
    trace.block[6].change[0] = (struct block_change){0, 0x20000000, 0x2fffffff};
    assert_int_equal(counted("").walks, PAGES);
    const struct counters c = counted("[os]\nshootdowns = yes\nshootdown_cycles = 50");
    assert_int_equal(c.shootdowns, 1);
    assert_int_equal(c.shootdown_cycles, 50);
    assert_int_equal(c.walks, PAGES + 2);
    assert_int_equal(c.walk_refs, 4 + PAGES - 1 + 4 + 1); /* the walk cache is empty, too */
    const struct counters all = counted("[os]\nshootdowns = yes\nshootdown_pages = 1");
    assert_int_equal(all.walks, 2 * PAGES);
}

static void test_cpus_miss_on_their_own(void **unused)
{
    (void)unused;
    two_threads();
    assert_int_equal(counted("").l1d_misses, PAGES);
    const struct counters own = counted("[os]\ncpus = 2");
    assert_int_equal(own.lookups, ROUNDS * PAGES);
    assert_int_equal(own.l1d_misses, 2 * PAGES);
    assert_int_equal(own.l1d_hits, (ROUNDS - 2) * PAGES);
    assert_int_equal(own.l2_misses, 2 * PAGES);
    assert_int_equal(own.walks, 2 * PAGES);
    assert_int_equal(own.walk_refs, 2 * (4 + PAGES - 1));
    assert_int_equal(own.pages_touched, PAGES); /* of one process */
    assert_int_equal(own.context_switches, 0);
    /* Walks of two CPUs overlap. */
    assert_int_equal(own.translation_cycles_min, own.walk_cycles / 2);
    /* Thread 1 finds in the second level what thread 0 has brought there. */
    const struct counters shared = counted("[os]\ncpus = 2\n[tlb.l2.a]\nshared = yes");
    assert_int_equal(shared.l1d_misses, 2 * PAGES);
    assert_int_equal(shared.l2_hits, PAGES);
    assert_int_equal(shared.walks, PAGES);
    assert_int_equal(shared.translation_cycles_min, shared.walk_cycles); /* all on one CPU */
    assert_int_equal(shared.translation_cycles, shared.walk_cycles + 7 * PAGES);
}

/* Behind a shared second level each CPU has walk caches of its own: thread 1 brings other pages of the same table. */
static void test_walk_caches_are_own(void **unused)
{
    (void)unused;
    two_threads();
    for (size_t i = 1; i < trace.blocks; i += 2)
        for (uint32_t k = 0; k < PAGES; k++)
            trace.block[i].va[k] += PAGES * UINT64_C(4096);
    assert_int_equal(counted("[tlb.l2.a]\nshared = yes").walk_refs, 4 + 2 * PAGES - 1);
    assert_int_equal(counted("[os]\ncpus = 2\n[tlb.l2.a]\nshared = yes").walk_refs, 2 * (4 + PAGES - 1));
}

/* The second CPU reads what the first has read: from memory where each has its cache, from the cache where both share it. */
static void test_caches_are_own_or_shared(void **unused)
{
    (void)unused;
    two_threads();
    static const char cache[] = "[memory]\nmodel = caches\n[cache.l3]\nsize = 64K\nways = 16\nhit_cycles = 40\n";
    char text[256];
    const uint64_t reads = 4 + PAGES - 1;
    snprintf(text, sizeof text, "%s[os]\ncpus = 2", cache);
    const struct counters shared = counted(text);
    assert_int_equal(shared.walk_refs, 2 * reads);
    assert_int_equal(shared.cache_dram, 4); /* the lines: three entries further up, and eight entries of a line */
    assert_int_equal(shared.cache_l3_hits, 2 * reads - 4);
    assert_int_equal(shared.translation_cycles_min, 4 * 200 + (reads - 4) * 40); /* the first CPU's */
    snprintf(text, sizeof text, "%sshared = no\n[os]\ncpus = 2", cache);
    const struct counters own = counted(text);
    assert_int_equal(own.cache_dram, 2 * 4);
    assert_int_equal(own.translation_cycles_min, own.walk_cycles / 2);
}

/* Processes 0 and 1 take turns on CPU 0, process 2 has CPU 1 for itself. */
static void test_a_switch_leaves_other_cpus_alone(void **unused)
{
    (void)unused;
    two_copies(3, 0x10000000);
    for (size_t i = 0; i < trace.blocks; i++)
        trace.block[i].thread = trace.block[i].process == 2;
    const struct counters flush = counted("[os]\ncpus = 2\n[asid]\ncount = 0");
    assert_int_equal(flush.context_switches, 2 * ROUNDS - 1);
    assert_int_equal(flush.tlb_flushes, 2 * ROUNDS - 1);
    assert_int_equal(flush.walks, 2 * ROUNDS * PAGES + PAGES);
    /* Of two ids one is that of process 2, which runs: the others take turns with the other. */
    const struct counters two = counted("[os]\ncpus = 2\n[asid]\ncount = 2");
    assert_int_equal(two.asid_recycles, 2 * ROUNDS - 1); /* with that of process 2, which comes third */
    assert_int_equal(two.walks, 2 * ROUNDS * PAGES + PAGES);
    const struct counters three = counted("[os]\ncpus = 2\n[asid]\ncount = 3");
    assert_int_equal(three.asid_recycles, 0);
    assert_int_equal(three.walks, 3 * PAGES);
}

static void test_shootdowns_reach_cpus(void **unused)
{
    (void)unused;
    two_threads();
    trace.block[4].change_count = 1; /* a page that both have */
    trace.block[4].change[0] = (struct block_change){0, 0x10000000, 0x10000fff};
    const struct counters one = counted("[os]\nshootdowns = yes\nshootdown_cycles = 50");
    assert_int_equal(one.shootdown_cpus, 1);
    const struct counters c = counted("[os]\ncpus = 2\nshootdowns = yes\nshootdown_cycles = 50");
    assert_int_equal(c.shootdowns, 1);
    assert_int_equal(c.shootdown_cpus, 2);
    assert_int_equal(c.shootdown_cycles, 2 * 50);
    assert_int_equal(c.walks, 2 * (PAGES + 1));
    /* It has run on CPUs 0 and 1, of four. */
    assert_int_equal(counted("[os]\ncpus = 4\nshootdowns = yes").shootdown_cpus, 2);
}

/* Sets are chosen by the page number alone, whoever's it is: two processes' pages meet in one set of two ways. */
static void test_ids_do_not_choose_sets(void **unused)
{
    (void)unused;
    two_copies(2, 0x10000000);
    static const char *const indexes[] = {"sets = 3\nways = 2\n", "sets = 4\nways = 2\nindex = xor\n",
                                          "sets = 4\nways = 2\n"};
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++) {
        char text[64];
        char none[1] = "";
        snprintf(text, sizeof text, "[tlb.l1.a]\n%s", indexes[i]);
        const struct configuration configuration = configuration_of(text, none);
        struct counters oracle;
        oracle_run_blocks(&configuration, trace.block, trace.blocks, &oracle);
        const struct counters engine = run(&configuration);
        assert_same(&engine, &oracle, text);
    }
}

/* 5-level paging leaves room for 16 processes beside an address; a number of ids is shared by any number of them. */
static void test_too_many_processes(void **unused)
{
    (void)unused;
    struct err err;
    char la57[] = "[page_table]\nformat = x86-64-la57";
    const struct configuration any = configuration_of(machine, la57);
    two_copies(17, 0x10000000);
    struct plan *plan = plan_of(&any, 1);
    assert_false(feed(plan, &err));
    assert_non_null(strstr(err.text, "more than 16 processes"));
    assert_non_null(strstr(err.text, "asid.count"));
    plan_free(plan);
    char few[] = "[page_table]\nformat = x86-64-la57\n[asid]\ncount = 6";
    const struct configuration six = configuration_of(machine, few);
    assert_int_equal(run(&six).pages_touched, 17 * PAGES);
}

static void test_asids(void **unused)
{
    (void)unused;
    struct arena *arena = arena_create();
    struct asids *asids = asids_create(2, RECYCLE_ONE, arena);
    const uint32_t nobody = ASID_NOBODY;
    uint32_t asid;
    assert_false(asids_find(asids, 7, &asid));
    assert_int_equal(asids_take(asids, 7, &nobody, 1, &asid), ASID_FRESH);
    assert_int_equal(asid, 0);
    assert_int_equal(asids_take(asids, 8, &nobody, 1, &asid), ASID_FRESH);
    assert_int_equal(asids_take(asids, 7, &nobody, 1, &asid), ASID_KEPT);
    assert_int_equal(asids_take(asids, 9, &nobody, 1, &asid), ASID_RECYCLED);
    assert_int_equal(asid, 0);
    assert_false(asids_find(asids, 7, &asid));
    assert_true(asids_find(asids, 8, &asid));
    assert_int_equal(asid, 1);
    asids = asids_create(2, RECYCLE_ALL, arena);
    asids_take(asids, 7, &nobody, 1, &asid);
    asids_take(asids, 8, &nobody, 1, &asid);
    assert_int_equal(asids_take(asids, 9, &nobody, 1, &asid), ASID_ALL_GONE);
    assert_false(asids_find(asids, 8, &asid));
    assert_int_equal(asids_take(asids, 8, &nobody, 1, &asid), ASID_FRESH);
    assert_int_equal(asid, 1);

    /* Ids of processes that run on other CPUs are passed over. */
    const uint32_t running[] = {7, 10};
    asids = asids_create(2, RECYCLE_ONE, arena);
    asids_take(asids, 7, running, 2, &asid);
    asids_take(asids, 8, running, 2, &asid);
    assert_int_equal(asids_take(asids, 10, running, 2, &asid), ASID_RECYCLED);
    assert_int_equal(asid, 1);
    assert_true(asids_find(asids, 7, &asid));
    asids = asids_create(3, RECYCLE_ALL, arena);
    asids_take(asids, 8, running, 2, &asid);
    asids_take(asids, 7, running, 2, &asid);
    asids_take(asids, 9, running, 2, &asid);
    assert_int_equal(asids_take(asids, 10, running, 2, &asid), ASID_ALL_GONE);
    assert_int_equal(asid, 0);
    assert_int_equal(asids_take(asids, 8, running, 2, &asid), ASID_FRESH);
    assert_int_equal(asid, 2); /* 1 is still that of process 7 */
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_oracle),
        cmocka_unit_test(test_plain_loops_equal_oracle),
        cmocka_unit_test(test_sweep_equals_runs),
        cmocka_unit_test(test_ids_keep_entries),
        cmocka_unit_test(test_switches_flush),
        cmocka_unit_test(test_ids_are_recycled),
        cmocka_unit_test(test_global_pages_stay),
        cmocka_unit_test(test_shootdowns),
        cmocka_unit_test(test_cpus_miss_on_their_own),
        cmocka_unit_test(test_walk_caches_are_own),
        cmocka_unit_test(test_caches_are_own_or_shared),
        cmocka_unit_test(test_a_switch_leaves_other_cpus_alone),
        cmocka_unit_test(test_shootdowns_reach_cpus),
        cmocka_unit_test(test_ids_do_not_choose_sets),
        cmocka_unit_test(test_too_many_processes),
        cmocka_unit_test(test_asids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
