/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/perf.h"

#include "traces/lines.h"

#include <string.h>

struct perf {
    struct lines lines;
};

enum { COLUMN_BYTES = 16 };

/* Reads a number that ends where COLUMN_BYTES end, with blanks before it and no zeros, as %16lx prints it; NULL where there is
 * none. */
static const char *read_column(const char *p, const char *end, uint64_t *value)
{
    if (end - p < COLUMN_BYTES)
        return NULL;
    const char *column_end = p + COLUMN_BYTES;
    while (p < column_end - 1 && *p == ' ')
        p++;
    const bool padded = *p == '0' && p < column_end - 1;
    return !padded && lines_read_hex(p, column_end, value) == column_end && lines_word_ends(column_end, end)
               ? column_end
               : NULL;
}

/* The address, and the word before it, which ends with ":": empty where the address begins the line. */
struct front {
    const char *event;
    const char *event_end;
    const char *behind; /* the address; NULL where there is none */
    uint64_t va;
};

static struct front find_front(const char *line, const char *end)
{
    struct front front = {line, line, NULL, 0};
    const char *p = line;
    while (p < end && front.behind == NULL) {
        front.event = lines_skip_blanks(p, end);
        for (p = front.event; !lines_word_ends(p, end); p++)
            ;
        front.event_end = p;
        if (p > front.event && p[-1] == ':' && p < end)
            front.behind = read_column(p + 1, end, &front.va);
    }
    return front;
}

/* A line that begins with an address, and has the instruction's next to it. */
static struct front find_pair(const char *line, const char *end)
{
    struct front front = {line, line, NULL, 0};
    uint64_t ip;
    const char *behind = read_column(line, end, &front.va);
    if (behind != NULL && behind < end && read_column(behind + 1, end, &ip) != NULL)
        front.behind = behind;
    return front;
}

static const char *find(const char *p, const char *end, const char *word)
{
    return memmem(p, (size_t)(end - p), word, strlen(word));
}

/* Whether the data source says that this was the operation. */
static bool is_operation(const char *source, const char *end, const char *name)
{
    const size_t length = strlen(name);
    return (size_t)(end - source) >= length && memcmp(source, name, length) == 0;
}

static enum line_kind read_kind(const struct front *front, const char *rest, const char *end,
                                struct line_record *record)
{
    const char *source = find(rest, end, "|OP ");
    record->kind = ACCESS_LOAD;
    if (source == NULL || is_operation(source, end, "|OP N/A|")) {
        if (find(front->event, front->event_end, "store") != NULL)
            record->kind = ACCESS_STORE;
    } else if (is_operation(source, end, "|OP STORE|")) {
        record->kind = ACCESS_STORE;
    } else if (is_operation(source, end, "|OP EXEC|")) {
        record->kind = ACCESS_FETCH;
    } else if (is_operation(source, end, "|OP PFETCH|")) {
        record->what = "samples of prefetches";
        return LINE_LEFT_OUT;
    }
    return LINE_RECORD;
}

static enum line_kind read_line(const char *p, const char *end, struct line_record *record, struct reader_facts *facts)
{
    (void)facts;
    if (p == end || *p == '#' || *p == '\t')
        return LINE_OWN;
    struct front front = find_pair(p, end);
    if (front.behind == NULL)
        front = find_front(p, end);
    if (front.behind == NULL)
        return LINE_UNKNOWN;
    record->va = front.va;
    if (record->va == 0) {
        record->what = "samples without an address";
        return LINE_LEFT_OUT;
    }
    return read_kind(&front, front.behind, end, record);
}

static bool recognise(const char *head, size_t size_bytes)
{
    return lines_recognise(head, size_bytes, read_line);
}

static bool parse(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                  struct reader_facts *facts, struct err *err)
{
    (void)err;
    struct perf *perf = state;
    *taken_bytes = lines_parse(&perf->lines, read_line, NULL, chunk, block, facts);
    return true;
}

const struct trace_format perf_format = {
    .name = "perf",
    .help = "text of perf script with the fields addr and ip, such as of perf mem: samples, to compare a trace with, "
            "not to simulate",
    .caveat = "samples are no trace, one access of thousands is here: ratios and cycles mean nothing; each is taken "
              "for 1 byte, and for a load where neither data source nor event says store",
    .recognise = recognise,
    .state_bytes = sizeof(struct perf),
    .parse = parse,
};
