/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/drmemtrace.h"

#include "traces/bytes.h"
#include "traces/gather.h"

#include <inttypes.h>

/* trace_type_t, as far as it is told apart here. */
enum {
    TYPE_READ = 0,
    TYPE_WRITE = 1,
    TYPE_PREFETCH_FIRST = 2, /* up to PREFETCH_INSTR */
    TYPE_PREFETCH_LAST = 9,
    TYPE_INSTR_FIRST = 10, /* up to INSTR_RETURN */
    TYPE_INSTR_LAST = 16,
    TYPE_INSTR_BUNDLE = 17,
    TYPE_INSTR_FLUSH = 18,
    TYPE_INSTR_FLUSH_END = 19,
    TYPE_DATA_FLUSH = 20,
    TYPE_DATA_FLUSH_END = 21,
    TYPE_THREAD = 22,
    TYPE_THREAD_EXIT = 23,
    TYPE_PID = 24,
    TYPE_HEADER = 25,
    TYPE_FOOTER = 26,
    TYPE_HARDWARE_PREFETCH = 27,
    TYPE_MARKER = 28,
    TYPE_INSTR_NO_FETCH = 29,
    TYPE_INSTR_MAYBE_FETCH = 30,
    TYPE_INSTR_SYSENTER = 31,
    TYPE_PREFETCH_HINT_FIRST = 32, /* PREFETCH_READ_L1_NT up to PREFETCH_WRITE_L3_NT */
    TYPE_PREFETCH_HINT_LAST = 46,
    TYPE_ENCODING = 47,
    TYPE_INSTR_TAKEN_JUMP = 48,
    TYPE_INSTR_UNTAKEN_JUMP = 49,
};

/* trace_marker_type_t, which is the entry's size. */
enum {
    MARKER_FILETYPE = 9,
    MARKER_WINDOW_ID = 14,
    MARKER_PHYSICAL_ADDRESS = 15,
    MARKER_PHYSICAL_ADDRESS_NOT_AVAILABLE = 16,
};

/* offline_file_type_t */
enum { FILE_FILTERED = 0x1, FILE_IFILTERED = 0x80, FILE_DFILTERED = 0x100 };

enum { SIZE_AT = 2, VERSION_MOST = 255, ENTRY_BYTES_MOST = 16 };

struct layout {
    size_t entry_bytes;
    size_t address_at;
    size_t address_bytes;
};

static const struct layout layouts[] = {{12, 4, 8}, {8, 4, 4}, {16, 8, 8}};

struct drmemtrace {
    struct gather gather;
    const struct layout *layout; /* NULL: nothing is read yet */
    uint64_t offset;             /* of the next entry, decompressed */
    uint64_t pc;                 /* of the last instruction */
    uint64_t next_pc;            /* of what a bundle goes on with */
    uint64_t window;
    uint32_t bundled; /* instructions of the next entry, a bundle, that an earlier block has */
    bool in_window;
};

struct entry {
    unsigned type;
    unsigned size;
    uint64_t address;
    const char *bytes; /* of the address */
};

static struct entry read_entry(const struct layout *layout, const char *p)
{
    const char *address = p + layout->address_at;
    return (struct entry){
        .type = bytes_get16(p),
        .size = bytes_get16(p + SIZE_AT),
        .address = layout->address_bytes == sizeof(uint32_t) ? bytes_get32(address) : bytes_get64(address),
        .bytes = address,
    };
}

/* ---- Which layout ---- */

static bool is_header(struct entry entry)
{
    return entry.type == TYPE_HEADER && entry.size == 0 && entry.address >= 1 && entry.address <= VERSION_MOST;
}

/* A header, and something plausible behind it, of which what precedes the first access is: a marker, a thread, a process or
 * another header. NULL where there is none. */
static const struct layout *find_layout(const char *p, size_t size_bytes)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        const struct layout *layout = &layouts[i];
        if (size_bytes < 2 * layout->entry_bytes || !is_header(read_entry(layout, p)))
            continue;
        const unsigned type = read_entry(layout, p + layout->entry_bytes).type;
        if (type == TYPE_MARKER || type == TYPE_THREAD || type == TYPE_PID || type == TYPE_HEADER)
            return layout;
    }
    return NULL;
}

static bool recognise(const char *head, size_t size_bytes)
{
    return find_layout(head, size_bytes) != NULL;
}

static bool fail_header(const struct input_chunk *chunk, struct err *err)
{
    return err_set(
        err,
        "byte 0: the trace begins with an entry of type %u, and should with a header (type %d) and a marker, "
        "thread or process behind it; only DynamoRIO's final traces are read, those of its folder trace: drraw2trace "
        "makes them of raw ones",
        chunk->size_bytes >= sizeof(uint16_t) ? bytes_get16(chunk->bytes) : 0, TYPE_HEADER);
}

/* ---- Entries ---- */

static bool fail_value(const struct drmemtrace *trace, const char *what, uint64_t value, const char *expected,
                       struct err *err)
{
    return err_set(err, "byte %" PRIu64 ": %s is %" PRIu64 ", and %s; the trace is damaged, or of another format",
                   trace->offset, what, value, expected);
}

static bool take_access(struct drmemtrace *trace, enum access_kind kind, uint64_t va, unsigned size_bytes,
                        struct block *block, struct reader_facts *facts, struct err *err)
{
    if (size_bytes == 0 || size_bytes > ACCESS_SIZE_MAX) {
        reader_leave_out(facts, "accesses of 0 bytes or more than 4096");
        return true;
    }
    const uint64_t top = trace->layout->address_bytes == sizeof(uint32_t) ? UINT32_MAX : UINT64_MAX;
    if (va > top - (size_bytes - 1))
        return err_set(err,
                       "byte %" PRIu64 ": %u bytes at 0x%" PRIx64 " end beyond the last address, 0x%" PRIx64
                       "; the trace is damaged, or of another format",
                       trace->offset, size_bytes, va, top);
    gather_access(&trace->gather, block, va, access_meta(kind, size_bytes), trace->pc);
    return true;
}

static bool take_instruction(struct drmemtrace *trace, struct entry entry, struct block *block,
                             struct reader_facts *facts, struct err *err)
{
    /* The readers of DynamoRIO's own decide the same. */
    const bool again = entry.type == TYPE_INSTR_MAYBE_FETCH && entry.address == trace->pc;
    trace->pc = entry.address;
    trace->next_pc = entry.address + entry.size;
    return entry.size == 0 || entry.type == TYPE_INSTR_NO_FETCH || again ||
           take_access(trace, ACCESS_FETCH, entry.address, entry.size, block, facts, err);
}

/* A bundle may end in a later block than it begins. */
static bool take_bundle(struct drmemtrace *trace, struct entry entry, struct block *block, struct reader_facts *facts,
                        struct err *err)
{
    if (entry.size == 0 || entry.size > trace->layout->address_bytes)
        return fail_value(trace, "the number of instructions in a bundle", entry.size,
                          "can be 1 to the bytes of an address", err);
    while (trace->bundled < entry.size && !block_is_full(block)) {
        const unsigned length = (unsigned char)entry.bytes[trace->bundled++];
        trace->pc = trace->next_pc;
        trace->next_pc += length;
        if (!take_access(trace, ACCESS_FETCH, trace->pc, length, block, facts, err))
            return false;
    }
    return true;
}

static void take_marker(struct drmemtrace *trace, struct entry entry, struct reader_facts *facts)
{
    switch (entry.size) {
    case MARKER_FILETYPE:
        if ((entry.address & (FILE_FILTERED | FILE_IFILTERED | FILE_DFILTERED)) != 0)
            facts->caveat = "it was filtered when it was recorded: what hit in the filter's caches is not there";
        break;
    case MARKER_WINDOW_ID:
        if (trace->in_window && trace->window != entry.address)
            reader_leave_out(facts, "gaps between windows of tracing");
        trace->in_window = true;
        trace->window = entry.address;
        break;
    case MARKER_PHYSICAL_ADDRESS:
    case MARKER_PHYSICAL_ADDRESS_NOT_AVAILABLE:
        reader_leave_out(facts, "physical addresses of pages");
        break;
    default:
        break;
    }
}

static bool take_event(struct drmemtrace *trace, enum event_kind kind, struct entry entry, const struct block *block,
                       struct err *err)
{
    if (entry.address > UINT32_MAX)
        return fail_value(trace, "the number of a thread or process", entry.address, "has 32 bits on Linux", err);
    return gather_event(&trace->gather, block, kind, (uint32_t)entry.address, err);
}

static bool take_entry(struct drmemtrace *trace, struct entry entry, struct block *block, struct reader_facts *facts,
                       struct err *err)
{
    switch (entry.type) {
    case TYPE_READ:
        return take_access(trace, ACCESS_LOAD, entry.address, entry.size, block, facts, err);
    case TYPE_WRITE:
        return take_access(trace, ACCESS_STORE, entry.address, entry.size, block, facts, err);
    case TYPE_PREFETCH_FIRST ... TYPE_PREFETCH_LAST:
    case TYPE_PREFETCH_HINT_FIRST ... TYPE_PREFETCH_HINT_LAST:
    case TYPE_HARDWARE_PREFETCH:
        reader_leave_out(facts, "prefetches");
        return true;
    case TYPE_INSTR_FIRST ... TYPE_INSTR_LAST:
    case TYPE_INSTR_NO_FETCH ... TYPE_INSTR_SYSENTER:
    case TYPE_INSTR_TAKEN_JUMP:
    case TYPE_INSTR_UNTAKEN_JUMP:
        return take_instruction(trace, entry, block, facts, err);
    case TYPE_INSTR_BUNDLE:
        return take_bundle(trace, entry, block, facts, err);
    case TYPE_INSTR_FLUSH:
    case TYPE_DATA_FLUSH:
        reader_leave_out(facts, "flushes of caches");
        return true;
    case TYPE_THREAD:
        return take_event(trace, EVENT_THREAD, entry, block, err);
    case TYPE_PID:
        return take_event(trace, EVENT_PROCESS, entry, block, err);
    case TYPE_THREAD_EXIT:
        return take_event(trace, EVENT_EXIT, entry, block, err);
    case TYPE_MARKER:
        take_marker(trace, entry, facts);
        return true;
    case TYPE_HEADER:
        return is_header(entry) || fail_value(trace, "the version in a header", entry.address, "can be 1 to 255", err);
    case TYPE_INSTR_FLUSH_END: /* of the flush before */
    case TYPE_DATA_FLUSH_END:
    case TYPE_FOOTER:
    case TYPE_ENCODING:
        return true;
    default:
        return fail_value(trace, "the type of an entry", entry.type, "can be 0 to 49", err);
    }
}

/* ---- The trace ---- */

static bool parse(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                  struct reader_facts *facts, struct err *err)
{
    struct drmemtrace *trace = state;
    *taken_bytes = 0;
    gather_begin(&trace->gather, block);
    trace->gather.extras.pc = trace->gather.pc;
    if (trace->layout == NULL) {
        if (!chunk->last && chunk->size_bytes < 2UL * ENTRY_BYTES_MOST)
            return true;
        trace->layout = find_layout(chunk->bytes, chunk->size_bytes);
        if (trace->layout == NULL)
            return fail_header(chunk, err);
    }
    const size_t entry_bytes = trace->layout->entry_bytes;
    size_t at = 0;
    for (; chunk->size_bytes - at >= entry_bytes && !block_is_full(block); at += entry_bytes) {
        const struct entry entry = read_entry(trace->layout, chunk->bytes + at);
        if (!take_entry(trace, entry, block, facts, err))
            return false;
        if (trace->bundled > 0 && trace->bundled < entry.size)
            break;
        trace->bundled = 0;
        trace->offset += entry_bytes;
    }
    *taken_bytes = at;
    if (chunk->last && !block_is_full(block) && at < chunk->size_bytes)
        return err_set(err,
                       "byte %" PRIu64
                       ": the trace ends within an entry, of whose %zu bytes %zu are there; it was cut: copy or "
                       "record it again",
                       trace->offset, entry_bytes, chunk->size_bytes - at);
    return true;
}

const struct trace_format drmemtrace_format = {
    .name = "drmemtrace",
    .help =
        "DynamoRIO's final traces, of its folder trace: fetches, loads, stores, threads; of an archive, what unzip -p "
        "gives",
    .recognise = recognise,
    .state_bytes = sizeof(struct drmemtrace),
    .parse = parse,
    .extras = gather_extras,
    .close = gather_close,
};
