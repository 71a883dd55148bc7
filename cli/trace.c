/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Its actions are commands of their own, each with its options.
 */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"

const struct command trace_actions[] = {
    {"info", "count what a trace holds", trace_info_command},
    {"head", "print its first records", trace_head_command},
    {"convert", "write it in another format or compression", trace_convert_command},
    {"cut", "write a part of it", trace_cut_command},
    {"stats", "say what its addresses are like", trace_stats_command},
    {"merge", "merge traces as processes that take turns", trace_merge_command},
    {NULL, NULL, NULL},
};

static void print_help(void)
{
    puts("usage: pagewalk trace ACTION [ARGUMENT]...\n"
         "       pagewalk help trace [ACTION]\n");
    commands_print(trace_actions, "actions:", stdout);
}

enum status trace_command(int argc, char **argv, struct err *err)
{
    enum { NAME_TEXT = 64 };
    static char name[NAME_TEXT];
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help();
        return STATUS_DONE;
    }
    if (argc < 2) {
        err_set(err, "trace needs an action and a TRACE; \"pagewalk trace --help\" lists the actions");
        return STATUS_WRONG;
    }
    if (argv[1][0] == '-') {
        err_set(err, "there is no option %s before the action of trace; \"pagewalk trace --help\" lists the actions",
                argv[1]);
        return STATUS_WRONG;
    }
    const struct command *action = commands_find(trace_actions, "action of trace", argv[1], err);
    if (action == NULL)
        return STATUS_WRONG;
    snprintf(name, sizeof name, "trace %s", action->name);
    argv[1] = name;
    return action->run(argc - 1, argv + 1, err);
}
