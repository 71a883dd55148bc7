/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A trace in memory through a format's parser, cut into chunks as told, and all that comes out. It stands for the reader,
 * keeps to what a parser may rely on (traces/reader.h) and no more, and ends the process where the parser does not keep to
 * its own part.
 *
 * It opens no files; format_try_file does, to take the reader and its decompression along.
 */
#ifndef TRACES_FORMAT_TESTING_H
#define TRACES_FORMAT_TESTING_H

#include "traces/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct format_record {
    uint64_t va;
    uint64_t pc; /* 0 where the trace has none */
    uint64_t line;
    enum access_kind kind;
    uint32_t size_bytes;
};

struct format_event {
    uint64_t records; /* before it */
    enum event_kind kind;
    uint32_t id;
};

struct format_outcome {
    bool good; /* else what came before the error, and err */
    size_t records;
    struct format_record *record;
    size_t events;
    struct format_event *event;
    struct reader_facts facts; /* what the format puts there */
    struct err err;
};

/* The format of that name; ends the process where there is none. */
const struct trace_format *format_find(const char *name);

/* The first chunk has first_bytes more than nothing, each further one each_bytes (1 or more). Whether the last one is known
 * for the last, or an empty one follows, goes by first_bytes + each_bytes. */
struct format_outcome format_read(const struct trace_format *format, const char *bytes, size_t size_bytes,
                                  size_t first_bytes, size_t each_bytes);

/* What tells them apart, or NULL. */
const char *format_difference(const struct format_outcome *a, const struct format_outcome *b);

/* What of the records is not as expected, in memory that the next call uses again, or NULL. Lines of 0 are not compared. */
const char *format_unexpected(const struct format_outcome *outcome, const struct format_record *expected, size_t count);

/* How many records of that kind were left out. */
uint64_t format_left_out(const struct format_outcome *outcome, const char *what);

void format_outcome_free(struct format_outcome *outcome);

/* For any bytes at all: two ways to cut them, which follow from the bytes, must give the same. */
void format_try(const struct trace_format *format, const char *bytes, size_t size_bytes);

/* For any bytes at all: as a file through the reader, which takes them for `format`, or NULL to go by the content. */
void format_try_file(const struct trace_format *format, const char *bytes, size_t size_bytes);

#endif
