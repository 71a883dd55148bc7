/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/trace_notes.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include "cli/say.h"
#include "cli/table.h"

static void note_left_out(const char *trace, const struct reader_left_out *kind)
{
    char text[512] = "";
    size_t length = 0;
    for (; kind->what != NULL && length < sizeof text; kind++) {
        char number[TABLE_COUNT_TEXT];
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s (%s)", length == 0 ? "" : ", ",
                                   kind->what, table_count(kind->count, number));
    }
    if (length > 0)
        say_note("%s: left out: %s", say_trace(trace), text);
}

void trace_notes_say(const char *trace, const struct reader_facts *facts)
{
    if (facts->caveat != NULL)
        say_note("%s: read as %s: %s", say_trace(trace), facts->format, facts->caveat);
    note_left_out(trace, facts->left_out);
}

bool trace_notes_judge(const char *trace, const struct reader_facts *facts, bool strict, struct err *err)
{
    trace_notes_say(trace, facts);
    if (facts->unknown_lines == 0)
        return true;
    const bool one = facts->unknown_lines == 1;
    char number[TABLE_COUNT_TEXT];
    char lines[160];
    char where[160];
    snprintf(lines, sizeof lines, "%s line%s%c%s record%s", table_count(facts->unknown_lines, number),
             one ? " is not a " : "s are not ", toupper((unsigned char)facts->format[0]), facts->format + 1,
             one ? "" : "s");
    snprintf(where, sizeof where, "%s line %" PRIu64 "%s%s%s", one ? "it is" : "the first is",
             facts->first_unknown_line, *facts->first_unknown != '\0' ? " (" : "", facts->first_unknown,
             *facts->first_unknown != '\0' ? ")" : "");
    if (strict)
        return err_set(err, "%s: %s, which --strict makes an error; %s", say_trace(trace), lines, where);
    say_warning("%s: %s and %s left out; %s", say_trace(trace), lines, one ? "was" : "were", where);
    return true;
}

void trace_notes_losses(const char *trace, const struct reader_facts *facts)
{
    if (facts->losses == 0)
        return;
    char number[TABLE_COUNT_TEXT];
    char records[TABLE_COUNT_TEXT + 64] = "";
    char more[TABLE_COUNT_TEXT + 64] = "";
    if (facts->lost_records > 0)
        snprintf(records, sizeof records, "; %s record%s left out", table_count(facts->lost_records, number),
                 facts->lost_records == 1 ? " was" : "s were");
    const char *end = facts->cut ? "; how many records followed is not known" : "";
    if (facts->losses > 1)
        snprintf(more, sizeof more, ", the first of %s places that are damaged", table_count(facts->losses, number));
    say_warning("%s: %s%s%s%s", say_trace(trace), facts->first_loss, more, records, end);
}

void trace_notes_processes(const char *trace, const struct reader_facts *facts)
{
    if (facts->several_processes)
        say_warning("%s: is of several processes, whose accesses are taken for those of one, in one address space; "
                    "\"pagewalk trace stats\" and \"pagewalk run\" keep them apart",
                    say_trace(trace));
}
