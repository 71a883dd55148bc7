/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Page tables that are no trees, the TSB and software walks: what follows by hand. All of it is asked of the engine and of
 * the oracle.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "model/entry_table.h"
#include "model/oracle.h"
#include "model/plan.h"
#include "model/random.h"

enum { ACCESSES_MAX = 8000 };

/* Every lookup walks, but for a run of one page. */
#define ONE_ENTRY "[tlb.l1.x]\nentries=1\nways=1\n"

static uint64_t va[ACCESSES_MAX];
static uint16_t meta[ACCESSES_MAX];
static size_t access_count;

static void begin_trace(void)
{
    access_count = 0;
}

static void add_page(uint64_t page, uint64_t page_bytes)
{
    va[access_count] = page * page_bytes;
    meta[access_count++] = access_meta(ACCESS_LOAD, 1);
}

static void pages_in_a_row(uint64_t count)
{
    begin_trace();
    for (uint64_t i = 0; i < count; i++)
        add_page(i, 4096);
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
static bool run_in_blocks(const struct configuration *configuration, uint32_t most, struct counters *counters,
                          struct err *err)
{
    static struct block block;
    bool good = true;
    struct plan *plan = plan_create(configuration, 1, err);
    assert_non_null(plan);
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
    plan_counters(plan, 0, counters);
    plan_free(plan);
    return good;
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
        if (!run_in_blocks(&configuration, blocks[i], &engine, &err))
            fail_msg("%s", err.text);
        assert_memory_equal(&engine, &oracle, sizeof engine);
    }
    return oracle;
}

static void assert_refused(const char *machine, const char *message)
{
    const struct configuration configuration = configuration_of(machine);
    struct counters counters;
    struct err err;
    assert_false(run_in_blocks(&configuration, BLOCK_ACCESSES, &counters, &err));
    assert_string_equal(err.text, message);
}

/* ---- flat ---- */

static void test_flat(void **unused)
{
    (void)unused;
    pages_in_a_row(4096);
    struct counters c = run(ONE_ENTRY "[page_table]\nformat=flat\n");
    assert_int_equal(c.walks, 4096);
    assert_int_equal(c.walk_refs, 4096);
    assert_int_equal(c.walk_cycles, 40960);
    assert_int_equal(c.longest_walk_cycles, 10);
    assert_int_equal(c.page_table_bytes, UINT64_C(512) << 30);
    assert_int_equal(c.frames_page_table, UINT64_C(1) << 27);
    assert_int_equal(c.frames_mapped, 4096);
    assert_int_equal(c.table_slots, UINT64_C(1) << 36);
    assert_int_equal(c.table_entries, 4096);

    /* 8 entries in a line. */
    c = run(ONE_ENTRY
            "[page_table]\nformat=flat\n[memory]\nmodel=caches\n[cache.l1d]\nsize=32K\nways=8\nhit_cycles=4\n");
    assert_int_equal(c.cache_dram, 512);
    assert_int_equal(c.cache_l1d_hits, 4096 - 512);
    assert_int_equal(c.walk_cycles, 512 * 200 + 3584 * 4);
    assert_int_equal(c.longest_walk_cycles, 200);

    /* Of 2M pages there are 2^27. */
    c = run(ONE_ENTRY "[page_table]\nformat=flat\n[os]\npage_size=2M\n");
    assert_int_equal(c.page_table_bytes, UINT64_C(1) << 30);
    assert_int_equal(c.pages_touched, 8);
    assert_int_equal(c.frames_mapped, 8 * 512);

    /* The last page of the lower half and the first one of the upper: neighbours in the array, 8 entries to a line. */
    begin_trace();
    va[access_count] = UINT64_C(0x00007ffffffff000);
    meta[access_count++] = access_meta(ACCESS_LOAD, 1);
    va[access_count] = UINT64_C(0xffff800000000000);
    meta[access_count++] = access_meta(ACCESS_LOAD, 1);
    c = run(ONE_ENTRY
            "[page_table]\nformat=flat\n[memory]\nmodel=caches\n[cache.l1d]\nsize=64\nways=1\nhit_cycles=4\n");
    assert_int_equal(c.pages_touched, 2);
    assert_int_equal(c.cache_dram, 2);
}

/* ---- hashed ---- */

#define ONE_CHAIN "[page_table]\nformat=hashed-chained\nentries=1\n"

/* All pages have one hash: page i is read behind i others. */
static void test_one_chain(void **unused)
{
    (void)unused;
    pages_in_a_row(300);
    struct counters c = run(ONE_ENTRY ONE_CHAIN);
    assert_int_equal(c.walk_refs, 300 * 301 / 2);
    assert_int_equal(c.table_longest, 300);
    assert_int_equal(c.longest_walk_cycles, 3000);
    assert_int_equal(c.table_entries, 300);
    assert_int_equal(c.table_slots, 1);
    /* 299 entries of 32 bytes behind the first one, 128 to a frame. */
    assert_int_equal(c.page_table_bytes, 32 + 3 * 4096);
    assert_int_equal(c.frames_page_table, 1 + 3);

    /* Two entries in a line but for the first: the last walk's last one, 298 of the chain's, begins a line. */
    const char caches[] =
        ONE_ENTRY ONE_CHAIN "[memory]\nmodel=caches\n[cache.l1d]\nsize=64K\nways=full\nhit_cycles=4\n";
    c = run(caches);
    assert_int_equal(c.cache_dram, 1 + 150);
    assert_int_equal(c.cache_l1d_hits, 300 * 301 / 2 - 151);
    assert_int_equal(c.longest_walk_cycles, 299 * 4 + 200);
    assert_int_equal(c.walk_cycles, 151 * 200 + (300 * 301 / 2 - 151) * 4);

    /* 8 pages an entry: 38 entries. */
    c = run(ONE_ENTRY ONE_CHAIN "cluster=8\n");
    assert_int_equal(c.table_entries, 38);
    assert_int_equal(c.table_longest, 38);
    assert_int_equal(c.walk_refs, 8 * 37 * 38 / 2 + 4 * 38);
    assert_int_equal(c.pages_touched, 300);
}

/* Which walk is the longest depends on the latencies alone: in one, many entries that a cache has, in the other, few that
 * none has. */
static void test_longest_of_two(void **unused)
{
    (void)unused;
    begin_trace();
    for (uint64_t i = 0; i < 5; i++)
        add_page(i, 4096);
    add_page(3, 4096);
    /* Page 0 reads memory; page 3 a second time four entries of l1d. */
    const char machine[] = ONE_ENTRY ONE_CHAIN
        "entry_bytes=64\n[memory]\nmodel=caches\ndram_cycles=%d\n[cache.l1d]\nsize=4K\nways=full\nhit_cycles=%d\n";
    char text[512];
    snprintf(text, sizeof text, machine, 100, 1);
    assert_int_equal(run(text).longest_walk_cycles, 4 + 100);
    snprintf(text, sizeof text, machine, 0, 100);
    assert_int_equal(run(text).longest_walk_cycles, 400);
}

static void test_too_many_reads(void **unused)
{
    (void)unused;
    pages_in_a_row(4096);
    assert_refused(ONE_ENTRY ONE_CHAIN "[memory]\nmodel=caches\n",
                   "records 1 to 4096: their walks read more than 262144 entries of the page table, more than "
                   "memory.model = caches takes at a time; raise page_table.entries, or set memory.model to fixed");
    assert_int_equal(run(ONE_ENTRY ONE_CHAIN).walk_refs, 4096 * 4097 / 2);
}

static void test_open(void **unused)
{
    (void)unused;
    /* Every page of a full table is somewhere, and no walk reads an entry twice. */
    pages_in_a_row(64);
    for (uint64_t i = 0; i < 64; i++)
        add_page(i, 4096);
    struct counters c = run(ONE_ENTRY "[page_table]\nformat=hashed-open\nentries=64\n");
    assert_int_equal(c.table_entries, 64);
    assert_int_equal(c.page_table_bytes, 64 * 16);
    assert_in_range(c.table_longest, 2, 64);
    assert_true(c.walk_refs > c.walks && c.walk_refs <= 64 * c.walks);
    assert_int_equal(c.longest_walk_cycles, 10 * c.table_longest);

    pages_in_a_row(65);
    assert_refused(
        ONE_ENTRY "[page_table]\nformat=hashed-open\nentries=64\n",
        "record 65: all page_table.entries = 64 of page_table.format = hashed-open are in use; raise them, or "
        "take hashed-chained, which has no end");

    /* One entry for 16 pages. */
    pages_in_a_row(16);
    c = run(ONE_ENTRY "[page_table]\nformat=hashed-open\nentries=1\ncluster=16\n");
    assert_int_equal(c.walk_refs, 16);
    assert_int_equal(c.pages_touched, 16);
    assert_int_equal(c.table_entries, 1);

    /* Alone in a table of a million, mostly. */
    pages_in_a_row(2000);
    c = run(ONE_ENTRY "[page_table]\nformat=hashed-open\n");
    assert_in_range(c.walk_refs, 2000, 2020);
}

/* ---- inverted ---- */

static void test_inverted(void **unused)
{
    (void)unused;
    /* The anchor, and a chain of all. */
    pages_in_a_row(200);
    const char machine[] = ONE_ENTRY "[page_table]\nformat=inverted\nmemory=1M\nentries=1\n";
    const struct counters c = run(machine);
    assert_int_equal(c.walk_refs, 200 + 200 * 201 / 2);
    assert_int_equal(c.table_longest, 201);
    assert_int_equal(c.page_table_bytes, 8 + 256 * 16);
    assert_int_equal(c.frames_page_table, 2);

    /* 256 frames less two. */
    pages_in_a_row(254);
    assert_int_equal(run(machine).pages_touched, 254);
    pages_in_a_row(255);
    assert_refused(machine, "record 255: page_table.memory = 1M of page_table.format = inverted has no frame left for "
                            "another page; raise it");
}

/* Pages that come one after the other have frames, and so entries, side by side: 4 to a line of 64 bytes. */
static void test_inverted_is_by_frame(void **unused)
{
    (void)unused;
    begin_trace();
    for (uint64_t i = 0; i < 512; i++)
        add_page(i * 7919, 4096);
    const struct counters c =
        run(ONE_ENTRY "[page_table]\nformat=inverted\nmemory=16M\n"
                      "[memory]\nmodel=caches\n[cache.l1d]\nsize=256K\nways=full\nhit_cycles=4\n");
    /* Anchors are 4096 x 8 bytes, in 8 frames; 4096 x 16 bytes of entries in 16; pages from 24 on. */
    assert_int_equal(c.frames_page_table, 24);
    assert_in_range(c.cache_dram, 512 / 4 + 200, 512 / 4 + 512);
}

/* ---- cuckoo ---- */

#define CUCKOO "[page_table]\nformat=cuckoo\nentries=64\ncluster=1\n"

static void test_cuckoo_grows(void **unused)
{
    (void)unused;
    /* 116 entries are more than 60 % of 192. */
    pages_in_a_row(115);
    struct counters c = run(ONE_ENTRY CUCKOO);
    assert_int_equal(c.table_resizes, 0);
    assert_int_equal(c.table_slots, 192);
    assert_int_equal(c.page_table_bytes, 192 * 64);
    assert_int_equal(c.frames_page_table, 3);
    assert_int_equal(c.table_moved, 0);

    pages_in_a_row(116);
    c = run(ONE_ENTRY CUCKOO);
    assert_int_equal(c.table_resizes, 1);
    assert_int_equal(c.table_slots, 192 + 384);
    assert_int_equal(c.page_table_bytes, (192 + 384) * 64);
    assert_int_equal(c.frames_page_table, 3 + 6);

    /* A new entry moves two marks: 96 of them, the one that began it among them, end it. */
    pages_in_a_row(116 + 94);
    assert_int_equal(run(ONE_ENTRY CUCKOO).table_slots, 192 + 384);
    pages_in_a_row(116 + 95);
    c = run(ONE_ENTRY CUCKOO);
    assert_int_equal(c.table_slots, 384);
    assert_int_equal(c.page_table_bytes, 384 * 64);
    assert_in_range(c.table_moved, 116, 116 + 95);
    assert_int_equal(c.table_entries, 116 + 95);
    assert_int_equal(c.table_resizes, 1);

    /* A walk reads an entry a way, whatever the table does meanwhile. */
    assert_int_equal(c.walk_refs, 3 * (116 + 95));
    assert_int_equal(c.table_longest, 3);

    /* 8 pages are one entry. */
    pages_in_a_row(8 * 115);
    c = run(ONE_ENTRY "[page_table]\nformat=cuckoo\nentries=64\n");
    assert_int_equal(c.table_entries, 115);
    assert_int_equal(c.table_resizes, 0);
}

/* From one entry a way on, in ways of both kinds: each page is found where it is by then. */
static void test_cuckoo_from_nothing(void **unused)
{
    (void)unused;
    begin_trace();
    for (uint64_t i = 0; i < 3000; i++) {
        add_page(i * 31, 4096);
        add_page(i / 2 * 31, 4096);
    }
    const struct counters c =
        run(ONE_ENTRY "[page_table]\nformat=cuckoo\nentries=1\ncluster=1\nways=2\nload_percent=40\n"
                      "[memory]\nmodel=caches\n[cache.l2]\nsize=8K\nways=4\nhit_cycles=9\n");
    assert_int_equal(c.table_entries, 3000);
    assert_true(c.table_resizes >= 10);
    assert_true(c.table_displaced > 0);
    assert_int_equal(c.walk_refs, 2 * c.walks);
}

/* Reads that are issued together cost the slowest of them. */
static void test_cuckoo_reads_at_once(void **unused)
{
    (void)unused;
    begin_trace();
    add_page(5, 4096);
    add_page(6, 4096);
    add_page(5, 4096);
    /* Pages 5 and 6 are of one entry. */
    const char caches[] = "[memory]\nmodel=caches\n[cache.l1d]\nsize=4K\nways=full\nhit_cycles=4\n";
    char text[512];
    snprintf(text, sizeof text, ONE_ENTRY "[page_table]\nformat=cuckoo\n%s", caches);
    struct counters c = run(text);
    assert_int_equal(c.walk_refs, 9);
    assert_int_equal(c.cache_dram, 3);
    assert_int_equal(c.cache_l1d_hits, 6);
    assert_int_equal(c.walk_cycles, 200 + 4 + 4);
    assert_int_equal(c.longest_walk_cycles, 200);

    c = run(ONE_ENTRY "[page_table]\nformat=cuckoo\nways=4\n[walker]\nsetup_cycles=3\n");
    assert_int_equal(c.walk_refs, 12);
    assert_int_equal(c.walk_cycles, 3 * (3 + 10));
    assert_int_equal(c.longest_walk_cycles, 13);
}

/* ---- sparc-tsb ---- */

static void test_tsb(void **unused)
{
    (void)unused;
    begin_trace();
    static const uint64_t pages[] = {0, 1, 0, 1, 2, 0, 1};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        add_page(pages[i], 8192);
    /* 0 and 1 miss, then hit; 2 takes the place of 0, which takes it back; 1 hits. */
    struct counters c = run(ONE_ENTRY "[page_table]\nformat=sparc-tsb\nentries=2\n");
    assert_int_equal(c.tsb_misses, 4);
    assert_int_equal(c.tsb_hits, 3);
    assert_int_equal(c.walk_refs, 4 * 5 + 3);
    assert_int_equal(c.walk_cycles, 10 * (4 * 5 + 3));
    assert_int_equal(c.longest_walk_cycles, 50);
    /* Four tables of 8K, and the TSB. */
    assert_int_equal(c.page_table_bytes, 4 * 8192 + 2 * 16);
    assert_int_equal(c.frames_page_table, 4 + 1);

    /* A page of 8M is mapped a level higher. */
    c = run(ONE_ENTRY "[page_table]\nformat=sparc-tsb\n[os]\npage_size=8M\n");
    assert_int_equal(c.walk_refs, 1 + 3);

    /* Larger than a frame. */
    begin_trace();
    add_page(0, 8192);
    c = run(ONE_ENTRY "[page_table]\nformat=sparc-tsb\nentries=4096\n"
                      "[memory]\nmodel=caches\n[cache.l1d]\nsize=4K\nways=1\nline=4K\nhit_cycles=4\n");
    assert_int_equal(c.page_table_bytes, 4 * 8192 + 4096 * 16);
    assert_int_equal(c.cache_dram, 5);
}

/* ---- software walks ---- */

static void test_software(void **unused)
{
    (void)unused;
    pages_in_a_row(100);
    const struct counters hardware = run(ONE_ENTRY);
    const struct counters c = run(ONE_ENTRY "[walker]\nkind=software\ntrap_cycles=50\nhandler_cycles=20\n");
    assert_int_equal(c.trap_cycles, 100 * 50);
    assert_int_equal(c.handler_cycles, 100 * 20);
    assert_int_equal(c.walk_cycles, 100 * 40);
    assert_int_equal(c.translation_cycles, 100 * (50 + 20 + 40));
    assert_int_equal(c.translation_cycles_min, 100 * (50 + 20 + 40));
    assert_int_equal(c.longest_walk_cycles, 40);
    assert_int_equal(hardware.trap_cycles + hardware.handler_cycles, 0);
    assert_int_equal(hardware.translation_cycles, 100 * 40);
    assert_int_equal(run(ONE_ENTRY "[walker]\nkind=software\n").translation_cycles, 100 * (10 + 10 + 40));
}

/* Lanes above and below what takes none: first levels of many ways, caches of many ways, in one plan. */
static void test_sweep(void **unused)
{
    (void)unused;
    enum { FORMATS = 6, FIRSTS = 4, CACHES = 3, SWEEP = FORMATS * FIRSTS * CACHES };
    static const char *const formats[FORMATS] = {
        "format=flat\n",
        "format=hashed-chained\nentries=64\n",
        "format=hashed-open\nentries=2048\n",
        "format=inverted\nmemory=64M\nentries=256\n",
        "format=cuckoo\nentries=8\ncluster=2\n",
        "format=sparc-tsb\nentries=64\n",
    };
    static struct configuration sweep[SWEEP];
    static struct block block;
    struct err err;
    uint64_t state = 3;
    begin_trace();
    while (access_count < BLOCK_ACCESSES)
        add_page(random_below(&state, 1 + random_below(&state, 1200)), 8192);
    for (size_t i = 0; i < SWEEP; i++) {
        char text[512];
        const unsigned first = 1U << i / CACHES % FIRSTS;
        const unsigned ways = 1U << i % CACHES;
        snprintf(text, sizeof text,
                 "[tlb.l1.x]\nsets=8\nways=%u\n[page_table]\n%s[memory]\nmodel=caches\n"
                 "[cache.l1d]\nsize=%u\nways=%u\nhit_cycles=4\n[cache.l2]\nsize=16K\nways=4\nhit_cycles=14\n",
                 first, formats[i / CACHES / FIRSTS], ways * 1024, ways);
        sweep[i] = configuration_of(text);
    }
    struct plan *plan = plan_create(sweep, SWEEP, &err);
    assert_non_null(plan);
    block.count = (uint32_t)access_count;
    block.first_record = 1;
    block.mark_count = 1;
    block.mark[0] = (struct block_mark){0, 1};
    memcpy(block.va, va, sizeof *block.va * access_count);
    memcpy(block.meta, meta, sizeof *block.meta * access_count);
    block_summarise(&block);
    assert_true(plan_block(plan, &block, &err));
    for (size_t i = 0; i < SWEEP; i++) {
        struct counters engine;
        struct counters oracle;
        plan_counters(plan, i, &engine);
        oracle_run(&sweep[i], va, meta, access_count, &oracle);
        assert_memory_equal(&engine, &oracle, sizeof engine);
    }
    plan_free(plan);
}

/* What is not asked for is not counted. */
static void test_trees_count_none_of_it(void **unused)
{
    (void)unused;
    pages_in_a_row(100);
    const struct counters c = run(ONE_ENTRY);
    assert_int_equal(c.table_entries + c.table_slots + c.table_longest + c.table_resizes + c.table_moved, 0);
    assert_int_equal(c.table_displaced + c.tsb_hits + c.tsb_misses, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flat),
        cmocka_unit_test(test_one_chain),
        cmocka_unit_test(test_longest_of_two),
        cmocka_unit_test(test_too_many_reads),
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_inverted),
        cmocka_unit_test(test_inverted_is_by_frame),
        cmocka_unit_test(test_cuckoo_grows),
        cmocka_unit_test(test_cuckoo_from_nothing),
        cmocka_unit_test(test_cuckoo_reads_at_once),
        cmocka_unit_test(test_tsb),
        cmocka_unit_test(test_software),
        cmocka_unit_test(test_sweep),
        cmocka_unit_test(test_trees_count_none_of_it),
    };
    return cmocka_run_group_tests_name("entry_table", tests, NULL, NULL);
}
