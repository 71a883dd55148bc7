/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/per_trace.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/trace_notes.h"
#include "cli/version.h"

bool per_trace_check(struct per_trace *all, struct err *err)
{
    if (all->request->quiet)
        say_quiet();
    return traces_given_check(all->arguments, all->request->trace_format, err) &&
           traces_given_choose(all->request, &all->output, err);
}

/* True at the end of the trace. Its hash is there with its last block: who asks for an end behind that is too late. */
static bool read_blocks(struct per_trace *all, struct reader *reader, struct err *err)
{
    struct block *block = say_allocate(1, sizeof *block);
    const struct reader_facts *facts = reader_facts(reader);
    bool good = true;
    bool ended = false;
    while (good && !ended && !interrupt_asked()) {
        good = reader_next(reader, block, err);
        all->facts = *facts;
        good = good && all->work->block(all->context, block, reader_extras(reader), err);
        ended = good && (block->count == 0 || facts->hash != 0);
        progress_update(facts->records, facts->file_bytes_read);
    }
    all->cut = !ended && interrupt_asked();
    free(block);
    return ended;
}

static bool read_trace(struct per_trace *all, struct err *err)
{
    all->facts = (struct reader_facts){0};
    struct reader *reader = reader_open(all->trace, all->request->trace_format, err);
    if (reader == NULL) {
        all->cut = interrupt_asked();
        return false;
    }
    if (all->request->keep_going)
        reader_keep_going(reader);
    reader_end_when(reader, interrupt_asked);
    progress_begin(say_trace(all->trace), reader_facts(reader)->file_bytes);
    const bool good = all->work->begin(all->context, err) && read_blocks(all, reader, err);
    progress_end();
    all->facts = *reader_facts(reader);
    reader_close(reader);
    return good;
}

static enum status run_trace(struct per_trace *all, size_t index, struct err *err)
{
    all->trace = all->arguments->operand[index];
    const bool good = read_trace(all, err);
    if (all->cut) {
        traces_given_interrupted(&(struct traces_given_end){
            .command = all->work->command,
            .arguments = all->arguments,
            .output = &all->output,
            .done = index,
            .failed = all->failed,
            .records = all->facts.records,
        });
        return STATUS_INTERRUPTED;
    }
    if (good)
        trace_notes_losses(all->trace, &all->facts);
    return good && trace_notes_judge(all->trace, &all->facts, all->request->strict, err) &&
                   all->work->end(all->context, err)
               ? STATUS_DONE
               : STATUS_WRONG;
}

static bool put_out(struct per_trace *all, struct err *err)
{
    if (all->output.format != OUTPUT_TABLE)
        return all->work->write_rows(all->context, err);
    if (!output_begin(&all->output, err))
        return false;
    all->work->print_tables(all->context, all->output.file);
    return true;
}

static bool write_results(struct per_trace *all, struct err *err)
{
    interrupt_hold();
    const bool good = put_out(all, err) && output_flush(&all->output, err);
    interrupt_release();
    return good;
}

/* Good traces give their rows whatever becomes of the others. */
static enum status run_traces(struct per_trace *all, struct err *err)
{
    enum status worst = STATUS_DONE;
    for (size_t i = 0; i < all->arguments->operand_count; i++) {
        struct err wrong = {.text = ""};
        const enum status status = run_trace(all, i, &wrong);
        const bool good = status != STATUS_DONE || write_results(all, err);
        all->work->forget(all->context);
        if (status == STATUS_INTERRUPTED || !good)
            return good ? status : STATUS_WRONG;
        if (status == STATUS_WRONG) {
            say_error(&wrong);
            worst = STATUS_WRONG;
            all->failed++;
        }
    }
    return worst;
}

enum status per_trace_run(struct per_trace *all, struct err *err)
{
    if (!output_open(&all->output, err))
        return STATUS_WRONG;
    enum status status = STATUS_WRONG;
    all->trace = "";
    if (traces_given_spare(all->arguments, &all->output, err) &&
        (!all->request->append || all->work->continue_rows(all->context, err))) {
        interrupt_catch();
        traces_given_warn(all->arguments, &all->output);
        status = run_traces(all, err);
    }
    struct err late = {.text = ""};
    interrupt_hold();
    if (!output_close(&all->output, &late) && err->text[0] == '\0') {
        *err = late;
        status = STATUS_WRONG;
    }
    return status;
}

void per_trace_print_head(struct per_trace *all, const char *title, FILE *out)
{
    const bool style = say_may_style(out);
    fprintf(out, "%s%s%s%s%s\n", all->tables++ > 0 ? "\n" : "", style ? "\033[1m" : "", all->trace,
            style ? "\033[0m" : "", title);
    fprintf(out, "  pagewalk %s, trace %016" PRIx64, PAGEWALK_VERSION, all->facts.hash);
    if (all->request->only != NULL)
        fprintf(out, ", %s only", all->request->only);
}
