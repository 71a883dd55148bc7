/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/study.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/memory_limit.h"
#include "cli/program.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/runner.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/trace_notes.h"
#include "cli/traces_given.h"
#include "cli/walk_rows.h"
#include "model/memory.h"
#include "model/units.h"

const struct study_request study_defaults = {.configurations = {.machine = "generic", .seed = 1}};

struct study {
    const struct study_request *request;
    const char *command;
    const struct arguments *arguments;
    size_t trace_count;
    char *program; /* its command line, which is the trace's name; NULL: the traces are files */
    struct capture_request capture;
    struct configurations configurations;
    struct output output;
    struct output walk_output;
    struct report *report;
    struct walk_rows *walks;   /* NULL where nobody asks */
    struct address_map *map;   /* of the trace at hand */
    struct counters *counters; /* of the trace at hand */
    uint64_t hash;             /* of its bytes */
    unsigned jobs;
    bool cut;            /* the jobs share the trace, not the configurations */
    unsigned *part_of;   /* which job has a configuration; NULL where all are one's, or each has all */
    uint64_t accesses;   /* of all traces */
    uint64_t page_bytes; /* as in runner_outcome, of all traces */
    uint64_t pages;
    size_t failed; /* traces that were an error */
};

/* ---- Before anything runs ---- */

bool study_is_live(int argc, char *const *argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--live") == 0)
            return true;
    return false;
}

/* The operands are a program. */
static bool choose_program(struct study *study, struct err *err)
{
    const struct study_request *request = study->request;
    if (request->given.trace_format != NULL || request->given.strict || request->given.keep_going)
        return err_set(err,
                       "--trace-format, --strict and --keep-going are about files, and --live reads none; leave them "
                       "out, or --live");
    study->trace_count = 1;
    study->program = say_quoted_words(study->arguments->operand_count, study->arguments->operand);
    /* All of it, whatever --only leaves out: misses are told per instruction of the whole trace. */
    study->capture = (struct capture_request){.argv = study->arguments->operand, .asked = interrupt_asked};
    return true;
}

static bool choose_walks(struct study *study, struct err *err)
{
    const struct study_request *request = study->request;
    struct output *output = &study->walk_output;
    if (request->walks == NULL)
        return true;
    struct err unused; /* it would have --format say what the suffix does not */
    if (!output_choose(output, request->walks, NULL, &unused) || output->path == NULL || output->format == OUTPUT_TABLE)
        return err_set(err,
                       "--walks %s: it takes a file whose name ends in .csv, .tsv or .json, since its rows are long "
                       "and beside the others",
                       request->walks);
    return !request->given.append || output_choose_append(output, err);
}

static const char *trace_name(const struct study *study, size_t index)
{
    return study->program != NULL ? study->program : study->arguments->operand[index];
}

/* What comes of a trace is known when it runs; that it is not there is known before. All that are not are said. */
static bool check_existence(const struct study *study, struct err *err)
{
    bool good = true;
    for (size_t i = 0; study->program == NULL && i < study->trace_count; i++) {
        const char *trace = study->arguments->operand[i];
        struct stat status;
        if (traces_given_is_stdin(trace))
            continue;
        if (access(trace, R_OK) != 0)
            good = err_add(err, "%s: cannot be opened: %s; check the path and its permissions", trace, strerror(errno));
        else if (stat(trace, &status) == 0 && S_ISDIR(status.st_mode))
            good = err_add(err, "%s: is a directory; name a trace in it", trace);
    }
    return good;
}

static bool check_walk_output(const struct study *study, struct err *err)
{
    const struct output *output = &study->walk_output;
    for (size_t i = 0; study->program == NULL && i < study->trace_count; i++)
        if (output_is(output, study->arguments->operand[i]))
            return err_set(err, "--walks %s is the trace itself; give another file", output->path);
    if (output_is(output, study->request->configurations.machine))
        return err_set(err, "--walks %s is the machine file; give another file", output->path);
    if (study->output.path != NULL && output_is(output, study->output.path))
        return err_set(err, "--walks %s is the file of -o; give another file", output->path);
    return true;
}

static bool check_output(const struct study *study, struct err *err)
{
    if (study->program == NULL && !traces_given_spare(study->arguments, &study->output, err))
        return false;
    if (output_is(&study->output, study->request->configurations.machine))
        return err_set(err, "-o %s is the machine file; give another file", study->output.path);
    return true;
}

static void note_dropped(const struct configurations *configurations, enum kinds kind, const char *what)
{
    size_t dropped = 0;
    for (size_t i = 0; i < configurations->count; i++) {
        const struct configuration *configuration = &configurations->configuration[i];
        dropped += (configuration->only & kind) != 0 && (machine_kinds(&configuration->machine) & kind) == 0;
    }
    if (dropped == 0)
        return;
    if (dropped == configurations->count)
        say_note("the machine has no first level for %s, which are left out", what);
    else
        say_note("%zu of %zu configurations have no first level for %s, which are left out there", dropped,
                 configurations->count, what);
}

static bool holds_pages(const struct configuration *configuration)
{
    const struct machine *machine = &configuration->machine;
    for (unsigned level = 1; level <= 3; level++)
        for (unsigned kind = KINDS_INSTRUCTIONS; kind <= KINDS_DATA; kind++)
            if (machine_array(machine, level, (enum kinds)kind, machine->page_size_bytes) != NULL)
                return true;
    return machine_store_array(machine, machine->page_size_bytes) != NULL;
}

/* A machine with arrays for 4K, 2M and 1G asked for 64K is legal, and rarely meant. */
static void note_unheld_pages(const struct configurations *configurations)
{
    size_t unheld = 0;
    size_t first = 0;
    for (size_t i = configurations->count; i-- > 0;) {
        if (holds_pages(&configurations->configuration[i]))
            continue;
        unheld++;
        first = i;
    }
    if (unheld == 0)
        return;
    const struct machine *machine = &configurations->configuration[first].machine;
    char size[UNITS_SIZE_TEXT];
    units_format_size(machine->page_size_bytes, size);
    if (unheld == configurations->count)
        say_note("no TLB array of %s holds pages of %s: every lookup walks", machine->name, size);
    else
        say_note("no TLB array holds the pages of %zu of %zu configurations (%s on %s first): there every lookup walks",
                 unheld, configurations->count, size, machine->name);
}

/* Threads share the configurations, where enough of them differ in what is done: configurations that are run together
 * share what they have in common. Else they share the trace, if it can be cut. */
static bool choose_jobs(struct study *study, struct err *err)
{
    const uint64_t asked = study->request->jobs;
    const struct configurations *all = &study->configurations;
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const uint64_t jobs = asked != 0 ? asked : processors > 0 ? (uint64_t)processors : 1;
    struct err why;
    const bool live = study->program != NULL; /* one that is interrupted has to have counted all that was read */
    study->jobs = 1;
    if (jobs == 1)
        return true;
    study->part_of = say_allocate(all->count, sizeof *study->part_of);
    study->jobs = plan_divide(all->configuration, all->count, (unsigned)jobs, study->part_of, err);
    if (study->jobs == 0)
        return false;
    if (live)
        err_set(&why, "The trace of a program that runs is not cut.");
    if (study->jobs < jobs && !live && plan_can_be_cut(all->configuration, all->count, &why)) {
        study->jobs = (unsigned)jobs;
        study->cut = true;
    } else if (study->jobs == 1 && asked > 1) {
        say_note("-j %" PRIu64 ": one thread is all that this can use. %s", asked, why.text);
    }
    return true;
}

static struct runner_job job_of(const struct study *study, const char *trace)
{
    return (struct runner_job){.configurations = study->configurations.configuration,
                               .count = study->configurations.count,
                               .trace = trace,
                               .trace_format = study->request->given.trace_format,
                               .keep_going = study->request->given.keep_going,
                               .live = study->program != NULL ? &study->capture : NULL,
                               .jobs = study->jobs,
                               .cut = study->cut,
                               .part_of = study->part_of,
                               .walks = study->walks,
                               .map = study->map};
}

/* Beside what configurations.h has seen to, which is little where arrays are large. */
static bool check_memory(const struct study *study, struct err *err)
{
    const struct runner_job job = job_of(study, NULL);
    char number[TABLE_COUNT_TEXT];
    char what[TABLE_COUNT_TEXT + 64] = "the machine's arrays";
    uint64_t bytes;
    if (!runner_bytes(&job, &bytes, err))
        return false;
    if (job.count > 1)
        snprintf(what, sizeof what, "the arrays of %s configurations", table_count(job.count, number));
    if (job.jobs > 1)
        snprintf(what + strlen(what), sizeof what - strlen(what), " in %u threads", job.jobs);
    return memory_limit_check(bytes, what,
                              job.jobs > 1
                                  ? "give them fewer entries, make several sweeps, or take fewer threads with -j"
                                  : "give them fewer entries, or make several sweeps",
                              err);
}

/* ---- --dry-run ---- */

static enum status describe(const struct study *study, struct err *err)
{
    const struct configurations *all = &study->configurations;
    const size_t traces = study->trace_count;
    printf("%zu configuration%s x %zu trace%s = %zu row%s, in %u thread%s%s\n", all->count, all->count == 1 ? "" : "s",
           traces, traces == 1 ? "" : "s", all->count * traces, all->count * traces == 1 ? "" : "s", study->jobs,
           study->jobs == 1 ? "" : "s", study->cut ? " that each take parts of a trace" : "");
    for (size_t i = 0; i < all->count; i++) {
        fputs("  ", stdout);
        axes_describe(&all->axes, all->combination[i], stdout);
        if (all->configuration[i].ideal != IDEAL_NONE)
            printf(" (%s)", ideal_names[all->configuration[i].ideal]);
        fputc('\n', stdout);
    }
    struct plan *plan = plan_outline(all->configuration, all->count, err);
    if (plan == NULL)
        return STATUS_WRONG;
    fputc('\n', stdout);
    plan_describe(plan, stdout);
    plan_free(plan);
    return STATUS_DONE;
}

static void note_nothing_left(const struct study *study, const char *trace, const struct reader_facts *facts)
{
    for (size_t i = 0; i < study->configurations.count; i++)
        if (study->counters[i].accesses > 0)
            return;
    char number[TABLE_COUNT_TEXT];
    say_note("%s: of its %s records none is left to translate, so that its rows hold zeros", say_trace(trace),
             table_count(facts->records, number));
}

static void note_no_fetches(const struct study *study, const char *trace)
{
    for (size_t i = 0; i < study->configurations.count; i++) {
        const struct counters *c = &study->counters[i];
        if (study->configurations.configuration[i].machine.core_width == 0 || c->accesses == 0 || c->instructions > 0)
            continue;
        say_note("%s: has no instruction fetches, so that the core of [core] takes each access for an instruction",
                 say_trace(trace));
        return;
    }
}

/* ---- The traces ---- */

static enum status stop_at(const struct study *study, size_t index, const struct reader_facts *facts)
{
    traces_given_interrupted(&(struct traces_given_end){
        .command = study->command,
        .arguments = study->arguments,
        .output = &study->output,
        .done = index,
        .failed = study->failed,
        .records = facts->records,
    });
    return STATUS_INTERRUPTED;
}

/* Says how the program came to its end; STATUS_DONE is not the only good one. */
static enum status end_program(const struct study *study, const struct runner_outcome *outcome)
{
    char number[TABLE_COUNT_TEXT];
    program_say_lines(&outcome->facts);
    if (outcome->interrupted) {
        say_warning("interrupted, %s accesses into %s; the counts are those of what it did until then",
                    table_count(outcome->facts.records, number), study->program);
        return STATUS_INTERRUPTED;
    }
    return program_say_end(study->arguments->operand[0], &outcome->program,
                           "the counts are those of what it did until then");
}

/* Runs one trace. Where *counted, it leaves its counters, whatever the status is. */
static enum status run_trace(struct study *study, size_t index, bool *counted, struct err *err)
{
    const char *trace = trace_name(study, index);
    struct runner_outcome outcome;
    *counted = false;
    if (study->walks != NULL && (study->map = walk_rows_begin(study->walks, err)) == NULL)
        return STATUS_WRONG;
    const struct runner_job job = job_of(study, trace);
    if (!runner_run(&job, study->counters, &outcome, err))
        return STATUS_WRONG;
    if (outcome.interrupted && !outcome.partial)
        return stop_at(study, index, &outcome.facts);
    study->accesses += outcome.facts.records;
    study->page_bytes += outcome.page_bytes;
    study->pages += outcome.pages;
    study->hash = outcome.partial ? 0 : outcome.facts.hash;
    trace_notes_losses(trace, &outcome.facts);
    if (study->program == NULL && !trace_notes_judge(trace, &outcome.facts, study->request->given.strict, err))
        return STATUS_WRONG;
    note_nothing_left(study, trace, &outcome.facts);
    note_no_fetches(study, trace);
    *counted = true;
    return study->program == NULL ? STATUS_DONE : end_program(study, &outcome);
}

static bool write_rows(struct study *study, const char *trace, struct err *err)
{
    return report_add(study->report, trace, study->hash, study->counters, err) &&
           (study->walks == NULL ||
            walk_rows_write(study->walks, trace, study->hash, study->counters, &study->walk_output, err));
}

/* Good traces give their rows whatever becomes of the others. */
static enum status run_traces(struct study *study, struct err *err)
{
    enum status worst = STATUS_DONE;
    for (size_t i = 0; i < study->trace_count; i++) {
        struct err wrong = {.text = ""};
        bool counted;
        const enum status status = run_trace(study, i, &counted, &wrong);
        if (!counted && status == STATUS_INTERRUPTED)
            return status;
        if (!counted) {
            say_error(&wrong);
            worst = STATUS_WRONG;
            study->failed++;
            continue;
        }
        interrupt_hold();
        const bool good = write_rows(study, trace_name(study, i), err);
        interrupt_release();
        if (!good)
            return STATUS_WRONG;
        worst = status != STATUS_DONE ? status : worst;
    }
    return worst;
}

static void say_figures(const struct study *study, double seconds)
{
    if (study->request->given.quiet || (!study->request->verbose && isatty(STDERR_FILENO) != 1))
        return;
    struct memory_figures memory;
    memory_report(&memory);
    char number[TABLE_COUNT_TEXT];
    char bytes[TABLE_COUNT_TEXT];
    say_note("%.2f s, %s accesses x %zu configuration%s, %.1f M accesses/s; at most %.1fM of memory (%s: %.1fM in use, "
             "%.1fM held); page tables %s bytes, %.2f a page touched",
             seconds, table_count(study->accesses, number), study->configurations.count,
             study->configurations.count == 1 ? "" : "s", (double)study->accesses / 1e6 / (seconds > 0 ? seconds : 1),
             (double)memory.peak_bytes / 0x1p20, memory.allocator, (double)memory.allocated_bytes / 0x1p20,
             (double)memory.resident_bytes / 0x1p20, table_count(study->page_bytes, bytes),
             study->pages == 0 ? 0 : (double)study->page_bytes / (double)study->pages);
}

/* Walks of a table that is no tree have no levels, and behind a TSB some read none. */
static bool check_walks(const struct study *study, struct err *err)
{
    for (size_t i = 0; i < study->configurations.count; i++) {
        const struct page_table_format *format = study->configurations.configuration[i].machine.format;
        if (format->kind != PAGE_TABLE_RADIX)
            return err_set(
                err,
                "--walks: it tells walks by the levels of a tree, and page_table.format is %s; leave it out, or "
                "take a format that is a tree",
                format->name);
        if (study->configurations.configuration[i].machine.host != NULL)
            return err_set(err, "--walks: it tells walks by the levels of one tree, and with page_table.host they go "
                                "down two; leave it out, or set page_table.host to none");
    }
    return true;
}

static bool open_walks(struct study *study, struct err *err)
{
    if (study->request->walks == NULL)
        return true;
    if (!check_walks(study, err))
        return false;
    if (!output_open(&study->walk_output, err))
        return false;
    study->walks = walk_rows_create(&study->configurations);
    return check_walk_output(study, err) &&
           (!study->request->given.append || walk_rows_continue(study->walks, &study->walk_output, err));
}

/* False where not all of it could be written. */
static bool close_outputs(struct study *study, struct err *err)
{
    struct err unused;
    bool good = output_close(&study->output, err);
    good = output_close(&study->walk_output, good ? err : &unused) && good;
    report_free(study->report);
    if (study->walks != NULL)
        walk_rows_free(study->walks);
    return good;
}

/* Opens the outputs, where they are good ones. */
static bool open_output(struct study *study, struct err *err)
{
    if (!output_open(&study->output, err))
        return false;
    study->report = report_create(&study->configurations, &study->output);
    if (check_output(study, err) && (!study->request->given.append || report_continue(study->report, err)) &&
        open_walks(study, err))
        return true;
    struct err unused;
    close_outputs(study, &unused);
    return false;
}

/* As a run would find it, and left as it was. A pipe is not asked: who reads it would take the asking for all of it. */
static bool try_output(struct study *study, struct err *err)
{
    const char *const path[] = {study->output.path, study->walk_output.path};
    if ((path[0] == NULL && path[1] == NULL) || (path[0] != NULL && !replacement_suits(path[0])) ||
        (path[1] != NULL && !replacement_suits(path[1])))
        return true;
    return open_output(study, err) && close_outputs(study, err);
}

static enum status run_all(struct study *study, struct err *err)
{
    if (!open_output(study, err))
        return STATUS_WRONG;
    interrupt_catch();
    const double begun = progress_clock();
    if (study->program == NULL)
        traces_given_warn(study->arguments, &study->output);
    note_dropped(&study->configurations, KINDS_INSTRUCTIONS, "instruction fetches");
    note_dropped(&study->configurations, KINDS_DATA, "data");
    note_unheld_pages(&study->configurations);
    study->counters = say_allocate(study->configurations.count, sizeof *study->counters);

    enum status status = run_traces(study, err);
    struct err late = {.text = ""};
    interrupt_hold();
    bool good = err->text[0] != '\0' || report_end(study->report, &late);
    struct err unused;
    good = close_outputs(study, good ? &late : &unused) && good;
    if (!good && err->text[0] == '\0') {
        *err = late;
        status = STATUS_WRONG;
    }
    free(study->counters);
    if (status != STATUS_INTERRUPTED && err->text[0] == '\0')
        say_figures(study, progress_clock() - begun);
    return status;
}

enum status study_run(struct study_request *request, const char *command, const struct arguments *arguments,
                      struct err *err)
{
    struct study study = {
        .request = request, .command = command, .arguments = arguments, .trace_count = arguments->operand_count};
    if (request->given.quiet && request->verbose) {
        err_set(err, "-q and -v contradict each other; give one of them");
        return STATUS_WRONG;
    }
    if (request->given.quiet)
        say_quiet();
    request->configurations.only = traces_given_only(request->given.only);
    request->configurations.all_illegal = request->dry_run;
    request->configurations.unhashed = request->dry_run;
    if (request->live ? !choose_program(&study, err) : !traces_given_check(arguments, request->given.trace_format, err))
        return STATUS_WRONG;
    if (!traces_given_choose(&request->given, &study.output, err) || !choose_walks(&study, err))
        return STATUS_WRONG;
    request->configurations.walk_paths = request->walks != NULL;
    request->configurations.bytes_beside = sizeof *study.counters +
                                           report_kept_bytes(study.output.format, study.trace_count) +
                                           (request->walks != NULL ? WALK_ROWS_KEPT_BYTES : 0);
    study.capture.output_to_stderr = study.output.path == NULL; /* the rows have standard output */
    if (!configurations_make(&request->configurations, &study.configurations, err))
        return STATUS_WRONG;
    enum status status = STATUS_WRONG;
    if (choose_jobs(&study, err) && check_memory(&study, err)) {
        if (!request->dry_run)
            status = run_all(&study, err);
        else if (check_existence(&study, err) && try_output(&study, err))
            status = describe(&study, err);
    }
    free(study.program);
    free(study.part_of);
    configurations_free(&study.configurations);
    return status;
}
