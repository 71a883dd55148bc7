/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "analysis/plot.h"
#include "cli/commands.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/walk_rows.h"
#include "model/counters.h"
#include "model/machine.h"
#include "model/page_table.h"
#include "traces/generate.h"
#include "traces/reader.h"
#include "traces/stats.h"

static void add_cells(struct table *table, const char *const *cell, size_t count)
{
    for (size_t i = 0; i < count; i++)
        table_add(table, "%s", cell[i]);
}
#define ADD_ROW(table, ...)                                                                                            \
    add_cells(table, (const char *const[]){__VA_ARGS__}, sizeof(const char *[]){__VA_ARGS__} / sizeof(char *))

static void print_table(struct table *table)
{
    table_print(table, stdout, 0, say_may_style(stdout));
    table_free(table);
}

static void list_policies(void)
{
    struct table *table = table_create("lw");
    ADD_ROW(table, "POLICY", "REPLACES");
    for (size_t i = 0; policy_names[i] != NULL; i++)
        ADD_ROW(table, policy_names[i], policy_helps[i]);
    print_table(table);
}

static void list_formats(void)
{
    struct table *table = table_create("lw");
    ADD_ROW(table, "PAGE TABLES", "(page_table.format)");
    for (const struct page_table_format *format = page_table_formats; format->name != NULL; format++)
        ADD_ROW(table, format->name, format->help);
    print_table(table);
    putchar('\n');
    table = table_create("lw");
    ADD_ROW(table, "TRACES", "(--trace-format)");
    for (const struct trace_format *const *format = reader_formats(); *format != NULL; format++)
        ADD_ROW(table, (*format)->name, (*format)->help);
    print_table(table);
}

static void list_generators(void)
{
    struct table *table = table_create("lw");
    ADD_ROW(table, "GENERATOR", "ADDRESSES");
    for (const struct generator *generator = generators; generator->name != NULL; generator++)
        ADD_ROW(table, generator->name, generator->help);
    print_table(table);
}

static void list_counters(void)
{
    struct table *table = table_create("llw");
    ADD_ROW(table, "COUNTER", "UNIT", "WHAT IT COUNTS");
    for (const struct counter_info *info = counter_infos; info->name != NULL; info++)
        ADD_ROW(table, info->name, info->unit, info->help);
    print_table(table);
}

static void list_metrics(void)
{
    struct table *table = table_create("llw");
    ADD_ROW(table, "METRIC", "UNIT", "WHAT IT IS");
    for (const struct metric_info *info = metric_infos; info->name != NULL; info++)
        ADD_ROW(table, info->name, info->unit, info->help);
    print_table(table);
}

static void list_statistics(void)
{
    struct table *table = table_create("lllw");
    ADD_ROW(table, "STATISTIC", "UNIT", "BUCKET", "WHAT IT COUNTS");
    for (size_t i = 0; i < STATISTICS; i++)
        ADD_ROW(table, statistic_infos[i].name, statistic_infos[i].unit, statistic_infos[i].bucket,
                statistic_infos[i].help);
    print_table(table);
}

static void list_walks(void)
{
    struct table *table = table_create("lllw");
    ADD_ROW(table, "STATISTIC", "UNIT", "BUCKET", "WHAT IT SAYS OF WALKS");
    for (const struct walk_row_info *info = walk_row_infos; info->name != NULL; info++)
        ADD_ROW(table, info->name, info->unit, info->bucket, info->help);
    print_table(table);
}

static void list_plots(void)
{
    struct table *table = table_create("lw");
    ADD_ROW(table, "PLOT", "SHOWS");
    for (const struct plot_kind *kind = plot_kinds; kind->name != NULL; kind++)
        ADD_ROW(table, kind->name, kind->help);
    print_table(table);
}

/* The long table: a paragraph a key, since no terminal holds its columns. */
static void list_keys(void)
{
    const bool style = say_may_style(stdout);
    const char *section = "";
    for (const struct machine_key *key = machine_keys; key->section != NULL; key++) {
        if (strcmp(key->section, section) != 0)
            printf("%s%s[%s]%s\n", *section != '\0' ? "\n" : "", style ? "\033[1m" : "", key->section,
                   style ? "\033[0m" : "");
        section = key->section;
        printf("  %s = %s", key->key, key->values);
        if (key->preset == NULL)
            printf(" (no default)");
        else if (*key->preset != '\0')
            printf(" (default %s)", key->preset);
        printf("\n      ");
        options_wrap(stdout, key->help, 6, 6);
        putchar('\n');
    }
}

static const struct {
    const char *name;
    void (*print)(void);
} lists[] = {
    {"policies", list_policies}, {"formats", list_formats}, {"generators", list_generators},
    {"counters", list_counters}, {"metrics", list_metrics}, {"statistics", list_statistics},
    {"walks", list_walks},       {"plots", list_plots},     {"keys", list_keys},
};
enum { LISTS = sizeof lists / sizeof *lists };

enum status list_command(int argc, char **argv, struct err *err)
{
    const struct option_spec option[] = {{.name = NULL}};
    const struct options options = {
        .usage = "list policies|formats|generators|counters|metrics|statistics|walks|plots|keys",
        .about = "Lists what pagewalk knows: the replacement policies, the formats of page tables and of traces, the "
                 "generators of traces, the counters and metrics of a row, the statistics of traces and of walks, the "
                 "plots, the keys of a machine file.",
        .option = option,
        .examples = "pagewalk list policies\n"
                    "pagewalk list keys",
        .operand = "the name of one list",
        .operands_least = 1,
        .operands_most = 1,
    };
    struct arguments arguments;
    enum status status;
    if (!options_parse(&options, argc, argv, &arguments, &status, err))
        return status;
    const char *names[LISTS + 1] = {NULL};
    for (size_t i = 0; i < LISTS; i++) {
        names[i] = lists[i].name;
        if (strcmp(arguments.operand[0], lists[i].name) == 0) {
            lists[i].print();
            return STATUS_DONE;
        }
    }
    options_unknown(err, "list", arguments.operand[0], names);
    return STATUS_WRONG;
}
