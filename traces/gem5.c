/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/gem5.h"

#include "traces/bytes.h"
#include "traces/gather.h"

#include <inttypes.h>
#include <string.h>

enum { MAGIC_BYTES = 4, INST_FETCH = 0x100 /* Request::INST_FETCH, gem5's src/mem/request.hh */ };

static const char magic[MAGIC_BYTES] = {'g', 'e', 'm', '5'};

enum place { AT_MAGIC, AT_HEADER, IN_HEADER, AT_PACKET };

struct gem5 {
    struct gather gather;
    uint64_t offset; /* of what comes next, decompressed */
    enum place place;
    uint64_t header_bytes; /* of it, still to come */
};

/* ---- Protocol Buffers: developers.google.com/protocol-buffers/docs/encoding ---- */

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

enum varint { VARINT_WHOLE, VARINT_CUT, VARINT_TOO_LONG };

/* Reads a varint and moves *p behind it. */
static enum varint read_varint(const char **p, const char *end, uint64_t *value)
{
    const uint8_t *at = (const uint8_t *)*p;
    const uint8_t *stop = (const uint8_t *)end;
    const bool whole = bytes_get_varint(&at, stop, value);
    const size_t read_bytes = (size_t)((const char *)at - *p);
    if (!whole)
        return at == stop && read_bytes < BYTES_VARINT_MAX ? VARINT_CUT : VARINT_TOO_LONG;
    *p += read_bytes;
    return VARINT_WHOLE;
}

/* ---- Packets ---- */

enum field { TICK = 1, CMD, ADDR, SIZE, FLAGS, PKT_ID, PC, FIELDS };
static const char *const field_names[FIELDS] = {"", "tick", "cmd", "addr", "size", "flags", "pkt_id", "pc"};

struct packet {
    uint64_t value[FIELDS];
    unsigned has; /* bit i: field i */
};

/* Reads the message from p to end, which begins at byte `offset` of the trace. */
static bool read_packet(const char *p, const char *end, uint64_t offset, struct packet *packet, struct err *err)
{
    const char *first = p;
    while (p < end) {
        const uint64_t at = offset + (uint64_t)(p - first);
        uint64_t key;
        uint64_t value = 0;
        if (read_varint(&p, end, &key) != VARINT_WHOLE)
            return err_set(err, "byte %" PRIu64 ": a packet ends within the number of a field; the trace is damaged",
                           at);
        const uint64_t field = key >> 3;
        const unsigned type = key & 7;
        const bool known = field >= TICK && field < FIELDS;
        if (field == 0 || (known && type != WIRE_VARINT))
            return err_set(err,
                           "byte %" PRIu64 ": field %" PRIu64 " (%s) of a packet has wire type %u, not 0; the trace is "
                           "damaged, or one of gem5's traces of instructions, which are not read",
                           at, field, known ? field_names[field] : "none", type);
        uint64_t skipped_bytes = 0;
        bool whole = true;
        switch (type) {
        case WIRE_VARINT:
            whole = read_varint(&p, end, &value) == VARINT_WHOLE;
            break;
        case WIRE_FIXED64:
            skipped_bytes = 8;
            break;
        case WIRE_BYTES:
            whole = read_varint(&p, end, &skipped_bytes) == VARINT_WHOLE;
            break;
        case WIRE_FIXED32:
            skipped_bytes = 4;
            break;
        default:
            return err_set(err,
                           "byte %" PRIu64 ": field %" PRIu64
                           " of a packet has wire type %u, which Protocol Buffers do not have; "
                           "the trace is damaged",
                           at, field, type);
        }
        if (!whole || skipped_bytes > (uint64_t)(end - p))
            return err_set(err,
                           "byte %" PRIu64 ": field %" PRIu64 " does not end within its packet; the trace is damaged",
                           at, field);
        p += skipped_bytes;
        if (known) {
            packet->value[field] = value;
            packet->has |= 1U << field;
        }
    }
    return true;
}

enum use { LOAD, STORE, MODIFY, RESPONSE, PREFETCH, COHERENCE, NO_COMMAND };

/* What a MemCmd::Command is to a TLB; those that are not named are coherence, maintenance, fences and errors. */
static enum use command_use(uint64_t command)
{
    enum { COMMANDS = 60 };
    static const uint8_t uses[COMMANDS] = {
        [0] = NO_COMMAND,
        [1] = LOAD,      /* ReadReq */
        [2] = RESPONSE,  /* ReadResp */
        [3] = RESPONSE,  /* ReadRespWithInvalidate */
        [4] = STORE,     /* WriteReq */
        [5] = RESPONSE,  /* WriteResp */
        [6] = RESPONSE,  /* WriteCompleteResp */
        [7] = COHERENCE, /* WritebackDirty, WritebackClean, WriteClean, CleanEvict */
        [8] = COHERENCE,
        [9] = COHERENCE,
        [10] = COHERENCE,
        [11] = PREFETCH, /* SoftPFReq, SoftPFExReq, HardPFReq */
        [12] = PREFETCH,
        [13] = PREFETCH,
        [14] = RESPONSE, /* SoftPFResp, HardPFResp */
        [15] = RESPONSE,
        [16] = STORE,     /* WriteLineReq */
        [17] = COHERENCE, /* UpgradeReq, SCUpgradeReq */
        [18] = COHERENCE,
        [19] = RESPONSE,  /* UpgradeResp */
        [20] = COHERENCE, /* SCUpgradeFailReq */
        [21] = RESPONSE,  /* UpgradeFailResp */
        [22] = LOAD,      /* ReadExReq */
        [23] = RESPONSE,  /* ReadExResp */
        [24] = LOAD,      /* ReadCleanReq, ReadSharedReq, LoadLockedReq */
        [25] = LOAD,
        [26] = LOAD,
        [27] = STORE,     /* StoreCondReq */
        [28] = COHERENCE, /* StoreCondFailReq */
        [29] = RESPONSE,  /* StoreCondResp */
        [30] = LOAD,      /* LockedRMWReadReq */
        [31] = RESPONSE,
        [32] = STORE, /* LockedRMWWriteReq */
        [33] = RESPONSE,
        [34] = MODIFY,   /* SwapReq */
        [35] = RESPONSE, /* SwapResp */
        [36 ... COMMANDS - 1] = COHERENCE,
    };
    return command < COMMANDS ? (enum use)uses[command] : NO_COMMAND;
}

static bool take_packet(struct gem5 *gem5, const struct packet *packet, struct block *block, struct reader_facts *facts,
                        struct err *err)
{
    const unsigned needed = 1U << CMD | 1U << ADDR | 1U << SIZE;
    const uint64_t size_bytes = packet->value[SIZE];
    const uint64_t va = packet->value[ADDR];
    const enum use use = command_use(packet->value[CMD]);
    if ((packet->has & needed) != needed)
        return err_set(err,
                       "byte %" PRIu64
                       ": a packet has no %s, and must have cmd, addr and size; the trace is damaged, or one "
                       "of gem5's traces of instructions, which are not read",
                       gem5->offset,
                       (packet->has & 1U << CMD) == 0    ? field_names[CMD]
                       : (packet->has & 1U << ADDR) == 0 ? field_names[ADDR]
                                                         : field_names[SIZE]);
    if (use == NO_COMMAND)
        return err_set(
            err, "byte %" PRIu64 ": a packet has the command %" PRIu64 ", and gem5 has 1 to 59; the trace is damaged",
            gem5->offset, packet->value[CMD]);
    if (use == RESPONSE || use == PREFETCH || use == COHERENCE) {
        reader_leave_out(facts, use == RESPONSE   ? "responses"
                                : use == PREFETCH ? "prefetches"
                                                  : "packets between caches, such as writebacks");
        return true;
    }
    if (size_bytes == 0 || size_bytes > ACCESS_SIZE_MAX) {
        reader_leave_out(facts, "packets of 0 bytes or more than 4096");
        return true;
    }
    if (va + (size_bytes - 1) < va)
        return err_set(
            err, "byte %" PRIu64 ": a packet has %" PRIu64 " bytes at 0x%" PRIx64 ", beyond 2^64; the trace is damaged",
            gem5->offset, size_bytes, va);
    const enum access_kind kind = use == MODIFY                              ? ACCESS_MODIFY
                                  : use == STORE                             ? ACCESS_STORE
                                  : (packet->value[FLAGS] & INST_FETCH) != 0 ? ACCESS_FETCH
                                                                             : ACCESS_LOAD;
    if ((packet->has & 1U << PC) != 0) /* from the first on that has one: most traces have none */
        gem5->gather.extras.pc = gem5->gather.pc;
    gather_access(&gem5->gather, block, va, access_meta(kind, (uint32_t)size_bytes), packet->value[PC]);
    return true;
}

/* ---- The trace ---- */

static bool fail_cut(const struct gem5 *gem5, const char *what, struct err *err)
{
    return err_set(err,
                   "byte %" PRIu64 ": the trace ends within %s that begins here; it was cut: copy or record it again",
                   gem5->offset, what);
}

static bool fail_length(const struct gem5 *gem5, struct err *err)
{
    return err_set(err, "byte %" PRIu64 ": the length of a message is no number of 64 bits; the trace is damaged",
                   gem5->offset);
}

static bool take_magic(const char *p, uint64_t left_bytes, bool last, const struct gem5 *gem5, uint64_t *taken_bytes,
                       struct err *err)
{
    const size_t compared_bytes = left_bytes < MAGIC_BYTES ? (size_t)left_bytes : (size_t)MAGIC_BYTES;
    if (memcmp(p, magic, compared_bytes) != 0)
        return err_set(err, "byte 0: the trace does not begin with \"gem5\"; it is none of gem5's packet traces");
    if (left_bytes < MAGIC_BYTES)
        return !last || fail_cut(gem5, "the word \"gem5\"", err);
    *taken_bytes = MAGIC_BYTES;
    return true;
}

/* Takes one piece from the front of what is left; none where it is not whole, and more comes. */
static bool take_piece(struct gem5 *gem5, const char *p, const char *end, bool last, uint64_t *taken_bytes,
                       struct block *block, struct reader_facts *facts, struct err *err)
{
    const uint64_t left_bytes = (uint64_t)(end - p);
    const char *body = p;
    uint64_t length;
    *taken_bytes = 0;
    switch (gem5->place) {
    case AT_MAGIC:
        if (!take_magic(p, left_bytes, last, gem5, taken_bytes, err))
            return false;
        gem5->place = *taken_bytes > 0 ? AT_HEADER : AT_MAGIC;
        return true;
    case IN_HEADER:
        *taken_bytes = left_bytes < gem5->header_bytes ? left_bytes : gem5->header_bytes;
        gem5->header_bytes -= *taken_bytes;
        gem5->place = gem5->header_bytes > 0 ? IN_HEADER : AT_PACKET;
        return true;
    case AT_HEADER:
    case AT_PACKET:
        break;
    }
    switch (read_varint(&body, end, &length)) {
    case VARINT_TOO_LONG:
        return fail_length(gem5, err);
    case VARINT_CUT:
        return !last || fail_cut(gem5, "the length of a message", err);
    case VARINT_WHOLE:
        break;
    }
    if (gem5->place == AT_HEADER) {
        gem5->header_bytes = length;
        gem5->place = length > 0 ? IN_HEADER : AT_PACKET;
        *taken_bytes = (uint64_t)(body - p);
        return true;
    }
    if (length > GEM5_PACKET_BYTES)
        return err_set(err,
                       "byte %" PRIu64 ": a packet claims to have %" PRIu64
                       " bytes, and they have at most %d; the trace is "
                       "damaged, or none of gem5's packet traces",
                       gem5->offset, length, GEM5_PACKET_BYTES);
    if (length > (uint64_t)(end - body))
        return !last || fail_cut(gem5, "a packet", err);
    struct packet packet = {.has = 0};
    if (!read_packet(body, body + length, gem5->offset + (uint64_t)(body - p), &packet, err) ||
        !take_packet(gem5, &packet, block, facts, err))
        return false;
    *taken_bytes = (uint64_t)(body - p) + length;
    return true;
}

static bool parse(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                  struct reader_facts *facts, struct err *err)
{
    struct gem5 *gem5 = state;
    const char *p = chunk->bytes;
    const char *end = p + chunk->size_bytes;
    uint64_t piece_bytes = 1;
    gather_begin(&gem5->gather, block);
    while (p < end && piece_bytes > 0 && !block_is_full(block)) {
        if (!take_piece(gem5, p, end, chunk->last, &piece_bytes, block, facts, err))
            return false;
        p += piece_bytes;
        gem5->offset += piece_bytes;
    }
    if (chunk->last && p == end && (gem5->place == AT_HEADER || gem5->place == IN_HEADER))
        return err_set(err,
                       "byte %" PRIu64 ": the trace ends before its header does, of which %" PRIu64
                       " bytes are missing; it was cut, or is damaged: copy or record it again",
                       gem5->offset, gem5->header_bytes);
    *taken_bytes = (size_t)(p - chunk->bytes);
    return true;
}

/* A text may begin with the magic: what follows is a header that begins with its obj_id, as gem5 writes it. */
static bool recognise(const char *head, size_t size_bytes)
{
    enum { OBJ_ID_KEY = 1 << 3 | WIRE_BYTES };
    const char *p = head + MAGIC_BYTES;
    const char *end = head + size_bytes;
    uint64_t header_bytes;
    return size_bytes > MAGIC_BYTES && memcmp(head, magic, MAGIC_BYTES) == 0 &&
           read_varint(&p, end, &header_bytes) == VARINT_WHOLE && p < end && *p == OBJ_ID_KEY;
}

const struct trace_format gem5_format = {
    .name = "gem5",
    .help = "gem5's packet traces, of CommMonitor and MemTraceProbe, in Protocol Buffers; their addresses are mostly "
            "physical",
    .caveat = "addresses of packets are mostly physical, and commands are numbered as of late gem5",
    .recognise = recognise,
    .state_bytes = sizeof(struct gem5),
    .parse = parse,
    .extras = gather_extras,
    .close = gather_close,
};
