/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A text trace as lines, for formats whose records are a line each: the format says what one line is, and this counts
 * lines, marks and unknown lines as the Lackey reader does. A part of the parser's state.
 *
 * It is not what reads Lackey text, whose lines are taken many at a time; that shares the words for what is unknown.
 *
 * A line ends with \n or \r\n. One that does not is no record, nor is one of more than LINES_LONGEST_BYTES. Up to its last
 * NUL a line is one unknown line, a hole; what follows, if anything, is a line of its own with the same number.
 *
 * Always: lines of any length take constant memory, and the same comes out however the text is cut into chunks.
 */
#ifndef TRACES_LINES_H
#define TRACES_LINES_H

#include "traces/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINES_LONGEST_BYTES = INPUT_CARRY_BYTES, LINES_TEXT_SHOWN = 40 };

struct lines {
    uint64_t count;         /* whole ones so far */
    uint64_t expected_line; /* of the next access, by the last mark */

    /* Of a line that was taken in part. */
    uint64_t hole_bytes; /* NULs */
    bool too_long;
    char text[LINES_TEXT_SHOWN]; /* how the one that is too long begins */
};

enum line_kind {
    LINE_RECORD,
    LINE_LEFT_OUT, /* a record that the model has no use for: what says which */
    LINE_OWN,      /* no record, and meant to be none, such as a comment */
    LINE_UNKNOWN,
};

struct line_record {
    uint64_t va;
    uint64_t pc;
    uint32_t size_bytes; /* 1 to ACCESS_SIZE_MAX, nothing of it beyond 2^64 - 1 */
    enum access_kind kind;
    const char *what;
};

/* What the line from p to end is, which has no newline and no NUL; fills the record. May set the facts' caveat. */
typedef enum line_kind lines_read(const char *p, const char *end, struct line_record *record,
                                  struct reader_facts *facts);

/* A format's whole parser. `pc` takes each access's pc, by its position; NULL where there are none. Returns the bytes
 * taken. */
size_t lines_parse(struct lines *lines, lines_read *read, uint64_t *pc, const struct input_chunk *chunk,
                   struct block *block, struct reader_facts *facts);

/* Whether all whole lines of the head are of the format, and one of them is a record. */
bool lines_recognise(const char *head, size_t size_bytes, lines_read *read);

/* ---- For readers of lines ---- */

static inline bool lines_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline const char *lines_skip_blanks(const char *p, const char *end)
{
    while (p < end && lines_is_blank(*p))
        p++;
    return p;
}

/* A hexadecimal digit's value: a table, since which is a letter cannot be predicted. */
enum { LINES_NO_DIGIT = 16 };
extern const uint8_t lines_digit[256];

/* Reads 1 to 16 hexadecimal digits, behind 0x or 0X where there is that; NULL where there are none, or more. */
static inline const char *lines_read_hex(const char *p, const char *end, uint64_t *value)
{
    enum { DIGITS_MOST = 16 };
    if (end - p > 2 && p[0] == '0' && (p[1] | 0x20) == 'x')
        p += 2;
    const char *first = p;
    uint64_t read = 0;
    for (uint8_t digit; p < end && (digit = lines_digit[(unsigned char)*p]) != LINES_NO_DIGIT; p++)
        read = read << 4 | digit;
    *value = read;
    return p - first >= 1 && p - first <= DIGITS_MOST ? p : NULL;
}

/* Whether a word ends here. */
static inline bool lines_word_ends(const char *p, const char *end)
{
    return p == end || lines_is_blank(*p);
}

static inline bool lines_access_fits(uint64_t va, uint64_t size_bytes)
{
    return size_bytes - 1 < ACCESS_SIZE_MAX && va + (size_bytes - 1) >= va;
}

/* ---- Shared with the Lackey reader ---- */

/* Takes in accesses of `count` consecutive lines from `line` on, which stand in the block already. */
static inline void lines_add(struct block *block, uint64_t line, size_t count, uint64_t *expected_line)
{
    if (block->count == 0 || line != *expected_line)
        block->mark[block->mark_count++] = (struct block_mark){.position = block->count, .line = line};
    block->count += (uint32_t)count;
    *expected_line = line + count;
}

void lines_count_hole(struct reader_facts *facts, uint64_t line, uint64_t hole_bytes);

/* Of the text, LINES_TEXT_SHOWN bytes are looked at. */
void lines_count_text(struct reader_facts *facts, uint64_t line, const char *text, size_t text_bytes,
                      const char *remark);

#endif
