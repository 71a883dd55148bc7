/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where results go: standard output or a file, with every write checked, and the format that follows from it.
 *
 * Always: a file that was there is as it was until the first results are written whole, so that a run that comes to
 * nothing destroys nothing. From then on what is flushed is there under the file's name, whatever happens to the run.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/replacement.h"
#include "model/err.h"

enum output_format { OUTPUT_TABLE, OUTPUT_CSV, OUTPUT_TSV, OUTPUT_JSON };

extern const char *const output_format_names[]; /* by enum output_format, NULL-terminated */

struct output {
    const char *path; /* NULL: standard output */
    FILE *file;
    enum output_format format;
    bool append;                    /* what the file holds stays before what is written */
    bool created;                   /* the file is ours alone */
    bool begun;                     /* something was written */
    bool headed;                    /* the header is there */
    struct replacement replacement; /* until the first flush, of a file that holds something */
};

/* The format: the one called `name`, or else by the path's suffix, or else a table on a terminal and CSV elsewhere.
 * Opens nothing. `path` is NULL or "-" for standard output. */
bool output_choose(struct output *output, const char *path, const char *name, struct err *err);

/* From here on the rows go behind those that the file holds. Errors: there is no file, or it is to be a table. */
bool output_choose_append(struct output *output, struct err *err);

/* Opens the file for writing and leaves what is in it. */
bool output_open(struct output *output, struct err *err);

/* Before something is written to output->file: the first call turns from what the file holds to what is to replace it. */
bool output_begin(struct output *output, struct err *err);

/* Hands what was written to the system; the first time, it takes the place of what was there. */
bool output_flush(struct output *output, struct err *err);

/* The same, and closes. A file that nothing was written to and that was not there before goes. */
bool output_close(struct output *output, struct err *err);

/* Is `path` the file that is written to? */
bool output_is(const struct output *output, const char *path);

#endif
