/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What `run` and `sweep` are: traces through configurations. A run is a sweep that varies nothing.
 */
#ifndef CLI_STUDY_H
#define CLI_STUDY_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/configurations.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/traces_given.h"

struct study_request {
    struct configurations_request configurations;
    const char *only; /* "data", "instructions" or NULL */
    const char *trace_format;
    const char *format;
    const char *output;
    bool append;
    bool strict;
    bool keep_going;
    bool quiet;
    bool verbose;
    bool dry_run;
    bool live;     /* the operands are a program */
    uint64_t jobs; /* 0: one a processor */
};

enum { STUDY_JOBS_MAX = 1024 };

extern const struct study_request study_defaults;

/* The rows of the option table that both have. `r` points to a struct study_request. */
#define STUDY_OPTIONS(r)                                                                                               \
    {.letter = 'm',                                                                                                    \
     .name = "machine",                                                                                                \
     .value = "NAME|FILE",                                                                                             \
     .text = &(r)->configurations.machine,                                                                             \
     .help = "a machine that pagewalk has (\"pagewalk machines\" lists them) or a machine file; default generic"},     \
        {.letter = 's',                                                                                                \
         .name = "set",                                                                                                \
         .value = "SECTION.KEY=VALUE",                                                                                 \
         .texts = &(r)->configurations.set,                                                                            \
         .help = "override one setting of the machine; may be given again (\"pagewalk list keys\" lists the keys)"},   \
        {.letter = 'p',                                                                                                \
         .name = "page-size",                                                                                          \
         .value = "SIZE",                                                                                              \
         .text = &(r)->configurations.page_size,                                                                       \
         .help = "short for --set os.page_size=SIZE"},                                                                 \
        {.name = "only",                                                                                               \
         .value = "KIND",                                                                                              \
         .text = &(r)->only,                                                                                           \
         .choices = traces_given_only_names,                                                                           \
         .help = "leave out all accesses but those of KIND, data or instructions"},                                    \
        {.name = "seed",                                                                                               \
         .value = "N",                                                                                                 \
         .count = &(r)->configurations.seed,                                                                           \
         .most = INT64_MAX, /* JSON has no larger integers */                                                          \
         .help = "of what is drawn, which is random replacement only; default 1"},                                     \
        {.name = "trace-format",                                                                                       \
         .value = "NAME",                                                                                              \
         .text = &(r)->trace_format,                                                                                   \
         .help = "what the traces are, where their content does not tell (\"pagewalk list formats\")"},                \
        {.letter = 'f',                                                                                                \
         .name = "format",                                                                                             \
         .value = "FORMAT",                                                                                            \
         .text = &(r)->format,                                                                                         \
         .choices = output_format_names,                                                                               \
         .help =                                                                                                       \
             "table, csv, tsv or json (one object a line); else by FILE's suffix, else a table on a terminal and CSV " \
             "elsewhere"},                                                                                             \
        {.letter = 'o',                                                                                                \
         .name = "output",                                                                                             \
         .value = "FILE",                                                                                              \
         .text = &(r)->output,                                                                                         \
         .help = "write the results there, not to standard output"},                                                   \
        {.letter = 'a',                                                                                                \
         .name = "append",                                                                                             \
         .flag = &(r)->append,                                                                                         \
         .help = "add the rows to those that FILE holds, which have the same columns; for csv, tsv and json"},         \
        {.name = "live",                                                                                               \
         .flag = &(r)->live,                                                                                           \
         .help = "run PROGRAM under Valgrind and take its accesses while it does them; nothing is written down"},      \
        {.name = "strict",                                                                                             \
         .flag = &(r)->strict,                                                                                         \
         .help = "a line that is no record of the trace's format is an error"},                                        \
        {.name = "keep-going",                                                                                         \
         .flag = &(r)->keep_going,                                                                                     \
         .help = "run what is whole of a damaged native trace, and say what is not"},                                  \
        {.letter = 'q', .name = "quiet", .flag = &(r)->quiet, .help = "no progress and no notes"},                     \
    {                                                                                                                  \
        .letter = 'v', .name = "verbose", .flag = &(r)->verbose,                                                       \
        .help = "time and memory on stderr at the end, also where that is no terminal"                                 \
    }

/* Is --live among the options? What follows a program is the program's, and has to be left alone when options are read. */
bool study_is_live(int argc, char *const *argv);

/* Runs the operands of `arguments`, the traces or the one program. `command` is its name, for the command to go on with. */
enum status study_run(struct study_request *request, const char *command, const struct arguments *arguments,
                      struct err *err);

#endif
