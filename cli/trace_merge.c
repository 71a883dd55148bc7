/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/trace_notes.h"
#include "cli/trace_output.h"
#include "cli/trace_read.h"
#include "cli/traces_given.h"
#include "traces/merge.h"
#include "traces/reader.h"

static const char *const unit_names[] = {"instructions", "accesses", NULL}; /* by enum merge_unit */

struct merge_request {
    const struct arguments *arguments;
    const char *output;
    const char *trace_format;
    struct merge_turn turn;
    bool strict;
    bool keep_going;
};

/* The traces that are open. */
struct inputs {
    size_t count;
    struct reader **reader;
    struct merge_source *source;
    uint64_t file_bytes; /* of all; 0 where one does not tell */
};

static bool open_inputs(const struct merge_request *request, struct inputs *inputs, struct err *err)
{
    const struct arguments *arguments = request->arguments;
    inputs->reader = say_allocate(arguments->operand_count, sizeof *inputs->reader);
    inputs->source = say_allocate(arguments->operand_count, sizeof *inputs->source);
    bool told = true;
    for (size_t i = 0; i < arguments->operand_count; i++) {
        const char *trace = arguments->operand[i];
        struct reader *reader = reader_open(trace, request->trace_format, err);
        if (reader == NULL)
            return false;
        if (request->keep_going)
            reader_keep_going(reader);
        inputs->reader[inputs->count] = reader;
        inputs->source[inputs->count++] = merge_source_of(reader, say_trace(trace));
        reader_end_when(reader, interrupt_asked);
        told = told && reader_facts(reader)->file_bytes > 0;
        inputs->file_bytes += reader_facts(reader)->file_bytes;
    }
    if (!told)
        inputs->file_bytes = 0;
    return true;
}

static void close_inputs(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++)
        reader_close(inputs->reader[i]);
    free(inputs->reader);
    free(inputs->source);
}

static uint64_t bytes_read(const struct inputs *inputs)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < inputs->count; i++)
        bytes += reader_facts(inputs->reader[i])->file_bytes_read;
    return bytes;
}

/* Says what of the traces was not taken. */
static bool judge_traces(const struct merge_request *request, const struct inputs *inputs, struct err *err)
{
    for (size_t i = 0; i < inputs->count; i++) {
        const char *trace = request->arguments->operand[i];
        const struct reader_facts *facts = reader_facts(inputs->reader[i]);
        trace_notes_losses(trace, facts);
        if (!trace_notes_judge(trace, facts, request->strict, err))
            return false;
    }
    return true;
}

static bool write_merged(const struct merge_request *request, const struct inputs *inputs, struct trace_output *output,
                         struct err *err)
{
    struct merge *merge = merge_open(inputs->source, inputs->count, request->turn, err);
    struct block *block = say_allocate(1, sizeof *block);
    uint64_t records = 0;
    bool good = merge != NULL;
    bool ended = false;
    while (good && !ended) {
        good = merge_next(merge, block, err);
        if (good)
            good = trace_output_block(output, block, merge_extras(merge), err);
        ended = block->count == 0;
        records += block->count;
        progress_update(records, bytes_read(inputs));
        if (interrupt_asked())
            good = err_set(err, "trace merge: interrupted after %" PRIu64 " records; nothing is kept of it", records);
    }
    merge_close(merge);
    free(block);
    return good && judge_traces(request, inputs, err);
}

static bool merge_traces(const struct merge_request *request, struct err *err)
{
    struct trace_output output;
    struct inputs inputs = {.count = 0};
    const struct arguments *given = request->arguments;
    if (!trace_output_open(&output, request->output, given->operand_count, (const char *const *)given->operand, err))
        return false;
    interrupt_catch();
    bool good = open_inputs(request, &inputs, err);
    if (good) {
        progress_begin("trace merge", inputs.file_bytes);
        good = write_merged(request, &inputs, &output, err);
        progress_end();
    }
    close_inputs(&inputs);
    return trace_output_close(&output, good, err);
}

enum status trace_merge_command(int argc, char **argv, struct err *err)
{
    struct merge_request request = {.turn = {.quantum = 1000000}};
    const char *unit = unit_names[MERGE_INSTRUCTIONS];
    bool quiet = false;
    const struct option_spec option[] = {
        {.letter = 'o',
         .name = "output",
         .value = "FILE",
         .text = &request.output,
         .help = "the merged trace; its name ends in .pwt, since text cannot hold processes"},
        {.name = "quantum",
         .value = "N",
         .count = &request.turn.quantum,
         .least = 1,
         .help = "how long a turn is; default 1000000"},
        {.name = "quantum-unit",
         .value = "UNIT",
         .text = &unit,
         .choices = unit_names,
         .help =
             "of what: instructions, which is the default and which a trace of data alone has none of, or accesses"},
        OPTION_TRACE_FORMAT(&request.trace_format),
        OPTION_STRICT(&request.strict),
        OPTION_KEEP_GOING(&request.keep_going),
        OPTION_QUIET(&quiet),
        {.name = NULL},
    };
    const struct options options = {
        .usage = "trace merge -o FILE.pwt [--quantum N] [--quantum-unit UNIT] TRACE...",
        .about =
            "Merges traces as processes that take turns on one core, in the order in which they are given. Each is "
            "an address space of its own, also where one is given twice; one that ends leaves the others. The "
            "merged trace says at each turn which process and which thread goes on, numbered anew from 1; what "
            "else the traces hold stays with the access that it follows.",
        .option = option,
        .examples = "pagewalk trace merge -o two.pwt ls.pwt awk.pwt\n"
                    "pagewalk trace merge -o same.pwt --quantum 100000 ls.pwt ls.pwt\n"
                    "pagewalk trace merge -o data.pwt --quantum-unit accesses gups.pwt scan.pwt",
        .operand = "the TRACEs to merge",
        .operands_least = 1,
        .operands_most = SIZE_MAX,
    };
    struct arguments arguments;
    enum status status;
    if (!options_parse(&options, argc, argv, &arguments, &status, err))
        return status;
    if (quiet)
        say_quiet();
    request.arguments = &arguments;
    request.turn.unit = strcmp(unit, unit_names[MERGE_ACCESSES]) == 0 ? MERGE_ACCESSES : MERGE_INSTRUCTIONS;
    if (!traces_given_check(&arguments, request.trace_format, err))
        return STATUS_WRONG;
    if (request.output == NULL) {
        err_set(err, "trace merge needs -o FILE, whose name ends in .pwt");
        return STATUS_WRONG;
    }
    return trace_read_status(merge_traces(&request, err));
}
