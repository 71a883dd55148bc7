/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A trace that a command writes, to a file or to standard output.
 *
 * Always: a file that was there is as it was until the trace is whole, and after a failure no part of a trace is left
 * to be taken for the whole: what a full disk lets stand of a native trace, whose chunks are whole, stays beside the
 * file, and the error says where. A pipe, a device and standard output are written to as it comes.
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
    struct json_t *metadata;
};

/* Errors: a file that cannot be written, or that is one of `source`, the traces that are read; nothing is open then. */
bool trace_output_open(struct trace_output *output, const char *path, size_t source_count, const char *const *source,
                       struct err *err);

/* Before the first block: what is known of the trace as a whole, for formats that have a place for it. What replaces a
 * byte that is not UTF-8 is U+FFFD. Who wrote it is there from the start. */
void trace_output_describe(struct trace_output *output, const char *key, const char *value);

/* The same for the words of a command line, as a shell takes them. */
void trace_output_describe_words(struct trace_output *output, const char *key, size_t count, char *const *words);

/* The same for all that another trace says of itself, whatever it is; NULL: nothing. */
void trace_output_describe_all(struct trace_output *output, const struct json_t *metadata);

/* `extras` may be NULL. */
bool trace_output_block(struct trace_output *output, const struct block *block, const struct extras *extras,
                        struct err *err);

/* Ends the trace, puts it in its place and says what its format had no place for; where `good` is false, which is also
 * what it then returns, it goes. */
bool trace_output_close(struct trace_output *output, bool good, struct err *err);

#endif
