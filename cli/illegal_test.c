/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/illegal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct axes axes;
    struct illegal *illegal;
};

static struct fixture make(const char *first, const char *second)
{
    const char *vary[] = {first, second};
    const struct option_values values = {vary, second != NULL ? 2 : 1};
    struct err err;
    struct fixture fixture = {.illegal = NULL};
    assert_true(axes_parse(&values, &fixture.axes, &err));
    return fixture;
}

/* What is written of all that was added; frees. */
static void assert_written(struct fixture *fixture, bool all, bool cut, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(illegal_write(fixture->illegal, all, out), cut);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
    illegal_free(fixture->illegal);
    axes_free(&fixture->axes);
}

static void values_stand_for_their_combinations(void **state)
{
    (void)state;
    struct fixture fixture = make("os.a=1,2,3", "x.b,x.c=4:5,6:7");
    fixture.illegal = illegal_create(&fixture.axes);
    illegal_add(fixture.illegal, 0, "all is wrong\none is wrong");
    illegal_add(fixture.illegal, 1, "all is wrong\nb is wrong");
    illegal_add(fixture.illegal, 2, "all is wrong\na is wrong");
    illegal_add(fixture.illegal, 3, "all is wrong\nb is wrong\na is wrong");
    illegal_add(fixture.illegal, 4, "all is wrong");
    illegal_add(fixture.illegal, 5, "all is wrong\nb is wrong");
    assert_int_equal(illegal_count(fixture.illegal), 6);
    assert_written(&fixture, false, false,
                   "  all is wrong\n"
                   "    all 6 combinations\n"
                   "  one is wrong\n"
                   "    os.a=1 x.b=4 x.c=5\n"
                   "  b is wrong\n"
                   "    3 combinations, all with x.b,x.c=6:7\n"
                   "  a is wrong\n"
                   "    2 combinations, all with os.a=2\n");
}

/* One that is said twice of a combination is one, and what does not make a product is listed. */
static void others_are_listed(void **state)
{
    (void)state;
    for (int all = 0; all <= 1; all++) {
        struct fixture fixture = make("a.a=1,2,3", "b.b=1,2,3");
        fixture.illegal = illegal_create(&fixture.axes);
        for (size_t i = 0; i < 5; i++)
            illegal_add(fixture.illegal, i, "too low\ntoo low");
        assert_written(&fixture, all, !all,
                       all ? "  too low\n"
                             "    a.a=1 b.b=1\n    a.a=1 b.b=2\n    a.a=1 b.b=3\n    a.a=2 b.b=1\n    a.a=2 b.b=2\n"
                           : "  too low\n"
                             "    a.a=1 b.b=1\n    a.a=1 b.b=2\n    a.a=1 b.b=3\n"
                             "    (and 2 more combinations with the same problem)\n");
    }
}

static void long_lists_of_values_are_cut(void **state)
{
    (void)state;
    for (int all = 0; all <= 1; all++) {
        struct fixture fixture = make("a.a=1,2,3,4,5,6,7,8,9,10,11,12,13", NULL);
        fixture.illegal = illegal_create(&fixture.axes);
        for (size_t i = 1; i < 13; i++)
            illegal_add(fixture.illegal, i, "wrong");
        /* The values that are left out are the same problem's: none is hidden that needs another correction. */
        assert_written(&fixture, all, false,
                       all ? "  wrong\n    12 combinations, all with a.a=2,3,4,5,6,7,8,9,10,11,12,13\n"
                           : "  wrong\n    12 combinations, all with a.a=2,3,4,...,13 (12 of 13 values)\n");
    }
}

static void problems_that_differ_in_values_are_one_kind(void **state)
{
    (void)state;
    struct fixture fixture = make("a.a=1,2,3,4,5,6,7,8,9,10,11,12", "b.b=x,yy");
    fixture.illegal = illegal_create(&fixture.axes);
    for (size_t i = 0; i < 24; i++) {
        char reason[128];
        snprintf(reason, sizeof reason,
                 "--vary a.a=%zu: a = %zu does not fit: %s\n--vary b.b=%s: b = %s is no number such as %zuK", i / 2 + 1,
                 i / 2 + 1, i < 2 ? "take 3" : "take 3 or 4K", i % 2 == 0 ? "x" : "yy", i % 2 == 0 ? "x" : "yy",
                 i / 22);
        illegal_add(fixture.illegal, i, reason);
    }
    assert_written(&fixture, false, true,
                   "  --vary a.a=1: a = 1 does not fit: take 3\n    2 combinations, all with a.a=1\n"
                   "  --vary a.a=2: a = 2 does not fit: take 3 or 4K\n    2 combinations, all with a.a=2\n"
                   "  --vary a.a=3: a = 3 does not fit: take 3 or 4K\n    2 combinations, all with a.a=3\n"
                   "  --vary a.a=4: a = 4 does not fit: take 3 or 4K\n    2 combinations, all with a.a=4\n"
                   "  --vary a.a=5: a = 5 does not fit: take 3 or 4K\n    2 combinations, all with a.a=5\n"
                   "  --vary a.a=6: a = 6 does not fit: take 3 or 4K\n    2 combinations, all with a.a=6\n"
                   "  --vary a.a=7: a = 7 does not fit: take 3 or 4K\n    2 combinations, all with a.a=7\n"
                   "  --vary a.a=8: a = 8 does not fit: take 3 or 4K\n    2 combinations, all with a.a=8\n"
                   "  (and 4 more problems like these, of 8 combinations)\n"
                   "  --vary b.b=x: b = x is no number such as 0K\n"
                   "    11 combinations, all with a.a=1,2,3,...,11 (11 of 12 values) b.b=x\n"
                   "  --vary b.b=yy: b = yy is no number such as 0K\n"
                   "    11 combinations, all with a.a=1,2,3,...,11 (11 of 12 values) b.b=yy\n"
                   "  --vary b.b=x: b = x is no number such as 1K\n    a.a=12 b.b=x\n"
                   "  --vary b.b=yy: b = yy is no number such as 1K\n    a.a=12 b.b=yy\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stand_for_their_combinations),
        cmocka_unit_test(others_are_listed),
        cmocka_unit_test(long_lists_of_values_are_cut),
        cmocka_unit_test(problems_that_differ_in_values_are_one_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
