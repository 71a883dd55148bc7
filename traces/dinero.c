/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/dinero.h"

#include "traces/lines.h"

struct dinero {
    struct lines lines;
};

static const char copy_backs[] = "copy-backs of caches";
static const char invalidations[] = "invalidations of caches";

/* As a label the number, as a letter the same with LETTER; UNKNOWN for others. */
enum { READ, WRITE, FETCH, MISCELLANEOUS, COPY_BACK, INVALIDATE, LETTER = 8, UNKNOWN = 16 };

static int read_label(char c)
{
    switch (c) {
    case 'r':
    case 'R':
        return LETTER | READ;
    case 'w':
    case 'W':
        return LETTER | WRITE;
    case 'i':
    case 'I':
        return LETTER | FETCH;
    case 'm':
    case 'M':
        return LETTER | MISCELLANEOUS;
    case 'c':
    case 'C':
        return LETTER | COPY_BACK;
    case 'v':
    case 'V':
        return LETTER | INVALIDATE;
    default:
        return c >= '0' && c <= '5' ? c - '0' : UNKNOWN;
    }
}

static enum line_kind read_line(const char *p, const char *end, struct line_record *record, struct reader_facts *facts)
{
    static const enum access_kind kinds[] = {
        [READ] = ACCESS_LOAD, [WRITE] = ACCESS_STORE, [FETCH] = ACCESS_FETCH, [MISCELLANEOUS] = ACCESS_LOAD};
    p = lines_skip_blanks(p, end);
    const int label = p < end ? read_label(*p++) : UNKNOWN;
    if (label == UNKNOWN || p == end || !lines_is_blank(*p))
        return LINE_UNKNOWN;
    p = lines_read_hex(lines_skip_blanks(p, end), end, &record->va);
    if (p == NULL || !lines_word_ends(p, end))
        return LINE_UNKNOWN;
    uint64_t size_bytes = 1;
    if ((label & LETTER) != 0) {
        p = lines_read_hex(lines_skip_blanks(p, end), end, &size_bytes);
        if (p == NULL || !lines_word_ends(p, end))
            return LINE_UNKNOWN;
    }
    const int operation = label & ~LETTER;
    if (operation == COPY_BACK || operation == INVALIDATE) {
        record->what = operation == COPY_BACK ? copy_backs : invalidations;
        return LINE_LEFT_OUT;
    }
    if (!lines_access_fits(record->va, size_bytes))
        return LINE_UNKNOWN;
    if ((label & LETTER) == 0)
        facts->caveat = "it has no sizes, each access is taken for 1 byte, and none is seen to cross a page";
    record->kind = kinds[operation];
    record->size_bytes = (uint32_t)size_bytes;
    return LINE_RECORD;
}

static bool recognise(const char *head, size_t size_bytes)
{
    return lines_recognise(head, size_bytes, read_line);
}

static bool parse(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                  struct reader_facts *facts, struct err *err)
{
    (void)err;
    struct dinero *dinero = state;
    *taken_bytes = lines_parse(&dinero->lines, read_line, NULL, chunk, block, facts);
    return true;
}

const struct trace_format dinero_format = {
    .name = "dinero",
    .help = "text for Dinero IV, \"din\" such as \"2 401000\" or extended such as \"r 1fff0005e0 8\": label or letter, "
            "hexadecimal address, hexadecimal size",
    .recognise = recognise,
    .state_bytes = sizeof(struct dinero),
    .parse = parse,
};
