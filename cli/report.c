/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/report.h"

#include <stdlib.h>

#include "cli/provenance.h"
#include "cli/rows.h"
#include "cli/say.h"
#include "cli/summary.h"

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

static void fill_row(const struct report *report, const struct result *result, struct provenance *row)
{
    provenance_begin(row, report->configurations, result->index, result->trace, result->trace_hash,
                     count_counters() + count_metrics() + 1);
    struct field *next = row->field + row->count;
    for (const struct counter_info *info = counter_infos; info->name != NULL; info++)
        *next++ = field_of_count(info->name, counter_value(&result->counters, info));
    for (const struct metric_info *info = metric_infos; info->name != NULL; info++) {
        *next = (struct field){.name = info->name};
        next->kind = info->value(&result->counters, &next->real) ? FIELD_REAL : FIELD_NONE;
        next++;
    }
    /* Behind all: who finds columns by their numbers finds those that were there. */
    *next++ = field_of_text("ideal", ideal_names[report->configurations->configuration[result->index].ideal]);
    row->count = (size_t)(next - row->field);
}

static bool write_row(struct report *report, const struct result *result, struct err *err)
{
    struct provenance row;
    fill_row(report, result, &row);
    const bool good = rows_write(report->output, row.field, row.count, err);
    provenance_free(&row);
    return good;
}

bool report_continue(struct report *report, struct err *err)
{
    const struct result none = {.trace = ""};
    struct provenance row;
    fill_row(report, &none, &row);
    const bool good = rows_continue(report->output, row.field, row.count, err);
    provenance_free(&row);
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
    if (report->result_count == 1 + report->configurations->ideals) /* behind it stand its bounds */
        summary_write_report(report->configurations, &report->result[0], report->output->file, style);
    else
        summary_write_table(report->configurations, report->result, report->result_count, report->output->file, style);
    return output_flush(report->output, err);
}
