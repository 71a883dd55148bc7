/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A trace as blocks of accesses, whatever its format. The formats are a table: one more is one more file and a line in
 * reader.c.
 *
 * It does not judge what an access means, and it says nothing: what it skipped is in reader_facts, for whoever prints.
 *
 * Always: records come in the order of the trace, none twice, none lost, and the blocks are the same however the bytes
 * arrived.
 */
#ifndef TRACES_READER_H
#define TRACES_READER_H

#include "model/access.h"
#include "model/err.h"
#include "traces/extras.h"
#include "traces/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { READER_UNKNOWN_TEXT_BYTES = 96, READER_LOSS_TEXT = 256, READER_LEFT_OUT_KINDS = 8 };

struct json_t;

/* Records that are whole and understood, and that the model has no use for. */
struct reader_left_out {
    const char *what; /* such as "prefetches"; NULL behind the last kind */
    uint64_t count;
};

/* What is known of the trace so far; of all of it once reader_next has given an empty block. */
struct reader_facts {
    const char *format;
    const char *caveat; /* what to know before the results are believed: a clause; NULL for none */
    struct reader_left_out left_out[READER_LEFT_OUT_KINDS];
    uint64_t size_bytes; /* decompressed */
    uint64_t hash;       /* XXH3 64-bit of the decompressed bytes, or what the format has for it; 0 before the end */
    uint64_t file_bytes; /* of the file, as it is there; 0 where it is no regular file */
    uint64_t file_bytes_read; /* of them, so far */
    uint64_t records;
    bool several_processes; /* events name more than one */
    uint64_t lines;         /* 0 where the format has none, as the two below */
    uint64_t unknown_lines;
    uint64_t first_unknown_line;
    char first_unknown[READER_UNKNOWN_TEXT_BYTES]; /* what stood there, as the end of a sentence: printable, or "" */
    uint64_t losses;                               /* damaged places that were passed over: reader_keep_going */
    uint64_t lost_records;                         /* that are known to have stood there */
    bool cut;                                      /* the end is missing, and whatever stood before it */
    char first_loss[READER_LOSS_TEXT];             /* what was wrong there, as a sentence; "" */
};

/* A format turns bytes into accesses; files, pipes, compression, hashes and counts of records are the reader's. */
struct trace_format {
    const char *name;
    const char *help; /* one line */

    /* What any trace of this format lacks, as a clause for people; NULL for nothing. Where that is seen in the trace only,
     * parse puts it into facts. */
    const char *caveat;

    /* Whether a trace that begins with these bytes (INPUT_HEAD_BYTES or more, unless it is shorter) is of this format.
     */
    bool (*recognise)(const char *head, size_t size_bytes);

    size_t state_bytes; /* of the parser's own state, all zero at the start */

    /* Takes bytes from the front of the chunk and appends their accesses and marks to the block, until the block is
     * full or the chunk has no more. Bytes not taken come again, with more behind them unless the chunk is the last; at
     * most INPUT_CARRY_BYTES may be left while the block has room. A format whose pieces are larger keeps them in its
     * state, and puts out what it has there before it takes more. Counts lines and what is left out into facts. The chunk may be
     * empty. Where the last one shows that the trace was cut, it takes what is there, says so in facts and fails. */
    bool (*parse)(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                  struct reader_facts *facts, struct err *err);

    /* What stands beside the accesses that parse has put into the block; NULL where the format has nothing but
     * accesses. */
    const struct extras *(*extras)(const void *state);

    /* Whether the block ends here though it has room, so that what stands beside it is bounded. NULL: never. */
    bool (*ends_block)(const void *state);

    /* What the trace says of itself as a whole, a JSON object, as far as it was read; NULL, or one that returns NULL:
     * nothing. */
    const struct json_t *(*metadata)(const void *state);

    /* From now on what is damaged is passed over and counted, as long as it can be told what comes next. NULL: the
     * format has no parts of which one could be whole without the others. */
    void (*keep_going)(void *state);

    /* Before the first parse: where in the file, which is a plain one, to go on to come to a record, and which record
     * is the first there. NULL: by reading alone. */
    bool (*seek)(void *state, int fd, uint64_t record, uint64_t *offset, uint64_t *first_record, struct err *err);

    /* Frees what the state points to; NULL where that is nothing. */
    void (*close)(void *state);
};

struct reader;

/* All formats, in the order in which they are tried; NULL ends them. */
const struct trace_format *const *reader_formats(void);

/* Opens a trace ("-" is standard input). `format` is a name of the table, or NULL to go by the content. NULL with err.
 */
struct reader *reader_open(const char *path, const char *format, struct err *err);

/* The same of a descriptor that is open. */
struct reader *reader_open_source(const struct input_source *source, const char *format, struct err *err);

/* Fills the block with the next accesses; count is 0 at the end and only there. False with err: the file cannot be
 * read, is not whole, or held no record at all. */
bool reader_next(struct reader *reader, struct block *block, struct err *err);

/* What stands beside the accesses of the last block, also of the empty one at the end. Never NULL. */
const struct extras *reader_extras(const struct reader *reader);

/* What the trace says of itself as a whole, a JSON object, once there was a block; NULL: nothing. Lives as long as the
 * reader. */
const struct json_t *reader_metadata(const struct reader *reader);

/* From now on damage is passed over and counted, where the format can. */
void reader_keep_going(struct reader *reader);

/* Before the first block: goes to the record of this number, from 1, or to one before it, as near as the file and its
 * format allow without reading. *next is the number of the one that comes next. The hash is not known then. */
bool reader_seek(struct reader *reader, uint64_t record, uint64_t *next, struct err *err);

/* From now on a trace that was cut ends where it was, in an empty block as others: facts say that it was. For who reads a
 * program's trace while it runs, and knows better how it ended. */
void reader_allow_cut(struct reader *reader);

/* From now on reader_next asks `asked` whenever bytes have come, and fails where it says true: a slow pipe may fill a
 * block only in hours. */
void reader_end_when(struct reader *reader, bool (*asked)(void));

const struct reader_facts *reader_facts(const struct reader *reader);

/* For formats: counts one more that is left out. `what` lives for ever. */
void reader_leave_out(struct reader_facts *facts, const char *what);

/* NULL is fine. */
void reader_close(struct reader *reader);

#endif
