/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of the option tables that commands on traces have in common, each with a pointer to where its value goes.
 */
#ifndef CLI_TRACE_OPTIONS_H
#define CLI_TRACE_OPTIONS_H

#include "cli/options.h"

#define OPTION_TRACE_FORMAT(to)                                                                                        \
    {                                                                                                                  \
        .name = "trace-format", .value = "NAME", .text = (to),                                                         \
        .help = "what a TRACE is, where its content does not tell (\"pagewalk list formats\")"                         \
    }

#define OPTION_STRICT(to)                                                                                              \
    {                                                                                                                  \
        .name = "strict", .flag = (to), .help = "a line that is no record of the trace's format is an error"           \
    }

#define OPTION_KEEP_GOING(to)                                                                                          \
    {                                                                                                                  \
        .name = "keep-going", .flag = (to),                                                                            \
        .help = "read what is whole of a damaged native trace, and say what is not"                                    \
    }

#define OPTION_QUIET(to)                                                                                               \
    {                                                                                                                  \
        .letter = 'q', .name = "quiet", .flag = (to), .help = "no progress and no notes"                               \
    }

#endif
