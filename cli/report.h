/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a run gives: rows with their provenance for programs, and a report or a table for people.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/configurations.h"
#include "cli/output.h"

struct report;

struct report *report_create(const struct configurations *configurations, struct output *output);
void report_free(struct report *report);

/* Memory that it takes for each configuration until its end. */
uint64_t report_kept_bytes(enum output_format format, size_t traces);

/* Before the rows, where the output appends: does its file hold rows of the same columns? */
bool report_continue(struct report *report, struct err *err);

/* Takes the rows of one trace, counters[configurations->count], and writes them, but for a table, which is written at
 * the end: its widths follow from all rows. `trace` must live as long as the report; a hash of 0 says that the rows
 * are of a part of it. */
bool report_add(struct report *report, const char *trace, uint64_t trace_hash, const struct counters *counters,
                struct err *err);

/* Writes what is left to write. */
bool report_end(struct report *report, struct err *err);

#endif
