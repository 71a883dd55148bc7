/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/columns.h"
#include "traces/extras_packed.h"
#include "traces/native.h"
#include "traces/native_layout.h"

#include <assert.h>
#include <inttypes.h>
#include <xxhash.h>

/* 4G of pages of 4K; the tables of all sizes take 64 MB at the most. */
enum { FOOTPRINT_MOST = 1 << 20 };

struct native_writer {
    native_sink *sink;
    void *context;
    struct columns_encoder *columns;
    struct extras_packer *extras;
    struct footprint footprint;
    uint64_t offset;          /* of the next byte in the file */
    uint64_t records;         /* of the chunks so far */
    uint64_t events;          /* likewise */
    uint8_t sections;         /* of any chunk */
    uint32_t process, thread; /* whose the next access is; 0 where nothing said so */
    uint32_t chunk_process, chunk_thread;
    struct native_chunk chunk; /* the one that is being filled */
    struct bytes entries;      /* of those before it, as the index has them */
    uint64_t of_kind[4];
    struct bytes piece;
    XXH3_state_t *hash; /* of the trace: of the headers */
};

static bool emit(struct native_writer *writer, const void *bytes, size_t size_bytes, struct err *err)
{
    if (!writer->sink(writer->context, bytes, size_bytes, err))
        return false;
    writer->offset += size_bytes;
    return true;
}

static bool begin_piece(struct native_writer *writer, size_t payload_bytes, struct err *err)
{
    writer->piece.count = 0;
    if (!bytes_reserve(&writer->piece, PIECE_BYTES + payload_bytes))
        return err_set(err, "there is no memory for a chunk of the trace");
    writer->piece.count = PIECE_BYTES;
    return true;
}

/* The payload stands behind the room for the header. */
static bool emit_piece(struct native_writer *writer, const struct piece *piece, struct err *err)
{
    uint8_t *header = writer->piece.at;
    const size_t payload_bytes = writer->piece.count - PIECE_BYTES;
    assert(payload_bytes <= NATIVE_PAYLOAD_BYTES_MAX);
    memset(header, 0, PIECE_BYTES);
    memcpy(header, NATIVE_SYNC, PIECE_TYPE);
    header[PIECE_TYPE] = (uint8_t)piece->type;
    header[PIECE_SECTIONS] = piece->sections;
    bytes_put32(header + PIECE_PAYLOAD_BYTES, (uint32_t)payload_bytes);
    bytes_put32(header + PIECE_ACCESSES, piece->accesses);
    bytes_put32(header + PIECE_EVENTS, piece->events);
    bytes_put32(header + PIECE_COLUMNS_BYTES, piece->columns_bytes);
    bytes_put64(header + PIECE_FIRST_RECORD, piece->first_record);
    bytes_put32(header + PIECE_PROCESS, piece->process);
    bytes_put32(header + PIECE_THREAD, piece->thread);
    bytes_put64(header + PIECE_PAYLOAD_HASH, XXH3_64bits(header + PIECE_BYTES, payload_bytes));
    bytes_put64(header + PIECE_HASH, XXH3_64bits(header, PIECE_HASH));
    if (piece->type != PIECE_TYPE_INDEX)
        XXH3_64bits_update(writer->hash, header, PIECE_BYTES);
    return emit(writer, header, writer->piece.count, err);
}

static bool emit_header(struct native_writer *writer, struct err *err)
{
    uint8_t header[HEADER_BYTES];
    memcpy(header, NATIVE_MAGIC, NATIVE_MAGIC_BYTES);
    bytes_put16(header + HEADER_MAJOR, NATIVE_MAJOR);
    bytes_put16(header + HEADER_MINOR, NATIVE_MINOR);
    bytes_put32(header + HEADER_HASH, (uint32_t)XXH3_64bits(header, HEADER_HASH));
    XXH3_64bits_update(writer->hash, header, sizeof header);
    return emit(writer, header, sizeof header, err);
}

static bool emit_metadata(struct native_writer *writer, const json_t *metadata, struct err *err)
{
    char *text = metadata != NULL ? json_dumps(metadata, JSON_COMPACT) : strdup("{}");
    if (text == NULL)
        return err_set(err, "there is no memory for the metadata");
    const size_t length = strlen(text);
    bool good = length <= NATIVE_METADATA_BYTES_MAX ||
                err_set(err, "the metadata is %zu bytes, and a trace takes %d; leave some of it out", length,
                        NATIVE_METADATA_BYTES_MAX);
    good = good && begin_piece(writer, length, err);
    if (good) {
        memcpy(writer->piece.at + PIECE_BYTES, text, length);
        writer->piece.count += length;
        good = emit_piece(writer, &(struct piece){.type = PIECE_TYPE_METADATA}, err);
    }
    free(text);
    return good;
}

static void empty_chunk(struct native_writer *writer)
{
    writer->chunk = (struct native_chunk){.lowest = UINT64_MAX};
    writer->chunk_process = writer->process;
    writer->chunk_thread = writer->thread;
}

struct native_writer *native_writer_create(native_sink *sink, void *context, const json_t *metadata, struct err *err)
{
    struct native_writer *writer = calloc(1, sizeof *writer);
    if (writer != NULL && footprint_init(&writer->footprint, FOOTPRINT_MOST) &&
        (writer->hash = XXH3_createState()) != NULL) {
        writer->sink = sink;
        writer->context = context;
        XXH3_64bits_reset(writer->hash);
        empty_chunk(writer);
        if ((writer->columns = columns_encoder_create(err)) != NULL &&
            (writer->extras = extras_packer_create(err)) != NULL && emit_header(writer, err) &&
            emit_metadata(writer, metadata, err))
            return writer;
    } else {
        err_set(err, "there is no memory to write a trace");
    }
    native_writer_free(writer);
    return NULL;
}

static bool add_entry(struct native_writer *writer, struct err *err)
{
    const struct native_chunk *chunk = &writer->chunk;
    if (writer->entries.count == (size_t)INDEX_CHUNKS_MAX * ENTRY_BYTES)
        return err_set(err, "%d chunks are the most of a native trace, and this one has more; divide it",
                       INDEX_CHUNKS_MAX);
    if (!bytes_reserve(&writer->entries, ENTRY_BYTES))
        return err_set(err, "there is no memory for the index of the trace");
    uint8_t *entry = writer->entries.at + writer->entries.count;
    bytes_put64(entry + ENTRY_OFFSET, chunk->offset);
    bytes_put64(entry + ENTRY_FIRST_RECORD, chunk->first_record);
    bytes_put64(entry + ENTRY_LOWEST, chunk->lowest);
    bytes_put64(entry + ENTRY_HIGHEST, chunk->highest);
    bytes_put32(entry + ENTRY_ACCESSES, chunk->accesses);
    bytes_put32(entry + ENTRY_EVENTS, chunk->events);
    for (unsigned i = 0; i < 4; i++)
        bytes_put32(entry + ENTRY_OF_KIND + 4 * i, chunk->of_kind[i]);
    writer->entries.count += ENTRY_BYTES;
    return true;
}

/* Before the next one begins, or at the end: what is behind the last access of a full chunk is still to be taken. */
static bool emit_chunk(struct native_writer *writer, struct err *err)
{
    struct native_chunk *chunk = &writer->chunk;
    struct piece piece = {.type = PIECE_TYPE_CHUNK,
                          .accesses = columns_count(writer->columns),
                          .events = extras_packer_events(writer->extras),
                          .first_record = writer->records + 1,
                          .process = writer->chunk_process,
                          .thread = writer->chunk_thread};
    size_t columns_bytes;
    if (piece.accesses == 0 && piece.events == 0)
        return true;
    const void *columns = columns_finish(writer->columns, &columns_bytes, err);
    if (columns == NULL || !begin_piece(writer, columns_bytes, err))
        return false;
    memcpy(writer->piece.at + PIECE_BYTES, columns, columns_bytes);
    writer->piece.count += columns_bytes;
    piece.columns_bytes = (uint32_t)columns_bytes;
    chunk->offset = writer->offset;
    chunk->first_record = piece.first_record;
    chunk->accesses = piece.accesses;
    chunk->events = piece.events;
    if (!extras_pack_finish(writer->extras, &writer->piece, &piece.sections, err) || !add_entry(writer, err) ||
        !emit_piece(writer, &piece, err))
        return false;
    writer->records += piece.accesses;
    writer->events += piece.events;
    writer->sections |= piece.sections;
    empty_chunk(writer);
    return true;
}

/* What the index tells of the accesses that the chunk took. */
static void count(struct native_writer *writer, const struct block *block, uint32_t from, uint32_t to)
{
    struct native_chunk *chunk = &writer->chunk;
    for (uint32_t i = from; i < to; i++) {
        const uint64_t last = block->va[i] + access_size_bytes(block->meta[i]) - 1;
        chunk->lowest = block->va[i] < chunk->lowest ? block->va[i] : chunk->lowest;
        chunk->highest = last > chunk->highest ? last : chunk->highest;
        chunk->of_kind[access_kind(block->meta[i])]++;
        writer->of_kind[access_kind(block->meta[i])]++;
    }
}

static void follow_threads(struct native_writer *writer, const struct extras *extras, uint32_t from, uint32_t to,
                           bool last)
{
    for (uint32_t i = 0; i < extras->event_count; i++) {
        const struct event *event = &extras->event[i];
        if (event->position >= from && (event->position < to || last))
            event_tell_whose(event, &writer->process, &writer->thread);
    }
}

bool native_write(struct native_writer *writer, const struct block *block, const struct extras *extras, struct err *err)
{
    if (!footprint_add(&writer->footprint, block))
        return err_set(err, "there is no memory to count the pages of the trace");
    if (!extras_pack_fits(writer->extras, columns_count(writer->columns), block, extras)) {
        if (columns_count(writer->columns) > 0 && !emit_chunk(writer, err))
            return false;
        if (!extras_pack_fits(writer->extras, 0, block, extras))
            return err_set(err,
                           "%" PRIu32 " events stand among %" PRIu32 " accesses, which is more than a chunk of a "
                           "native trace takes: %d events in %d bytes",
                           extras_packer_events(writer->extras) + extras->event_count, block->count,
                           EXTRAS_CHUNK_EVENTS, EXTRAS_SECTION_BYTES);
    }
    uint32_t from = 0;
    do {
        const uint32_t chunk_accesses = columns_count(writer->columns);
        const uint32_t to = from + (from < block->count ? columns_add(writer->columns, block, from) : 0);
        if (from == to && from < block->count) {
            if (!emit_chunk(writer, err))
                return false;
            continue;
        }
        if (!extras_pack(writer->extras, chunk_accesses, block, extras, from, to, err))
            return false;
        count(writer, block, from, to);
        follow_threads(writer, extras, from, to, to == block->count);
        from = to;
    } while (from < block->count);
    return true;
}

static bool emit_index(struct native_writer *writer, struct err *err)
{
    if (!begin_piece(writer, INDEX_BYTES + writer->entries.count, err))
        return false;
    uint8_t *index = writer->piece.at + PIECE_BYTES;
    const struct footprint *footprint = &writer->footprint;
    memset(index, 0, INDEX_BYTES);
    bytes_put64(index + INDEX_RECORDS, writer->records);
    bytes_put64(index + INDEX_EVENTS, writer->events);
    for (unsigned i = 0; i < 4; i++)
        bytes_put64(index + INDEX_OF_KIND + 8 * i, writer->of_kind[i]);
    bytes_put64(index + INDEX_LOWEST, footprint->lowest);
    bytes_put64(index + INDEX_HIGHEST, footprint->highest);
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++)
        bytes_put64(index + INDEX_PAGES + 8 * i, footprint->page[i].count);
    bytes_put64(index + INDEX_HASH, XXH3_64bits_digest(writer->hash));
    bytes_put32(index + INDEX_CHUNKS, (uint32_t)(writer->entries.count / ENTRY_BYTES));
    bytes_put32(index + INDEX_SECTIONS, writer->sections);
    if (writer->entries.count > 0)
        memcpy(index + INDEX_BYTES, writer->entries.at, writer->entries.count);
    writer->piece.count += INDEX_BYTES + writer->entries.count;
    return emit_piece(writer, &(struct piece){.type = PIECE_TYPE_INDEX}, err);
}

bool native_write_end(struct native_writer *writer, struct err *err)
{
    if (!emit_chunk(writer, err))
        return false;
    const uint64_t index_offset = writer->offset;
    uint8_t trailer[TRAILER_BYTES];
    memcpy(trailer, NATIVE_END, TRAILER_INDEX_OFFSET);
    bytes_put64(trailer + TRAILER_INDEX_OFFSET, index_offset);
    bytes_put64(trailer + TRAILER_HASH, XXH3_64bits(trailer, TRAILER_HASH));
    return emit_index(writer, err) && emit(writer, trailer, sizeof trailer, err);
}

uint64_t native_written_records(const struct native_writer *writer)
{
    return writer->records;
}

void native_writer_free(struct native_writer *writer)
{
    if (writer == NULL)
        return;
    columns_encoder_free(writer->columns);
    extras_packer_free(writer->extras);
    footprint_free(&writer->footprint);
    bytes_free(&writer->entries);
    bytes_free(&writer->piece);
    XXH3_freeState(writer->hash);
    free(writer);
}
