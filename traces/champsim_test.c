/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/champsim.h"
#include "traces/format_testing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

/* The structs of ChampSim, as a compiler lays them out. */
struct input_instr {
    uint64_t ip;
    uint8_t is_branch, branch_taken;
    uint8_t destination_registers[2], source_registers[4];
    uint64_t destination_memory[2], source_memory[4];
};

struct cloudsuite_instr {
    uint64_t ip;
    uint8_t is_branch, branch_taken;
    uint8_t destination_registers[4], source_registers[4];
    uint64_t destination_memory[4], source_memory[4];
    uint8_t asid[2];
};

_Static_assert(sizeof(struct input_instr) == 64, "input_instr");
_Static_assert(sizeof(struct cloudsuite_instr) == 96, "cloudsuite_instr");

static const struct input_instr instructions[] = {
    {.ip = 0x401000, .source_memory = {0x7ffe4c1f2a68}, .source_registers = {1, 2}},
    {.ip = 0x401003, .is_branch = 1, .branch_taken = 1, .destination_registers = {26}},
    {.ip = 0x401100, .destination_memory = {0, 0x404028}, .source_memory = {0x405000, 0, 0x405010, 0xffffffff81b75d98}},
};
enum { INSTRUCTIONS = sizeof instructions / sizeof *instructions };

static struct format_outcome read_bytes(const struct trace_format *format, const void *bytes, size_t size_bytes)
{
    return format_read(format, bytes, size_bytes, 5, 13);
}

static void instructions_are_fetches_loads_and_stores(void **state)
{
    (void)state;
    static const struct format_record expected[] = {
        {.va = 0x401000, .pc = 0x401000, .kind = ACCESS_FETCH, .size_bytes = 1},
        {.va = 0x7ffe4c1f2a68, .pc = 0x401000, .kind = ACCESS_LOAD, .size_bytes = 1},
        {.va = 0x401003, .pc = 0x401003, .kind = ACCESS_FETCH, .size_bytes = 1},
        {.va = 0x401100, .pc = 0x401100, .kind = ACCESS_FETCH, .size_bytes = 1},
        {.va = 0x405000, .pc = 0x401100, .kind = ACCESS_LOAD, .size_bytes = 1},
        {.va = 0x405010, .pc = 0x401100, .kind = ACCESS_LOAD, .size_bytes = 1},
        {.va = 0xffffffff81b75d98, .pc = 0x401100, .kind = ACCESS_LOAD, .size_bytes = 1},
        {.va = 0x404028, .pc = 0x401100, .kind = ACCESS_STORE, .size_bytes = 1},
    };
    struct format_outcome got = read_bytes(&champsim_format, instructions, sizeof instructions);
    const char *unexpected = format_unexpected(&got, expected, sizeof expected / sizeof *expected);
    if (unexpected != NULL)
        fail_msg("%s", unexpected);
    assert_int_equal(got.events, 0);
    assert_int_equal(got.facts.lines, 0);
    assert_int_equal(got.record[0].line, 0);
    assert_non_null(strstr(got.facts.caveat, "no sizes"));
    format_outcome_free(&got);
}

static void asids_are_processes(void **state)
{
    (void)state;
    struct cloudsuite_instr records[4];
    memset(records, 0xa5, sizeof records); /* in the padding, too */
    for (size_t i = 0; i < 4; i++)
        records[i] = (struct cloudsuite_instr){.ip = 0x401000 + i, .asid = {i < 2 ? 7 : 1, i < 3 ? 0 : 1}};
    records[1].destination_memory[3] = 0x404018;
    records[1].source_memory[3] = 0x405018;
    static const struct format_record expected[] = {
        {.va = 0x401000, .pc = 0x401000, .kind = ACCESS_FETCH, .size_bytes = 1},
        {.va = 0x401001, .pc = 0x401001, .kind = ACCESS_FETCH, .size_bytes = 1},
        {.va = 0x405018, .pc = 0x401001, .kind = ACCESS_LOAD, .size_bytes = 1},
        {.va = 0x404018, .pc = 0x401001, .kind = ACCESS_STORE, .size_bytes = 1},
        {.va = 0x401002, .pc = 0x401002, .kind = ACCESS_FETCH, .size_bytes = 1},
        {.va = 0x401003, .pc = 0x401003, .kind = ACCESS_FETCH, .size_bytes = 1},
    };
    struct format_outcome got = read_bytes(&champsim_cloudsuite_format, records, sizeof records);
    const char *unexpected = format_unexpected(&got, expected, sizeof expected / sizeof *expected);
    if (unexpected != NULL)
        fail_msg("%s", unexpected);
    static const struct format_event events[] = {{0, EVENT_PROCESS, 8}, {4, EVENT_PROCESS, 2}, {5, EVENT_PROCESS, 258}};
    assert_int_equal(got.events, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(got.event[i].records, events[i].records);
        assert_int_equal(got.event[i].kind, events[i].kind);
        assert_int_equal(got.event[i].id, events[i].id);
    }
    format_outcome_free(&got);
}

/* Instructions of up to seven accesses, so that a record begins in one block and ends in the next. */
static void records_may_span_blocks(void **state)
{
    (void)state;
    enum { RECORDS = 3 * BLOCK_ACCESSES / 2 };
    static struct input_instr records[RECORDS];
    size_t accesses = 0;
    for (size_t i = 0; i < RECORDS; i++) {
        records[i].ip = 0x400000 + i;
        for (size_t j = 0; j < i % 7; j++)
            *(j < 4 ? &records[i].source_memory[j] : &records[i].destination_memory[j - 4]) = 0x10000 * (j + 1) + i;
        accesses += 1 + i % 7;
    }
    struct format_outcome got = format_read(&champsim_format, (const char *)records, sizeof records, 1, 100);
    assert_true(got.good);
    assert_int_equal(got.records, accesses);
    const struct format_record *record = got.record;
    for (size_t i = 0; i < RECORDS; i++) {
        assert_int_equal(record->kind, ACCESS_FETCH);
        assert_int_equal((record++)->va, 0x400000 + i);
        for (size_t j = 0; j < i % 7; j++, record++) {
            assert_int_equal(record->kind, j < 4 ? ACCESS_LOAD : ACCESS_STORE);
            assert_int_equal(record->va, 0x10000 * (j + 1) + i);
            assert_int_equal(record->pc, 0x400000 + i);
        }
    }
    format_outcome_free(&got);
}

static void expect_error(const struct trace_format *format, const void *bytes, size_t size_bytes, const char *part)
{
    struct format_outcome got = read_bytes(format, bytes, size_bytes);
    assert_false(got.good);
    if (strstr(got.err.text, part) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", got.err.text, part);
    format_outcome_free(&got);
}

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    expect_error(&champsim_format, instructions, sizeof instructions - 1,
                 "byte 128: the trace ends within a record, of whose 64 bytes 63 are there; it was cut");
    expect_error(&champsim_format, instructions, 7,
                 "byte 0: the trace ends within a record, of whose 64 bytes 7 are there");
    struct input_instr records[INSTRUCTIONS];
    memcpy(records, instructions, sizeof records);
    records[1].is_branch = 2;
    expect_error(&champsim_format, records, sizeof records, "byte 72: is_branch is 2, and can be 0 or 1; ");
    records[1].is_branch = 1;
    records[2].branch_taken = 255;
    expect_error(&champsim_format, records, sizeof records, "byte 137: branch_taken is 255, and can be 0 or 1; ");
}

static bool is_recognised(const struct trace_format *format, const void *bytes, size_t size_bytes)
{
    return format->recognise(bytes, size_bytes);
}

static void plausible_records_are_recognised(void **state)
{
    (void)state;
    struct input_instr records[200];
    for (size_t i = 0; i < 200; i++)
        records[i] = instructions[i % INSTRUCTIONS];
    assert_true(is_recognised(&champsim_format, records, sizeof records));
    assert_false(is_recognised(&champsim_cloudsuite_format, records, sizeof records));
    assert_true(is_recognised(&champsim_format, records, 4096 + 1)); /* more comes */
    assert_false(is_recognised(&champsim_format, records, 640 + 1)); /* that is all */
    assert_false(is_recognised(&champsim_format, records, 63));

    struct input_instr *last = &records[4096 / 64 - 1];
    last->ip = 0;
    assert_false(is_recognised(&champsim_format, records, sizeof records));
    last->ip = 0x800000000000; /* canonical with 57 bits */
    assert_true(is_recognised(&champsim_format, records, sizeof records));
    last->ip = 0x100000000000000;
    assert_false(is_recognised(&champsim_format, records, sizeof records));
    *last = instructions[0];
    last->branch_taken = 1;
    assert_false(is_recognised(&champsim_format, records, sizeof records));
    last->is_branch = 1;
    assert_true(is_recognised(&champsim_format, records, sizeof records));
    last->source_memory[3] = 0x4000000000000000;
    assert_false(is_recognised(&champsim_format, records, sizeof records));
    *last = instructions[0];
    records[4096 / 64].ip = 0; /* behind what is looked at */
    assert_true(is_recognised(&champsim_format, records, sizeof records));

    static const char zeros[4096];
    assert_false(is_recognised(&champsim_format, zeros, sizeof zeros));
    assert_false(is_recognised(&champsim_cloudsuite_format, zeros, sizeof zeros));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instructions_are_fetches_loads_and_stores),
        cmocka_unit_test(asids_are_processes),
        cmocka_unit_test(records_may_span_blocks),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(plausible_records_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
