/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is written is compared with what is read, access by access and event by event, from bytes in memory that come in
 * pieces of any size. What is damaged is an error, or reads as what is whole of it.
 */
#include "traces/native.h"

#include "model/random.h"
#include "traces/bytes.h"
#include "traces/columns.h"
#include "traces/extras_packed.h"
#include "traces/native_layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

static char directory[] = "/tmp/native_test.XXXXXX";
static struct err err;
static uint64_t random_state = 1;

static uint32_t draw(uint32_t below)
{
    return random_below(&random_state, below);
}

static uint64_t draw_wide(void)
{
    const uint64_t any = (uint64_t)draw(1U << 31) << 33 ^ (uint64_t)draw(1U << 31) << 11 ^ draw(1U << 11);
    return any >> draw(64);
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL || chdir(directory) != 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return chdir("/") != 0 || system(command) != 0;
}

/* ---- A trace as text, which is compared ---- */

/* One line an access or event, so that what differs is seen, and a number for each line. */
struct log {
    struct bytes text;
    uint64_t records;
    uint64_t events;
};

static void add_line(struct log *log, const char *format, ...)
{
    va_list arguments;
    assert_true(bytes_reserve(&log->text, 400));
    va_start(arguments, format);
    log->text.count += (size_t)vsnprintf((char *)log->text.at + log->text.count, 400, format, arguments);
    va_end(arguments);
}

static void log_event(struct log *log, const struct event *e)
{
    add_line(log, "event %u %u %u %u %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 " %.200s\n", e->kind, e->protection,
             e->id, e->flags, e->address, e->size_bytes, e->old_address, e->old_size_bytes,
             e->name != NULL ? e->name : "-");
    log->events++;
}

static void log_block(struct log *log, const struct block *block, const struct extras *extras)
{
    uint32_t event = 0;
    for (uint32_t i = 0; i <= block->count; i++) {
        for (; event < extras->event_count && extras->event[event].position == i; event++)
            log_event(log, &extras->event[event]);
        if (i == block->count)
            break;
        add_line(log, "%c %" PRIx64 ",%u", access_letter(block->meta[i]), block->va[i],
                 access_size_bytes(block->meta[i]));
        if (extras->pc != NULL)
            add_line(log, " pc %" PRIx64, extras->pc[i]);
        if (extras->data_end != NULL) {
            const uint32_t begin = i == 0 ? 0 : extras->data_end[i - 1];
            add_line(log, " data %u %016" PRIx64, extras->data_end[i] - begin,
                     XXH3_64bits(extras->data + begin, extras->data_end[i] - begin));
        }
        add_line(log, "\n");
    }
    assert_int_equal(event, extras->event_count);
    log->records += block->count;
}

static void assert_logs_equal(const struct log *a, const struct log *b)
{
    assert_int_equal(a->records, b->records);
    assert_int_equal(a->events, b->events);
    assert_int_equal(a->text.count, b->text.count);
    if (a->text.count > 0)
        assert_memory_equal(a->text.at, b->text.at, a->text.count);
}

/* ---- Random blocks ---- */

enum { WITH_EVENTS = 1, WITH_PCS = 2, WITH_DATA = 4 };

struct made {
    struct block block;
    struct extras extras;
    struct event event[64];
    uint64_t pc[BLOCK_ACCESSES];
    uint32_t data_end[BLOCK_ACCESSES];
    uint8_t data[BLOCK_ACCESSES * 64];
};

static struct made made;

static void make_events(uint32_t most)
{
    static const char *const names[] = {"", "[heap]", "/usr/lib/x86_64-linux-gnu/libc.so.6", "caf\xe9 \n"};
    const uint32_t count = draw(most + 1);
    uint32_t position = 0;
    for (uint32_t i = 0; i < count; i++) {
        position += draw(made.block.count - position + 1);
        made.event[i] = (struct event){
            .position = position,
            .kind = (uint16_t)(1 + draw(EVENT_KINDS - 1)),
            .protection = (uint16_t)(draw(2) * draw(1U << 16)),
            .id = draw(2) * draw(UINT32_MAX),
            .flags = draw(2) * draw(UINT32_MAX),
            .address = draw(2) * draw_wide(),
            .size_bytes = draw(2) * draw_wide(),
            .old_address = draw(2) * draw_wide(),
            .old_size_bytes = draw(2) * draw_wide(),
            .name = draw(2) == 0 ? NULL : names[draw(4)],
        };
    }
    made.extras.event = made.event;
    made.extras.event_count = count;
}

static void make_block(uint32_t count, int with)
{
    made.extras = (struct extras){0};
    made.block.count = count;
    uint32_t data_bytes = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t size_bytes = 1 + draw(draw(8) == 0 ? ACCESS_SIZE_MAX : 16);
        const uint64_t va = draw_wide();
        made.block.va[i] = va > UINT64_MAX - ACCESS_SIZE_MAX ? 0 : va;
        made.block.meta[i] = access_meta((enum access_kind)draw(4), size_bytes);
        made.pc[i] = access_is_fetch(made.block.meta[i]) && draw(4) > 0 ? va : draw_wide();
        for (uint32_t k = draw(size_bytes < 64 ? size_bytes + 1 : 64); k > 0; k--)
            made.data[data_bytes++] = (uint8_t)draw(256);
        made.data_end[i] = data_bytes;
    }
    block_summarise(&made.block);
    if ((with & WITH_EVENTS) != 0)
        make_events(10);
    if ((with & WITH_PCS) != 0)
        made.extras.pc = made.pc;
    if ((with & WITH_DATA) != 0) {
        made.extras.data_end = made.data_end;
        made.extras.data = made.data;
    }
}

/* ---- Writing and reading ---- */

static bool take_bytes(void *context, const void *bytes, size_t size_bytes, struct err *unused)
{
    (void)unused;
    struct bytes *file = context;
    assert_true(bytes_reserve(file, size_bytes));
    memcpy(file->at + file->count, bytes, size_bytes);
    file->count += size_bytes;
    return true;
}

static struct native_writer *open_writer(struct bytes *file)
{
    json_t *metadata = json_pack("{s:s, s:{s:i}}", "command", "ls -l", "unknown", "key", 7);
    struct native_writer *writer = native_writer_create(take_bytes, file, metadata, &err);
    json_decref(metadata);
    assert_non_null(writer);
    return writer;
}

static void write_made(struct native_writer *writer, struct log *log)
{
    if (!native_write(writer, &made.block, &made.extras, &err))
        fail_msg("%s", err.text);
    log_block(log, &made.block, &made.extras);
}

static void close_writer(struct native_writer *writer)
{
    if (!native_write_end(writer, &err))
        fail_msg("%s", err.text);
    native_writer_free(writer);
}

/* As the reader does it, `piece_bytes` at a time. */
static bool read_bytes(const void *bytes, size_t size_bytes, size_t piece_bytes, bool keep_going, struct log *log,
                       struct reader_facts *facts)
{
    static struct block block;
    void *state = calloc(1, native_format.state_bytes);
    size_t at = 0;
    bool good = true;
    bool ended = false;
    assert_non_null(state);
    *facts = (struct reader_facts){0};
    *log = (struct log){0};
    if (keep_going)
        native_format.keep_going(state);
    while (good && !ended) {
        struct input_chunk chunk = {.bytes = (const char *)bytes + at};
        size_t taken_bytes;
        chunk.size_bytes = size_bytes - at < piece_bytes ? size_bytes - at : piece_bytes;
        chunk.last = at + chunk.size_bytes == size_bytes;
        block.count = block.mark_count = 0;
        good = native_format.parse(state, &chunk, &taken_bytes, &block, facts, &err);
        at += good ? taken_bytes : 0;
        const bool full = good && (block_is_full(&block) || native_format.ends_block(state));
        assert_true(full == (block.count > 0) || !good);
        ended = !full && chunk.last;
        if (full || (good && ended))
            log_block(log, &block, native_format.extras(state));
    }
    native_format.close(state);
    free(state);
    return good;
}

static void must_read(const struct bytes *file, size_t piece_bytes, struct log *log, struct reader_facts *facts)
{
    if (!read_bytes(file->at, file->count, piece_bytes, false, log, facts))
        fail_msg("%s", err.text);
}

static void any_trace_comes_out_as_it_went_in(void **state)
{
    (void)state;
    for (int trial = 0; trial < 60; trial++) {
        struct bytes file = {0};
        struct log wanted = {0};
        struct log got;
        struct reader_facts facts;
        const int with = trial % 8;
        struct native_writer *writer = open_writer(&file);
        const uint32_t blocks = 1 + draw(6);
        for (uint32_t i = 0; i < blocks; i++) {
            make_block(draw(3) == 0 ? BLOCK_ACCESSES : 1 + draw(50), trial < 40 ? with : (int)draw(8));
            write_made(writer, &wanted);
        }
        made.block.count = 0; /* what stands behind the last access */
        made.extras = (struct extras){0};
        if ((with & WITH_EVENTS) != 0)
            make_events(3);
        write_made(writer, &wanted);
        assert_true(native_written_records(writer) <= wanted.records);
        close_writer(writer);
        must_read(&file, trial % 3 == 0 ? 1 + draw(100) : SIZE_MAX, &got, &facts);
        assert_logs_equal(&got, &wanted);
        assert_true(facts.hash != 0 && facts.losses == 0);
        bytes_free(&file);
        bytes_free(&wanted.text);
        bytes_free(&got.text);
    }
}

/* Blocks that do not divide a chunk, so that some stand in two; and an event at every place where it matters. */
static void chunks_are_cut_anywhere(void **state)
{
    (void)state;
    enum { COUNT = 3001 };
    struct bytes file = {0};
    struct log wanted = {0};
    struct log got;
    struct reader_facts facts;
    struct native_writer *writer = open_writer(&file);
    make_block(COUNT, 0);
    for (uint32_t records = 0; records < COLUMNS_ACCESSES + 2 * COUNT; records += COUNT) {
        const uint32_t cut = COLUMNS_ACCESSES % COUNT;
        const uint32_t positions[] = {0, 0, cut - 1, cut, cut, cut + 1, COUNT};
        made.extras.event_count = records + COUNT > COLUMNS_ACCESSES - COUNT ? 7 : 0;
        made.extras.event = made.event;
        for (uint32_t i = 0; i < 7; i++)
            made.event[i] = (struct event){.position = positions[i], .kind = EVENT_BRK, .address = records + i};
        write_made(writer, &wanted);
    }
    assert_int_equal(native_written_records(writer), COLUMNS_ACCESSES);
    close_writer(writer);
    must_read(&file, SIZE_MAX, &got, &facts);
    assert_logs_equal(&got, &wanted);
    bytes_free(&file);
    bytes_free(&wanted.text);
    bytes_free(&got.text);
}

static void nothing_is_a_trace_of_nothing(void **state)
{
    (void)state;
    struct bytes file = {0};
    struct log got;
    struct reader_facts facts;
    close_writer(open_writer(&file));
    must_read(&file, 7, &got, &facts);
    assert_int_equal(got.records + got.events, 0);
    bytes_free(&file);
}

/* So many events among so few accesses that a chunk has no room for them: a chunk of their own, then an error. */
static void events_have_their_bounds(void **state)
{
    (void)state;
    enum { MANY = EXTRAS_CHUNK_EVENTS / 2 + 1 };
    struct bytes file = {0};
    struct log got;
    struct reader_facts facts;
    struct event *event = calloc(2 * MANY, sizeof *event);
    struct native_writer *writer = open_writer(&file);
    assert_non_null(event);
    for (uint32_t i = 0; i < 2 * MANY; i++)
        event[i] = (struct event){.position = i > MANY, .kind = EVENT_BRK, .address = i};
    make_block(2, 0);
    made.extras = (struct extras){.event = event, .event_count = MANY};
    for (int i = 0; i < 3; i++)
        assert_true(native_write(writer, &made.block, &made.extras, &err));
    made.extras.event_count = 2 * MANY;
    assert_false(native_write(writer, &made.block, &made.extras, &err));
    assert_non_null(strstr(err.text, "events stand among 2 accesses"));
    native_writer_free(writer);
    assert_true(read_bytes(file.at, file.count, SIZE_MAX, true, &got, &facts));
    assert_int_equal(got.records, 6);
    assert_int_equal(got.events, 3 * MANY);
    free(event);
    bytes_free(&file);
    bytes_free(&got.text);
}

/* ---- Damage ---- */

enum { CHUNKS = 5, CHUNK_RECORDS = 8 };

/* A chunk for each block, since every other one has pcs. The offsets of their headers, and of what follows them. */
static void write_small(struct bytes *file, struct log *wanted, size_t offset[CHUNKS + 1])
{
    struct native_writer *writer = open_writer(file);
    for (int i = 0; i < CHUNKS; i++) {
        make_block(CHUNK_RECORDS, WITH_EVENTS | WITH_DATA | (i % 2 == 0 ? WITH_PCS : 0));
        made.event[0] = (struct event){.kind = EVENT_THREAD, .id = (uint32_t)i + 1};
        made.extras.event = made.event;
        made.extras.event_count = 1;
        write_made(writer, wanted);
    }
    close_writer(writer);
    offset[0] = HEADER_BYTES + PIECE_BYTES + bytes_get32(file->at + HEADER_BYTES + PIECE_PAYLOAD_BYTES);
    for (int i = 0; i < CHUNKS; i++)
        offset[i + 1] = offset[i] + PIECE_BYTES + bytes_get32(file->at + offset[i] + PIECE_PAYLOAD_BYTES);
}

static struct bytes small;
static struct log small_log;
static size_t small_offset[CHUNKS + 1];

static int set_up_small(void **state)
{
    (void)state;
    write_small(&small, &small_log, small_offset);
    return 0;
}

static int tear_down_small(void **state)
{
    (void)state;
    bytes_free(&small);
    bytes_free(&small_log.text);
    small_log = (struct log){0};
    return 0;
}

static void every_flipped_byte_is_an_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < small.count; i++) {
        for (int how = 0; how < 2; how++) {
            struct log got;
            struct reader_facts facts;
            const uint8_t was = small.at[i];
            small.at[i] = (uint8_t)(was ^ (how == 0 ? 1 << i % 8 : 0xff));
            err.text[0] = '\0';
            if (read_bytes(small.at, small.count, SIZE_MAX, false, &got, &facts))
                fail_msg("byte %zu", i);
            assert_true(strlen(err.text) > 20);
            bytes_free(&got.text);
            /* What is whole is read, and what is not is counted. */
            if (read_bytes(small.at, small.count, SIZE_MAX, true, &got, &facts)) {
                assert_true(facts.losses > 0);
                assert_int_equal(got.records + facts.lost_records, CHUNKS * CHUNK_RECORDS);
                assert_true(facts.lost_records <= CHUNK_RECORDS);
            } else {
                assert_true(i == HEADER_MAJOR || i == HEADER_MAJOR + 1 || i < NATIVE_MAGIC_BYTES);
            }
            bytes_free(&got.text);
            small.at[i] = was;
        }
    }
}

static void every_cut_is_an_error(void **state)
{
    (void)state;
    for (size_t size_bytes = 0; size_bytes < small.count; size_bytes++) {
        struct log got;
        struct reader_facts facts;
        uint64_t chunks = 0;
        while (chunks < CHUNKS && small_offset[chunks + 1] <= size_bytes)
            chunks++;
        assert_false(read_bytes(small.at, size_bytes, SIZE_MAX, false, &got, &facts));
        bytes_free(&got.text);
        char wanted[128];
        snprintf(wanted, sizeof wanted,
                 "ends after %" PRIu64 " whole chunks, %" PRIu64 " records, at byte %zu: it was cut", chunks,
                 chunks * CHUNK_RECORDS, size_bytes);
        if (strstr(err.text, wanted) == NULL)
            fail_msg("%s, not %s", err.text, wanted);
        assert_true(read_bytes(small.at, size_bytes, SIZE_MAX, true, &got, &facts));
        assert_int_equal(got.records, chunks * CHUNK_RECORDS);
        assert_true(facts.losses == 1 && facts.cut && facts.lost_records == 0);
        if (got.text.count > 0)
            assert_memory_equal(got.text.at, small_log.text.at, got.text.count);
        bytes_free(&got.text);
    }
}

static void what_follows_is_an_error(void **state)
{
    (void)state;
    struct log got;
    struct reader_facts facts;
    struct bytes twice = {0};
    take_bytes(&twice, small.at, small.count, NULL);
    take_bytes(&twice, small.at, small.count, NULL);
    assert_false(read_bytes(twice.at, twice.count, 100, false, &got, &facts));
    assert_non_null(strstr(err.text, "is followed by something else"));
    bytes_free(&got.text);
    assert_true(read_bytes(twice.at, twice.count, 100, true, &got, &facts));
    assert_true(facts.losses == 1 && !facts.cut);
    assert_logs_equal(&got, &small_log);
    bytes_free(&got.text);
    bytes_free(&twice);
}

/* The bytes of a chunk changed, its header, two chunks, the third taken out, the second there twice. */
static void what_is_lost_is_told_in_its_place(void **state)
{
    (void)state;
    static const char *const names[] = {"payload", "header", "both", "missing", "twice"};
    for (int how = 0; how < 5; how++) {
        struct bytes file = {0};
        struct log got;
        struct reader_facts facts;
        if (how == 3) {
            take_bytes(&file, small.at, small_offset[2], NULL);
            take_bytes(&file, small.at + small_offset[3], small.count - small_offset[3], NULL);
        } else if (how == 4) {
            take_bytes(&file, small.at, small_offset[2], NULL);
            take_bytes(&file, small.at + small_offset[1], small.count - small_offset[1], NULL);
        } else {
            take_bytes(&file, small.at, small.count, NULL);
            if (how != 1)
                file.at[small_offset[3] - 1] ^= 1;
            if (how != 0)
                file.at[small_offset[3] + (how == 1 ? 0 : PIECE_FIRST_RECORD)] ^= 1;
        }
        const uint64_t lost = how == 4 ? 0 : how == 2 ? 2 * CHUNK_RECORDS : CHUNK_RECORDS;
        const uint64_t before = (how == 1 ? 3 : 2) * CHUNK_RECORDS;
        assert_false(read_bytes(file.at, file.count, SIZE_MAX, false, &got, &facts));
        assert_non_null(strstr(err.text, "--keep-going"));
        bytes_free(&got.text);
        if (!read_bytes(file.at, file.count, 64, true, &got, &facts))
            fail_msg("%s: %s", names[how], err.text);
        assert_int_equal(got.records, CHUNKS * CHUNK_RECORDS - lost);
        assert_int_equal(facts.lost_records, lost);
        assert_true(facts.losses > 0 && !facts.cut && strlen(facts.first_loss) > 20);
        assert_true(facts.hash == 0);
        char gap[128];
        snprintf(gap, sizeof gap, "event %d 0 0 0 0 %" PRIx64 " 0 0 -\n", EVENT_GAP, lost);
        assert_true(bytes_reserve(&got.text, 1));
        got.text.at[got.text.count] = '\0';
        const char *told = strstr((const char *)got.text.at, gap);
        assert_true((told != NULL) == (lost > 0));
        uint64_t lines = 0;
        for (const char *p = (const char *)got.text.at; p < told; p++)
            lines += *p == '\n' && strncmp(p + 1, "event", 5) != 0 && p + 1 < told;
        if (told != NULL) {
            /* And whose the accesses behind it are, as the lost chunk told. */
            char thread[64];
            const uint64_t after = (before + lost) / CHUNK_RECORDS;
            assert_int_equal(lines + (strncmp((const char *)got.text.at, "event", 5) != 0), before);
            snprintf(thread, sizeof thread, "event %d 0 %" PRIu64 " 0 0 0 0 0 -\n", EVENT_THREAD, after);
            assert_memory_equal(told + strlen(gap), thread, strlen(thread));
        }
        bytes_free(&got.text);
        bytes_free(&file);
    }
}

/* The thread is named in the second of four chunks alone: where that is lost the third tells it, and the fourth does not. */
static void a_lost_thread_is_told_once(void **state)
{
    (void)state;
    struct bytes file = {0};
    struct log written = {0};
    struct log got;
    struct reader_facts facts;
    const struct event thread = {.kind = EVENT_THREAD, .id = 9};
    struct native_writer *writer = open_writer(&file);
    size_t offset[4];
    for (int i = 0; i < 4; i++) {
        make_block(CHUNK_RECORDS, i % 2 == 0 ? WITH_PCS : 0);
        made.extras.event = &thread;
        made.extras.event_count = i == 1;
        write_made(writer, &written);
        offset[i] = file.count; /* the chunk before this one is written */
    }
    close_writer(writer);
    file.at[offset[2] - 1] ^= 1;
    assert_true(read_bytes(file.at, file.count, SIZE_MAX, true, &got, &facts));
    assert_int_equal(facts.lost_records, CHUNK_RECORDS);
    assert_int_equal(got.events, 2);
    assert_true(bytes_reserve(&got.text, 1));
    got.text.at[got.text.count] = '\0';
    assert_non_null(strstr((const char *)got.text.at, "event 11 0 0 0 0 8 0 0 -\nevent 1 0 9 0 0 0 0 0 -\n"));
    bytes_free(&file);
    bytes_free(&written.text);
    bytes_free(&got.text);
}

/* Of a chunk with bytes too few or too many the length misleads, and the next one is found all the same. */
static void bytes_that_are_missing_cost_their_chunk(void **state)
{
    (void)state;
    enum { CHANGE = 7 };
    for (int more = 0; more < 2; more++) {
        struct bytes file = {0};
        struct log got;
        struct reader_facts facts;
        struct native_writer *writer = open_writer(&file);
        size_t offset[4];
        for (int i = 0; i < 4; i++) {
            make_block(CHUNK_RECORDS, i % 2 == 0 ? WITH_PCS : 0);
            assert_true(native_write(writer, &made.block, &made.extras, &err));
            offset[i] = file.count; /* the chunk before this one is written */
        }
        close_writer(writer);
        uint8_t *at = file.at + offset[2] - 2 * CHANGE; /* in the second chunk */
        const size_t behind = file.count - (size_t)(at - file.at);
        assert_true(bytes_reserve(&file, CHANGE));
        at = file.at + offset[2] - 2 * CHANGE;
        if (more)
            memmove(at + CHANGE, at, behind);
        else
            memmove(at, at + CHANGE, behind - CHANGE);
        const size_t count = more ? file.count + CHANGE : file.count - CHANGE;
        assert_true(read_bytes(file.at, count, SIZE_MAX, true, &got, &facts));
        assert_int_equal(facts.lost_records, CHUNK_RECORDS);
        assert_int_equal(got.records, 3 * CHUNK_RECORDS);
        bytes_free(&file);
        bytes_free(&got.text);
    }
}

/* ---- Lies ---- */

/* The checksum is right, and the last byte of the access lies behind the last address. */
static void accesses_are_checked(void **state)
{
    (void)state;
    for (uint32_t size_bytes = 8; size_bytes <= 9; size_bytes++) {
        struct bytes file = {0};
        struct log got;
        struct reader_facts facts;
        struct native_writer *writer = open_writer(&file);
        make_block(100, 0);
        made.block.va[70] = UINT64_MAX - 7;
        made.block.meta[70] = access_meta(ACCESS_LOAD, size_bytes);
        assert_true(native_write(writer, &made.block, &made.extras, &err));
        close_writer(writer);
        assert_true(read_bytes(file.at, file.count, SIZE_MAX, false, &got, &facts) == (size_bytes == 8));
        bytes_free(&file);
        bytes_free(&got.text);
    }
    assert_non_null(strstr(err.text, "end beyond the last address"));
}

static void sign(uint8_t *piece)
{
    bytes_put64(piece + PIECE_PAYLOAD_HASH, XXH3_64bits(piece + PIECE_BYTES, bytes_get32(piece + PIECE_PAYLOAD_BYTES)));
    bytes_put64(piece + PIECE_HASH, XXH3_64bits(piece, PIECE_HASH));
}

/* Headers and payloads whose checksums are right, and that say what cannot be. */
static void lies_are_errors(void **state)
{
    (void)state;
    static const struct {
        size_t field;
        unsigned width;
        uint64_t value;
        const char *message;
    } lies[] = {
        {PIECE_PAYLOAD_BYTES, 4, UINT32_MAX, "no good header"},
        {PIECE_PAYLOAD_BYTES, 4, NATIVE_PAYLOAD_BYTES_MAX + 1, "no good header"},
        {PIECE_PAYLOAD_BYTES, 4, NATIVE_PAYLOAD_BYTES_MAX, "it was cut"},
        {PIECE_ACCESSES, 4, UINT32_MAX, "no good header"},
        {PIECE_ACCESSES, 4, COLUMNS_ACCESSES, "cannot be unpacked"},
        {PIECE_ACCESSES, 4, CHUNK_RECORDS + 1, "cannot be unpacked"},
        {PIECE_ACCESSES, 4, CHUNK_RECORDS - 1, "cannot be unpacked"},
        {PIECE_ACCESSES, 4, 0, "cannot be unpacked"},
        {PIECE_EVENTS, 4, UINT32_MAX, "cannot be unpacked"},
        {PIECE_EVENTS, 4, 2, "cannot be unpacked"},
        {PIECE_EVENTS, 4, 0, "cannot be unpacked"},
        {PIECE_COLUMNS_BYTES, 4, UINT32_MAX, "no good header"},
        {PIECE_COLUMNS_BYTES, 4, 0, "cannot be unpacked"},
        {PIECE_SECTIONS, 1, 0, "cannot be unpacked"},
        {PIECE_SECTIONS, 1, 0xff, "cannot be unpacked"},
        {PIECE_FIRST_RECORD, 8, 0, "there twice"},
        {PIECE_FIRST_RECORD, 8, UINT64_MAX, "is missing"},
        {PIECE_TYPE, 1, 9, "type 9"},
        {PIECE_TYPE, 1, PIECE_TYPE_METADATA, "no JSON object"},
        {PIECE_TYPE, 1, PIECE_TYPE_INDEX, "index is of another trace"},
    };
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct bytes file = {0};
        struct log got;
        struct reader_facts facts;
        take_bytes(&file, small.at, small.count, NULL);
        uint8_t *piece = file.at + small_offset[2];
        if (lies[i].width == 8)
            bytes_put64(piece + lies[i].field, lies[i].value);
        else if (lies[i].width == 4)
            bytes_put32(piece + lies[i].field, (uint32_t)lies[i].value);
        else
            piece[lies[i].field] = (uint8_t)lies[i].value;
        bytes_put64(piece + PIECE_HASH, XXH3_64bits(piece, PIECE_HASH));
        assert_false(read_bytes(file.at, file.count, SIZE_MAX, false, &got, &facts));
        if (strstr(err.text, lies[i].message) == NULL)
            fail_msg("%zu: %s, not %s", i, err.text, lies[i].message);
        bytes_free(&got.text);
        assert_true(read_bytes(file.at, file.count, SIZE_MAX, true, &got, &facts));
        assert_true(facts.losses > 0);
        bytes_free(&got.text);
        bytes_free(&file);
    }
}

/* Any byte of a payload, whose checksum is then made right again: the unpackers see what no writer wrote. */
static void no_payload_is_trusted(void **state)
{
    (void)state;
    uint64_t errors = 0;
    for (size_t i = small_offset[2] + PIECE_BYTES; i < small_offset[3]; i++) {
        struct bytes file = {0};
        struct log got;
        struct reader_facts facts;
        take_bytes(&file, small.at, small.count, NULL);
        file.at[i] = (uint8_t)draw(256);
        sign(file.at + small_offset[2]);
        if (!read_bytes(file.at, file.count, SIZE_MAX, false, &got, &facts)) {
            const bool unpacked = strstr(err.text, "index is of another trace") != NULL;
            errors += !unpacked;
            assert_true(unpacked || strstr(err.text, "chunk 3, at byte ") != NULL);
        }
        bytes_free(&got.text);
        bytes_free(&file);
    }
    assert_true(errors > 0);
}

static void noise_is_an_error(void **state)
{
    (void)state;
    for (int trial = 0; trial < 500; trial++) {
        uint8_t noise[300];
        struct log got;
        struct reader_facts facts;
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (uint8_t)draw(256);
        const size_t kept = trial % 4 == 0 ? 0 : trial % 4 == 1 ? NATIVE_MAGIC_BYTES : HEADER_BYTES;
        memcpy(noise, small.at, kept);
        if (trial % 4 == 3)
            memcpy(noise + HEADER_BYTES, NATIVE_SYNC, PIECE_TYPE);
        for (int keep_going = 0; keep_going < 2; keep_going++) {
            const bool good = read_bytes(noise, sizeof noise, 50, keep_going == 1, &got, &facts);
            assert_true(!good || (keep_going == 1 && facts.losses > 0));
            assert_int_equal(got.records, 0);
            bytes_free(&got.text);
        }
    }
}

static void other_versions_are_told(void **state)
{
    (void)state;
    struct bytes file = {0};
    struct log got;
    struct reader_facts facts;
    take_bytes(&file, small.at, small_offset[2], NULL);
    /* A piece of a type that a later minor version has, in between. */
    uint8_t *piece = malloc(PIECE_BYTES + 5);
    assert_non_null(piece);
    memcpy(piece, small.at + small_offset[2], PIECE_BYTES);
    piece[PIECE_TYPE] = 9;
    bytes_put32(piece + PIECE_PAYLOAD_BYTES, 5);
    bytes_put32(piece + PIECE_COLUMNS_BYTES, 0);
    memcpy(piece + PIECE_BYTES, "later", 5);
    sign(piece);
    take_bytes(&file, piece, PIECE_BYTES + 5, NULL);
    take_bytes(&file, small.at + small_offset[2], small.count - small_offset[2], NULL);
    free(piece);
    bytes_put16(file.at + HEADER_MINOR, NATIVE_MINOR + 1);
    bytes_put32(file.at + HEADER_HASH, (uint32_t)XXH3_64bits(file.at, HEADER_HASH));
    /* The hash of the trace is another one: what is held against it is how far the reading goes. */
    assert_false(read_bytes(file.at, file.count, SIZE_MAX, false, &got, &facts));
    assert_non_null(strstr(err.text, "index is of another trace"));
    assert_logs_equal(&got, &small_log);
    bytes_free(&got.text);
    bytes_put16(file.at + HEADER_MAJOR, NATIVE_MAJOR + 1);
    bytes_put32(file.at + HEADER_HASH, (uint32_t)XXH3_64bits(file.at, HEADER_HASH));
    assert_false(read_bytes(file.at, file.count, SIZE_MAX, true, &got, &facts));
    assert_non_null(strstr(err.text, "version 2.1"));
    bytes_free(&got.text);
    bytes_free(&file);
}

/* ---- In a file ---- */

static void write_file(const char *path, const void *bytes, size_t size_bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size_bytes, file), size_bytes);
    assert_int_equal(fclose(file), 0);
}

static void the_index_tells_of_all_of_it(void **state)
{
    (void)state;
    struct bytes file = {0};
    struct log log = {0};
    struct footprint footprint;
    uint64_t of_kind[4] = {0};
    assert_true(footprint_init(&footprint, UINT64_MAX));
    struct native_writer *writer = open_writer(&file);
    for (int i = 0; i < 6; i++) {
        make_block(1000, i < 3 ? WITH_EVENTS : WITH_PCS);
        write_made(writer, &log);
        assert_true(footprint_add(&footprint, &made.block));
        for (unsigned kind = 0; kind < 4; kind++)
            of_kind[kind] += made.block.of_kind[kind];
    }
    close_writer(writer);
    write_file("all.pwt", file.at, file.count);
    const int fd = open("all.pwt", O_RDONLY);
    struct native_index *index = native_index_read(fd, &err);
    if (index == NULL)
        fail_msg("%s", err.text);
    assert_int_equal(index->records, log.records);
    assert_int_equal(index->events, log.events);
    assert_memory_equal(index->of_kind, of_kind, sizeof of_kind);
    assert_true(index->lowest == footprint.lowest && index->highest == footprint.highest);
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++)
        assert_int_equal(index->pages[i], footprint.page[i].count);
    assert_int_equal(index->chunk_count, 2);
    assert_int_equal(index->chunk[1].first_record, 3001);
    assert_int_equal(index->chunk[0].accesses, 3000);
    assert_int_equal(index->chunk[0].of_kind[1] + index->chunk[1].of_kind[1], of_kind[1]);
    assert_true(index->with_pcs && !index->with_data);
    assert_string_equal(json_string_value(json_object_get(index->metadata, "command")), "ls -l");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(index->metadata, "unknown"), "key")), 7);

    /* And the reader finds the same. */
    static struct block block;
    struct reader *reader = reader_open("all.pwt", NULL, &err);
    assert_non_null(reader);
    do
        assert_true(reader_next(reader, &block, &err));
    while (block.count > 0);
    assert_true(json_equal(reader_metadata(reader), index->metadata));
    assert_string_equal(reader_facts(reader)->format, "native");
    assert_true(reader_facts(reader)->hash == index->hash && index->hash != 0);
    assert_int_equal(reader_facts(reader)->records, index->records);
    reader_close(reader);
    native_index_free(index);
    close(fd);
    footprint_free(&footprint);
    bytes_free(&file);
    bytes_free(&log.text);
}

static bool has_index(int fd)
{
    struct native_index *index = native_index_read(fd, &err);
    native_index_free(index);
    return index != NULL;
}

/* No byte of it either is taken on trust, nor its end. */
static void a_bad_index_is_an_error(void **state)
{
    (void)state;
    const size_t index_offset = small_offset[CHUNKS];
    write_file("bad.pwt", small.at, small.count);
    const int fd = open("bad.pwt", O_RDWR);
    assert_true(has_index(fd));
    for (size_t i = 0; i < small.count; i++) {
        if (i >= small_offset[0] && i < index_offset)
            continue; /* the chunks are not read */
        const uint8_t flipped = small.at[i] ^ 0x10;
        assert_int_equal(pwrite(fd, &flipped, 1, (off_t)i), 1);
        assert_false(has_index(fd));
        assert_int_equal(pwrite(fd, &small.at[i], 1, (off_t)i), 1);
    }
    /* Checksums that are right do not make it right: offsets and numbers that cannot be. */
    const size_t piece_bytes = small.count - TRAILER_BYTES - index_offset;
    uint8_t *piece = malloc(piece_bytes);
    assert_non_null(piece);
    uint32_t refused = 0;
    for (size_t i = PIECE_BYTES; i < piece_bytes; i++) {
        memcpy(piece, small.at + index_offset, piece_bytes);
        piece[i] ^= 0x80;
        sign(piece);
        assert_int_equal(pwrite(fd, piece, piece_bytes, (off_t)index_offset), piece_bytes);
        refused += !has_index(fd);
    }
    /* At least the offset, number and accesses of each chunk, and the totals of accesses and chunks. */
    assert_true(refused >= CHUNKS * (7 + 8 + 4) + 8 + 4);
    free(piece);
    write_file("bad.pwt", small.at, small.count);
    for (size_t size_bytes = small.count; size_bytes-- > 0;) {
        assert_int_equal(ftruncate(fd, (off_t)size_bytes), 0);
        assert_false(has_index(fd));
    }
    close(fd);
}

static void any_record_is_sought(void **state)
{
    (void)state;
    static struct block block;
    write_file("small.pwt", small.at, small.count);
    for (uint64_t record = 1; record <= CHUNKS * CHUNK_RECORDS; record++) {
        uint64_t next;
        struct reader *reader = reader_open("small.pwt", NULL, &err);
        assert_non_null(reader);
        if (!reader_seek(reader, record, &next, &err))
            fail_msg("%s", err.text);
        assert_int_equal(next, (record - 1) / CHUNK_RECORDS * CHUNK_RECORDS + 1);
        struct log got = {0};
        do {
            assert_true(reader_next(reader, &block, &err));
            assert_true(got.records > 0 || block.first_record == next);
            log_block(&got, &block, reader_extras(reader));
        } while (block.count > 0);
        assert_int_equal(got.records, CHUNKS * CHUNK_RECORDS - (next - 1));
        /* But for the thread, which the chunk says itself, it is the end of the whole. */
        const size_t first = next > 1 ? strcspn((const char *)got.text.at, "\n") + 1 : 0;
        assert_memory_equal(got.text.at + first, small_log.text.at + small_log.text.count - (got.text.count - first),
                            got.text.count - first);
        bytes_free(&got.text);
        reader_close(reader);
    }
    struct reader *reader = reader_open("small.pwt", NULL, &err);
    uint64_t next;
    assert_false(reader_seek(reader, CHUNKS * CHUNK_RECORDS + 1, &next, &err));
    assert_non_null(strstr(err.text, "small.pwt: holds 40 records"));
    reader_close(reader);
}

static void text_transfers_are_recognised(void **state)
{
    (void)state;
    char head[INPUT_HEAD_BYTES] = {0};
    memcpy(head, small.at, 64);
    assert_true(native_format.recognise(head, sizeof head));
    head[0] &= 0x7f;
    assert_true(native_format.recognise(head, sizeof head));
    head[1] = 'N';
    assert_false(native_format.recognise(head, sizeof head));
    assert_false(native_format.recognise("", 0));
    struct log got;
    struct reader_facts facts;
    memcpy(head, small.at, 64);
    memmove(head + 4, head + 5, 32); /* \r\n became \n */
    assert_false(read_bytes(head, sizeof head, SIZE_MAX, false, &got, &facts));
    assert_non_null(strstr(err.text, "taken for text"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_trace_comes_out_as_it_went_in),
        cmocka_unit_test(chunks_are_cut_anywhere),
        cmocka_unit_test(nothing_is_a_trace_of_nothing),
        cmocka_unit_test(events_have_their_bounds),
        cmocka_unit_test_setup_teardown(every_flipped_byte_is_an_error, set_up_small, tear_down_small),
        cmocka_unit_test_setup_teardown(every_cut_is_an_error, set_up_small, tear_down_small),
        cmocka_unit_test_setup_teardown(what_follows_is_an_error, set_up_small, tear_down_small),
        cmocka_unit_test_setup_teardown(what_is_lost_is_told_in_its_place, set_up_small, tear_down_small),
        cmocka_unit_test(a_lost_thread_is_told_once),
        cmocka_unit_test(bytes_that_are_missing_cost_their_chunk),
        cmocka_unit_test(accesses_are_checked),
        cmocka_unit_test_setup_teardown(lies_are_errors, set_up_small, tear_down_small),
        cmocka_unit_test_setup_teardown(no_payload_is_trusted, set_up_small, tear_down_small),
        cmocka_unit_test_setup_teardown(noise_is_an_error, set_up_small, tear_down_small),
        cmocka_unit_test_setup_teardown(other_versions_are_told, set_up_small, tear_down_small),
        cmocka_unit_test(the_index_tells_of_all_of_it),
        cmocka_unit_test_setup_teardown(a_bad_index_is_an_error, set_up_small, tear_down_small),
        cmocka_unit_test_setup_teardown(any_record_is_sought, set_up_small, tear_down_small),
        cmocka_unit_test_setup_teardown(text_transfers_are_recognised, set_up_small, tear_down_small),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
