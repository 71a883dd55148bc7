/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/capture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "cli/commands.h"
#include "cli/program.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/trace_output.h"
#include "cli/traces_given.h"
#include "model/units.h"
#include "traces/excerpt.h"

/* "/usr/bin/ls" -> "ls.pwt". */
static char *default_path(const char *program)
{
    const char *slash = strrchr(program, '/');
    char *path;
    if (asprintf(&path, "%s.pwt", slash != NULL ? slash + 1 : program) < 0)
        return NULL;
    return path;
}

/* Everything that the program does, up to the end of the excerpt. */
static bool copy(struct reader *reader, struct excerpt *excerpt, struct trace_output *output, struct err *err)
{
    struct block *block = say_allocate(1, sizeof *block);
    bool good = true;
    bool last = false;
    while (good && !last) {
        good = reader_next(reader, block, err);
        const struct block *part = good ? excerpt_block(excerpt, block, reader_extras(reader), err) : NULL;
        const struct extras *extras = excerpt_extras(excerpt);
        last = block->count == 0 || excerpt_done(excerpt);
        good = part != NULL;
        if (good && (part->count > 0 || (last && extras->event_count > 0)))
            good = trace_output_block(output, part, extras, err);
    }
    free(block);
    return good;
}

static bool check_excerpt(const struct excerpt *excerpt, const struct reader_facts *facts, struct err *err)
{
    return excerpt_taken(excerpt) > 0 ||
           err_set(err, "of %" PRIu64 " accesses none is left in the trace, which is not written; skip fewer",
                   facts->records);
}

static void say_where(const struct excerpt *excerpt, const char *path, enum capture_via via)
{
    char taken[TABLE_COUNT_TEXT];
    char left_out[TABLE_COUNT_TEXT];
    char rest[TABLE_COUNT_TEXT + 48] = "";
    if (excerpt_left_out(excerpt) > 0)
        snprintf(rest, sizeof rest, ", %s are left out%s", table_count(excerpt_left_out(excerpt), left_out),
                 excerpt_done(excerpt) ? " before the last one" : "");
    say_note("the trace is %s, %s accesses by %s%s", path, table_count(excerpt_taken(excerpt), taken),
             via == CAPTURE_VIA_NATIVE ? "pagewalk's own tool" : "Lackey", rest);
}

static void describe_count(struct trace_output *output, const char *key, uint64_t count)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, count);
    trace_output_describe(output, key, text);
}

/* Where and when, too: who finds the trace years later has nothing else to go by. */
static void describe(struct trace_output *output, const struct capture_request *request,
                     const struct excerpt_request *part, enum capture_via via)
{
    char date[sizeof "2026-01-01T00:00:00Z"] = "";
    const time_t now = time(NULL);
    struct tm utc;
    struct utsname system;
    size_t words = 0;
    while (request->argv[words] != NULL)
        words++;
    trace_output_describe(output, "program", request->argv[0]);
    trace_output_describe_words(output, "command", words, request->argv);
    trace_output_describe(output, "via", capture_via_names[via - 1]);
    if (gmtime_r(&now, &utc) != NULL && strftime(date, sizeof date, "%FT%TZ", &utc) > 0)
        trace_output_describe(output, "date", date);
    if (uname(&system) == 0) {
        trace_output_describe(output, "kernel", system.release);
        trace_output_describe(output, "architecture", system.machine);
    }
    if (part->skip > 0)
        describe_count(output, "skip", part->skip);
    if (part->off > 0) {
        describe_count(output, "sample_on", part->on);
        describe_count(output, "sample_off", part->off);
    }
    if (part->most < UINT64_MAX)
        describe_count(output, "max_accesses", part->most);
    if (request->no_instructions || request->no_data)
        trace_output_describe(output, "only", request->no_data ? "instructions" : "data");
}

static enum status capture(const struct capture_request *request, const struct excerpt_request *part, const char *path,
                           struct err *err)
{
    struct trace_output output;
    struct capture_result result;
    struct excerpt *excerpt = excerpt_create(part, err);
    if (excerpt == NULL || !trace_output_open(&output, path, 0, NULL, err)) {
        excerpt_free(excerpt);
        return STATUS_WRONG;
    }
    struct capture *capture = capture_start(request, err);
    bool good = capture != NULL;
    enum capture_via via = CAPTURE_VIA_ANY;
    struct reader_facts facts = {.records = 0};
    if (good) {
        via = capture_via(capture);
        describe(&output, request, part, via);
        good = copy(capture_reader(capture), excerpt, &output, err);
        facts = *reader_facts(capture_reader(capture));
        good =
            capture_end(capture, good ? CAPTURE_RUN_ON : CAPTURE_STOP, &result, good ? err : &(struct err){""}) && good;
    }
    good = good && check_excerpt(excerpt, &facts, err);
    enum status status = STATUS_WRONG;
    if (trace_output_close(&output, good, err)) {
        program_say_lines(&facts);
        status = program_say_end(request->argv[0], &result, "the trace is what it did until then");
        say_where(excerpt, path, via);
    }
    excerpt_free(excerpt);
    return status;
}

/* ---- The command line ---- */

/* "ON:OFF". */
static bool read_sample(const char *text, struct excerpt_request *part, struct err *err)
{
    char *on = say_copy(text);
    char *colon = strchr(on, ':');
    bool good = colon != NULL;
    if (good) {
        *colon = '\0';
        good = units_parse_count(on, &part->on) && units_parse_count(colon + 1, &part->off) && part->on > 0;
    }
    free(on);
    return good || err_set(err,
                           "--sample %s: takes two counts of accesses, to take and to leave out by turns, as in "
                           "1000000:9000000; the first is at least 1",
                           text);
}

/* What was asked for in words. */
struct capture_words {
    const char *output;
    const char *via;
    const char *sample;
    const char *only;
};

static bool read_words(const struct capture_words *words, struct capture_request *request, struct excerpt_request *part,
                       struct err *err)
{
    const enum kinds kinds = traces_given_only(words->only);
    if (words->output != NULL && strcmp(words->output, "-") == 0)
        return err_set(err, "-o -: standard output is PROGRAM's own; give a file, or a pipe that mkfifo made");
    if (words->sample != NULL && !read_sample(words->sample, part, err))
        return false;
    request->no_instructions = kinds == KINDS_DATA;
    request->no_data = kinds == KINDS_INSTRUCTIONS;
    for (int i = 0; words->via != NULL && capture_via_names[i] != NULL; i++)
        if (strcmp(words->via, capture_via_names[i]) == 0)
            request->via = (enum capture_via)(CAPTURE_VIA_LACKEY + i);
    return true;
}

enum status capture_command(int argc, char **argv, struct err *err)
{
    struct capture_words words = {.output = NULL};
    bool quiet = false;
    struct capture_request request = {.via = CAPTURE_VIA_ANY};
    struct excerpt_request part = {.on = 1, .most = UINT64_MAX};
    const struct option_spec option[] = {
        {.letter = 'o',
         .name = "output",
         .value = "FILE",
         .text = &words.output,
         .help = "the trace: native where the name ends in .pwt, else Lackey text, compressed as .gz .xz .zst .bz2 or "
                 ".lz4 says; default PROGRAM.pwt in the current folder"},
        {.name = "via",
         .value = "TOOL",
         .text = &words.via,
         .choices = capture_via_names,
         .help =
             "native, pagewalk's own Valgrind tool, or lackey, Valgrind's, which is a hundred times slower; default "
             "native where it is there and PROGRAM has 64 bits"},
        {.name = "only",
         .value = "KIND",
         .text = &words.only,
         .choices = traces_given_only_names,
         .help = "leave out all accesses but those of KIND, data or instructions; native only"},
        {.name = "pc",
         .flag = &request.pc,
         .help = "of each load, store and modify also the address of its instruction; native only, into .pwt"},
        {.name = "skip", .value = "N", .count = &part.skip, .help = "leave out the first N accesses"},
        {.name = "sample",
         .value = "ON:OFF",
         .text = &words.sample,
         .help = "from there take ON accesses and leave out OFF, again and again"},
        {.name = "max-accesses",
         .value = "N",
         .count = &part.most,
         .least = 1,
         .help = "take N accesses at most; PROGRAM then runs on untraced"},
        {.name = "children",
         .flag = &request.children,
         .help = "trace the processes that PROGRAM starts, too, and what they execute; native only"},
        {.letter = 'q', .name = "quiet", .flag = &quiet, .help = "do not say where the trace is"},
        {.name = NULL},
    };
    const struct options options = {
        .usage = "capture [OPTION]... -- PROGRAM [ARGUMENT]...",
        .about = "Runs PROGRAM under Valgrind and writes down every instruction fetch, load, store and modify. PROGRAM "
                 "has the terminal to itself: its input, output and exit status are its own. Not traced: the kernel, "
                 "prefetches. Under Valgrind a program's addresses lie below 128 GiB, always in the same places, and "
                 "its threads run one at a time.",
        .option = option,
        .examples = "pagewalk capture -- ls -l\n"
                    "pagewalk capture -o sort.pwt -- sort --parallel=1 words.txt > sorted.txt\n"
                    "pagewalk capture --skip 1000000000 --max-accesses 100000000 -- ./solver",
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
    request.argv = arguments.operand;
    if (!read_words(&words, &request, &part, err))
        return STATUS_WRONG;
    char *path = words.output != NULL ? say_copy(words.output) : default_path(arguments.operand[0]);
    if (path == NULL) {
        err_set(err, "there is no memory for a file's name");
        return STATUS_WRONG;
    }
    status = capture(&request, &part, path, err);
    free(path);
    return status;
}
