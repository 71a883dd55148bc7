/* SPDX-License-Identifier: GPL-3.0-or-later */
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
#include "cli/trace_notes.h"
#include "cli/version.h"
#include "model/curve.h"
#include "model/units.h"

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
    struct traces_given_request given;
};

struct mrc {
    const struct mrc_request *request;
    struct per_trace all;
    enum points points;
    enum kinds kinds;
    size_t size_count;
    uint64_t page_size[PAGE_SIZES_MAX];
    struct curve *curve[PAGE_SIZES_MAX]; /* of the trace at hand */
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
                       options_given(mrc->all.arguments, "sample")->value);
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
    return mrc->all.output.format == OUTPUT_TABLE ? POINTS_POWERS : POINTS_CURVE;
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

static bool refuse_memory(const struct mrc *mrc, struct err *err)
{
    return err_set(err,
                   "%s: there is no memory for the pages of %" PRIu64
                   " records; --max N bounds it, and --sample 0.01 takes a hundredth",
                   say_trace(mrc->all.trace), mrc->all.facts.records);
}

static bool create_curves(void *context, struct err *err)
{
    struct mrc *mrc = context;
    for (size_t i = 0; i < mrc->size_count; i++) {
        mrc->curve[i] = create_curve(mrc, mrc->page_size[i]);
        if (mrc->curve[i] == NULL)
            return refuse_memory(mrc, err);
    }
    return true;
}

static bool look_up_block(void *context, const struct block *block, const struct extras *extras, struct err *err)
{
    (void)extras;
    const struct mrc *mrc = context;
    for (size_t i = 0; i < mrc->size_count; i++)
        if (!curve_block(mrc->curve[i], block))
            return refuse_memory(mrc, err);
    return true;
}

static void free_curves(void *context)
{
    struct mrc *mrc = context;
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
                    say_trace(mrc->all.trace), pages, size, table_count(curve_least(curve), least));
    else if (isnan(curve_at(curve, curve_most(curve)).miss_ratio_error))
        say_warning("%s: %s pages of %s are in the sample, too few to state an error, which is left empty; leave "
                    "--sample out, or give a larger RATE",
                    say_trace(mrc->all.trace), pages, size);
}

static bool end_curves(void *context, struct err *err)
{
    (void)err;
    const struct mrc *mrc = context;
    char number[TABLE_COUNT_TEXT];
    for (size_t i = 0; i < mrc->size_count; i++)
        curve_end(mrc->curve[i]);
    trace_notes_processes(mrc->all.trace, &mrc->all.facts);
    if (curve_lookups(mrc->curve[0]) == 0)
        say_note("%s: of its %s records none is left to look up, so that it has no rows", say_trace(mrc->all.trace),
                 table_count(mrc->all.facts.records, number));
    else if (mrc->request->sample_rate < 1)
        for (size_t i = 0; i < mrc->size_count; i++)
            note_sample(mrc, i);
    return true;
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
        {.name = "trace", .kind = FIELD_TEXT, .text = mrc->all.trace},
        {.name = "trace_hash", .kind = FIELD_TEXT, .text = hash},
        {.name = "seed", .kind = FIELD_COUNT, .count = mrc->request->seed},
        {.name = "only",
         .kind = FIELD_TEXT,
         .text = mrc->request->given.only != NULL ? mrc->request->given.only : "all"},
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

static bool write_rows(void *context, struct err *err)
{
    struct mrc *mrc = context;
    char hash[HASH_TEXT];
    struct field row[FIELDS];
    snprintf(hash, sizeof hash, "%016" PRIx64, mrc->all.facts.hash);
    for (size_t i = 0; i < mrc->size_count; i++) {
        const struct curve *curve = mrc->curve[i];
        for (uint64_t size = has_points(curve) ? next_size(mrc, curve, 0) : 0; size != 0;
             size = next_size(mrc, curve, size)) {
            const struct point point = {mrc->page_size[i], size, curve_lookups(curve), curve_at(curve, size)};
            fill_row(mrc, &point, hash, row);
            if (!rows_write(&mrc->all.output, row, FIELDS, err))
                return false;
        }
    }
    return true;
}

/* Before the rows, where the output appends. */
static bool continue_rows(void *context, struct err *err)
{
    struct mrc *mrc = context;
    const struct point none = {.page_size_bytes = 1};
    struct field row[FIELDS];
    fill_row(mrc, &none, "", row);
    return rows_continue(&mrc->all.output, row, FIELDS, err);
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

static void print_tables(void *context, FILE *out)
{
    struct mrc *mrc = context;
    const bool style = say_may_style(out);
    per_trace_print_head(&mrc->all, " on one fully associative LRU TLB", out);
    if (mrc->request->sample_rate < 1)
        fprintf(out, ", a sample of %g of the pages, seed %" PRIu64, mrc->request->sample_rate, mrc->request->seed);
    fputs("\n\n", out);
    print_pages(mrc, out, style);
    if (next_of_all(mrc, 0) != 0) {
        fputc('\n', out);
        print_ratios(mrc, out, style);
    }
}

/* ---- All of it ---- */

static const struct per_trace_work work = {
    .command = "mrc",
    .begin = create_curves,
    .block = look_up_block,
    .end = end_curves,
    .write_rows = write_rows,
    .print_tables = print_tables,
    .forget = free_curves,
    .continue_rows = continue_rows,
};

enum status mrc_command(int argc, char **argv, struct err *err)
{
    struct mrc_request request = {.page_sizes = "4K", .sample_rate = 1, .seed = 1};
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
        TRACES_GIVEN_OPTIONS(&request.given),
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
    struct mrc mrc = {.request = &request, .kinds = traces_given_only(request.given.only)};
    mrc.all = (struct per_trace){.work = &work, .context = &mrc, .request = &request.given, .arguments = &arguments};
    if (!per_trace_check(&mrc.all, err) || !page_sizes_read(request.page_sizes, mrc.page_size, &mrc.size_count, err) ||
        !check_sample(&mrc, err))
        return STATUS_WRONG;
    mrc.points = choose_points(&mrc);
    return check_points(&mrc, err) ? per_trace_run(&mrc.all, err) : STATUS_WRONG;
}
