/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "analysis/plot.h"
#include "cli/commands.h"
#include "cli/say.h"

enum status plot_command(int argc, char **argv, struct err *err)
{
    const char *output = NULL;
    bool quiet = false;
    const struct option_spec option[] = {
        {.letter = 'o',
         .name = "output",
         .value = "FILE",
         .text = &output,
         .help = "the plot, as SVG, PNG or PDF by its suffix; else RESULTS with the suffix .KIND.svg"},
        {.letter = 'q', .name = "quiet", .flag = &quiet, .help = "do not say where the plot is"},
        {.name = NULL},
    };
    const struct options options = {
        .usage = "plot KIND RESULTS [-o FILE.svg|.png|.pdf]",
        .about = "Draws the results that run, sweep, mrc or trace stats wrote (CSV, TSV or JSON), with gnuplot. "
                 "\"pagewalk list plots\" "
                 "lists the kinds.",
        .option = option,
        .examples = "pagewalk sweep --vary os.page_size=4K,64K,2M -o sizes.csv ls.pwt\n"
                    "pagewalk plot miss-ratio sizes.csv\n"
                    "pagewalk plot cycles sizes.csv -o cycles.pdf",
        .operand = "a KIND and RESULTS",
        .operands_least = 2,
        .operands_most = 2,
    };
    struct arguments arguments;
    enum status status;
    if (!options_parse(&options, argc, argv, &arguments, &status, err))
        return status;
    if (quiet)
        say_quiet();
    const char *kind = arguments.operand[0];
    const char *results = arguments.operand[1];
    char *path = output != NULL ? say_copy(output) : plot_path(kind, results);
    const bool good = plot_write(kind, results, path, err);
    if (good && output == NULL)
        say_note("the plot is %s", path);
    free(path);
    return good ? STATUS_DONE : STATUS_WRONG;
}
