/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The trace of a real program, as Valgrind's tool Lackey prints it while the program runs.
 *
 * Not a reader: the bytes go to the sink as they come, lines that are no records among them. Not a sandbox either:
 * PROGRAM's stdin, stdout, stderr, environment and terminal are the caller's.
 *
 * What holds:
 * - PROGRAM is traced, and the children that it forks; what one of them executes is not. The lines of all are mixed.
 * - The capture ends when PROGRAM does. A child that is still traced then loses its log, and may die of SIGPIPE.
 * - Of the caller's descriptors PROGRAM gets those that are not close-on-exec, and the trace's as 9, in the place of
 * any that was there: Valgrind keeps it open, beside a copy that PROGRAM cannot close. What PROGRAM or its children
 * write to 9 themselves stands in the trace.
 * - SIGINT and SIGQUIT are ignored in the caller meanwhile, as system(3) does: the keyboard's reach PROGRAM as well,
 * which decides. What was traced is kept. Not for two threads at once, therefore.
 */
#ifndef TRACES_CAPTURE_H
#define TRACES_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/err.h"

struct capture_result {
    int exit_status; /* of PROGRAM; 0 where a signal ended it */
    int signal;      /* that ended PROGRAM; 0 where it exited */
    uint64_t bytes;  /* of trace, all of them handed to the sink; >= 1 where PROGRAM exited */
};

/* Takes `size_bytes` >= 1 bytes of trace, cut anywhere. False, with the error set, ends the capture. */
typedef bool capture_sink(void *context, const void *bytes, size_t size_bytes, struct err *err);

/* Runs PROGRAM ARGS, NULL-terminated, under Lackey until it ends. PROGRAM is looked up in PATH unless it has a slash.
 * False where PROGRAM cannot be traced (then it has not run), or the trace cannot be taken or the sink fails (then it
 * is stopped). PROGRAM's own failure is not an error: it stands in the result. */
bool capture_run(char *const argv[], capture_sink *sink, void *context, struct capture_result *result, struct err *err);

#endif
