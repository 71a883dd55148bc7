/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "traces/stream_words.h"

enum { STREAM_BYTES = 1 << 20, ACCESSES = 20000, EVENTS = 6000 };

/* A stream as it is made. */
static struct {
    char bytes[STREAM_BYTES];
    size_t size_bytes;
    size_t frame; /* where the frame at hand begins */
} made;

/* What a reader made of one. */
static struct {
    uint32_t count;
    uint64_t va[ACCESSES];
    uint16_t meta[ACCESSES];
    uint64_t pc[ACCESSES];
    bool has_pc;
    uint32_t event_count;
    uint64_t event_at[EVENTS]; /* accesses before it */
    struct event event[EVENTS];
    char name[EVENTS][32];
    struct err err;
    struct reader_facts facts;
} got;

static void put_half(uint32_t half)
{
    half = htole32(half);
    memcpy(made.bytes + made.size_bytes, &half, sizeof half);
    made.size_bytes += sizeof half;
}

static void put(uint64_t word)
{
    word = htole64(word);
    memcpy(made.bytes + made.size_bytes, &word, sizeof word);
    made.size_bytes += sizeof word;
}

static void begin_frame(uint32_t process)
{
    made.frame = made.size_bytes;
    put((uint64_t)process << 32);
}

static void end_frame(void)
{
    const uint32_t words = htole32((uint32_t)((made.size_bytes - made.frame) / 8 - 1));
    memcpy(made.bytes + made.frame, &words, sizeof words);
}

static void begin_texts(uint32_t version, uint32_t flags, uint32_t first_bytes, uint32_t second_bytes)
{
    memset(&made, 0, sizeof made);
    memcpy(made.bytes, STREAM_MAGIC, STREAM_MAGIC_BYTES);
    made.size_bytes = STREAM_MAGIC_BYTES;
    put_half(version);
    put_half(flags);
    put_half(first_bytes);
    put_half(second_bytes);
    made.size_bytes += (first_bytes + second_bytes + 7) / 8 * 8;
}

static void begin(uint32_t flags)
{
    begin_texts(1, flags, 5, 4);
    begin_frame(1);
}

static uint64_t access_word(uint64_t va, enum access_kind kind, uint32_t size_bytes)
{
    return va << 16 | access_meta(kind, size_bytes);
}

static void end(void)
{
    put(stream_event(STREAM_END, 0, 0));
    end_frame();
}

static void put_event(const struct event *event)
{
    const uint32_t name_words = event->name == NULL ? 0 : (uint32_t)(strlen(event->name) + 7) / 8;
    put(stream_event(event->kind, 5 + name_words, event->id));
    put(event->address);
    put(event->size_bytes);
    put(event->old_address);
    put(event->old_size_bytes);
    put((uint64_t)event->flags << 32 | event->protection);
    if (event->name != NULL)
        memcpy(made.bytes + made.size_bytes, event->name, strlen(event->name));
    made.size_bytes += 8 * name_words;
}

static void keep(const struct block *block, const struct extras *extras)
{
    assert_true(got.count + block->count <= ACCESSES);
    assert_true(got.event_count + extras->event_count <= EVENTS);
    uint32_t position = 0;
    for (uint32_t i = 0; i < extras->event_count; i++) {
        const struct event *event = &extras->event[i];
        assert_true(event->position >= position && event->position <= block->count);
        position = event->position;
        got.event_at[got.event_count] = got.count + position;
        got.event[got.event_count] = *event;
        if (event->name != NULL)
            snprintf(got.name[got.event_count], sizeof got.name[0], "%s", event->name);
        got.event_count++;
    }
    got.has_pc = got.has_pc || extras->pc != NULL;
    memcpy(got.va + got.count, block->va, block->count * sizeof *got.va);
    memcpy(got.meta + got.count, block->meta, block->count * sizeof *got.meta);
    if (extras->pc != NULL)
        memcpy(got.pc + got.count, extras->pc, block->count * sizeof *got.pc);
    got.count += block->count;
}

/* Reads the first bytes of what was made, by the reader. */
static bool read_first(size_t size_bytes, bool cut_allowed)
{
    char path[] = "/tmp/stream_test.XXXXXX";
    static struct block block;
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, made.bytes, size_bytes), size_bytes);
    close(fd);
    memset(&got, 0, sizeof got);
    struct reader *reader = reader_open(path, "stream", &got.err);
    unlink(path);
    bool good = reader != NULL;
    if (good && cut_allowed)
        reader_allow_cut(reader);
    while (good && (good = reader_next(reader, &block, &got.err))) {
        keep(&block, reader_extras(reader));
        if (block.count == 0)
            break;
    }
    if (reader != NULL)
        got.facts = *reader_facts(reader);
    reader_close(reader);
    return good;
}

static bool read_made(void)
{
    return read_first(made.size_bytes, false);
}

static void assert_wrong(const char *expected)
{
    assert_false(read_made());
    const char *text = strstr(got.err.text, ": ");
    assert_non_null(text);
    assert_string_equal(text + 2, expected);
}

static void accesses_are_what_was_put(void **state)
{
    (void)state;
    const uint64_t words[] = {
        access_word(0x401000, ACCESS_FETCH, 1),           access_word(0x1ffefff164, ACCESS_LOAD, 8),
        access_word(0x7fffffffffff, ACCESS_STORE, 1),     access_word(0, ACCESS_MODIFY, 4096),
        access_word(0xffffffffff600000, ACCESS_FETCH, 9), access_word(0xffffffffffffffff, ACCESS_LOAD, 1),
    };
    const uint64_t va[] = {0x401000, 0x1ffefff164, 0x7fffffffffff, 0, 0xffffffffff600000, 0xffffffffffffffff};
    begin(0);
    for (int i = 0; i < 6; i++)
        put(words[i]);
    end();
    assert_true(read_made());
    assert_int_equal(got.count, 6);
    assert_false(got.has_pc);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(got.va[i], va[i]);
        assert_int_equal(got.meta[i], words[i] & 0xffff);
    }
    assert_string_equal(got.facts.format, "stream");
    assert_int_equal(got.facts.records, 6);
    assert_int_equal(got.facts.lines, 0);
    /* The first process is told of. */
    assert_int_equal(got.event_count, 1);
    assert_int_equal(got.event[0].kind, EVENT_PROCESS);
    assert_int_equal(got.event[0].id, 1);
}

/* Many blocks, of frames whose lengths fit neither blocks nor batches, and events at every place of a batch. */
static void make_long(void)
{
    begin(0);
    for (uint32_t i = 0; i < 15000; i++) {
        if (i > 0 && i % 257 == 0) {
            end_frame();
            begin_frame(1);
        }
        if (i % 263 == 100)
            put(stream_event(EVENT_THREAD, 0, i));
        put(access_word(0x1000 + i, i % 3 == 0 ? ACCESS_FETCH : ACCESS_STORE, i % 64 + 1));
    }
    end();
}

static void assert_long(void)
{
    assert_int_equal(got.count, 15000);
    for (uint32_t i = 0; i < 15000; i++) {
        assert_int_equal(got.va[i], 0x1000 + i);
        assert_int_equal(got.meta[i], access_meta(i % 3 == 0 ? ACCESS_FETCH : ACCESS_STORE, i % 64 + 1));
    }
    for (uint32_t i = 1; i < got.event_count; i++) {
        assert_int_equal(got.event[i].kind, EVENT_THREAD);
        assert_int_equal(got.event[i].id, 100 + 263 * (i - 1));
        assert_int_equal(got.event_at[i], 100 + 263 * (i - 1));
    }
    assert_int_equal(got.event_count, 1 + (15000 - 100 + 262) / 263);
}

static void events_stand_where_they_were_put(void **state)
{
    (void)state;
    make_long();
    assert_true(read_made());
    assert_long();
}

static void the_same_comes_however_it_is_cut_into_chunks(void **state)
{
    (void)state;
    make_long();
    const size_t steps[] = {1, 7, 64, 4099};
    for (size_t s = 0; s < 4; s++) {
        static struct block block;
        struct reader_facts facts = {.records = 0};
        struct input_chunk chunk = {.bytes = made.bytes};
        void *parser = calloc(1, stream_format.state_bytes);
        memset(&got, 0, sizeof got);
        block = (struct block){.first_record = 1};
        for (size_t fed = 0; fed < made.size_bytes || block.count > 0;) {
            size_t taken = 0;
            fed += fed + steps[s] < made.size_bytes ? steps[s] : made.size_bytes - fed;
            chunk.size_bytes = (size_t)(made.bytes + fed - chunk.bytes);
            chunk.last = fed == made.size_bytes;
            assert_true(stream_format.parse(parser, &chunk, &taken, &block, &facts, &got.err));
            chunk.bytes += taken;
            if (!block_is_full(&block) && !chunk.last)
                continue;
            const bool full = block_is_full(&block);
            keep(&block, stream_format.extras(parser));
            block.first_record += block.count;
            block.count = block.mark_count = 0;
            if (chunk.last && !full)
                break;
        }
        assert_ptr_equal(chunk.bytes, made.bytes + made.size_bytes);
        assert_long();
        stream_format.close(parser);
        free(parser);
    }
}

static void events_have_all_their_fields(void **state)
{
    (void)state;
    const struct event events[] = {
        {.kind = EVENT_MMAP,
         .address = 0x400000,
         .size_bytes = 0x2000,
         .protection = 5,
         .flags = 0x22,
         .name = "/bin/cat"},
        {.kind = EVENT_MMAP, .address = 0x600000, .size_bytes = 0x1000, .protection = 3, .flags = 1, .name = "[heap]"},
        {.kind = EVENT_MUNMAP, .address = 0x600000, .size_bytes = 0x1000},
        {.kind = EVENT_MREMAP, .address = 1 << 20, .size_bytes = 8192, .old_address = 1 << 21, .old_size_bytes = 4096},
        {.kind = EVENT_BRK, .address = 0xffffffffffff},
        {.kind = EVENT_MPROTECT, .address = 0x1000, .size_bytes = 0x1000, .protection = 1},
        {.kind = EVENT_FORK, .id = 0xffffffff},
        {.kind = EVENT_EXEC, .name = "true"},
        {.kind = EVENT_EXIT, .id = 2},
    };
    const uint32_t count = sizeof events / sizeof *events;
    begin(0);
    put(access_word(1, ACCESS_LOAD, 1));
    for (uint32_t i = 0; i < count; i++)
        put_event(&events[i]);
    end();
    assert_true(read_made());
    assert_int_equal(got.event_count, 1 + count);
    for (uint32_t i = 0; i < count; i++) {
        const struct event *event = &got.event[1 + i];
        assert_int_equal(got.event_at[1 + i], 1);
        assert_int_equal(event->kind, events[i].kind);
        assert_int_equal(event->address, events[i].address);
        assert_int_equal(event->size_bytes, events[i].size_bytes);
        assert_int_equal(event->old_address, events[i].old_address);
        assert_int_equal(event->old_size_bytes, events[i].old_size_bytes);
        assert_int_equal(event->protection, events[i].protection);
        assert_int_equal(event->flags, events[i].flags);
        assert_int_equal(event->id, events[i].id);
        assert_string_equal(got.name[1 + i], events[i].name == NULL ? "" : events[i].name);
    }
}

static void pcs_go_with_their_accesses(void **state)
{
    (void)state;
    begin(STREAM_HAS_PC);
    for (uint32_t i = 0; i < 10000; i++)
        if (i % 4 == 0) {
            put(access_word(0x400000 + i, ACCESS_FETCH, 4));
        } else {
            put(access_word(i, ACCESS_LOAD, 8) | STREAM_ACCESS_PC);
            put(UINT64_C(0xfffffffffff00000) + i);
        }
    end();
    assert_true(read_made());
    assert_true(got.has_pc);
    assert_int_equal(got.count, 10000);
    for (uint32_t i = 0; i < 10000; i++)
        assert_int_equal(got.meta[i], i % 4 == 0 ? access_meta(ACCESS_FETCH, 4) : access_meta(ACCESS_LOAD, 8));
    for (uint32_t i = 0; i < 10000; i++)
        assert_int_equal(got.pc[i], i % 4 == 0 ? 0x400000 + i : UINT64_C(0xfffffffffff00000) + i);
}

static void a_change_of_process_is_an_event(void **state)
{
    (void)state;
    const uint32_t processes[] = {1, 1, 7, 7, 1};
    begin_texts(1, STREAM_CHILDREN, 0, 0);
    for (uint32_t i = 0; i < 5; i++) {
        begin_frame(processes[i]);
        put(access_word(i, ACCESS_LOAD, 1));
        if (i == 3 || i == 4)
            put(stream_event(STREAM_END, 0, 0));
        end_frame();
    }
    assert_true(read_made());
    const uint32_t at[] = {0, 2, 4};
    assert_int_equal(got.count, 5);
    assert_int_equal(got.event_count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(got.event[i].kind, EVENT_PROCESS);
        assert_int_equal(got.event[i].id, processes[at[i]]);
        assert_int_equal(got.event_at[i], at[i]);
    }
}

/* A program that could not be executed goes on. */
static void an_end_may_be_taken_back_and_is_the_first_process_s(void **state)
{
    (void)state;
    begin(0);
    put(access_word(0, ACCESS_LOAD, 1));
    end();
    assert_true(read_made());
    begin_frame(1);
    put(access_word(1, ACCESS_LOAD, 1));
    end_frame();
    assert_false(read_made());
    assert_true(got.facts.cut);
    begin_frame(2);
    end();
    assert_false(read_made());
    begin_frame(1);
    end();
    assert_true(read_made());
    assert_int_equal(got.count, 2);
}

/* Whatever was whole of it is there, and an error says that it is not all. */
static void a_cut_stream_is_an_error_at_every_byte(void **state)
{
    (void)state;
    begin(0);
    for (uint32_t i = 0; i < 20; i++)
        put(access_word(i, ACCESS_LOAD, 1));
    put_event(&(struct event){.kind = EVENT_EXEC, .name = "a name of more than one word"});
    end();
    char expected[256];
    for (size_t size_bytes = 1; size_bytes < made.size_bytes; size_bytes++) {
        assert_false(read_first(size_bytes, false));
        snprintf(expected, sizeof expected,
                 "the stream ends at byte %zu, and PROGRAM had not ended there: it or its capture was killed, or the "
                 "file was cut; capture it again",
                 size_bytes);
        assert_string_equal(strstr(got.err.text, ": ") + 2, expected);
        const size_t whole = size_bytes < 48 ? 0 : (size_bytes - 48) / 8;
        if (whole == 0)
            continue;
        assert_true(read_first(size_bytes, true));
        assert_true(got.facts.cut);
        assert_int_equal(got.count, whole < 20 ? whole : 20);
    }
    assert_true(read_made());
    assert_false(got.facts.cut);
}

static void what_is_wrong_is_named_by_its_byte(void **state)
{
    (void)state;
    begin_texts(2, 0, 0, 0);
    assert_wrong("is a stream of version 2, and this pagewalk reads version 1; use the pagewalk that made it");
    begin_texts(1, 0x30, 0, 0);
    assert_wrong("the flags 00000030 at byte 12 are not all known (0000000f are); the stream is damaged: capture it "
                 "again");
    begin_texts(1, 0, 4000, 73);
    assert_wrong("the header's texts have 4073 bytes at byte 16, and the header has at most 4096; the stream is "
                 "damaged: capture it again");
    begin_texts(1, 0, 0, 0);
    put(stream_frame(1, 0));
    assert_wrong(
        "the word 0000000100000000 at byte 24 is not the beginning of a frame, of 1 to 131072 words; the stream "
        "is damaged, or of a newer pagewalk: capture it again, with this one");
    made.size_bytes -= 8;
    put(stream_frame(1, STREAM_FRAME_WORDS + 1));
    assert_wrong(
        "the word 0000000100020001 at byte 24 is not the beginning of a frame, of 1 to 131072 words; the stream "
        "is damaged, or of a newer pagewalk: capture it again, with this one");

    const struct {
        uint64_t word;
        const char *expected;
    } wrong[] = {
        {0xc000, "an access or an event"},
        {0x4000, "an event of a known kind"},
        {stream_event(EVENT_KINDS, 0, 0), "an event of a known kind"},
        {stream_event(EVENT_BRK, 0, 0) | 0x100, "an event of a known kind"},
        {stream_event(EVENT_BRK, 4, 0), "an event of as many words as events have"},
        {stream_event(EVENT_BRK, 390, 0), "an event of as many words as events have"},
        {stream_event(EVENT_BRK, 500, 0), "an event within its frame"},
        {stream_event(STREAM_END, 0, 0), "an end, which is a frame's last"},
        {access_word(0xffffffffffffffff, ACCESS_LOAD, 2), "an access that ends below 2^64"},
        {access_word(4, ACCESS_LOAD, 2) | STREAM_ACCESS_PC, "an access without a pc"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char expected[256];
        begin(0);
        put(wrong[i].word);
        for (int k = 0; k < 450; k++)
            put(0);
        end();
        snprintf(
            expected, sizeof expected,
            "the word %016llx at byte 48 is not %s; the stream is damaged, or of a newer pagewalk: capture it again, "
            "with this one",
            (unsigned long long)wrong[i].word, wrong[i].expected);
        assert_wrong(expected);
    }
    begin(STREAM_HAS_PC);
    put(access_word(4, ACCESS_LOAD, 2));
    end();
    assert_wrong(
        "the word 0000000000041001 at byte 48 is not an access with a pc; the stream is damaged, or of a newer "
        "pagewalk: capture it again, with this one");
    begin(0);
    put_event(&(struct event){.kind = EVENT_EXEC, .name = "name"});
    put(0);
    end();
    made.bytes[48 + 2] = 7; /* a word of zeros behind the name */
    assert_wrong("the word 0000000000074009 at byte 48 is not an event with a name that fills its words; the stream is "
                 "damaged, or of a newer "
                 "pagewalk: capture it again, with this one");
}

/* Events alone take no more memory than those of a block, and events between accesses end blocks. */
static void events_without_accesses_are_bounded(void **state)
{
    (void)state;
    begin(0);
    put(access_word(1, ACCESS_LOAD, 1));
    for (uint32_t i = 0; i < 5000; i++)
        put(stream_event(EVENT_THREAD, 0, i));
    put(access_word(2, ACCESS_LOAD, 1));
    end();
    assert_true(read_made());
    assert_int_equal(got.count, 2);
    assert_int_equal(got.event_count, 5001);
    for (uint32_t i = 0; i < 5000; i++) {
        assert_int_equal(got.event[1 + i].id, i);
        assert_int_equal(got.event_at[1 + i], 1);
    }
    begin(0);
    for (uint32_t i = 0; i < 5000; i++)
        put(stream_event(EVENT_THREAD, 0, i));
    end();
    assert_wrong("more than 4096 events up to byte 32808 have no access between them, as those of no program; the "
                 "stream is damaged: capture it again");
}

/* Nothing but an error, and no byte read that is not there, as the sanitizers see. */
static void any_bytes_will_do(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int round = 0; round < 300; round++) {
        begin(round % 2 == 0 ? 0 : STREAM_HAS_PC);
        put_event(&(struct event){.kind = EVENT_EXEC, .name = "a name"});
        for (uint32_t i = 0; i < 60; i++)
            put(access_word(i, round % 2 == 0 ? ACCESS_LOAD : ACCESS_FETCH, 1));
        end();
        for (int k = 0; k < 1 + round % 5; k++) {
            random = random * 6364136223846793005 + 1442695040888963407;
            made.bytes[8 + (random >> 33) % (made.size_bytes - 8)] ^= (char)(1 << (random >> 60) % 8);
        }
        if (!read_made())
            assert_true(strlen(got.err.text) > 0);
        read_first(made.size_bytes - (size_t)(round % 40), true);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accesses_are_what_was_put),
        cmocka_unit_test(events_stand_where_they_were_put),
        cmocka_unit_test(the_same_comes_however_it_is_cut_into_chunks),
        cmocka_unit_test(events_have_all_their_fields),
        cmocka_unit_test(pcs_go_with_their_accesses),
        cmocka_unit_test(a_change_of_process_is_an_event),
        cmocka_unit_test(an_end_may_be_taken_back_and_is_the_first_process_s),
        cmocka_unit_test(a_cut_stream_is_an_error_at_every_byte),
        cmocka_unit_test(what_is_wrong_is_named_by_its_byte),
        cmocka_unit_test(events_without_accesses_are_bounded),
        cmocka_unit_test(any_bytes_will_do),
    };
    return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
