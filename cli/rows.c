/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/rows.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/say.h"

/* ---- UTF-8 ---- */

/* Length of the well-formed UTF-8 sequence at `text` (Unicode 15, table 3-7), 0 where there is none. */
static size_t utf8_length(const unsigned char *text)
{
    static const struct {
        unsigned char first_least, first_most, second_least, second_most;
        size_t length;
    } forms[] = {
        {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (text[0] < forms[i].first_least || text[0] > forms[i].first_most)
            continue;
        if (forms[i].length > 1 && (text[1] < forms[i].second_least || text[1] > forms[i].second_most))
            return 0;
        for (size_t j = 2; j < forms[i].length; j++)
            if (text[j] < 0x80 || text[j] > 0xbf)
                return 0;
        return forms[i].length;
    }
    return 0;
}

char *rows_repair(const char *text)
{
    char *repaired = say_allocate(3 * strlen(text) + 1, 1);
    char *end = repaired;
    bool good = true;
    while (*text != '\0') {
        const size_t length = utf8_length((const unsigned char *)text);
        if (length == 0) {
            good = false;
            end = stpcpy(end, "\xef\xbf\xbd");
            text++;
        } else {
            end = mempcpy(end, text, length);
            text += length;
        }
    }
    if (good) {
        free(repaired);
        return NULL;
    }
    *end = '\0';
    return repaired;
}

/* ---- CSV and TSV ---- */

/* RFC 4180: a cell with the separator, a quote or an end of line stands in quotes, and quotes in it are doubled. */
static void write_cell(FILE *file, const char *text, char separator)
{
    const char special[] = {separator, '"', '\r', '\n', '\0'};
    if (text[strcspn(text, special)] == '\0') {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

static void write_separated(FILE *file, const struct field *field, size_t count, char separator)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fputc(separator, file);
        if (field[i].kind == FIELD_TEXT)
            write_cell(file, field[i].text, separator);
        else if (field[i].kind == FIELD_COUNT)
            fprintf(file, "%" PRIu64, field[i].count);
        else if (field[i].kind == FIELD_REAL)
            fprintf(file, "%.6g", field[i].real);
    }
    fputc('\n', file);
}

static void write_header(FILE *file, const struct field *field, size_t count, char separator)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fputc(separator, file);
        write_cell(file, field[i].name, separator);
    }
    fputc('\n', file);
}

/* ---- JSON ---- */

static json_t *json_text(const char *text)
{
    char *repaired = rows_repair(text);
    json_t *value = json_string(repaired != NULL ? repaired : text);
    free(repaired);
    return value;
}

static json_t *json_value(const struct field *field)
{
    switch (field->kind) {
    case FIELD_TEXT:
        return json_text(field->text);
    case FIELD_COUNT:
        return json_integer((json_int_t)field->count);
    case FIELD_REAL:
        return json_real(field->real);
    case FIELD_NONE:
        break;
    }
    return json_null();
}

static bool write_json(FILE *file, const struct field *field, size_t count)
{
    json_t *object = json_object();
    bool good = object != NULL;
    for (size_t i = 0; good && i < count; i++)
        good = json_object_set_new(object, field[i].name, json_value(&field[i])) == 0;
    if (good && json_dumpf(object, file, JSON_COMPACT | JSON_REAL_PRECISION(6)) == 0)
        fputc('\n', file);
    json_decref(object);
    return good;
}

/* ---- Going on with rows that are there ---- */

static bool refuse_column(const struct output *output, const struct field *field, size_t column, size_t count,
                          struct err *err)
{
    if (column == count)
        return err_set(err, "%s: --append: it has columns behind %s, the last of the rows to come; give another file",
                       output->path, field[count - 1].name);
    return err_set(err, "%s: --append: its column %zu is not %s, as in the rows to come; give another file",
                   output->path, column + 1, field[column].name);
}

/* As a spreadsheet may have saved it. */
static bool is_foreign(const char *header)
{
    const size_t length = strlen(header);
    return strncmp(header, "\xef\xbb\xbf", 3) == 0 || (length > 0 && header[length - 1] == '\r');
}

static bool check_separated(const struct output *output, const char *header, const struct field *field, size_t count,
                            struct err *err)
{
    const char separator = output->format == OUTPUT_TSV ? '\t' : ',';
    char *text = NULL;
    size_t size = 0;
    if (is_foreign(header))
        return err_set(
            err,
            "%s: --append: its lines begin with a byte-order mark or end in CR LF, as spreadsheets save them, "
            "and the rows to come do not; give another file",
            output->path);
    FILE *expected = open_memstream(&text, &size);
    if (expected == NULL)
        return err_set(err, "there is no memory for a header");
    write_header(expected, field, count, separator);
    fclose(expected);
    text[size - 1] = '\0';
    size_t same = 0;
    size_t column = 0;
    for (; header[same] != '\0' && header[same] == text[same]; same++)
        column += header[same] == separator;
    const bool good =
        header[same] == text[same] || refuse_column(output, field, text[same] == '\0' ? count : column, count, err);
    free(text);
    return good;
}

static bool check_json(const struct output *output, const char *line, const struct field *field, size_t count,
                       struct err *err)
{
    json_t *row = json_loads(line, 0, NULL);
    size_t column = 0;
    void *place = json_object_iter(row);
    for (; place != NULL && column < count && strcmp(json_object_iter_key(place), field[column].name) == 0; column++)
        place = json_object_iter_next(row, place);
    const bool good = json_is_object(row) && column == count && place == NULL;
    json_decref(row);
    return good || refuse_column(output, field, column, count, err);
}

/* A line that a full disk or a killed process cut has no newline. */
static bool ends_whole(FILE *file)
{
    return fseek(file, -1, SEEK_END) == 0 && getc(file) == '\n';
}

bool rows_continue(struct output *output, const struct field *field, size_t count, struct err *err)
{
    struct stat status;
    if (fstat(fileno(output->file), &status) != 0 || !S_ISREG(status.st_mode))
        return true; /* a pipe has no rows to go on with */
    FILE *file = fopen(output->path, "re");
    if (file == NULL)
        return err_set(err, "%s: --append: cannot be read: %s", output->path, strerror(errno));
    char *line = NULL;
    size_t room = 0;
    const ssize_t length = getline(&line, &room, file);
    bool good = true;
    if (length > 0) {
        line[strcspn(line, "\n")] = '\0';
        good = output->format == OUTPUT_JSON ? check_json(output, line, field, count, err)
                                             : check_separated(output, line, field, count, err);
        if (good && !ends_whole(file))
            good = err_set(err, "%s: --append: its last line has no end and may be a part; remove that line first",
                           output->path);
        output->headed = true;
    }
    free(line);
    fclose(file);
    return good;
}

bool rows_write(struct output *output, const struct field *field, size_t count, struct err *err)
{
    const bool first = !output->begun;
    if (!output_begin(output, err))
        return false;
    if (output->format == OUTPUT_JSON)
        return write_json(output->file, field, count) || err_set(err, "there is no memory for a row of JSON");
    const char separator = output->format == OUTPUT_TSV ? '\t' : ',';
    if (first && !output->headed)
        write_header(output->file, field, count, separator);
    write_separated(output->file, field, count, separator);
    return true;
}
