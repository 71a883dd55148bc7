/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What arrays do beyond sets and ways, by closed forms: small machines, every number derived in a comment. Engine and
 * oracle both must have it; and sweeps of it count what single runs count.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/oracle.h"
#include "model/plan.h"
#include "model/random.h"
#include "model/random_machine_testing.h"

enum { TRACE_ACCESSES = 6000, SWEEP = 24, SWEEPS = 30 };

static uint64_t va[TRACE_ACCESSES];
static uint16_t meta[TRACE_ACCESSES];
static size_t count;

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

/* In blocks of at most `most` accesses. */
static void feed(struct plan *plan, uint32_t most)
{
    static struct block block;
    for (size_t i = 0; i < count; i += block.count) {
        block.count = count - i < most ? (uint32_t)(count - i) : most;
        block.first_record = i + 1;
        memcpy(block.va, va + i, block.count * sizeof *block.va);
        memcpy(block.meta, meta + i, block.count * sizeof *block.meta);
        block_summarise(&block);
        struct err err;
        if (!plan_block(plan, &block, &err))
            fail_msg("%s", err.text);
    }
}

static struct plan *plan_of(const struct configuration *configurations, size_t number)
{
    struct err err;
    struct plan *plan = plan_create(configurations, number, &err);
    assert_non_null(plan);
    return plan;
}

static void assert_same(const struct counters *a, const struct counters *b, const char *machine)
{
    for (const struct counter_info *info = counter_infos; info->name != NULL; info++)
        if (counter_value(a, info) != counter_value(b, info))
            fail_msg("%s: %" PRIu64 ", expected %" PRIu64 ":\n%s", info->name, counter_value(a, info),
                     counter_value(b, info), machine);
}

static struct counters run(const char *machine)
{
    const struct configuration configuration = configuration_of(machine);
    struct counters expected;
    struct counters counters = {0};
    oracle_run(&configuration, va, meta, count, &expected);
    for (uint32_t most = 1; most <= BLOCK_ACCESSES; most *= BLOCK_ACCESSES) {
        struct plan *plan = plan_of(&configuration, 1);
        feed(plan, most);
        plan_counters(plan, 0, &counters);
        assert_same(&counters, &expected, machine);
        plan_free(plan);
    }
    return counters;
}

/* One-byte accesses, a letter each, L, S, M or I, to pages of 4K. */
static void accesses(const char *kinds, const uint64_t *page)
{
    count = strlen(kinds);
    for (size_t i = 0; i < count; i++) {
        const enum access_kind kind = kinds[i] == 'L'   ? ACCESS_LOAD
                                      : kinds[i] == 'S' ? ACCESS_STORE
                                      : kinds[i] == 'M' ? ACCESS_MODIFY
                                                        : ACCESS_FETCH;
        va[i] = page[i] << 12;
        meta[i] = access_meta(kind, 1);
    }
}

#define LOADS(...)                                                                                                     \
    do {                                                                                                               \
        static const uint64_t pages_[] = {__VA_ARGS__};                                                                \
        char kinds_[sizeof pages_ / sizeof *pages_ + 1] = {0};                                                         \
        memset(kinds_, 'L', sizeof kinds_ - 1);                                                                        \
        accesses(kinds_, pages_);                                                                                      \
    } while (0)

static void rounds(unsigned number, uint64_t pages)
{
    count = number * pages;
    for (size_t i = 0; i < count; i++) {
        va[i] = i % pages << 12;
        meta[i] = access_meta(ACCESS_LOAD, 1);
    }
}

/* ---- Sectors ---- */

static void sectors(void **unused)
{
    (void)unused;
    /* 0 misses, and so does 1, in place; both hit then. 4 has another tag and evicts both. */
    LOADS(0, 1, 0, 1, 4, 0);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\nsector=4\n").walks, 4);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\n").walks, 6);

    /* Sets are of sectors: with two sets 0 and 8 are in set 0, 4 in set 1. */
    LOADS(0, 4, 0, 4, 8, 4, 0);
    assert_int_equal(run("[tlb.l1.x]\nsets=2\nways=1\nsector=4\n").walks, 4);

    /* A page that is filled into a sector is a use of it: 4 is the older one when 8 comes. */
    LOADS(0, 4, 1, 8, 0, 4);
    assert_int_equal(run("[tlb.l1.x]\nentries=2\nways=2\nsector=4\n").walks, 5);
    /* But no fill: 0 came first, and goes. */
    assert_int_equal(run("[tlb.l1.x]\nentries=2\nways=2\nsector=4\npolicy=fifo\n").walks, 6);
    LOADS(0, 4, 1, 8, 4);
    assert_int_equal(run("[tlb.l1.x]\nentries=2\nways=2\nsector=4\n").walks, 5);
    assert_int_equal(run("[tlb.l1.x]\nentries=2\nways=2\nsector=4\npolicy=fifo\n").walks, 4);
}

static void sectors_filled_whole(void **unused)
{
    (void)unused;
    /* First lookups miss, since nothing is mapped before. Behind 4, the miss of 0 brings back what is mapped, 0 to 2;
     * 3 is mapped then. */
    LOADS(0, 1, 2, 4, 0, 1, 2, 3);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\nsector=4\nsector_fill=all\n").walks, 6);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\nsector=4\n").walks, 8);
    /* MIPS, pairs: 16 pages in turn, 4 pairs. The first round maps; in each further one, every second page misses. */
    rounds(5, 16);
    assert_int_equal(run("[tlb.l1.x]\nentries=4\nways=full\nsector=2\nsector_fill=all\n").walks, 16 + 4 * 8);
}

/* ---- Coalescing ---- */

static void coalesced_runs(void **unused)
{
    (void)unused;
    /* Frames 0 to 3 are tables, page 0 is in frame 4, and so on. The walk of page 7 finds all eight contiguous; 4 starts
     * no aligned group of eight, but one of four, which takes a walk each in the second round. */
    rounds(2, 8);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\n").walks, 16);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\ncoalesce=8\n").walks, 8);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\ncoalesce=8\ncoalesce_rule=whole\n").walks, 16);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\ncoalesce=4\n").walks, 8 + 2);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\ncoalesce=4\ncoalesce_rule=whole\n").walks, 8 + 2);

    /* What lies apart in memory is apart: page 20 is between 0 and 1. With two entries, both stay. */
    LOADS(0, 20, 1, 0, 1, 0);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\ncoalesce=16\n").walks, 6);
    assert_int_equal(run("[tlb.l1.x]\nentries=2\nways=2\ncoalesce=16\n").walks, 4);
    /* So is what lies in memory the other way round. */
    LOADS(1, 0, 1, 0);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\ncoalesce=16\n").walks, 4);
    /* Half of a group is not all of it. */
    LOADS(0, 1, 0, 1);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\ncoalesce=4\ncoalesce_rule=whole\n").walks, 4);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\ncoalesce=4\n").walks, 2);
    /* A run ends with the aligned group. */
    LOADS(3, 4, 3, 4);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\ncoalesce=4\n").walks, 4);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\ncoalesce=8\n").walks, 2);
}

/* The entry of 0 to 3 takes the place of those of 0, 1 and 2: of seven, there is room for 12 and 16, and 512, which came
 * first, is there at the end. Frames 0 to 3 are tables, 4 to 6 pages, 7 a table, and page 0 is in frame 8. */
static void coalescing_makes_room(void **unused)
{
    (void)unused;
    LOADS(512, 513, 514, 0, 1, 2, 3, 12, 16, 512);
    assert_int_equal(run("[tlb.l1.x]\nentries=7\nways=full\npolicy=fifo\ncoalesce=4\ncoalesce_rule=whole\n").walks, 9);
    assert_int_equal(run("[tlb.l1.x]\nentries=7\nways=full\npolicy=fifo\n").walks, 10);
}

/* A lookup sees frames as they are when it comes, in whatever blocks: the second round of eight takes no walks, though
 * the level above, which does not coalesce, misses them all. */
static void coalesced_below(void **unused)
{
    (void)unused;
    rounds(3, 64);
    const struct counters counters =
        run("[tlb.l1.x]\nentries=4\nways=4\n[tlb.l2.x]\nentries=8\nways=full\ncoalesce=8\nhit_cycles=1\n");
    assert_int_equal(counters.l1d_misses, 3 * 64);
    assert_int_equal(counters.walks, 64);
    assert_int_equal(counters.l2_hits, 2 * 64);
}

/* Arm's contiguous bit is the system's: 16 entries that map 64K at once are a page of that size here. */
static void contiguous_bit(void **unused)
{
    (void)unused;
    rounds(1, 64);
    const struct counters counters =
        run("[tlb.l1.x]\nentries=1\nways=1\n[page_table]\nformat=armv8-4k\n[os]\npage_size=64K\n");
    assert_int_equal(counters.walks, 4);
    assert_int_equal(counters.walk_refs, 4 * 4);
    assert_int_equal(counters.frames_mapped, 64);
}

/* ---- Loads and stores ---- */

static void loads_and_stores(void **unused)
{
    (void)unused;
    static const char apart[] = "[tlb.l1l.x]\nentries=1\nways=1\n[tlb.l1s.x]\nentries=1\nways=1\n";
    /* Each kind misses once, though the other has been there: a run of one page is not one lookup here. */
    accesses("LLSSL", (const uint64_t[]){0, 0, 0, 0, 0});
    struct counters counters = run(apart);
    assert_int_equal(counters.walks, 2);
    assert_int_equal(counters.l1d_misses, 2);
    assert_int_equal(counters.l1d_hits, 3);
    assert_int_equal(counters.l1s_misses, 1);
    assert_int_equal(counters.l1s_hits, 1);
    counters = run("[tlb.l1d.x]\nentries=1\nways=1\n");
    assert_int_equal(counters.walks, 1);
    assert_int_equal(counters.l1s_hits + counters.l1s_misses, 0);

    /* A modify is a store, and evicts no load. */
    accesses("LMLMS", (const uint64_t[]){0, 1, 0, 1, 1});
    counters = run(apart);
    assert_int_equal(counters.walks, 2);
    assert_int_equal(counters.l1s_hits, 2);

    /* What both miss reaches the next level in program order, which holds both. */
    accesses("LSLS", (const uint64_t[]){0, 1, 1, 0});
    counters = run("[tlb.l1l.x]\nentries=1\nways=1\n[tlb.l1s.x]\nentries=1\nways=1\n"
                   "[tlb.l2.x]\nentries=2\nways=2\nhit_cycles=5\n");
    assert_int_equal(counters.l2_hits, 2);
    assert_int_equal(counters.walks, 2);
    /* Evictions of either: 0 leaves the loads' array for 2, and the stores' next one finds it below. */
    accesses("LLS", (const uint64_t[]){0, 2, 0});
    counters = run("[tlb.l1l.x]\nentries=1\nways=1\n[tlb.l1s.x]\nentries=1\nways=1\n"
                   "[tlb.l2.x]\nentries=1\nways=1\nfill=victim\nhit_cycles=5\n");
    assert_int_equal(counters.l2_hits, 1);

    /* Stores of all sizes, loads of 2M alone: loads of 4K are nowhere held. */
    accesses("LLSS", (const uint64_t[]){0, 0, 0, 0});
    counters = run("[tlb.l1l.x]\nentries=1\nways=1\npages=2M\n[tlb.l1s.x]\nentries=1\nways=1\n");
    assert_int_equal(counters.walks, 3);
    assert_int_equal(counters.l1s_misses, 1);
}

/* ---- PDEs among pages ---- */

static void pdes(void **unused)
{
    (void)unused;
    /* The PDE takes one of two entries, and each page the other: all walk, and all but the first read one entry. */
    LOADS(0, 1, 0, 1);
    struct counters counters =
        run("[tlb.l1.x]\nentries=1\nways=1\n[tlb.l2.x]\nentries=2\nways=2\npdes=yes\nhit_cycles=5\n");
    assert_int_equal(counters.l2_hits, 0);
    assert_int_equal(counters.walks, 4);
    assert_int_equal(counters.walk_refs, 4 + 3);
    assert_int_equal(counters.pde_hits, 3);
    assert_int_equal(counters.translation_cycles, 70);
    counters = run("[tlb.l1.x]\nentries=1\nways=1\n[tlb.l2.x]\nentries=2\nways=2\nhit_cycles=5\n");
    assert_int_equal(counters.l2_hits, 2);
    assert_int_equal(counters.walk_refs, 2 * 4);

    /* Sets are those of the PDE's own number: page 0 and PDE 0 in set 0, page 513 and PDE 1 in set 1. A walk whose PDE is
     * gone asks the caches of what is above it. */
    LOADS(0, 513, 0, 513);
    counters = run("[tlb.l1.x]\nsets=2\nways=1\npdes=yes\n[walk_cache.pdpte]\nentries=1\nways=1\n");
    assert_int_equal(counters.walks, 2);
    LOADS(0, 2, 0);
    counters = run("[tlb.l1.x]\nsets=2\nways=1\npdes=yes\n[walk_cache.pdpte]\nentries=1\nways=1\n");
    assert_int_equal(counters.walks, 3);
    assert_int_equal(counters.pde_hits, 0); /* each page replaces the PDE of its walk */
    assert_int_equal(counters.pdpte_hits, 2);
    assert_int_equal(counters.walk_refs, 4 + 2 + 2);

    /* A leaf is none. */
    rounds(2, 1024);
    counters = run("[tlb.l1.x]\nentries=1\nways=1\npdes=yes\n[os]\npage_size=2M\n");
    assert_int_equal(counters.walks, 4);
    assert_int_equal(counters.pde_hits, 0);
    counters = run("[tlb.l1.x]\nentries=4\nways=4\npdes=yes\n[memory]\nmodel=caches\n[cache.l1d]\nsize=64K\n"
                   "ways=full\nhit_cycles=4\n");
    assert_int_equal(counters.walks, 2048);
    assert_int_equal(counters.walk_refs, 2048 + 3 + 3 * 3); /* PDEs 0 and 1 follow one another */
}

/* ---- Prefetching ---- */

static void prefetch_next(void **unused)
{
    (void)unused;
    /* In the first round, the page behind is never mapped. In the second, 0 walks, since 9 predicted 10, and the others
     * are found in the buffer. */
    rounds(2, 10);
    struct counters counters =
        run("[tlb.l1.x]\nentries=1\nways=1\n[prefetch]\nkind=next\ndegree=1\nentries=1\n[walker]\nsetup_cycles=2\n");
    assert_int_equal(counters.l1d_misses, 20);
    assert_int_equal(counters.walks, 10 + 1);
    assert_int_equal(counters.walk_refs, 4 * 11);
    assert_int_equal(counters.prefetch_hits, 9);
    assert_int_equal(counters.prefetches, 9);
    assert_int_equal(counters.prefetches_useless, 0);
    assert_int_equal(counters.prefetches_unmapped, 10 + 1);
    assert_int_equal(counters.prefetch_walk_refs, 4 * 9);
    assert_int_equal(counters.prefetch_walk_cycles, 9 * (2 + 40));
    assert_int_equal(counters.walk_cycles, 11 * (2 + 40));
    assert_int_equal(counters.translation_cycles, 11 * (2 + 40) + 9 * 7);

    /* Of two pages, the second replaces the first in a buffer of one: p + 1 is there from before and p + 2 replaces it,
     * but for the last page, behind which nothing is mapped. */
    counters = run("[tlb.l1.x]\nentries=1\nways=1\n[prefetch]\nkind=next\ndegree=2\nentries=1\n");
    assert_int_equal(counters.prefetch_hits, 1);
    assert_int_equal(counters.prefetches, 2 + 7);
    assert_int_equal(counters.prefetches_useless, 8);
    assert_int_equal(counters.prefetches_unmapped, 20 + 1 + 2);

    /* What stays in the array is not looked up behind it, and teaches nothing. */
    counters = run("[tlb.l1.x]\nentries=16\nways=full\n[prefetch]\nkind=next\n");
    assert_int_equal(counters.walks, 10);
    assert_int_equal(counters.prefetches, 0);
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\n").prefetches_unmapped, 0);
}

static void prefetch_stride(void **unused)
{
    (void)unused;
    /* Two equal strides predict: 9, 12 and 15 are not mapped in the first round. In the second, 0 and 3 come by others. */
    LOADS(0, 3, 6, 9, 12, 0, 3, 6, 9, 12);
    const struct counters counters = run("[tlb.l1.x]\nentries=1\nways=1\n[prefetch]\nkind=stride\ndegree=1\n");
    assert_int_equal(counters.walks, 5 + 3);
    assert_int_equal(counters.prefetch_hits, 2);
    assert_int_equal(counters.prefetches, 2);
    assert_int_equal(counters.prefetches_unmapped, 3 + 1);

    /* Fetches between do not disturb the loads. */
    accesses("LILILILILILI", (const uint64_t[]){0, 90, 3, 80, 6, 91, 0, 70, 3, 81, 6, 95});
    assert_int_equal(run("[tlb.l1.x]\nentries=1\nways=1\n[prefetch]\nkind=stride\ndegree=1\n").prefetches_unmapped, 2);
}

static void prefetch_distance(void **unused)
{
    (void)unused;
    /* Distances 1 5 1 5 1, -13, and again. From the fourth lookup on, 1 is known to be followed by 5, and 5 by 1: 12, 13
     * and 18 are not mapped. -13 follows 1 then, so that 1 predicts -12 once; 7, 12 and 13 are right. */
    LOADS(0, 1, 6, 7, 12, 13, 0, 1, 6, 7, 12, 13);
    struct counters counters = run("[tlb.l1.x]\nentries=1\nways=1\n[prefetch]\nkind=distance\ndegree=1\n");
    assert_int_equal(counters.walks, 6 + 3);
    assert_int_equal(counters.prefetch_hits, 3);
    assert_int_equal(counters.prefetches, 3);
    assert_int_equal(counters.prefetches_unmapped, 3 + 1 + 1);
    /* With two slots, 1 predicts both 5 and -13 in the second round: of 1, 6, which comes, and -12; of 7, 12, and -6; of
     * 13, 18, and 0, which is mapped and never comes. */
    counters = run("[tlb.l1.x]\nentries=1\nways=1\n[prefetch]\nkind=distance\ndegree=2\n");
    assert_int_equal(counters.prefetch_hits, 4);
    assert_int_equal(counters.prefetches, 5);
    assert_int_equal(counters.prefetches_useless, 1);
    assert_int_equal(counters.prefetches_unmapped, 3 + 1 + 1 + 1);
    /* One row for all distances knows the last two: it predicts where a distance is that before the last, seven times.
     * In the first round 12, 13 and 18, -12 then, and in the second 12, 13 and 18 again. */
    counters = run("[tlb.l1.x]\nentries=1\nways=1\n[prefetch]\nkind=distance\ndegree=2\nrows=1\n");
    assert_int_equal(counters.prefetch_hits, 2);
    assert_int_equal(counters.prefetches, 2);
    assert_int_equal(counters.prefetches_unmapped, 5);
}

/* A prefetch goes through the walk caches and the caches like any walk, and its reads are counted apart. */
static void prefetch_walks(void **unused)
{
    (void)unused;
    rounds(2, 10);
    const struct counters counters = run("[tlb.l1.x]\nentries=1\nways=1\n[prefetch]\nkind=next\ndegree=1\n"
                                         "[walk_cache.pde]\nentries=1\nways=1\n[memory]\nmodel=caches\n"
                                         "[cache.l1d]\nsize=4K\nways=full\nhit_cycles=4\n");
    /* One read a walk but for the first, in lines of eight entries: 3 + 2 from memory. */
    assert_int_equal(counters.walk_refs, 4 + 10);
    assert_int_equal(counters.pde_hits, 10);
    assert_int_equal(counters.cache_dram, 5);
    assert_int_equal(counters.cache_l1d_hits, 9);
    assert_int_equal(counters.prefetch_walk_refs, 9);
    assert_int_equal(counters.prefetch_walk_cycles, 9 * 4);
    assert_int_equal(counters.longest_walk_cycles, 4 * 200);
}

/* ---- Sweeps ---- */

static const char *const axes[][8] = {
    {"tlb.l1l.x.sector", "1", "2", "4", "16"},
    {"tlb.l1l.x.sector_fill", "page", "all"},
    {"tlb.l1l.x.ways", "1", "2", "4", "8"},
    {"tlb.l1s.x.ways", "1", "2", "4"},
    {"tlb.l2.x.coalesce", "1", "2", "8", "16"},
    {"tlb.l2.x.coalesce_rule", "run", "whole"},
    {"tlb.l2.x.ways", "2", "4", "8"},
    {"tlb.l2.x.policy", "lru", "lfu", "plru", "random"},
    {"prefetch.kind", "none", "next", "stride", "distance"},
    {"prefetch.degree", "1", "2", "8"},
    {"prefetch.rows", "1", "256"},
    {"memory.model", "fixed", "caches"},
    {"os.page_size", "4K", "64K", "2M"},
};

static void assert_together_equals_alone(const struct configuration *sweep, size_t number, uint32_t most,
                                         const char *machine)
{
    struct plan *plan = plan_of(sweep, number);
    feed(plan, most);
    for (size_t i = 0; i < number; i++) {
        struct counters together;
        struct counters alone;
        plan_counters(plan, i, &together);
        struct plan *single = plan_of(&sweep[i], 1);
        feed(single, BLOCK_ACCESSES);
        plan_counters(single, 0, &alone);
        plan_free(single);
        assert_same(&together, &alone, machine);
    }
    plan_free(plan);
}

/* One plan of many configurations, which agree in some of it, counts what each alone counts. */
static void sweeps(void **unused)
{
    (void)unused;
    static const char machine[] = "[tlb.l1i.x]\nentries=16\nways=4\n[tlb.l1l.x]\nentries=16\nways=2\n"
                                  "[tlb.l1s.x]\nentries=4\nways=2\n"
                                  "[tlb.l2.x]\nentries=64\nways=4\n[walk_cache.pde]\nentries=4\nways=2\n"
                                  "[memory]\nmodel=caches\n[cache.l1d]\nsize=4K\nways=4\nhit_cycles=4\n";
    for (uint64_t s = 0; s < SWEEPS; s++) {
        uint64_t state = s;
        struct configuration sweep[SWEEP];
        for (size_t i = 0; i < SWEEP; i++) {
            struct err err;
            struct machine_text *text = machine_text_parse("test.ini", machine, &err);
            assert_non_null(text);
            for (size_t a = 0; a < sizeof axes / sizeof *axes; a++) {
                unsigned values = 1;
                while (values < 8 && axes[a][values] != NULL)
                    values++;
                if (random_below(&state, 3) != 0 &&
                    !machine_text_set(text, axes[a][0], axes[a][1 + random_below(&state, values - 1)], "test", &err))
                    fail_msg("%s", err.text);
            }
            sweep[i] = (struct configuration){.only = random_below(&state, 4) == 0 ? KINDS_DATA : KINDS_ALL, .seed = 7};
            if (!machine_resolve(text, &sweep[i].machine, &err))
                fail_msg("%s", err.text);
            sweep[i].machine.source = "";
            machine_text_free(text);
        }
        count = TRACE_ACCESSES;
        random_trace(&state, sweep[0].machine.format, 4096, va, meta, count);
        assert_together_equals_alone(sweep, SWEEP, 1 + random_below(&state, BLOCK_ACCESSES), machine);
    }
}

/* Walk caches and caches that differ in their ways alone, which are stacks elsewhere, behind one prefetcher. */
static void sweeps_behind_prefetches(void **unused)
{
    (void)unused;
    struct configuration sweep[4];
    char machine[256];
    for (unsigned i = 0; i < 4; i++) {
        snprintf(machine, sizeof machine,
                 "[tlb.l1.x]\nentries=8\nways=4\n[prefetch]\nkind=next\n[walk_cache.pde]\nsets=1\nways=%u\n[memory]\n"
                 "model=caches\n[cache.l1d]\nsize=%u\nways=%u\nhit_cycles=4\n",
                 i < 2 ? 2 + i : 3, 256U << (i > 2), 2U << (i > 2));
        sweep[i] = configuration_of(machine);
    }
    uint64_t state = 3;
    count = TRACE_ACCESSES;
    random_trace(&state, sweep[0].machine.format, 4096, va, meta, count);
    assert_together_equals_alone(sweep, 4, BLOCK_ACCESSES, machine);
}

/* Walk caches as lanes behind PDEs of a TLB, and reads and settle behind them; and some without PDEs. */
static void sweeps_of_pdes(void **unused)
{
    (void)unused;
    struct configuration sweep[8];
    char machine[512];
    for (unsigned i = 0; i < 8; i++) {
        snprintf(machine, sizeof machine,
                 "[tlb.l1.x]\nentries=8\nways=4\n[tlb.l2i.x]\nentries=32\nways=4\n[tlb.l2d.x]\nentries=64\nways=4\n"
                 "pdes=%s\n[walk_cache.pdpte]\nsets=1\nways=%u\n[memory]\nmodel=caches\n[cache.l1d]\nsize=256\n"
                 "ways=2\nhit_cycles=4\n",
                 i < 6 ? "yes" : "no", 1 + i % 6);
        sweep[i] = configuration_of(machine);
    }
    uint64_t state = 4;
    count = TRACE_ACCESSES;
    random_trace(&state, sweep[0].machine.format, 4096, va, meta, count);
    assert_together_equals_alone(sweep, 8, BLOCK_ACCESSES, machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sectors),
        cmocka_unit_test(sectors_filled_whole),
        cmocka_unit_test(coalesced_runs),
        cmocka_unit_test(coalesced_below),
        cmocka_unit_test(coalescing_makes_room),
        cmocka_unit_test(contiguous_bit),
        cmocka_unit_test(loads_and_stores),
        cmocka_unit_test(pdes),
        cmocka_unit_test(prefetch_next),
        cmocka_unit_test(prefetch_stride),
        cmocka_unit_test(prefetch_distance),
        cmocka_unit_test(prefetch_walks),
        cmocka_unit_test(sweeps),
        cmocka_unit_test(sweeps_behind_prefetches),
        cmocka_unit_test(sweeps_of_pdes),
    };
    return cmocka_run_group_tests_name("arrays", tests, NULL, NULL);
}
