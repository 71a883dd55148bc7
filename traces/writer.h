/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A trace as Lackey's text, in exactly Lackey's form: "I  %08lx,%lu" for a fetch, " L ", " S " and " M " before the
 * address of the others. The suffix of the path chooses the compression: .gz .xz .zst .bz2 .lz4, else none.
 *
 * It does not check what it is given: raw bytes go through as they are. It does not replace a file in one step either:
 * what was written before a failure stays there. Who wants that opens another file and hands over its descriptor.
 *
 * Always: what could not be written is an error, at the latest from writer_close. The same calls write the same bytes;
 * none at all make an empty file, whatever the suffix.
 */
#ifndef TRACES_WRITER_H
#define TRACES_WRITER_H

#include "model/access.h"
#include "model/err.h"
#include "traces/extras.h"

#include <stdbool.h>
#include <stddef.h>

struct writer;

/* Creates or empties the file; "-" is standard output, uncompressed. NULL with err. */
struct writer *writer_open(const char *path, struct err *err);

/* The same to a descriptor, which is closed with the writer or, where there is none, at once. `path` is what the file is
 * going to be called: for its suffix and for messages. */
struct writer *writer_open_fd(int fd, const char *path, struct err *err);

/* `extras` is what stands beside the accesses; NULL: nothing. A text holds accesses alone, and is refused where the extras
 * have a second process: its accesses would be taken for the first one's. After a failure only writer_close may follow. */
bool writer_block(struct writer *writer, const struct block *block, const struct extras *extras, struct err *err);
bool writer_bytes(struct writer *writer, const void *bytes, size_t size_bytes, struct err *err);

/* Writes what is left, closes the file and frees the writer in every case. False with err where that fails; false with
 * err as it was where a write had failed before. */
bool writer_close(struct writer *writer, struct err *err);

#endif
