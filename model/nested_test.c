/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Walks of guests: what follows by hand, asked of the engine and of the oracle; and sweeps of what the host has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "model/oracle.h"
#include "model/plan.h"
#include "model/random.h"
#include "model/random_machine_testing.h"
#include "model/vector.h"

enum { ACCESSES_MAX = 8192, SWEEP = 32 };

/* Every lookup walks, but for a run of one page. */
#define ONE_ENTRY "[tlb.l1.x]\nentries=1\nways=1\n"
#define CACHE "[memory]\nmodel=caches\n[cache.l1d]\nsize=1M\nways=full\nhit_cycles=4\n"

static uint64_t va[ACCESSES_MAX];
static uint16_t meta[ACCESSES_MAX];
static size_t access_count;

static void pages_in_a_row(uint64_t first, uint64_t count, uint64_t page_bytes)
{
    access_count = count;
    for (uint64_t i = 0; i < count; i++) {
        va[i] = (first + i) * page_bytes;
        meta[i] = access_meta(ACCESS_LOAD, 1);
    }
}

static struct configuration configuration_of(const char *text)
{
    struct err err;
    struct configuration configuration = {.only = KINDS_ALL, .seed = 1};
    struct machine_text *settings = machine_text_parse("test.ini", text, &err);
    if (settings == NULL || !machine_resolve(settings, &configuration.machine, &err))
        fail_msg("%s", err.text);
    configuration.machine.source = "";
    machine_text_free(settings);
    return configuration;
}

/* Runs the trace in blocks of `most`; false with err where it cannot be run. */
static bool feed(struct plan *plan, uint32_t most, struct err *err)
{
    static struct block block;
    bool good = true;
    for (size_t i = 0; good && i < access_count; i += block.count) {
        block.count = access_count - i < most ? (uint32_t)(access_count - i) : most;
        block.first_record = i + 1;
        block.mark_count = 1;
        block.mark[0] = (struct block_mark){0, i + 1};
        memcpy(block.va, va + i, block.count * sizeof *block.va);
        memcpy(block.meta, meta + i, block.count * sizeof *block.meta);
        block_summarise(&block);
        good = plan_block(plan, &block, err);
    }
    return good;
}

static struct plan *plan_of(const struct configuration *configurations, size_t count)
{
    struct err err;
    struct plan *plan = plan_create(configurations, count, &err);
    assert_non_null(plan);
    return plan;
}

static struct counters run(const char *machine)
{
    static const uint32_t blocks[] = {BLOCK_ACCESSES, 7, 1};
    const struct configuration configuration = configuration_of(machine);
    struct counters oracle;
    oracle_run(&configuration, va, meta, access_count, &oracle);
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        struct counters engine;
        struct err err;
        struct plan *plan = plan_of(&configuration, 1);
        if (!feed(plan, blocks[i], &err))
            fail_msg("%s", err.text);
        plan_counters(plan, 0, &engine);
        plan_free(plan);
        assert_memory_equal(&engine, &oracle, sizeof engine);
    }
    return oracle;
}

/* Nothing spares a read: (g + 1)(h + 1) - 1 of g guest levels and h of the host's, as Bhargava et al. count them. */
static void test_reads_of_a_walk(void **unused)
{
    (void)unused;
    static const struct {
        const char *machine;
        uint64_t page_bytes;
        uint64_t guest;
        uint64_t host;
    } cases[] = {
        {"[page_table]\nformat=x86-64\nhost=x86-64\n", 4096, 4, 4},           /* 24 */
        {"[page_table]\nformat=x86-64-la57\nhost=x86-64-la57\n", 4096, 5, 5}, /* 35 */
        {"[page_table]\nformat=x86-64-la57\nhost=sv39\n", 4096, 5, 3},
        {"[page_table]\nformat=sv32\nhost=sv48\n", 4096, 2, 4},
        {"[page_table]\nformat=x86-64\nhost=x86-64\nhost_page_size=2M\n", 4096, 4, 3},
        {"[page_table]\nformat=x86-64\nhost=x86-64\nhost_page_size=1G\n", 4096, 4, 2},
        {"[page_table]\nformat=x86-64\nhost=x86-64\nhost_page_size=64K\n", 4096, 4, 4},
        {"[page_table]\nformat=x86-64\nhost=x86-64\n[os]\npage_size=2M\n", 2 << 20, 3, 3},
        {"[page_table]\nformat=armv8-16k\nhost=armv8-64k\nhost_page_size=64K\n", 16384, 4, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char machine[256];
        snprintf(machine, sizeof machine, ONE_ENTRY "%s", cases[i].machine);
        const uint64_t reads = (cases[i].guest + 1) * (cases[i].host + 1) - 1;
        pages_in_a_row(0, 600, cases[i].page_bytes);
        const struct counters c = run(machine);
        assert_int_equal(c.walks, 600);
        assert_int_equal(c.guest_refs, 600 * cases[i].guest);
        assert_int_equal(c.host_walks, 600 * (cases[i].guest + 1));
        assert_int_equal(c.host_refs, 600 * (cases[i].guest + 1) * cases[i].host);
        assert_int_equal(c.walk_refs, 600 * reads);
        assert_int_equal(c.longest_walk_cycles, 10 * reads);
        assert_int_equal(c.walk_cycles, 600 * 10 * reads);
        assert_int_equal(c.nested_tlb_hits + c.nested_tlb_misses + c.walk_p50_cycles, 0);
    }
}

/* 1024 pages, twice: the guest's root, PDPT, PD and two PTs, and the pages. */
static void test_nested_tlb(void **unused)
{
    (void)unused;
    enum { PAGES = 1024, TABLES = 5 };
    pages_in_a_row(0, PAGES, 4096);
    for (unsigned i = 0; i < PAGES; i++) {
        va[PAGES + i] = va[i];
        meta[PAGES + i] = meta[i];
    }
    access_count = 2 * PAGES;
    struct counters c = run(ONE_ENTRY "[page_table]\nhost=x86-64\n[nested_tlb]\nentries=2048\nways=full\n");
    assert_int_equal(c.walks, 2 * PAGES);
    assert_int_equal(c.guest_refs, 2 * PAGES * 4);
    assert_int_equal(c.nested_tlb_misses, PAGES + TABLES);
    assert_int_equal(c.nested_tlb_hits, 2 * PAGES * 5 - (PAGES + TABLES));
    assert_int_equal(c.host_refs, (PAGES + TABLES) * 4);
    /* The first walk is the longest: five translations of four reads. */
    assert_int_equal(c.longest_walk_cycles, 240);

    /* As many pages as it has entries, and one, in turn: of the last level none is ever there. */
    c = run(ONE_ENTRY "[page_table]\nhost=x86-64\n[walk_cache.pde]\nentries=32\nways=full\n"
                      "[nested_tlb]\nentries=1024\nways=full\n");
    assert_int_equal(c.guest_refs, 2 * PAGES + 2 * 3); /* a PDE that is not cached is the third below the root */
    assert_int_equal(c.nested_tlb_misses, 2 * PAGES + TABLES);
    assert_int_equal(c.pde_hits, 2 * PAGES - 2);

    /* One page of the host holds all that the guest has. */
    c = run(ONE_ENTRY "[page_table]\nhost=x86-64\nhost_page_size=1G\n[nested_tlb]\nentries=1\nways=1\n");
    assert_int_equal(c.nested_tlb_misses, 1);
    assert_int_equal(c.host_refs, 2);
    assert_int_equal(c.walk_refs, 2 * PAGES * 4 + 2);
}

static void test_host_walk_caches(void **unused)
{
    (void)unused;
    pages_in_a_row(0, 400, 4096);
    struct counters c = run(ONE_ENTRY "[page_table]\nhost=x86-64\n[host_walk_cache.pde]\nentries=2\nways=full\n");
    /* 404 pages of guest-physical memory are in one region of 2M: its PDE is read once. */
    assert_int_equal(c.host_walks, 400 * 5);
    assert_int_equal(c.host_pde_hits, 400 * 5 - 1);
    assert_int_equal(c.host_refs, 400 * 5 + 3);
    assert_int_equal(c.pde_hits, 0);
    c = run(ONE_ENTRY "[page_table]\nhost=sv48\n[host_walk_cache.l0e]\nentries=2\nways=full\n");
    assert_int_equal(c.host_l0e_hits, 400 * 5 - 1);
    assert_int_equal(c.host_refs, 400 * 5 * 3 + 1);
    /* The guest's spares the translations of what it spares. */
    c = run(ONE_ENTRY "[page_table]\nhost=x86-64\n[walk_cache.pde]\nentries=2\nways=full\n");
    assert_int_equal(c.guest_refs, 400 + 3);
    assert_int_equal(c.host_walks, 2 * 400 + 3);
}

/* The guest's tables are its frames 0 to 3, the page is 4. The host's tables are frames 0 to 3 of its memory, and behind
 * them come the guest's frames, as they are translated. */
static void test_placement(void **unused)
{
    (void)unused;
    pages_in_a_row(0, 1, 4096);
    struct counters c = run(ONE_ENTRY "[page_table]\nhost=x86-64\n" CACHE);
    /* A line each of the host's tables, the five PTEs side by side; and of the guest's. */
    assert_int_equal(c.cache_dram, 8);
    assert_int_equal(c.cache_l1d_hits, 16);
    assert_int_equal(c.longest_walk_cycles, 8 * 200 + 16 * 4);
    assert_int_equal(c.host_table_bytes, 4 * 4096);
    assert_int_equal(c.page_table_bytes, 4 * 4096);
    /* Room for one frame: no read is of the frame of the one before. */
    c = run(ONE_ENTRY "[page_table]\nhost=x86-64\n[memory]\nmodel=caches\n[cache.l1d]\nsize=4K\nline=4K\nways=1\n"
                      "hit_cycles=4\n");
    assert_int_equal(c.cache_dram, 24);
    /* 8 sets of a line a frame: frames 0 to 7 of the host, all apart. */
    c = run(ONE_ENTRY "[page_table]\nhost=x86-64\n[memory]\nmodel=caches\n[cache.l1d]\nsize=32K\nline=4K\nways=1\n"
                      "hit_cycles=4\n");
    assert_int_equal(c.cache_dram, 8);
    /* In pages of 2M the host has no PT: its tables are frames 0 to 2, and the guest's frames 0 to 3 are in the same sets,
     * since they begin at 2M. Each of the host's tables is read again behind the guest's in its set. */
    c = run(ONE_ENTRY "[page_table]\nhost=x86-64\nhost_page_size=2M\n[memory]\nmodel=caches\n"
                      "[cache.l1d]\nsize=2M\nline=4K\nways=1\nhit_cycles=4\n");
    assert_int_equal(c.host_table_bytes, 3 * 4096);
    assert_int_equal(c.cache_dram, 3 + 4 + 3);
}

static void test_out_of_addresses(void **unused)
{
    (void)unused;
    const struct configuration configuration =
        configuration_of(ONE_ENTRY "[page_table]\nhost=sv39\n[os]\npage_size=1G\n");
    struct err err;
    pages_in_a_row(0, 255, 1 << 30); /* the root, and so the first G, is no page */
    struct plan *plan = plan_of(&configuration, 1);
    assert_true(feed(plan, BLOCK_ACCESSES, &err));
    plan_free(plan);
    pages_in_a_row(0, 256, 1 << 30);
    plan = plan_of(&configuration, 1);
    assert_false(feed(plan, BLOCK_ACCESSES, &err));
    assert_string_equal(
        err.text, "the pages touched up to record 256 need more guest-physical memory than page_table.host = sv39 "
                  "maps, 2^38 bytes, or more than the host's 2^52; take a smaller os.page_size, a smaller "
                  "page_table.host_page_size, or another page_table.host");
    plan_free(plan);
    assert_false(plan_can_be_cut(&configuration, 1, &err));
    assert_non_null(strstr(err.text, "page_table.host = sv39"));
}

/* What the host has varies, so that its filters are lanes; and what the guest has. */
static void sweep_equals_oracle(const char *memory)
{
    static const char *const pages[] = {"4K", "2M"};
    struct configuration sweep[SWEEP];
    uint64_t state = 5;
    for (unsigned i = 0; i < SWEEP; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "[tlb.l1.x]\nsets=4\nways=%u\n[page_table]\nhost=x86-64\nhost_page_size=%s\n"
                 "[walk_cache.pde]\nentries=%u\nways=full\n[nested_tlb]\nsets=2\nways=%u\n"
                 "[host_walk_cache.pdpte]\nsets=1\nways=%u\n%s",
                 i < 16 ? 2 : 1 + i % 4, pages[i / 8 % 2], i < 24 ? 2U : i % 3, 1 + i % 8, i % 2 == 0 ? 1U : 3U,
                 memory);
        sweep[i] = configuration_of(text);
    }
    access_count = 4000;
    random_trace(&state, sweep[0].machine.format, 4096, va, meta, access_count);
    struct plan *plan = plan_of(sweep, SWEEP);
    struct err err;
    if (!feed(plan, 1000, &err))
        fail_msg("%s", err.text);
    for (unsigned i = 0; i < SWEEP; i++) {
        struct counters engine;
        struct counters oracle;
        plan_counters(plan, i, &engine);
        oracle_run(&sweep[i], va, meta, access_count, &oracle);
        assert_true(engine.walks > 0 && engine.nested_tlb_hits > 0);
        assert_memory_equal(&engine, &oracle, sizeof engine);
    }
    plan_free(plan);
}

static void test_sweep(void **unused)
{
    (void)unused;
    for (int vectors = 0; vectors < 2; vectors++) {
        vector_allow(vectors != 0);
        sweep_equals_oracle("");
        sweep_equals_oracle(CACHE "[cache.l2]\nsize=8M\nways=16\nhit_cycles=14\n");
    }
    vector_allow(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_of_a_walk),  cmocka_unit_test(test_nested_tlb),
        cmocka_unit_test(test_host_walk_caches), cmocka_unit_test(test_placement),
        cmocka_unit_test(test_out_of_addresses), cmocka_unit_test(test_sweep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
