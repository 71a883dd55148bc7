/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The native format of traces: a header, metadata, chunks of up to a million accesses, an index and a trailer, as
 * FORMAT.md has it byte by byte. This is the container: its writer, its reader and its index. The accesses in a chunk
 * are packed by columns.h, what stands beside them by extras_packed.h.
 *
 * It knows of no files: the writer hands bytes to a sink, and the reader takes them from wherever reader.h has them.
 *
 * Always: every byte of a file is under a checksum, but for none. Each chunk is read without any other, and a file
 * without its end is known for one. Memory is bounded by the largest chunk, in the writer also by the index, of 56
 * bytes a chunk, and by the pages that it counts, however the bytes lie.
 */
#ifndef TRACES_NATIVE_H
#define TRACES_NATIVE_H

#include "traces/footprint.h"
#include "traces/reader.h"

#include <jansson.h>

#define NATIVE_SUFFIX ".pwt"

enum { NATIVE_MAJOR = 1, NATIVE_MINOR = 0 };

extern const struct trace_format native_format;

/* ---- Writing ---- */

struct native_writer;

/* Takes bytes, all of them or none; false with err where it cannot. */
typedef bool native_sink(void *context, const void *bytes, size_t size_bytes, struct err *err);

/* The metadata is a JSON object, NULL for an empty one, and is read here alone. NULL with err. */
struct native_writer *native_writer_create(native_sink *sink, void *context, const json_t *metadata, struct err *err);

/* Hands whole chunks to the sink. After a failure only native_writer_free may follow. */
bool native_write(struct native_writer *writer, const struct block *block, const struct extras *extras,
                  struct err *err);

/* The last chunk, the index and the trailer. */
bool native_write_end(struct native_writer *writer, struct err *err);

/* Of all chunks that the sink has taken. */
uint64_t native_written_records(const struct native_writer *writer);

/* NULL is fine. */
void native_writer_free(struct native_writer *writer);

/* ---- The index ---- */

struct native_chunk {
    uint64_t offset;       /* of its header in the file */
    uint64_t first_record; /* from 1 */
    uint64_t lowest;
    uint64_t highest;
    uint32_t accesses;
    uint32_t events;
    uint32_t of_kind[4];
};

/* What the end of a trace says of all of it. */
struct native_index {
    uint16_t major, minor;
    uint64_t file_bytes;
    uint64_t records;
    uint64_t events;
    uint64_t of_kind[4];
    uint64_t lowest;
    uint64_t highest;
    uint64_t pages[FOOTPRINT_SIZES]; /* FOOTPRINT_OPEN: too many to be counted while writing */
    uint64_t hash;                   /* of the trace, as in results */
    bool with_pcs, with_data;        /* in any chunk */
    uint32_t chunk_count;
    struct native_chunk *chunk;
    json_t *metadata;
};

/* Reads the index of a plain file, without the chunks. NULL with err where it is not there or not good. */
struct native_index *native_index_read(int fd, struct err *err);

/* NULL is fine. */
void native_index_free(struct native_index *index);

#endif
