/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FFFD "\xef\xbf\xbd"

static void assert_repaired(const char *text, const char *expected)
{
    char *repaired = rows_repair(text);
    assert_non_null(repaired);
    assert_string_equal(repaired, expected);
    free(repaired);
}

static void utf8_is_left_alone(void **state)
{
    (void)state;
    static const char *const good[] = {
        "", "plain.trace", "caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_null(rows_repair(good[i]));
}

static void each_wrong_byte_is_replaced(void **state)
{
    (void)state;
    assert_repaired("a\xff", "a" FFFD);
    assert_repaired("\x80z", FFFD "z");
    assert_repaired("\xc3", FFFD);                            /* cut */
    assert_repaired("\xe2\x82", FFFD FFFD);                   /* cut */
    assert_repaired("\xc0\xaf", FFFD FFFD);                   /* overlong */
    assert_repaired("\xe0\x80\xaf", FFFD FFFD FFFD);          /* overlong */
    assert_repaired("\xed\xa0\x80", FFFD FFFD FFFD);          /* a surrogate */
    assert_repaired("\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD); /* above U+10FFFF */
    assert_repaired("\xc3\xa9\xc3 \xc3\xa9", "\xc3\xa9" FFFD " \xc3\xa9");
}

static void assert_rows(enum output_format format, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    struct err err;
    struct output output = {.file = open_memstream(&text, &size), .format = format};
    const struct field fields[] = {
        {.name = "plain", .kind = FIELD_TEXT, .text = "a b"},
        {.name = "special", .kind = FIELD_TEXT, .text = "a,\"b\"\tc\n"},
        {.name = "count", .kind = FIELD_COUNT, .count = UINT64_C(9007199254740993)},
        {.name = "real", .kind = FIELD_REAL, .real = 1.0 / 3},
        {.name = "small", .kind = FIELD_REAL, .real = 1.0 / 3e7},
        {.name = "whole", .kind = FIELD_REAL, .real = 2},
        {.name = "none", .kind = FIELD_NONE},
    };
    for (int i = 0; i < 2; i++)
        assert_true(rows_write(&output, fields, sizeof fields / sizeof *fields, &err));
    fclose(output.file);
    assert_string_equal(text, expected);
    free(text);
}

static void rows_are_written(void **state)
{
    (void)state;
    assert_rows(OUTPUT_CSV, "plain,special,count,real,small,whole,none\n"
                            "a b,\"a,\"\"b\"\"\tc\n\",9007199254740993,0.333333,3.33333e-08,2,\n"
                            "a b,\"a,\"\"b\"\"\tc\n\",9007199254740993,0.333333,3.33333e-08,2,\n");
    assert_rows(OUTPUT_TSV, "plain\tspecial\tcount\treal\tsmall\twhole\tnone\n"
                            "a b\t\"a,\"\"b\"\"\tc\n\"\t9007199254740993\t0.333333\t3.33333e-08\t2\t\n"
                            "a b\t\"a,\"\"b\"\"\tc\n\"\t9007199254740993\t0.333333\t3.33333e-08\t2\t\n");
    const char *const object =
        "{\"plain\":\"a b\",\"special\":\"a,\\\"b\\\"\\tc\\n\",\"count\":9007199254740993,\"real\":0.333333,"
        "\"small\":3.33333e-8,\"whole\":2.0,\"none\":null}\n";
    char twice[512];
    snprintf(twice, sizeof twice, "%s%s", object, object);
    assert_rows(OUTPUT_JSON, twice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_left_alone),
        cmocka_unit_test(each_wrong_byte_is_replaced),
        cmocka_unit_test(rows_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
