/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A results file as a table of texts: what `pagewalk run` and `pagewalk sweep` wrote, or any other table with a header.
 *
 * CSV (RFC 4180), TSV (the same with tabs) or JSON lines, by the suffix .csv, .tsv or .json, else by the content: a
 * first '{' is JSON, a tab in the first line TSV. Columns are found by name; nothing here knows what they mean.
 * Always: at least one row, every row has every column, no name stands twice.
 */
#ifndef ANALYSIS_RESULTS_H
#define ANALYSIS_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/err.h"

struct results {
    const char *name; /* as messages call the file */
    size_t column_count;
    size_t row_count;
    const size_t *line; /* of each row in the file, where it begins, from 1 */
    const char *texts;  /* every name and cell, each ended by a NUL */
    const size_t *cell; /* offsets in `texts`: the names, then row by row */
};

/* Reads the file, "-" being standard input. NULL on errors: unreadable file, broken quoting or JSON, rows with more or
 * fewer fields than the header, repeated column names, no rows; all but the first and the last with the line. */
struct results *results_read(const char *path, struct err *err);

/* Leaves the rows whose cell of the column is one of the texts (NULL ends them). False where that is none: all rows stay. */
bool results_keep(struct results *results, size_t column, const char *const *texts);

/* NULL is allowed. */
void results_free(struct results *results);

const char *results_name(const struct results *results, size_t column);

/* The column of that name; false where there is none. */
bool results_column(const struct results *results, const char *name, size_t *column);

/* "" for an empty cell and for null. */
const char *results_text(const struct results *results, size_t row, size_t column);

/* The cell as a number, an empty one as NaN. Errors: anything but a decimal number without a sign, naming the line. */
bool results_number(const struct results *results, size_t row, size_t column, double *number, struct err *err);

#endif
