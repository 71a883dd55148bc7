/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/results_testing.h"

static struct results *read_text(const char *path, const char *text)
{
    struct err err = {""};
    testing_write(path, text);
    struct results *results = results_read(path, &err);
    if (results == NULL)
        print_error("%s\n", err.text);
    assert_non_null(results);
    return results;
}

/* The table as one text: cells between bars, rows between lines. */
static const char *flat(const struct results *results)
{
    static char text[1024];
    char *end = text;
    for (size_t column = 0; column < results->column_count; column++)
        end += sprintf(end, "%s|", results_name(results, column));
    for (size_t row = 0; row < results->row_count; row++) {
        end += sprintf(end, "/%zu:", results->line[row]);
        for (size_t column = 0; column < results->column_count; column++)
            end += sprintf(end, "%s|", results_text(results, row, column));
    }
    return text;
}

static void expect_table(const char *path, const char *text, const char *expected)
{
    struct results *results = read_text(path, text);
    assert_string_equal(flat(results), expected);
    results_free(results);
}

static void test_csv(void **state)
{
    (void)state;
    expect_table("a.csv", "x,y\n1,2\n", "x|y|/2:1|2|");
    expect_table("a.csv", "\xef\xbb\xbfx,y\r\n1,2\r\n3,", "x|y|/2:1|2|/3:3||");
    expect_table("a.csv", "x,y\n\n\n1,2\n\n3,4\n\n", "x|y|/4:1|2|/6:3|4|");
    expect_table("a.csv", "x,y\n\"a,b\",\"say \"\"hi\"\"\"\n\"two\nlines\",  z \n\"\",1\n",
                 "x|y|/2:a,b|say \"hi\"|/3:two\nlines|  z |/5:|1|");
    expect_table("a.csv", "x,y\n\"\na\",\"b\n\"\n1,2\n", "x|y|/2:\na|b\n|/5:1|2|");
    expect_table("a.csv", ",x\n0,1\n", "|x|/2:0|1|");
    expect_table("a.csv", "x\ty\n1\t2\n", "x\ty|/2:1\t2|");
}

static void test_tsv(void **state)
{
    (void)state;
    expect_table("a.tsv", "x\ty\n1,5\t\n", "x|y|/2:1,5||");
    expect_table("a.tsv", "x\ty\n\"a\tb\"\t\"c\nd\"\n2\t\\n\n", "x|y|/2:a\tb|c\nd|/4:2|\\n|");
}

static void test_json(void **state)
{
    (void)state;
    expect_table("a.json",
                 "{\"x\":\"4K\",\"n\":9007199254740993,\"r\":0.1,\"none\":null,\"b\":true}\n\n"
                 "{\"b\":false,\"none\":\"\",\"r\":1e-7,\"n\":0,\"x\":\"\\u00e9\\n\"}",
                 "x|n|r|none|b|/1:4K|9007199254740993|0.1||true|/3:\xc3\xa9\n|0|1e-07||false|");
}

static void test_content_decides(void **state)
{
    (void)state;
    expect_table("a", "x,y\n1,2\n", "x|y|/2:1|2|");
    expect_table("a", "x\ty\n1,5\t2\n", "x|y|/2:1,5|2|");
    expect_table("a", "x,y\n1\t,2\n", "x|y|/2:1\t|2|");
    expect_table("a.txt", " {\"x\":1}\n", "x|/1:1|");
}

static void test_standard_input(void **state)
{
    (void)state;
    testing_write("a.csv", "x\n7\n");
    assert_non_null(freopen("a.csv", "r", stdin));
    struct err err;
    struct results *results = results_read("-", &err);
    assert_non_null(results);
    assert_string_equal(results->name, "standard input");
    assert_string_equal(flat(results), "x|/2:7|");
    results_free(results);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text, *expected;
    } cases[] = {
        {"a.csv", "", "a.csv: no rows"},
        {"a.csv", "\n\n", "a.csv: no rows"},
        {"a.csv", "x,y\n", "a.csv: no rows"},
        {"a.json", "\n", "a.json: no rows"},
        {"a.csv", "x,y\n1,2\n3\n", "a.csv:3: found 1 field, expected 2, as in the header; is the file complete?"},
        {"a.csv", "x,y\n1,2,3\n",
         "a.csv:2: found 3 fields, expected 2, as in the header; a field that contains the separator"},
        {"a.csv", "x,y\n\"\n\",1\n\n1\n", "a.csv:5: found 1 field,"},
        {"a.csv", "x,y\n1", "a.csv:2: found 1 field,"},
        {"a.csv", "x,y,x\n1,2,3\n", "a.csv:1: the columns 1 and 3 are both called \"x\""},
        {"a.csv", "x,y\n1,a\"b\n", "a.csv:2: broken quoting"},
        {"a.csv", "x,y\n1,\"a\" \n", "a.csv:2: broken quoting"},
        {"a.csv", "x,y\n1,2\n\n3,\"a\n4,5\n", "a.csv:4: a quote that begins in this row does not end"},
        {"a.tsv", "x\ty\n1\n", "a.tsv:2: found 1 field,"},
        {"a.json", "{\"x\":1}\n{\"x\":}\n", "a.json:2: column 6: "},
        {"a.json", "{\"x\":1,\"x\":2}\n", "a.json:1: "},
        {"a.json", "{\"x\":1} {\"x\":2}\n", "a.json:1: "},
        {"a.json", "[{\"x\":1}]\n", "a.json:1: no JSON object; one a line"},
        {"a.json", "{}\n", "a.json:1: an object without keys"},
        {"a.json", "{\"x\":[1]}\n", "a.json:1: \"x\" is an object or an array"},
        {"a.json", "{\"x\":1}\n{\"y\":1}\n", "a.json:2: no key \"x\""},
        {"a.json", "{\"x\":1}\n\n{\"x\":1,\"y\":1}\n", "a.json:3: 2 keys, where the first object has 1"},
        {"a.json", "{\n\"x\":1}\n", "one JSON object a line was expected"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {""};
        testing_write(cases[i].path, cases[i].text);
        assert_null(results_read(cases[i].path, &err));
        if (strstr(err.text, cases[i].expected) == NULL)
            fail_msg("case %zu: \"%s\"", i, err.text);
    }
}

static void test_unreadable(void **state)
{
    (void)state;
    struct err err;
    assert_null(results_read("none.csv", &err));
    assert_string_equal(err.text, "none.csv: No such file or directory");
    assert_null(results_read("/", &err));
    assert_string_equal(err.text, "/: Is a directory");
    FILE *file = fopen("nul.csv", "w");
    fwrite("x\n1\0\n", 1, 5, file);
    fclose(file);
    assert_null(results_read("nul.csv", &err));
    assert_non_null(strstr(err.text, "nul.csv: no text: there is a NUL byte at offset 3"));
}

static void test_columns_and_numbers(void **state)
{
    (void)state;
    struct results *results = read_text("a.csv", "t,n\na,1.5e3\nb,\nc,-1\nd,nan\ne,18446744073709551615\n");
    struct err err = {""};
    size_t column;
    double number;
    assert_false(results_column(results, "N", &column));
    assert_true(results_column(results, "n", &column));
    assert_true(results_number(results, 0, column, &number, &err) && number == 1500);
    assert_true(results_number(results, 1, column, &number, &err) && isnan(number));
    assert_false(results_number(results, 2, column, &number, &err));
    assert_string_equal(err.text, "a.csv:4: n is \"-1\"; a decimal number was expected, or nothing");
    assert_false(results_number(results, 3, column, &number, &err));
    assert_true(results_number(results, 4, column, &number, &err) && number == 18446744073709551615.0);
    results_free(results);
    results_free(NULL);
}

static void test_rows_that_are_kept(void **state)
{
    (void)state;
    struct results *results = read_text("a.csv", "n,t\n1,a\n2,b\n3,\n4,a\n5,c\n");
    assert_false(results_keep(results, 1, (const char *const[]){"d", "ab", NULL}));
    assert_int_equal(results->row_count, 5);
    assert_true(results_keep(results, 1, (const char *const[]){"c", "a", NULL}));
    static const char *const left[] = {"1", "4", "5"};
    assert_int_equal(results->row_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(results_text(results, i, 0), left[i]);
    assert_int_equal(results->line[1], 5);
    assert_string_equal(results_text(results, 2, 1), "c");
    assert_string_equal(results_name(results, 1), "t");
    results_free(results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_tsv),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_content_decides),
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_columns_and_numbers),
        cmocka_unit_test(test_rows_that_are_kept),
    };
    return cmocka_run_group_tests(tests, testing_enter, testing_leave);
}
