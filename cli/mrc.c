/* SPDX-License-Identifier: GPL-3.0-or-later */
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
#include "model/curve.h"
#include "model/units.h"
#include "traces/reader.h"

enum {
    HASH_TEXT = 17,
    FIELDS = 14, /* of a row */
    ALL_POINTS_MAX = 16777216,
    DENSE = 64, /* sizes up to there stand one by one, and behind it DENSE / 2 a doubling */
};

#define RATE_LEAST 0.000001

enum points { POINTS_POWERS, POINTS_CURVE, POINTS_ALL };
static const char *const points_names[] = {"powers", "curve", "all", NULL};

struct mrc_request {
    const char *page_sizes;
    uint64_t entries; /* 0: all */
    const char *points;
    double sample_rate;
    uint64_t seed;
    const char *only;
    const char *trace_format;
    const char *format;
    const char *output;
    bool append;
    bool strict;
    bool keep_going;
};

struct mrc {
    const struct mrc_request *request;
    const struct arguments *arguments;
    struct output output;
    enum points points;
    enum kinds kinds;
    size_t size_count;
    uint64_t page_size[PAGE_SIZES_MAX];
    struct curve *curve[PAGE_SIZES_MAX]; /* of the trace at hand */
    const char *trace;
    struct reader_facts facts;
    bool cut;      /* the user ended it before its end */
    size_t tables; /* printed */
    size_t failed; /* traces that were an error */
};

/* ---- What is asked for ---- */

static struct curve *create_curve(const struct mrc *mrc, uint64_t page_size_bytes)
{
    return curve_create(&(struct curve_spec){
        .page_size_bytes = page_size_bytes,
        .kinds = mrc->kinds,
        .entries = mrc->request->entries,
        .sample_rate = mrc->request->sample_rate,
        .seed = mrc->request->seed,
    });
}

static bool check_sample(const struct mrc *mrc, struct err *err)
{
    const struct mrc_request *request = mrc->request;
    if (!(request->sample_rate >= RATE_LEAST && request->sample_rate <= 1))
        return err_set(err, "--sample %s: expected a share of the pages from 0.000001 to 1, such as 0.01",
                       options_given(mrc->arguments, "sample")->value);
    const uint64_t least = curve_least_of(request->sample_rate);
    return request->entries == 0 || request->entries >= least ||
           err_set(err,
                   "--max %" PRIu64 ": --sample %g tells nothing of sizes below %" PRIu64
                   "; leave --sample out: up to so few entries the exact curve takes little memory",
                   request->entries, request->sample_rate, least);
}

static enum points choose_points(const struct mrc *mrc)
{
    for (int i = 0; mrc->request->points != NULL && points_names[i] != NULL; i++)
        if (strcmp(mrc->request->points, points_names[i]) == 0)
            return (enum points)i;
    return mrc->output.format == OUTPUT_TABLE ? POINTS_POWERS : POINTS_CURVE;
}

/* A row for each size, whatever the trace touches: as many as an array of a machine may have entries. */
static bool check_points(const struct mrc *mrc, struct err *err)
{
    const uint64_t most = ALL_POINTS_MAX;
    return mrc->points != POINTS_ALL || mrc->request->entries <= most ||
           err_set(err,
                   "--max %" PRIu64 ": --points all prints a row for each size up to there, and takes %" PRIu64
                   " at the most; leave --points or --max out",
                   mrc->request->entries, most);
}

/* ---- A trace ---- */

static bool refuse_memory(const struct mrc *mrc, uint64_t records, struct err *err)
{
    return err_set(err,
                   "%s: there is no memory for the pages of %" PRIu64
                   " records; --max N bounds it, and --sample 0.01 takes a hundredth",
                   say_trace(mrc->trace), records);
}

static bool look_up_block(struct mrc *mrc, const struct block *block, uint64_t records, struct err *err)
{
    for (size_t i = 0; i < mrc->size_count; i++)
        if (!curve_block(mrc->curve[i], block))
            return refuse_memory(mrc, records, err);
    return true;
}

/* True at the end of the trace. Its hash is there with its last block: who asks for an end behind that is too late. */
static bool read_blocks(struct mrc *mrc, struct reader *reader, struct err *err)
{
    struct block *block = say_allocate(1, sizeof *block);
    const struct reader_facts *facts = reader_facts(reader);
    bool good = true;
    bool ended = false;
    while (good && !ended && !interrupt_asked()) {
        good = reader_next(reader, block, err) && look_up_block(mrc, block, facts->records, err);
        ended = good && (block->count == 0 || facts->hash != 0);
        progress_update(facts->records, facts->file_bytes_read);
    }
    mrc->cut = !ended && interrupt_asked();
    free(block);
    return ended;
}

/* Leaves the curves of the trace. */
static bool read_trace(struct mrc *mrc, struct err *err)
{
    mrc->facts = (struct reader_facts){0};
    struct reader *reader = reader_open(mrc->trace, mrc->request->trace_format, err);
    if (reader == NULL) {
        mrc->cut = interrupt_asked();
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < mrc->size_count; i++) {
        mrc->curve[i] = create_curve(mrc, mrc->page_size[i]);
        good = mrc->curve[i] != NULL || refuse_memory(mrc, 0, err);
    }
    if (mrc->request->keep_going)
        reader_keep_going(reader);
    reader_end_when(reader, interrupt_asked);
    progress_begin(say_trace(mrc->trace), reader_facts(reader)->file_bytes);
    good = good && read_blocks(mrc, reader, err);
    progress_end();
    mrc->facts = *reader_facts(reader);
    reader_close(reader);
    for (size_t i = 0; good && i < mrc->size_count; i++)
        curve_end(mrc->curve[i]);
    return good;
}

static void free_curves(struct mrc *mrc)
{
    for (size_t i = 0; i < mrc->size_count; i++) {
        curve_free(mrc->curve[i]);
        mrc->curve[i] = NULL;
    }
}

/* ---- Its points ---- */

static bool has_points(const struct curve *curve)
{
    return curve_pages(curve) > 0 && curve_most(curve) >= curve_least(curve);
}

/* The size that comes after this one, 0 being before the first; 0 behind the last. */
static uint64_t next_size(const struct mrc *mrc, const struct curve *curve, uint64_t size)
{
    const uint64_t least = curve_least(curve);
    const uint64_t most = curve_most(curve);
    if (size < least)
        return least;
    if (size >= most)
        return 0;
    const uint64_t power = UINT64_C(1) << (63 - __builtin_clzll(size));
    uint64_t next = size + 1;
    if (mrc->points == POINTS_POWERS)
        next = 2 * power;
    else if (mrc->points == POINTS_CURVE && size >= DENSE)
        next = (size / (2 * power / DENSE) + 1) * (2 * power / DENSE);
    return next < most ? next : most;
}

static void note_sample(const struct mrc *mrc, size_t index)
{
    const struct curve *curve = mrc->curve[index];
    char size[UNITS_SIZE_TEXT];
    char pages[TABLE_COUNT_TEXT];
    char least[TABLE_COUNT_TEXT];
    units_format_size(mrc->page_size[index], size);
    table_count(curve_pages(curve), pages);
    if (!has_points(curve))
        say_warning("%s: %s pages of %s are in the sample, which tells nothing of sizes below %s entries: there are no "
                    "rows of them; leave --sample out, or give a larger RATE",
                    say_trace(mrc->trace), pages, size, table_count(curve_least(curve), least));
    else if (isnan(curve_at(curve, curve_most(curve)).miss_ratio_error))
        say_warning("%s: %s pages of %s are in the sample, too few to state an error, which is left empty; leave "
                    "--sample out, or give a larger RATE",
                    say_trace(mrc->trace), pages, size);
}

static void note_trace(const struct mrc *mrc)
{
    char number[TABLE_COUNT_TEXT];
    if (curve_lookups(mrc->curve[0]) == 0)
        say_note("%s: of its %s records none is left to look up, so that it has no rows", say_trace(mrc->trace),
                 table_count(mrc->facts.records, number));
    else if (mrc->request->sample_rate < 1)
        for (size_t i = 0; i < mrc->size_count; i++)
            note_sample(mrc, i);
}

/* ---- Rows for programs ---- */

struct point {
    uint64_t page_size_bytes;
    uint64_t entries;
    uint64_t lookups;
    struct curve_point at;
};

static void fill_row(const struct mrc *mrc, const struct point *point, const char *hash, struct field row[FIELDS])
{
    const struct curve_point *at = &point->at;
    const uint64_t misses = (uint64_t)llround(at->misses);
    uint64_t reach;
    const bool reach_fits =
        !__builtin_mul_overflow(point->entries, point->page_size_bytes, &reach) && reach <= INT64_MAX;
    const struct field fields[FIELDS] = {
        {.name = "version", .kind = FIELD_TEXT, .text = PAGEWALK_VERSION},
        {.name = "trace", .kind = FIELD_TEXT, .text = mrc->trace},
        {.name = "trace_hash", .kind = FIELD_TEXT, .text = hash},
        {.name = "seed", .kind = FIELD_COUNT, .count = mrc->request->seed},
        {.name = "only", .kind = FIELD_TEXT, .text = mrc->request->only != NULL ? mrc->request->only : "all"},
        {.name = "sample_rate", .kind = FIELD_REAL, .real = mrc->request->sample_rate},
        {.name = "page_size", .kind = FIELD_COUNT, .count = point->page_size_bytes},
        {.name = "entries", .kind = FIELD_COUNT, .count = point->entries},
        {.name = "reach", .kind = reach_fits ? FIELD_COUNT : FIELD_NONE, .count = reach},
        {.name = "lookups", .kind = FIELD_COUNT, .count = point->lookups},
        {.name = "hits", .kind = FIELD_COUNT, .count = point->lookups - misses},
        {.name = "misses", .kind = FIELD_COUNT, .count = misses},
        {.name = "miss_ratio", .kind = FIELD_REAL, .real = at->miss_ratio},
        {.name = "miss_ratio_error",
         .kind = isnan(at->miss_ratio_error) ? FIELD_NONE : FIELD_REAL,
         .real = at->miss_ratio_error},
    };
    memcpy(row, fields, sizeof fields);
}

static bool write_rows(struct mrc *mrc, struct err *err)
{
    char hash[HASH_TEXT];
    struct field row[FIELDS];
    snprintf(hash, sizeof hash, "%016" PRIx64, mrc->facts.hash);
    for (size_t i = 0; i < mrc->size_count; i++) {
        const struct curve *curve = mrc->curve[i];
        for (uint64_t size = has_points(curve) ? next_size(mrc, curve, 0) : 0; size != 0;
             size = next_size(mrc, curve, size)) {
            const struct point point = {mrc->page_size[i], size, curve_lookups(curve), curve_at(curve, size)};
            fill_row(mrc, &point, hash, row);
            if (!rows_write(&mrc->output, row, FIELDS, err))
                return false;
        }
    }
    return true;
}

/* Before the rows, where the output appends. */
static bool continue_rows(struct mrc *mrc, struct err *err)
{
    const struct point none = {.page_size_bytes = 1};
    struct field row[FIELDS];
    mrc->trace = "";
    fill_row(mrc, &none, "", row);
    return rows_continue(&mrc->output, row, FIELDS, err);
}

/* ---- Tables for people ---- */

static void print_pages(const struct mrc *mrc, FILE *out, bool style)
{
    const bool sampled = mrc->request->sample_rate < 1;
    const bool whole = !sampled && mrc->request->entries == 0;
    struct table *table = table_create("rrrr");
    char text[TABLE_COUNT_TEXT];
    char size[UNITS_SIZE_TEXT];
    table_add(table, "page size");
    table_add(table, "lookups");
    table_add(table, "%s", sampled ? "pages sampled" : "pages");
    table_add(table, "bytes");
    for (size_t i = 0; i < mrc->size_count; i++) {
        const uint64_t pages = curve_pages(mrc->curve[i]);
        table_add(table, "%s", units_format_size(mrc->page_size[i], size));
        table_add(table, "%s", table_count(curve_lookups(mrc->curve[i]), text));
        table_add(table, "%s", whole || sampled ? table_count(pages, text) : "");
        table_add(table, "%s", whole ? table_count(pages * mrc->page_size[i], text) : "");
    }
    table_print(table, out, 2, style);
    table_free(table);
}

static void add_ratio(struct table *table, const struct curve *curve, uint64_t size, bool sampled)
{
    const bool told = has_points(curve) && size >= curve_least(curve) && size <= curve_most(curve);
    const struct curve_point point = told ? curve_at(curve, size) : (struct curve_point){.miss_ratio_error = NAN};
    if (told)
        table_add(table, "%.6f", point.miss_ratio);
    else
        table_add(table, "%s", "");
    if (!sampled)
        return;
    if (isnan(point.miss_ratio_error))
        table_add(table, "%s", "");
    else
        table_add(table, "%.6f", point.miss_ratio_error);
}

/* The smallest of the sizes that come next; 0 where none does. */
static uint64_t next_of_all(const struct mrc *mrc, uint64_t size)
{
    uint64_t least = 0;
    for (size_t i = 0; i < mrc->size_count; i++) {
        const uint64_t next = has_points(mrc->curve[i]) ? next_size(mrc, mrc->curve[i], size) : 0;
        if (next != 0 && (least == 0 || next < least))
            least = next;
    }
    return least;
}

static void print_ratios(const struct mrc *mrc, FILE *out, bool style)
{
    const bool sampled = mrc->request->sample_rate < 1;
    char align[2 * PAGE_SIZES_MAX + 2];
    memset(align, 'r', sizeof align);
    align[1 + mrc->size_count * (sampled ? 2 : 1)] = '\0';
    struct table *table = table_create(align);
    char text[TABLE_COUNT_TEXT];
    char size[UNITS_SIZE_TEXT];
    table_add(table, "entries");
    for (size_t i = 0; i < mrc->size_count; i++) {
        table_add(table, "%s misses/lookup", units_format_size(mrc->page_size[i], size));
        if (sampled)
            table_add(table, "std. error");
    }
    for (uint64_t entries = next_of_all(mrc, 0); entries != 0; entries = next_of_all(mrc, entries)) {
        table_add(table, "%s", table_count(entries, text));
        for (size_t i = 0; i < mrc->size_count; i++)
            add_ratio(table, mrc->curve[i], entries, sampled);
    }
    table_print(table, out, 2, style);
    table_free(table);
}

static bool print_tables(struct mrc *mrc, struct err *err)
{
    if (!output_begin(&mrc->output, err))
        return false;
    FILE *out = mrc->output.file;
    const bool style = say_may_style(out);
    fprintf(out, "%s%s%s on one fully associative LRU TLB%s\n", mrc->tables++ > 0 ? "\n" : "", style ? "\033[1m" : "",
            mrc->trace, style ? "\033[0m" : "");
    fprintf(out, "  pagewalk %s, trace %016" PRIx64, PAGEWALK_VERSION, mrc->facts.hash);
    if (mrc->request->only != NULL)
        fprintf(out, ", %s only", mrc->request->only);
    if (mrc->request->sample_rate < 1)
        fprintf(out, ", a sample of %g of the pages, seed %" PRIu64, mrc->request->sample_rate, mrc->request->seed);
    fputs("\n\n", out);
    print_pages(mrc, out, style);
    if (next_of_all(mrc, 0) != 0) {
        fputc('\n', out);
        print_ratios(mrc, out, style);
    }
    return true;
}

/* ---- All of it ---- */

static enum status run_trace(struct mrc *mrc, size_t index, struct err *err)
{
    mrc->trace = mrc->arguments->operand[index];
    const bool good = read_trace(mrc, err);
    if (mrc->cut) {
        traces_given_interrupted(&(struct traces_given_end){
            .command = "mrc",
            .arguments = mrc->arguments,
            .output = &mrc->output,
            .done = index,
            .failed = mrc->failed,
            .records = mrc->facts.records,
        });
        return STATUS_INTERRUPTED;
    }
    if (good) {
        unknown_lines_say_losses(mrc->trace, &mrc->facts);
        unknown_lines_say_processes(mrc->trace, &mrc->facts);
    }
    if (!good || !unknown_lines_judge(mrc->trace, &mrc->facts, mrc->request->strict, err))
        return STATUS_WRONG;
    note_trace(mrc);
    return STATUS_DONE;
}

static bool write_results(struct mrc *mrc, struct err *err)
{
    interrupt_hold();
    const bool good = (mrc->output.format == OUTPUT_TABLE ? print_tables(mrc, err) : write_rows(mrc, err)) &&
                      output_flush(&mrc->output, err);
    interrupt_release();
    return good;
}

/* Good traces give their rows whatever becomes of the others. */
static enum status run_traces(struct mrc *mrc, struct err *err)
{
    enum status worst = STATUS_DONE;
    for (size_t i = 0; i < mrc->arguments->operand_count; i++) {
        struct err wrong = {.text = ""};
        const enum status status = run_trace(mrc, i, &wrong);
        const bool good = status != STATUS_DONE || write_results(mrc, err);
        free_curves(mrc);
        if (status == STATUS_INTERRUPTED || !good)
            return good ? status : STATUS_WRONG;
        if (status == STATUS_WRONG) {
            say_error(&wrong);
            worst = STATUS_WRONG;
            mrc->failed++;
        }
    }
    return worst;
}

static enum status run_all(struct mrc *mrc, struct err *err)
{
    if (!output_open(&mrc->output, err))
        return STATUS_WRONG;
    enum status status = STATUS_WRONG;
    if (traces_given_spare(mrc->arguments, &mrc->output, err) && (!mrc->request->append || continue_rows(mrc, err))) {
        interrupt_catch();
        traces_given_warn(mrc->arguments, &mrc->output);
        status = run_traces(mrc, err);
    }
    struct err late = {.text = ""};
    interrupt_hold();
    if (!output_close(&mrc->output, &late) && err->text[0] == '\0') {
        *err = late;
        status = STATUS_WRONG;
    }
    return status;
}

enum status mrc_command(int argc, char **argv, struct err *err)
{
    struct mrc_request request = {.page_sizes = "4K", .sample_rate = 1, .seed = 1};
    bool quiet = false;
    const struct option_spec option[] = {
        {.letter = 'p',
         .name = "page-size",
         .value = "SIZE,...",
         .text = &request.page_sizes,
         .help = "a curve for each of these page sizes, powers of two from 4K to 256T; default 4K"},
        {.letter = 'n',
         .name = "max",
         .value = "N",
         .count = &request.entries,
         .least = 1,
         .most = INT64_MAX,
         .help = "sizes up to N entries, which also bounds the memory; default all pages that the trace touches"},
        {.name = "points",
         .value = "WHICH",
         .text = &request.points,
         .choices = points_names,
         .help = "which sizes to print: powers (of two), curve (all up to 64, 32 a doubling beyond) or all; default "
                 "curve, in a table powers"},
        {.name = "sample",
         .value = "RATE",
         .real = &request.sample_rate,
         .help = "look at this share of the pages only, 0.000001 to 1, and state the error: for sizes from 8 / RATE "
                 "entries up"},
        {.name = "seed",
         .value = "N",
         .count = &request.seed,
         .most = INT64_MAX, /* JSON has no larger integers */
         .help = "chooses the pages of the sample; default 1"},
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
        {.name = "keep-going",
         .flag = &request.keep_going,
         .help = "look at what is whole of a damaged native trace, and say what is not"},
        {.letter = 'q', .name = "quiet", .flag = &quiet, .help = "no progress and no notes"},
        {.name = NULL},
    };
    const struct options options = {
        .usage = "mrc [OPTION]... TRACE...",
        .about = "Miss-ratio curves: the misses of a fully associative LRU TLB of every number of entries, exact, for "
                 "several page sizes at once, in one pass over a trace. One array serves instructions and data, or "
                 "what --only leaves of them. Each TRACE is a trace as for run, or - for standard input.",
        .option = option,
        .examples = "pagewalk mrc ls.pwt\n"
                    "pagewalk mrc --page-size 4K,64K,2M --only data -o curves.csv ls.pwt\n"
                    "pagewalk plot miss-ratio-curve curves.csv -o curves.png\n"
                    "pagewalk mrc --sample 0.01 -o sample.csv long.pwt",
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
    struct mrc mrc = {.request = &request, .arguments = &arguments, .kinds = traces_given_only(request.only)};
    if (!traces_given_check(&arguments, request.trace_format, err) ||
        !output_choose(&mrc.output, request.output, request.format, err) ||
        (request.append && !output_choose_append(&mrc.output, err)) ||
        !page_sizes_read(request.page_sizes, mrc.page_size, &mrc.size_count, err) || !check_sample(&mrc, err))
        return STATUS_WRONG;
    mrc.points = choose_points(&mrc);
    return check_points(&mrc, err) ? run_all(&mrc, err) : STATUS_WRONG;
}
