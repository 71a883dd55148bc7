/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/trace_output.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/output.h"
#include "cli/rows.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/version.h"

static bool can_be_written(const char *path, size_t source_count, const char *const *source, struct err *err)
{
    /* Opened and closed to see it. */
    struct output probe = {.path = path};
    bool same = false;
    if (!output_open(&probe, err))
        return false;
    for (size_t i = 0; i < source_count; i++)
        same = same || output_is(&probe, source[i]);
    if (!output_close(&probe, err))
        return false;
    return !same || err_set(err, "-o %s is the trace itself; give another file", path);
}

bool trace_output_open(struct trace_output *output, const char *path, size_t source_count, const char *const *source,
                       struct err *err)
{
    *output = (struct trace_output){.path = path};
    struct stat status;
    /* A pipe must not be opened twice: whoever reads it would see its end. */
    if (strcmp(path, "-") != 0 && (stat(path, &status) != 0 || !S_ISFIFO(status.st_mode))) {
        output->replaces = replacement_suits(path);
        if (!can_be_written(path, source_count, source, err))
            return false;
    }
    output->metadata = json_object();
    trace_output_describe(output, "tool", "pagewalk " PAGEWALK_VERSION);
    return true;
}

void trace_output_describe(struct trace_output *output, const char *key, const char *value)
{
    char *repaired = rows_repair(value);
    /* Where there is no memory for it, the writer finds none either, and says so. */
    json_object_set_new(output->metadata, key, json_string(repaired != NULL ? repaired : value));
    free(repaired);
}

void trace_output_describe_words(struct trace_output *output, const char *key, size_t count, char *const *words)
{
    char *line = say_quoted_words(count, words);
    trace_output_describe(output, key, line);
    free(line);
}

void trace_output_describe_all(struct trace_output *output, const json_t *metadata)
{
    json_t *copy = json_deep_copy(metadata);
    json_object_update(output->metadata, copy);
    json_decref(copy);
}

static struct writer *open_beside(struct trace_output *output, struct err *err)
{
    const int fd = replacement_open(&output->replacement, output->path, err);
    return fd >= 0 ? writer_open_fd(fd, output->path, err) : NULL;
}

static bool begin(struct trace_output *output, struct err *err)
{
    if (output->writer == NULL)
        output->writer = output->replaces ? open_beside(output, err) : writer_open(output->path, err);
    if (output->writer != NULL && output->metadata != NULL)
        writer_describe(output->writer, output->metadata);
    json_decref(output->metadata);
    output->metadata = NULL;
    return output->writer != NULL;
}

bool trace_output_block(struct trace_output *output, const struct block *block, const struct extras *extras,
                        struct err *err)
{
    return begin(output, err) && writer_block(output->writer, block, extras, err);
}

static void add_part(char *text, size_t text_bytes, uint64_t count, const char *one, const char *many)
{
    char number[TABLE_COUNT_TEXT];
    const size_t length = strlen(text);
    if (count > 0)
        snprintf(text + length, text_bytes - length, "%s%s %s", length > 0 ? ", " : "", table_count(count, number),
                 count == 1 ? one : many);
}

static void say_left_out(const struct trace_output *output)
{
    const struct writer_left_out *left_out = writer_left_out(output->writer);
    char parts[200] = "";
    add_part(parts, sizeof parts, left_out->events, "event", "events");
    add_part(parts, sizeof parts, left_out->pcs, "pc", "pcs");
    add_part(parts, sizeof parts, left_out->data_bytes, "byte of data", "bytes of data");
    if (parts[0] != '\0')
        say_note("%s: left out, since Lackey text has no place for it: %s; a native trace (.pwt) has",
                 strcmp(output->path, "-") == 0 ? "standard output" : output->path, parts);
}

/* Ends the writing, and frees the writer. *kept_records is what a full disk leaves. */
static bool end_writing(struct trace_output *output, bool good, uint64_t *kept_records, struct err *err)
{
    struct err late;
    if (good && !(good = writer_end(output->writer, &late)))
        *err = late;
    *kept_records = good ? 0 : writer_kept_records(output->writer);
    if (good)
        say_left_out(output);
    if (!writer_close(output->writer, &late) && good) {
        *err = late;
        good = false;
    }
    output->writer = NULL;
    return good;
}

static bool keep_what_is_whole(struct trace_output *output, uint64_t records, struct err *err)
{
    char number[TABLE_COUNT_TEXT];
    const struct err first = *err;
    err_set(err, "%s; the first %s records of it are whole in %s, and are read with --keep-going", first.text,
            table_count(records, number), output->replacement.path);
    replacement_leave(&output->replacement);
    return false;
}

bool trace_output_close(struct trace_output *output, bool good, struct err *err)
{
    uint64_t kept_records = 0;
    json_decref(output->metadata);
    output->metadata = NULL;
    if (output->writer != NULL)
        good = end_writing(output, good, &kept_records, err);
    if (output->replacement.target == NULL)
        return good;
    if (good)
        return replacement_keep(&output->replacement, err);
    if (kept_records > 0)
        return keep_what_is_whole(output, kept_records, err);
    replacement_drop(&output->replacement);
    return false;
}
