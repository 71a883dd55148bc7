/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text in aligned columns for people: cells are added row by row, and widths follow from what came. The first row is
 * the header. Numbers stand right, words left.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { TABLE_COUNT_TEXT = 32 };

struct table;

/* `align` has a letter a column: 'l', 'r', or 'w' for a last column that is wrapped to the width of a page. */
struct table *table_create(const char *align);
void table_free(struct table *table);

/* The next cell, from left to right and row by row. */
void table_add(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints all rows, `indent` columns to the right; with `style`, the header in bold. A column whose cells below the
 * header are all empty is left out. */
void table_print(const struct table *table, FILE *out, int indent, bool style);

/* 1234567 as "1,234,567". Returns `text`. */
const char *table_count(uint64_t count, char text[TABLE_COUNT_TEXT]);

#endif
