/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/reader.h"

#include "traces/lackey.h"
#include "traces/stream.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first that recognises a trace reads it: the choosy stand first, and Lackey takes any text. */
static const struct trace_format *const formats[] = {&stream_format, &lackey_format, NULL};

enum { FORMATS = sizeof formats / sizeof formats[0] - 1, NAMES_TEXT = 256, HEAD_SHOWN = 16 };

struct reader {
    struct input *input;
    const struct trace_format *format;
    void *state;
    struct input_chunk chunk; /* as input gave it; the first taken_bytes are parsed */
    size_t taken_bytes;
    bool ended;
    bool past_end; /* the block at hand is one that the format knows nothing of */
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
    char names[NAMES_TEXT];
    char lines[READER_UNKNOWN_TEXT_BYTES + 80] = "";
    if (facts->unknown_lines > 0)
        snprintf(lines, sizeof lines, " in %" PRIu64 " lines; line %" PRIu64 " is %s", facts->lines,
                 facts->first_unknown_line, facts->first_unknown);
    return err_set(
        err,
        "%s: no record of the format %s%s; known formats: %s (`pagewalk list formats` shows what their records "
        "look like)",
        input_name(reader->input), facts->format, lines, known_names(names));
}

bool reader_next(struct reader *reader, struct block *block, struct err *err)
{
    struct reader_facts *facts = &reader->facts;
    block->count = 0;
    block->mark_count = 0;
    block->first_record = facts->records + 1;
    reader->past_end = reader->ended;
    while (!reader->ended) {
        const struct input_chunk rest = {.bytes = reader->chunk.bytes + reader->taken_bytes,
                                         .size_bytes = reader->chunk.size_bytes - reader->taken_bytes,
                                         .last = reader->chunk.last};
        size_t taken_bytes = 0;
        if (!reader->format->parse(reader->state, &rest, &taken_bytes, block, facts, err) &&
            !(facts->cut && reader->cut_allowed))
            return err_prefix(err, input_name(reader->input));
        reader->taken_bytes += taken_bytes;
        if (block_is_full(block))
            break;
        if (reader->chunk.last) {
            reader->ended = true;
            facts->hash = facts->cut ? 0 : input_hash(reader->input);
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
    facts->records += block->count;
    facts->size_bytes = input_total_bytes(reader->input);
    facts->file_bytes_read = input_file_bytes_read(reader->input);
    return facts->records > 0 || no_record(reader, err);
}

const struct extras *reader_extras(const struct reader *reader)
{
    static const struct extras none;
    return reader->format->extras == NULL || reader->past_end ? &none : reader->format->extras(reader->state);
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

void reader_close(struct reader *reader)
{
    if (reader == NULL)
        return;
    input_close(reader->input);
    if (reader->state != NULL && reader->format->close != NULL)
        reader->format->close(reader->state);
    free(reader->state);
    free(reader);
}
