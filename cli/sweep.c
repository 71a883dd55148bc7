/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"
#include "cli/study.h"

enum status sweep_command(int argc, char **argv, struct err *err)
{
    struct study_request request = study_defaults;
    const struct option_spec option[] = {
        {.letter = 'V',
         .name = "vary",
         .value = "KEY=V1,V2,...",
         .texts = &request.configurations.vary,
         .help = "an axis: the values of one setting, or with A,B=1:2,3:4 of several that vary together; may be given "
                 "again, and the first axis varies slowest"},
        {.name = "skip-illegal",
         .flag = &request.configurations.skip_illegal,
         .help = "leave out combinations that no machine can be made of, and say which"},
        {.letter = 'j',
         .name = "jobs",
         .value = "N",
         .count = &request.jobs,
         .least = 1,
         .most = STUDY_JOBS_MAX,
         .help = "threads; default one a processor. The rows are the same"},
        {.letter = 'n', .name = "dry-run", .flag = &request.dry_run, .help = "print what would run, and run nothing"},
        STUDY_OPTIONS(&request),
        {.name = NULL},
    };
    const bool live = study_is_live(argc, argv);
    const struct options options = {
        .usage = "sweep --vary KEY=V1,V2,... [OPTION]... TRACE...\n"
                 "sweep --live --vary KEY=V1,V2,... [OPTION]... -- PROGRAM [ARGUMENT]...",
        .about = "Runs traces through every combination of the settings that are varied, and prints a row for each. A "
                 "trace is read once, and what combinations share is done once. Illegal combinations are all reported "
                 "before anything runs.",
        .option = option,
        .examples =
            "pagewalk sweep --vary os.page_size=4K,64K,2M ls.pwt\n"
            "pagewalk sweep --vary os.page_size=4K,2M --vary tlb.l2.any.entries=384,768,1536 -o grid.csv ls.pwt\n"
            "pagewalk sweep --vary tlb.l1d.any.entries,tlb.l1d.any.ways=32:4,64:4,64:full --dry-run ls.pwt",
        .operand = live ? "a PROGRAM" : "a TRACE: a file, or - for standard input",
        .operands_least = 1,
        .operands_most = SIZE_MAX,
        .stop_at_operand = live,
    };
    struct arguments arguments;
    enum status status;
    if (!options_parse(&options, argc, argv, &arguments, &status, err))
        return status;
    if (request.configurations.vary.count == 0) {
        err_set(err, "sweep varies nothing; give --vary KEY=V1,V2, or use run");
        return STATUS_WRONG;
    }
    return study_run(&request, "sweep", &arguments, err);
}
