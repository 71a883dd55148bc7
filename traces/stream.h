/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stream that pagewalk's Valgrind tool writes, from a pipe while the program runs or from a file: words of 64 bits,
 * as FORMAT-stream.md describes them. Accesses, the events between them, and their pcs where the tool was asked.
 *
 * Not for keeping: it takes eight bytes an access.
 *
 * Always: a stream is whole where the first process said that it ends; one that was cut is an error and sets
 * reader_facts.cut. Memory is bounded whatever the bytes are, and the same comes out however they are cut into chunks.
 */
#ifndef TRACES_STREAM_H
#define TRACES_STREAM_H

#include "traces/reader.h"

extern const struct trace_format stream_format;

/* A block ends early where so many events stand in it, and none is without an access. */
enum { STREAM_BLOCK_EVENTS = 4096 };

#endif
