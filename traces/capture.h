/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The trace of a real program, read while it runs under Valgrind: under pagewalk's own tool, which writes a stream, or
 * under Lackey, which prints lines, at a hundredth of the speed.
 *
 * Not a format and not a file: who starts a capture reads its reader, and does with the blocks what it wants. Not a
 * sandbox either: PROGRAM's stdin, stderr, environment and terminal are the caller's.
 *
 * What holds:
 * - The accesses are the same either way. PROGRAM is traced, all its threads; what it executes in its place is not.
 * Children are not, but where they are asked for, and but those that PROGRAM forks under Lackey, whose lines are mixed.
 * - The capture ends when PROGRAM does. A child that is still traced then runs on untraced, or under Lackey loses its log
 * and may die of SIGPIPE.
 * - Of the caller's descriptors PROGRAM gets those that are not close-on-exec. The trace's own stands above what PROGRAM
 * may close; under Lackey a copy is PROGRAM's 9, and what is written there stands in the trace.
 * - A signal that PROGRAM cannot catch loses what the tool had not written, which are some thousand accesses.
 * - SIGINT and SIGQUIT are ignored in the caller meanwhile, as system(3) does: the keyboard's reach PROGRAM as well,
 * which decides. SIGTERM and SIGHUP are passed on to it. Where the caller brings an `asked`, signals are its affair. Not
 * for two threads at once, therefore.
 */
#ifndef TRACES_CAPTURE_H
#define TRACES_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/err.h"
#include "traces/reader.h"

enum capture_via { CAPTURE_VIA_ANY, CAPTURE_VIA_LACKEY, CAPTURE_VIA_NATIVE };

extern const char *const capture_via_names[]; /* "lackey", "native": from CAPTURE_VIA_LACKEY on, NULL-terminated */

struct capture_request {
    char *const *argv;     /* PROGRAM ARGS, NULL-terminated; PROGRAM is looked up in PATH unless it has a slash */
    enum capture_via via;  /* any: our own tool where it is there and can */
    bool children;         /* trace them, too, and what they execute */
    bool pc;               /* of loads, stores and modifies */
    bool no_instructions;  /* leave out fetches; the tool alone can */
    bool no_data;          /* leave out all but fetches; the tool alone can */
    bool output_to_stderr; /* PROGRAM's standard output is the caller's standard error */
    bool (*asked)(void);   /* the trace ends where it says true; NULL: it does not */
};

struct capture_result {
    int exit_status; /* of PROGRAM; 0 where a signal ended it */
    int signal;      /* that ended PROGRAM; 0 where it exited */
};

struct capture;

/* Starts PROGRAM. NULL where it cannot be traced (then it has not run) or nothing came of it. */
struct capture *capture_start(const struct capture_request *request, struct err *err);

/* Gives the accesses, up to where PROGRAM ended or was cut short. The capture's own. */
struct reader *capture_reader(const struct capture *capture);

/* What traces: not CAPTURE_VIA_ANY. */
enum capture_via capture_via(const struct capture *capture);

/* What becomes of PROGRAM where it still runs. */
enum capture_end {
    CAPTURE_RUN_ON, /* it runs to its end, untraced, or under Lackey for nothing */
    CAPTURE_STOP,   /* it is stopped, be it deaf to SIGTERM */
};

/* Ends the capture once PROGRAM has ended, and frees it in every case. PROGRAM's own failure is not an error: it stands in
 * the result. */
bool capture_end(struct capture *capture, enum capture_end end, struct capture_result *result, struct err *err);

#endif
