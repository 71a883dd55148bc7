/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/trace_output.h"

static bool take_bytes(void *context, const void *bytes, size_t size_bytes, struct err *err)
{
    return trace_output_bytes(context, bytes, size_bytes, err);
}

/* "/usr/bin/ls" -> "ls.trace.zst". */
static char *default_path(const char *program)
{
    const char *slash = strrchr(program, '/');
    char *path;
    if (asprintf(&path, "%s.trace.zst", slash != NULL ? slash + 1 : program) < 0)
        return NULL;
    return path;
}

static enum status capture(char **program, const char *path, struct err *err)
{
    struct trace_output output;
    struct capture_result result;
    if (!trace_output_open(&output, path, NULL, err))
        return STATUS_WRONG;
    const bool good = capture_run(program, take_bytes, &output, &result, err);
    if (!trace_output_close(&output, good, err))
        return STATUS_WRONG;
    char number[TABLE_COUNT_TEXT];
    if (result.signal != 0)
        say_warning("signal %d (%s) ended %s; the trace is what it did until then", result.signal,
                    strsignal(result.signal), program[0]);
    say_note("the trace is %s, %s bytes of text", path, table_count(result.bytes, number));
    return (enum status)(result.signal != 0 ? 128 + result.signal : result.exit_status); /* as a shell reports it */
}

enum status capture_command(int argc, char **argv, struct err *err)
{
    const char *output = NULL;
    bool quiet = false;
    const struct option_spec option[] = {
        {.letter = 'o',
         .name = "output",
         .value = "FILE",
         .text = &output,
         .help = "the trace, compressed as .gz .xz .zst .bz2 or .lz4 says; default "
                 "PROGRAM.trace.zst in the current folder"},
        {.letter = 'q', .name = "quiet", .flag = &quiet, .help = "do not say where the trace is"},
        {.name = NULL},
    };
    const struct options options = {
        .usage = "capture [-o FILE] -- PROGRAM [ARGUMENT]...",
        .about = "Runs PROGRAM under Valgrind's tool Lackey and writes down every instruction fetch, load, store and "
                 "modify. PROGRAM has the terminal to itself: its input, output and exit status are its own. It makes "
                 "two to three million accesses a second, hundreds to thousands of times fewer than usual.",
        .option = option,
        .examples = "pagewalk capture -- ls -l\n"
                    "pagewalk capture -o sort.trace.zst -- sort --parallel=1 words.txt > sorted.txt",
        .operand = "a PROGRAM",
        .operands_least = 1,
        .operands_most = SIZE_MAX,
        .stop_at_operand = true,
    };
    struct arguments arguments;
    enum status status;
    if (!options_parse(&options, argc, argv, &arguments, &status, err))
        return status;
    if (quiet)
        say_quiet();
    if (output != NULL && strcmp(output, "-") == 0) {
        err_set(err, "-o -: standard output is PROGRAM's own; give a file, or a pipe that mkfifo made");
        return STATUS_WRONG;
    }
    char *path = output != NULL ? say_copy(output) : default_path(arguments.operand[0]);
    if (path == NULL) {
        err_set(err, "there is no memory for a file's name");
        return STATUS_WRONG;
    }
    status = capture(arguments.operand, path, err);
    free(path);
    return status;
}
