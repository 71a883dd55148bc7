/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"
#include "cli/study.h"

enum status run_command(int argc, char **argv, struct err *err)
{
    struct study_request request = study_defaults;
    request.jobs = 1;
    const struct option_spec option[] = {
        STUDY_OPTIONS(&request),
        {.letter = 'j',
         .name = "jobs",
         .value = "N",
         .count = &request.jobs,
         .least = 1,
         .most = STUDY_JOBS_MAX,
         .help = "threads that share each trace; default 1. Only where all arrays are lru, without victim fills, and "
                 "reads of page tables have fixed costs. The row is the same"},
        {.name = NULL},
    };
    const bool live = study_is_live(argc, argv);
    const struct options options = {
        .usage = "run [OPTION]... TRACE...\n"
                 "run --live [OPTION]... -- PROGRAM [ARGUMENT]...",
        .about = "Runs traces through the MMU of one machine and prints what it counted: hits and misses of each TLB "
                 "level, page-table walks and what they read, and both bounds of the cycles that translation takes. "
                 "Each TRACE is a trace of any format (\"pagewalk list formats\"), compressed or not, or - for "
                 "standard input; each starts cold. With --live a program that runs meanwhile is the trace; unless the "
                 "results go to a FILE, its standard output is standard error.",
        .option = option,
        .examples = "pagewalk run ls.pwt\n"
                    "pagewalk run --machine skylake --page-size 2M --format json ls.pwt\n"
                    "pagewalk run --set tlb.l2.any.entries=3072 -o results.csv ls.pwt awk.pwt\n"
                    "pagewalk gen zipf --exponent 0.9 | pagewalk run --only data -\n"
                    "pagewalk run --live -- sort words.txt > row.csv",
        .operand = live ? "a PROGRAM" : "a TRACE: a file, or - for standard input",
        .operands_least = 1,
        .operands_most = SIZE_MAX,
        .stop_at_operand = live,
    };
    struct arguments arguments;
    enum status status;
    if (!options_parse(&options, argc, argv, &arguments, &status, err))
        return status;
    return study_run(&request, "run", &arguments, err);
}
