/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The merge is held to an oracle that knows no blocks: traces as lists of items, dealt out one by one.
 */
#include "traces/merge.h"

#include "model/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TRACES_MAX = 4, ITEMS_MAX = 30000, DATA_MAX = 3, NAMES = 3 };

/* An access, or an event where kind is not 0. */
struct item {
    uint16_t kind;
    uint16_t meta;
    uint64_t va; /* an event's address, too */
    uint64_t pc;
    uint8_t data[DATA_MAX];
    uint32_t data_bytes;
    uint32_t id;
    const char *name;
};

/* A trace, and how far it was read. */
struct trace {
    struct item item[ITEMS_MAX];
    size_t count;
    size_t at;
    uint32_t block_most; /* accesses in a block */
    uint64_t random;
    bool columns;
    struct event event[ITEMS_MAX];
    uint64_t pc[BLOCK_ACCESSES];
    uint32_t data_end[BLOCK_ACCESSES];
    uint8_t data[DATA_MAX * BLOCK_ACCESSES];
    struct extras extras;
    char name[NAMES][16]; /* of the block's events: as a reader does, it writes others over them with the next block */
    size_t first_name;
};

static const char *const names[NAMES] = {"[heap]", "[stack]", "libc.so.6"};
static struct trace traces[TRACES_MAX];
static struct item expected[2 * TRACES_MAX * ITEMS_MAX];
static struct item found[2 * TRACES_MAX * ITEMS_MAX];
static struct block block;
static struct err err;

static void put_access(struct trace *trace, struct block *to, const struct item *item)
{
    const uint32_t i = to->count++;
    const uint32_t end = i > 0 ? trace->data_end[i - 1] : 0;
    to->va[i] = item->va;
    to->meta[i] = item->meta;
    trace->pc[i] = item->pc;
    memcpy(trace->data + end, item->data, item->data_bytes);
    trace->data_end[i] = end + item->data_bytes;
}

static bool next_block(void *context, struct block *to, const struct extras **extras, struct err *unused)
{
    (void)unused;
    struct trace *trace = context;
    trace->first_name++;
    for (size_t i = 0; i < NAMES; i++)
        strcpy(trace->name[(i + trace->first_name) % NAMES], names[i]);
    trace->extras = (struct extras){.event = trace->event};
    to->count = 0;
    const uint32_t most = 1 + random_below(&trace->random, trace->block_most);
    const bool events_last = random_below(&trace->random, 2) == 0;
    for (; trace->at < trace->count; trace->at++) {
        const struct item *item = &trace->item[trace->at];
        if (to->count == most && (item->kind == 0 || events_last))
            break;
        if (item->kind == 0) {
            put_access(trace, to, item);
            continue;
        }
        struct event *event = &trace->event[trace->extras.event_count++];
        *event = (struct event){.kind = item->kind, .position = to->count, .id = item->id, .address = item->va};
        for (size_t i = 0; i < NAMES; i++)
            if (item->name == names[i])
                event->name = trace->name[(i + trace->first_name) % NAMES];
    }
    if (trace->columns) {
        trace->extras.pc = trace->pc;
        trace->extras.data_end = trace->data_end;
        trace->extras.data = trace->data;
    }
    block_summarise(to);
    *extras = &trace->extras;
    return true;
}

static void draw_item(struct trace *trace, uint64_t *random, struct item *item)
{
    static const uint16_t kinds[] = {EVENT_THREAD, EVENT_PROCESS, EVENT_MMAP, EVENT_FORK, EVENT_EXIT, EVENT_GAP};
    *item = (struct item){.va = random_next(random) >> 16};
    if (random_below(random, 5) == 0) {
        item->kind = kinds[random_below(random, 6)];
        if (item->kind == EVENT_MMAP)
            item->name = names[random_below(random, NAMES)];
        else if (item->kind != EVENT_GAP)
            item->id = 1 + random_below(random, 4);
        return;
    }
    item->meta = access_meta((enum access_kind)random_below(random, 4), 1 + random_below(random, 64));
    if (!trace->columns)
        return;
    item->pc = random_next(random);
    item->data_bytes = random_below(random, DATA_MAX + 1);
    for (uint32_t i = 0; i < item->data_bytes; i++)
        item->data[i] = (uint8_t)random_next(random);
}

static void draw_trace(struct trace *trace, uint64_t *random, size_t count, uint32_t block_most, bool columns)
{
    trace->count = count;
    trace->at = 0;
    trace->block_most = block_most;
    trace->random = random_next(random);
    trace->columns = columns;
    for (size_t i = 0; i < count; i++)
        draw_item(trace, random, &trace->item[i]);
    trace->item[0] = (struct item){.va = 4096, .meta = access_meta(ACCESS_FETCH, 4)};
}

/* ---- The oracle ---- */

/* Numbers of processes and of threads by trace and own number. */
struct given {
    uint32_t number[TRACES_MAX][8];
    uint32_t count;
};

static uint32_t number_of(struct given *given, size_t trace, uint32_t own)
{
    if (given->number[trace][own] == 0)
        given->number[trace][own] = ++given->count;
    return given->number[trace][own];
}

struct dealer {
    struct given processes, threads;
    uint32_t own[TRACES_MAX][2]; /* process and thread of each trace */
    uint32_t process, thread;
    size_t count;
};

static void deal_item(struct dealer *dealer, size_t trace, const struct item *item)
{
    if (item->kind == EVENT_PROCESS || item->kind == EVENT_THREAD) {
        dealer->own[trace][item->kind == EVENT_THREAD] = item->id;
        return;
    }
    const uint32_t process = number_of(&dealer->processes, trace, dealer->own[trace][0]);
    const uint32_t thread = number_of(&dealer->threads, trace, dealer->own[trace][1]);
    if (process != dealer->process)
        expected[dealer->count++] = (struct item){.kind = EVENT_PROCESS, .id = process};
    if (process != dealer->process || thread != dealer->thread)
        expected[dealer->count++] = (struct item){.kind = EVENT_THREAD, .id = thread};
    dealer->process = process;
    dealer->thread = thread;
    struct item *dealt = &expected[dealer->count++];
    *dealt = *item;
    if (item->kind == EVENT_FORK)
        dealt->id = number_of(&dealer->processes, trace, item->id);
    if (item->kind == EVENT_EXIT)
        dealt->id = number_of(&dealer->threads, trace, item->id);
}

static size_t deal(size_t count, struct merge_turn turn)
{
    struct dealer dealer = {.count = 0};
    size_t at[TRACES_MAX] = {0};
    size_t left = count;
    for (size_t i = 0; i < count; i++)
        dealer.own[i][0] = dealer.own[i][1] = 1;
    for (size_t now = 0; left > 0; now = (now + 1) % count) {
        const struct trace *trace = &traces[now];
        if (at[now] > trace->count)
            continue;
        for (uint64_t done = 0; at[now] < trace->count; at[now]++) {
            const struct item *item = &trace->item[at[now]];
            const bool counts = item->kind == 0 && (turn.unit == MERGE_ACCESSES || access_is_fetch(item->meta));
            if (counts && done == turn.quantum)
                break;
            done += counts;
            deal_item(&dealer, now, item);
        }
        if (at[now] == trace->count) {
            at[now]++;
            left--;
        }
    }
    return dealer.count;
}

/* ---- What comes out ---- */

static void add_events(const struct extras *extras, uint32_t position, uint32_t *event, size_t *count)
{
    for (; *event < extras->event_count && extras->event[*event].position == position; ++*event) {
        const struct event *at = &extras->event[*event];
        struct item *item = &found[(*count)++];
        *item = (struct item){.kind = at->kind, .id = at->id, .va = at->address};
        for (size_t i = 0; i < NAMES; i++)
            if (at->name != NULL && strcmp(at->name, names[i]) == 0)
                item->name = names[i];
    }
}

static size_t merge_all(const struct merge_source *source, size_t traces_count, struct merge_turn turn)
{
    struct merge *merge = merge_open(source, traces_count, turn, &err);
    if (merge == NULL)
        fail_msg("%s", err.text);
    size_t count = 0;
    uint64_t records = 0;
    do {
        if (!merge_next(merge, &block, &err))
            fail_msg("%s", err.text);
        const struct extras *extras = merge_extras(merge);
        assert_int_equal(block.first_record, records + 1);
        assert_int_equal(block.of_kind[0] + block.of_kind[1] + block.of_kind[2] + block.of_kind[3], block.count);
        uint32_t event = 0;
        for (uint32_t i = 0; i < block.count; i++) {
            add_events(extras, i, &event, &count);
            assert_int_equal(block_line(&block, i), 0);
            struct item *item = &found[count++];
            *item = (struct item){.va = block.va[i], .meta = block.meta[i]};
            if (extras->pc != NULL)
                item->pc = extras->pc[i];
            if (extras->data_end != NULL) {
                const uint32_t from = i > 0 ? extras->data_end[i - 1] : 0;
                item->data_bytes = extras->data_end[i] - from;
                assert_true(item->data_bytes <= DATA_MAX);
                memcpy(item->data, extras->data + from, item->data_bytes);
            }
        }
        add_events(extras, block.count, &event, &count);
        assert_int_equal(event, extras->event_count);
        records += block.count;
    } while (block.count > 0);
    merge_close(merge);
    return count;
}

static void expect_item(size_t i)
{
    const struct item *a = &expected[i];
    const struct item *b = &found[i];
    if (a->kind != b->kind || a->meta != b->meta || a->va != b->va || a->pc != b->pc || a->id != b->id ||
        a->name != b->name || a->data_bytes != b->data_bytes || memcmp(a->data, b->data, DATA_MAX) != 0)
        fail_msg("item %zu: kind %u, address %lx, id %u where kind %u, address %lx, id %u was expected", i, b->kind,
                 (unsigned long)b->va, b->id, a->kind, (unsigned long)a->va, a->id);
}

static void expect_as_dealt(size_t count, struct merge_turn turn)
{
    struct merge_source source[TRACES_MAX];
    for (size_t i = 0; i < count; i++)
        source[i] = (struct merge_source){.name = "a trace", .context = &traces[i], .next = next_block};
    const size_t dealt = deal(count, turn);
    assert_int_equal(merge_all(source, count, turn), dealt);
    for (size_t i = 0; i < dealt; i++)
        expect_item(i);
}

static void random_traces_are_dealt_out_in_turns(void **state)
{
    (void)state;
    uint64_t random = 1;
    static const uint32_t blocks[] = {1, 3, 40, BLOCK_ACCESSES};
    static const uint64_t quanta[] = {1, 2, 7, 100, 3000, UINT64_MAX};
    for (unsigned trial = 0; trial < 240; trial++) {
        const size_t count = 1 + random_below(&random, TRACES_MAX);
        const uint32_t block_most = blocks[trial % 4];
        for (size_t i = 0; i < count; i++)
            draw_trace(&traces[i], &random, 1 + random_below(&random, trial % 8 == 7 ? ITEMS_MAX : 600), block_most,
                       trial % 3 == 0);
        expect_as_dealt(count, (struct merge_turn){.quantum = quanta[trial % 6],
                                                   .unit = trial % 5 < 2 ? MERGE_ACCESSES : MERGE_INSTRUCTIONS});
    }
}

/* ---- Readers ---- */

static char directory[] = "/tmp/merge_test.XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL || chdir(directory) != 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return chdir("/") != 0 || system(command) != 0;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* The merge as text: accesses as Lackey has them, processes and threads as <process/thread>. */
static const char *merged_text(const char *const *path, size_t count, struct merge_turn turn)
{
    static char text[4096];
    struct reader *reader[TRACES_MAX];
    struct merge_source source[TRACES_MAX] = {0};
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        reader[i] = reader_open(path[i], NULL, &err);
        assert_non_null(reader[i]);
        source[i] = merge_source_of(reader[i], path[i]);
    }
    const size_t items = merge_all(source, count, turn);
    for (size_t i = 0; i < items; i++)
        if (found[i].kind == 0)
            length +=
                (size_t)sprintf(text + length, "%c%lx ", access_letter(found[i].meta), (unsigned long)found[i].va);
        else
            length += (size_t)sprintf(text + length, found[i].kind == EVENT_PROCESS ? "<%u/" : "%u> ", found[i].id);
    for (size_t i = 0; i < count; i++)
        reader_close(reader[i]);
    return text;
}

static void one_trace_twice_is_two_processes(void **state)
{
    (void)state;
    write_text("a.trace", "I  1,4\n L 10,8\nI  2,4\nI  3,4\n S 20,8\n L 21,1\n");
    write_text("b.trace", " L 90,8\nI  9,4\n");
    static const char *const twice[] = {"a.trace", "a.trace", "b.trace"};
    assert_string_equal(merged_text(twice, 3, (struct merge_turn){2, MERGE_INSTRUCTIONS}),
                        "<1/1> I1 L10 I2 <2/2> I1 L10 I2 <3/3> L90 I9 <1/1> I3 S20 L21 <2/2> I3 S20 L21 ");
    assert_string_equal(merged_text(twice, 3, (struct merge_turn){4, MERGE_ACCESSES}),
                        "<1/1> I1 L10 I2 I3 <2/2> I1 L10 I2 I3 <3/3> L90 I9 <1/1> S20 L21 <2/2> S20 L21 ");
    assert_string_equal(merged_text(twice + 2, 1, (struct merge_turn){1, MERGE_ACCESSES}), "<1/1> L90 I9 ");
}

/* ---- What is wrong ---- */

static void expect_refused(const struct merge_source *source, size_t count, enum merge_unit unit,
                           const char *expected_text)
{
    struct merge *merge = merge_open(source, count, (struct merge_turn){10, unit}, &err);
    bool good = merge != NULL;
    while (good && (good = merge_next(merge, &block, &err)) && block.count > 0)
        continue;
    merge_close(merge);
    assert_false(good);
    if (strstr(err.text, expected_text) == NULL)
        fail_msg("\"%s\"", err.text);
}

static void columns_that_only_some_have_are_refused(void **state)
{
    (void)state;
    uint64_t random = 5;
    const struct merge_source source[] = {{"with.pwt", &traces[0], next_block},
                                          {"without.trace", &traces[1], next_block}};
    const struct merge_source other[] = {source[1], source[0]};
    for (unsigned i = 0; i < 2; i++) {
        draw_trace(&traces[0], &random, 100, 50, true);
        draw_trace(&traces[1], &random, 100, 50, false);
        expect_refused(
            i == 0 ? source : other, 2, MERGE_ACCESSES,
            "with.pwt has the addresses of the instructions beside its accesses, and without.trace has none");
    }
}

static void turns_of_instructions_need_instructions(void **state)
{
    (void)state;
    uint64_t random = 6;
    const struct merge_source source[] = {{"code.trace", &traces[0], next_block},
                                          {"data.trace", &traces[1], next_block}};
    draw_trace(&traces[0], &random, 100, 50, false);
    draw_trace(&traces[1], &random, 1, 50, false);
    traces[1].item[0].meta = access_meta(ACCESS_LOAD, 8);
    expect_refused(source, 2, MERGE_INSTRUCTIONS, "data.trace has no instruction fetches");
    traces[0].at = traces[1].at = 0;
    expect_as_dealt(2, (struct merge_turn){10, MERGE_ACCESSES});
}

static bool next_fails(void *context, struct block *to, const struct extras **extras, struct err *why)
{
    return --*(int *)context >= 0 ? next_block(&traces[1], to, extras, why) : err_set(why, "b.trace: is damaged");
}

static void what_a_source_says_is_handed_on(void **state)
{
    (void)state;
    uint64_t random = 7;
    for (int blocks = 0; blocks < 3; blocks++) {
        int left = blocks;
        const struct merge_source source[] = {{"a.trace", &traces[0], next_block}, {"b.trace", &left, next_fails}};
        draw_trace(&traces[0], &random, 400, 50, false);
        draw_trace(&traces[1], &random, 400, 50, false);
        expect_refused(source, 2, MERGE_ACCESSES, "b.trace: is damaged");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_traces_are_dealt_out_in_turns),
        cmocka_unit_test(one_trace_twice_is_two_processes),
        cmocka_unit_test(columns_that_only_some_have_are_refused),
        cmocka_unit_test(turns_of_instructions_need_instructions),
        cmocka_unit_test(what_a_source_says_is_handed_on),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
