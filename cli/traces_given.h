/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What commands over any number of traces are asked alike, what they do with their operands before the first one is read,
 * and where the user ends them. The one place for it: run, sweep, mrc and trace stats take traces alike.
 */
#ifndef CLI_TRACES_GIVEN_H
#define CLI_TRACES_GIVEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"
#include "cli/output.h"
#include "cli/trace_options.h"
#include "model/machine.h"

struct traces_given_request {
    const char *only; /* "data", "instructions" or NULL */
    const char *trace_format;
    const char *format;
    const char *output;
    bool append;
    bool strict;
    bool keep_going;
    bool quiet;
};

/* The choices of --only, and the kinds that one of them leaves; NULL: all. */
extern const char *const traces_given_only_names[];
enum kinds traces_given_only(const char *only);

/* The rows of the option tables. `r` points to a struct traces_given_request. */
#define TRACES_GIVEN_OPTIONS(r)                                                                                        \
    {.name = "only",                                                                                                   \
     .value = "KIND",                                                                                                  \
     .text = &(r)->only,                                                                                               \
     .choices = traces_given_only_names,                                                                               \
     .help = "leave out all accesses but those of KIND, data or instructions"},                                        \
        OPTION_TRACE_FORMAT(&(r)->trace_format),                                                                       \
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
        OPTION_STRICT(&(r)->strict), OPTION_KEEP_GOING(&(r)->keep_going), OPTION_QUIET(&(r)->quiet)

bool traces_given_is_stdin(const char *trace);

/* Errors: standard input given more than once; no trace format of that name (NULL: none was given). */
bool traces_given_check(const struct arguments *arguments, const char *trace_format, struct err *err);

/* Chooses the output as it was asked for; opens nothing. */
bool traces_given_choose(const struct traces_given_request *request, struct output *output, struct err *err);

/* Errors: the output, which is open, is one of the traces. */
bool traces_given_spare(const struct arguments *arguments, const struct output *output, struct err *err);

/* Says which paths a JSON output cannot have as they are: JSON is UTF-8, paths are bytes. */
void traces_given_warn(const struct arguments *arguments, const struct output *output);

/* Where a command was ended. */
struct traces_given_end {
    const char *command; /* "sweep" */
    const struct arguments *arguments;
    const struct output *output;
    size_t done;      /* traces before the one at hand */
    size_t failed;    /* of those, which were an error */
    uint64_t records; /* of the one at hand, that were read */
};

/* Says how far it came, where the rows are that it has, and the command that goes on so that all rows end up there: the
 * one that was given, for the other traces, as a shell takes it. */
void traces_given_interrupted(const struct traces_given_end *end);

#endif
