/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pages of several sizes, in numbers that follow by hand. That the engine equals the oracle on random machines is in
 * plan_test.c.
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
#include "model/random_machine_testing.h"

enum { ACCESSES_MAX = 8000 };

#define BASE UINT64_C(0x40000000) /* of a 1G page */
#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)

static struct {
    size_t count;
    uint64_t va[ACCESSES_MAX];
    uint16_t meta[ACCESSES_MAX];
} trace;

static void begin(void)
{
    trace.count = 0;
}

static void add(enum access_kind kind, uint64_t va, uint32_t size)
{
    assert_true(trace.count < ACCESSES_MAX);
    trace.va[trace.count] = va;
    trace.meta[trace.count++] = access_meta(kind, size);
}

static void load(uint64_t va)
{
    add(ACCESS_LOAD, va, 8);
}

static struct configuration configuration_of(const char *text)
{
    struct err err;
    struct configuration configuration = {.only = KINDS_ALL, .seed = 1};
    struct machine_text *settings = machine_text_parse("test.ini", text, &err);
    if (settings == NULL || !machine_resolve(settings, &configuration.machine, &err))
        fail_msg("%s\n%s", err.text, text);
    configuration.machine.source = "";
    machine_text_free(settings);
    return configuration;
}

/* What the engine counts, which is what the oracle counts. */
static struct counters run(const char *machine, const char *os)
{
    static struct block block;
    char text[4096];
    struct err err;
    struct counters counters;
    struct counters oracle;
    snprintf(text, sizeof text, "%s[os]\n%s\n", machine, os);
    const struct configuration configuration = configuration_of(text);
    struct plan *plan = plan_create(&configuration, 1, &err);
    assert_non_null(plan);
    for (size_t i = 0; i < trace.count; i += block.count) {
        block.count = (uint32_t)(trace.count - i < BLOCK_ACCESSES ? trace.count - i : BLOCK_ACCESSES);
        block.first_record = i + 1;
        block.mark_count = 1;
        block.mark[0] = (struct block_mark){0, i + 1};
        memcpy(block.va, trace.va + i, block.count * sizeof *block.va);
        memcpy(block.meta, trace.meta + i, block.count * sizeof *block.meta);
        block_summarise(&block);
        if (!plan_block(plan, &block, &err))
            fail_msg("%s", err.text);
    }
    plan_counters(plan, 0, &counters);
    plan_free(plan);
    oracle_run(&configuration, trace.va, trace.meta, trace.count, &oracle);
    for (const struct counter_info *info = counter_infos; info->name != NULL; info++)
        if (counter_value(&counters, info) != counter_value(&oracle, info))
            fail_msg("%s: engine %lu, oracle %lu\n%s", info->name, (unsigned long)counter_value(&counters, info),
                     (unsigned long)counter_value(&oracle, info), text);
    return counters;
}

#define ANY "[tlb.l1.any]\nentries=4096\nways=full\n"

/* Where all pages are huge, all is as with pages of that size; but what was touched is known. */
static void test_thp_is_uniform_huge(void **unused)
{
    (void)unused;
    static const char machine[] =
        "[tlb.l1i.x]\nentries=8\nways=2\n[tlb.l1d.x]\nsets=3\nways=4\n[tlb.l2.x]\nentries=32\n"
        "ways=4\nindex=xor\n[walk_cache.pdpte]\nentries=4\nways=2\n[memory]\nmodel=caches\n"
        "[cache.l1d]\nsize=4K\nways=4\nhit_cycles=4\n";
    uint64_t state = 5;
    trace.count = ACCESSES_MAX;
    random_trace(&state, page_table_named("x86-64"), 2 * MIB, trace.va, trace.meta, trace.count);
    struct counters thp = run(machine, "policy=thp");
    const struct counters uniform = run(machine, "page_size=2M");
    assert_int_equal(thp.bloat_bytes + thp.touched_bytes, thp.pages_huge * 2 * MIB);
    assert_true(thp.touched_bytes >= thp.pages_huge * 4 * KIB);
    thp.bloat_bytes = thp.touched_bytes = 0;
    assert_memory_equal(&thp, &uniform, sizeof thp);
}

/* A range whose first touch is a fetch keeps base pages, for data, too. */
static void test_huge_kinds(void **unused)
{
    (void)unused;
    begin();
    add(ACCESS_FETCH, BASE, 4);
    load(BASE + 4 * KIB);
    load(BASE + 2 * MIB);
    add(ACCESS_FETCH, BASE + 2 * MIB + 4 * KIB, 4);
    const struct counters all = run(ANY, "policy=thp");
    assert_int_equal(all.pages_huge, 2);
    assert_int_equal(all.pages_small, 0);
    const struct counters data = run(ANY, "policy=thp\nhuge_kinds=data");
    assert_int_equal(data.pages_huge, 1);
    assert_int_equal(data.pages_small, 2);
    assert_int_equal(data.bloat_bytes, 2 * MIB - 8 * KIB);
    assert_int_equal(run(ANY, "policy=khugepaged\nhuge_kinds=data").promotions, 1);
    assert_int_equal(run(ANY, "policy=reserve\nhuge_kinds=data\nreserve_threshold=1").promotions, 0);
}

/* A walk reads down to its own leaf: 4K 4 entries, 16K 4, 2M 3, 1G 2. */
static void test_reads_by_size(void **unused)
{
    (void)unused;
    static const struct {
        const char *ranges;
        uint64_t reads;
        uint64_t page_bytes;
    } cases[] = {
        {"", 4, 4 * KIB},
        {"ranges=0x40000000-0x80000000:16K", 4, 16 * KIB},
        {"ranges=0x40000000-0x80000000:2M", 3, 2 * MIB},
        {"ranges=0x40000000-0x80000000:1G", 2, 1024 * MIB},
    };
    begin();
    load(BASE + 40);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char os[128];
        snprintf(os, sizeof os, "policy=ranges\n%s", cases[i].ranges);
        const struct counters c = run(ANY, os);
        assert_int_equal(c.walks, 1);
        assert_int_equal(c.walk_refs, cases[i].reads);
        assert_int_equal(c.page_table_bytes, cases[i].reads * 4 * KIB);
        assert_int_equal(c.bloat_bytes, cases[i].page_bytes - 4 * KIB);
        assert_int_equal(c.longest_walk_cycles, cases[i].reads * 10);
    }
}

/* "Go on at that page's end": accesses of 8 bytes that begin 4 before a multiple of 4K. */
static void test_crossings(void **unused)
{
    (void)unused;
    static const char os[] = "policy=ranges\nranges=0x40000000-0x40200000:2M 0x40400000-0x40408000:8K";
    begin();
    load(BASE + 4 * KIB - 4); /* in the 2M page */
    assert_int_equal(run(ANY, os).page_crossings, 0);
    load(BASE + 2 * MIB - 4);           /* out of it, into pages of 4K */
    load(BASE + 2 * MIB + 8 * KIB - 4); /* from one of 4K to the next */
    load(BASE + 4 * MIB + 4 * KIB - 4); /* within one of 8K */
    load(BASE + 4 * MIB + 8 * KIB - 4); /* between two */
    const struct counters c = run(ANY, os);
    assert_int_equal(c.page_crossings, 3);
    assert_int_equal(c.lookups, 8);
    assert_int_equal(c.pages_small, 5);
    assert_int_equal(c.pages_huge, 1);
    assert_int_equal(c.touched_bytes, (2 + 1 + 1 + 2 + 3 - 1 + 1) * 4 * KIB);
}

/* A lookup hits or misses the level as a whole, in the array of its page's size. Two pages of 4K and two of 2M, in turn: what
 * has two entries for a size holds both. */
static void test_arrays_side_by_side(void **unused)
{
    (void)unused;
    static const char os[] = "policy=ranges\nranges=0x40000000-0x80000000:2M";
    begin();
    for (int round = 0; round < 10; round++) {
        load(0x1000);
        load(BASE);
        load(0x2000);
        load(BASE + 2 * MIB);
    }
    struct counters c = run("[tlb.l1.4k]\npages=4K\nentries=2\nways=2\n[tlb.l1.2m]\npages=2M\nentries=2\nways=2\n", os);
    assert_int_equal(c.l1d_misses, 4);
    c = run("[tlb.l1.4k]\npages=4K\nentries=2\nways=2\n[tlb.l1.2m]\npages=2M\nentries=1\nways=1\n", os);
    assert_int_equal(c.l1d_misses, 2 + 20);
    /* In one array all four stand in one order. */
    c = run("[tlb.l1.any]\nentries=3\nways=3\n", os);
    assert_int_equal(c.l1d_misses, 40);
    /* The set is the number in units of the page's size: 1 and 2, 512 and 513 in four sets. */
    c = run("[tlb.l1.any]\nsets=4\nways=1\n", os);
    assert_int_equal(c.l1d_misses, 2 + 1 + 1 + 2 * 9); /* 513 is in set 1, as 1 is */
    /* What no array of a level holds misses it: pages of 2M go to level 2, at its cost. */
    c = run("[tlb.l1.4k]\npages=4K\nentries=2\nways=2\n[tlb.l2.4k]\npages=4K\nentries=2\nways=2\nhit_cycles=3\n"
            "[tlb.l2.2m]\npages=2M\nentries=2\nways=2\nhit_cycles=5\n",
            os);
    assert_int_equal(c.l1d_misses, 2 + 20);
    assert_int_equal(c.l2_hits, 18);
    assert_int_equal(c.translation_cycles - c.walk_cycles, 18 * 5);
}

/* A 2M walk asks for no PDE, and the entries above leaves of any size are the same ones. */
static void test_walk_caches(void **unused)
{
    (void)unused;
    static const char machine[] = "[tlb.l1.any]\nentries=1\nways=1\n[walk_cache.pde]\nentries=8\nways=full\n"
                                  "[walk_cache.pdpte]\nentries=8\nways=full\n";
    begin();
    load(BASE);           /* 2M: reads 3, fills pdpte */
    load(BASE + 2 * MIB); /* 4K: pdpte hit, reads 2, fills pde */
    load(BASE + 4 * KIB); /* 2M again: pdpte hit, reads 1 */
    load(BASE + 2 * MIB); /* pde hit, reads 1 */
    const struct counters c = run(machine, "policy=ranges\nranges=0x40000000-0x40200000:2M");
    assert_int_equal(c.walks, 4);
    assert_int_equal(c.walk_refs, 3 + 2 + 1 + 1);
    assert_int_equal(c.pdpte_hits, 2);
    assert_int_equal(c.pde_hits, 1);
}

/* One page after the other of a range of 2M, twice. */
static void two_rounds(unsigned pages)
{
    begin();
    for (int round = 0; round < 2; round++)
        for (unsigned i = 0; i < pages; i++)
            load(BASE + i * 4 * KIB);
}

static void test_khugepaged(void **unused)
{
    (void)unused;
    static const char machine[] = ANY "[walk_cache.pde]\nentries=8\nways=full\n";
    two_rounds(100);
    struct counters c = run(machine, "policy=khugepaged\npromote_pages=40\npromote_cycles=5000");
    /* 39 base pages and the huge one; the PDE was a leaf from the promotion on. */
    assert_int_equal(c.walks, 40);
    assert_int_equal(c.walk_refs, 4 + 38 + 3);
    assert_int_equal(c.pde_hits, 38);
    assert_int_equal(c.pages_small, 39);
    assert_int_equal(c.pages_huge, 1);
    assert_int_equal(c.promotions, 1);
    assert_int_equal(c.promotion_cycles, 5000);
    assert_int_equal(c.translation_cycles, c.walk_cycles + 5000);
    assert_int_equal(c.frames_mapped, 512);
    assert_int_equal(c.bloat_bytes, 2 * MIB - 100 * 4 * KIB);
    assert_int_equal(c.page_table_bytes, 4 * 4 * KIB); /* with the leaf table, which is kept */
    c = run(machine, "policy=khugepaged\npromote_pages=101");
    assert_int_equal(c.promotions, 0);
    assert_int_equal(c.walks, 100);
    assert_int_equal(c.bloat_bytes, 0);
    assert_int_equal(run(machine, "policy=khugepaged").pages_small, 0);
    /* Of another size, here 64K: 7 are full, and of the rest there are too few. */
    c = run(machine, "policy=khugepaged\npromote_pages=5\nhuge_size=64K");
    assert_int_equal(c.promotions, 6);
    assert_int_equal(c.walks, 6 * 5 + 4);
    assert_int_equal(c.pages_small, 6 * 5 + 4);
}

static void test_reserve(void **unused)
{
    (void)unused;
    two_rounds(100);
    /* 20 % of 512 are 102.4. */
    assert_int_equal(run(ANY, "policy=reserve\nreserve_threshold=20").promotions, 0);
    const struct counters c = run(ANY, "policy=reserve\nreserve_threshold=19"); /* 97.28 */
    assert_int_equal(c.promotions, 1);
    assert_int_equal(c.pages_small, 97);
    assert_int_equal(c.walks, 98);
    assert_int_equal(c.bloat_bytes, 2 * MIB - 100 * 4 * KIB);
    two_rounds(512);
    assert_int_equal(run(ANY, "policy=reserve").promotions, 1);
    assert_int_equal(run(ANY, "policy=reserve").bloat_bytes, 0);
    two_rounds(511);
    assert_int_equal(run(ANY, "policy=reserve").promotions, 0);
}

/* Entries of the base pages go and others stay; their ways are filled before anything is replaced. */
static void test_promotion_empties_ways(void **unused)
{
    (void)unused;
    static const char *const policies[] = {"lru", "fifo", "lfu", "plru", "nru", "srrip", "random"};
    begin();
    load(2 * MIB);
    for (unsigned i = 0; i < 3; i++) /* two base pages, and then a huge one */
        load(BASE + i * 4 * KIB);
    load(4 * MIB); /* in the ways of the two */
    load(6 * MIB);
    load(2 * MIB);
    load(BASE);
    for (size_t p = 0; p < sizeof policies / sizeof policies[0]; p++) {
        char machine[128];
        snprintf(machine, sizeof machine, "[tlb.l1.any]\nentries=4\nways=full\npolicy=%s\n", policies[p]);
        const struct counters c = run(machine, "policy=khugepaged\npromote_pages=3");
        assert_int_equal(c.promotions, 1);
        assert_int_equal(c.walks, 6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thp_is_uniform_huge),
        cmocka_unit_test(test_huge_kinds),
        cmocka_unit_test(test_reads_by_size),
        cmocka_unit_test(test_crossings),
        cmocka_unit_test(test_arrays_side_by_side),
        cmocka_unit_test(test_walk_caches),
        cmocka_unit_test(test_khugepaged),
        cmocka_unit_test(test_reserve),
        cmocka_unit_test(test_promotion_empties_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
