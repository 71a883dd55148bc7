/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/table.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/say.h"

struct table {
    const char *align;
    size_t columns;
    char **cell; /* row by row */
    size_t cells;
    size_t room;
};

struct table *table_create(const char *align)
{
    struct table *table = say_allocate(1, sizeof *table);
    table->align = align;
    table->columns = strlen(align);
    return table;
}

void table_free(struct table *table)
{
    for (size_t i = 0; i < table->cells; i++)
        free(table->cell[i]);
    free(table->cell);
    free(table);
}

void table_add(struct table *table, const char *format, ...)
{
    if (table->cells == table->room) {
        table->room = table->room == 0 ? 64 : 2 * table->room;
        table->cell = say_reallocate(table->cell, table->room, sizeof *table->cell);
    }
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        text = say_allocate(1, 1);
    va_end(arguments);
    table->cell[table->cells++] = text;
}

/* Columns that a text takes on a terminal: its UTF-8 characters. */
static int text_width(const char *text)
{
    int width = 0;
    for (; *text != '\0'; text++)
        width += (*text & 0xc0) != 0x80;
    return width;
}

/* A header may have two lines; a cell of one line stands in the lower. */
static void split_header(const struct table *table, char **upper, char **lower)
{
    for (size_t i = 0; i < table->columns; i++) {
        const char *text = table->cell[i];
        const char *newline = strchr(text, '\n');
        upper[i] = newline != NULL ? say_copy_part(text, (size_t)(newline - text)) : say_copy("");
        lower[i] = say_copy(newline != NULL ? newline + 1 : text);
    }
}

/* 0 for a column with nothing below its header. */
static int column_width(const struct table *table, size_t column, const char *upper, const char *lower)
{
    int width = 0;
    for (size_t i = column + table->columns; i < table->cells; i += table->columns)
        if (text_width(table->cell[i]) > width)
            width = text_width(table->cell[i]);
    if (width > 0 && text_width(upper) > width)
        width = text_width(upper);
    if (width > 0 && text_width(lower) > width)
        width = text_width(lower);
    return width;
}

static void print_row(const struct table *table, FILE *out, int indent, const int *width, char *const *cell)
{
    int column = 0;
    int start = indent;
    for (size_t i = 0; i < table->columns; i++) {
        if (width[i] == 0)
            continue;
        const int own = text_width(cell[i]);
        const int at = table->align[i] == 'r' ? start + width[i] - own : start;
        /* Blanks come before a cell only, so that no line ends in one. */
        if (own > 0 && table->align[i] == 'w') {
            fprintf(out, "%*s", at - column, "");
            options_wrap(out, cell[i], at, at);
            return;
        }
        if (own > 0) {
            fprintf(out, "%*s%s", at - column, "", cell[i]);
            column = at + own;
        }
        start += width[i] + 2;
    }
}

static void print_line(const struct table *table, FILE *out, int indent, const int *width, char *const *cell,
                       bool style)
{
    if (style)
        fputs("\033[1m", out);
    print_row(table, out, indent, width, cell);
    fputs(style ? "\033[0m\n" : "\n", out);
}

void table_print(const struct table *table, FILE *out, int indent, bool style)
{
    int *width = say_allocate(table->columns, sizeof *width);
    char **upper = say_allocate(table->columns, sizeof *upper);
    char **lower = say_allocate(table->columns, sizeof *lower);
    bool two_lines = false;
    split_header(table, upper, lower);
    for (size_t i = 0; i < table->columns; i++) {
        width[i] = column_width(table, i, upper[i], lower[i]);
        two_lines = two_lines || *upper[i] != '\0';
    }
    if (two_lines)
        print_line(table, out, indent, width, upper, style);
    print_line(table, out, indent, width, lower, style);
    for (size_t i = table->columns; i + table->columns <= table->cells; i += table->columns)
        print_line(table, out, indent, width, table->cell + i, false);
    for (size_t i = 0; i < table->columns; i++) {
        free(upper[i]);
        free(lower[i]);
    }
    free(upper);
    free(lower);
    free(width);
}

const char *table_count(uint64_t count, char text[TABLE_COUNT_TEXT])
{
    char digits[TABLE_COUNT_TEXT];
    const int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    char *end = text;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *end++ = ',';
        *end++ = digits[i];
    }
    *end = '\0';
    return text;
}
