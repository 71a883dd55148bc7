/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/reader.h"

#include "traces/champsim.h"
#include "traces/dinero.h"
#include "traces/drmemtrace.h"
#include "traces/gem5.h"
#include "traces/lackey.h"
#include "traces/native.h"
#include "traces/perf.h"
#include "traces/pin.h"
#include "traces/stream.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first that recognises a trace reads it: the choosy stand first, and Lackey takes any text. */
static const struct trace_format *const formats[] = {&native_format,
                                                     &stream_format,
                                                     &gem5_format,
                                                     &drmemtrace_format,
                                                     &champsim_format,
                                                     &champsim_cloudsuite_format,
                                                     &pin_format,
                                                     &dinero_format,
                                                     &perf_format,
                                                     &lackey_format,
                                                     NULL};

enum { FORMATS = sizeof formats / sizeof formats[0] - 1, NAMES_TEXT = 256, HEAD_SHOWN = 16 };

struct reader {
    struct input *input;
    const struct trace_format *format;
    void *state;
    struct input_chunk chunk; /* as input gave it; the first taken_bytes are parsed */
    size_t taken_bytes;
    bool parsed; /* for the last block: else what the format has beside is of the block before */
    bool ended;
    uint32_t process; /* that was named last; 0: none */
    bool keep_going;
    bool sought;
    uint64_t sought_records; /* that were passed over by it */
    struct reader_facts facts;
    bool (*asked)(void);
    bool cut_allowed;
};

const struct trace_format *const *reader_formats(void)
{
    return formats;
}

static const char *known_names(char text[NAMES_TEXT])
{
    size_t length = 0;
    for (size_t i = 0; i < FORMATS; i++)
        length += (size_t)snprintf(text + length, NAMES_TEXT - length, "%s%s", i == 0 ? "" : ", ", formats[i]->name);
    return text;
}

static const struct trace_format *find_format(const char *name, struct err *err)
{
    const char *candidates[FORMATS + 1] = {NULL};
    for (size_t i = 0; i < FORMATS; i++) {
        if (strcmp(name, formats[i]->name) == 0)
            return formats[i];
        candidates[i] = formats[i]->name;
    }
    char names[NAMES_TEXT];
    const char *nearest = err_nearest(name, candidates);
    err_set(err, "no trace format '%s'%s%s%s; known: %s (`pagewalk list formats` describes them)", name,
            nearest == NULL ? "" : "; did you mean '", nearest == NULL ? "" : nearest, nearest == NULL ? "" : "'?",
            known_names(names));
    return NULL;
}

static const struct trace_format *recognise(const struct reader *reader, struct err *err)
{
    const struct input_chunk *head = &reader->chunk;
    for (size_t i = 0; i < FORMATS; i++)
        if (formats[i]->recognise(head->bytes, head->size_bytes))
            return formats[i];
    char shown[3 * HEAD_SHOWN + 1] = "";
    for (size_t i = 0; i < head->size_bytes && i < HEAD_SHOWN; i++)
        snprintf(shown + 3 * i, 4, " %02x", (unsigned char)head->bytes[i]);
    char names[NAMES_TEXT];
    err_set(
        err,
        "%s: not a trace of a known format: it begins with the bytes%s; known: %s (`pagewalk list formats` describes "
        "them); if it is one of these, name it with --trace-format",
        input_name(reader->input), shown, known_names(names));
    return NULL;
}

/* The reader of an input that is open, or NULL where that is no trace; NULL for none. */
static struct reader *start(struct input *input, const struct trace_format *named, struct err *err)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL || input == NULL) {
        if (input != NULL)
            err_set(err, "%s: out of memory", input_name(input));
        input_close(input);
        free(reader);
        return NULL;
    }
    reader->input = input;
    if (!input_next(reader->input, 0, &reader->chunk, err))
        goto failed;
    reader->format = named != NULL ? named : recognise(reader, err);
    if (reader->format == NULL)
        goto failed;
    reader->facts.format = reader->format->name;
    reader->facts.caveat = reader->format->caveat;
    reader->facts.file_bytes = input_file_bytes(reader->input);
    reader->state = calloc(1, reader->format->state_bytes);
    if (reader->state == NULL) {
        err_set(err, "%s: out of memory", input_name(input));
        goto failed;
    }
    return reader;
failed:
    reader_close(reader);
    return NULL;
}

struct reader *reader_open(const char *path, const char *format, struct err *err)
{
    const struct trace_format *named = NULL;
    if (format != NULL && (named = find_format(format, err)) == NULL)
        return NULL;
    return start(input_open(path, err), named, err);
}

struct reader *reader_open_source(const struct input_source *source, const char *format, struct err *err)
{
    const struct trace_format *named = NULL;
    if (format != NULL && (named = find_format(format, err)) == NULL) {
        close(source->fd);
        return NULL;
    }
    return start(input_open_source(source, err), named, err);
}

static bool no_record(const struct reader *reader, struct err *err)
{
    const struct reader_facts *facts = &reader->facts;
    if (facts->losses > 0)
        return err_set(err, "%s: nothing of it is whole: %.*s", input_name(reader->input), READER_LOSS_TEXT - 1,
                       facts->first_loss);
    char lines[READER_UNKNOWN_TEXT_BYTES + 80] = "";
    if (facts->unknown_lines > 0)
        snprintf(lines, sizeof lines, " in %" PRIu64 " lines; line %" PRIu64 " is %s", facts->lines,
                 facts->first_unknown_line, facts->first_unknown);
    return err_set(
        err,
        "%s: no record of the format %s%s; if it is of another, name that with --trace-format (`pagewalk list formats` "
        "shows what their records look like)",
        input_name(reader->input), facts->format, lines);
}

static bool block_ends(const struct reader *reader, const struct block *block)
{
    return block_is_full(block) || (reader->format->ends_block != NULL && reader->format->ends_block(reader->state));
}

/* A trace that has no end, of a format whose traces have one, may be read as far as it goes: then that is no error. */
static bool bear_cut(struct reader *reader, const struct err *why)
{
    struct reader_facts *facts = &reader->facts;
    if (!facts->cut || (!reader->cut_allowed && !reader->keep_going))
        return false;
    if (reader->keep_going && facts->losses++ == 0)
        snprintf(facts->first_loss, sizeof facts->first_loss, "%.*s", READER_LOSS_TEXT - 1, why->text);
    return true;
}

static uint64_t next_record(const struct reader *reader)
{
    return reader->sought_records + reader->facts.lost_records + reader->facts.records + 1;
}

static void follow_processes(struct reader *reader)
{
    const struct extras *extras = reader_extras(reader);
    for (uint32_t i = 0; i < extras->event_count; i++) {
        if (extras->event[i].kind != EVENT_PROCESS)
            continue;
        if (reader->process != 0 && reader->process != extras->event[i].id)
            reader->facts.several_processes = true;
        reader->process = extras->event[i].id;
    }
}

bool reader_next(struct reader *reader, struct block *block, struct err *err)
{
    struct reader_facts *facts = &reader->facts;
    block_begin(block, next_record(reader));
    reader->parsed = !reader->ended;
    while (!reader->ended) {
        const struct input_chunk rest = {.bytes = reader->chunk.bytes + reader->taken_bytes,
                                         .size_bytes = reader->chunk.size_bytes - reader->taken_bytes,
                                         .last = reader->chunk.last};
        size_t taken_bytes = 0;
        if (!reader->format->parse(reader->state, &rest, &taken_bytes, block, facts, err) && !bear_cut(reader, err))
            return err_prefix(err, input_name(reader->input));
        reader->taken_bytes += taken_bytes;
        if (block_ends(reader, block))
            break;
        if (reader->chunk.last) {
            reader->ended = true;
            if (facts->hash == 0 && !reader->sought && !(facts->cut && reader->cut_allowed))
                facts->hash = input_hash(reader->input);
        } else if (!input_next(reader->input, reader->taken_bytes, &reader->chunk, err)) {
            return false;
        } else {
            reader->taken_bytes = 0;
        }
        if (reader->asked != NULL && reader->asked())
            return err_set(err, "%s: interrupted", input_name(reader->input));
    }
    assert(block->count == 0 || block->mark_count > 0);
    block_summarise(block);
    follow_processes(reader);
    block->first_record = next_record(reader); /* what was lost stands before it */
    facts->records += block->count;
    facts->size_bytes = input_total_bytes(reader->input);
    facts->file_bytes_read = input_file_bytes_read(reader->input);
    return facts->records > 0 || no_record(reader, err);
}

const struct extras *reader_extras(const struct reader *reader)
{
    static const struct extras none;
    return reader->format->extras == NULL || !reader->parsed ? &none : reader->format->extras(reader->state);
}

const struct json_t *reader_metadata(const struct reader *reader)
{
    return reader->format->metadata == NULL ? NULL : reader->format->metadata(reader->state);
}

void reader_keep_going(struct reader *reader)
{
    reader->keep_going = true;
    if (reader->format->keep_going != NULL)
        reader->format->keep_going(reader->state);
}

bool reader_seek(struct reader *reader, uint64_t record, uint64_t *next, struct err *err)
{
    const int fd = input_plain_fd(reader->input);
    uint64_t offset;
    *next = 1;
    if (reader->format->seek == NULL || fd < 0 || record == 1)
        return true;
    struct err wrong;
    if (!reader->format->seek(reader->state, fd, record, &offset, next, &wrong))
        return reader->keep_going || err_set(err, "%s: %s", input_name(reader->input), wrong.text);
    if (!input_seek(reader->input, offset, err) || !input_next(reader->input, 0, &reader->chunk, err))
        return false;
    reader->taken_bytes = 0;
    reader->sought = true;
    reader->sought_records = *next - 1;
    return true;
}

void reader_allow_cut(struct reader *reader)
{
    reader->cut_allowed = true;
}

void reader_end_when(struct reader *reader, bool (*asked)(void))
{
    reader->asked = asked;
}

const struct reader_facts *reader_facts(const struct reader *reader)
{
    return &reader->facts;
}

void reader_leave_out(struct reader_facts *facts, const char *what)
{
    struct reader_left_out *kind = facts->left_out;
    while (kind->what != NULL && strcmp(kind->what, what) != 0)
        kind++;
    assert(kind < facts->left_out + READER_LEFT_OUT_KINDS - 1);
    kind->what = what;
    kind->count++;
}

void reader_close(struct reader *reader)
{
    if (reader == NULL)
        return;
    input_close(reader->input);
    if (reader->state != NULL) {
        assert(reader->format != NULL);
        if (reader->format->close != NULL)
            reader->format->close(reader->state);
    }
    free(reader->state);
    free(reader);
}
