/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests of formats of lines have in common. cmocka.h comes before it.
 */
#ifndef TRACES_LINES_TESTING_H
#define TRACES_LINES_TESTING_H

#include "traces/format_testing.h"

#include <stdio.h>
#include <string.h>

static inline struct format_outcome lines_read_text(const struct trace_format *format, const char *text)
{
    return format_read(format, text, strlen(text), 0, 7);
}

static inline void lines_expect(const struct trace_format *format, const char *text,
                                const struct format_record *expected, size_t count, uint64_t unknown_lines)
{
    struct format_outcome got = lines_read_text(format, text);
    const char *unexpected = format_unexpected(&got, expected, count);
    if (unexpected != NULL)
        fail_msg("\"%s\": %s", text, unexpected);
    assert_int_equal(got.facts.unknown_lines, unknown_lines);
    format_outcome_free(&got);
}

static inline void lines_expect_unknown(const struct trace_format *format, const char *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[256];
        snprintf(text, sizeof text, "%s\n", lines[i]);
        lines_expect(format, text, NULL, 0, 1);
    }
}

#endif
