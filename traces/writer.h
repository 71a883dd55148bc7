/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A trace as a file. The suffix of the path chooses the format: .pwt is the native one (native.h), all else Lackey's
 * text, in exactly Lackey's form: "I  %08lx,%lu" for a fetch, " L ", " S " and " M " before the address of the others.
 * A suffix .gz .xz .zst .bz2 .lz4, behind .pwt too, chooses the compression of all of it.
 *
 * It does not replace a file in one step: what was written before a failure stays there. Who wants that opens another file
 * and hands over its descriptor.
 *
 * Always: what could not be written is an error, at the latest from writer_close. What the format has no place for is
 * counted. The same calls write the same bytes; none at all make an empty file, whatever the suffix.
 */
#ifndef TRACES_WRITER_H
#define TRACES_WRITER_H

#include "model/access.h"
#include "model/err.h"

#include <stdbool.h>
#include <stddef.h>

struct extras;
struct json_t;
struct writer;

/* What the format had no place for. */
struct writer_left_out {
    uint64_t events;
    uint64_t pcs;
    uint64_t data_bytes;
};

/* Creates or empties the file; "-" is standard output, uncompressed. NULL with err. */
struct writer *writer_open(const char *path, struct err *err);

/* The same to a descriptor, which is closed with the writer or, where there is none, at once. `path` is what the file
 * is going to be called: for its suffix and for messages. */
struct writer *writer_open_fd(int fd, const char *path, struct err *err);

/* Before the first block: what is known of the trace as a whole, a JSON object, which a native trace has as its
 * metadata. Lackey's text has no place for it. */
void writer_describe(struct writer *writer, const struct json_t *metadata);

/* After a failure only writer_end and what may follow it may follow. `extras`: what stands beside the accesses; NULL:
 * nothing. A text is refused where they have a second process: its accesses would be taken for the first one's. */
bool writer_block(struct writer *writer, const struct block *block, const struct extras *extras, struct err *err);

/* Writes what is left; only the three below may follow. False with err where that fails; false with err as it was where
 * a write had failed before. */
bool writer_end(struct writer *writer, struct err *err);

const struct writer_left_out *writer_left_out(const struct writer *writer);

/* Where a write failed: how many records before it are whole in the file, and are read with reader_keep_going. */
uint64_t writer_kept_records(const struct writer *writer);

/* Does what writer_end does, unless that was called, closes the file and frees the writer in every case. False with err
 * where that fails; false with err as it was where a write had failed before. */
bool writer_close(struct writer *writer, struct err *err);

#endif
