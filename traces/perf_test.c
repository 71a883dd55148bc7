/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/perf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include "traces/lines_testing.h"

#include <string.h>

static void pairs_are_read(void **state)
{
    (void)state;
    static const struct format_record expected[] = {
        {.va = 0x55d2710fd5c0, .kind = ACCESS_LOAD, .size_bytes = 1, .line = 1},
        {.va = 0xffffffff81b75d98, .kind = ACCESS_LOAD, .size_bytes = 1, .line = 2},
    };
    lines_expect(&perf_format, "    55d2710fd5c0 ffffffff817554ea\nffffffff81b75d98           401136 main+0x6\n",
                 expected, 2, 0);
}

static void samples_of_events_are_read(void **state)
{
    (void)state;
    static const char text[] =
        "# a comment\n"
        "page-faults:     55d2710fd5c0 __progname ffffffff817554ea elf_load\n"
        "Web Content: 2 20516 22431.632:          1 mem-loads:     7ffed1d3ecb9      1668 |OP LOAD|LVL L3 hit| 401136 "
        "main\n"
        "ls 20516 22431.632125:          1 mem-stores/P:     7ffed1d3ecc0 55d2710f1139 main+0x9\n"
        "ls 20516 22431.632125:          1 ibs_op//:     7ffed1d3ecc0       500 |OP STORE|LVL L1 hit| 55d2710f1139 "
        "main\n"
        "ls 20516 22431.632125:          1 ibs_op//:     7ffed1d3ecc0       500 |OP EXEC|LVL L1 hit| 55d2710f1139 "
        "main\n"
        "22431.632125:     7ffed1d3ecc1 55d2710f1139\n"
        "\n"
        "\t    55d2710f1139 main+0x9 (/usr/bin/ls)\n";
    static const struct format_record expected[] = {
        {.va = 0x55d2710fd5c0, .kind = ACCESS_LOAD, .size_bytes = 1, .line = 2},
        {.va = 0x7ffed1d3ecb9, .kind = ACCESS_LOAD, .size_bytes = 1, .line = 3},
        {.va = 0x7ffed1d3ecc0, .kind = ACCESS_STORE, .size_bytes = 1, .line = 4},
        {.va = 0x7ffed1d3ecc0, .kind = ACCESS_STORE, .size_bytes = 1, .line = 5},
        {.va = 0x7ffed1d3ecc0, .kind = ACCESS_FETCH, .size_bytes = 1, .line = 6},
        {.va = 0x7ffed1d3ecc1, .kind = ACCESS_LOAD, .size_bytes = 1, .line = 7},
    };
    lines_expect(&perf_format, text, expected, sizeof expected / sizeof *expected, 0);
}

static void samples_without_use_are_counted(void **state)
{
    (void)state;
    struct format_outcome got =
        lines_read_text(&perf_format, "               0 ffffffff81b75d98\n"
                                      "mem-loads:     7ffed1d3ecb9      1668 |OP PFETCH|LVL N/A| 401136 main\n");
    assert_true(got.good);
    assert_int_equal(got.records, 0);
    assert_int_equal(format_left_out(&got, "samples without an address"), 1);
    assert_int_equal(format_left_out(&got, "samples of prefetches"), 1);
    assert_non_null(strstr(got.facts.caveat, "samples are no trace"));
    format_outcome_free(&got);
}

static void other_lines_are_unknown(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "55d2710fd5c0 ffffffff817554ea",
        "    55d2710fd5c0",
        "    55d2710fd5c0 401136",
        "0000000000401136 0000000000401140",
        "0x00000000401136           401140",
        "page-faults:  ffffffff817554ea elf_load+0x28a ([kernel.kallsyms])",
        "ls 20516 22431.632069:          1 page-faults:  ffffffff817554ea elf_load+0x28a ([kernel.kallsyms])",
        "page-faults: 55d2710fd5c0 __progname",
        "page-faults:",
        "page-faults:     55d2710fd5cg __progname",
        "page-faults:     55d2710fd5c0,8",
        "2 401000",
        "  foo.c:12",
    };
    lines_expect_unknown(&perf_format, lines, sizeof lines / sizeof *lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_read),
        cmocka_unit_test(samples_of_events_are_read),
        cmocka_unit_test(samples_without_use_are_counted),
        cmocka_unit_test(other_lines_are_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
