/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char cut_remark[] = ", cut before its newline";

/* ---- What is unknown ---- */

static void count_unknown(struct reader_facts *facts, uint64_t line, const char *what)
{
    if (facts->unknown_lines++ > 0)
        return;
    facts->first_unknown_line = line;
    snprintf(facts->first_unknown, sizeof facts->first_unknown, "%s", what);
}

void lines_count_hole(struct reader_facts *facts, uint64_t line, uint64_t hole_bytes)
{
    char what[READER_UNKNOWN_TEXT_BYTES];
    snprintf(what, sizeof what, "a hole of %" PRIu64 " NUL bytes", hole_bytes);
    count_unknown(facts, line, what);
}

void lines_count_text(struct reader_facts *facts, uint64_t line, const char *text, size_t text_bytes,
                      const char *remark)
{
    char shown[LINES_TEXT_SHOWN + 1] = "";
    for (size_t i = 0; i < text_bytes && i < LINES_TEXT_SHOWN; i++)
        shown[i] = (char)(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
    char what[READER_UNKNOWN_TEXT_BYTES];
    snprintf(what, sizeof what, "\"%s%s\"%s", shown, text_bytes > LINES_TEXT_SHOWN ? "..." : "", remark);
    count_unknown(facts, line, text_bytes == 0 ? "an empty line" : what);
}

/* ---- Lines ---- */

static void begin_line(struct lines *lines)
{
    lines->hole_bytes = 0;
    lines->too_long = false;
}

static void add_record(struct lines *lines, const struct line_record *record, uint64_t *pc, struct block *block)
{
    if (pc != NULL)
        pc[block->count] = record->pc;
    block->va[block->count] = record->va;
    block->meta[block->count] = access_meta(record->kind, record->size_bytes);
    lines_add(block, lines->count + 1, 1, &lines->expected_line);
}

/* The line from p to end, behind its hole; `whole` with its newline. */
static void end_line(struct lines *lines, lines_read *read, uint64_t *pc, const char *p, const char *end, bool whole,
                     struct block *block, struct reader_facts *facts)
{
    const uint64_t line = lines->count + 1;
    const size_t size_bytes = (size_t)(end - p);
    const char *remark = whole ? "" : cut_remark;
    if (lines->hole_bytes > 0)
        lines_count_hole(facts, line, lines->hole_bytes);
    if (lines->too_long) {
        lines_count_text(facts, line, lines->text, LINES_LONGEST_BYTES + 1, remark);
    } else if (size_bytes > LINES_LONGEST_BYTES) {
        lines_count_text(facts, line, p, size_bytes, remark);
    } else if (size_bytes > 0 || lines->hole_bytes == 0) {
        struct line_record record = {.size_bytes = 1};
        const enum line_kind kind = read(p, size_bytes > 0 && end[-1] == '\r' ? end - 1 : end, &record, facts);
        if (kind == LINE_RECORD && whole)
            add_record(lines, &record, pc, block);
        else if (kind == LINE_LEFT_OUT && whole)
            reader_leave_out(facts, record.what);
        else if (kind != LINE_OWN)
            lines_count_text(facts, line, p, size_bytes, remark);
    }
    lines->count++;
    begin_line(lines);
}

static const char *find(const char *p, const char *end, char c)
{
    const char *found = memchr(p, c, (size_t)(end - p));
    return found != NULL ? found : end;
}

size_t lines_parse(struct lines *lines, lines_read *read, uint64_t *pc, const struct input_chunk *chunk,
                   struct block *block, struct reader_facts *facts)
{
    const char *p = chunk->bytes;
    const char *end = p + chunk->size_bytes;
    const char *nul = find(p, end, '\0');
    while (p < end && !block_is_full(block)) {
        const char *newline = find(p, end, '\n');
        for (; nul < newline; nul = find(p, end, '\0')) {
            lines->hole_bytes++;
            lines->too_long = false;
            p = nul + 1;
        }
        if (newline == end)
            break;
        end_line(lines, read, pc, p, newline, true, block, facts);
        p = newline + 1;
    }
    if (p < end && !block_is_full(block) && !chunk->last && !lines->too_long && end - p > LINES_LONGEST_BYTES) {
        lines->too_long = true;
        memcpy(lines->text, p, sizeof lines->text);
    }
    if (lines->too_long && !block_is_full(block))
        p = end;
    if (chunk->last && !block_is_full(block) && (p < end || lines->hole_bytes > 0 || lines->too_long)) {
        end_line(lines, read, pc, p, end, false, block, facts);
        p = end;
    }
    facts->lines = lines->count;
    return (size_t)(p - chunk->bytes);
}

bool lines_recognise(const char *head, size_t size_bytes, lines_read *read)
{
    /* No more than what is there however the bytes came. */
    const char *end = head + (size_bytes < INPUT_HEAD_BYTES ? size_bytes : INPUT_HEAD_BYTES);
    struct reader_facts facts = {0};
    bool recorded = false;
    const char *newline;
    for (const char *p = head; (newline = find(p, end, '\n')) < end; p = newline + 1) {
        struct line_record record = {.size_bytes = 1};
        const enum line_kind kind =
            read(p, newline > p && newline[-1] == '\r' ? newline - 1 : newline, &record, &facts);
        if (kind == LINE_UNKNOWN || find(p, newline, '\0') < newline)
            return false;
        recorded = recorded || kind == LINE_RECORD;
    }
    return recorded;
}

/* ---- Words ---- */

#define NONE LINES_NO_DIGIT
const uint8_t lines_digit[256] = {
    [0 ... '0' - 1] = NONE,
    ['0'] = 0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    ['9' + 1 ... 'A' - 1] = NONE,
    ['A'] = 10,
    11,
    12,
    13,
    14,
    15,
    ['F' + 1 ... 'a' - 1] = NONE,
    ['a'] = 10,
    11,
    12,
    13,
    14,
    15,
    ['f' + 1 ... 255] = NONE,
};
