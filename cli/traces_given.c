/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/traces_given.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/rows.h"
#include "cli/say.h"
#include "cli/table.h"
#include "traces/reader.h"

const char *const traces_given_only_names[] = {"data", "instructions", NULL};

enum kinds traces_given_only(const char *only)
{
    if (only == NULL)
        return KINDS_ALL;
    return strcmp(only, "data") == 0 ? KINDS_DATA : KINDS_INSTRUCTIONS;
}

/* ---- Before the first is read ---- */

bool traces_given_is_stdin(const char *trace)
{
    return strcmp(trace, "-") == 0;
}

static bool check_format(const char *name, struct err *err)
{
    const char *names[32];
    size_t count = 0;
    for (const struct trace_format *const *format = reader_formats(); *format != NULL && count < 31; format++) {
        if (name == NULL || strcmp((*format)->name, name) == 0)
            return true;
        names[count++] = (*format)->name;
    }
    names[count] = NULL;
    return options_unknown(err, "trace format", name, names);
}

bool traces_given_check(const struct arguments *arguments, const char *trace_format, struct err *err)
{
    size_t stdins = 0;
    for (size_t i = 0; i < arguments->operand_count; i++) {
        if (*arguments->operand[i] == '\0')
            return err_set(err,
                           "TRACE %zu of %zu is an empty name, as of a shell variable that is not set; name a file, "
                           "or - for standard input",
                           i + 1, arguments->operand_count);
        stdins += traces_given_is_stdin(arguments->operand[i]);
    }
    if (stdins > 1)
        return err_set(err, "- is given %zu times, and standard input can be read once", stdins);
    return check_format(trace_format, err);
}

bool traces_given_choose(const struct traces_given_request *request, struct output *output, struct err *err)
{
    return output_choose(output, request->output, request->format, err) &&
           (!request->append || output_choose_append(output, err));
}

bool traces_given_spare(const struct arguments *arguments, const struct output *output, struct err *err)
{
    for (size_t i = 0; i < arguments->operand_count; i++)
        if (output_is(output, arguments->operand[i]))
            return err_set(err, "-o %s is the trace itself; give another file", output->path);
    return true;
}

void traces_given_warn(const struct arguments *arguments, const struct output *output)
{
    for (size_t i = 0; output->format == OUTPUT_JSON && i < arguments->operand_count; i++) {
        char *repaired = rows_repair(arguments->operand[i]);
        if (repaired != NULL)
            say_warning("%s: the path is not UTF-8, as JSON has to be; U+FFFD stands for each byte that is not",
                        repaired);
        free(repaired);
    }
}

/* ---- Interrupted ---- */

/* Which file the command that goes on writes to. */
enum target {
    TARGET_AS_GIVEN, /* none has rows yet, or there is none */
    TARGET_APPEND,   /* the same, behind its rows */
    TARGET_NONE,     /* the same would take the table that is there */
};

static enum target choose_target(const struct traces_given_end *end)
{
    if (end->done == end->failed || end->output->path == NULL)
        return TARGET_AS_GIVEN;
    return end->output->format == OUTPUT_TABLE ? TARGET_NONE : TARGET_APPEND;
}

static void write_word(FILE *out, const char *word)
{
    char *quoted = say_quoted(word);
    fprintf(out, " %s", quoted);
    free(quoted);
}

static void write_option(FILE *out, const struct option_given *given)
{
    fprintf(out, " --%s", given->option->name);
    if (given->value != NULL)
        write_word(out, given->value);
}

static void write_program(FILE *out, const char *command)
{
    char *program = say_quoted(program_invocation_name);
    fprintf(out, "%s %s", program, command);
    free(program);
}

static bool is_like_option(const char *trace)
{
    return trace[0] == '-' && !traces_given_is_stdin(trace);
}

/* The command line that this one was, for other traces. */
static void write_command(FILE *out, const struct traces_given_end *end, enum target target, char *const *traces,
                          size_t count)
{
    const struct arguments *arguments = end->arguments;
    const struct option_given *output = options_given(arguments, "output");
    write_program(out, end->command);
    for (size_t i = 0; i < arguments->given_count; i++)
        if (target != TARGET_NONE || &arguments->given[i] != output)
            write_option(out, &arguments->given[i]);
    if (target == TARGET_APPEND && !end->output->append)
        fputs(" --append", out);
    bool dashes = false;
    for (size_t i = 0; i < count; i++)
        dashes = dashes || is_like_option(traces[i]);
    if (dashes)
        fputs(" --", out);
    for (size_t i = 0; i < count; i++)
        write_word(out, traces[i]);
}

/* A trace gives no row before its end: what helps is to end sooner. */
static void write_part_command(FILE *out, const struct traces_given_end *end)
{
    static char standard_input[] = "-";
    static char *const stdin_only[] = {standard_input};
    const struct option_given *format = options_given(end->arguments, "trace-format");
    const struct option_given *keep_going = options_given(end->arguments, "keep-going");
    const char *trace = end->arguments->operand[end->done];
    write_program(out, "trace head");
    fprintf(out, " -n %" PRIu64, end->records);
    if (format != NULL)
        write_option(out, format);
    if (keep_going != NULL)
        write_option(out, keep_going);
    fputs(is_like_option(trace) ? " --" : "", out);
    write_word(out, trace);
    fputs(" | ", out);
    write_command(out, end, TARGET_AS_GIVEN, stdin_only, 1);
}

static void say_go_on(const struct traces_given_end *end)
{
    const struct output *output = end->output;
    const enum target target = choose_target(end);
    const bool headed = output->format == OUTPUT_CSV || output->format == OUTPUT_TSV;
    const char *how = target == TARGET_NONE     ? ", with an -o of its own, since tables are not appended to"
                      : target == TARGET_APPEND ? ", in the same file"
                      : headed                  ? ", with a header once more"
                                                : "";
    const size_t count = end->arguments->operand_count;
    char *text = NULL;
    size_t size = 0;
    FILE *command = open_memstream(&text, &size);
    if (command == NULL)
        return;
    write_command(command, end, target, end->arguments->operand + end->done, count - end->done);
    fclose(command);
    if (end->done == end->failed)
        say_warning("no rows are written; to begin again:");
    else
        say_warning("%s has the rows of %zu of %zu traces; to go on%s:",
                    output->path != NULL ? output->path : "standard output", end->done - end->failed, count, how);
    say_command(text);
    free(text);
    for (size_t i = end->done; i < count; i++)
        if (traces_given_is_stdin(end->arguments->operand[i]))
            say_warning("- is standard input, from its beginning");
}

static void say_part(const struct traces_given_end *end)
{
    const char *trace = end->arguments->operand[end->done];
    struct stat status;
    if (end->records == 0 || traces_given_is_stdin(trace) || stat(trace, &status) != 0 || !S_ISREG(status.st_mode))
        return;
    char *text = NULL;
    size_t size = 0;
    FILE *command = open_memstream(&text, &size);
    if (command == NULL)
        return;
    write_part_command(command, end);
    fclose(command);
    say_warning("for rows of as much as was read:");
    say_command(text);
    free(text);
}

void traces_given_interrupted(const struct traces_given_end *end)
{
    char number[TABLE_COUNT_TEXT];
    say_warning(
        "interrupted at %s, %s records into it; a trace gives its rows at its end, so that there are none of it",
        say_trace(end->arguments->operand[end->done]), table_count(end->records, number));
    say_go_on(end);
    if (end->done == end->failed)
        say_part(end);
}
