/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/page_sizes.h"
#include "cli/progress.h"
#include "cli/rows.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/traces_given.h"
#include "cli/unknown_lines.h"
#include "cli/version.h"
#include "model/units.h"
#include "traces/reader.h"
#include "traces/stats.h"

enum { HASH_TEXT = 17, FIELDS = 10 };

static_assert((int)PAGE_SIZES_MAX == (int)STATS_PAGE_SIZES_MAX, "one list is read into the other");

static const char *const unit_names[] = {"accesses", "instructions", NULL}; /* by enum stats_unit */

struct stats_request {
    const char *page_sizes;
    uint64_t window;
    const char *unit;
    const char *only;
    const char *trace_format;
    const char *format;
    const char *output;
    bool append;
    bool strict;
};

struct study {
    const struct stats_request *request;
    const struct arguments *arguments;
    struct output output;
    struct stats_spec spec;
    const char *trace; /* the one at hand */
    struct reader_facts facts;
    struct stats *stats;
    const struct stats_row *row;
    size_t rows;
    bool cut;      /* the user ended it before its end */
    size_t tables; /* printed */
    size_t failed; /* traces that were an error */
};

/* ---- A trace ---- */

static bool refuse_memory(const struct study *study, struct err *err)
{
    return err_set(err,
                   "%s: there is no memory for the pages and windows of %" PRIu64
                   " records; a larger --window bounds the windows",
                   say_trace(study->trace), study->facts.records);
}

/* True at the end of the trace. Its hash is there with its last block: who asks for an end behind that is too late. */
static bool read_blocks(struct study *study, struct reader *reader, struct err *err)
{
    struct block *block = say_allocate(1, sizeof *block);
    const struct reader_facts *facts = reader_facts(reader);
    bool good = true;
    bool ended = false;
    while (good && !ended && !interrupt_asked()) {
        good = reader_next(reader, block, err);
        study->facts = *facts;
        good = good && (stats_block(study->stats, block, reader_extras(reader)) || refuse_memory(study, err));
        ended = good && (block->count == 0 || facts->hash != 0);
        progress_update(facts->records, facts->file_bytes_read);
    }
    study->cut = !ended && interrupt_asked();
    free(block);
    return ended;
}

static bool read_trace(struct study *study, struct err *err)
{
    study->facts = (struct reader_facts){0};
    struct reader *reader = reader_open(study->trace, study->request->trace_format, err);
    if (reader == NULL) {
        study->cut = interrupt_asked();
        return false;
    }
    study->stats = stats_create(&study->spec);
    reader_end_when(reader, interrupt_asked);
    progress_begin(say_trace(study->trace), reader_facts(reader)->file_bytes);
    const bool good = (study->stats != NULL || refuse_memory(study, err)) && read_blocks(study, reader, err);
    progress_end();
    study->facts = *reader_facts(reader);
    reader_close(reader);
    return good;
}

static bool check_windows(const struct study *study, struct err *err)
{
    return study->spec.unit == STATS_ACCESSES || stats_instructions(study->stats) > 0 ||
           err_set(err, "%s: has no instruction fetches to measure windows in; give --window-unit accesses",
                   say_trace(study->trace));
}

/* ---- Rows for programs ---- */

static void fill_row(const struct study *study, const struct stats_row *row, const char *hash,
                     struct field field[FIELDS])
{
    const struct statistic_info *info = &statistic_infos[row->statistic];
    const struct field fields[FIELDS] = {
        {.name = "version", .kind = FIELD_TEXT, .text = PAGEWALK_VERSION},
        {.name = "trace", .kind = FIELD_TEXT, .text = study->trace},
        {.name = "trace_hash", .kind = FIELD_TEXT, .text = hash},
        {.name = "only", .kind = FIELD_TEXT, .text = study->request->only != NULL ? study->request->only : "all"},
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

static bool write_rows(struct study *study, struct err *err)
{
    char hash[HASH_TEXT];
    struct field field[FIELDS];
    snprintf(hash, sizeof hash, "%016" PRIx64, study->facts.hash);
    for (size_t i = 0; i < study->rows; i++) {
        fill_row(study, &study->row[i], hash, field);
        if (!rows_write(&study->output, field, FIELDS, err))
            return false;
    }
    return true;
}

/* Before the rows, where the output appends. */
static bool continue_rows(struct study *study, struct err *err)
{
    const struct stats_row none = {.statistic = 0};
    struct field field[FIELDS];
    study->trace = "";
    fill_row(study, &none, "", field);
    return rows_continue(&study->output, field, FIELDS, err);
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

static bool print_tables(struct study *study, struct err *err)
{
    static const enum statistic sizes[] = {STATISTIC_fetch_sizes, STATISTIC_data_sizes, STATISTIC_alignments};
    static const enum statistic strides[] = {STATISTIC_forward_strides, STATISTIC_backward_strides,
                                             STATISTIC_pc_forward_strides, STATISTIC_pc_backward_strides};
    static const enum statistic by_size[] = {STATISTIC_page_lookups, STATISTIC_page_lines, STATISTIC_reuse_times,
                                             STATISTIC_lru_depths, STATISTIC_mean_working_set};
    if (!output_begin(&study->output, err))
        return false;
    FILE *out = study->output.file;
    const bool style = say_may_style(out);
    char window[TABLE_COUNT_TEXT];
    fprintf(out, "%s%s%s%s\n", study->tables++ > 0 ? "\n" : "", style ? "\033[1m" : "", study->trace,
            style ? "\033[0m" : "");
    fprintf(out, "  pagewalk %s, trace %016" PRIx64, PAGEWALK_VERSION, study->facts.hash);
    if (study->request->only != NULL)
        fprintf(out, ", %s only", study->request->only);
    fprintf(out, ", windows of %s %s\n", table_count(study->spec.window, window), unit_names[study->spec.unit]);
    print_totals(study, out);
    print_pages(study, out);
    print_together(study, sizes, sizeof sizes / sizeof *sizes, out);
    print_together(study, strides, sizeof strides / sizeof *strides, out);
    for (size_t i = 0; i < sizeof by_size / sizeof *by_size; i++)
        print_by_size(study, by_size[i], out);
    return true;
}

/* ---- All of it ---- */

static enum status run_trace(struct study *study, size_t index, struct err *err)
{
    study->trace = study->arguments->operand[index];
    const bool good = read_trace(study, err);
    if (study->cut) {
        traces_given_interrupted(&(struct traces_given_end){
            .command = "trace stats",
            .arguments = study->arguments,
            .output = &study->output,
            .done = index,
            .failed = study->failed,
            .records = study->facts.records,
        });
        return STATUS_INTERRUPTED;
    }
    if (!good || !unknown_lines_judge(study->trace, &study->facts, study->request->strict, err) ||
        !check_windows(study, err))
        return STATUS_WRONG;
    study->row = stats_end(study->stats, &study->rows);
    return study->row != NULL || refuse_memory(study, err) ? STATUS_DONE : STATUS_WRONG;
}

static bool write_results(struct study *study, struct err *err)
{
    interrupt_hold();
    const bool good = (study->output.format == OUTPUT_TABLE ? print_tables(study, err) : write_rows(study, err)) &&
                      output_flush(&study->output, err);
    interrupt_release();
    return good;
}

/* Good traces give their rows whatever becomes of the others. */
static enum status run_traces(struct study *study, struct err *err)
{
    enum status worst = STATUS_DONE;
    for (size_t i = 0; i < study->arguments->operand_count; i++) {
        struct err wrong = {.text = ""};
        const enum status status = run_trace(study, i, &wrong);
        const bool good = status != STATUS_DONE || write_results(study, err);
        stats_free(study->stats);
        study->stats = NULL;
        if (status == STATUS_INTERRUPTED || !good)
            return good ? status : STATUS_WRONG;
        if (status == STATUS_WRONG) {
            say_error(&wrong);
            worst = STATUS_WRONG;
            study->failed++;
        }
    }
    return worst;
}

static enum status run_all(struct study *study, struct err *err)
{
    if (!output_open(&study->output, err))
        return STATUS_WRONG;
    enum status status = STATUS_WRONG;
    if (traces_given_spare(study->arguments, &study->output, err) &&
        (!study->request->append || continue_rows(study, err))) {
        interrupt_catch();
        traces_given_warn(study->arguments, &study->output);
        status = run_traces(study, err);
    }
    struct err late = {.text = ""};
    interrupt_hold();
    if (!output_close(&study->output, &late) && err->text[0] == '\0') {
        *err = late;
        status = STATUS_WRONG;
    }
    return status;
}

enum status trace_stats_command(int argc, char **argv, struct err *err)
{
    struct stats_request request = {.page_sizes = "4K,64K,2M,1G", .window = 100000, .unit = "accesses"};
    bool quiet = false;
    const struct option_spec option[] = {
        {.letter = 'p',
         .name = "page-size",
         .value = "SIZES",
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
        {.name = "only",
         .value = "KIND",
         .text = &request.only,
         .choices = traces_given_only_names,
         .help = "leave out all accesses but those of KIND, data or instructions"},
        {.name = "trace-format",
         .value = "NAME",
         .text = &request.trace_format,
         .help = "what the traces are, where their content does not tell (\"pagewalk list formats\")"},
        {.letter = 'f',
         .name = "format",
         .value = "FORMAT",
         .text = &request.format,
         .choices = output_format_names,
         .help = "table, csv, tsv or json (one object a line); else by FILE's suffix, else a table on a terminal and "
                 "CSV elsewhere"},
        {.letter = 'o',
         .name = "output",
         .value = "FILE",
         .text = &request.output,
         .help = "write the results there, not to standard output"},
        {.letter = 'a',
         .name = "append",
         .flag = &request.append,
         .help = "add the rows to those that FILE holds, which have the same columns; for csv, tsv and json"},
        {.name = "strict",
         .flag = &request.strict,
         .help = "a line that is no record of the trace's format is an error"},
        {.letter = 'q', .name = "quiet", .flag = &quiet, .help = "no progress"},
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
    if (quiet)
        say_quiet();
    struct study study = {.request = &request, .arguments = &arguments};
    study.spec.kinds = traces_given_only(request.only);
    study.spec.window = request.window;
    study.spec.unit = strcmp(request.unit, unit_names[STATS_INSTRUCTIONS]) == 0 ? STATS_INSTRUCTIONS : STATS_ACCESSES;
    if (!traces_given_check(&arguments, request.trace_format, err) ||
        !output_choose(&study.output, request.output, request.format, err) ||
        (request.append && !output_choose_append(&study.output, err)) ||
        !page_sizes_read(request.page_sizes, study.spec.page_size_bytes, &study.spec.page_sizes, err))
        return STATUS_WRONG;
    return run_all(&study, err);
}
