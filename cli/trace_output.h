/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A trace that a command writes, to a file or to standard output.
 *
 * Always: a file that was there is as it was until the trace is whole, and after a failure no part of a trace is left to
 * be taken for the whole. A pipe, a device and standard output are written to as it comes.
 */
#ifndef CLI_TRACE_OUTPUT_H
#define CLI_TRACE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/replacement.h"
#include "model/access.h"
#include "model/err.h"
#include "traces/writer.h"

struct trace_output {
    const char *path; /* "-": standard output */
    bool replaces;    /* a regular file, or none yet */
    struct replacement replacement;
    struct writer *writer;
};

/* Errors: a file that cannot be written, or that is `source`, the trace that is read (NULL: none). */
bool trace_output_open(struct trace_output *output, const char *path, const char *source, struct err *err);

bool trace_output_block(struct trace_output *output, const struct block *block, const struct extras *extras,
                        struct err *err);
bool trace_output_bytes(struct trace_output *output, const void *bytes, size_t size_bytes, struct err *err);

/* Ends the trace and puts it in its place; where `good` is false, which is also what it then returns, it goes. */
bool trace_output_close(struct trace_output *output, bool good, struct err *err);

#endif
