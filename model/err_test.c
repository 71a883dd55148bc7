/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void lines_are_added(void **state)
{
    (void)state;
    struct err err = {.text = ""};
    assert_false(err_add(&err, "one is %d", 1));
    assert_string_equal(err.text, "one is 1");
    assert_false(err_add(&err, "two is %d", 2));
    assert_string_equal(err.text, "one is 1\ntwo is 2");
}

/* However long the lines are: whole ones, then that there is more. */
static void what_has_no_room_is_said(void **state)
{
    (void)state;
    static char line[ERR_TEXT_BYTES + 1];
    for (size_t length = 1; length < ERR_TEXT_BYTES; length = length * 3 / 2 + 1) {
        struct err err = {.text = ""};
        memset(line, 'x', length);
        line[length] = '\0';
        for (size_t i = 0; i < ERR_TEXT_BYTES; i++)
            assert_false(err_add(&err, "%s", line));
        const char *last = strrchr(err.text, '\n');
        if (last == NULL) {
            assert_true(length > ERR_TEXT_BYTES / 2 - 64);
            continue;
        }
        assert_string_equal(last, "\n... and more: correct these first");
        assert_int_equal((size_t)(last - err.text) % (length + 1), length);
    }
}

static void one_that_is_too_long_is_cut(void **state)
{
    (void)state;
    static char line[2 * ERR_TEXT_BYTES];
    struct err err = {.text = ""};
    memset(line, 'x', sizeof line - 1);
    assert_false(err_add(&err, "%s", line));
    assert_string_equal(err.text + strlen(err.text) - 4, "x...");
    assert_false(err_add(&err, "%s", line));
    assert_false(err_set(&err, "%s", line));
    assert_int_equal(strlen(err.text), ERR_TEXT_BYTES - 1);
    assert_false(err_add(&err, "%s", line));
    assert_int_equal(strlen(err.text), ERR_TEXT_BYTES - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_added),
        cmocka_unit_test(what_has_no_room_is_said),
        cmocka_unit_test(one_that_is_too_long_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
