/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/drmemtrace.h"
#include "traces/format_testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MOST = 20000, ENTRY_BYTES_MOST = 16 };

struct entry {
    uint16_t type;
    uint16_t size;
    uint64_t address;
};

static char trace[ENTRIES_MOST * ENTRY_BYTES_MOST];

static void put(char *to, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        to[i] = (char)(value >> 8 * i);
}

/* Entries of 8, 12 or 16 bytes; returns how many bytes that is. */
static size_t write_trace(const struct entry *entry, size_t entries, size_t entry_bytes)
{
    for (size_t i = 0; i < entries; i++) {
        char *to = trace + i * entry_bytes;
        put(to, entry[i].type, 2);
        put(to + 2, entry[i].size, 2);
        if (entry_bytes == 16)
            put(to + 4, 0xfeed, 4);
        put(to + (entry_bytes == 16 ? 8 : 4), entry[i].address, entry_bytes == 8 ? 4 : 8);
    }
    return entries * entry_bytes;
}

static struct format_outcome read_entries(const struct entry *entry, size_t entries, size_t entry_bytes)
{
    const size_t size_bytes = write_trace(entry, entries, entry_bytes);
    return format_read(&drmemtrace_format, trace, size_bytes, 3, 17);
}

/* As post-processing begins a thread's file. */
#define HEAD                                                                                                           \
    {25, 0, 5}, {28, 12, 5}, {28, 9, 0x640}, {22, 0, 4711},                                                            \
    {                                                                                                                  \
        24, 0, 4710                                                                                                    \
    }

static void entries_are_accesses(void **state)
{
    (void)state;
    static const struct entry entries[] = {
        HEAD,
        {47, 3, 0x078b48},   /* an encoding */
        {10, 3, 0x401000},   /* an instruction */
        {0, 8, 0x7fffffe8},  /* what it reads */
        {14, 5, 0x401003},   /* a call */
        {1, 8, 0x7fffffe0},  /* what it writes */
        {49, 2, 0x402000},   /* a jump not taken */
        {17, 3, 0x04030201}, /* a bundle of 1, 2 and 3 bytes */
        {0, 4, 0x404000},
        {29, 2, 0x402008}, /* no fetch, but the pc */
        {0, 1, 0x404010},
        {10, 0, 0x402100}, /* the pc alone */
        {1, 1, 0x404020},
        {30, 2, 0x402200},
        {1, 1, 0x404030}, /* maybe a fetch: one */
        {30, 2, 0x402200},
        {1, 1, 0x404031},
        {31, 2, 0x402202}, /* the same again: none */
        {28, 28, 0x402300},
        {28, 2, 12345},
        {28, 200, 7},
        {26, 0, 0},
    };
    static const struct format_record expected[] = {
        {.va = 0x401000, .pc = 0x401000, .kind = ACCESS_FETCH, .size_bytes = 3},
        {.va = 0x7fffffe8, .pc = 0x401000, .kind = ACCESS_LOAD, .size_bytes = 8},
        {.va = 0x401003, .pc = 0x401003, .kind = ACCESS_FETCH, .size_bytes = 5},
        {.va = 0x7fffffe0, .pc = 0x401003, .kind = ACCESS_STORE, .size_bytes = 8},
        {.va = 0x402000, .pc = 0x402000, .kind = ACCESS_FETCH, .size_bytes = 2},
        {.va = 0x402002, .pc = 0x402002, .kind = ACCESS_FETCH, .size_bytes = 1},
        {.va = 0x402003, .pc = 0x402003, .kind = ACCESS_FETCH, .size_bytes = 2},
        {.va = 0x402005, .pc = 0x402005, .kind = ACCESS_FETCH, .size_bytes = 3},
        {.va = 0x404000, .pc = 0x402005, .kind = ACCESS_LOAD, .size_bytes = 4},
        {.va = 0x404010, .pc = 0x402008, .kind = ACCESS_LOAD, .size_bytes = 1},
        {.va = 0x404020, .pc = 0x402100, .kind = ACCESS_STORE, .size_bytes = 1},
        {.va = 0x402200, .pc = 0x402200, .kind = ACCESS_FETCH, .size_bytes = 2},
        {.va = 0x404030, .pc = 0x402200, .kind = ACCESS_STORE, .size_bytes = 1},
        {.va = 0x404031, .pc = 0x402200, .kind = ACCESS_STORE, .size_bytes = 1},
        {.va = 0x402202, .pc = 0x402202, .kind = ACCESS_FETCH, .size_bytes = 2},
    };
    for (size_t entry_bytes = 8; entry_bytes <= 16; entry_bytes += 4) {
        struct format_outcome got = read_entries(entries, sizeof entries / sizeof *entries, entry_bytes);
        const char *unexpected = format_unexpected(&got, expected, sizeof expected / sizeof *expected);
        if (unexpected != NULL)
            fail_msg("entries of %zu bytes: %s", entry_bytes, unexpected);
        assert_true(drmemtrace_format.recognise(trace, 2 * entry_bytes));
        assert_int_equal(got.events, 2);
        assert_null(got.facts.caveat);
        assert_null(got.facts.left_out[0].what);
        format_outcome_free(&got);
    }
}

static void threads_are_events(void **state)
{
    (void)state;
    static const struct entry entries[] = {
        HEAD,          {10, 1, 0x1000}, {22, 0, 4712}, {10, 1, 0x2000}, {10, 1, 0x2001},
        {23, 0, 4712}, {26, 0, 0},      {25, 0, 5}, /* the next file, appended */
        {22, 0, 4713}, {24, 0, 4710},
    };
    static const struct format_event expected[] = {
        {0, EVENT_THREAD, 4711}, {0, EVENT_PROCESS, 4710}, {1, EVENT_THREAD, 4712},
        {3, EVENT_EXIT, 4712},   {3, EVENT_THREAD, 4713},  {3, EVENT_PROCESS, 4710},
    };
    struct format_outcome got = read_entries(entries, sizeof entries / sizeof *entries, 12);
    assert_true(got.good);
    assert_int_equal(got.events, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < got.events; i++) {
        assert_int_equal(got.event[i].records, expected[i].records);
        assert_int_equal(got.event[i].kind, expected[i].kind);
        assert_int_equal(got.event[i].id, expected[i].id);
    }
    format_outcome_free(&got);
}

static void what_is_not_modelled_is_counted(void **state)
{
    (void)state;
    struct entry entries[64] = {HEAD};
    size_t count = 5;
    for (uint16_t type = 2; type <= 9; type++)
        entries[count++] = (struct entry){type, 1, 0x1000};
    for (uint16_t type = 32; type <= 46; type++)
        entries[count++] = (struct entry){type, 1, 0x1000};
    entries[count++] = (struct entry){27, 1, 0x1000};
    const struct entry others[] = {
        {18, 64, 0x1000},  {20, 0, 0x1000},    {21, 0, 0x2000},   {28, 14, 0},      {28, 14, 0},
        {28, 14, 1},       {28, 15, 0x5000},   {28, 17, 4096},    {28, 16, 0x5000}, {0, 0, 0x1000},
        {0, 4097, 0x1000}, {1, 65535, 0x1000}, {0, 4096, 0x1000},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        entries[count++] = others[i];
    struct format_outcome got = read_entries(entries, count, 12);
    assert_true(got.good);
    assert_int_equal(got.records, 1);
    assert_int_equal(format_left_out(&got, "prefetches"), 8 + 15 + 1);
    assert_int_equal(format_left_out(&got, "flushes of caches"), 2);
    assert_int_equal(format_left_out(&got, "gaps between windows of tracing"), 1);
    assert_int_equal(format_left_out(&got, "physical addresses of pages"), 2);
    assert_int_equal(format_left_out(&got, "accesses of 0 bytes or more than 4096"), 3);
    assert_null(got.facts.caveat);
    format_outcome_free(&got);

    for (unsigned bit = 0; bit < 3; bit++) {
        const struct entry filtered[] = {{25, 0, 3}, {28, 9, (uint64_t[]){1, 0x80, 0x100}[bit]}, {10, 1, 0x1000}};
        got = read_entries(filtered, 3, 12);
        assert_true(got.good);
        assert_non_null(strstr(got.facts.caveat, "filtered"));
        format_outcome_free(&got);
    }
}

/* Bundles, and every so often another thread. */
static void bundles_and_threads_may_span_blocks(void **state)
{
    (void)state;
    enum { BUNDLES = 2400, THREAD_BUNDLES = 300, IN_BUNDLE = 7 };
    static struct entry entries[ENTRIES_MOST];
    size_t count = 0;
    entries[count++] = (struct entry){25, 0, 5};
    entries[count++] = (struct entry){22, 0, 1};
    entries[count++] = (struct entry){10, 4, 0x1000};
    for (uint64_t i = 0; i < BUNDLES; i++) {
        if (i % THREAD_BUNDLES == 0)
            entries[count++] = (struct entry){22, 0, 2 + i / THREAD_BUNDLES};
        entries[count++] = (struct entry){17, IN_BUNDLE, 0x04040404040404};
    }
    struct format_outcome got = read_entries(entries, count, 12);
    assert_true(got.good);
    assert_int_equal(got.records, 1 + IN_BUNDLE * BUNDLES);
    for (size_t i = 0; i < got.records; i++) {
        assert_int_equal(got.record[i].va, 0x1000 + 4 * i);
        assert_int_equal(got.record[i].pc, 0x1000 + 4 * i);
    }
    assert_int_equal(got.events, 1 + BUNDLES / THREAD_BUNDLES);
    for (size_t i = 0; i < got.events; i++) {
        assert_int_equal(got.event[i].id, i + 1);
        assert_int_equal(got.event[i].records, i == 0 ? 0 : 1 + IN_BUNDLE * THREAD_BUNDLES * (i - 1));
    }
    format_outcome_free(&got);
}

static void expect_error(const struct entry *entry, size_t entries, size_t missing_bytes, const char *part)
{
    const size_t size_bytes = write_trace(entry, entries, 12) - missing_bytes;
    struct format_outcome got = format_read(&drmemtrace_format, trace, size_bytes, 0, 5);
    if (got.good)
        fail_msg("no error; expected: %s", part);
    if (strstr(got.err.text, part) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", got.err.text, part);
    format_outcome_free(&got);
}
#define EXPECT_ERROR(missing_bytes, part, ...)                                                                         \
    expect_error((const struct entry[]){{25, 0, 5}, {22, 0, 1}, __VA_ARGS__},                                          \
                 sizeof(const struct entry[]){{25, 0, 5}, {22, 0, 1}, __VA_ARGS__} / sizeof(struct entry),             \
                 missing_bytes, part)

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    EXPECT_ERROR(0, "byte 24: the type of an entry is 50, and can be 0 to 49", {50, 0, 0});
    EXPECT_ERROR(0, "byte 36: the type of an entry is 65535", {10, 1, 0x1000}, {65535, 0, 0});
    EXPECT_ERROR(0, "byte 24: the number of instructions in a bundle is 9, and can be", {17, 9, 0});
    EXPECT_ERROR(0, "byte 24: the number of instructions in a bundle is 0", {17, 0, 0});
    EXPECT_ERROR(0, "byte 24: the number of a thread or process is 4294967296", {22, 0, UINT64_C(1) << 32});
    EXPECT_ERROR(0, "byte 24: the version in a header is 256, and can be 1 to 255", {25, 0, 256});
    EXPECT_ERROR(0, "byte 24: 2 bytes at 0xffffffffffffffff end beyond the last address", {0, 2, UINT64_MAX});
    EXPECT_ERROR(1, "byte 24: the trace ends within an entry, of whose 12 bytes 11 are there; it was cut",
                 {10, 1, 0x1000});
    expect_error((const struct entry[]){{22, 0, 1}, {10, 1, 0x1000}}, 2, 0,
                 "byte 0: the trace begins with an entry of type 22, and should with a header (type 25)");
    expect_error((const struct entry[]){{25, 0, 5}, {10, 1, 0x1000}}, 2, 0, "byte 0: the trace begins with");
    expect_error((const struct entry[]){{25, 0, 5}, {22, 0, 1}}, 2, 13,
                 "byte 0: the trace begins with an entry of type 25");
    expect_error((const struct entry[]){{25, 0, 5}}, 1, 12, "byte 0: the trace begins with an entry of type 0");
}

/* Nothing but events takes a bounded memory. */
static void too_many_events_are_an_error(void **state)
{
    (void)state;
    enum { EVENTS = 70000 };
    struct entry *entries = calloc(EVENTS, sizeof *entries);
    char *bytes = malloc(EVENTS * 12UL);
    assert_true(entries != NULL && bytes != NULL);
    entries[0] = (struct entry){25, 0, 5};
    for (size_t i = 1; i < EVENTS; i++)
        entries[i] = (struct entry){22, 0, i};
    for (size_t i = 0; i < EVENTS; i++) {
        write_trace(&entries[i], 1, 12);
        memcpy(bytes + 12 * i, trace, 12);
    }
    struct format_outcome got = format_read(&drmemtrace_format, bytes, EVENTS * 12UL, 0, 4096);
    assert_false(got.good);
    assert_non_null(strstr(got.err.text, "more than 65536 events"));
    format_outcome_free(&got);
    free(bytes);
    free(entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_accesses),
        cmocka_unit_test(threads_are_events),
        cmocka_unit_test(what_is_not_modelled_is_counted),
        cmocka_unit_test(bundles_and_threads_may_span_blocks),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(too_many_events_are_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
