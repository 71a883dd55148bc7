/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/format_testing.h"
#include "traces/gem5.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

enum { TRACE_BYTES = 1 << 17 };

static char trace[TRACE_BYTES];
static size_t size_bytes;

static void put_bytes(const void *bytes, size_t count)
{
    assert_true(size_bytes + count <= sizeof trace);
    memcpy(trace + size_bytes, bytes, count);
    size_bytes += count;
}

static void put_varint(uint64_t value)
{
    for (; value > 0x7f; value >>= 7)
        put_bytes(&(char){(char)(value | 0x80)}, 1);
    put_bytes(&(char){(char)value}, 1);
}

static size_t varint_bytes(uint64_t value)
{
    size_t bytes = 1;
    for (; value > 0x7f; value >>= 7)
        bytes++;
    return bytes;
}

struct packet {
    uint64_t cmd, addr, size, flags, pc;
};

/* With the fields that are not 0, and the tick. */
static void put_packet(struct packet packet)
{
    const uint64_t fields[][2] = {{1, 1000},        {2, packet.cmd},   {3, packet.addr},
                                  {4, packet.size}, {5, packet.flags}, {7, packet.pc}};
    size_t bytes = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        bytes += fields[i][1] == 0 ? 0 : 1 + varint_bytes(fields[i][1]);
    put_varint(bytes);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i][1] != 0) {
            put_varint(fields[i][0] << 3);
            put_varint(fields[i][1]);
        }
}

/* A header of obj_id "cpu" and tick_freq 1. */
static void begin(void)
{
    static const char head[] = "gem5\7\x0a\3cpu\x18\1";
    size_bytes = 0;
    put_bytes(head, sizeof head - 1);
}

static struct format_outcome read_trace(void)
{
    return format_read(&gem5_format, trace, size_bytes, 3, 11);
}

static void packets_are_accesses(void **state)
{
    (void)state;
    begin();
    put_packet((struct packet){.cmd = 1, .addr = 0x1000, .size = 64, .flags = 0x100, .pc = 0x401000});
    put_packet((struct packet){.cmd = 1, .addr = 0x80002a68, .size = 8});
    put_packet((struct packet){.cmd = 4, .addr = 0x80002a60, .size = 8, .flags = 0x100});
    put_packet((struct packet){.cmd = 34, .addr = 0xfffffffffffffff8, .size = 8});
    put_packet((struct packet){.cmd = 26, .addr = 1, .size = 4096});
    static const struct format_record expected[] = {
        {.va = 0x1000, .pc = 0x401000, .kind = ACCESS_FETCH, .size_bytes = 64},
        {.va = 0x80002a68, .kind = ACCESS_LOAD, .size_bytes = 8},
        {.va = 0x80002a60, .kind = ACCESS_STORE, .size_bytes = 8},
        {.va = 0xfffffffffffffff8, .kind = ACCESS_MODIFY, .size_bytes = 8},
        {.va = 1, .kind = ACCESS_LOAD, .size_bytes = 4096},
    };
    assert_true(gem5_format.recognise(trace, size_bytes));
    struct format_outcome got = read_trace();
    const char *unexpected = format_unexpected(&got, expected, sizeof expected / sizeof *expected);
    if (unexpected != NULL)
        fail_msg("%s", unexpected);
    assert_non_null(strstr(got.facts.caveat, "physical"));
    format_outcome_free(&got);
}

static void other_commands_are_counted(void **state)
{
    (void)state;
    uint64_t responses = 0, prefetches = 0, others = 0, accesses = 0;
    begin();
    for (uint64_t cmd = 1; cmd < 60; cmd++) {
        put_packet((struct packet){.cmd = cmd, .addr = 0x1000, .size = 8});
        switch (cmd) {
        case 2:
        case 3:
        case 5:
        case 6:
        case 14:
        case 15:
        case 19:
        case 21:
        case 23:
        case 29:
        case 31:
        case 33:
        case 35:
            responses++;
            break;
        case 11 ... 13:
            prefetches++;
            break;
        case 1:
        case 4:
        case 16:
        case 22:
        case 24 ... 27:
        case 30:
        case 32:
        case 34:
            accesses++;
            break;
        default:
            others++;
        }
    }
    put_packet((struct packet){.cmd = 1, .addr = 0x1000, .size = 4097});
    put_varint(6); /* a size of 0, which put_packet would leave out */
    put_bytes("\x10\1\x18\1\x20\0", 6);
    struct format_outcome got = read_trace();
    assert_true(got.good);
    assert_int_equal(got.records, accesses);
    assert_int_equal(format_left_out(&got, "responses"), responses);
    assert_int_equal(format_left_out(&got, "prefetches"), prefetches);
    assert_int_equal(format_left_out(&got, "packets between caches, such as writebacks"), others);
    assert_int_equal(format_left_out(&got, "packets of 0 bytes or more than 4096"), 2);
    format_outcome_free(&got);
}

/* What later versions may add: numbers, 64 and 32 bits, texts. */
static void other_fields_are_skipped(void **state)
{
    (void)state;
    static const char packet[] = "\x10\1\x18\x80\x20\x20\4"
                                 "\x40\x96\1"
                                 "\x49"
                                 "12345678"
                                 "\x52\3abc"
                                 "\x5d"
                                 "1234"
                                 "\x92\x03\0";
    begin();
    put_varint(sizeof packet - 1);
    put_bytes(packet, sizeof packet - 1);
    struct format_outcome got = read_trace();
    const char *unexpected = format_unexpected(
        &got, (const struct format_record[]){{.va = 0x1000, .kind = ACCESS_LOAD, .size_bytes = 4}}, 1);
    if (unexpected != NULL)
        fail_msg("%s", unexpected);
    format_outcome_free(&got);
}

static void expect_error(const char *part)
{
    struct format_outcome got = read_trace();
    if (got.good)
        fail_msg("no error; expected: %s", part);
    if (strstr(got.err.text, part) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", got.err.text, part);
    format_outcome_free(&got);
}

/* A packet of these bytes behind the header, which ends at byte 12. */
static void expect_packet_error(const char *bytes, size_t count, const char *part)
{
    begin();
    put_varint(count);
    put_bytes(bytes, count);
    expect_error(part);
}
#define EXPECT_PACKET_ERROR(bytes, part) expect_packet_error(bytes, sizeof bytes - 1, part)

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    EXPECT_PACKET_ERROR("\x08\1\x18\1\x20\4", "byte 12: a packet has no cmd");
    EXPECT_PACKET_ERROR("\x10\1\x20\4", "byte 12: a packet has no addr");
    EXPECT_PACKET_ERROR("\x10\1\x18\1", "byte 12: a packet has no size");
    EXPECT_PACKET_ERROR("\x10\0\x18\1\x20\4", "byte 12: a packet has the command 0, and gem5 has 1 to 59");
    EXPECT_PACKET_ERROR("\x10\x3c\x18\1\x20\4", "byte 12: a packet has the command 60");
    EXPECT_PACKET_ERROR("\x10\1\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\x20\4",
                        "4 bytes at 0xffffffffffffffff, beyond 2^64");
    EXPECT_PACKET_ERROR("\x08\1\x15zzzz", "byte 15: field 2 (cmd) of a packet has wire type 5, not 0; ");
    EXPECT_PACKET_ERROR("\x08\1\x43",
                        "byte 15: field 8 of a packet has wire type 3, which Protocol Buffers do not have");
    EXPECT_PACKET_ERROR("\x08\1\0", "byte 15: field 0 (none)");
    EXPECT_PACKET_ERROR("\x08\1\x18\x80", "byte 15: field 3 does not end within its packet");
    EXPECT_PACKET_ERROR("\x08\1\x42\5zz", "byte 15: field 8 does not end within its packet");
    EXPECT_PACKET_ERROR("\x08\1\x42\xff\xff\xff\xff\xff\xff\xff\xff\xff\1zz",
                        "byte 15: field 8 does not end within its packet");
    EXPECT_PACKET_ERROR("\x08\1\x80", "byte 15: a packet ends within the number of a field");
    EXPECT_PACKET_ERROR("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\2\x10\1",
                        "byte 13: field 1 does not end within its packet");

    begin();
    put_varint(GEM5_PACKET_BYTES + 1);
    expect_error("byte 12: a packet claims to have 1025 bytes, and they have at most 1024");
    begin();
    put_bytes("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11);
    expect_error("byte 12: the length of a message is no number of 64 bits");
    begin();
    put_bytes("\x80", 1);
    expect_error("byte 12: the trace ends within the length of a message that begins here; it was cut");
    begin();
    put_packet((struct packet){.cmd = 1, .addr = 0x1000, .size = 8});
    size_bytes--;
    expect_error("byte 12: the trace ends within a packet that begins here; it was cut");
    begin();
    size_bytes -= 2;
    expect_error("byte 10: the trace ends before its header does, of which 2 bytes are missing");
    size_bytes = 4;
    expect_error("byte 4: the trace ends before its header does");
    size_bytes = 3;
    expect_error("byte 0: the trace ends within the word");
    trace[0] = 'G';
    expect_error("byte 0: the trace does not begin with \"gem5\"");
    /* A header that lies takes no memory, and says so. */
    size_bytes = 0;
    put_bytes("gem5", 4);
    put_varint(UINT64_MAX);
    expect_error("byte 14: the trace ends before its header does, of which 18446744073709551615 bytes are missing");
}

static void headers_may_be_long(void **state)
{
    (void)state;
    static const char zeros[100000];
    size_bytes = 0;
    put_bytes("gem5", 4);
    put_varint(sizeof zeros);
    put_bytes(zeros, sizeof zeros);
    put_packet((struct packet){.cmd = 1, .addr = 0x1000, .size = 8});
    struct format_outcome got = read_trace();
    const char *unexpected = format_unexpected(
        &got, (const struct format_record[]){{.va = 0x1000, .kind = ACCESS_LOAD, .size_bytes = 8}}, 1);
    if (unexpected != NULL)
        fail_msg("%s", unexpected);
    format_outcome_free(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_are_accesses),     cmocka_unit_test(other_commands_are_counted),
        cmocka_unit_test(other_fields_are_skipped), cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(headers_may_be_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
