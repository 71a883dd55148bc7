/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lines, holes and what is unknown, with the language of dinero.h for records: against the Lackey reader, which counts in its
 * own way.
 */
#include "model/random.h"
#include "traces/format_testing.h"
#include "traces/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_state = 1;

static uint64_t draw(uint64_t below)
{
    return random_below(&random_state, (uint32_t)below);
}

/* The same text twice, but for the records, which are as long in both languages. */
static size_t draw_texts(char *dinero, char *lackey, size_t lines)
{
    static const char *const others[] = {
        "", " ", "hello", "a line of more than forty characters, so it is cut short", "\x01\xff", "x\r"};
    size_t at = 0;
    for (size_t i = 0; i < lines; i++) {
        for (uint64_t nuls = draw(8) == 0 ? draw(20) : 0; nuls > 0; nuls--, at++)
            dinero[at] = lackey[at] = draw(4) == 0 ? 'y' : '\0';
        if (draw(3) == 0) {
            const char *other = others[draw(sizeof others / sizeof *others)];
            memcpy(dinero + at, other, strlen(other));
            memcpy(lackey + at, other, strlen(other));
            at += strlen(other);
        } else {
            const unsigned va = 0x100000 + (unsigned)draw(0x100000);
            sprintf(dinero + at, "r %x 8", va);
            at += (size_t)sprintf(lackey + at, "L %x,8", va);
        }
        if (i + 1 < lines || draw(2) == 0)
            dinero[at] = lackey[at] = '\n', at++;
    }
    return at;
}

static void lines_are_counted_as_lackey_counts(void **state)
{
    (void)state;
    enum { LINES = 40, LINE_BYTES = 128 };
    static char dinero[LINES * LINE_BYTES], lackey[LINES * LINE_BYTES];
    for (int i = 0; i < 3000; i++) {
        const size_t size_bytes = draw_texts(dinero, lackey, 1 + draw(LINES));
        struct format_outcome expected = format_read(format_find("lackey"), lackey, size_bytes, size_bytes, 1);
        struct format_outcome got =
            format_read(format_find("dinero"), dinero, size_bytes, draw(size_bytes + 1), 1 + draw(50));
        const char *difference = format_difference(&expected, &got);
        /* The first unknown line may hold a record, which each shows in its own language. */
        if (difference != NULL && strcmp(difference, "the unknown lines") == 0 &&
            strstr(got.facts.first_unknown, "r 1") != NULL)
            difference = got.facts.unknown_lines == expected.facts.unknown_lines ? NULL : difference;
        if (difference != NULL)
            fail_msg("%s differs: %s / %s", difference, expected.facts.first_unknown, got.facts.first_unknown);
        format_outcome_free(&got);
        format_outcome_free(&expected);
    }
}

/* A line of so many bytes, with a record in front, and one on the line behind. */
static void expect_long(size_t line_bytes, bool record)
{
    char *text = malloc(line_bytes + 64);
    assert_non_null(text);
    memset(text, 'x', line_bytes);
    memcpy(text, "r 1000 8 ", 9);
    const size_t size_bytes = line_bytes + (size_t)sprintf(text + line_bytes, "\nr 2000 8\n");
    for (size_t each_bytes = 1; each_bytes < 4 * size_bytes; each_bytes = each_bytes * 7 + 3) {
        struct format_outcome got = format_read(format_find("dinero"), text, size_bytes, 0, each_bytes);
        assert_int_equal(got.records, record ? 2 : 1);
        assert_int_equal(got.record[got.records - 1].va, 0x2000);
        assert_int_equal(got.record[got.records - 1].line, 2);
        assert_int_equal(got.facts.unknown_lines, record ? 0 : 1);
        if (!record)
            assert_string_equal(got.facts.first_unknown, "\"r 1000 8 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\"");
        format_outcome_free(&got);
    }
    free(text);
}

static void long_lines_are_no_records(void **state)
{
    (void)state;
    expect_long(LINES_LONGEST_BYTES - 1, true);
    expect_long(LINES_LONGEST_BYTES, true);
    expect_long(LINES_LONGEST_BYTES + 1, false);
    expect_long(10UL * LINES_LONGEST_BYTES, false);
}

/* Up to a NUL, whatever stood there is a hole. */
static void holes_end_long_lines(void **state)
{
    (void)state;
    enum { LONG = 3 * LINES_LONGEST_BYTES };
    static char text[LONG + 32];
    memset(text, 'x', LONG);
    memset(text + LONG - 4, 0, 4);
    memcpy(text + LONG, "r 1000 8\n", 9);
    for (size_t each_bytes = 100; each_bytes < 2UL * LONG; each_bytes *= 3) {
        struct format_outcome got = format_read(format_find("dinero"), text, LONG + 9, 0, each_bytes);
        assert_int_equal(got.records, 1);
        assert_int_equal(got.facts.lines, 1);
        assert_int_equal(got.facts.unknown_lines, 1);
        assert_string_equal(got.facts.first_unknown, "a hole of 4 NUL bytes");
        format_outcome_free(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_counted_as_lackey_counts),
        cmocka_unit_test(long_lines_are_no_records),
        cmocka_unit_test(holes_end_long_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
