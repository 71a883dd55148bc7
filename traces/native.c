/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reader is a machine that collects what comes next, all of it, before it looks at it:
 *
 *     HEADER -> PIECE -> PAYLOAD -> CHUNK       its accesses go out, a block at a time
 *                 ^         |         |
 *                 '---------+---------'
 *                           '-> TRAILER -> END
 *
 * A block ends where its chunk does, so that what stands beside its accesses is never more than a chunk's. With
 * --keep-going what is damaged is passed over: SEARCH goes to the next bytes that are the header of a piece.
 */
#include "traces/native.h"

#include "model/vector.h"
#include "traces/columns.h"
#include "traces/extras_packed.h"
#include "traces/native_layout.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined __x86_64__
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

enum place { HEADER, PIECE, PAYLOAD, DAMAGED, CHUNK, SEARCH, TRAILER, END };

struct native {
    enum place place; /* HEADER is 0 */
    bool keep_going;
    bool sought;   /* the chunks before some one were not read */
    bool any_read; /* the parser has its parts */
    uint16_t minor;
    struct bytes collected; /* from `offset` of the file on */
    uint64_t offset;
    struct piece piece;
    uint64_t index_offset;
    uint64_t records;         /* up to the chunk that comes next, those lost among them */
    uint32_t chunks;          /* likewise, as far as they were seen */
    uint32_t process, thread; /* as whoever takes the blocks knows them */
    bool ended_by_events;     /* the last chunk has no accesses */
    XXH3_state_t *hash;       /* of the headers */
    bool rest_told;           /* that something follows the trailer */
    bool damaged_since;       /* the last chunk, which is why the next one may begin later than it should */
    uint64_t lost_since;      /* records that were lost, and are to be told with the next block */
    bool put_out;             /* the block has its accesses */
    struct extras extras;
    struct event told[3]; /* before the first access of the next block */
    struct columns_decoder *columns;
    struct extras_unpacker *unpacker;
    json_t *metadata;
};

static bool recognise(const char *head, size_t size_bytes)
{
    /* Also where the first bytes show that the file was taken for text on its way here. */
    return size_bytes >= 4 && (head[0] & 0x7f) == (NATIVE_MAGIC[0] & 0x7f) &&
           memcmp(head + 1, &NATIVE_MAGIC[1], 3) == 0;
}

/* ---- What is wrong ---- */

/* False, with err, unless the reader is to keep going: then the loss is counted. */
static bool __attribute__((format(printf, 4, 5)))
pass_over(struct native *native, struct reader_facts *facts, struct err *err, const char *format, ...)
{
    char what[READER_LOSS_TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    if (!native->keep_going)
        return err_set(err, "%s; copy or capture the file again, or read what is whole of it with --keep-going", what);
    native->damaged_since = true;
    if (facts->losses++ == 0)
        memcpy(facts->first_loss, what, sizeof what);
    return true;
}

static bool fail_memory(struct err *err)
{
    return err_set(err, "there is no memory to read a chunk of the trace");
}

/* ---- Collecting ---- */

/* Takes bytes until `wanted` are there; *complete says whether they are. Room is made only for bytes that came. */
static bool collect(struct native *native, const struct input_chunk *chunk, size_t *taken_bytes, size_t wanted,
                    bool *complete, struct err *err)
{
    size_t more = wanted > native->collected.count ? wanted - native->collected.count : 0;
    if (more > chunk->size_bytes - *taken_bytes)
        more = chunk->size_bytes - *taken_bytes;
    if (!bytes_reserve(&native->collected, more + 1)) /* + 1: never NULL */
        return fail_memory(err);
    memcpy(native->collected.at + native->collected.count, chunk->bytes + *taken_bytes, more);
    native->collected.count += more;
    *taken_bytes += more;
    *complete = native->collected.count >= wanted; /* more, behind damage that was searched */
    return true;
}

/* Forgets the first bytes that were collected. */
static void drop(struct native *native, size_t count)
{
    native->collected.count -= count;
    native->offset += count;
    memmove(native->collected.at, native->collected.at + count, native->collected.count);
}

static size_t wanted_bytes(const struct native *native)
{
    switch (native->place) {
    case HEADER:
        return HEADER_BYTES;
    case PAYLOAD:
    case CHUNK:
        return PIECE_BYTES + (size_t)native->piece.payload_bytes;
    case DAMAGED:
        return PIECE_BYTES + (size_t)native->piece.payload_bytes + PIECE_BYTES;
    case TRAILER:
        return TRAILER_BYTES;
    case PIECE:
    case SEARCH:
    case END:
        break;
    }
    return PIECE_BYTES;
}

/* Forgets what was collected for the place at hand. */
static void go_on(struct native *native, enum place place)
{
    const size_t wanted = wanted_bytes(native);
    drop(native, native->collected.count < wanted ? native->collected.count : wanted);
    native->place = place;
}

/* ---- Headers ---- */

static bool check_version(uint16_t major, uint16_t minor, struct err *err)
{
    return major == NATIVE_MAJOR ||
           err_set(err, "is of version %u.%u of the native format, and this pagewalk reads %d; a newer one reads it",
                   major, minor, NATIVE_MAJOR);
}

static bool check_header(const uint8_t *header, struct err *err)
{
    if (!recognise((const char *)header, HEADER_BYTES))
        return err_set(err, "the file does not begin as a native trace does");
    if (memcmp(header, NATIVE_MAGIC, NATIVE_MAGIC_BYTES) != 0)
        return err_set(err, "the file was changed on its way: its first bytes are those of a native trace that was "
                            "taken for text");
    return bytes_get32(header + HEADER_HASH) == (uint32_t)XXH3_64bits(header, HEADER_HASH) ||
           err_set(err, "the file's header is damaged: its checksum is not that of its bytes");
}

static bool take_header(struct native *native, struct reader_facts *facts, struct err *err)
{
    const uint8_t *header = native->collected.at;
    struct err wrong;
    if (!check_header(header, &wrong)) {
        if (!pass_over(native, facts, err, "%s", wrong.text))
            return false;
        native->place = SEARCH;
        return true;
    }
    if (!check_version(bytes_get16(header + HEADER_MAJOR), bytes_get16(header + HEADER_MINOR), err))
        return false;
    native->minor = bytes_get16(header + HEADER_MINOR);
    XXH3_64bits_update(native->hash, header, HEADER_BYTES);
    go_on(native, PIECE);
    return true;
}

/* Is it the header of a piece, with nothing in it that a writer would not write? */
static bool read_piece(const uint8_t *header, struct piece *piece)
{
    if (memcmp(header, NATIVE_SYNC, PIECE_TYPE) != 0 ||
        bytes_get64(header + PIECE_HASH) != XXH3_64bits(header, PIECE_HASH))
        return false;
    *piece = (struct piece){
        .type = header[PIECE_TYPE],
        .sections = header[PIECE_SECTIONS],
        .payload_bytes = bytes_get32(header + PIECE_PAYLOAD_BYTES),
        .accesses = bytes_get32(header + PIECE_ACCESSES),
        .events = bytes_get32(header + PIECE_EVENTS),
        .columns_bytes = bytes_get32(header + PIECE_COLUMNS_BYTES),
        .first_record = bytes_get64(header + PIECE_FIRST_RECORD),
        .process = bytes_get32(header + PIECE_PROCESS),
        .thread = bytes_get32(header + PIECE_THREAD),
        .payload_hash = bytes_get64(header + PIECE_PAYLOAD_HASH),
    };
    return piece->payload_bytes <= NATIVE_PAYLOAD_BYTES_MAX && piece->accesses <= COLUMNS_ACCESSES &&
           piece->columns_bytes <= piece->payload_bytes;
}

static bool is_known(const struct piece *piece)
{
    return piece->type >= PIECE_TYPE_METADATA && piece->type <= PIECE_TYPE_INDEX;
}

static bool take_piece(struct native *native, struct reader_facts *facts, struct err *err)
{
    struct piece *piece = &native->piece;
    if (!read_piece(native->collected.at, piece)) {
        if (!pass_over(native, facts, err,
                       "at byte %" PRIu64 " there is no good header of a chunk behind chunk %" PRIu32, native->offset,
                       native->chunks))
            return false;
        native->place = SEARCH;
        return true;
    }
    if (!is_known(piece) && native->minor <= NATIVE_MINOR &&
        !pass_over(native, facts, err, "at byte %" PRIu64 " there is a piece of type %d, which version %d.%u has not",
                   native->offset, (int)piece->type, NATIVE_MAJOR, native->minor))
        return false;
    if (piece->type != PIECE_TYPE_INDEX)
        XXH3_64bits_update(native->hash, native->collected.at, PIECE_BYTES);
    native->place = PAYLOAD;
    return true;
}

/* Goes on at the next bytes that are the header of a piece, or could be with more behind them. */
static void search(struct native *native)
{
    const uint8_t *begin = native->collected.at;
    const size_t count = native->collected.count;
    struct piece piece;
    size_t at = 1;
    while (at < count) {
        const uint8_t *found = memchr(begin + at, NATIVE_SYNC[0] & 0xff, count - at);
        at = found == NULL ? count : (size_t)(found - begin);
        if (count - at < PIECE_BYTES || read_piece(begin + at, &piece))
            break;
        at++;
    }
    drop(native, at < count ? at : count);
    native->place = SEARCH;
}

/* A payload is damaged: in its bytes, or because some are missing or too many. In the first case the next piece stands where
 * its length says. */
static void take_damaged(struct native *native)
{
    const size_t bytes = PIECE_BYTES + (size_t)native->piece.payload_bytes;
    struct piece next;
    if (!read_piece(native->collected.at + bytes, &next)) {
        search(native);
        return;
    }
    drop(native, bytes);
    native->place = PIECE;
}

static void take_candidate(struct native *native)
{
    struct piece piece;
    if (read_piece(native->collected.at, &piece))
        native->place = PIECE;
    else
        search(native);
}

/* ---- Payloads ---- */

static bool take_metadata(struct native *native, const uint8_t *payload, struct reader_facts *facts, struct err *err)
{
    json_error_t wrong;
    json_decref(native->metadata);
    native->metadata = json_loadb((const char *)payload, native->piece.payload_bytes, JSON_REJECT_DUPLICATES, &wrong);
    if (json_is_object(native->metadata))
        return true;
    json_decref(native->metadata);
    native->metadata = NULL;
    return pass_over(native, facts, err, "the metadata is no JSON object (%s, at byte %d of it)", wrong.text,
                     wrong.position);
}

static void tell(struct event *event, uint32_t *count, uint16_t kind, uint32_t id, uint64_t size_bytes)
{
    event[(*count)++] = (struct event){.kind = kind, .id = id, .size_bytes = size_bytes};
}

/* The first accesses of a chunk need to know what those say that were not read: how many were lost, and whose these
 * are. */
static uint32_t tell_what_was_missed(struct native *native)
{
    const struct piece *piece = &native->piece;
    uint32_t count = 0;
    if (native->lost_since > 0)
        tell(native->told, &count, EVENT_GAP, 0, native->lost_since);
    if (piece->process != native->process)
        tell(native->told, &count, EVENT_PROCESS, piece->process, 0);
    if (piece->thread != native->thread)
        tell(native->told, &count, EVENT_THREAD, piece->thread, 0);
    return count;
}

static void lose_records(struct native *native, uint64_t count, struct reader_facts *facts)
{
    facts->lost_records += count;
    native->lost_since += count;
    native->records += count;
}

static void follow_threads(struct native *native)
{
    for (uint32_t i = 0; i < native->extras.event_count; i++)
        event_tell_whose(&native->extras.event[i], &native->process, &native->thread);
}

/* The next accesses of the chunk, and what stands beside them. */
static bool unpack_block(struct native *native, uint32_t told, struct block *block, struct err *err)
{
    struct piece *piece = &native->piece;
    assert(block->count == 0);
    if (piece->accesses > 0 && !columns_next(native->columns, block, err))
        return false;
    if (block->count > piece->accesses || (block->count == 0 && piece->accesses > 0))
        return err_set(err, "it does not hold its accesses");
    if (!extras_unpack_next(native->unpacker, block, native->told, told, &native->extras, err))
        return false;
    native->lost_since = 0; /* it was told */
    follow_threads(native);
    native->records += block->count;
    piece->accesses -= block->count;
    native->put_out = block->count > 0;
    if (native->put_out) {
        block->mark[0] = (struct block_mark){0};
        block->mark_count = 1;
    }
    if (piece->accesses == 0)
        go_on(native, PIECE);
    return true;
}

static bool begin_chunk(struct native *native, const uint8_t *payload, struct err *err)
{
    const struct piece *piece = &native->piece;
    return (piece->accesses == 0 ||
            columns_begin(native->columns, payload, piece->columns_bytes, piece->accesses, err)) &&
           extras_unpack_begin(native->unpacker, payload + piece->columns_bytes,
                               piece->payload_bytes - piece->columns_bytes, piece->sections, piece->accesses,
                               piece->events, err);
}

/* A chunk with a good checksum whose contents are not: only something else than pagewalk can have written it. */
static bool fail_chunk(struct native *native, struct block *block, struct reader_facts *facts, const struct err *why,
                       struct err *err)
{
    if (!pass_over(native, facts, err, "chunk %" PRIu32 ", at byte %" PRIu64 ", cannot be unpacked: %.160s",
                   native->chunks, native->offset, why->text))
        return false;
    block->count = 0;
    native->extras = (struct extras){0};
    lose_records(native, native->piece.accesses, facts);
    go_on(native, PIECE);
    return true;
}

static bool next_block(struct native *native, uint32_t told, struct block *block, struct reader_facts *facts,
                       struct err *err)
{
    struct err why;
    return unpack_block(native, told, block, &why) || fail_chunk(native, block, facts, &why, err);
}

static bool take_chunk(struct native *native, const uint8_t *payload, struct block *block, struct reader_facts *facts,
                       struct err *err)
{
    const struct piece *piece = &native->piece;
    struct err why;
    native->chunks++;
    if (native->ended_by_events &&
        !pass_over(native, facts, err, "chunk %" PRIu32 " has no accesses, which only the last one may",
                   native->chunks - 1))
        return false;
    if (piece->first_record != native->records + 1) {
        const bool known = native->damaged_since && piece->first_record > native->records;
        if (!known && !pass_over(native, facts, err,
                                 "chunk %" PRIu32 ", at byte %" PRIu64 ", begins with record %" PRIu64
                                 ", and record %" PRIu64 " is the next: a part of the file is missing, or there twice",
                                 native->chunks, native->offset, piece->first_record, native->records + 1))
            return false;
        if (piece->first_record <= native->records) {
            go_on(native, PIECE);
            return true;
        }
        /* The number of this one tells how many were lost before it. */
        lose_records(native, piece->first_record - native->records - 1, facts);
    }
    native->damaged_since = false;
    native->ended_by_events = piece->accesses == 0;
    native->place = CHUNK;
    if (!begin_chunk(native, payload, &why))
        return fail_chunk(native, block, facts, &why, err);
    return next_block(native, tell_what_was_missed(native), block, facts, err);
}

/* What the index says of all of the trace has to be what was read of it. */
static bool take_index(struct native *native, const uint8_t *payload, struct reader_facts *facts, struct err *err)
{
    if (native->piece.payload_bytes < INDEX_BYTES)
        return pass_over(native, facts, err,
                         "the index, at byte %" PRIu64 ", is %" PRIu32 " bytes, and %d are the least", native->offset,
                         native->piece.payload_bytes, INDEX_BYTES);
    const uint64_t records = bytes_get64(payload + INDEX_RECORDS);
    if (records > native->records && facts->losses > 0)
        lose_records(native, records - native->records, facts);
    if (native->sought || facts->losses > 0)
        return true;
    if (records != native->records || bytes_get64(payload + INDEX_HASH) != XXH3_64bits_digest(native->hash))
        return pass_over(native, facts, err,
                         "the index is of another trace, of %" PRIu64 " records: %" PRIu64 " stand before it", records,
                         native->records);
    facts->hash = bytes_get64(payload + INDEX_HASH);
    return true;
}

static bool take_payload(struct native *native, struct block *block, struct reader_facts *facts, struct err *err)
{
    const struct piece *piece = &native->piece;
    const uint8_t *payload = native->collected.at + PIECE_BYTES;
    const bool is_chunk = piece->type == PIECE_TYPE_CHUNK;
    native->index_offset = native->offset; /* if it is one */
    if (XXH3_64bits(payload, piece->payload_bytes) != piece->payload_hash) {
        char what[64];
        snprintf(what, sizeof what, is_chunk ? "chunk %" PRIu32 : "the metadata or index", native->chunks + 1);
        if (!pass_over(native, facts, err, "%s, at byte %" PRIu64 ", is damaged: its checksum is not that of its bytes",
                       what, native->offset))
            return false;
        native->chunks += is_chunk;
        if (piece->type == PIECE_TYPE_INDEX)
            go_on(native, TRAILER);
        else
            native->place = DAMAGED;
        return true;
    }
    if (is_chunk)
        return take_chunk(native, payload, block, facts, err);
    if (piece->type == PIECE_TYPE_INDEX) {
        if (!take_index(native, payload, facts, err))
            return false;
        go_on(native, TRAILER);
        return true;
    }
    if (piece->type == PIECE_TYPE_METADATA && !take_metadata(native, payload, facts, err))
        return false;
    go_on(native, PIECE);
    return true;
}

/* ---- The end ---- */

static bool check_trailer(const uint8_t *trailer)
{
    return memcmp(trailer, NATIVE_END, TRAILER_INDEX_OFFSET) == 0 &&
           bytes_get64(trailer + TRAILER_HASH) == XXH3_64bits(trailer, TRAILER_HASH);
}

static bool take_trailer(struct native *native, struct reader_facts *facts, struct err *err)
{
    const uint8_t *trailer = native->collected.at;
    if ((!check_trailer(trailer) || bytes_get64(trailer + TRAILER_INDEX_OFFSET) != native->index_offset) &&
        !pass_over(native, facts, err, "the trailer, at byte %" PRIu64 ", is damaged", native->offset))
        return false;
    go_on(native, END);
    return true;
}

/* The bytes have ended, and more were to come. */
static bool end_early(struct native *native, struct reader_facts *facts, struct err *err)
{
    const bool good = pass_over(
        native, facts, err, "ends after %" PRIu32 " whole chunks, %" PRIu64 " records, at byte %" PRIu64 ": it was cut",
        native->chunks, native->records, native->offset + native->collected.count);
    drop(native, native->collected.count);
    native->place = END;
    facts->cut = good;
    return good;
}

/* What was lost behind the last access is told behind it. */
static void tell_at_the_end(struct native *native)
{
    if (native->lost_since == 0 || native->extras.event_count > 0)
        return;
    uint32_t count = 0;
    tell(native->told, &count, EVENT_GAP, 0, native->lost_since);
    native->extras = (struct extras){.event_count = count, .event = native->told};
    native->lost_since = 0;
}

static bool take_rest(struct native *native, const struct input_chunk *chunk, size_t *taken_bytes,
                      struct reader_facts *facts, struct err *err)
{
    const size_t more = chunk->size_bytes - *taken_bytes;
    if (more > 0 && !native->rest_told &&
        !pass_over(native, facts, err, "its end, at byte %" PRIu64 ", is followed by something else", native->offset))
        return false;
    native->rest_told = more > 0 || native->rest_told;
    *taken_bytes += more;
    if (chunk->last)
        tell_at_the_end(native);
    return true;
}

/* ---- The parser ---- */

static bool begin(struct native *native, struct err *err)
{
    native->any_read = true;
    if ((native->hash = XXH3_createState()) == NULL)
        return fail_memory(err);
    XXH3_64bits_reset(native->hash);
    return (native->columns = columns_decoder_create(err)) != NULL &&
           (native->unpacker = extras_unpacker_create(err)) != NULL;
}

static bool take(struct native *native, struct block *block, struct reader_facts *facts, struct err *err)
{
    switch (native->place) {
    case HEADER:
        return take_header(native, facts, err);
    case PIECE:
        return take_piece(native, facts, err);
    case PAYLOAD:
        return take_payload(native, block, facts, err);
    case DAMAGED:
        take_damaged(native);
        return true;
    case SEARCH:
        take_candidate(native);
        return true;
    case TRAILER:
        return take_trailer(native, facts, err);
    case CHUNK:
    case END:
        break;
    }
    return true;
}

static bool parse(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                  struct reader_facts *facts, struct err *err)
{
    struct native *native = state;
    *taken_bytes = 0;
    if (!native->any_read && !begin(native, err))
        return false;
    if (native->put_out)
        native->extras = (struct extras){0};
    native->put_out = false;
    while (!native->put_out) {
        bool complete = false;
        if (native->place == CHUNK) {
            if (!next_block(native, 0, block, facts, err))
                return false;
        } else if (native->place == END) {
            return take_rest(native, chunk, taken_bytes, facts, err);
        } else if (!collect(native, chunk, taken_bytes, wanted_bytes(native), &complete, err)) {
            return false;
        } else if (complete) {
            if (!take(native, block, facts, err))
                return false;
        } else if (chunk->last && native->place == DAMAGED) {
            search(native);
        } else if (chunk->last) {
            if (!end_early(native, facts, err))
                return false;
        } else {
            return true;
        }
    }
    return true;
}

static bool ends_block(const void *state)
{
    return ((const struct native *)state)->put_out;
}

static const struct extras *extras(const void *state)
{
    return &((const struct native *)state)->extras;
}

static const json_t *metadata(const void *state)
{
    return ((const struct native *)state)->metadata;
}

static void keep_going(void *state)
{
    ((struct native *)state)->keep_going = true;
}

static void close_native(void *state)
{
    struct native *native = state;
    XXH3_freeState(native->hash);
    columns_decoder_free(native->columns);
    extras_unpacker_free(native->unpacker);
    bytes_free(&native->collected);
    json_decref(native->metadata);
}

/* ---- The index ---- */

static bool read_at(int fd, uint64_t offset, void *to, size_t size_bytes, struct err *err)
{
    for (size_t got = 0; got < size_bytes;) {
        const ssize_t more = pread(fd, (char *)to + got, size_bytes - got, (off_t)(offset + got));
        if (more < 0 && errno == EINTR)
            continue;
        if (more <= 0)
            return err_set(err, "cannot be read at byte %" PRIu64 ": %s; check the disk, or copy the file again",
                           offset + got, more < 0 ? strerror(errno) : "it has become shorter");
        got += (size_t)more;
    }
    return true;
}

/* The payload of the piece at `offset`, of the type and before `end`, which is to be freed; NULL with err. */
static uint8_t *read_whole_piece(int fd, uint64_t offset, uint64_t end, enum piece_type type, struct piece *piece,
                                 struct err *err)
{
    uint8_t header[PIECE_BYTES];
    if (offset > end || end - offset < PIECE_BYTES) {
        err_set(err, "there is no room for a piece at byte %" PRIu64, offset);
        return NULL;
    }
    if (!read_at(fd, offset, header, sizeof header, err))
        return NULL;
    if (!read_piece(header, piece) || piece->type != type || piece->payload_bytes > end - offset - PIECE_BYTES) {
        err_set(err, "the piece at byte %" PRIu64 " is damaged: its header is not what it should be", offset);
        return NULL;
    }
    uint8_t *payload = malloc(piece->payload_bytes + (size_t)1);
    if (payload == NULL) {
        fail_memory(err);
        return NULL;
    }
    if (read_at(fd, offset + PIECE_BYTES, payload, piece->payload_bytes, err)) {
        if (XXH3_64bits(payload, piece->payload_bytes) == piece->payload_hash)
            return payload;
        err_set(err, "the piece at byte %" PRIu64 " is damaged: its checksum is not that of its bytes", offset);
    }
    free(payload);
    return NULL;
}

static bool fail_index(struct err *err)
{
    return err_set(err, "the index contradicts itself; what wrote the file is at fault");
}

static bool read_entries(struct native_index *index, const uint8_t *entry, uint64_t index_offset, struct err *err)
{
    uint64_t records = 0;
    uint64_t offset = HEADER_BYTES;
    for (uint32_t i = 0; i < index->chunk_count; i++, entry += ENTRY_BYTES) {
        struct native_chunk *chunk = &index->chunk[i];
        *chunk = (struct native_chunk){
            .offset = bytes_get64(entry + ENTRY_OFFSET),
            .first_record = bytes_get64(entry + ENTRY_FIRST_RECORD),
            .lowest = bytes_get64(entry + ENTRY_LOWEST),
            .highest = bytes_get64(entry + ENTRY_HIGHEST),
            .accesses = bytes_get32(entry + ENTRY_ACCESSES),
            .events = bytes_get32(entry + ENTRY_EVENTS),
        };
        for (unsigned kind = 0; kind < 4; kind++)
            chunk->of_kind[kind] = bytes_get32(entry + ENTRY_OF_KIND + 4 * kind);
        if (chunk->first_record != records + 1 || chunk->offset < offset || chunk->offset >= index_offset)
            return fail_index(err);
        records += chunk->accesses;
        offset = chunk->offset + PIECE_BYTES;
    }
    return records == index->records || fail_index(err);
}

static bool read_index(struct native_index *index, const struct piece *piece, const uint8_t *payload,
                       uint64_t index_offset, struct err *err)
{
    if (piece->payload_bytes < INDEX_BYTES)
        return fail_index(err);
    index->records = bytes_get64(payload + INDEX_RECORDS);
    index->events = bytes_get64(payload + INDEX_EVENTS);
    for (unsigned kind = 0; kind < 4; kind++)
        index->of_kind[kind] = bytes_get64(payload + INDEX_OF_KIND + 8 * kind);
    index->lowest = bytes_get64(payload + INDEX_LOWEST);
    index->highest = bytes_get64(payload + INDEX_HIGHEST);
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++)
        index->pages[i] = bytes_get64(payload + INDEX_PAGES + 8 * i);
    index->hash = bytes_get64(payload + INDEX_HASH);
    index->chunk_count = bytes_get32(payload + INDEX_CHUNKS);
    index->with_pcs = (payload[INDEX_SECTIONS] & EXTRAS_PCS) != 0;
    index->with_data = (payload[INDEX_SECTIONS] & EXTRAS_DATA) != 0;
    if ((piece->payload_bytes - INDEX_BYTES) / ENTRY_BYTES != index->chunk_count ||
        (piece->payload_bytes - INDEX_BYTES) % ENTRY_BYTES != 0)
        return fail_index(err);
    index->chunk = calloc(index->chunk_count + (size_t)1, sizeof *index->chunk);
    return index->chunk != NULL ? read_entries(index, payload + INDEX_BYTES, index_offset, err) : fail_memory(err);
}

static bool read_metadata(struct native_index *index, const struct piece *piece, const uint8_t *payload,
                          struct err *err)
{
    index->metadata = json_loadb((const char *)payload, piece->payload_bytes, JSON_REJECT_DUPLICATES, NULL);
    return json_is_object(index->metadata) || err_set(err, "the metadata is no JSON object");
}

static bool read_ends(int fd, struct native_index *index, uint64_t *index_offset, struct err *err)
{
    uint8_t header[HEADER_BYTES];
    uint8_t trailer[TRAILER_BYTES];
    struct stat status;
    if (fstat(fd, &status) != 0 || status.st_size < HEADER_BYTES + TRAILER_BYTES)
        return err_set(err, "the file is too short to have an index");
    index->file_bytes = (uint64_t)status.st_size;
    if (!read_at(fd, 0, header, sizeof header, err) || !check_header(header, err))
        return false;
    index->major = bytes_get16(header + HEADER_MAJOR);
    index->minor = bytes_get16(header + HEADER_MINOR);
    if (!check_version(index->major, index->minor, err) ||
        !read_at(fd, index->file_bytes - TRAILER_BYTES, trailer, sizeof trailer, err))
        return false;
    *index_offset = bytes_get64(trailer + TRAILER_INDEX_OFFSET);
    return check_trailer(trailer) ||
           err_set(
               err,
               "ends without its index: it was cut, or something was appended; --keep-going reads what is whole of it");
}

static bool read_all(int fd, struct native_index *index, struct err *err)
{
    struct piece piece = {0};
    uint64_t index_offset = 0;
    if (!read_ends(fd, index, &index_offset, err))
        return false;
    const uint64_t end = index->file_bytes - TRAILER_BYTES;
    uint8_t *payload = read_whole_piece(fd, index_offset, end, PIECE_TYPE_INDEX, &piece, err);
    bool good = payload != NULL && read_index(index, &piece, payload, index_offset, err);
    free(payload);
    if (!good)
        return false;
    payload = read_whole_piece(fd, HEADER_BYTES, index_offset, PIECE_TYPE_METADATA, &piece, err);
    good = payload != NULL && read_metadata(index, &piece, payload, err);
    free(payload);
    return good;
}

struct native_index *native_index_read(int fd, struct err *err)
{
    struct native_index *index = calloc(1, sizeof *index);
    if (index == NULL) {
        fail_memory(err);
        return NULL;
    }
    if (read_all(fd, index, err))
        return index;
    native_index_free(index);
    return NULL;
}

void native_index_free(struct native_index *index)
{
    if (index == NULL)
        return;
    json_decref(index->metadata);
    free(index->chunk);
    free(index);
}

/* The last chunk that does not begin behind the record. */
static const struct native_chunk *find_chunk(const struct native_index *index, uint64_t record)
{
    uint32_t low = 0;
    uint32_t high = index->chunk_count;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (index->chunk[middle].first_record <= record)
            low = middle;
        else
            high = middle;
    }
    return &index->chunk[low];
}

static bool seek(void *state, int fd, uint64_t record, uint64_t *offset, uint64_t *first_record, struct err *err)
{
    struct native *native = state;
    assert(!native->any_read);
    struct native_index *index = native_index_read(fd, err);
    if (index == NULL)
        return false;
    bool good =
        record <= index->records ||
        err_set(err, "holds %" PRIu64 " records, and is to be read from record %" PRIu64 " on", index->records, record);
    if (good && (good = begin(native, err))) {
        const struct native_chunk *chunk = find_chunk(index, record);
        native->metadata = json_incref(index->metadata);
        native->minor = index->minor;
        native->place = PIECE;
        native->sought = true;
        native->chunks = (uint32_t)(chunk - index->chunk);
        native->records = chunk->first_record - 1;
        native->offset = *offset = chunk->offset;
        *first_record = chunk->first_record;
    }
    native_index_free(index);
    return good;
}

const struct trace_format native_format = {
    .name = "native",
    .help =
        "pagewalk's own (.pwt): packed chunks under checksums, with an index, what was captured, and events between "
        "accesses",
    .recognise = recognise,
    .state_bytes = sizeof(struct native),
    .parse = parse,
    .extras = extras,
    .close = close_native,
    .ends_block = ends_block,
    .metadata = metadata,
    .keep_going = keep_going,
    .seek = seek,
};
