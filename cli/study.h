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
    struct traces_given_request given;
    bool verbose;
    bool dry_run;
    bool live;         /* the operands are a program */
    const char *walks; /* the file that statistics of walks go to; NULL: none */
    uint64_t jobs;     /* 0: one a processor */
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
        {.name = "seed",                                                                                               \
         .value = "N",                                                                                                 \
         .count = &(r)->configurations.seed,                                                                           \
         .most = INT64_MAX, /* JSON has no larger integers */                                                          \
         .help = "of what is drawn, which is random replacement only; default 1"},                                     \
        {.name = "walks",                                                                                              \
         .value = "FILE",                                                                                              \
         .text = &(r)->walks,                                                                                          \
         .help = "write there what walks are like, as .csv, .tsv or .json says: what they cost, how many entries "     \
                 "they read, and what served each level, for data and instructions and by mapping"},                   \
        {.name = "ideal",                                                                                              \
         .value = "BOUND",                                                                                             \
         .texts = &(r)->configurations.ideal,                                                                          \
         .help = "a row more for each, of a bound: perfect-tlb, where every lookup hits level 1, or no-translation, "  \
                 "where addresses are physical; may be given again"},                                                  \
        {.name = "live",                                                                                               \
         .flag = &(r)->live,                                                                                           \
         .help = "run PROGRAM under Valgrind and take its accesses while it does them; nothing is written down"},      \
        TRACES_GIVEN_OPTIONS(&(r)->given),                                                                             \
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
