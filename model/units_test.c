/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "model/err.h"

static void test_counts(void **state)
{
    (void)state;
    uint64_t value;
    assert_true(units_parse_count("0", &value) && value == 0);
    assert_true(units_parse_count("18446744073709551615", &value) && value == UINT64_MAX);
    static const char *const none[] = {"", "-1", "+1", " 1", "1 ", "1x", "0x10", "1.0", "18446744073709551616", "4K"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_false(units_parse_count(none[i], &value));
}

static void test_sizes(void **state)
{
    (void)state;
    uint64_t value;
    char text[UNITS_SIZE_TEXT];
    assert_true(units_parse_size("4096", &value) && value == 4096);
    assert_true(units_parse_size("4K", &value) && value == 4096);
    assert_true(units_parse_size("2m", &value) && value == 2 << 20);
    assert_true(units_parse_size("1G", &value) && value == 1 << 30);
    assert_true(units_parse_size("256T", &value) && value == UINT64_C(1) << 48);
    static const char *const none[] = {"",    "K", "-4K", "4KB", "4 K", "4k ", "4X", "16384P", "18446744073709551615K",
                                       "1.5M"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_false(units_parse_size(none[i], &value));
    assert_string_equal(units_format_size(0, text), "0");
    assert_string_equal(units_format_size(4097, text), "4097");
    assert_string_equal(units_format_size(4096, text), "4K");
    assert_string_equal(units_format_size(UINT64_C(1) << 63, text), "8192P");
    for (unsigned bit = 0; bit < 64; bit++)
        assert_true(units_parse_size(units_format_size(UINT64_C(1) << bit, text), &value) && value == UINT64_C(1)
                                                                                                          << bit);
}

static void test_addresses_and_reals(void **state)
{
    (void)state;
    uint64_t address;
    double real;
    assert_true(units_parse_address("0xFFff", &address) && address == 0xffff);
    assert_true(units_parse_address("16", &address) && address == 16);
    assert_false(units_parse_address("0x", &address));
    assert_false(units_parse_address("0x10000000000000000", &address));
    assert_false(units_parse_address("ff", &address));
    assert_true(units_parse_real("0.99", &real) && real == 0.99);
    assert_true(units_parse_real("1e-3", &real) && real == 1e-3);
    static const char *const none[] = {"", "-1", "nan", "inf", "0x1p3", "1.2.3", "1e999", "1 ", "e"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_false(units_parse_real(none[i], &real));
}

static void test_errors(void **state)
{
    (void)state;
    struct err err;
    assert_false(err_set(&err, "%s:%d: wrong", "file", 3));
    assert_false(err_prefix(&err, "pagewalk"));
    assert_string_equal(err.text, "pagewalk: file:3: wrong");
    char longer[2 * ERR_TEXT_BYTES];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_false(err_set(&err, "%s", longer));
    assert_int_equal(strlen(err.text), ERR_TEXT_BYTES - 1);
    assert_string_equal(err.text + ERR_TEXT_BYTES - 4, "...");
    static const char *const words[] = {"entries", "sets", "ways", NULL};
    assert_string_equal(err_nearest("entires", words), "entries");
    assert_string_equal(err_nearest("way", words), "ways");
    assert_null(err_nearest("bogus", words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_addresses_and_reals),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
