/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/results.h"

#include <assert.h>
#include <csv.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/units.h"

/* A table while it is read. The first row is the header. */
struct reading {
    struct results results; /* first, so that results_free finds what belongs to it */
    char *texts, *cells, *lines;
    size_t texts_bytes, cells_bytes, lines_bytes;
    FILE *texts_out, *cells_out, *lines_out; /* streams that make up the three */
    size_t offset;                           /* in texts, of the next cell */
    size_t line;                             /* being read, from 1 */
    size_t row_line;                         /* where the row at hand began */
    size_t field_count;                      /* of the row at hand */
    struct err *err;
    bool failed;
};

static void add_field(struct reading *reading, const char *text, size_t length)
{
    fwrite(&reading->offset, sizeof reading->offset, 1, reading->cells_out);
    fwrite(text, 1, length, reading->texts_out);
    fputc('\0', reading->texts_out);
    reading->offset += length + 1;
    reading->field_count++;
}

static bool end_header(struct reading *reading)
{
    fflush(reading->texts_out);
    fflush(reading->cells_out);
    const size_t *name = (const size_t *)(void *)reading->cells;
    for (size_t i = 0; i < reading->field_count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(reading->texts + name[i], reading->texts + name[j]) == 0)
                return err_set(reading->err,
                               "%s:%zu: the columns %zu and %zu are both called \"%s\"; rename or drop one",
                               reading->results.name, reading->row_line, j + 1, i + 1, reading->texts + name[i]);
    reading->results.column_count = reading->field_count;
    return true;
}

/* Ends the row at hand, which the fields added since the last one make up. */
static bool end_row(struct reading *reading)
{
    const size_t expected = reading->results.column_count;
    if (expected == 0) {
        if (!end_header(reading))
            return false;
    } else {
        if (reading->field_count != expected)
            return err_set(reading->err, "%s:%zu: found %zu field%s, expected %zu, as in the header%s",
                           reading->results.name, reading->row_line, reading->field_count,
                           reading->field_count == 1 ? "" : "s", expected,
                           reading->field_count > expected ? "; a field that contains the separator has to be quoted"
                                                           : "; is the file complete?");
        fwrite(&reading->row_line, sizeof reading->row_line, 1, reading->lines_out);
        reading->results.row_count++;
    }
    reading->field_count = 0;
    return true;
}

/* ---- CSV and TSV ---- */

static void take_field(void *text, size_t length, void *context)
{
    struct reading *reading = context;
    add_field(reading, length == 0 ? "" : text, length);
}

static void take_row(int terminator, void *context)
{
    (void)terminator;
    struct reading *reading = context;
    if (!reading->failed)
        reading->failed = !end_row(reading);
    reading->row_line = reading->line + 1;
}

/* RFC 4180: blanks are part of a field. */
static int is_no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static bool parse_lines(struct reading *reading, struct csv_parser *parser, const char *text)
{
    reading->row_line = 1;
    while (*text != '\0' && !reading->failed) {
        const size_t length = strcspn(text, "\n");
        const size_t bytes = length + (text[length] == '\n');
        reading->line++;
        if (reading->row_line == reading->line && strspn(text, "\r") == length)
            reading->row_line++; /* a blank line between rows, which the library skips */
        if (csv_parse(parser, text, bytes, take_field, take_row, reading) != bytes)
            return err_set(
                reading->err,
                "%s:%zu: broken quoting: a field with a quote in it has to stand in quotes, \"like \"\"this\"\"\"",
                reading->results.name, reading->line);
        text += bytes;
    }
    if (!reading->failed && csv_fini(parser, take_field, take_row, reading) != 0)
        return err_set(reading->err, "%s:%zu: a quote that begins in this row does not end", reading->results.name,
                       reading->row_line);
    return !reading->failed;
}

static bool read_separated(struct reading *reading, const char *text, unsigned char separator)
{
    struct csv_parser parser;
    const bool ready = csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0;
    assert(ready);
    csv_set_delim(&parser, separator);
    csv_set_space_func(&parser, is_no_space);
    const bool good = parse_lines(reading, &parser, text);
    csv_free(&parser);
    return good;
}

/* ---- JSON lines ---- */

/* The shortest decimal that reads back as the same number. */
static void format_real(double value, char text[static 32])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, 32, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return;
    }
}

static bool add_value(struct reading *reading, const char *key, const json_t *value)
{
    char number[32] = "";
    const char *text = number;
    switch (json_typeof(value)) {
    case JSON_NULL:
        break;
    case JSON_STRING:
        text = json_string_value(value);
        break;
    case JSON_INTEGER:
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        format_real(json_real_value(value), number);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        text = json_is_true(value) ? "true" : "false";
        break;
    case JSON_OBJECT:
    case JSON_ARRAY:
        return err_set(reading->err, "%s:%zu: \"%s\" is an object or an array; a text, a number or null was expected",
                       reading->results.name, reading->line, key);
    }
    add_field(reading, text, strlen(text));
    return true;
}

/* Adds the values in the order of `first`, whose keys are the header. */
static bool add_object(struct reading *reading, json_t *first, json_t *object)
{
    if (json_object_size(object) != json_object_size(first))
        return err_set(reading->err, "%s:%zu: %zu keys, where the first object has %zu", reading->results.name,
                       reading->line, json_object_size(object), json_object_size(first));
    for (void *next = json_object_iter(first); next != NULL; next = json_object_iter_next(first, next)) {
        const char *key = json_object_iter_key(next);
        const json_t *value = json_object_get(object, key);
        if (value == NULL)
            return err_set(reading->err, "%s:%zu: no key \"%s\", which the first object has", reading->results.name,
                           reading->line, key);
        if (!add_value(reading, key, value))
            return false;
    }
    return end_row(reading);
}

static bool add_keys(struct reading *reading, json_t *first)
{
    for (void *next = json_object_iter(first); next != NULL; next = json_object_iter_next(first, next))
        add_field(reading, json_object_iter_key(next), strlen(json_object_iter_key(next)));
    return reading->field_count > 0
               ? end_row(reading)
               : err_set(reading->err, "%s:%zu: an object without keys", reading->results.name, reading->line);
}

/* Adds one line. *first is NULL until an object was seen. */
static bool read_object(struct reading *reading, const char *text, size_t length, json_t **first)
{
    json_error_t error;
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (object == NULL)
        return err_set(reading->err, "%s:%zu: column %d: %s; one JSON object a line was expected",
                       reading->results.name, reading->line, error.column, error.text);
    bool good = true;
    if (!json_is_object(object)) {
        good = err_set(reading->err, "%s:%zu: no JSON object; one a line was expected", reading->results.name,
                       reading->line);
    } else if (*first == NULL) {
        *first = json_incref(object);
        good = add_keys(reading, object);
    }
    good = good && add_object(reading, *first, object);
    json_decref(object);
    return good;
}

static bool read_json(struct reading *reading, const char *text)
{
    json_t *first = NULL;
    bool good = true;
    while (good && *text != '\0') {
        const size_t length = strcspn(text, "\n");
        reading->line++;
        reading->row_line = reading->line;
        if (strspn(text, " \t\r") < length)
            good = read_object(reading, text, length, &first);
        text += length + (text[length] == '\n');
    }
    json_decref(first);
    return good;
}

/* ---- Files ---- */

static bool has_suffix(const char *path, const char *suffix)
{
    const size_t length = strlen(path);
    return length > strlen(suffix) && strcmp(path + length - strlen(suffix), suffix) == 0;
}

static bool read_text(struct reading *reading, const char *path, const char *text)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf"; /* that spreadsheets begin their CSV with */
    if (strncmp(text, byte_order_mark, strlen(byte_order_mark)) == 0)
        text += strlen(byte_order_mark);
    if (has_suffix(path, ".csv"))
        return read_separated(reading, text, CSV_COMMA);
    if (has_suffix(path, ".tsv"))
        return read_separated(reading, text, CSV_TAB);
    if (has_suffix(path, ".json") || text[strspn(text, " \t\r\n")] == '{')
        return read_json(reading, text);
    return read_separated(reading, text, text[strcspn(text, "\t\n")] == '\t' ? CSV_TAB : CSV_COMMA);
}

static bool read_stream(struct reading *reading, const char *path, FILE *file)
{
    char *text = NULL;
    size_t capacity = 0;
    errno = 0;
    const ssize_t length = getdelim(&text, &capacity, '\0', file);
    bool good;
    if (ferror(file))
        good = err_set(reading->err, "%s: %s", reading->results.name, strerror(errno));
    else if (length > 0 && !feof(file))
        good = err_set(reading->err, "%s: no text: there is a NUL byte at offset %zd; a results file was expected",
                       reading->results.name, length - 1);
    else
        good = length < 0 || read_text(reading, path, text);
    free(text);
    if (good && reading->results.row_count == 0)
        good = err_set(reading->err,
                       "%s: no rows; a header and a row for each configuration were expected, as `pagewalk run` and "
                       "`pagewalk sweep` write them with -o",
                       reading->results.name);
    return good;
}

static bool is_incomplete(FILE *out)
{
    const bool failed = ferror(out);
    return fclose(out) != 0 || failed;
}

static struct reading *reading_new(const char *path, struct err *err)
{
    struct reading *reading = calloc(1, sizeof *reading);
    assert(reading != NULL);
    reading->results.name = strdup(strcmp(path, "-") == 0 ? "standard input" : path);
    reading->texts_out = open_memstream(&reading->texts, &reading->texts_bytes);
    reading->cells_out = open_memstream(&reading->cells, &reading->cells_bytes);
    reading->lines_out = open_memstream(&reading->lines, &reading->lines_bytes);
    assert(reading->results.name != NULL && reading->texts_out && reading->cells_out && reading->lines_out);
    reading->err = err;
    return reading;
}

/* Closes the streams and fills what they made up into the results. */
static bool reading_finish(struct reading *reading)
{
    const bool incomplete =
        is_incomplete(reading->texts_out) | is_incomplete(reading->cells_out) | is_incomplete(reading->lines_out);
    reading->results.texts = reading->texts;
    reading->results.cell = (const size_t *)(void *)reading->cells;
    reading->results.line = (const size_t *)(void *)reading->lines;
    return !incomplete || err_set(reading->err, "%s: there is no memory for the table", reading->results.name);
}

struct results *results_read(const char *path, struct err *err)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "r");
    if (file == NULL) {
        err_set(err, "%s: %s", path, strerror(errno));
        return NULL;
    }
    struct reading *reading = reading_new(path, err);
    const bool read = read_stream(reading, path, file);
    if (!is_stdin)
        fclose(file);
    if (!reading_finish(reading) || !read) {
        results_free(&reading->results);
        return NULL;
    }
    return &reading->results;
}

void results_free(struct results *results)
{
    if (results == NULL)
        return;
    struct reading *reading = (struct reading *)results;
    free(reading->texts);
    free(reading->cells);
    free(reading->lines);
    free((char *)reading->results.name);
    free(reading);
}

/* ---- Cells ---- */

const char *results_name(const struct results *results, size_t column)
{
    assert(column < results->column_count);
    return results->texts + results->cell[column];
}

bool results_column(const struct results *results, const char *name, size_t *column)
{
    for (size_t i = 0; i < results->column_count; i++)
        if (strcmp(results_name(results, i), name) == 0) {
            *column = i;
            return true;
        }
    return false;
}

const char *results_text(const struct results *results, size_t row, size_t column)
{
    assert(row < results->row_count && column < results->column_count);
    return results->texts + results->cell[(row + 1) * results->column_count + column];
}

bool results_number(const struct results *results, size_t row, size_t column, double *number, struct err *err)
{
    const char *text = results_text(results, row, column);
    if (*text == '\0')
        *number = NAN;
    else if (!units_parse_real(text, number))
        return err_set(err, "%s:%zu: %s is \"%s\"; a decimal number was expected, or nothing", results->name,
                       results->line[row], results_name(results, column), text);
    return true;
}

static bool is_one_of(const char *text, const char *const *texts)
{
    while (*texts != NULL && strcmp(text, *texts) != 0)
        texts++;
    return *texts != NULL;
}

bool results_keep(struct results *results, size_t column, const char *const *texts)
{
    struct reading *reading = (struct reading *)results;
    size_t *cell = (size_t *)(void *)reading->cells;
    size_t *line = (size_t *)(void *)reading->lines;
    const size_t columns = results->column_count;
    size_t kept = 0;
    for (size_t row = 0; row < results->row_count; row++)
        if (is_one_of(results_text(results, row, column), texts)) {
            memmove(cell + (kept + 1) * columns, cell + (row + 1) * columns, columns * sizeof *cell);
            line[kept++] = line[row];
        }
    if (kept > 0)
        results->row_count = kept;
    return kept > 0;
}
