/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Results as rows of named fields, written as CSV, TSV or JSON (one object a line). Tables for people are another
 * matter: see table.h.
 */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/output.h"

enum field_kind { FIELD_NONE, FIELD_TEXT, FIELD_COUNT, FIELD_REAL };

struct field {
    const char *name;
    enum field_kind kind; /* FIELD_NONE: empty, or null in JSON */
    const char *text;
    uint64_t count; /* below 2^63, JSON's integers being what they are */
    double real;    /* written with six significant digits */
};

/* Where the output appends: are the rows that its file holds rows of these fields, the last one whole? Then no header is
 * written once more. An empty file will do. */
bool rows_continue(struct output *output, const struct field *field, size_t count, struct err *err);

/* Writes one row; before the first one of a CSV or TSV stands the header. The names must be those of the row before. */
bool rows_write(struct output *output, const struct field *field, size_t count, struct err *err);

/* The text with U+FFFD for each byte that is not UTF-8, which the caller frees; NULL where it is UTF-8 as it is. */
char *rows_repair(const char *text);

#endif
