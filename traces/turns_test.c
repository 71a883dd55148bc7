/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Traces as turns: native traces with events of all kinds at any place, against a literal replay of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/random.h"
#include "traces/extras.h"
#include "traces/turns.h"
#include "traces/writer.h"

enum { ACCESSES_MAX = 20000, EVENTS_MAX = 4000, CHANGES_MAX = 4000, DRAWS = 40, IDS = 4 };

/* What the turns must be: of each access whose it is, and the changes before it. */
static struct {
    size_t count;
    uint64_t va[ACCESSES_MAX];
    uint16_t meta[ACCESSES_MAX];
    uint32_t process[ACCESSES_MAX];
    uint32_t thread[ACCESSES_MAX];
    size_t change_count;
    size_t change_at[CHANGES_MAX]; /* the access that they stand before */
    struct block_change change[CHANGES_MAX];
} expected;

/* Names for what appears, in the order of its appearance. */
struct numbers {
    uint64_t seen[256];
    uint32_t count;
};

static uint32_t number_of(struct numbers *numbers, uint64_t what)
{
    for (uint32_t i = 0; i < numbers->count; i++)
        if (numbers->seen[i] == what)
            return i;
    assert_true(numbers->count < 256);
    numbers->seen[numbers->count] = what;
    return numbers->count++;
}

static struct {
    uint64_t process, thread, images[IDS + 1], heap_end;
    struct numbers processes, threads;
} now;

static uint32_t process_now(void)
{
    return number_of(&now.processes, now.process << 32 | now.images[now.process]);
}

static void expect_change(uint64_t address, uint64_t size_bytes)
{
    if (size_bytes == 0)
        return;
    assert_true(expected.change_count < CHANGES_MAX);
    expected.change_at[expected.change_count] = expected.count;
    expected.change[expected.change_count++] = (struct block_change){process_now(), address, address + size_bytes - 1};
}

static void replay(const struct event *event)
{
    switch (event->kind) {
    case EVENT_PROCESS:
        now.process = event->id;
        now.heap_end = 0;
        break;
    case EVENT_THREAD:
        now.thread = event->id;
        break;
    case EVENT_EXEC:
        now.images[now.process]++;
        now.heap_end = 0;
        break;
    case EVENT_MUNMAP:
    case EVENT_MPROTECT:
        expect_change(event->address, event->size_bytes);
        break;
    case EVENT_MREMAP:
        if (event->old_address != event->address)
            expect_change(event->old_address, event->old_size_bytes);
        else if (event->size_bytes < event->old_size_bytes)
            expect_change(event->address + event->size_bytes, event->old_size_bytes - event->size_bytes);
        break;
    case EVENT_MMAP:
        if ((event->flags & MAP_FIXED) != 0)
            expect_change(event->address, event->size_bytes);
        break;
    case EVENT_BRK:
        if (event->address < now.heap_end)
            expect_change(event->address, now.heap_end - event->address);
        now.heap_end = event->address;
        break;
    default:
        break;
    }
}

static struct event random_event(uint64_t *state, uint32_t position)
{
    struct event event = {.position = position, .kind = (uint16_t)(1 + random_below(state, EVENT_KINDS - 1))};
    event.id = 1 + random_below(state, IDS);
    event.address = (uint64_t)random_below(state, 64) * 4096;
    event.size_bytes = (uint64_t)random_below(state, 8) * 4096;
    event.old_address = random_below(state, 2) == 0 ? event.address : (uint64_t)random_below(state, 64) * 4096;
    event.old_size_bytes = (uint64_t)random_below(state, 8) * 4096;
    event.flags = random_below(state, 2) == 0 ? MAP_FIXED : 0;
    event.name = "x";
    return event;
}

/* The events that an event of its kind has no such fields of are zeroed, as a trace has them. */
static void write_trace(uint64_t *state, const char *path)
{
    struct err err;
    struct writer *writer = writer_open(path, &err);
    assert_non_null(writer);
    const uint32_t often = 1U << random_below(state, 14);
    memset(&now, 0, sizeof now);
    expected.count = expected.change_count = 0;
    const size_t blocks = 1 + random_below(state, 5);
    for (size_t b = 0; b < blocks; b++) {
        static struct block block;
        static struct event event[EVENTS_MAX];
        struct extras extras = {.event = event};
        block_begin(&block, expected.count + 1);
        const uint32_t count = 1 + random_below(state, random_below(state, 2) == 0 ? 10 : 4000);
        for (uint32_t i = 0; i <= count; i++) {
            while (extras.event_count < 300 && random_below(state, often) == 0) {
                event[extras.event_count] = random_event(state, i);
                replay(&event[extras.event_count++]);
            }
            if (i == count)
                break;
            block.va[i] = random_next(state) >> 17;
            block.meta[i] = access_meta((enum access_kind)random_below(state, 4), 1 + random_below(state, 16));
            block.count++;
            expected.va[expected.count] = block.va[i];
            expected.meta[expected.count] = block.meta[i];
            expected.process[expected.count] = process_now();
            expected.thread[expected.count] = number_of(&now.threads, now.process << 32 | now.thread);
            expected.count++;
        }
        block.mark_count = 1;
        block.mark[0] = (struct block_mark){0};
        block_summarise(&block);
        if (!writer_block(writer, &block, &extras, &err))
            fail_msg("%s", err.text);
    }
    assert_true(writer_close(writer, &err));
}

static void check_turns(const char *path)
{
    struct err err;
    struct reader *reader = reader_open(path, NULL, &err);
    assert_non_null(reader);
    struct turns *turns = turns_open(reader, NULL, &err);
    assert_non_null(turns);
    struct block *block = malloc(sizeof *block);
    size_t at = 0;
    size_t change = 0;
    for (;;) {
        if (!turns_next(turns, block, &err))
            fail_msg("%s", err.text);
        if (block->count == 0 && block->change_count == 0)
            break;
        for (uint32_t i = 0; i < block->change_count; i++, change++) {
            assert_true(change < expected.change_count);
            assert_int_equal(expected.change_at[change], at);
            assert_int_equal(expected.change[change].process, block->change[i].process);
            assert_int_equal(expected.change[change].first_va, block->change[i].first_va);
            assert_int_equal(expected.change[change].last_va, block->change[i].last_va);
        }
        assert_int_equal(block->first_record, at + 1);
        uint32_t kinds = 0;
        for (unsigned kind = 0; kind < 4; kind++)
            kinds += block->of_kind[kind];
        assert_int_equal(kinds, block->count);
        for (uint32_t i = 0; i < block->count; i++, at++) {
            assert_int_equal(block->va[i], expected.va[at]);
            assert_int_equal(block->meta[i], expected.meta[at]);
            assert_int_equal(block->process, expected.process[at]);
            assert_int_equal(block->thread, expected.thread[at]);
        }
    }
    assert_int_equal(at, expected.count);
    assert_int_equal(change, expected.change_count);
    assert_int_equal(turns_processes(turns), now.processes.count);
    turns_close(turns);
    reader_close(reader);
    free(block);
}

static void test_equal_replay(void **unused)
{
    (void)unused;
    char path[] = "/tmp/pagewalk-turns-XXXXXX.pwt";
    close(mkstemps(path, 4));
    for (uint64_t draw = 0; draw < DRAWS; draw++) {
        uint64_t state = draw;
        write_trace(&state, path);
        check_turns(path);
    }
    unlink(path);
}

/* Lines stay those of the file, in whatever block an access ends up. */
static void test_lines(void **unused)
{
    (void)unused;
    struct err err;
    char path[] = "/tmp/pagewalk-turns-XXXXXX";
    const int fd = mkstemp(path);
    static const char text[] = " L 1000,4\n\nI  2000,4\n L 3000,4\n";
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    close(fd);
    struct reader *reader = reader_open(path, NULL, &err);
    struct turns *turns = turns_open(reader, NULL, &err);
    static struct block block;
    assert_true(turns_next(turns, &block, &err));
    assert_int_equal(block.count, 3);
    assert_int_equal(block_line(&block, 1), 3);
    assert_int_equal(block.process, 0);
    assert_true(turns_next(turns, &block, &err));
    assert_int_equal(block.count, 0);
    turns_close(turns);
    reader_close(reader);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_replay),
        cmocka_unit_test(test_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
