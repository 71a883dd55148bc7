/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/dinero.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include "traces/lines_testing.h"

#include <string.h>

static void din_is_read(void **state)
{
    (void)state;
    static const char text[] =
        "0 7ffe4c1f2a68\n1 0X7FFE4C1F2A70 a comment\n 2\t 401000\r\n3 1000\n4 0\n5 401000\n0 0\n";
    static const struct format_record expected[] = {
        {.va = 0x7ffe4c1f2a68, .kind = ACCESS_LOAD, .size_bytes = 1, .line = 1},
        {.va = 0x7ffe4c1f2a70, .kind = ACCESS_STORE, .size_bytes = 1, .line = 2},
        {.va = 0x401000, .kind = ACCESS_FETCH, .size_bytes = 1, .line = 3},
        {.va = 0x1000, .kind = ACCESS_LOAD, .size_bytes = 1, .line = 4},
        {.va = 0, .kind = ACCESS_LOAD, .size_bytes = 1, .line = 7},
    };
    lines_expect(&dinero_format, text, expected, sizeof expected / sizeof *expected, 0);
    struct format_outcome got = lines_read_text(&dinero_format, text);
    assert_int_equal(got.facts.lines, 7);
    assert_int_equal(format_left_out(&got, "copy-backs of caches"), 1);
    assert_int_equal(format_left_out(&got, "invalidations of caches"), 1);
    assert_non_null(strstr(got.facts.caveat, "no sizes"));
    format_outcome_free(&got);
}

static void extended_din_is_read(void **state)
{
    (void)state;
    static const char text[] = "r 7ffe4c1f2a68 8\nW 0x7ffe4c1f2a70 0x10 stack\ni 401000 f\nm 1000 1000\nc 0 0\nV 0 0\n";
    static const struct format_record expected[] = {
        {.va = 0x7ffe4c1f2a68, .kind = ACCESS_LOAD, .size_bytes = 8, .line = 1},
        {.va = 0x7ffe4c1f2a70, .kind = ACCESS_STORE, .size_bytes = 16, .line = 2},
        {.va = 0x401000, .kind = ACCESS_FETCH, .size_bytes = 15, .line = 3},
        {.va = 0x1000, .kind = ACCESS_LOAD, .size_bytes = 4096, .line = 4},
    };
    lines_expect(&dinero_format, text, expected, sizeof expected / sizeof *expected, 0);
    struct format_outcome got = lines_read_text(&dinero_format, text);
    assert_int_equal(format_left_out(&got, "copy-backs of caches"), 1);
    assert_int_equal(format_left_out(&got, "invalidations of caches"), 1);
    assert_null(got.facts.caveat);
    format_outcome_free(&got);
}

static void other_lines_are_unknown(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        " ",
        "0",
        "0 ",
        "6 1000",
        "00 1000",
        "x 1000 8",
        "0 0x",
        "0 1000g",
        "0,1000",
        "0 -1",
        "01000",
        "r 1000",
        "r 1000 ",
        "r 1000 0",
        "r 1000 1001",
        "r 1000 8k",
        "rr 1000 8",
        "r ffffffffffffffff 2",
        "0 10000000000000000",
        "r 1000 10000000000000000",
        "read 1000 8",
    };
    lines_expect_unknown(&dinero_format, lines, sizeof lines / sizeof *lines);
    lines_expect(&dinero_format, "0 1000\n0 2000",
                 (const struct format_record[]){{.va = 0x1000, .kind = ACCESS_LOAD, .size_bytes = 1}}, 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(din_is_read),
        cmocka_unit_test(extended_din_is_read),
        cmocka_unit_test(other_lines_are_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
