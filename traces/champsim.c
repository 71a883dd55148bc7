/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/champsim.h"

#include "traces/bytes.h"
#include "traces/gather.h"

#include <inttypes.h>

/* Where things stand in a record. */
struct layout {
    const char *name;
    size_t record_bytes;
    size_t stores_at, stores;
    size_t loads_at, loads;
    size_t asid_at; /* 0: it has none */
};

static const struct layout champsim_layout = {"champsim", 64, 16, 2, 32, 4, 0};
static const struct layout cloudsuite_layout = {"champsim-cloudsuite", 96, 24, 4, 56, 4, 88};

enum { IS_BRANCH_AT = 8, BRANCH_TAKEN_AT = 9, WORD_BYTES = 8 };

struct champsim {
    struct gather gather;
    uint64_t offset; /* of the next record, decompressed */
    size_t done;     /* accesses of it that an earlier block has */
    bool has_asid;
    uint16_t asid; /* of the record before */
};

/* ---- Recognition ---- */

static bool is_canonical(uint64_t va)
{
    enum { SIGN_BIT = 56 };
    const uint64_t sign = va >> SIGN_BIT;
    return sign == 0 || sign == UINT64_MAX >> SIGN_BIT;
}

static bool is_plausible(const struct layout *layout, const char *record)
{
    const unsigned char is_branch = (unsigned char)record[IS_BRANCH_AT];
    const unsigned char taken = (unsigned char)record[BRANCH_TAKEN_AT];
    const uint64_t ip = bytes_get64(record);
    bool plausible = is_branch <= 1 && taken <= is_branch && ip != 0 && is_canonical(ip);
    for (size_t i = 0; i < layout->stores; i++)
        plausible = plausible && is_canonical(bytes_get64(record + layout->stores_at + WORD_BYTES * i));
    for (size_t i = 0; i < layout->loads; i++)
        plausible = plausible && is_canonical(bytes_get64(record + layout->loads_at + WORD_BYTES * i));
    return plausible;
}

static bool is_of(const struct layout *layout, const char *head, size_t size_bytes)
{
    if (size_bytes < INPUT_HEAD_BYTES && size_bytes % layout->record_bytes != 0)
        return false; /* the whole trace is here, and would end within a record */
    const size_t looked_at = size_bytes < INPUT_HEAD_BYTES ? size_bytes : INPUT_HEAD_BYTES;
    size_t at = 0;
    for (; at + layout->record_bytes <= looked_at; at += layout->record_bytes)
        if (!is_plausible(layout, head + at))
            return false;
    return at > 0;
}

static bool recognise(const char *head, size_t size_bytes)
{
    return is_of(&champsim_layout, head, size_bytes) && !is_of(&cloudsuite_layout, head, size_bytes);
}

static bool recognise_cloudsuite(const char *head, size_t size_bytes)
{
    return is_of(&cloudsuite_layout, head, size_bytes) && !is_of(&champsim_layout, head, size_bytes);
}

/* ---- Records ---- */

static bool check_flag(const struct champsim *champsim, const struct layout *layout, const char *record, size_t at,
                       const char *name, struct err *err)
{
    const unsigned char value = (unsigned char)record[at];
    return value <= 1 ||
           err_set(err,
                   "byte %" PRIu64 ": %s is %u, and can be 0 or 1; the trace is damaged, or not of the format %s "
                   "with its records of %zu bytes: --trace-format names another",
                   champsim->offset + at, name, value, layout->name, layout->record_bytes);
}

static bool tell_process(struct champsim *champsim, const struct layout *layout, const char *record,
                         const struct block *block, struct err *err)
{
    if (layout->asid_at == 0)
        return true;
    const uint16_t asid = bytes_get16(record + layout->asid_at);
    if (champsim->has_asid && champsim->asid == asid)
        return true;
    champsim->has_asid = true;
    champsim->asid = asid;
    return gather_event(&champsim->gather, block, EVENT_PROCESS, (uint32_t)asid + 1, err); /* 0 names no process */
}

/* Puts out the accesses of a record that no block has, as many as there is room for; true where all are out. */
static bool put_out(struct champsim *champsim, const struct layout *layout, const char *record, struct block *block)
{
    const uint64_t ip = bytes_get64(record);
    const size_t words = layout->loads + layout->stores;
    for (; champsim->done <= words && !block_is_full(block); champsim->done++) {
        const size_t i = champsim->done;
        uint64_t va = ip;
        if (i > layout->loads)
            va = bytes_get64(record + layout->stores_at + WORD_BYTES * (i - layout->loads - 1));
        else if (i > 0)
            va = bytes_get64(record + layout->loads_at + WORD_BYTES * (i - 1));
        const enum access_kind kind = i == 0 ? ACCESS_FETCH : i <= layout->loads ? ACCESS_LOAD : ACCESS_STORE;
        if (i == 0 || va != 0)
            gather_access(&champsim->gather, block, va, access_meta(kind, 1), ip);
    }
    return champsim->done > words;
}

static bool parse_records(struct champsim *champsim, const struct layout *layout, const struct input_chunk *chunk,
                          size_t *taken_bytes, struct block *block, struct err *err)
{
    size_t at = 0;
    gather_begin(&champsim->gather, block);
    for (; chunk->size_bytes - at >= layout->record_bytes && !block_is_full(block); at += layout->record_bytes) {
        const char *record = chunk->bytes + at;
        if (!check_flag(champsim, layout, record, IS_BRANCH_AT, "is_branch", err) ||
            !check_flag(champsim, layout, record, BRANCH_TAKEN_AT, "branch_taken", err) ||
            !tell_process(champsim, layout, record, block, err))
            return false;
        if (!put_out(champsim, layout, record, block))
            break;
        champsim->done = 0;
        champsim->offset += layout->record_bytes;
    }
    const size_t rest_bytes = chunk->size_bytes - at;
    if (chunk->last && rest_bytes > 0 && rest_bytes < layout->record_bytes && !block_is_full(block))
        return err_set(err,
                       "byte %" PRIu64
                       ": the trace ends within a record, of whose %zu bytes %zu are there; it was cut: copy it "
                       "again, or it is not of the format %s",
                       champsim->offset, layout->record_bytes, rest_bytes, layout->name);
    champsim->gather.extras.pc = champsim->gather.pc;
    *taken_bytes = at;
    return true;
}

static bool parse(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                  struct reader_facts *facts, struct err *err)
{
    (void)facts;
    return parse_records(state, &champsim_layout, chunk, taken_bytes, block, err);
}

static bool parse_cloudsuite(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                             struct reader_facts *facts, struct err *err)
{
    (void)facts;
    return parse_records(state, &cloudsuite_layout, chunk, taken_bytes, block, err);
}

static const char caveat[] = "it has no sizes, neither of instructions nor of data: each access is taken for 1 byte, "
                             "and none is seen to cross a page";

const struct trace_format champsim_format = {
    .name = "champsim",
    .help = "ChampSim's binary records of 64 bytes: a fetch, its loads, its stores, each of 1 byte",
    .caveat = caveat,
    .recognise = recognise,
    .state_bytes = sizeof(struct champsim),
    .parse = parse,
    .extras = gather_extras,
    .close = gather_close,
};

const struct trace_format champsim_cloudsuite_format = {
    .name = "champsim-cloudsuite",
    .help = "the same with records of 96 bytes, as of the CloudSuite traces",
    .caveat = caveat,
    .recognise = recognise_cloudsuite,
    .state_bytes = sizeof(struct champsim),
    .parse = parse_cloudsuite,
    .extras = gather_extras,
    .close = gather_close,
};
