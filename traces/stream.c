/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/stream.h"

#include "model/vector.h"
#include "traces/bytes.h"
#include "traces/stream_words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORD = 8,
    BATCH = 256, /* words that are looked at together */
    FIRST_PROCESS = 1,
};

struct stream {
    uint64_t at_byte; /* of the next that is taken, in the stream */
    uint64_t block;   /* first_record of the block that is being filled */
    uint32_t process;
    uint32_t frame_words; /* that the frame has yet */
    bool begun;           /* the header is read */
    bool whole;           /* the first process has said that it ends, and nothing since */
    bool events_full;     /* the block ends here, though it has room for accesses */
    struct extras extras;
    struct event event[STREAM_BLOCK_EVENTS];
    char *name[STREAM_BLOCK_EVENTS]; /* of the events, ours */
    uint64_t pc[BLOCK_ACCESSES];
};

static bool recognise(const char *head, size_t size_bytes)
{
    return size_bytes >= STREAM_MAGIC_BYTES && memcmp(head, STREAM_MAGIC, STREAM_MAGIC_BYTES) == 0;
}

/* ---- What is wrong ---- */

static bool fail_cut(const struct stream *stream, const struct input_chunk *rest, struct reader_facts *facts,
                     struct err *err)
{
    facts->cut = true;
    return err_set(err,
                   "the stream ends at byte %" PRIu64
                   ", and PROGRAM had not ended there: it or its capture was killed, "
                   "or the file was cut; capture it again",
                   stream->at_byte + rest->size_bytes);
}

static bool fail_word(const struct stream *stream, uint64_t word, const char *expected, struct err *err)
{
    return err_set(err,
                   "the word %016" PRIx64 " at byte %" PRIu64 " is not %s; the stream is damaged, or of a newer "
                   "pagewalk: capture it again, with this one",
                   word, stream->at_byte, expected);
}

/* ---- Taking bytes ---- */

/* Of what parse has not taken yet. */
static uint64_t word_at(const struct input_chunk *rest, size_t index)
{
    return bytes_get64(rest->bytes + index * WORD);
}

static uint32_t half_at(const struct input_chunk *rest, size_t index)
{
    return bytes_get32(rest->bytes + index * sizeof(uint32_t));
}

static void take(struct stream *stream, struct input_chunk *rest, size_t size_bytes)
{
    rest->bytes += size_bytes;
    rest->size_bytes -= size_bytes;
    stream->at_byte += size_bytes;
}

static void take_words(struct stream *stream, struct input_chunk *rest, uint32_t words)
{
    stream->frame_words -= words;
    take(stream, rest, (size_t)words * WORD);
}

/* ---- The header ---- */

static bool take_header(struct stream *stream, struct input_chunk *rest, struct err *err)
{
    if (!recognise(rest->bytes, rest->size_bytes))
        return err_set(err, "does not begin as a stream does, with the bytes 89 50 57 53 0d 0a 1a 0a; leave out "
                            "--trace-format, and the format is told by the content");
    const uint32_t version = half_at(rest, 2);
    const uint32_t flags = half_at(rest, 3);
    const uint64_t text_bytes = (uint64_t)half_at(rest, 4) + half_at(rest, 5);
    const uint64_t size_bytes = (STREAM_FIXED_BYTES + text_bytes + WORD - 1) / WORD * WORD;
    if (version != STREAM_VERSION)
        return err_set(err,
                       "is a stream of version %" PRIu32 ", and this pagewalk reads version %d; use the pagewalk "
                       "that made it",
                       version, STREAM_VERSION);
    if ((flags & ~(uint32_t)STREAM_FLAGS) != 0)
        return err_set(err,
                       "the flags %08" PRIx32 " at byte 12 are not all known (%08x are); the stream is damaged: "
                       "capture it again",
                       flags, (unsigned)STREAM_FLAGS);
    if (size_bytes > STREAM_HEADER_BYTES)
        return err_set(err,
                       "the header's texts have %" PRIu64 " bytes at byte 16, and the header has at most %d; the "
                       "stream is damaged: capture it again",
                       text_bytes, STREAM_HEADER_BYTES);
    if (size_bytes > rest->size_bytes)
        return true; /* more is to come, or the stream is cut */
    stream->extras.pc = (flags & STREAM_HAS_PC) != 0 ? stream->pc : NULL;
    stream->begun = true;
    take(stream, rest, size_bytes);
    return true;
}

/* ---- Events ---- */

static void begin_block(struct stream *stream, const struct block *block)
{
    for (uint32_t i = 0; i < stream->extras.event_count; i++) {
        free(stream->name[i]);
        stream->name[i] = NULL;
    }
    stream->block = block->first_record;
    stream->events_full = false;
    stream->extras = (struct extras){.event = stream->event, .pc = stream->extras.pc};
}

/* The block ends where there is no room for one more event. */
static bool end_where_full(struct stream *stream, const struct block *block, struct err *err)
{
    if (stream->extras.event_count < STREAM_BLOCK_EVENTS)
        return true;
    if (block->count == 0)
        return err_set(err,
                       "more than %d events up to byte %" PRIu64
                       " have no access between them, as those of no program; "
                       "the stream is damaged: capture it again",
                       STREAM_BLOCK_EVENTS, stream->at_byte);
    stream->events_full = true;
    return true;
}

static void put_event(struct stream *stream, const struct block *block, struct event event)
{
    event.position = block->count;
    stream->event[stream->extras.event_count++] = event;
}

static bool take_name(struct stream *stream, const struct input_chunk *rest, uint32_t words, struct err *err)
{
    const char *name = rest->bytes + (1 + STREAM_EVENT_WORDS) * WORD;
    const size_t room = (words - STREAM_EVENT_WORDS) * WORD;
    if (name[0] == '\0' || room - strnlen(name, room) >= WORD)
        return fail_word(stream, word_at(rest, 0), "an event with a name that fills its words", err);
    char *copy = strndup(name, room);
    if (copy == NULL)
        return err_set(err, "out of memory");
    stream->name[stream->extras.event_count] = copy;
    return true;
}

/* Takes an event, whose words are there. */
static bool take_event(struct stream *stream, struct input_chunk *rest, const struct block *block, struct err *err)
{
    const uint64_t word = word_at(rest, 0);
    const uint32_t kind = word & 0xff;
    const uint32_t words = stream_following(word);
    struct event event = {.kind = (uint16_t)kind, .id = (uint32_t)(word >> 32)};
    if (kind == STREAM_END) {
        if (words != 0 || stream->frame_words != 1)
            return fail_word(stream, word, "an end, which is a frame's last", err);
        stream->whole = stream->process == FIRST_PROCESS;
        take_words(stream, rest, 1);
        return true;
    }
    if (words != 0) {
        event.address = word_at(rest, 1);
        event.size_bytes = word_at(rest, 2);
        event.old_address = word_at(rest, 3);
        event.old_size_bytes = word_at(rest, 4);
        event.protection = (uint16_t)word_at(rest, 5);
        event.flags = (uint32_t)(word_at(rest, 5) >> 32);
        if (words > STREAM_EVENT_WORDS && !take_name(stream, rest, words, err))
            return false;
        event.name = stream->name[stream->extras.event_count];
    }
    put_event(stream, block, event);
    take_words(stream, rest, 1 + words);
    return true;
}

static bool check_event(const struct stream *stream, uint64_t word, struct err *err)
{
    const uint32_t kind = word & 0xff;
    const uint32_t words = stream_following(word);
    if ((word & 0x3f00) != 0 || ((kind == 0 || kind >= EVENT_KINDS) && kind != STREAM_END))
        return fail_word(stream, word, "an event of a known kind", err);
    if (words >= stream->frame_words)
        return fail_word(stream, word, "an event within its frame", err);
    if (words != 0 && (words < STREAM_EVENT_WORDS || words > STREAM_EVENT_WORDS + STREAM_NAME_BYTES / WORD))
        return fail_word(stream, word, "an event of as many words as events have", err);
    return true;
}

/* ---- Frames and accesses ---- */

static bool take_frame(struct stream *stream, struct input_chunk *rest, const struct block *block, struct err *err)
{
    const uint64_t word = word_at(rest, 0);
    const uint32_t words = (uint32_t)word;
    const uint32_t process = (uint32_t)(word >> 32);
    if (words == 0 || words > STREAM_FRAME_WORDS)
        return fail_word(stream, word, "the beginning of a frame, of 1 to 131072 words", err);
    if (process != stream->process)
        put_event(stream, block, (struct event){.kind = EVENT_PROCESS, .id = process});
    if (process == FIRST_PROCESS)
        stream->whole = false;
    stream->process = process;
    take(stream, rest, WORD);
    stream->frame_words = words;
    return true;
}

static void begin_accesses(struct block *block)
{
    if (block->count == 0)
        block->mark[block->mark_count++] = (struct block_mark){.position = 0};
}

/* Splits words into addresses and metas; false where one of them is no access in the lower half, and nothing is known. */
VECTOR_CLONES static bool split(const char *from, uint32_t count, uint64_t *va, uint16_t *meta)
{
    uint64_t any = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t word = bytes_get64(from + (size_t)i * WORD);
        any |= word;
        va[i] = word >> STREAM_VA_SHIFT;
        meta[i] = (uint16_t)word;
    }
    return (any & (UINT64_C(1) << 63 | STREAM_TAG_MASK)) == 0;
}

/* Takes accesses without pcs up to something else, by the batch. */
static void take_accesses(struct stream *stream, struct input_chunk *rest, uint32_t most, struct block *block)
{
    uint32_t done = 0;
    for (uint32_t width = BATCH; done < most && width > 0;) {
        const uint32_t batch = most - done < width ? most - done : width;
        const uint32_t at = block->count + done;
        if (split(rest->bytes + (size_t)done * WORD, batch, block->va + at, block->meta + at))
            done += batch;
        else
            width /= 4;
    }
    if (done == 0)
        return;
    begin_accesses(block);
    block->count += done;
    take_words(stream, rest, done);
}

/* One, with its pc where the stream has pcs. */
static bool take_access(struct stream *stream, struct input_chunk *rest, struct block *block, struct err *err)
{
    const uint64_t word = word_at(rest, 0);
    const uint64_t va = (uint64_t)((int64_t)word >> STREAM_VA_SHIFT);
    const uint16_t meta = word & ((1 << STREAM_TAG_SHIFT) - 1);
    const bool has_pc = (word & STREAM_TAG_MASK) == STREAM_ACCESS_PC;
    if (va + (access_size_bytes(meta) - 1) < va)
        return fail_word(stream, word, "an access that ends below 2^64", err);
    if (has_pc != (stream->extras.pc != NULL && !access_is_fetch(meta)))
        return fail_word(stream, word, has_pc ? "an access without a pc" : "an access with a pc", err);
    if (has_pc && stream->frame_words == 1)
        return fail_word(stream, word, "an access whose pc is in its frame", err);
    begin_accesses(block);
    block->va[block->count] = va;
    block->meta[block->count] = meta;
    stream->pc[block->count] = has_pc ? word_at(rest, 1) : va;
    block->count++;
    take_words(stream, rest, has_pc ? 2 : 1);
    return true;
}

/* How many words stand together at the front: an event or a pc with its access. */
static bool measure(const struct stream *stream, uint64_t word, size_t *words, struct err *err)
{
    *words = 1;
    switch (word & STREAM_TAG_MASK) {
    case STREAM_EVENT:
        *words += stream_following(word);
        return check_event(stream, word, err);
    case STREAM_ACCESS_PC:
        *words += 1;
        return true;
    case STREAM_ACCESS:
        return true;
    default:
        return fail_word(stream, word, "an access or an event", err);
    }
}

/* Takes the next piece, or nothing where not all of it is there or no room in the block is. */
static bool take_piece(struct stream *stream, struct input_chunk *rest, struct block *block, struct err *err)
{
    if (rest->size_bytes < WORD)
        return true;
    const uint64_t word = word_at(rest, 0);
    size_t words = 1;
    const bool inside = stream->frame_words > 0;
    if (inside && !measure(stream, word, &words, err))
        return false;
    if (rest->size_bytes < words * WORD)
        return true;
    if (inside && (word & STREAM_TAG_MASK) != STREAM_EVENT) {
        const uint32_t room = BLOCK_ACCESSES - block->count;
        const size_t there = rest->size_bytes / WORD;
        uint32_t most = stream->frame_words < room ? stream->frame_words : room;
        most = there < most ? (uint32_t)there : most;
        const uint64_t before = stream->at_byte;
        if (stream->extras.pc == NULL)
            take_accesses(stream, rest, most, block);
        return stream->at_byte > before || take_access(stream, rest, block, err);
    }
    if (!end_where_full(stream, block, err))
        return false;
    if (stream->events_full)
        return true;
    return inside ? take_event(stream, rest, block, err) : take_frame(stream, rest, block, err);
}

static bool parse(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                  struct reader_facts *facts, struct err *err)
{
    struct stream *stream = state;
    struct input_chunk rest = *chunk;
    if (!stream->begun && rest.size_bytes >= STREAM_FIXED_BYTES && !take_header(stream, &rest, err))
        return false;
    if (stream->block != block->first_record)
        begin_block(stream, block);
    size_t before = rest.size_bytes + 1;
    while (stream->begun && !stream->events_full && !block_is_full(block) && rest.size_bytes < before) {
        before = rest.size_bytes;
        if (!take_piece(stream, &rest, block, err))
            return false;
    }
    *taken_bytes = chunk->size_bytes - rest.size_bytes;
    const bool ends = chunk->last && !stream->events_full && !block_is_full(block);
    if (ends && (rest.size_bytes > 0 || stream->frame_words > 0 || !stream->whole))
        return fail_cut(stream, &rest, facts, err);
    return true;
}

static const struct extras *extras(const void *state)
{
    const struct stream *stream = state;
    return &stream->extras;
}

static bool ends_block(const void *state)
{
    const struct stream *stream = state;
    return stream->events_full;
}

static void close_stream(void *state)
{
    struct stream *stream = state;
    for (uint32_t i = 0; i < STREAM_BLOCK_EVENTS; i++)
        free(stream->name[i]);
}

const struct trace_format stream_format = {
    .name = "stream",
    .help = "what pagewalk's Valgrind tool writes, \"pagewalk run --live\" reads, and begins with the bytes 89 PWS",
    .recognise = recognise,
    .state_bytes = sizeof(struct stream),
    .parse = parse,
    .extras = extras,
    .ends_block = ends_block,
    .close = close_stream,
};
