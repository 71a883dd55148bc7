/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/pin.h"

#include "traces/gather.h"
#include "traces/lines.h"

struct pin {
    struct gather gather;
    struct lines lines;
};

static bool is_prefixed(const char *p, const char *end)
{
    return end - p > 2 && p[0] == '0' && p[1] == 'x';
}

/* Reads the decimal word at p; false where it is none. What is too large for a size stays so. */
static bool read_size(const char *p, const char *end, uint64_t *size_bytes)
{
    const char *first = p;
    *size_bytes = 0;
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        if (*size_bytes <= ACCESS_SIZE_MAX)
            *size_bytes = 10 * *size_bytes + (uint64_t)(*p - '0');
    return p > first && lines_word_ends(p, end);
}

static enum line_kind read_line(const char *p, const char *end, struct line_record *record, struct reader_facts *facts)
{
    if (p < end && *p == '#')
        return LINE_OWN;
    p = lines_skip_blanks(p, end);
    if (!is_prefixed(p, end) || (p = lines_read_hex(p, end, &record->pc)) == NULL || p == end || *p++ != ':')
        return LINE_UNKNOWN;
    const char *operation = lines_skip_blanks(p, end);
    if (operation == p || operation == end || (*operation != 'R' && *operation != 'W'))
        return LINE_UNKNOWN;
    p = lines_skip_blanks(operation + 1, end);
    if (p == operation + 1 || !is_prefixed(p, end) || (p = lines_read_hex(p, end, &record->va)) == NULL ||
        !lines_word_ends(p, end))
        return LINE_UNKNOWN;
    uint64_t size_bytes;
    if (!read_size(lines_skip_blanks(p, end), end, &size_bytes)) {
        size_bytes = 1;
        facts->caveat =
            "it has no instruction fetches and no sizes: each access is taken for 1 byte, and none is seen to "
            "cross a page";
    }
    if (!lines_access_fits(record->va, size_bytes))
        return LINE_UNKNOWN;
    record->kind = *operation == 'R' ? ACCESS_LOAD : ACCESS_STORE;
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
    struct pin *pin = state;
    *taken_bytes = lines_parse(&pin->lines, read_line, pin->gather.pc, chunk, block, facts);
    pin->gather.extras.pc = pin->gather.pc;
    return true;
}

const struct trace_format pin_format = {
    .name = "pin",
    .help =
        "text of Pin's tools named pinatrace, such as \"0x401000: R 0x7ffe4c1f2a68\", with a decimal size or without; "
        "loads and stores, each with its instruction's address",
    .caveat = "it has no instruction fetches",
    .recognise = recognise,
    .state_bytes = sizeof(struct pin),
    .parse = parse,
    .extras = gather_extras,
    .close = gather_close,
};
