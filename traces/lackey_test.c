/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The three parsers against an oracle that knows nothing of chunks: lines cut at newlines, holes at NULs, and the
 * language as regular expressions.
 */
#include "model/random.h"
#include "traces/lackey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

struct record {
    uint64_t va;
    uint16_t meta;
    uint64_t line;
};

struct outcome {
    struct record *record;
    size_t records;
    uint64_t lines;
    uint64_t unknown_lines;
    uint64_t first_unknown_line;
};

static void add_record(struct outcome *outcome, struct record record)
{
    if ((outcome->records & (outcome->records - 1)) == 0) {
        const size_t room = outcome->records == 0 ? 1 : 2 * outcome->records;
        outcome->record = realloc(outcome->record, room * sizeof record);
        assert_non_null(outcome->record);
    }
    outcome->record[outcome->records++] = record;
}

/* The oracle. */

static regex_t record_form;
static regex_t own_form;

static int compile_forms(void **state)
{
    (void)state;
    return regcomp(&record_form, "^[ \t]*([ILSM])[ \t]+([0-9a-fA-F]{1,16}),([0-9]+)[ \t]*\r?$", REG_EXTENDED) != 0 ||
           regcomp(&own_form, "^(==[0-9]+==|--[0-9]+--|\\*\\*[0-9]+\\*\\*|SYSCALL\\[|SB )", REG_EXTENDED | REG_NOSUB) !=
               0;
}

static int free_forms(void **state)
{
    (void)state;
    regfree(&record_form);
    regfree(&own_form);
    return 0;
}

static void expect_unknown(struct outcome *expected, uint64_t line)
{
    if (expected->unknown_lines++ == 0)
        expected->first_unknown_line = line;
}

static void expect_line(struct outcome *expected, const char *text, bool whole, uint64_t line)
{
    regmatch_t part[4];
    if (regexec(&own_form, text, 0, NULL, 0) == 0)
        return;
    if (whole && regexec(&record_form, text, 4, part, 0) == 0) {
        const uint64_t va = strtoull(text + part[2].rm_so, NULL, 16);
        const uint64_t size_bytes = strtoull(text + part[3].rm_so, NULL, 10);
        const char *kinds = "ILSM";
        const uint64_t kind = (uint64_t)(strchr(kinds, text[part[1].rm_so]) - kinds);
        if (size_bytes >= 1 && size_bytes <= 4096 && size_bytes - 1 <= UINT64_MAX - va) {
            const uint16_t meta = (uint16_t)(kind << 12 | (size_bytes - 1));
            add_record(expected, (struct record){.va = va, .meta = meta, .line = line});
            return;
        }
    }
    expect_unknown(expected, line);
}

static struct outcome expect(const char *text, size_t size_bytes)
{
    struct outcome expected = {0};
    const char *end = text + size_bytes;
    char *line = malloc(size_bytes + 1);
    assert_non_null(line);
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *line_end = newline != NULL ? newline : end;
        const char *hole = memrchr(text, '\0', (size_t)(line_end - text));
        const char *behind = hole != NULL ? hole + 1 : text;
        const size_t length = (size_t)(line_end - behind);
        memcpy(line, behind, length);
        line[length] = '\0';
        expected.lines++;
        if (hole != NULL)
            expect_unknown(&expected, expected.lines);
        if (hole == NULL || length > 0)
            expect_line(&expected, line, newline != NULL, expected.lines);
        text = newline != NULL ? newline + 1 : end;
    }
    free(line);
    return expected;
}

/* The parsers. */

struct parser {
    const char *name;
    bool (*parse)(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                  struct reader_facts *facts, struct err *err);
};

enum { PARSERS = 3 };

/* Filled at run time: lackey_format.parse is no constant. */
static struct parser parsers[PARSERS];

static struct block block;
static struct err err;

/* Gives the parser one chunk and adds what comes out. The chunk stands in memory with no more than the pads around it,
 * which hold what looks like more of a trace. */
static void give(const struct parser *parser, void *state, const char *bytes, size_t size_bytes, bool last,
                 struct reader_facts *facts, struct outcome *outcome)
{
    static const char pad[INPUT_PAD_BYTES + 1] =
        "\n L 1fff0005e0,8\n S 1fff0005d8,16\nI  04001000,3\n M 0403d120,4\n,1\n";
    char *memory = malloc(size_bytes + 2UL * INPUT_PAD_BYTES);
    assert_non_null(memory);
    memcpy(memory, pad, INPUT_PAD_BYTES);
    memcpy(memory + INPUT_PAD_BYTES, bytes, size_bytes);
    memcpy(memory + INPUT_PAD_BYTES + size_bytes, pad, INPUT_PAD_BYTES);
    struct input_chunk chunk = {.bytes = memory + INPUT_PAD_BYTES, .size_bytes = size_bytes, .last = last};
    do {
        size_t taken_bytes;
        block.count = 0;
        block.mark_count = 0;
        assert_true(parser->parse(state, &chunk, &taken_bytes, &block, facts, &err));
        assert_true(taken_bytes <= chunk.size_bytes);
        assert_true(taken_bytes == chunk.size_bytes || block_is_full(&block));
        assert_true(block.count == 0 || (block.mark_count >= 1 && block.mark[0].position == 0));
        for (uint32_t i = 0; i < block.count; i++)
            add_record(outcome,
                       (struct record){.va = block.va[i], .meta = block.meta[i], .line = block_line(&block, i)});
        chunk.bytes += taken_bytes;
        chunk.size_bytes -= taken_bytes;
    } while (chunk.size_bytes > 0);
    free(memory);
}

static void *new_state(void)
{
    void *state = calloc(1, lackey_format.state_bytes);
    assert_non_null(state);
    return state;
}

static void finish(void *state, const struct reader_facts *facts, struct outcome *outcome)
{
    free(state);
    outcome->lines = facts->lines;
    outcome->unknown_lines = facts->unknown_lines;
    outcome->first_unknown_line = facts->first_unknown_line;
    assert_int_equal(facts->unknown_lines > 0, facts->first_unknown[0] != '\0');
}

/* Cuts the text behind its first bytes, and then into chunks. */
static struct outcome parse_text(const struct parser *parser, const char *text, size_t size_bytes, size_t first_bytes,
                                 size_t chunk_bytes)
{
    struct outcome outcome = {0};
    struct reader_facts facts = {0};
    void *state = new_state();
    size_t at = first_bytes < size_bytes ? first_bytes : size_bytes;
    give(parser, state, text, at, false, &facts, &outcome);
    while (at < size_bytes) {
        const size_t rest_bytes = size_bytes - at;
        const size_t bytes = rest_bytes < chunk_bytes ? rest_bytes : chunk_bytes;
        /* The last chunk is sometimes known for the last, and sometimes followed by an empty one. */
        give(parser, state, text + at, bytes, bytes == rest_bytes && size_bytes % 2 == 0, &facts, &outcome);
        at += bytes;
    }
    give(parser, state, text, 0, true, &facts, &outcome);
    finish(state, &facts, &outcome);
    return outcome;
}

static void fail_on(const struct parser *parser, const char *text, size_t size_bytes, size_t first_bytes,
                    size_t chunk_bytes, const char *what)
{
    fprintf(stderr, "%s differs in %s, cut at %zu and each %zu:\n", parser->name, what, first_bytes, chunk_bytes);
    for (size_t i = 0; i < size_bytes && i < 4000; i++)
        fprintf(stderr, text[i] >= ' ' && text[i] <= '~' ? "%c" : "\\%03o", (unsigned char)text[i]);
    fputc('\n', stderr);
    fail();
}

static void check_cut(const char *text, size_t size_bytes, const struct outcome *expected, size_t first_bytes,
                      size_t chunk_bytes)
{
    for (const struct parser *parser = parsers; parser < parsers + PARSERS; parser++) {
        struct outcome got = parse_text(parser, text, size_bytes, first_bytes, chunk_bytes);
        const char *what = NULL;
        if (got.records != expected->records)
            what = "the number of records";
        else if (got.lines != expected->lines)
            what = "the number of lines";
        else if (got.unknown_lines != expected->unknown_lines)
            what = "the number of unknown lines";
        else if (got.first_unknown_line != expected->first_unknown_line)
            what = "the first unknown line";
        for (size_t i = 0; what == NULL && i < got.records; i++)
            if (got.record[i].va != expected->record[i].va || got.record[i].meta != expected->record[i].meta ||
                got.record[i].line != expected->record[i].line)
                what = "a record";
        if (what != NULL)
            fail_on(parser, text, size_bytes, first_bytes, chunk_bytes, what);
        free(got.record);
    }
}

static void check_text(const char *text, size_t size_bytes)
{
    const struct outcome expected = expect(text, size_bytes);
    check_cut(text, size_bytes, &expected, size_bytes, size_bytes);
    check_cut(text, size_bytes, &expected, 0, 1);
    for (size_t first_bytes = 1; first_bytes < size_bytes; first_bytes++)
        check_cut(text, size_bytes, &expected, first_bytes, size_bytes);
    free(expected.record);
}

/* Cases by hand. */

struct line_case {
    const char *line; /* without its newline */
    int kind;         /* or one of the two below */
    uint32_t size_bytes;
    uint64_t va;
};

enum { OWN_LINE = -1, UNKNOWN_LINE = -2 };

static const struct line_case line_cases[] = {
    {"I  04001000,3", ACCESS_FETCH, 3, 0x04001000},
    {" L 1fff0005e0,8", ACCESS_LOAD, 8, 0x1fff0005e0},
    {" S 1fff0005e0,16", ACCESS_STORE, 16, 0x1fff0005e0},
    {" M 0403d120,512", ACCESS_MODIFY, 512, 0x0403d120},
    {" L 0,4096", ACCESS_LOAD, 4096, 0},
    {" L 0,4097", UNKNOWN_LINE, 0, 0},
    {" L 0,0", UNKNOWN_LINE, 0, 0},
    {" L 0,00", UNKNOWN_LINE, 0, 0},
    {" L 0,000", UNKNOWN_LINE, 0, 0},
    {" L 0,0000", UNKNOWN_LINE, 0, 0},
    {" L 0,100", ACCESS_LOAD, 100, 0},
    {" L 0,0100", ACCESS_LOAD, 100, 0},
    {" L 0,007", ACCESS_LOAD, 7, 0},
    {" L 0,12x", UNKNOWN_LINE, 0, 0},
    {" L 0,123x", UNKNOWN_LINE, 0, 0},
    {" L 0,9999", UNKNOWN_LINE, 0, 0},
    {" L 0,0000000000000000000000000000000000000008", ACCESS_LOAD, 8, 0},
    {" L 0,18446744073709551617", UNKNOWN_LINE, 0, 0},
    {" L 0,4294967297", UNKNOWN_LINE, 0, 0},
    {" L ffffffffffffffff,1", ACCESS_LOAD, 1, UINT64_MAX},
    {" L ffffffffffffffff,2", UNKNOWN_LINE, 0, 0},
    {" L fffffffffffff001,4095", ACCESS_LOAD, 4095, 0xfffffffffffff001},
    {" L fffffffffffff001,4096", UNKNOWN_LINE, 0, 0},
    {" L FFFFFFFFFFFFF000,99", ACCESS_LOAD, 99, 0xfffffffffffff000},
    {" L 00000000000000000,8", UNKNOWN_LINE, 0, 0},
    {" L ,8", UNKNOWN_LINE, 0, 0},
    {" L 1,", UNKNOWN_LINE, 0, 0},
    {" L 1 ,8", UNKNOWN_LINE, 0, 0},
    {" L 1, 8", UNKNOWN_LINE, 0, 0},
    {" L 0x1,8", UNKNOWN_LINE, 0, 0},
    {" L 1g,8", UNKNOWN_LINE, 0, 0},
    {" L 1,8,8", UNKNOWN_LINE, 0, 0},
    {" L 1,8x", UNKNOWN_LINE, 0, 0},
    {" L1,8", UNKNOWN_LINE, 0, 0},
    {" X 1,8", UNKNOWN_LINE, 0, 0},
    {" l 1,8", UNKNOWN_LINE, 0, 0},
    {"L\t1,8", ACCESS_LOAD, 8, 1},
    {"\t \tI\t a,1 \t", ACCESS_FETCH, 1, 10},
    {" L 1,8\r", ACCESS_LOAD, 8, 1},
    {" L 1,8 \r", ACCESS_LOAD, 8, 1},
    {" L 1,8\r ", UNKNOWN_LINE, 0, 0},
    {" L 1,8\r\r", UNKNOWN_LINE, 0, 0},
    {"\r", UNKNOWN_LINE, 0, 0},
    {"", UNKNOWN_LINE, 0, 0},
    {" ", UNKNOWN_LINE, 0, 0},
    {"I  04001000,3I  04001000,3", UNKNOWN_LINE, 0, 0},
    {"==1== I  04001000,3", OWN_LINE, 0, 0},
    {"==1305==", OWN_LINE, 0, 0},
    {"--1389--   SCHED[1]:", OWN_LINE, 0, 0},
    {"**7** user message", OWN_LINE, 0, 0},
    {"SYSCALL[1389,1](257)", OWN_LINE, 0, 0},
    {"SB 00401000", OWN_LINE, 0, 0},
    {"SB ", OWN_LINE, 0, 0},
    {"SB", UNKNOWN_LINE, 0, 0},
    {"SB\t1", UNKNOWN_LINE, 0, 0},
    {" SB 00401000", UNKNOWN_LINE, 0, 0},
    {" SYSCALL[1", UNKNOWN_LINE, 0, 0},
    {"SYSCALL", UNKNOWN_LINE, 0, 0},
    {"IB 1", UNKNOWN_LINE, 0, 0},
    {"====", UNKNOWN_LINE, 0, 0},
    {"==1=", UNKNOWN_LINE, 0, 0},
    {"==1-=", UNKNOWN_LINE, 0, 0},
    {"==1 ==", UNKNOWN_LINE, 0, 0},
    {"=-1==", UNKNOWN_LINE, 0, 0},
    {" ==1==", UNKNOWN_LINE, 0, 0},
    {"S 1,1", ACCESS_STORE, 1, 1},
};

static void lines_are_what_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof line_cases / sizeof *line_cases; i++) {
        const struct line_case *it = &line_cases[i];
        char text[128];
        const size_t size_bytes = (size_t)snprintf(text, sizeof text, "%s\n", it->line);
        struct outcome expected = {.lines = 1};
        if (it->kind >= 0)
            add_record(&expected, (struct record){.va = it->va,
                                                  .meta = access_meta((enum access_kind)it->kind, it->size_bytes),
                                                  .line = 1});
        expected.unknown_lines = expected.first_unknown_line = it->kind == UNKNOWN_LINE;
        check_cut(text, size_bytes, &expected, size_bytes, size_bytes);
        free(expected.record);

        /* Without the newline it is no record, whatever it is; and the oracle agrees with this table. */
        check_text(text, size_bytes);
        check_text(text, size_bytes - 1);
    }
}

static void holes_hide_no_record(void **state)
{
    (void)state;
    static const char text[] =
        "I  04001000,3\n\0\0\0\0 L 04001000,8\n\0\n\0\0x\n L 1,8\0\n L 1\0,8\n==1==\0\0 S 2,4\n\0";
    check_text(text, sizeof text - 1);
    const struct outcome expected = expect(text, sizeof text - 1);
    assert_int_equal(expected.records, 3);
    assert_int_equal(expected.record[1].line, 2);
    assert_int_equal(expected.record[2].line, 7);
    assert_int_equal(expected.lines, 8);
    /* Lines 2, 3, 4 (hole and x), 5, 6 (hole and the rest), 7, 8. */
    assert_int_equal(expected.unknown_lines, 9);
    free(expected.record);
}

/* Random texts. */

static uint64_t random_state = 1;

static uint64_t draw(uint64_t below)
{
    return random_below(&random_state, (uint32_t)below);
}

static size_t draw_line(char *to)
{
    static const char *const others[] = {"==1305== Command: ./hello",
                                         "--1389-- SCHED[1]",
                                         "**12** x",
                                         "SYSCALL[1,1](2) ... [async]",
                                         "SB 00401000",
                                         "SB",
                                         "== 1 ==",
                                         "==1=",
                                         "--1-",
                                         "Hello, world",
                                         "I  0401ab70,3 L 04001000,8"};
    static const char *const kinds[] = {"I  ", " L ", " S ", " M ", "I ", "\tM  ", "S ", "  L\t"};
    static const char *const ends[] = {"", "", "", "", "\r", " ", " \t\r"};
    static const char *const sizes[] = {
        "0", "000", "0000", "4096", "4097", "08", "100", "0000000001", "18446744073709551616"};
    if (draw(8) == 0)
        return (size_t)sprintf(to, "%s", others[draw(sizeof others / sizeof *others)]);
    const bool usual = draw(4) != 0;
    char size[24];
    const uint64_t va = draw(3) == 0 ? UINT64_MAX - draw(64) : (draw(1 << 20) << 20 | draw(1 << 20)) >> draw(40);
    sprintf(size, "%d", (int)(1 + draw(draw(2) == 0 ? 9 : 128)));
    return (size_t)sprintf(to, draw(8) == 0 ? "%s%lX,%s%s" : "%s%08lx,%s%s", kinds[draw(usual ? 4 : 8)],
                           (unsigned long)va, draw(16) == 0 ? sizes[draw(sizeof sizes / sizeof *sizes)] : size,
                           usual ? "" : ends[draw(sizeof ends / sizeof *ends)]);
}

static size_t mutate(char *text, size_t size_bytes)
{
    static const char alphabet[] = "\0\n\n\r\t  ,,:;/0189@AFGafg`ILSM=-*[\x80\xff\xac\x8a";
    const char c = alphabet[draw(sizeof alphabet - 1)];
    const size_t at = draw(size_bytes);
    switch (draw(4)) {
    case 0: /* insert */
        memmove(text + at + 1, text + at, size_bytes - at);
        text[at] = c;
        return size_bytes + 1;
    case 1: /* delete */
        memmove(text + at, text + at + 1, size_bytes - at - 1);
        return size_bytes - 1;
    case 2: /* flip */
        text[at] = (char)(text[at] ^ 1 << draw(8));
        return size_bytes;
    default:
        text[at] = c;
        return size_bytes;
    }
}

/* Up to `lines` lines, `mutations` of whose bytes were tampered with; `text` has room for 96 bytes a line. */
static size_t draw_text(char *text, size_t lines, size_t mutations)
{
    size_t size_bytes = 0;
    for (size_t i = 0; i < lines; i++) {
        if (draw(32) == 0) {
            const size_t hole_bytes = 1 + draw(20);
            memset(text + size_bytes, 0, hole_bytes);
            size_bytes += hole_bytes;
        }
        size_bytes += draw_line(text + size_bytes);
        text[size_bytes++] = '\n';
    }
    for (size_t i = 0; i < mutations && size_bytes > 1; i++)
        size_bytes = mutate(text, size_bytes);
    return size_bytes;
}

static void short_texts_at_every_cut(void **state)
{
    (void)state;
    char text[1024];
    for (int i = 0; i < 150; i++)
        check_text(text, draw_text(text, 1 + draw(6), draw(3)));
}

static void texts_at_random_cuts(void **state)
{
    (void)state;
    char text[4096];
    for (int i = 0; i < 4000; i++) {
        const size_t size_bytes = draw_text(text, 1 + draw(24), draw(8));
        const struct outcome expected = expect(text, size_bytes);
        check_cut(text, size_bytes, &expected, size_bytes, 1);
        check_cut(text, size_bytes, &expected, draw(size_bytes), 1 + draw(100));
        free(expected.record);
    }
}

static void long_texts_fill_blocks(void **state)
{
    (void)state;
    enum { LINES = 20000 };
    char *text = malloc(LINES * 96UL);
    assert_non_null(text);
    for (int i = 0; i < 4; i++) {
        const size_t size_bytes = draw_text(text, LINES, (size_t)i * 500);
        const struct outcome expected = expect(text, size_bytes);
        assert_true(expected.records > BLOCK_ACCESSES);
        check_cut(text, size_bytes, &expected, size_bytes, 1);
        check_cut(text, size_bytes, &expected, draw(size_bytes), 1 + draw(20000));
        check_cut(text, size_bytes, &expected, 0, 4096);
        free(expected.record);
    }
    free(text);
}

static void long_lines_take_no_memory(void **state)
{
    (void)state;
    enum { PIECE_BYTES = 1 << 16, PIECES = 64 };
    static char blanks[PIECE_BYTES];
    static char letters[PIECE_BYTES];
    static char zeros[PIECE_BYTES];
    static char nuls[PIECE_BYTES];
    memset(blanks, ' ', sizeof blanks);
    memset(letters, 'x', sizeof letters);
    memset(zeros, '0', sizeof zeros);
    static const struct {
        const char *text;
        const char *filling; /* behind it */
    } pieces[] = {{" ", blanks},   {"L", blanks}, {"ab,", zeros},      {"8", blanks},
                  {"\n", letters}, {"\n", nuls},  {" S 10,16\n", NULL}};
    for (const struct parser *parser = parsers; parser < parsers + PARSERS; parser++) {
        struct outcome got = {0};
        struct reader_facts facts = {0};
        void *lackey = new_state();
        for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
            give(parser, lackey, pieces[i].text, strlen(pieces[i].text), false, &facts, &got);
            for (int piece = 0; piece < PIECES && pieces[i].filling != NULL; piece++)
                give(parser, lackey, pieces[i].filling, PIECE_BYTES, false, &facts, &got);
        }
        give(parser, lackey, "", 0, true, &facts, &got);
        assert_string_equal(facts.first_unknown, "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\"");
        finish(lackey, &facts, &got);
        assert_int_equal(got.records, 2);
        assert_int_equal(got.record[0].va, 0xab);
        assert_int_equal(access_size_bytes(got.record[0].meta), 8);
        assert_int_equal(got.record[1].va, 0x10);
        assert_int_equal(got.record[1].line, 3);
        assert_int_equal(got.lines, 3);
        assert_int_equal(got.unknown_lines, 2);
        assert_int_equal(got.first_unknown_line, 2);
        free(got.record);
    }
}

/* Through the reader. */

static const char *write_file(const char *bytes, size_t size_bytes)
{
    static char path[32];
    snprintf(path, sizeof path, "/tmp/lackey_test.XXXXXX");
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size_bytes), size_bytes);
    close(fd);
    return path;
}

static struct reader *open_text(const char *bytes, size_t size_bytes)
{
    const char *path = write_file(bytes, size_bytes);
    struct reader *reader = reader_open(path, NULL, &err);
    unlink(path);
    return reader;
}

static void facts_are_told(void **state)
{
    (void)state;
    enum { LINES = 10000 };
    char *text = malloc(LINES * 96UL);
    assert_non_null(text);
    size_t size_bytes = 0;
    for (uint64_t i = 0; i < LINES; i++)
        size_bytes +=
            (size_t)sprintf(text + size_bytes, i == 5000 ? "caf\xc3\xa9 \"%ld\"\n" : " L %08lx,8\n", (long)(i * 64));
    struct reader *reader = open_text(text, size_bytes);
    assert_non_null(reader);
    uint64_t records = 0;
    do {
        assert_true(reader_next(reader, &block, &err));
        assert_int_equal(block.first_record, records + 1);
        for (uint32_t i = 0; i < block.count; i++)
            assert_int_equal(block_line(&block, i), block.va[i] / 64 + 1);
        records += block.count;
        assert_int_equal(reader_facts(reader)->records, records);
    } while (block.count > 0);
    assert_true(reader_next(reader, &block, &err));
    assert_int_equal(block.count, 0);
    const struct reader_facts *facts = reader_facts(reader);
    assert_string_equal(facts->format, "lackey");
    assert_int_equal(facts->size_bytes, size_bytes);
    assert_int_equal(facts->hash, XXH3_64bits(text, size_bytes));
    assert_int_equal(facts->records, LINES - 1);
    assert_int_equal(facts->lines, LINES);
    assert_int_equal(facts->unknown_lines, 1);
    assert_int_equal(facts->first_unknown_line, 5001);
    assert_string_equal(facts->first_unknown, "\"caf?? \"320000\"\"");
    reader_close(reader);
    free(text);
}

static void first_unknown_is(const char *text, size_t size_bytes, const char *expected)
{
    struct reader *reader = open_text(text, size_bytes);
    assert_non_null(reader);
    do
        assert_true(reader_next(reader, &block, &err));
    while (block.count > 0);
    assert_string_equal(reader_facts(reader)->first_unknown, expected);
    reader_close(reader);
}

static void unknown_lines_are_shown(void **state)
{
    (void)state;
#define UNKNOWN(text, expected) first_unknown_is(text "\n L 1,8\n", sizeof text "\n L 1,8\n" - 1, expected)
    UNKNOWN("Catch2", "\"Catch2\"");
    UNKNOWN("", "an empty line");
    UNKNOWN("\0\0\0", "a hole of 3 NUL bytes");
    UNKNOWN("a\033[1m\x80", "\"a?[1m?\"");
#undef UNKNOWN
    static const char cut[] = " L 1,8\n L 1,8";
    first_unknown_is(cut, sizeof cut - 1, "\" L 1,8\", cut before its newline");
}

static void no_record_is_an_error(const char *text, size_t size_bytes, const char *part)
{
    struct reader *reader = open_text(text, size_bytes);
    assert_true(reader == NULL || !reader_next(reader, &block, &err));
    if (strstr(err.text, part) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", err.text, part);
    reader_close(reader);
}

static void what_is_no_trace_is_refused(void **state)
{
    (void)state;
    static const char program[] = "\x7f"
                                  "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0>\0";
    no_record_is_an_error(program, sizeof program - 1, "begins with the bytes 7f 45 4c 46 02 01");
    no_record_is_an_error("Hello\nworld\n", 12, "no record of the format lackey in 2 lines; line 1 is \"Hello\"");
    no_record_is_an_error("==1== Lackey\n", 13, "no record of the format lackey");
    no_record_is_an_error("\n", 1, "line 1 is an empty line");

    assert_null(reader_open("/dev/null", "lakcey", &err));
    assert_non_null(strstr(err.text, "did you mean 'lackey'?"));
    assert_null(reader_open("/dev/null", "zzzzzz", &err));
    assert_non_null(strstr(err.text, "known: stream, lackey"));

    /* By its name the format is read whatever the file begins with. */
    static const char binary[] = "\1\2\n L 1,8\n";
    const char *path = write_file(binary, sizeof binary - 1);
    assert_null(reader_open(path, NULL, &err));
    struct reader *reader = reader_open(path, "lackey", &err);
    unlink(path);
    assert_non_null(reader);
    assert_true(reader_next(reader, &block, &err));
    assert_int_equal(block.count, 1);
    reader_close(reader);
}

/* Counted without us: zstd -dc FILE, wc -l, and grep -acP of the form in lackey.h; of the trace with the hole, whose
 * grep misses the record behind it, one more. */
struct real_trace {
    const char *name;
    uint64_t records, lines, unknown_lines, first_unknown_line;
};

static const struct real_trace real_traces[] = {
    {"ls", 3636378, 3636378, 0, 0},
    {"child_nul_hole", 173800, 173800, 1, 171970},
    {"hello_banner", 82, 106, 0, 0},
    {"hello_sb", 82, 113, 0, 0},
    {"i386", 9, 9, 0, 0},
    {"program_text_on_same_fd", 1126620, 1126745, 125, 1121059},
    {"threads_sched_syscalls", 975716, 975880, 5, 66728},
    {"truncated_midline", 74065, 74066, 1, 74066},
};

static void real_traces_are_counted(void **state)
{
    (void)state;
    if (access("../shared/traces", R_OK) != 0)
        skip();
    for (size_t i = 0; i < sizeof real_traces / sizeof *real_traces; i++) {
        const struct real_trace *trace = &real_traces[i];
        char path[128];
        snprintf(path, sizeof path, "../shared/traces/%s.trace.zst", trace->name);
        struct reader *reader = reader_open(path, NULL, &err);
        if (reader == NULL)
            fail_msg("%s", err.text);
        do
            assert_true(reader_next(reader, &block, &err));
        while (block.count > 0);
        const struct reader_facts *facts = reader_facts(reader);
        assert_int_equal(facts->records, trace->records);
        assert_int_equal(facts->lines, trace->lines);
        assert_int_equal(facts->unknown_lines, trace->unknown_lines);
        assert_int_equal(facts->first_unknown_line, trace->first_unknown_line);
        reader_close(reader);
    }
}

int main(void)
{
    parsers[0] = (struct parser){"bytewise", lackey_parse_bytewise};
    parsers[1] = (struct parser){"portable", lackey_parse_portable};
    parsers[2] = (struct parser){"fastest", lackey_format.parse};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_what_they_are),
        cmocka_unit_test(holes_hide_no_record),
        cmocka_unit_test(short_texts_at_every_cut),
        cmocka_unit_test(texts_at_random_cuts),
        cmocka_unit_test(long_texts_fill_blocks),
        cmocka_unit_test(long_lines_take_no_memory),
        cmocka_unit_test(facts_are_told),
        cmocka_unit_test(unknown_lines_are_shown),
        cmocka_unit_test(what_is_no_trace_is_refused),
        cmocka_unit_test(real_traces_are_counted),
    };
    return cmocka_run_group_tests(tests, compile_forms, free_forms);
}
