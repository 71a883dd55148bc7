/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts of a native trace, put one behind the other, are the whole: every access with what stands beside it, and every
 * event once, wherever it is cut.
 */
#include "cli/commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/random.h"
#include "traces/extras.h"
#include "traces/reader.h"
#include "traces/writer.h"

enum { BLOCKS = 6, RECORDS_MAX = BLOCKS * 300, TEXT_BYTES = RECORDS_MAX * 400 };

static char directory[] = "/tmp/trace_copy_test.XXXXXX";
static struct err err;
static uint64_t random_state = 1;
static uint64_t records;

static uint32_t draw(uint32_t below)
{
    return random_below(&random_state, below);
}

/* Each access with its pc and data, and before it the events that stand there; `line[i]` begins the i-th, from 0. */
struct text {
    char bytes[TEXT_BYTES];
    size_t size_bytes;
    size_t line[RECORDS_MAX + 1];
    uint64_t lines;
};

static struct text whole, part;

static void add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text->size_bytes +=
        (size_t)vsnprintf(text->bytes + text->size_bytes, TEXT_BYTES - text->size_bytes, format, arguments);
    va_end(arguments);
    assert_true(text->size_bytes < TEXT_BYTES);
}

static void add_block(struct text *text, const struct block *block, const struct extras *extras)
{
    uint32_t event = 0;
    for (uint32_t i = 0; i <= block->count; i++) {
        for (; event < extras->event_count && extras->event[event].position == i; event++)
            add(text, "event %u %u %" PRIx64 "\n", extras->event[event].kind, extras->event[event].id,
                extras->event[event].address);
        if (i == block->count)
            break;
        add(text, "%" PRIx64 ",%u %" PRIx64, block->va[i], block->meta[i], extras->pc != NULL ? extras->pc[i] : 0);
        for (uint32_t k = i == 0 ? 0 : extras->data_end[i - 1]; extras->data_end != NULL && k < extras->data_end[i];
             k++)
            add(text, " %02x", extras->data[k]);
        add(text, "\n");
        text->line[++text->lines] = text->size_bytes;
    }
    assert_int_equal(event, extras->event_count);
}

static void read_text(const char *path, struct text *text)
{
    static struct block block;
    struct reader *reader = reader_open(path, NULL, &err);
    if (reader == NULL)
        fail_msg("%s", err.text);
    *text = (struct text){.size_bytes = 0};
    do {
        if (!reader_next(reader, &block, &err))
            fail_msg("%s", err.text);
        add_block(text, &block, reader_extras(reader));
    } while (block.count > 0);
    reader_close(reader);
}

/* Blocks of all lengths in two chunks, since the last have no pcs; an event at every other access, and some behind the
 * last. */
static int set_up(void **state)
{
    (void)state;
    static struct block block;
    static struct event event[700];
    static uint64_t pc[BLOCK_ACCESSES];
    static uint32_t data_end[BLOCK_ACCESSES];
    static uint8_t data[BLOCK_ACCESSES * 8];
    if (mkdtemp(directory) == NULL || chdir(directory) != 0)
        return 1;
    struct writer *writer = writer_open("whole.pwt", &err);
    for (int b = 0; b < BLOCKS; b++) {
        struct extras extras = {.event = event, .pc = b < 3 ? pc : NULL, .data_end = data_end, .data = data};
        uint32_t data_bytes = 0;
        block.count = 1 + draw(299);
        for (uint32_t i = 0; i < block.count; i++) {
            const uint32_t size_bytes = 1 + draw(8);
            block.va[i] = draw(1U << 30);
            block.meta[i] = access_meta((enum access_kind)draw(4), size_bytes);
            pc[i] = draw(1U << 30);
            for (uint32_t k = draw(size_bytes + 1); k > 0; k--)
                data[data_bytes++] = (uint8_t)draw(256);
            data_end[i] = data_bytes;
        }
        for (uint32_t i = 0; i < 2 * block.count + 2; i++)
            if (draw(2) == 0)
                event[extras.event_count++] = (struct event){
                    .position = i / 2, .kind = (uint16_t)(1 + draw(4)), .id = draw(100), .address = draw(1U << 30)};
        records += block.count;
        if (!writer_block(writer, &block, &extras, &err))
            return 1;
    }
    if (!writer_close(writer, &err))
        return 1;
    read_text("whole.pwt", &whole);
    return whole.lines != records;
}

static int tear_down(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return chdir("/") != 0 || system(command) != 0;
}

static void cut(const char *from, const char *count, const char *source)
{
    char *argv[] = {"trace cut",
                    "-q",
                    "--from",
                    (char *)(uintptr_t)from,
                    "-o",
                    "part.pwt",
                    (char *)(uintptr_t)source,
                    "-n",
                    (char *)(uintptr_t)count,
                    NULL};
    if (trace_cut_command(count != NULL ? 9 : 7, argv, &err) != STATUS_DONE)
        fail_msg("%s", err.text);
}

/* What the part says at its begin of whose the first access is stands not there in the whole; nothing else may differ.
 * */
static const char *skip_told(const struct text *text, const char *expected)
{
    const char *at = text->bytes;
    for (int told = 0; told < 2; told++) {
        const bool whose = strncmp(at, "event 1 ", 8) == 0 || strncmp(at, "event 2 ", 8) == 0;
        if (whose && strncmp(at, expected, strcspn(at, "\n") + 1) != 0)
            at += strcspn(at, "\n") + 1;
    }
    return at;
}

static void parts_make_the_whole(void **state)
{
    (void)state;
    /* Text cannot hold what is compared; a compressed native trace cannot be sought in. */
    static const char *const sources[] = {"whole.pwt", "whole.pwt.gz"};
    assert_int_equal(system("gzip -k whole.pwt"), 0);
    for (int trial = 0; trial < 150; trial++) {
        const uint64_t from = 1 + draw((uint32_t)records);
        const uint64_t count = 1 + draw(trial % 2 == 0 ? 20 : (uint32_t)records);
        char from_text[24];
        char count_text[24];
        snprintf(from_text, sizeof from_text, "%" PRIu64, from);
        snprintf(count_text, sizeof count_text, "%" PRIu64, count);
        cut(from_text, trial % 3 == 0 ? NULL : count_text, sources[draw(2)]);
        read_text("part.pwt", &part);
        const bool to_the_end = trial % 3 == 0 || from + count > records + 1;
        const char *begin = whole.bytes + whole.line[from - 1];
        const char *end = whole.bytes + (to_the_end ? whole.size_bytes : whole.line[from - 1 + count]);
        const char *got = skip_told(&part, begin);
        const size_t got_bytes = (size_t)(part.bytes + part.size_bytes - got);
        assert_int_equal(got_bytes, end - begin);
        assert_memory_equal(got, begin, got_bytes);
    }
}

/* The last thread and process that were named before the part are named at its begin, unless it names others itself. */
static void a_part_says_whose_it_is(void **state)
{
    (void)state;
    for (uint64_t from = 2; from <= records; from += 1 + draw(9)) {
        char from_text[24];
        char wanted[3][40] = {"", "", ""};
        snprintf(from_text, sizeof from_text, "%" PRIu64, from);
        for (const char *at = whole.bytes; at < whole.bytes + whole.line[from - 1]; at += strcspn(at, "\n") + 1)
            if (strncmp(at, "event 1 ", 8) == 0 || strncmp(at, "event 2 ", 8) == 0)
                snprintf(wanted[at[6] - '0'], sizeof wanted[0], "event %c %" PRIu64, at[6],
                         (uint64_t)strtoul(at + 8, NULL, 10));
        cut(from_text, "1", "whole.pwt");
        read_text("part.pwt", &part);
        for (int kind = 1; kind <= 2; kind++) {
            char first[64];
            char form[24];
            snprintf(form, sizeof form, "event %d ", kind);
            const char *found = strstr(part.bytes, form);
            assert_true(found != NULL || wanted[kind][0] == '\0');
            if (wanted[kind][0] == '\0')
                continue;
            snprintf(first, sizeof first, "%s%" PRIu64, form, (uint64_t)strtoul(found + strlen(form), NULL, 10));
            assert_string_equal(first, wanted[kind]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_make_the_whole),
        cmocka_unit_test(a_part_says_whose_it_is),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
