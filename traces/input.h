/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bytes of a trace, decompressed: a file, a pipe or standard input, read front to back in chunks that are as
 * contiguous as the reader wants them. What was compressed with gzip, xz, zstd, bzip2 or lz4 is told by its first
 * bytes, never by its name.
 *
 * It knows nothing about records, seeks only where it is told to, and maps nothing: a file that is cut while it is read
 * is an error here, not a SIGBUS.
 *
 * Always: what input_next hands out is whole. Compressed data that is cut, damaged or followed by something else ends
 * in an error, never in an early end.
 */
#ifndef TRACES_INPUT_H
#define TRACES_INPUT_H

#include "model/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    INPUT_HEAD_BYTES = 4096,  /* the first chunk holds at least this many, if the trace does */
    INPUT_CARRY_BYTES = 4096, /* the most that may be left of a chunk for the next one */
    INPUT_PAD_BYTES = 64,     /* readable, with any content, before and behind every chunk: for vector loads */
};

struct input;

struct input_chunk {
    const char *bytes;
    size_t size_bytes;
    bool last; /* nothing follows */
};

/* Opens a path, or standard input for "-", and recognises the compression. NULL with err where there is nothing to
 * read: a missing or unreadable file, a directory, no bytes. */
struct input *input_open(const char *path, struct err *err);

/* A descriptor that somebody else opened, such as the pipe of a program that runs. */
struct input_source {
    int fd;           /* closed with the input, or at once where there is none */
    const char *name; /* for messages */
    /* Before each read: waits until there is something to read, the end included; false where nothing is to be read any
     * more, which is the end. NULL: the read itself waits. */
    bool (*wait)(void *context);
    void *context;
};

struct input *input_open_source(const struct input_source *source, struct err *err);

/* Drops the first `taken` bytes of the last chunk, carries the rest to the front of the next and reads more behind it.
 * A chunk grows by at least one byte, or is the last. The bytes live until the next call. False with err where the file
 * cannot be read or its compressed data is not whole; a read that a signal interrupts is one that fails. */
bool input_next(struct input *input, size_t taken_bytes, struct input_chunk *chunk, struct err *err);

/* The descriptor of a plain file, which can be read anywhere; -1 of what is compressed, of a pipe and of standard
 * input. */
int input_plain_fd(const struct input *input);

/* Of a plain file: drops the last chunk, and what comes next is from this offset on. The hash is of no use from here
 * on. */
bool input_seek(struct input *input, uint64_t offset, struct err *err);

/* The name to put into messages: the path, or "standard input". */
const char *input_name(const struct input *input);

/* How many decompressed bytes were read so far, and their XXH3 64-bit hash. */
uint64_t input_total_bytes(const struct input *input);
uint64_t input_hash(const struct input *input);

/* For progress: bytes of the file read so far, as they are there (compressed), and how many it has; 0 where it is no
 * regular file. */
uint64_t input_file_bytes_read(const struct input *input);
uint64_t input_file_bytes(const struct input *input);

/* NULL is fine. */
void input_close(struct input *input);

#endif
