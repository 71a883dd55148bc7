/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/format_testing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

/* Not assert, which a build may leave out. */
#define CHECK(condition) ((condition) ? (void)0 : end_here(#condition, __LINE__))

_Noreturn static void end_here(const char *condition, int line)
{
    fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, line, condition);
    abort();
}

static void *grow(void *memory, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return memory;
    memory = realloc(memory, (count == 0 ? 1 : 2 * count) * size);
    CHECK(memory != NULL);
    return memory;
}

const struct trace_format *format_find(const char *name)
{
    for (const struct trace_format *const *format = reader_formats(); *format != NULL; format++)
        if (strcmp((*format)->name, name) == 0)
            return *format;
    fprintf(stderr, "no trace format %s\n", name);
    abort();
}

/* ---- What comes out ---- */

static void check_block(const struct block *block, const struct extras *extras)
{
    CHECK(block->count <= BLOCK_ACCESSES && block->mark_count <= BLOCK_MARKS);
    CHECK(block->count == 0 || (block->mark_count > 0 && block->mark[0].position == 0));
    for (uint32_t i = 1; i < block->mark_count; i++)
        CHECK(block->mark[i].position > block->mark[i - 1].position && block->mark[i].position < block->count);
    for (uint32_t i = 0; i < block->count; i++) {
        CHECK(access_kind(block->meta[i]) <= ACCESS_MODIFY);
        CHECK(block->va[i] + (access_size_bytes(block->meta[i]) - 1) >= block->va[i]);
    }
    for (uint32_t i = 0; i < extras->event_count; i++) {
        CHECK(extras->event[i].position <= block->count && extras->event[i].kind < EVENT_KINDS);
        CHECK(i == 0 || extras->event[i].position >= extras->event[i - 1].position);
    }
}

static void take_block(struct format_outcome *outcome, const struct block *block, const struct extras *extras)
{
    check_block(block, extras);
    for (uint32_t i = 0; i < extras->event_count; i++) {
        const struct event *event = &extras->event[i];
        outcome->event = grow(outcome->event, outcome->events, sizeof *outcome->event);
        outcome->event[outcome->events++] = (struct format_event){
            .records = outcome->records + event->position, .kind = (enum event_kind)event->kind, .id = event->id};
    }
    for (uint32_t i = 0; i < block->count; i++) {
        outcome->record = grow(outcome->record, outcome->records, sizeof *outcome->record);
        outcome->record[outcome->records++] = (struct format_record){
            .va = block->va[i],
            .pc = extras->pc == NULL ? 0 : extras->pc[i],
            .line = block_line(block, i),
            .kind = access_kind(block->meta[i]),
            .size_bytes = access_size_bytes(block->meta[i]),
        };
    }
}

/* ---- What goes in ---- */

/* A chunk in memory that ends where its pads do, which hold what looks like more of a trace. */
static char *make_chunk(const char *bytes, size_t size_bytes)
{
    static const char pad[INPUT_PAD_BYTES + 1] =
        "\n L 1fff0005e0,8\n0x40: R 0x80 8\n2 40\n\x19\0\0\0\x04\0\0\0\0\0\0\0\n,1\n";
    char *memory = malloc(size_bytes + 2UL * INPUT_PAD_BYTES);
    CHECK(memory != NULL);
    memcpy(memory, pad, INPUT_PAD_BYTES);
    if (size_bytes > 0)
        memcpy(memory + INPUT_PAD_BYTES, bytes, size_bytes);
    memcpy(memory + INPUT_PAD_BYTES + size_bytes, pad, INPUT_PAD_BYTES);
    return memory;
}

struct feed {
    const struct trace_format *format;
    void *state;
    struct block block;
    struct format_outcome *outcome;
};

static void begin_block(struct feed *feed)
{
    feed->block.count = 0;
    feed->block.mark_count = 0;
    feed->block.first_record = feed->outcome->records + 1;
}

static void end_block(struct feed *feed)
{
    static const struct extras none;
    take_block(feed->outcome, &feed->block, feed->format->extras == NULL ? &none : feed->format->extras(feed->state));
    begin_block(feed);
}

/* Gives the parser one chunk until it takes no more of it; returns how much it took. */
static size_t give(struct feed *feed, const char *bytes, size_t size_bytes, bool last)
{
    char *memory = make_chunk(bytes, size_bytes);
    size_t at = 0;
    for (bool more = true; more && feed->outcome->good;) {
        const struct input_chunk rest = {memory + INPUT_PAD_BYTES + at, size_bytes - at, last};
        size_t taken_bytes = 0;
        feed->outcome->good = feed->format->parse(feed->state, &rest, &taken_bytes, &feed->block, &feed->outcome->facts,
                                                  &feed->outcome->err);
        CHECK(taken_bytes <= rest.size_bytes);
        at += taken_bytes;
        more = feed->outcome->good && (block_is_full(&feed->block) ||
                                       (feed->format->ends_block != NULL && feed->format->ends_block(feed->state)));
        if (more)
            end_block(feed);
    }
    free(memory);
    CHECK(!feed->outcome->good || size_bytes - at <= (last ? 0 : INPUT_CARRY_BYTES));
    return at;
}

struct format_outcome format_read(const struct trace_format *format, const char *bytes, size_t size_bytes,
                                  size_t first_bytes, size_t each_bytes)
{
    struct format_outcome outcome = {.good = true, .facts = {.caveat = format->caveat}};
    struct feed *feed = calloc(1, sizeof *feed);
    CHECK(feed != NULL);
    *feed = (struct feed){.format = format, .state = calloc(1, format->state_bytes), .outcome = &outcome};
    CHECK(feed->state != NULL);
    const bool last_is_known = (first_bytes + each_bytes) % 2 == 0;
    size_t taken = 0;
    size_t given = first_bytes < size_bytes ? first_bytes : size_bytes;
    begin_block(feed);
    for (bool last = false; !last && outcome.good;) {
        last = given == size_bytes && last_is_known;
        taken += give(feed, bytes + taken, given - taken, last);
        if (given == size_bytes && !last && outcome.good) {
            taken += give(feed, bytes + taken, given - taken, true);
            last = true;
        }
        given += each_bytes < size_bytes - given ? each_bytes : size_bytes - given;
    }
    if (outcome.good)
        end_block(feed);
    else
        CHECK(outcome.err.text[0] != '\0');
    if (format->close != NULL)
        format->close(feed->state);
    free(feed->state);
    free(feed);
    return outcome;
}

void format_outcome_free(struct format_outcome *outcome)
{
    free(outcome->record);
    free(outcome->event);
}

/* ---- Comparison ---- */

/* Of what an error leaves, the blocks before it are the same, and its own sentence. */
static const char *facts_difference(const struct reader_facts *a, const struct reader_facts *b)
{
    if (a->lines != b->lines)
        return "the number of lines";
    if (a->unknown_lines != b->unknown_lines || a->first_unknown_line != b->first_unknown_line ||
        strcmp(a->first_unknown, b->first_unknown) != 0)
        return "the unknown lines";
    if ((a->caveat == NULL) != (b->caveat == NULL) || (a->caveat != NULL && strcmp(a->caveat, b->caveat) != 0))
        return "the caveat";
    for (int i = 0; i < READER_LEFT_OUT_KINDS; i++)
        if (a->left_out[i].count != b->left_out[i].count || a->left_out[i].what != b->left_out[i].what)
            return "what is left out";
    return NULL;
}

const char *format_difference(const struct format_outcome *a, const struct format_outcome *b)
{
    if (a->good != b->good)
        return "whether it is an error";
    if (!a->good && strcmp(a->err.text, b->err.text) != 0)
        return "the error";
    if (a->records != b->records)
        return "the number of records";
    for (size_t i = 0; i < a->records; i++)
        if (a->record[i].va != b->record[i].va || a->record[i].kind != b->record[i].kind ||
            a->record[i].size_bytes != b->record[i].size_bytes || a->record[i].pc != b->record[i].pc ||
            a->record[i].line != b->record[i].line)
            return "a record";
    if (a->events != b->events)
        return "the number of events";
    for (size_t i = 0; i < a->events; i++)
        if (a->event[i].records != b->event[i].records || a->event[i].kind != b->event[i].kind ||
            a->event[i].id != b->event[i].id)
            return "an event";
    return a->good ? facts_difference(&a->facts, &b->facts) : NULL;
}

const char *format_unexpected(const struct format_outcome *outcome, const struct format_record *expected, size_t count)
{
    static char text[512];
    if (!outcome->good)
        return outcome->err.text;
    for (size_t i = 0; i < count && i < outcome->records; i++) {
        const struct format_record *got = &outcome->record[i];
        const struct format_record *want = &expected[i];
        if (got->va == want->va && got->kind == want->kind && got->size_bytes == want->size_bytes &&
            got->pc == want->pc && (want->line == 0 || got->line == want->line))
            continue;
        snprintf(text, sizeof text,
                 "record %zu is kind %d, %u bytes at 0x%" PRIx64 ", pc 0x%" PRIx64 ", line %" PRIu64
                 "; expected kind %d, %u bytes at 0x%" PRIx64 ", pc 0x%" PRIx64 ", line %" PRIu64,
                 i, (int)got->kind, got->size_bytes, got->va, got->pc, got->line, (int)want->kind, want->size_bytes,
                 want->va, want->pc, want->line);
        return text;
    }
    snprintf(text, sizeof text, "%zu records, expected %zu", outcome->records, count);
    return outcome->records == count ? NULL : text;
}

uint64_t format_left_out(const struct format_outcome *outcome, const char *what)
{
    for (const struct reader_left_out *kind = outcome->facts.left_out; kind->what != NULL; kind++)
        if (strcmp(kind->what, what) == 0)
            return kind->count;
    return 0;
}

/* ---- Any bytes ---- */

static void check_same(const struct trace_format *format, const struct format_outcome *whole, const char *bytes,
                       size_t size_bytes, size_t first_bytes, size_t each_bytes)
{
    struct format_outcome cut = format_read(format, bytes, size_bytes, first_bytes, each_bytes);
    const char *difference = format_difference(whole, &cut);
    if (difference != NULL) {
        fprintf(stderr, "%s: %s differs with %zu bytes, cut at %zu and each %zu: %s / %s\n", format->name, difference,
                size_bytes, first_bytes, each_bytes, whole->good ? "no error" : whole->err.text,
                cut.good ? "no error" : cut.err.text);
        abort();
    }
    format_outcome_free(&cut);
}

void format_try(const struct trace_format *format, const char *bytes, size_t size_bytes)
{
    uint32_t sum = 1;
    for (size_t i = 0; i < size_bytes; i++)
        sum = sum * 31 + (unsigned char)bytes[i];
    struct format_outcome whole = format_read(format, bytes, size_bytes, size_bytes, size_bytes + 1);
    check_same(format, &whole, bytes, size_bytes, sum % (size_bytes + 1), 1 + (sum >> 8) % (sum % 2 == 0 ? 16 : 6000));
    format_outcome_free(&whole);
}

/* The reader gives what the parser does, and nothing of it twice. */
static void check_counts(const struct trace_format *format, const char *bytes, size_t size_bytes, uint64_t records,
                         uint64_t events)
{
    struct format_outcome whole = format_read(format, bytes, size_bytes, size_bytes, 1);
    CHECK(whole.good && whole.records == records && whole.events == events);
    format_outcome_free(&whole);
}

void format_try_file(const struct trace_format *format, const char *bytes, size_t size_bytes)
{
    static struct block block;
    static struct err err;
    char path[64];
    const int fd = memfd_create("trace", 0);
    CHECK(fd >= 0 && write(fd, bytes, size_bytes) == (ssize_t)size_bytes);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct reader *reader = reader_open(path, format == NULL ? NULL : format->name, &err);
    bool good = reader != NULL;
    uint64_t records = 0;
    uint64_t events = 0;
    for (bool ended = false; good && !ended; records += block.count) {
        good = reader_next(reader, &block, &err);
        ended = good && block.count == 0;
        if (good) {
            check_block(&block, reader_extras(reader));
            CHECK(block.first_record == records + 1);
            events += reader_extras(reader)->event_count;
        }
    }
    CHECK(good || strncmp(err.text, path, strlen(path)) == 0);
    CHECK(!good || reader_facts(reader)->records == records);
    if (good && format != NULL && reader_facts(reader)->hash == XXH3_64bits(bytes, size_bytes)) /* not compressed */
        check_counts(format, bytes, size_bytes, records, events);
    reader_close(reader);
    close(fd);
}
