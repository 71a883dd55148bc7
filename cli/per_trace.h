/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What mrc and trace stats are: traces that are read one by one, each to its end, where it gives its rows.
 *
 * Not what run and sweep are, whose traces may go to several threads or come from a program.
 */
#ifndef CLI_PER_TRACE_H
#define CLI_PER_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"
#include "cli/output.h"
#include "cli/traces_given.h"
#include "model/access.h"
#include "model/err.h"
#include "traces/extras.h"
#include "traces/reader.h"

/* What a command does with a trace, in this order. `context` is the command's. False with err. */
struct per_trace_work {
    const char *command;
    bool (*begin)(void *context, struct err *err);
    bool (*block)(void *context, const struct block *block, const struct extras *extras, struct err *err);
    bool (*end)(void *context, struct err *err); /* it was read whole, and what was left out of it has been said */
    bool (*write_rows)(void *context, struct err *err); /* or, for people, */
    void (*print_tables)(void *context, FILE *out);
    void (*forget)(void *context);                         /* after any of them */
    bool (*continue_rows)(void *context, struct err *err); /* before the first trace, where the output appends */
};

struct per_trace {
    const struct per_trace_work *work;
    void *context;
    const struct traces_given_request *request;
    const struct arguments *arguments;
    struct output output;
    const char *trace;         /* the one at hand, */
    struct reader_facts facts; /* and what is known of it */

    bool cut;      /* the user ended it before its end */
    size_t tables; /* printed */
    size_t failed; /* traces that were an error */
};

/* Checks the operands and chooses the output. Opens nothing. */
bool per_trace_check(struct per_trace *all, struct err *err);

enum status per_trace_run(struct per_trace *all, struct err *err);

/* Begins the table of a trace: its name and `title` behind it, and a line of which the caller writes the rest. */
void per_trace_print_head(struct per_trace *all, const char *title, FILE *out);

#endif
