/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * head, convert and cut: the same accesses, all of them or a part, in another place or format.
 *
 * A part has the events that stand before its accesses, and those behind the last access of the trace if it was wanted
 * to the end: so that of parts that follow one another each event is in one. A part also says whose its first access
 * is.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/trace_output.h"
#include "cli/trace_read.h"

struct copy {
    const struct trace_read *read;
    struct trace_output output;
    uint64_t left;                /* records to write */
    uint64_t copied;              /* that were */
    bool accesses_alone;          /* what stands beside them is not wanted */
    struct event process, thread; /* the last before the part; kind 0: none */
    struct event *event;
    size_t event_room;
    uint32_t data_end[BLOCK_ACCESSES];
};

static void remember(struct copy *copy, const struct event *event)
{
    const struct event whose = {.kind = event->kind, .id = event->id};
    if (event->kind == EVENT_PROCESS)
        copy->process = whose;
    else if (event->kind == EVENT_THREAD)
        copy->thread = whose;
}

static void keep_event(struct copy *copy, struct extras *part, const struct event *event, uint32_t position)
{
    copy->event[part->event_count] = *event;
    copy->event[part->event_count].position = position;
    part->event_count++;
}

/* Whose the first access of the part is was said before it. */
static void tell_whose(struct copy *copy, struct extras *part)
{
    if (copy->process.kind != 0)
        keep_event(copy, part, &copy->process, 0);
    if (copy->thread.kind != 0)
        keep_event(copy, part, &copy->thread, 0);
    copy->process = copy->thread = (struct event){0};
}

static void cut_events(struct copy *copy, const struct extras *all, uint32_t from, uint32_t to, bool behind,
                       struct extras *part)
{
    if (all->event_count + (size_t)2 > copy->event_room) {
        copy->event_room = 2 * (all->event_count + (size_t)2);
        copy->event = say_reallocate(copy->event, copy->event_room, sizeof *copy->event);
    }
    part->event = copy->event;
    uint32_t i = 0;
    for (; i < all->event_count && all->event[i].position < from; i++)
        remember(copy, &all->event[i]);
    if (from == to && !behind) {
        for (; i < all->event_count && copy->copied == 0; i++)
            remember(copy, &all->event[i]);
        return;
    }
    tell_whose(copy, part);
    for (; i < all->event_count && (all->event[i].position < to || behind); i++)
        keep_event(copy, part, &all->event[i], all->event[i].position - from);
}

/* Leaves the accesses `from` to `to` in the block, and what stands beside them in `part`. */
static void cut_block(struct copy *copy, const struct extras *all, struct block *block, uint32_t from, uint32_t to,
                      bool behind, struct extras *part)
{
    *part = (struct extras){0};
    cut_events(copy, all, from, to, behind, part);
    block->count = to - from;
    if (from == 0) {
        part->pc = all->pc;
        part->data_end = all->data_end;
        part->data = all->data;
        return;
    }
    memmove(block->va, block->va + from, block->count * sizeof *block->va);
    memmove(block->meta, block->meta + from, block->count * sizeof *block->meta);
    part->pc = all->pc != NULL ? all->pc + from : NULL;
    if (all->data_end == NULL)
        return;
    const uint32_t begin = all->data_end[from - 1];
    for (uint32_t i = from; i < to; i++)
        copy->data_end[i - from] = all->data_end[i] - begin;
    part->data_end = copy->data_end;
    part->data = all->data + begin;
}

/* What it was made from, where the trace does not say that itself. */
static void describe(struct copy *copy, const struct reader *reader)
{
    const json_t *metadata = reader_metadata(reader);
    if (metadata == NULL) {
        trace_output_describe(&copy->output, "converted_from", say_trace(copy->read->trace));
        trace_output_describe(&copy->output, "converted_from_format", reader_facts(reader)->format);
    }
    trace_output_describe_all(&copy->output, metadata);
}

static bool take_copy(void *context, const struct reader *reader, struct block *block, uint32_t before, bool *enough,
                      struct err *err)
{
    struct copy *copy = context;
    struct extras part;
    const uint32_t from = before;
    const uint32_t to = copy->left < block->count - from ? from + (uint32_t)copy->left : block->count;
    const bool reached = before < block->count || block->count == 0;
    const bool behind = reached && to == block->count && copy->left > to - from;
    if (copy->output.writer == NULL)
        describe(copy, reader);
    cut_block(copy, reader_extras(reader), block, from, to, behind, &part);
    copy->left -= block->count;
    copy->copied += block->count;
    *enough = copy->left == 0;
    if (copy->accesses_alone)
        part = (struct extras){0};
    return (block->count == 0 && part.event_count == 0) || trace_output_block(&copy->output, block, &part, err);
}

static bool copy_trace(const struct trace_read *read, const char *path, uint64_t records, bool accesses_alone,
                       uint64_t *copied, struct err *err)
{
    struct copy *copy = say_allocate(1, sizeof *copy);
    struct reader_facts facts = {.several_processes = false};
    copy->accesses_alone = accesses_alone;
    copy->read = read;
    copy->left = records;
    bool good = trace_output_open(&copy->output, path, 1, &read->trace, err);
    if (good)
        good = trace_output_close(&copy->output, trace_read(read, take_copy, copy, &facts, err), err);
    if (good && accesses_alone && facts.several_processes)
        say_note("%s: is of several processes, which are not told apart here", say_trace(read->trace));
    *copied = copy->copied;
    free(copy->event);
    free(copy);
    return good;
}

/* Of an action that writes where it is told. */
static bool needs_output(const char *action, const char *path, struct err *err)
{
    return path != NULL || err_set(err, "%s needs -o FILE; -o - is standard output", action);
}

enum status trace_head_command(int argc, char **argv, struct err *err)
{
    struct trace_read read = {0};
    uint64_t records = 10;
    uint64_t copied;
    const struct option_spec option[] = {
        {.letter = 'n', .name = "records", .value = "N", .count = &records, .least = 1, .help = "how many; default 10"},
        TRACE_READ_OPTIONS(&read),
        {.name = NULL},
    };
    const struct options options = {
        .usage = "trace head [-n N] TRACE",
        .about = "Prints the first records of a trace as clean Lackey text: the accesses, and nothing that stands "
                 "beside them.",
        .option = option,
        .examples = "pagewalk trace head -n 3 ls.pwt",
        .operand = "a TRACE",
        .operands_least = 1,
        .operands_most = 1,
    };
    enum status status;
    if (!trace_read_options(&read, &options, argc, argv, &status, err))
        return status;
    return trace_read_status(copy_trace(&read, "-", records, true, &copied, err));
}

#define OUTPUT_HELP                                                                                                    \
    "the trace: native where the name ends in .pwt, else Lackey text; compressed as .gz .xz .zst .bz2 or .lz4 says; "  \
    "- is standard output, as text"

enum status trace_convert_command(int argc, char **argv, struct err *err)
{
    struct trace_read read = {0};
    const char *output = NULL;
    uint64_t copied;
    const struct option_spec option[] = {
        {.letter = 'o', .name = "output", .value = "FILE", .text = &output, .help = OUTPUT_HELP},
        OPTION_STRICT(&read.strict),
        TRACE_READ_OPTIONS(&read),
        {.name = NULL},
    };
    const struct options options = {
        .usage = "trace convert -o FILE TRACE",
        .about = "Writes all of a trace in another format or compression, as FILE's name says. A native trace keeps "
                 "all that a trace can hold; of what Lackey text has no place for a note says how much it is.",
        .option = option,
        .examples = "pagewalk trace convert -o ls.pwt ls.trace.zst\n"
                    "pagewalk trace convert -o ls.trace.lz4 ls.pwt",
        .operand = "a TRACE",
        .operands_least = 1,
        .operands_most = 1,
    };
    enum status status;
    if (!trace_read_options(&read, &options, argc, argv, &status, err) || !needs_output(argv[0], output, err))
        return status;
    return trace_read_status(copy_trace(&read, output, UINT64_MAX, false, &copied, err));
}

enum status trace_cut_command(int argc, char **argv, struct err *err)
{
    struct trace_read read = {.from = 1};
    const char *output = NULL;
    uint64_t records = UINT64_MAX;
    uint64_t copied;
    const struct option_spec option[] = {
        {.letter = 'o', .name = "output", .value = "FILE", .text = &output, .help = OUTPUT_HELP},
        {.name = "from",
         .value = "N",
         .count = &read.from,
         .least = 1,
         .help = "the number of the first record; default 1"},
        {.letter = 'n',
         .name = "records",
         .value = "M",
         .count = &records,
         .least = 1,
         .help = "how many; default all up to the end"},
        TRACE_READ_OPTIONS(&read),
        {.name = NULL},
    };
    const struct options options = {
        .usage = "trace cut -o FILE [--from N] [--records M] TRACE",
        .about = "Writes a part of a trace, with the events in it. In a native trace in a file nothing before the part "
                 "is read.",
        .option = option,
        .examples = "pagewalk trace cut --from 1000001 --records 500000 -o part.pwt ls.pwt\n"
                    "pagewalk trace cut --from 1000001 -o - ls.pwt | pagewalk run -",
        .operand = "a TRACE",
        .operands_least = 1,
        .operands_most = 1,
    };
    enum status status;
    if (!trace_read_options(&read, &options, argc, argv, &status, err) || !needs_output(argv[0], output, err))
        return status;
    const bool good = copy_trace(&read, output, records, false, &copied, err);
    char number[TABLE_COUNT_TEXT];
    if (good && records != UINT64_MAX && copied < records)
        say_note("%s: ends with %s of the %" PRIu64 " records that were asked for", say_trace(read.trace),
                 table_count(copied, number), records);
    return trace_read_status(good);
}
