/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What commands over any number of traces do with their operands before the first one is read, and where the user ends
 * them.
 */
#ifndef CLI_TRACES_GIVEN_H
#define CLI_TRACES_GIVEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"
#include "cli/output.h"

/* Errors: standard input given more than once; no trace format of that name (NULL: none was given). */
bool traces_given_check(const struct arguments *arguments, const char *trace_format, struct err *err);

/* Errors: the output, which is open, is one of the traces. */
bool traces_given_spare(const struct arguments *arguments, const struct output *output, struct err *err);

/* Says which paths a JSON output cannot have as they are: JSON is UTF-8, paths are bytes. */
void traces_given_warn(const struct arguments *arguments, const struct output *output);

/* Says how far an interrupted `command` came, `records` records into trace `done`, and how to go on. */
void traces_given_interrupted(const char *command, const struct arguments *arguments, size_t done, uint64_t records);

#endif
