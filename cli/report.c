/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/rows.h"
#include "cli/say.h"
#include "cli/summary.h"
#include "cli/version.h"

struct report {
    const struct configurations *configurations;
    struct output *output;
    struct result *result; /* of a table only: kept to its end */
    size_t result_count;
};

uint64_t report_kept_bytes(enum output_format format, size_t traces)
{
    return format == OUTPUT_TABLE ? traces * sizeof(struct result) : 0;
}

struct report *report_create(const struct configurations *configurations, struct output *output)
{
    struct report *report = say_allocate(1, sizeof *report);
    report->configurations = configurations;
    report->output = output;
    return report;
}

void report_free(struct report *report)
{
    free(report->result);
    free(report);
}

/* ---- Rows for programs ---- */

enum { HASH_TEXT = 17, PROVENANCE_FIELDS = 8 };

static size_t count_counters(void)
{
    size_t count = 0;
    while (counter_infos[count].name != NULL)
        count++;
    return count;
}

static size_t count_metrics(void)
{
    size_t count = 0;
    while (metric_infos[count].name != NULL)
        count++;
    return count;
}

static struct field text_field(const char *name, const char *text)
{
    return (struct field){.name = name, .kind = FIELD_TEXT, .text = text};
}

static struct field count_field(const char *name, uint64_t count)
{
    return (struct field){.name = name, .kind = FIELD_COUNT, .count = count};
}

static const char *hash_text(uint64_t hash, char text[HASH_TEXT])
{
    snprintf(text, HASH_TEXT, "%016" PRIx64, hash);
    return text;
}

static const char *only_name(enum kinds only)
{
    return only == KINDS_ALL ? "all" : only == KINDS_DATA ? "data" : "instructions";
}

enum { MACHINE_HASH, TRACE_HASH, HASHES };

/* A row on its way: its fields point into it. */
struct row {
    char hash[HASHES][HASH_TEXT];
    const char **value; /* of the varied keys */
    struct field *field;
    size_t count;
};

static void fill_row(const struct report *report, const struct result *result, struct row *row)
{
    const struct configurations *all = report->configurations;
    const struct configuration *configuration = &all->configuration[result->index];
    const struct axes *axes = &all->axes;
    row->field =
        say_allocate(PROVENANCE_FIELDS + axes->key_count + count_counters() + count_metrics(), sizeof *row->field);
    row->value = say_allocate(axes->key_count + 1, sizeof *row->value);

    struct field *next = row->field;
    *next++ = text_field("version", PAGEWALK_VERSION);
    *next++ = text_field("machine", configuration->machine.name);
    *next++ = text_field("machine_hash", hash_text(all->machine_hash[result->index], row->hash[MACHINE_HASH]));
    *next++ = text_field("trace", result->trace);
    *next++ = text_field("trace_hash",
                         result->trace_hash == 0 ? "partial" : hash_text(result->trace_hash, row->hash[TRACE_HASH]));
    *next++ = count_field("seed", configuration->seed);
    *next++ = text_field("only", only_name(configuration->only));
    *next++ = count_field("page_size", configuration->machine.page_size_bytes);
    axes_values(axes, all->combination[result->index], row->value);
    for (size_t i = 0; i < axes->key_count; i++)
        *next++ = text_field(axes->key[i], row->value[i]);
    for (const struct counter_info *info = counter_infos; info->name != NULL; info++)
        *next++ = count_field(info->name, counter_value(&result->counters, info));
    for (const struct metric_info *info = metric_infos; info->name != NULL; info++) {
        *next = (struct field){.name = info->name};
        next->kind = info->value(&result->counters, &next->real) ? FIELD_REAL : FIELD_NONE;
        next++;
    }
    row->count = (size_t)(next - row->field);
}

static void free_row(struct row *row)
{
    free(row->value);
    free(row->field);
}

static bool write_row(struct report *report, const struct result *result, struct err *err)
{
    struct row row;
    fill_row(report, result, &row);
    const bool good = rows_write(report->output, row.field, row.count, err);
    free_row(&row);
    return good;
}

bool report_continue(struct report *report, struct err *err)
{
    const struct result none = {.trace = ""};
    struct row row;
    fill_row(report, &none, &row);
    const bool good = rows_continue(report->output, row.field, row.count, err);
    free_row(&row);
    return good;
}

/* ---- All of them ---- */

bool report_add(struct report *report, const char *trace, uint64_t trace_hash, const struct counters *counters,
                struct err *err)
{
    const size_t count = report->configurations->count;
    bool good = true;
    if (report->output->format == OUTPUT_TABLE)
        report->result = say_reallocate(report->result, report->result_count + count, sizeof *report->result);
    for (size_t i = 0; good && i < count; i++) {
        const struct result result = {trace, trace_hash, i, counters[i]};
        if (report->output->format == OUTPUT_TABLE)
            report->result[report->result_count++] = result;
        else
            good = write_row(report, &result, err);
    }
    return good && output_flush(report->output, err);
}

bool report_end(struct report *report, struct err *err)
{
    if (report->result_count == 0)
        return true;
    if (!output_begin(report->output, err))
        return false;
    const bool style = say_may_style(report->output->file);
    if (report->result_count == 1)
        summary_write_report(report->configurations, &report->result[0], report->output->file, style);
    else
        summary_write_table(report->configurations, report->result, report->result_count, report->output->file, style);
    return output_flush(report->output, err);
}
