/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/page_sizes.h"
#include "cli/per_trace.h"
#include "cli/rows.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/version.h"
#include "model/units.h"
#include "traces/stats.h"

enum { HASH_TEXT = 17, FIELDS = 10 };

static_assert((int)PAGE_SIZES_MAX == (int)STATS_PAGE_SIZES_MAX, "one list is read into the other");

static const char *const unit_names[] = {"accesses", "instructions", NULL}; /* by enum stats_unit */

struct stats_request {
    const char *page_sizes;
    uint64_t window;
    const char *unit;
    struct traces_given_request given;
};

struct study {
    const struct stats_request *request;
    struct per_trace all;
    struct stats_spec spec;
    struct stats *stats; /* of the trace at hand */
    const struct stats_row *row;
    size_t rows;
};

/* ---- A trace ---- */

static bool refuse_memory(const struct study *study, struct err *err)
{
    return err_set(err,
                   "%s: there is no memory for the pages and windows of %" PRIu64
                   " records; a larger --window bounds the windows",
                   say_trace(study->all.trace), study->all.facts.records);
}

static bool create_stats(void *context, struct err *err)
{
    struct study *study = context;
    study->stats = stats_create(&study->spec);
    return study->stats != NULL || refuse_memory(study, err);
}

static bool take_block(void *context, const struct block *block, const struct extras *extras, struct err *err)
{
    const struct study *study = context;
    return stats_block(study->stats, block, extras) || refuse_memory(study, err);
}

static bool check_windows(const struct study *study, struct err *err)
{
    return study->spec.unit == STATS_ACCESSES || stats_instructions(study->stats) > 0 ||
           err_set(err, "%s: has no instruction fetches to measure windows in; give --window-unit accesses",
                   say_trace(study->all.trace));
}

static bool end_stats(void *context, struct err *err)
{
    struct study *study = context;
    if (!check_windows(study, err))
        return false;
    study->row = stats_end(study->stats, &study->rows);
    return study->row != NULL || refuse_memory(study, err);
}

static void free_stats(void *context)
{
    struct study *study = context;
    stats_free(study->stats);
    study->stats = NULL;
}

/* ---- Rows for programs ---- */

static void fill_row(const struct study *study, const struct stats_row *row, const char *hash,
                     struct field field[FIELDS])
{
    const struct statistic_info *info = &statistic_infos[row->statistic];
    const struct field fields[FIELDS] = {
        {.name = "version", .kind = FIELD_TEXT, .text = PAGEWALK_VERSION},
        {.name = "trace", .kind = FIELD_TEXT, .text = study->all.trace},
        {.name = "trace_hash", .kind = FIELD_TEXT, .text = hash},
        {.name = "only",
         .kind = FIELD_TEXT,
         .text = study->request->given.only != NULL ? study->request->given.only : "all"},
        {.name = "window", .kind = FIELD_COUNT, .count = study->spec.window},
        {.name = "window_unit", .kind = FIELD_TEXT, .text = unit_names[study->spec.unit]},
        {.name = "statistic", .kind = FIELD_TEXT, .text = info->name},
        {.name = "page_size",
         .kind = row->page_size_bytes > 0 ? FIELD_COUNT : FIELD_NONE,
         .count = row->page_size_bytes},
        {.name = "bucket", .kind = *info->bucket != '\0' ? FIELD_COUNT : FIELD_NONE, .count = row->bucket},
        {.name = "value",
         .kind = !row->is_real      ? FIELD_COUNT
                 : isnan(row->real) ? FIELD_NONE
                                    : FIELD_REAL,
         .count = row->count,
         .real = row->real},
    };
    memcpy(field, fields, sizeof fields);
}

static bool write_rows(void *context, struct err *err)
{
    struct study *study = context;
    char hash[HASH_TEXT];
    struct field field[FIELDS];
    snprintf(hash, sizeof hash, "%016" PRIx64, study->all.facts.hash);
    for (size_t i = 0; i < study->rows; i++) {
        fill_row(study, &study->row[i], hash, field);
        if (!rows_write(&study->all.output, field, FIELDS, err))
            return false;
    }
    return true;
}

/* Before the rows, where the output appends. */
static bool continue_rows(void *context, struct err *err)
{
    struct study *study = context;
    const struct stats_row none = {.statistic = 0};
    struct field field[FIELDS];
    fill_row(study, &none, "", field);
    return rows_continue(&study->all.output, field, FIELDS, err);
}

/* ---- Tables for people ---- */

/* The rows of a statistic and a page size, 0 where it is not of pages. */
struct column {
    const struct stats_row *row;
    size_t count;
};

static struct column find_column(const struct study *study, enum statistic statistic, uint64_t page_size_bytes)
{
    struct column column = {.row = study->row};
    const struct stats_row *end = study->row + study->rows;
    while (column.row < end && (column.row->statistic != statistic || column.row->page_size_bytes != page_size_bytes))
        column.row++;
    while (column.row + column.count < end && column.row[column.count].statistic == statistic &&
           column.row[column.count].page_size_bytes == page_size_bytes)
        column.count++;
    return column;
}

static void add_value(struct table *table, const struct stats_row *row)
{
    char text[TABLE_COUNT_TEXT];
    if (!row->is_real)
        table_add(table, "%s", table_count(row->count, text));
    else if (isnan(row->real))
        table_add(table, "%s", "");
    else
        table_add(table, "%.2f", row->real);
}

/* "page crossings". The caller frees it. */
static char *title_of(enum statistic statistic)
{
    char *title = say_copy(statistic_infos[statistic].name);
    for (char *c = title; *c != '\0'; c++)
        if (*c == '_')
            *c = ' ';
    return title;
}

static void add_title(struct table *table, enum statistic statistic)
{
    char *title = title_of(statistic);
    table_add(table, "%s", title);
    free(title);
}

static void print_table(struct table *table, FILE *out)
{
    fputc('\n', out);
    table_print(table, out, 2, say_may_style(out));
    table_free(table);
}

/* One value each, of the whole trace. */
static void print_totals(const struct study *study, FILE *out)
{
    struct table *table = table_create("lr");
    table_add(table, "whole trace");
    table_add(table, "%s", "");
    for (enum statistic statistic = 0; statistic < STATISTICS; statistic++) {
        const struct column column = find_column(study, statistic, 0);
        if (column.count == 0 || *statistic_infos[statistic].bucket != '\0')
            continue;
        add_title(table, statistic);
        add_value(table, column.row);
    }
    print_table(table, out);
}

static struct table *create_by_size(const struct study *study, const char *first, const char *align_first)
{
    static char align[PAGE_SIZES_MAX + 2];
    char size[UNITS_SIZE_TEXT];
    memset(align, 'r', sizeof align);
    align[0] = *align_first;
    align[1 + study->spec.page_sizes] = '\0';
    struct table *table = table_create(align);
    table_add(table, "%s", first);
    for (size_t i = 0; i < study->spec.page_sizes; i++)
        table_add(table, "%s", units_format_size(study->spec.page_size_bytes[i], size));
    return table;
}

static uint64_t most_of(const struct column *column)
{
    uint64_t most = 0;
    for (size_t i = 0; i < column->count; i++)
        if (column->row[i].count > most)
            most = column->row[i].count;
    return most;
}

/* One value each for a page size. */
static void print_pages(const struct study *study, FILE *out)
{
    static const enum statistic counted[] = {STATISTIC_pages, STATISTIC_lookups, STATISTIC_page_crossings};
    const uint64_t *sizes = study->spec.page_size_bytes;
    struct table *table = create_by_size(study, "page size", "l");
    char text[TABLE_COUNT_TEXT];
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        add_title(table, counted[i]);
        for (size_t k = 0; k < study->spec.page_sizes; k++)
            add_value(table, find_column(study, counted[i], sizes[k]).row);
    }
    const size_t shares = find_column(study, STATISTIC_hot_pages, sizes[0]).count;
    for (size_t i = 0; i < shares; i++) {
        table_add(table, "hot pages, %" PRIu64 " %%", find_column(study, STATISTIC_hot_pages, sizes[0]).row[i].bucket);
        for (size_t k = 0; k < study->spec.page_sizes; k++)
            add_value(table, &find_column(study, STATISTIC_hot_pages, sizes[k]).row[i]);
    }
    table_add(table, "most in a window");
    for (size_t k = 0; k < study->spec.page_sizes; k++) {
        const struct column windows = find_column(study, STATISTIC_working_set, sizes[k]);
        table_add(table, "%s", table_count(most_of(&windows), text));
    }
    print_table(table, out);
}

/* A line for each bucket that one of the columns has. */
static void add_buckets(struct table *table, struct column *column, size_t columns)
{
    for (;;) {
        char text[TABLE_COUNT_TEXT];
        uint64_t least = UINT64_MAX;
        for (size_t i = 0; i < columns; i++)
            if (column[i].count > 0 && column[i].row->bucket < least)
                least = column[i].row->bucket;
        if (least == UINT64_MAX)
            return;
        table_add(table, "%s", table_count(least, text));
        for (size_t i = 0; i < columns; i++) {
            if (column[i].count == 0 || column[i].row->bucket != least) {
                table_add(table, "%s", "");
                continue;
            }
            add_value(table, column[i].row++);
            column[i].count--;
        }
    }
}

/* Up to four statistics of the trace side by side, of which the first may be the only one. */
static void print_together(const struct study *study, const enum statistic *statistic, size_t count, FILE *out)
{
    struct column column[4];
    size_t rows = 0;
    struct table *table = table_create(&"rrrrr"[4 - count]);
    table_add(table, "%s", statistic_infos[statistic[0]].bucket);
    for (size_t i = 0; i < count; i++) {
        column[i] = find_column(study, statistic[i], 0);
        rows += column[i].count;
        add_title(table, statistic[i]);
    }
    add_buckets(table, column, count);
    if (rows > 0)
        print_table(table, out);
    else
        table_free(table);
}

/* A statistic of pages, the page sizes side by side, below what it is. */
static void print_by_size(const struct study *study, enum statistic statistic, FILE *out)
{
    struct column column[PAGE_SIZES_MAX] = {{.count = 0}};
    for (size_t i = 0; i < study->spec.page_sizes; i++)
        column[i] = find_column(study, statistic, study->spec.page_size_bytes[i]);
    if (column[0].count == 0)
        return;
    char *title = title_of(statistic);
    const int at = fprintf(out, "\n  %s: ", title) - 1;
    options_wrap(out, statistic_infos[statistic].help, at, 2);
    free(title);
    struct table *table = create_by_size(study, statistic_infos[statistic].bucket, "r");
    add_buckets(table, column, study->spec.page_sizes);
    print_table(table, out);
}

static void print_tables(void *context, FILE *out)
{
    struct study *study = context;
    static const enum statistic sizes[] = {STATISTIC_fetch_sizes, STATISTIC_data_sizes, STATISTIC_alignments};
    static const enum statistic strides[] = {STATISTIC_forward_strides, STATISTIC_backward_strides,
                                             STATISTIC_pc_forward_strides, STATISTIC_pc_backward_strides};
    static const enum statistic by_size[] = {STATISTIC_page_lookups, STATISTIC_page_lines, STATISTIC_reuse_times,
                                             STATISTIC_lru_depths, STATISTIC_mean_working_set};
    char window[TABLE_COUNT_TEXT];
    per_trace_print_head(&study->all, "", out);
    fprintf(out, ", windows of %s %s\n", table_count(study->spec.window, window), unit_names[study->spec.unit]);
    print_totals(study, out);
    print_pages(study, out);
    print_together(study, sizes, sizeof sizes / sizeof *sizes, out);
    print_together(study, strides, sizeof strides / sizeof *strides, out);
    for (size_t i = 0; i < sizeof by_size / sizeof *by_size; i++)
        print_by_size(study, by_size[i], out);
}

/* ---- All of it ---- */

static const struct per_trace_work work = {
    .command = "trace stats",
    .begin = create_stats,
    .block = take_block,
    .end = end_stats,
    .write_rows = write_rows,
    .print_tables = print_tables,
    .forget = free_stats,
    .continue_rows = continue_rows,
};

enum status trace_stats_command(int argc, char **argv, struct err *err)
{
    struct stats_request request = {.page_sizes = "4K,64K,2M,1G", .window = 100000, .unit = "accesses"};
    const struct option_spec option[] = {
        {.letter = 'p',
         .name = "page-size",
         .value = "SIZE,...",
         .text = &request.page_sizes,
         .help = "the page sizes, with commas between; default 4K,64K,2M,1G"},
        {.name = "window",
         .value = "N",
         .count = &request.window,
         .least = 1,
         .most = INT64_MAX, /* JSON has no larger integers */
         .help = "how long the windows are that working sets are counted in; default 100000"},
        {.name = "window-unit",
         .value = "UNIT",
         .text = &request.unit,
         .choices = unit_names,
         .help = "of what: accesses, which is the default, or instructions"},
        TRACES_GIVEN_OPTIONS(&request.given),
        {.name = NULL},
    };
    const struct options options = {
        .usage = "trace stats [OPTION]... TRACE...",
        .about =
            "What the addresses of a trace are like, whatever machine translates them: kinds and sizes of "
            "accesses, strides, footprints and working sets, how soon pages come again, in accesses and in other "
            "pages, and how evenly they are used. Exact, for several page sizes at once, in one pass. A row is one "
            "bucket of one statistic (\"pagewalk list statistics\").",
        .option = option,
        .examples = "pagewalk trace stats --format table ls.pwt\n"
                    "pagewalk trace stats -o stats.csv ls.pwt awk.pwt\n"
                    "pagewalk plot working-set stats.csv\n"
                    "pagewalk trace stats --only data --page-size 4K,16K --window 1000000 --window-unit instructions "
                    "ls.pwt",
        .operand = "a TRACE: a file, or - for standard input",
        .operands_least = 1,
        .operands_most = SIZE_MAX,
    };
    struct arguments arguments;
    enum status status;
    if (!options_parse(&options, argc, argv, &arguments, &status, err))
        return status;
    struct study study = {.request = &request};
    study.all =
        (struct per_trace){.work = &work, .context = &study, .request = &request.given, .arguments = &arguments};
    study.spec.kinds = traces_given_only(request.given.only);
    study.spec.window = request.window;
    study.spec.unit = strcmp(request.unit, unit_names[STATS_INSTRUCTIONS]) == 0 ? STATS_INSTRUCTIONS : STATS_ACCESSES;
    if (!per_trace_check(&study.all, err) ||
        !page_sizes_read(request.page_sizes, study.spec.page_size_bytes, &study.spec.page_sizes, err))
        return STATUS_WRONG;
    return per_trace_run(&study.all, err);
}
