/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/trace_read.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/trace_notes.h"
#include "cli/traces_given.h"

bool trace_read_options(struct trace_read *read, const struct options *options, int argc, char **argv,
                        enum status *status, struct err *err)
{
    struct arguments arguments;
    if (!options_parse(options, argc, argv, &arguments, status, err))
        return false;
    if (read->quiet)
        say_quiet();
    read->trace = arguments.operand[0];
    *status = STATUS_WRONG;
    return traces_given_check(&arguments, read->trace_format, err);
}

static bool check_from(const struct trace_read *read, const struct reader_facts *facts, uint64_t next, struct err *err)
{
    return read->from < next || read->from == 0 ||
           err_set(err, "%s: holds %" PRIu64 " records, and is to be read from record %" PRIu64 " on",
                   say_trace(read->trace), facts->records + facts->lost_records, read->from);
}

static bool read_blocks(const struct trace_read *read, struct reader *reader, trace_take *take, void *context,
                        bool *ended, struct err *err)
{
    const struct reader_facts *facts = reader_facts(reader);
    uint64_t next = 1; /* the record that comes next */
    bool enough = false;
    if (read->from > 1 && !reader_seek(reader, read->from, &next, err))
        return false;
    struct block *block = say_allocate(1, sizeof *block);
    bool good = true;
    while (good && !*ended && !enough) {
        good = reader_next(reader, block, err);
        *ended = good && block->count == 0;
        if (good && (!*ended || reader_extras(reader)->event_count > 0)) {
            const uint32_t count = block->count; /* before it is cut */
            next = *ended ? next : block->first_record;
            const uint64_t before = read->from > next ? read->from - next : 0;
            good = take(context, reader, block, before < count ? (uint32_t)before : count, &enough, err);
            next += count;
        }
        progress_update(facts->records, facts->file_bytes_read);
        if (interrupt_asked())
            good = err_set(err, "%s: interrupted after %" PRIu64 " records; nothing is kept of it",
                           say_trace(read->trace), facts->records);
    }
    free(block);
    return good && (!*ended || check_from(read, facts, next, err));
}

bool trace_read(const struct trace_read *read, trace_take *take, void *context, struct reader_facts *facts,
                struct err *err)
{
    struct reader *reader = reader_open(read->trace, read->trace_format, err);
    if (reader == NULL)
        return false;
    bool ended = false;
    if (read->keep_going)
        reader_keep_going(reader);
    interrupt_catch();
    reader_end_when(reader, interrupt_asked);
    progress_begin(say_trace(read->trace), reader_facts(reader)->file_bytes);
    const bool good = read_blocks(read, reader, take, context, &ended, err);
    progress_end();
    *facts = *reader_facts(reader);
    reader_close(reader);
    if (!good)
        return false;
    trace_notes_losses(read->trace, facts);
    if (!ended)
        trace_notes_say(read->trace, facts);
    return !ended || trace_notes_judge(read->trace, facts, read->strict, err);
}

enum status trace_read_status(bool good)
{
    return good ? STATUS_DONE : interrupt_asked() ? STATUS_INTERRUPTED : STATUS_WRONG;
}
