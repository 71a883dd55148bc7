/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading one trace to its end, or as far as it is wanted: what all actions of `trace` have in common, down to their
 * options.
 */
#ifndef CLI_TRACE_READ_H
#define CLI_TRACE_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "cli/trace_options.h"
#include "model/access.h"
#include "model/err.h"
#include "traces/reader.h"

struct trace_read {
    const char *trace;
    const char *trace_format;
    uint64_t from; /* the first record, from 1; 0 is 1 */
    bool strict;
    bool keep_going;
    bool quiet;
};

/* The rows of the option tables. `r` points to a struct trace_read. */
#define TRACE_READ_OPTIONS(r)                                                                                          \
    OPTION_TRACE_FORMAT(&(r)->trace_format), OPTION_KEEP_GOING(&(r)->keep_going), OPTION_QUIET(&(r)->quiet)

/* Parses the command line of an action with one operand, the trace. False ends the command with *status. */
bool trace_read_options(struct trace_read *read, const struct options *options, int argc, char **argv,
                        enum status *status, struct err *err);

/* Takes a block, of which `before` accesses stand before the one that was asked for. Sets *enough where the rest is not
 * needed. The last block may have no accesses, but events. */
typedef bool trace_take(void *context, const struct reader *reader, struct block *block, uint32_t before, bool *enough,
                        struct err *err);

/* Reads the trace block by block, and says what of it was left out. */
bool trace_read(const struct trace_read *read, trace_take *take, void *context, struct reader_facts *facts,
                struct err *err);

/* What an action ends with. */
enum status trace_read_status(bool good);

#endif
