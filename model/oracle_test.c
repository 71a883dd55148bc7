/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The oracle against closed forms worked out by hand from the definitions: small machines, few accesses, every number
 * derived in a comment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/oracle.h"
#include "model/random.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const uint64_t K = 1024, M = 1024 * 1024, G = 1024 * 1024 * 1024;

/* ---- Machines by hand ---- */

/* No arrays, no walk caches; a read costs 10. */
static struct configuration machine_of(const char *format, uint64_t page_size_bytes)
{
    struct configuration configuration = {.only = KINDS_ALL, .seed = 1};
    struct machine *machine = &configuration.machine;
    struct err err;
    machine->format = page_table_named(format);
    assert_non_null(machine->format);
    machine->page_size_bytes = page_size_bytes;
    assert_true(page_table_leaf_level(machine->format, page_size_bytes, &machine->leaf_level, &err));
    machine->walker_count = 1;
    machine->process.cpus = 1;
    machine->memory_model = MEMORY_FIXED;
    machine->fixed_cycles = 10;
    machine->dram_cycles = 200;
    return configuration;
}

static struct geometry geometry(uint32_t sets, uint32_t ways)
{
    return (struct geometry){.entries = sets * ways, .sets = sets, .ways = ways};
}

/* An LRU array for any page size; the caller changes what it wants otherwise. Levels in order. */
static struct tlb_array *add_array(struct configuration *configuration, unsigned level, enum kinds kinds, uint32_t sets,
                                   uint32_t ways)
{
    struct machine *machine = &configuration->machine;
    struct tlb_array *array = &machine->array[machine->array_count++];
    snprintf(array->name, sizeof array->name, "l%u%s.any", level,
             kinds == KINDS_ALL ? "" : (kinds == KINDS_DATA ? "d" : "i"));
    array->level = level;
    array->kinds = kinds;
    array->geometry = geometry(sets, ways);
    return array;
}

static void add_cache(struct configuration *configuration, unsigned cache, uint32_t sets, uint32_t ways,
                      uint32_t line_bytes, uint32_t hit_cycles)
{
    configuration->machine.memory_model = MEMORY_CACHES;
    configuration->machine.cache[cache] =
        (struct memory_cache){.geometry = geometry(sets, ways), .line_bytes = line_bytes, .hit_cycles = hit_cycles};
}

/* ---- Traces by hand ---- */

/* One-byte loads. */
static struct counters run_loads(const struct configuration *configuration, const uint64_t *va, size_t count)
{
    uint16_t meta[1024];
    struct counters counters;
    assert_true(count <= LENGTH(meta));
    for (size_t i = 0; i < count; i++)
        meta[i] = access_meta(ACCESS_LOAD, 1);
    oracle_run(configuration, va, meta, count, &counters);
    return counters;
}

/* One-byte loads of pages called A, B, ... (A = page 0); what the first level made of each: 'h' or 'm'. */
static void assert_first_level(const struct configuration *configuration, const char *pages, const char *expected)
{
    uint64_t va[64];
    char found[64] = "";
    const size_t count = strlen(pages);
    uint64_t hits = 0;
    for (size_t i = 0; i < count; i++) {
        va[i] = (uint64_t)(pages[i] - 'A') * configuration->machine.page_size_bytes;
        const struct counters counters = run_loads(configuration, va, i + 1);
        assert_int_equal(counters.l1d_hits + counters.l1d_misses, i + 1);
        found[i] = counters.l1d_hits > hits ? 'h' : 'm';
        hits = counters.l1d_hits;
    }
    assert_string_equal(found, expected);
}

/* ---- 1. Accesses and lookups ---- */

static void crossings(void **unused)
{
    (void)unused;
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 8);
    const uint64_t va[] = {
        4095,                          /* 1 byte: page 0 */
        4095,                          /* 2 bytes: pages 0 and 1 */
        1,                             /* 4096 bytes: pages 0 and 1 */
        4096,                          /* 4096 bytes: page 1 */
        UINT64_C(0) - 4097,            /* 4096 bytes: the last two pages of the address space */
        UINT64_C(0) - 1,               /* 1 byte: the last page */
        UINT64_C(0x7fffffffffff) - 15, /* 16 bytes: the last ones of the lower half */
    };
    const uint16_t meta[] = {
        access_meta(ACCESS_FETCH, 1),     access_meta(ACCESS_LOAD, 2),    access_meta(ACCESS_STORE, 4096),
        access_meta(ACCESS_MODIFY, 4096), access_meta(ACCESS_LOAD, 4096), access_meta(ACCESS_MODIFY, 1),
        access_meta(ACCESS_FETCH, 16),
    };
    struct counters counters;
    oracle_run(&configuration, va, meta, LENGTH(va), &counters);
    assert_int_equal(counters.accesses, 7);
    assert_int_equal(counters.instructions, 2);
    assert_int_equal(counters.loads, 2);
    assert_int_equal(counters.stores, 1);
    assert_int_equal(counters.modifies, 2);
    assert_int_equal(counters.page_crossings, 3);
    assert_int_equal(counters.lookups, 10);
    assert_int_equal(counters.pages_touched, 5);
    /* Fetches: page 0 misses, the last of the lower half misses. Data: of its 8 lookups page 1 and the last two miss.
     */
    assert_int_equal(counters.l1i_misses, 2);
    assert_int_equal(counters.l1i_hits, 0);
    assert_int_equal(counters.l1d_misses, 3);
    assert_int_equal(counters.l1d_hits, 5);
}

/* On a 2M page the same access crosses nothing. */
static void no_crossing_in_a_large_page(void **unused)
{
    (void)unused;
    struct configuration configuration = machine_of("x86-64", 2 * M);
    add_array(&configuration, 1, KINDS_ALL, 1, 8);
    const uint64_t va[] = {4095, 2 * M - 1};
    const uint16_t meta[] = {access_meta(ACCESS_LOAD, 2), access_meta(ACCESS_LOAD, 2)};
    struct counters counters;
    oracle_run(&configuration, va, meta, LENGTH(va), &counters);
    assert_int_equal(counters.page_crossings, 1);
    assert_int_equal(counters.pages_touched, 2);
}

static void kinds_that_are_dropped(void **unused)
{
    (void)unused;
    const uint64_t va[] = {0, 4095, 8192};
    const uint16_t meta[] = {access_meta(ACCESS_FETCH, 4), access_meta(ACCESS_LOAD, 4), access_meta(ACCESS_FETCH, 4)};
    struct counters counters;

    /* Without l1i, the two fetches are only counted as instructions. */
    struct configuration data = machine_of("x86-64", 4 * K);
    add_array(&data, 1, KINDS_DATA, 1, 4);
    oracle_run(&data, va, meta, LENGTH(va), &counters);
    assert_int_equal(counters.accesses, 1);
    assert_int_equal(counters.lookups, 2);
    assert_int_equal(counters.instructions, 2);
    assert_int_equal(counters.pages_touched, 2);

    /* The same by `only`. */
    struct configuration only = machine_of("x86-64", 4 * K);
    add_array(&only, 1, KINDS_ALL, 1, 4);
    only.only = KINDS_INSTRUCTIONS;
    oracle_run(&only, va, meta, LENGTH(va), &counters);
    assert_int_equal(counters.accesses, 2);
    assert_int_equal(counters.loads, 0);
    assert_int_equal(counters.lookups, 2);

    /* Nothing left: zeros, but for instructions. */
    data.only = KINDS_INSTRUCTIONS;
    oracle_run(&data, va, meta, LENGTH(va), &counters);
    const struct counters nothing = {.instructions = 2};
    assert_memory_equal(&counters, &nothing, sizeof nothing);
}

/* ---- 2. Translation buffers: sets ---- */

static void sets(void **unused)
{
    (void)unused;
    /* 3 sets: pages 0 (A) and 3 (D) share set 0, 1 (B) has its own. */
    struct configuration odd = machine_of("x86-64", 4 * K);
    add_array(&odd, 1, KINDS_ALL, 3, 1);
    assert_first_level(&odd, "ABDAB", "mmmmh");

    /* 4 sets by 2-bit fields: A = 00 00 and F = 01 01 are in set 0, E = 01 00 is in set 1; modulo, A and E share a set.
     */
    struct configuration xor = machine_of("x86-64", 4 * K);
    struct tlb_array *array = add_array(&xor, 1, KINDS_ALL, 4, 1);
    assert_first_level(&xor, "AFA", "mmh");
    assert_first_level(&xor, "AEA", "mmm");
    array->index = INDEX_XOR;
    assert_first_level(&xor, "AFA", "mmm");
    assert_first_level(&xor, "AEA", "mmh");

    /* All fields count, the last half one too. The first page of the upper half has the bits 35 to 51 of its number
     * set; with 8 sets they are 100 of field 11, 111 of fields 12 to 16 and 001 of field 17: 100 ^ 111 ^ 001 = 010, the
     * set of page 2 and not of page 3. */
    struct configuration top = machine_of("x86-64", 4 * K);
    add_array(&top, 1, KINDS_ALL, 8, 1)->index = INDEX_XOR;
    const uint64_t shared[] = {2 * 4 * K, UINT64_C(0xffff800000000000), 2 * 4 * K};
    assert_int_equal(run_loads(&top, shared, LENGTH(shared)).l1d_hits, 0);
    const uint64_t own[] = {3 * 4 * K, UINT64_C(0xffff800000000000), 3 * 4 * K};
    assert_int_equal(run_loads(&top, own, LENGTH(own)).l1d_hits, 1);
}

/* ---- 2. Translation buffers: replacement in one set of four ways ---- */

static struct configuration one_set(enum policy policy)
{
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 4)->policy = policy;
    return configuration;
}

static void lru(void **unused)
{
    (void)unused;
    /* A hit leaves B the oldest: E takes B's way, B takes C's; A, D, E are there; C is not. */
    const struct configuration configuration = one_set(POLICY_LRU);
    assert_first_level(&configuration, "ABCDAEBADEC", "mmmmhmmhhhm");
}

static void fifo(void **unused)
{
    (void)unused;
    /* The hit does not help A: E takes A's way, A takes B's; C, D, E are there; B is not. */
    const struct configuration configuration = one_set(POLICY_FIFO);
    assert_first_level(&configuration, "ABCDAEACDEB", "mmmmhmmhhhm");
}

static void lfu(void **unused)
{
    (void)unused;
    /* After ABCDABBC the counts are A2 B3 C2 D1. E takes D's way (E1), D takes E's (D1), E takes D's (E1: the count was
     * lost), E hits (E2). F: A, C and E have 2, A was used least recently: F takes A's way (F1), A takes F's (A1). C, B
     * and E are there. */
    const struct configuration configuration = one_set(POLICY_LFU);
    assert_first_level(&configuration, "ABCDABBCEDEEFACBE", "mmmmhhhhmmmhmmhhh");
}

static void plru(void **unused)
{
    (void)unused;
    /* Bits root/left/right. ABCD into ways 0 to 3: 1/1/0, 1/0/0, 0/0/1, 0/0/0. A hits: 1/1/0. E goes right, left: takes
     * C's way 2: 0/1/1. B is there (way 1): 1/0/1. C goes right, right: takes D's way 3: 0/0/0. D goes left, left:
     * takes A's way 0: 1/1/0. B (way 1): 1/0/0, E (way 2): 0/0/1, C (way 3): 0/0/0 are there; A is not. */
    const struct configuration configuration = one_set(POLICY_PLRU);
    assert_first_level(&configuration, "ABCDAEBCDBECA", "mmmmhmhmmhhhm");
}

static void nru(void **unused)
{
    (void)unused;
    /* Bits of ways 0 to 3. After ABCD 0000. E: none is 1, all become 1, takes A's way 0: 0111. C (way 2) hits: 0101. F
     * takes B's way 1: 0001. G takes D's way 3: 0000. A: all become 1, takes E's way 0: 0111. B takes F's way 1: 0011.
     * C is there: 0001. E takes G's way 3. A and B are there. */
    const struct configuration configuration = one_set(POLICY_NRU);
    assert_first_level(&configuration, "ABCDECFGABCEAB", "mmmmmhmmmmhmhh");
}

static void srrip(void **unused)
{
    (void)unused;
    /* Ways 0 to 3. After ABCD 2222. A hits: 0222. E: none at 3, 1333, takes B's way 1: 1233. F takes C's way 2: 1223. G
     * takes D's way 3: 1222. H: 2333, takes E's way 1: 2233. A hits: 0233. G (way 3) hits: 0230. I takes F's way 2:
     * 0220. J: 1331, takes H's way 1: 1231. A, I, G are there; H is not. */
    const struct configuration configuration = one_set(POLICY_SRRIP);
    assert_first_level(&configuration, "ABCDAEFGHAGIJAIGH", "mmmmhmmmmhhmmhhhm");
}

static void random_policy(void **unused)
{
    (void)unused;
    /* Ways 0 to 3 hold ABCD; the generator's first number is drawn when E comes, not before. */
    struct configuration configuration = one_set(POLICY_RANDOM);
    for (configuration.seed = 0; configuration.seed < 20; configuration.seed++) {
        uint64_t state = random_seed(configuration.seed, "l1.any");
        char way[] = "ABCD";
        char pages[] = "ABCDAEFGXX";
        for (const char *page = "EFG"; *page != '\0'; page++)
            way[random_below(&state, 4)] = *page;
        for (char page = 'A'; page <= 'D'; page++) {
            pages[8] = page;
            pages[9] = way[0] == page ? way[1] : way[0];
            /* Of the two pages that follow, the last is surely there where the first is. */
            const bool there = strchr(way, page) != NULL;
            uint64_t va[10];
            for (size_t i = 0; i < LENGTH(va); i++)
                va[i] = (uint64_t)(pages[i] - 'A') * 4 * K;
            const uint64_t before = run_loads(&configuration, va, 8).l1d_hits;
            assert_int_equal(run_loads(&configuration, va, 9).l1d_hits - before, there);
            if (there)
                assert_int_equal(run_loads(&configuration, va, 10).l1d_hits - before, 2);
        }
    }
}

/* ---- 2. Translation buffers: levels ---- */

static void levels(void **unused)
{
    (void)unused;
    /* L1 of one entry, L2 of two, LRU, filled by every walk. A, B walk; A, B hit L2; C walks and L2 forgets A, which
     * was hit before B; B hits L2; A walks. */
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    add_array(&configuration, 2, KINDS_ALL, 1, 2)->hit_cycles = 7;
    const uint64_t a = 0, b = 4096, c = 8192;
    const uint64_t va[] = {a, b, a, b, c, b, a, a};
    const struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.l1d_hits, 1);
    assert_int_equal(counters.l1d_misses, 7);
    assert_int_equal(counters.l2_hits, 3);
    assert_int_equal(counters.l2_misses, 4);
    assert_int_equal(counters.l3_misses, 0);
    assert_int_equal(counters.walks, 4);
    assert_int_equal(counters.walk_refs, 16);
    assert_int_equal(counters.walk_cycles, 160);
    assert_int_equal(counters.translation_cycles, 3 * 7 + 160);
}

static void levels_forget_on_their_own(void **unused)
{
    (void)unused;
    /* Two levels of two entries: what L1 evicts does not touch L2. C takes A's place in both, so that A walks again. */
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 2);
    add_array(&configuration, 2, KINDS_ALL, 1, 2);
    const uint64_t va[] = {0, 4096, 8192, 0};
    const struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.l2_hits, 0);
    assert_int_equal(counters.walks, 4);
}

static void sizes_that_a_level_does_not_serve(void **unused)
{
    (void)unused;
    /* L1 holds only 2M pages, L2 any: the 64K page misses L1 always, and L2 once. */
    struct configuration configuration = machine_of("x86-64", 64 * K);
    struct tlb_array *array = add_array(&configuration, 1, KINDS_ALL, 1, 4);
    array->page_sizes = 2 * M;
    add_array(&configuration, 2, KINDS_ALL, 1, 4);
    const uint64_t va[] = {0, 4096, 0};
    const struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.l1d_misses, 3);
    assert_int_equal(counters.l1d_hits, 0);
    assert_int_equal(counters.l2_hits, 2);
    assert_int_equal(counters.walks, 1);

    /* A level that serves instructions only is missed by data. */
    struct configuration split = machine_of("x86-64", 4 * K);
    add_array(&split, 1, KINDS_DATA, 1, 1);
    add_array(&split, 2, KINDS_INSTRUCTIONS, 1, 4);
    const struct counters missed = run_loads(&split, va, LENGTH(va));
    assert_int_equal(missed.l2_misses, 3);
    assert_int_equal(missed.walks, 3);
}

/* ---- 2. Translation buffers: victims ---- */

static struct configuration victim_machine(void)
{
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    struct tlb_array *array = add_array(&configuration, 2, KINDS_ALL, 1, 2);
    array->fill = FILL_VICTIM;
    array->hit_cycles = 7;
    return configuration;
}

static void victim_hit_moves_the_entry(void **unused)
{
    (void)unused;
    /* L1 | L2 afterwards: A walks, A|-; B walks, B|A; A hits L2, A|B; B hits, B|A; C walks, C|AB; A hits, A|BC: three
     * pages in three entries, which no inclusive pair of these sizes holds. B hits, B|CA; C hits, C|AB. */
    const struct configuration configuration = victim_machine();
    const uint64_t a = 0, b = 4096, c = 8192;
    const uint64_t va[] = {a, b, a, b, c, a, b, c};
    const struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.l1d_hits, 0);
    assert_int_equal(counters.l2_hits, 5);
    assert_int_equal(counters.l2_misses, 3);
    assert_int_equal(counters.walks, 3);
    assert_int_equal(counters.translation_cycles, 5 * 7 + 3 * 40);
}

static void victim_that_is_there_already(void **unused)
{
    (void)unused;
    /* Split L1 of one entry each above a shared L2 of two, victim, LRU. I|D|L2, the most recent last: fetch A: A|-|-;
     * load A: A|A|-; fetch B: B|A|A; fetch C: C|A|AB; load C evicts A, which is there and made most recent: C|C|BA;
     * load D evicts C, which takes B's way: C|D|AC; fetch A hits L2 and evicts C, there already: A|D|C. */
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_INSTRUCTIONS, 1, 1);
    add_array(&configuration, 1, KINDS_DATA, 1, 1);
    add_array(&configuration, 2, KINDS_ALL, 1, 2)->fill = FILL_VICTIM;
    const uint64_t a = 0, b = 4096, c = 8192, d = 12288;
    const uint16_t fetch = access_meta(ACCESS_FETCH, 1), load = access_meta(ACCESS_LOAD, 1);
    const uint64_t va[] = {a, a, b, c, c, d, a};
    const uint16_t meta[] = {fetch, load, fetch, fetch, load, load, fetch};
    struct counters counters;
    oracle_run(&configuration, va, meta, LENGTH(va), &counters);
    assert_int_equal(counters.l1i_misses, 4);
    assert_int_equal(counters.l1d_misses, 3);
    assert_int_equal(counters.l2_hits, 1);
    assert_int_equal(counters.walks, 6);
}

static void victim_with_nothing_above(void **unused)
{
    (void)unused;
    /* Where no array above serves the size, the victim array is filled by walks, and a hit stays. */
    struct configuration configuration = victim_machine();
    configuration.machine.array[0].page_sizes = 2 * M;
    const uint64_t va[] = {0, 0, 4096, 0, 4096, 8192, 4096, 0};
    /* A walks, hits; B walks; both hit; C walks and evicts A; B hits, A walks. */
    const struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.l1d_misses, 8);
    assert_int_equal(counters.l2_hits, 4);
    assert_int_equal(counters.walks, 4);
}

static void victims_of_victims(void **unused)
{
    (void)unused;
    /* L1, L2, L3 of one entry each, L2 and L3 victims. A: A||; B: B|A|; C: C|B|A; A hits L3: it leaves, L1 evicts C, L2
     * evicts B, which L3 takes: A|C|B; C hits L2: C|A|B, L3 untouched; B hits L3: B|C|A; D walks: D|B|C, A is lost; A
     * walks. */
    struct configuration configuration = victim_machine();
    configuration.machine.array[1].geometry = geometry(1, 1);
    struct tlb_array *array = add_array(&configuration, 3, KINDS_ALL, 1, 1);
    array->fill = FILL_VICTIM;
    array->hit_cycles = 20;
    const uint64_t a = 0, b = 4096, c = 8192, d = 12288;
    const uint64_t va[] = {a, b, c, a, c, b, d, a};
    const struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.l2_hits, 1);
    assert_int_equal(counters.l3_hits, 2);
    assert_int_equal(counters.walks, 5);
    assert_int_equal(counters.translation_cycles, 7 + 2 * 20 + 5 * 40);
}

/* ---- 3. Page tables and walks ---- */

static void reads_of_a_walk(void **unused)
{
    (void)unused;
    static const struct {
        const char *format;
        uint64_t page_size_bytes;
        uint64_t reads;
    } walks[] = {
        {"x86-64", 4 * K, 4},     {"x86-64", 2 * M, 3},      {"x86-64", 1 * G, 2},   {"x86-64", 64 * K, 4},
        {"x86-64", 4 * M, 3},     {"x86-64-la57", 4 * K, 5}, {"i386", 4 * K, 2},     {"i386", 4 * M, 1},
        {"sv39", 4 * K, 3},       {"sv39", 1 * G, 1},        {"armv8-4k", 4 * K, 4}, {"armv8-16k", 16 * K, 4},
        {"armv8-64k", 64 * K, 3},
    };
    for (size_t i = 0; i < LENGTH(walks); i++) {
        struct configuration configuration = machine_of(walks[i].format, walks[i].page_size_bytes);
        add_array(&configuration, 1, KINDS_ALL, 1, 1);
        const uint64_t va = 0;
        assert_int_equal(run_loads(&configuration, &va, 1).walk_refs, walks[i].reads);
    }
}

static void one_access_a_page(void **unused)
{
    (void)unused;
    uint64_t va[512];
    for (size_t i = 0; i < LENGTH(va); i++)
        va[i] = i * 4 * K;
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);

    /* Without walk caches, 4 entries a walk. */
    struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.walks, 512);
    assert_int_equal(counters.walk_refs, 4 * 512);

    /* The 512 pages share one pd entry: 4 once, then 1.00. */
    configuration.machine.walk_cache[2] = geometry(1, 1);
    counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.walks, 512);
    assert_int_equal(counters.walk_refs, 4 + 511);
    assert_int_equal(counters.pde_hits, 511);

    /* Which is all there is to gain: the deepest wins, and no other counts. */
    configuration.machine.walk_cache[0] = geometry(1, 1);
    configuration.machine.walk_cache[1] = geometry(1, 1);
    counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.walk_refs, 4 + 511);
    assert_int_equal(counters.pde_hits, 511);
    assert_int_equal(counters.pdpte_hits + counters.pml4e_hits, 0);

    /* The leaf of a 2M page is a pd entry, and no leaf is filled: pdpte alone helps, pml4 and pdpt reads fall away. */
    for (size_t i = 0; i < LENGTH(va); i++)
        va[i] = i * 2 * M;
    configuration.machine.page_size_bytes = 2 * M;
    configuration.machine.leaf_level = 2;
    counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.walk_refs, 3 + 511);
    assert_int_equal(counters.pdpte_hits, 511);
    assert_int_equal(counters.pde_hits, 0);
}

static void walk_caches_forget_the_least_recent(void **unused)
{
    (void)unused;
    /* A pde cache of two entries in one set; regions of 2M: P, Q, R. P, Q read 4 each and fill; P's second page is a
     * hit and makes P most recent; R reads 4 and evicts Q; P 1; Q 4. */
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    configuration.machine.walk_cache[2] = geometry(1, 2);
    const uint64_t va[] = {0, 2 * M, 4096, 4 * M, 8192, 2 * M + 4096};
    const struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.walk_refs, 4 + 4 + 1 + 4 + 1 + 4);
    assert_int_equal(counters.pde_hits, 2);

    /* In two sets of one way P and R share a set (prefixes 0 and 2): Q stays, P is read again. */
    configuration.machine.walk_cache[2] = geometry(2, 1);
    const struct counters in_sets = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(in_sets.walk_refs, 4 + 4 + 1 + 4 + 4 + 1);
}

static void placement_of_4k_pages(void **unused)
{
    (void)unused;
    /* Frames: root 0; for page 0 pdpt 1, pd 2, pt 3, the page 4; page 1 is 5; the page at 1G shares root and pdpt: pd
     * 6, pt 7, the page 8; the one behind it is 9. Six tables. */
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    /* A line a frame, set = frame mod 4: the tables of the first two pages are in sets 0 to 3; pd 6 and pt 7 in sets 2
     * and 3. */
    add_cache(&configuration, 0, 4, 1, 4096, 4);
    const uint64_t va[] = {0, 4096, 1 * G, 1 * G + 4096};
    const struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.pages_touched, 4);
    assert_int_equal(counters.page_table_bytes, 6 * 4096);
    assert_int_equal(counters.frames_page_table, 6);
    assert_int_equal(counters.frames_mapped, 4);
    assert_int_equal(counters.cache_dram, 4 + 0 + 2 + 0);
    assert_int_equal(counters.cache_l1d_hits, 0 + 4 + 2 + 4);
}

static void placement_of_2m_pages(void **unused)
{
    (void)unused;
    /* Frames: root 0, pdpt 1, pd 2, page 0 from 512 (509 are skipped), page 1 from 1024; at 1G: pd 1536, the page from
     * 2048; the one behind it from 2560. Four tables. */
    struct configuration configuration = machine_of("x86-64", 2 * M);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    /* A line a frame, set = frame mod 5: 0, 1, 2, and 1536 mod 5 = 1, where pdpt is. Reads: miss x 3; hit x 3; hit,
     * hit, miss (pdpt leaves); hit, miss (pd leaves), miss. */
    add_cache(&configuration, 2, 5, 1, 4096, 40);
    const uint64_t va[] = {0, 2 * M, 1 * G, 1 * G + 2 * M};
    const struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.pages_touched, 4);
    assert_int_equal(counters.page_table_bytes, 4 * 4096);
    assert_int_equal(counters.frames_page_table, 4);
    assert_int_equal(counters.frames_mapped, 4 * 512);
    assert_int_equal(counters.cache_l3_hits, 6);
    assert_int_equal(counters.cache_dram, 6);
    assert_int_equal(counters.walk_cycles, 6 * 40 + 6 * 200);
}

/* Tables smaller than a frame: 48 bits in pages of 16K leave one bit to the root, a table of 2 x 8 bytes. */
static void placement_of_a_small_root(void **unused)
{
    (void)unused;
    struct configuration configuration = machine_of("armv8-16k", 16 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    const uint64_t va = 0;
    const struct counters counters = run_loads(&configuration, &va, 1);
    assert_int_equal(counters.page_table_bytes, 16 + 3 * 16384);
    assert_int_equal(counters.frames_page_table, 4);
    assert_int_equal(counters.frames_mapped, 1);
}

static void first_entry_of_a_run(void **unused)
{
    (void)unused;
    /* The 64K page 1 is mapped by pt entries 16 to 31, bytes 128 to 255; entry 16 is read, wherever in the page va is.
     * The page is evicted by page 4096 (at 256M), whose pt is another; then its line is there. Reads 4, 4 (the root and
     * pdpt lines are there), 4 (all are). Frames in between: no table shares a line. */
    struct configuration configuration = machine_of("x86-64", 64 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    add_cache(&configuration, 0, 1, 64, 64, 4);
    const uint64_t va[] = {64 * K + 15 * 4096, 256 * M, 64 * K};
    const struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.walk_refs, 12);
    /* The pd entries 0 and 128 are in different lines. */
    assert_int_equal(counters.cache_dram, 4 + 2 + 0);
    assert_int_equal(counters.frames_mapped, 2 * 16);
}

static void caches_forget_the_least_recent(void **unused)
{
    (void)unused;
    /* 1G pages 0, 8 and 16: the root entry is the same, the pdpt entries lie in three lines. A cache of two lines: the
     * root's is hit each time and stays. */
    struct configuration configuration = machine_of("x86-64", 1 * G);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    add_cache(&configuration, 0, 1, 2, 64, 4);
    const uint64_t va[] = {0, 8 * G, 16 * G};
    const struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.walk_refs, 6);
    assert_int_equal(counters.cache_l1d_hits, 2);
    assert_int_equal(counters.cache_dram, 4);
}

/* ---- 4. Cycles ---- */

static void longest_walk(void **unused)
{
    (void)unused;
    /* First walk: 5 + 4 x 200 from memory. Second: after a pde hit, its pt entry lies in the line just read, which is
     * the one that the first-level cache holds: 5 + 4. Third, another pt (at 2M) after a pdpte hit: the pd entry's line
     * is in L2 only, the pt entry in memory: 5 + 14 + 200. */
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    configuration.machine.walk_cache[1] = geometry(1, 1);
    configuration.machine.walk_cache[2] = geometry(1, 1);
    configuration.machine.walker_setup_cycles = 5;
    configuration.machine.walker_count = 2;
    add_cache(&configuration, 0, 1, 1, 64, 4);
    add_cache(&configuration, 1, 64, 4, 64, 14);
    const uint64_t va[] = {0, 4096, 2 * M};
    struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.walk_refs, 4 + 1 + 2);
    assert_int_equal(counters.pde_hits, 1);
    assert_int_equal(counters.pdpte_hits, 1);
    assert_int_equal(counters.cache_l1d_hits, 1);
    assert_int_equal(counters.cache_l2_hits, 1);
    assert_int_equal(counters.cache_dram, 5);
    assert_int_equal(counters.longest_walk_cycles, 805);
    assert_int_equal(counters.walk_cycles, 805 + 9 + 219);
    assert_int_equal(counters.translation_cycles, 1033);
    /* Half of 1033, rounded up, is less than the longest walk; the whole is not. */
    assert_int_equal(counters.translation_cycles_min, 805);
    configuration.machine.walker_count = 1;
    counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.translation_cycles_min, 1033);
}

static void walkers_share_the_work_rounded_up(void **unused)
{
    (void)unused;
    /* Five walks of 40 by three walkers: 200 / 3 = 66.7. */
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    configuration.machine.walker_count = 3;
    const uint64_t va[] = {0, 4096, 0, 4096, 0};
    const struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.walk_cycles, 200);
    assert_int_equal(counters.longest_walk_cycles, 40);
    assert_int_equal(counters.translation_cycles_min, 67);
}

/* Pages of one 2M region, behind a cache of PDEs: the first walk reads four entries, nineteen read one. The 95th percentile
 * is the cost of the 19th of 20, and the 96th would be that of the 20th. */
static void percentiles_are_nearest_ranks(void **unused)
{
    (void)unused;
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    configuration.machine.walk_cache[2] = geometry(1, 1); /* PDEs */
    uint64_t va[21];
    for (size_t i = 0; i < LENGTH(va); i++)
        va[i] = i * 4 * K;
    struct counters counters = run_loads(&configuration, va, 20);
    assert_int_equal(counters.walk_p50_cycles, 10);
    assert_int_equal(counters.walk_p95_cycles, 10);
    assert_int_equal(counters.walk_p99_cycles, 40);

    /* Of 21, one in another region: p95 is the 20th, a long one. Through caches they are counted where that is asked for. */
    va[20] = G;
    counters = run_loads(&configuration, va, 21);
    assert_int_equal(counters.walk_p50_cycles, 10);
    assert_int_equal(counters.walk_p95_cycles, 40);
    add_cache(&configuration, 0, 1, 1, 4 * K, 3);
    assert_int_equal(run_loads(&configuration, va, 21).walk_p50_cycles, 0);
    configuration.walk_paths = true;
    assert_int_equal(run_loads(&configuration, va, 21).walk_p50_cycles, 3);
}

static void every_walk_is_kept(void **unused)
{
    (void)unused;
    struct configuration configuration = machine_of("x86-64", 2 * M);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    add_cache(&configuration, 1, 1, 8, 64, 7);
    const uint64_t va[] = {0, 8 * K, 4 * M, 4 * M};
    const uint16_t meta[] = {access_meta(ACCESS_LOAD, 1), access_meta(ACCESS_LOAD, 1), access_meta(ACCESS_FETCH, 1),
                             access_meta(ACCESS_LOAD, 1)};
    struct counters counters;
    struct oracle_walk *walks;
    assert_int_equal(oracle_run_walks(&configuration, va, meta, LENGTH(va), &counters, &walks), 2);
    assert_int_equal(walks[0].access, 0);
    assert_int_equal(walks[0].reads, 3);
    assert_int_equal(walks[0].cycles, 600);
    assert_int_equal(walks[0].server[2], MACHINE_CACHES);
    assert_int_equal(walks[1].access, 2);
    assert_true(walks[1].is_fetch);
    assert_int_equal(walks[1].cycles, 21); /* entries 0 and 2 of a table are in one line */
    assert_int_equal(walks[1].level[2], 2);
    assert_int_equal(walks[1].server[2], 1);
    free(walks);
}

static void bounds(void **unused)
{
    (void)unused;
    struct configuration configuration = machine_of("x86-64", 4 * K);
    add_array(&configuration, 1, KINDS_ALL, 1, 1);
    const uint64_t va[] = {0, 4096, 0, UINT64_C(1) << 30};
    configuration.ideal = IDEAL_PERFECT_TLB;
    struct counters counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.l1d_hits, 4);
    assert_int_equal(counters.walks + counters.l1d_misses + counters.translation_cycles, 0);
    assert_int_equal(counters.pages_touched, 3);
    assert_int_equal(counters.page_table_bytes, 6 * 4 * K); /* root, PDPT, and a PD and a PT for each GiB */
    configuration.ideal = IDEAL_NO_TRANSLATION;
    counters = run_loads(&configuration, va, LENGTH(va));
    assert_int_equal(counters.accesses, 4);
    assert_int_equal(counters.lookups + counters.pages_touched + counters.page_table_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crossings),
        cmocka_unit_test(no_crossing_in_a_large_page),
        cmocka_unit_test(kinds_that_are_dropped),
        cmocka_unit_test(sets),
        cmocka_unit_test(lru),
        cmocka_unit_test(fifo),
        cmocka_unit_test(lfu),
        cmocka_unit_test(plru),
        cmocka_unit_test(nru),
        cmocka_unit_test(srrip),
        cmocka_unit_test(random_policy),
        cmocka_unit_test(levels),
        cmocka_unit_test(levels_forget_on_their_own),
        cmocka_unit_test(sizes_that_a_level_does_not_serve),
        cmocka_unit_test(victim_hit_moves_the_entry),
        cmocka_unit_test(victim_that_is_there_already),
        cmocka_unit_test(victim_with_nothing_above),
        cmocka_unit_test(victims_of_victims),
        cmocka_unit_test(reads_of_a_walk),
        cmocka_unit_test(one_access_a_page),
        cmocka_unit_test(walk_caches_forget_the_least_recent),
        cmocka_unit_test(placement_of_4k_pages),
        cmocka_unit_test(placement_of_2m_pages),
        cmocka_unit_test(placement_of_a_small_root),
        cmocka_unit_test(first_entry_of_a_run),
        cmocka_unit_test(caches_forget_the_least_recent),
        cmocka_unit_test(longest_walk),
        cmocka_unit_test(walkers_share_the_work_rounded_up),
        cmocka_unit_test(percentiles_are_nearest_ranks),
        cmocka_unit_test(every_walk_is_kept),
        cmocka_unit_test(bounds),
    };
    return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
