/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Results for people: a report of one row, a table of several. They may change from version to version; programs read the
 * rows of report.h.
 */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/configurations.h"
#include "model/counters.h"

/* A result: one trace through one configuration. */
struct result {
    const char *trace; /* the path as given */
    uint64_t trace_hash;
    size_t index; /* of the configuration */
    struct counters counters;
};

/* The result of one configuration; behind it in the array stand those of its bounds. */
void summary_write_report(const struct configurations *configurations, const struct result *result, FILE *out,
                          bool style);

/* At least one result, and behind each the ones of its bounds. */
void summary_write_table(const struct configurations *configurations, const struct result *result, size_t count,
                         FILE *out, bool style);

#endif
