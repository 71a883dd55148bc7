/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A trace in parts counts what it counts in one piece: random machines, traces and cuts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/plan.h"
#include "model/random.h"
#include "model/random_machine_testing.h"
#include "model/vector.h"

enum { TRACE_ACCESSES = 6000, PARTS_MAX = 64, DRAWS = 300, SWEEP = 12, SWEEPS = 25 };

static struct {
    size_t count;
    uint64_t va[TRACE_ACCESSES];
    uint16_t meta[TRACE_ACCESSES];
    uint32_t process[TRACE_ACCESSES];
} trace;

/* Of a third of the traces several processes' turns. */
static void draw_processes(uint64_t *state, const struct machine *machine)
{
    const uint32_t processes = machine_of_one_process(machine) == NULL && random_below(state, 3) == 0 ? 4 : 1;
    for (size_t i = 0; i < trace.count; i++)
        trace.process[i] =
            i > 0 && random_below(state, 100) > 0 ? trace.process[i - 1] : random_below(state, processes);
}

/* The accesses from `first` to before `end`, in blocks of random sizes. */
static void feed(struct plan *plan, size_t first, size_t end, uint64_t state)
{
    static struct block block;
    struct err err;
    const uint32_t most = 1 + random_below(&state, BLOCK_ACCESSES);
    for (size_t i = first; i < end; i += block.count) {
        const uint32_t size = 1 + random_below(&state, most);
        block_begin(&block, i + 1);
        block.process = trace.process[i];
        while (block.count < size && i + block.count < end && trace.process[i + block.count] == block.process)
            block.count++;
        block.mark_count = 1;
        block.mark[0] = (struct block_mark){0, i + 1};
        memcpy(block.va, trace.va + i, block.count * sizeof *block.va);
        memcpy(block.meta, trace.meta + i, block.count * sizeof *block.meta);
        block_summarise(&block);
        if (!plan_block(plan, &block, &err))
            fail_msg("%s", err.text);
    }
}

static void assert_same(const struct plan *whole, const struct plan *serial, size_t count, const char *where)
{
    bool same = true;
    for (size_t i = 0; i < count; i++) {
        struct counters a;
        struct counters b;
        plan_counters(whole, i, &a);
        plan_counters(serial, i, &b);
        for (const struct counter_info *info = counter_infos; info->name != NULL; info++) {
            if (counter_value(&a, info) == counter_value(&b, info))
                continue;
            print_error("configuration %zu, %s: in parts %" PRIu64 ", in one piece %" PRIu64 "\n", i, info->name,
                        counter_value(&a, info), counter_value(&b, info));
            same = false;
        }
    }
    if (!same)
        fail_msg("%s", where);
}

/* Ascending places to cut the trace at, `parts` - 1 of them behind the first; some parts are empty or short. */
static void draw_cuts(uint64_t *state, size_t *cut, size_t parts)
{
    cut[0] = 0;
    for (size_t i = 1; i < parts; i++) {
        const uint32_t form = random_below(state, 8);
        const size_t at = form == 0   ? cut[i - 1]
                          : form == 1 ? cut[i - 1] + 1
                                      : random_below(state, (uint32_t)trace.count + 1);
        size_t place = i; /* insertion, so that they ascend */
        for (; place > 1 && cut[place - 1] > at; place--)
            cut[place] = cut[place - 1];
        cut[place] = at < trace.count ? at : trace.count;
    }
    cut[parts] = trace.count;
}

static struct plan *created(struct plan *(*create)(const struct configuration *, size_t, struct err *),
                            const struct configuration *configurations, size_t count)
{
    struct err err;
    struct plan *plan = create(configurations, count, &err);
    assert_non_null(plan);
    return plan;
}

/* Every part must count right as soon as it is joined. Parts are run after all others are made, or with a plan that is
 * taken again; some are run by the whole itself. */
static void assert_parts_equal(const struct configuration *configurations, size_t count, uint64_t *state,
                               const char *machine)
{
    struct err err;
    size_t cut[PARTS_MAX + 1];
    const size_t parts = 1 + random_below(state, PARTS_MAX);
    draw_cuts(state, cut, parts);
    if (!plan_can_be_cut(configurations, count, &err))
        fail_msg("%s", err.text);
    struct plan *serial = created(plan_create, configurations, count);
    struct plan *whole = created(plan_create_whole, configurations, count);
    struct plan *part = created(plan_create_open, configurations, count);
    for (size_t i = 0; i < parts; i++) {
        const uint64_t blocks = random_next(state);
        char where[256];
        feed(serial, cut[i], cut[i + 1], random_next(state));
        if (random_below(state, 8) == 0) {
            feed(whole, cut[i], cut[i + 1], blocks);
        } else {
            feed(part, cut[i], cut[i + 1], blocks);
            assert_true(plan_join(whole, part, &err));
        }
        snprintf(where, sizeof where, "part %zu of %zu, accesses %zu to %zu, of\n", i, parts, cut[i], cut[i + 1]);
        char text[sizeof where + RANDOM_MACHINE_TEXT_BYTES];
        snprintf(text, sizeof text, "%s%s", where, machine);
        assert_same(whole, serial, count, text);
        if (random_below(state, 2) == 0) {
            plan_free(part);
            part = created(plan_create_open, configurations, count);
        } else {
            plan_reopen(part);
        }
    }
    plan_free(part);
    plan_free(whole);
    plan_free(serial);
}

static struct configuration resolved(struct machine_text *text)
{
    struct err err = {.text = ""};
    struct configuration configuration = {.only = KINDS_ALL, .seed = 1};
    if (!machine_resolve(text, &configuration.machine, &err))
        fail_msg("%s", err.text);
    configuration.machine.source = "";
    return configuration;
}

/* What can be cut, of what was drawn. */
static void make_lru(struct machine *machine)
{
    for (unsigned i = 0; i < machine->array_count; i++) {
        machine->array[i].policy = POLICY_LRU;
        machine->array[i].fill = FILL_ALL;
        machine->array[i].half = DATA_BOTH;
        machine->array[i].pdes = false;
        machine->array[i].sector = machine->array[i].coalesce = 1;
    }
    machine->prefetch.kind = PREFETCH_NONE;
    machine->memory_model = MEMORY_FIXED;
    machine->fixed_cycles = 7;
    machine->core_width = machine->core_rob = 0;
    if (!page_table_is_tree(machine->format)) {
        struct err err;
        machine->format = page_table_named("x86-64");
        assert_true(page_table_leaf_level(machine->format, machine->page_size_bytes, &machine->leaf_level, &err));
        memset(&machine->table, 0, sizeof machine->table);
    }
    machine->host = NULL;
    machine->page_policy = PAGES_UNIFORM;
    machine->huge_size_bytes = machine->range_count = 0;
}

static void random_machines(bool vectors)
{
    vector_allow(vectors);
    for (uint64_t i = 0; i < DRAWS; i++) {
        uint64_t state = i;
        char text[RANDOM_MACHINE_TEXT_BYTES];
        struct err err;
        random_machine_text(&state, text, sizeof text);
        struct machine_text *settings = machine_text_parse("test.ini", text, &err);
        assert_non_null(settings);
        struct configuration configuration = resolved(settings);
        machine_text_free(settings);
        make_lru(&configuration.machine);
        configuration.only = random_below(&state, 5) == 0 ? (enum kinds)(1 + random_below(&state, 2)) : KINDS_ALL;
        if (random_below(&state, 10) == 0)
            configuration.ideal = random_below(&state, 2) == 0 ? IDEAL_PERFECT_TLB : IDEAL_NO_TRANSLATION;
        trace.count = 1 + random_below(&state, TRACE_ACCESSES);
        random_trace(&state, configuration.machine.format, configuration.machine.page_size_bytes, trace.va, trace.meta,
                     trace.count);
        draw_processes(&state, &configuration.machine);
        assert_parts_equal(&configuration, 1, &state, text);
    }
    vector_allow(true);
}

static void test_random_machines(void **unused)
{
    (void)unused;
    random_machines(true);
}

static void test_random_machines_plain(void **unused)
{
    (void)unused;
    random_machines(false);
}

/* Configurations that share steps. */
static void test_sweeps(void **unused)
{
    (void)unused;
    static const char *const sizes[] = {"4K", "16K", "2M", "1G"};
    static const char *const ways[] = {"1", "2", "4", "8", "16", "full"};
    static const char machine[] =
        "[tlb.l1i.x]\nentries=16\nways=4\n[tlb.l1d.x]\nentries=16\nways=2\n[tlb.l2.x]\nentries=64\nways=4\n"
        "[tlb.l3.x]\nentries=256\nways=8\n[walk_cache.pde]\nentries=4\nways=2\n[walk_cache.pml4e]\nentries=2\n"
        "ways=full\n";
    for (uint64_t s = 0; s < SWEEPS; s++) {
        uint64_t state = s;
        struct configuration sweep[SWEEP];
        struct err err;
        for (size_t i = 0; i < SWEEP; i++) {
            static const char *const keys[] = {"tlb.l1d.x.ways", "tlb.l2.x.ways", "tlb.l3.x.ways"};
            struct machine_text *text = machine_text_parse("test.ini", machine, &err);
            assert_non_null(text);
            assert_true(machine_text_set(text, "os.page_size", sizes[random_below(&state, 4)], "test", &err));
            assert_true(
                machine_text_set(text, keys[random_below(&state, 3)], ways[random_below(&state, 5)], "test", &err));
            assert_true(machine_text_set(text, "walk_cache.pde.entries", random_below(&state, 2) != 0 ? "4" : "0",
                                         "test", &err));
            sweep[i] = resolved(text);
            sweep[i].only = random_below(&state, 4) == 0 ? KINDS_DATA : KINDS_ALL;
            sweep[i].ideal = random_below(&state, 4) == 0 ? IDEAL_PERFECT_TLB : IDEAL_NONE;
            machine_text_free(text);
        }
        trace.count = TRACE_ACCESSES;
        random_trace(&state, sweep[0].machine.format, 4096, trace.va, trace.meta, trace.count);
        draw_processes(&state, &sweep[0].machine);
        assert_parts_equal(sweep, SWEEP, &state, machine);
    }
}

/* Of two configurations, the first of which can be cut. */
static bool second_can_counting(const char *machine, bool walk_paths, enum ideal ideal, struct err *why)
{
    struct machine_text *text = machine_text_parse("test.ini", machine, why);
    assert_non_null(text);
    struct configuration both[2] = {resolved(text), resolved(text)};
    machine_text_free(text);
    make_lru(&both[0].machine);
    both[1].walk_paths = walk_paths;
    both[1].ideal = ideal;
    assert_true(plan_can_be_cut(both, 1, why));
    return plan_can_be_cut(both, 2, why);
}

static bool second_can(const char *machine, struct err *why)
{
    return second_can_counting(machine, false, IDEAL_NONE, why);
}

static void assert_cannot(const char *machine, const char *expected)
{
    struct err why;
    assert_false(second_can(machine, &why));
    if (strstr(why.text, expected) == NULL)
        fail_msg("%s", why.text);
}

static void test_what_cannot_be_cut(void **unused)
{
    (void)unused;
    struct err why;
    assert_cannot("[tlb.l1.x]\nentries=8\nways=2\npolicy=fifo\n", "tlb.l1.x.policy = fifo: ");
    assert_cannot("[tlb.l1.x]\nentries=8\nways=2\n[tlb.l2.y]\nentries=8\nways=2\nfill=victim\nhit_cycles=1\n",
                  "tlb.l2.y.fill = victim: ");
    assert_cannot("[tlb.l1l.x]\nentries=8\nways=2\n[tlb.l1s.x]\nentries=8\nways=2\n", "loads or stores alone: ");
    assert_cannot("[tlb.l1.x]\nentries=8\nways=2\n[prefetch]\nkind=next\n", "prefetch.kind = next: ");
    assert_cannot("[tlb.l1.x]\nentries=8\nways=2\npdes=yes\n", "tlb.l1.x.pdes = yes: ");
    assert_cannot("[tlb.l1.x]\nentries=8\nways=2\nsector=2\n", "tlb.l1.x.sector = 2: ");
    assert_cannot("[tlb.l1.x]\nentries=8\nways=2\ncoalesce=16\n", "tlb.l1.x.coalesce = 16: ");
    assert_cannot("[tlb.l1.x]\nentries=8\nways=2\n[memory]\nmodel=caches\n", "memory.model = caches: ");
    assert_cannot("[tlb.l1.x]\nentries=8\nways=2\n[core]\nwidth=4\nrob=64\n", "core.rob = 64: ");
    assert_cannot("[tlb.l1.x]\nentries=8\nways=2\n[page_table]\nformat=inverted\n", "page_table.format = inverted: ");
    assert_true(second_can("[tlb.l1.x]\nentries=8\nways=2\n[page_table]\nformat=sparc-tsb\n", &why));
    assert_false(second_can_counting("[tlb.l1.x]\nentries=8\nways=2\n", true, IDEAL_NONE, &why));
    assert_non_null(strstr(why.text, "--walks"));
    assert_true(second_can_counting("[tlb.l1.x]\nentries=8\nways=2\npolicy=fifo\n", false, IDEAL_PERFECT_TLB, &why));
    assert_cannot("[tlb.l1.x]\nentries=8\nways=2\n[os]\npolicy=thp\n", "os.policy = thp: ");
    /* Nobody asks these: pages are of 4K, and an array of nothing above evicts nothing. */
    assert_true(second_can("[tlb.l1.x]\nentries=8\nways=2\n[tlb.l2.y]\nentries=8\nways=2\npolicy=nru\npages=2M\n"
                           "hit_cycles=1\n",
                           &why));
    assert_true(second_can("[tlb.l1.x]\nentries=8\nways=2\npages=2M\n[tlb.l2.y]\nentries=8\nways=2\nfill=victim\n"
                           "hit_cycles=1\n",
                           &why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_machines),
        cmocka_unit_test(test_random_machines_plain),
        cmocka_unit_test(test_sweeps),
        cmocka_unit_test(test_what_cannot_be_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
