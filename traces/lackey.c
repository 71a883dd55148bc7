/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two readers of one language. Usual lines, in the very form that Lackey prints, are found and decoded many at a time.
 * The first that is not usual, or not whole, goes byte by byte through a state machine, which knows the whole language
 * and keeps its place between chunks.
 *
 *     window    I  04001000,3\n L 1fff0005e0,16\n M ...    4096 bytes
 *     newlines               ^                ^            listed first, so that no line waits for the one before it
 *     line      a prefix of 3, the address up to the comma, the size up to the newline
 */
#include "traces/lackey.h"

#include "traces/bytes.h"
#include "traces/lines.h"

#include <endian.h>
#include <string.h>
#if defined __x86_64__
#include <immintrin.h>
#endif

enum { ADDRESS_DIGITS = 16, TEXT_SHOWN = LINES_TEXT_SHOWN };

/* What the line is, as far as it was read. */
enum place {
    BLANKS,       /* or nothing at all */
    KIND,         /* its letter */
    GAP,          /* blanks behind it */
    ADDRESS,      /* one digit or more */
    COMMA,        /* no digit of the size yet */
    SIZE,         /* one digit or more */
    TAIL,         /* blanks behind it */
    RETURN,       /* \r behind that */
    WORD,         /* a part of "SYSCALL[" or "SB " */
    RULE,         /* one character of ==, -- or ** */
    PID,          /* both, no digit yet */
    PID_DIGITS,   /* one digit or more */
    CLOSING_RULE, /* one character of the second ==, -- or ** */
    OWN,          /* Valgrind's own: skip it */
    UNKNOWN,      /* skip and count it */
};

struct lackey {
    uint64_t lines;         /* newlines so far */
    uint64_t expected_line; /* of the next access, by the last mark */

    /* Of the line so far: all zero at its start. */
    uint64_t hole_bytes; /* NULs */
    uint32_t text_bytes; /* behind the last NUL; not counted beyond TEXT_SHOWN + 1 */
    enum place place;

    char text[TEXT_SHOWN];
    char rule;
    const char *word; /* what must follow */

    /* Of the record, from its place on. */
    enum access_kind kind;
    uint32_t digits;
    uint64_t va;
    uint32_t size_bytes; /* ACCESS_SIZE_MAX + 1 for all that is more */
};

/* Takes in the accesses of `lines` consecutive lines, whose addresses and meta stand in the block already. */
static void add_lines(struct lackey *lackey, struct block *block, size_t lines)
{
    lines_add(block, lackey->lines + 1, lines, &lackey->expected_line);
    lackey->lines += lines;
}

static void count_hole(const struct lackey *lackey, struct reader_facts *facts)
{
    lines_count_hole(facts, lackey->lines + 1, lackey->hole_bytes);
}

static void count_text(const struct lackey *lackey, struct reader_facts *facts, const char *remark)
{
    lines_count_text(facts, lackey->lines + 1, lackey->text, lackey->text_bytes, remark);
}

static bool is_record(const struct lackey *lackey)
{
    return (lackey->place == SIZE || lackey->place == TAIL || lackey->place == RETURN) && lackey->size_bytes >= 1 &&
           lackey->size_bytes <= ACCESS_SIZE_MAX && lackey->va + (lackey->size_bytes - 1) >= lackey->va;
}

static void start_line(struct lackey *lackey)
{
    lackey->hole_bytes = 0;
    lackey->text_bytes = 0;
    lackey->place = BLANKS;
}

static void end_line(struct lackey *lackey, struct block *block, struct reader_facts *facts)
{
    const bool hole = lackey->hole_bytes > 0;
    if (hole)
        count_hole(lackey, facts);
    if (is_record(lackey)) {
        block->va[block->count] = lackey->va;
        block->meta[block->count] = access_meta(lackey->kind, lackey->size_bytes);
        add_lines(lackey, block, 1);
    } else {
        if (lackey->place != OWN && (lackey->text_bytes > 0 || !hole))
            count_text(lackey, facts, "");
        lackey->lines++;
    }
    start_line(lackey);
}

/* The end of the trace, maybe within a line. */
static void end_text(struct lackey *lackey, struct reader_facts *facts)
{
    if (lackey->hole_bytes > 0)
        count_hole(lackey, facts);
    if (lackey->text_bytes > 0 && lackey->place != OWN)
        count_text(lackey, facts, ", cut before its newline");
    if (lackey->hole_bytes > 0 || lackey->text_bytes > 0)
        lackey->lines++;
    start_line(lackey);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int hex_value(char c)
{
    const int letter = (c | 0x20) - 'a';
    if (is_digit(c))
        return c - '0';
    return letter >= 0 && letter < 6 ? 10 + letter : -1;
}

static enum place start_record(struct lackey *lackey, char c)
{
    switch (c) {
    case 'I':
        lackey->kind = ACCESS_FETCH;
        return KIND;
    case 'L':
        lackey->kind = ACCESS_LOAD;
        return KIND;
    case 'S':
        lackey->kind = ACCESS_STORE;
        return KIND;
    case 'M':
        lackey->kind = ACCESS_MODIFY;
        return KIND;
    default:
        return UNKNOWN;
    }
}

/* Where a character, neither a newline nor NUL, leads. */
static inline enum place step(struct lackey *lackey, enum place place, char c)
{
    switch (place) {
    case BLANKS:
        if (is_blank(c))
            return BLANKS;
        if (lackey->text_bytes == 0 && (c == '=' || c == '-' || c == '*')) {
            lackey->rule = c;
            return RULE;
        }
        return start_record(lackey, c);
    case KIND:
        lackey->va = 0;
        lackey->digits = 0;
        if (lackey->text_bytes == 1 && lackey->kind == ACCESS_STORE && (c == 'Y' || c == 'B')) {
            lackey->word = c == 'Y' ? "SCALL[" : " ";
            return WORD;
        }
        return is_blank(c) ? GAP : UNKNOWN;
    case GAP:
        if (is_blank(c))
            return GAP;
        /* fallthrough */
    case ADDRESS:
        lackey->size_bytes = 0;
        if (c == ',' && lackey->digits > 0)
            return COMMA;
        if (hex_value(c) < 0 || ++lackey->digits > ADDRESS_DIGITS)
            return UNKNOWN;
        lackey->va = lackey->va << 4 | (uint64_t)hex_value(c);
        return ADDRESS;
    case SIZE:
        if (is_blank(c))
            return TAIL;
        if (c == '\r')
            return RETURN;
        /* fallthrough */
    case COMMA:
        if (!is_digit(c))
            return UNKNOWN;
        lackey->size_bytes = lackey->size_bytes * 10 + (uint32_t)(c - '0');
        if (lackey->size_bytes > ACCESS_SIZE_MAX)
            lackey->size_bytes = ACCESS_SIZE_MAX + 1;
        return SIZE;
    case TAIL:
        if (is_blank(c))
            return TAIL;
        return c == '\r' ? RETURN : UNKNOWN;
    case WORD:
        if (c != *lackey->word++)
            return UNKNOWN;
        return *lackey->word == '\0' ? OWN : WORD;
    case RULE:
        return c == lackey->rule ? PID : UNKNOWN;
    case PID_DIGITS:
        if (c == lackey->rule)
            return CLOSING_RULE;
        /* fallthrough */
    case PID:
        return is_digit(c) ? PID_DIGITS : UNKNOWN;
    case CLOSING_RULE:
        return c == lackey->rule ? OWN : UNKNOWN;
    case OWN:
        return OWN;
    case RETURN:
    case UNKNOWN:
        break;
    }
    return UNKNOWN;
}

/* Goes on to behind the next newline, or to the end of the chunk. The block has room for one access. */
static __attribute__((noinline)) const char *read_line(struct lackey *lackey, const char *p, const char *end,
                                                       struct block *block, struct reader_facts *facts)
{
    for (; p < end; p++) {
        if (*p == '\n') {
            end_line(lackey, block, facts);
            return p + 1;
        }
        if (*p == '\0') {
            lackey->hole_bytes++;
            lackey->text_bytes = 0;
            lackey->place = BLANKS;
            continue;
        }
        lackey->place = step(lackey, lackey->place, *p);
        if (lackey->text_bytes < TEXT_SHOWN)
            lackey->text[lackey->text_bytes] = *p;
        lackey->text_bytes += lackey->text_bytes <= TEXT_SHOWN;
    }
    return p;
}

static size_t finish_chunk(struct lackey *lackey, const struct input_chunk *chunk, const char *p,
                           struct reader_facts *facts)
{
    const size_t taken_bytes = (size_t)(p - chunk->bytes);
    if (chunk->last && taken_bytes == chunk->size_bytes)
        end_text(lackey, facts);
    facts->lines = lackey->lines;
    return taken_bytes;
}

bool lackey_parse_bytewise(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                           struct reader_facts *facts, struct err *err)
{
    (void)err;
    const char *p = chunk->bytes;
    const char *end = p + chunk->size_bytes;
    while (p < end && !block_is_full(block))
        p = read_line(state, p, end, block, facts);
    *taken_bytes = finish_chunk(state, chunk, p, facts);
    return true;
}

/* Usual lines. What follows reads up to INPUT_PAD_BYTES before and behind the chunk. */

enum {
    WINDOW_BYTES = 4096, /* indexed at a time; what a full block leaves of it is indexed again */
    STRIDE_BYTES = 64,
    USUAL_NEWLINES = 5, /* at most, in a stride of usual lines: these have 14 bytes or more */
    PREFIX_BYTES = 3,
};

/* What the portable and the vector parser do in their own ways. */
struct skill {
    /* Bit i: the byte i of a stride is a newline. */
    uint64_t (*find_newlines)(const char *stride);

    /* The number of 1 to ADDRESS_DIGITS characters before `end`; ok where they are hexadecimal digits. */
    uint64_t (*read_hex)(const char *end, size_t digits, bool *ok);
};

/* From keep_last + n on, 16 bytes that keep the last n of 16. */
static const uint8_t keep_last[2 * ADDRESS_DIGITS] = {[ADDRESS_DIGITS... 2 * ADDRESS_DIGITS - 1] = 0xff};

/* Both ends of a usual line come from tables, by a few bits of the text; an entry is right if all of its text is the
 * same. A branch on kinds or sizes could not be predicted. Texts have their first byte lowest. */

struct usual_prefix {
    uint32_t text;
    uint16_t meta;
};

#define PREFIX(a, b, kind) [(b)&7] = {(a) | (b) << 8 | ' ' << 16, (kind) << ACCESS_KIND_SHIFT}
static const struct usual_prefix usual_prefixes[8] = {
    PREFIX('I', ' ', ACCESS_FETCH),
    PREFIX(' ', 'L', ACCESS_LOAD),
    PREFIX(' ', 'S', ACCESS_STORE),
    PREFIX(' ', 'M', ACCESS_MODIFY),
};

/* By the two bytes before the newline, such as ",8" or "16". */
struct usual_size {
    uint16_t text;
    uint16_t last;        /* size - 1 */
    uint32_t comma_bytes; /* from the comma to the newline; 0: there is none */
};

#define SIZE_ENTRY(a, b, size, comma_bytes) [((a)&15) | ((b)&15) << 4] = {(a) | (b) << 8, (size)-1, comma_bytes}
#define ONE(d) SIZE_ENTRY(',', '0' + (d), d, 2)
#define TWO(t, d) SIZE_ENTRY('0' + (t), '0' + (d), 10 * (t) + (d), 3)
#define TEN(t)                                                                                                         \
    TWO(t, 0), TWO(t, 1), TWO(t, 2), TWO(t, 3), TWO(t, 4), TWO(t, 5), TWO(t, 6), TWO(t, 7), TWO(t, 8), TWO(t, 9)
static const struct usual_size usual_sizes[256] = {
    ONE(1), ONE(2), ONE(3), ONE(4), ONE(5), ONE(6), ONE(7), ONE(8), ONE(9), //
    TEN(1), TEN(2), TEN(3), TEN(4), TEN(5), TEN(6), TEN(7), TEN(8), TEN(9),
};

/* Sizes of three and four digits: too many for a table, and too rare to take the others 1.5 ns more, as computing all of
 * them without a branch does. */
static __attribute__((noinline)) struct usual_size read_long_size(const char *newline)
{
    const ptrdiff_t digits = newline[-4] == ',' ? 3 : 4;
    uint32_t size_bytes = 0;
    for (const char *p = newline - digits; p < newline; p++) {
        if (!is_digit(*p))
            return (struct usual_size){0};
        size_bytes = size_bytes * 10 + (uint32_t)(*p - '0');
    }
    if (size_bytes == 0 || size_bytes > ACCESS_SIZE_MAX)
        return (struct usual_size){0};
    return (struct usual_size){.last = (uint16_t)(size_bytes - 1), .comma_bytes = (uint32_t)(digits + 1)};
}

/* Lists the offsets of the newlines; writes up to USUAL_NEWLINES more. */
static inline __attribute__((always_inline)) size_t index_newlines(const char *bytes, size_t size_bytes,
                                                                   uint16_t *newlines, const struct skill *skill)
{
    size_t count = 0;
    for (size_t offset = 0; offset < size_bytes; offset += STRIDE_BYTES) {
        uint64_t found = skill->find_newlines(bytes + offset);
        if (size_bytes - offset < STRIDE_BYTES)
            found &= (1ULL << (size_bytes - offset)) - 1;
        const size_t stride_end = count + (size_t)__builtin_popcountll(found);
        /* Always the usual number: how many there are could not be predicted. */
        for (size_t i = 0; i < USUAL_NEWLINES; i++) {
            newlines[count + i] = (uint16_t)(offset + (size_t)__builtin_ctzll(found | 1ULL << 63));
            found &= found - 1;
        }
        for (size_t i = count + USUAL_NEWLINES; i < stride_end; i++) {
            newlines[i] = (uint16_t)(offset + (size_t)__builtin_ctzll(found));
            found &= found - 1;
        }
        count = stride_end;
    }
    return count;
}

/* Decodes up to `lines` lines, the first of which begins at `line`, until one is not usual; returns how many were. */
static inline __attribute__((always_inline)) size_t decode_lines(const char *line, const char *window,
                                                                 const uint16_t *newlines, size_t lines, uint64_t *va,
                                                                 uint16_t *meta, const struct skill *skill)
{
    size_t i;
    for (i = 0; i < lines; i++) {
        const char *newline = window + newlines[i];
        const uint32_t head = bytes_get32(line) & 0xffffff;
        const struct usual_prefix *prefix = &usual_prefixes[head >> 8 & 7];
        const uint32_t tail = bytes_get16(newline - 2);
        struct usual_size size = usual_sizes[(tail & 15) | (tail >> 4 & 0xf0)];
        if (size.text != tail || newline[-(ptrdiff_t)size.comma_bytes] != ',')
            size = read_long_size(newline);
        const char *comma = newline - size.comma_bytes;
        const size_t digits = (size_t)(comma - line) - PREFIX_BYTES;
        if (head != prefix->text || *comma != ',' || digits - 1 >= ADDRESS_DIGITS)
            break;
        bool ok;
        const uint64_t address = skill->read_hex(comma, digits, &ok);
        if (!ok || address + size.last < address)
            break;
        va[i] = address;
        meta[i] = (uint16_t)(prefix->meta | size.last);
        line = newline + 1;
    }
    return i;
}

static inline __attribute__((always_inline)) size_t parse(struct lackey *lackey, const struct input_chunk *chunk,
                                                          struct block *block, struct reader_facts *facts,
                                                          const struct skill *skill)
{
    uint16_t newlines[WINDOW_BYTES + USUAL_NEWLINES];
    const char *p = chunk->bytes;
    const char *end = p + chunk->size_bytes;
    while (p < end && !block_is_full(block)) {
        const char *window = p;
        const char *window_end = end - p < WINDOW_BYTES ? end : p + WINDOW_BYTES;
        const size_t count = index_newlines(window, (size_t)(window_end - window), newlines, skill);
        size_t next = 0;
        while (p < window_end && !block_is_full(block)) {
            if (lackey->text_bytes == 0 && lackey->hole_bytes == 0) {
                const size_t room = BLOCK_ACCESSES - block->count;
                const size_t lines = decode_lines(p, window, newlines + next, count - next < room ? count - next : room,
                                                  block->va + block->count, block->meta + block->count, skill);
                if (lines > 0) {
                    add_lines(lackey, block, lines);
                    next += lines;
                    p = window + newlines[next - 1] + 1;
                    continue;
                }
                if (next == count && p > window)
                    break; /* the line goes on in the next window, where it may well be usual */
            }
            p = read_line(lackey, p, end, block, facts);
            while (next < count && window + newlines[next] < p)
                next++;
        }
    }
    return finish_chunk(lackey, chunk, p, facts);
}

/* gcc's vectors, which every machine has in some way. */
typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef uint64_t halves __attribute__((vector_size(16)));

/* Bit i: the byte i is 1; all are 0 or 1. */
static inline uint64_t gather_bits(uint64_t bytes)
{
    return le64toh(bytes) * 0x0102040810204080 >> 56;
}

static inline uint64_t find_newlines_portable(const char *stride)
{
    uint64_t found = 0;
    for (size_t i = 0; i < STRIDE_BYTES; i += sizeof(bytes16)) {
        bytes16 text;
        memcpy(&text, stride + i, sizeof text);
        const halves newlines = (halves)((bytes16)(text == '\n') & 1);
        found |= (gather_bits(newlines[0]) | gather_bits(newlines[1]) << 8) << i;
    }
    return found;
}

/* Eight digits, the highest first. */
static inline uint64_t join_nibbles(uint64_t nibbles)
{
    uint64_t value = le64toh(nibbles);
    value = (value << 4 | value >> 8) & 0x00ff00ff00ff00ff;
    value = (value << 8 | value >> 16) & 0x0000ffff0000ffff;
    return (value << 16 | value >> 32) & 0xffffffff;
}

static inline uint64_t read_hex_portable(const char *end, size_t digits, bool *ok)
{
    bytes16 text, keep;
    memcpy(&text, end - sizeof text, sizeof text);
    memcpy(&keep, keep_last + digits, sizeof keep);
    const bytes16 decimal = text - '0';
    const bytes16 letter = (text | 0x20) - 'a';
    const bytes16 is_decimal = (bytes16)(decimal <= 9) & keep;
    const bytes16 is_letter = (bytes16)(letter <= 5) & keep;
    const halves wrong = (halves)(keep ^ (is_decimal | is_letter));
    const halves nibbles = (halves)((decimal & is_decimal) | ((letter + 10) & is_letter));
    *ok = (wrong[0] | wrong[1]) == 0;
    return join_nibbles(nibbles[0]) << 32 | join_nibbles(nibbles[1]);
}

bool lackey_parse_portable(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                           struct reader_facts *facts, struct err *err)
{
    (void)err;
    static const struct skill skill = {find_newlines_portable, read_hex_portable};
    *taken_bytes = parse(state, chunk, block, facts, &skill);
    return true;
}

#if defined __x86_64__
#define VECTOR __attribute__((target("avx2,bmi,bmi2,popcnt")))

VECTOR static inline uint64_t find_newlines_vector(const char *stride)
{
    const __m256i newline = _mm256_set1_epi8('\n');
    const __m256i low = _mm256_cmpeq_epi8(newline, _mm256_loadu_si256((const __m256i *)stride));
    const __m256i high = _mm256_cmpeq_epi8(newline, _mm256_loadu_si256((const __m256i *)stride + 1));
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

#define ALL(byte)                                                                                                      \
    {                                                                                                                  \
        [0 ... 15] = (byte)                                                                                            \
    }
static const struct hex {
    uint8_t beyond_9[16], six[16], digit_0[16], upper[16], letter_a[16], ten[16], not_nibble[16], weights[16];
} hex = {
    .beyond_9 = ALL(0xff - '9'),
    .six = ALL(6),
    .digit_0 = ALL(0xf0),
    .upper = ALL(0xdf),
    .letter_a = ALL('A'),
    .ten = ALL(10),
    .not_nibble = ALL(0xf0),
    .weights = {16, 1, 16, 1, 16, 1, 16, 1, 16, 1, 16, 1, 16, 1, 16, 1},
};

VECTOR static inline __m128i load128(const void *p)
{
    return _mm_loadu_si128(p);
}

VECTOR static inline uint64_t read_hex_vector(const char *end, size_t digits, bool *ok)
{
    const struct hex *k = &hex;
    __asm__("" : "+r"(k)); /* else gcc 12 makes the constants anew for every line, which takes 10 % more */
    const __m128i text = load128(end - 16);
    /* Each is the digit's value where there is such a digit, and more than 15 elsewhere. */
    const __m128i beyond = _mm_subs_epu8(_mm_add_epi8(text, load128(k->beyond_9)), load128(k->six));
    const __m128i decimal = _mm_sub_epi8(beyond, load128(k->digit_0));
    const __m128i upper = _mm_and_si128(text, load128(k->upper));
    const __m128i letter = _mm_adds_epu8(_mm_sub_epi8(upper, load128(k->letter_a)), load128(k->ten));
    const __m128i nibbles = _mm_and_si128(_mm_min_epu8(decimal, letter), load128(keep_last + digits));
    *ok = _mm_testz_si128(nibbles, load128(k->not_nibble));
    const __m128i pairs = _mm_maddubs_epi16(nibbles, load128(k->weights));
    return be64toh((uint64_t)_mm_cvtsi128_si64(_mm_packus_epi16(pairs, pairs)));
}

VECTOR static size_t parse_vector(struct lackey *lackey, const struct input_chunk *chunk, struct block *block,
                                  struct reader_facts *facts)
{
    static const struct skill skill = {find_newlines_vector, read_hex_vector};
    return parse(lackey, chunk, block, facts, &skill);
}
#endif

static bool parse_fastest(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                          struct reader_facts *facts, struct err *err)
{
#if defined __x86_64__
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
        __builtin_cpu_supports("popcnt")) {
        *taken_bytes = parse_vector(state, chunk, block, facts);
        return true;
    }
#endif
    return lackey_parse_portable(state, chunk, taken_bytes, block, facts, err);
}

/* Any text: what precedes the first record may be a program's. NULs are text too, as holes. */
static bool recognise_text(const char *head, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++)
        if ((unsigned char)head[i] < ' ' && strchr("\a\b\t\n\v\f\r\033", head[i]) == NULL)
            return false;
    return true;
}

const struct trace_format lackey_format = {
    .name = "lackey",
    .help = "text of valgrind --tool=lackey --trace-mem=yes, such as \"I  04001000,3\" and \" L 1fff0005e0,8\"",
    .recognise = recognise_text,
    .state_bytes = sizeof(struct lackey),
    .parse = parse_fastest,
};
