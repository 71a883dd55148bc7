/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a trace holds. A native trace in a plain file says so in its index, and its chunks are not read; every other one
 * is read from end to end.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/rows.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/trace_read.h"
#include "model/units.h"
#include "traces/footprint.h"
#include "traces/native.h"

struct info {
    const char *trace;
    struct reader_facts facts;
    uint64_t of_kind[4]; /* by enum access_kind */
    uint64_t events;
    uint64_t lowest, highest;
    uint64_t pages[FOOTPRINT_SIZES];
    bool with_pcs, with_data;
    json_t *metadata;
    const struct native_index *index; /* NULL: it was read from end to end */
};

/* ---- By reading all of it ---- */

struct reading {
    struct info *info;
    struct footprint footprint;
};

static bool take_info(void *context, const struct reader *reader, struct block *block, uint32_t before, bool *enough,
                      struct err *err)
{
    (void)before;
    (void)enough;
    struct reading *reading = context;
    struct info *info = reading->info;
    const struct extras *extras = reader_extras(reader);
    for (unsigned kind = 0; kind < 4; kind++)
        info->of_kind[kind] += block->of_kind[kind];
    info->events += extras->event_count;
    info->with_pcs = info->with_pcs || extras->pc != NULL;
    info->with_data = info->with_data || extras->data_end != NULL;
    if (info->metadata == NULL)
        info->metadata = json_deep_copy(reader_metadata(reader));
    return footprint_add(&reading->footprint, block) ||
           err_set(err, "%s: there is no memory to count its pages", say_trace(info->trace));
}

static bool read_all(const struct trace_read *read, struct info *info, struct err *err)
{
    struct reading reading = {.info = info};
    const bool good = (footprint_init(&reading.footprint, UINT64_MAX) ||
                       err_set(err, "%s: there is no memory to count its pages", say_trace(read->trace))) &&
                      trace_read(read, take_info, &reading, &info->facts, err);
    info->lowest = reading.footprint.lowest;
    info->highest = reading.footprint.highest;
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++)
        info->pages[i] = reading.footprint.page[i].count;
    footprint_free(&reading.footprint);
    return good;
}

/* ---- By its index ---- */

/* A descriptor of the trace where it is a plain file of the native format; else -1. */
static int open_native(const struct trace_read *read)
{
    char head[8];
    struct stat status;
    if (strcmp(read->trace, "-") == 0 || stat(read->trace, &status) != 0 || !S_ISREG(status.st_mode) ||
        (read->trace_format != NULL && strcmp(read->trace_format, native_format.name) != 0))
        return -1;
    const int fd = open(read->trace, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && pread(fd, head, sizeof head, 0) == sizeof head && native_format.recognise(head, sizeof head))
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static void take_index(struct info *info, const struct native_index *index)
{
    info->index = index;
    info->facts.format = native_format.name;
    info->facts.size_bytes = index->file_bytes;
    info->facts.hash = index->hash;
    info->facts.records = index->records;
    memcpy(info->of_kind, index->of_kind, sizeof info->of_kind);
    info->events = index->events;
    info->lowest = index->lowest;
    info->highest = index->highest;
    memcpy(info->pages, index->pages, sizeof info->pages);
    info->with_pcs = index->with_pcs;
    info->with_data = index->with_data;
    info->metadata = json_incref(index->metadata);
}

static void note_open_pages(const struct info *info)
{
    if (info->pages[0] == FOOTPRINT_OPEN)
        say_note("%s: it touches too many pages to count them while it was written; \"pagewalk trace info - < FILE\" "
                 "reads all of it and counts them",
                 info->trace);
}

static bool find_info(const struct trace_read *read, struct info *info, struct native_index **index, struct err *err)
{
    const int fd = read->keep_going ? -1 : open_native(read); /* what is whole, only reading shows */
    if (fd < 0)
        return read_all(read, info, err);
    /* Where it is not good, reading says best what is wrong, and with --keep-going what is not. */
    struct err unused;
    *index = native_index_read(fd, &unused);
    close(fd);
    if (*index != NULL && (*index)->records > 0) {
        take_index(info, *index);
        note_open_pages(info);
        return true;
    }
    return read_all(read, info, err);
}

/* ---- Out ---- */

enum { INFO_NUMBER_TEXT = 24 };

static struct field count_field(const char *name, uint64_t count)
{
    return (struct field){.name = name, .kind = FIELD_COUNT, .count = count};
}

static struct field text_field(const char *name, const char *text)
{
    return (struct field){.name = name, .kind = text == NULL ? FIELD_NONE : FIELD_TEXT, .text = text};
}

static struct field page_field(const char *name, uint64_t pages, unsigned shift)
{
    return (struct field){
        .name = name, .kind = pages == FOOTPRINT_OPEN ? FIELD_NONE : FIELD_COUNT, .count = pages << shift};
}

static const char *extras_text(const struct info *info)
{
    return info->with_pcs && info->with_data ? "pc data" : info->with_pcs ? "pc" : info->with_data ? "data" : NULL;
}

/* Addresses are texts: a number of JSON ends at 2^63, and hexadecimal is how they are read. */
static bool write_info(const struct info *info, struct output *output, struct err *err)
{
    const struct reader_facts *facts = &info->facts;
    char hash[INFO_NUMBER_TEXT];
    char lowest[INFO_NUMBER_TEXT];
    char highest[INFO_NUMBER_TEXT];
    snprintf(hash, sizeof hash, "%016" PRIx64, facts->hash);
    snprintf(lowest, sizeof lowest, "0x%" PRIx64, info->lowest);
    snprintf(highest, sizeof highest, "0x%" PRIx64, info->highest);
    char *metadata = info->metadata != NULL ? json_dumps(info->metadata, JSON_COMPACT) : NULL;
    struct field chunks = {.name = "chunks"};
    if (info->index != NULL)
        chunks = count_field("chunks", info->index->chunk_count);
    const struct field fields[] = {
        text_field("trace", info->trace),
        text_field("trace_hash", hash),
        text_field("format", facts->format),
        count_field("bytes", facts->size_bytes),
        count_field("lines", facts->lines),
        count_field("unknown_lines", facts->unknown_lines),
        count_field("records", facts->records),
        count_field("instructions", info->of_kind[ACCESS_FETCH]),
        count_field("loads", info->of_kind[ACCESS_LOAD]),
        count_field("stores", info->of_kind[ACCESS_STORE]),
        count_field("modifies", info->of_kind[ACCESS_MODIFY]),
        text_field("lowest_address", lowest),
        text_field("highest_address", highest),
        page_field("pages_4k", info->pages[0], 0),
        page_field("pages_64k", info->pages[1], 0),
        page_field("pages_2m", info->pages[2], 0),
        page_field("pages_1g", info->pages[3], 0),
        page_field("footprint_4k", info->pages[0], footprint_shift[0]),
        page_field("footprint_64k", info->pages[1], footprint_shift[1]),
        page_field("footprint_2m", info->pages[2], footprint_shift[2]),
        page_field("footprint_1g", info->pages[3], footprint_shift[3]),
        count_field("events", info->events),
        text_field("extras", extras_text(info)),
        chunks,
        text_field("metadata", metadata),
    };
    const bool good = rows_write(output, fields, sizeof fields / sizeof *fields, err);
    free(metadata);
    return good;
}

static void print_head(const struct info *info, FILE *out, bool style)
{
    const struct reader_facts *facts = &info->facts;
    char number[TABLE_COUNT_TEXT];
    fprintf(out, "%s%s%s\n  %s, %s bytes", style ? "\033[1m" : "", info->trace, style ? "\033[0m" : "", facts->format,
            table_count(facts->size_bytes, number));
    if (facts->lines > 0)
        fprintf(out, " in %s lines", table_count(facts->lines, number));
    fprintf(out, ", hash %016" PRIx64 "\n", facts->hash);
    if (info->index != NULL) {
        const struct native_index *index = info->index;
        fprintf(out, "  version %u.%u, %s chunk%s", index->major, index->minor, table_count(index->chunk_count, number),
                index->chunk_count == 1 ? "" : "s");
        fprintf(out, ", the first at byte %s", table_count(index->chunk[0].offset, number));
        if (index->chunk_count > 1)
            fprintf(out, ", the last at byte %s", table_count(index->chunk[index->chunk_count - 1].offset, number));
        fputc('\n', out);
    }
    fprintf(out, "  addresses 0x%" PRIx64 " to 0x%" PRIx64 "\n", info->lowest, info->highest);
    if (extras_text(info) != NULL)
        fprintf(out, "  accesses have their %s\n",
                info->with_pcs && info->with_data ? "pc and data" : extras_text(info));
    fputc('\n', out);
}

static void print_records(const struct info *info, FILE *out)
{
    static const char *const kinds[] = {"instruction fetches", "loads", "stores", "modifies"};
    char number[TABLE_COUNT_TEXT];
    struct table *table = table_create("lr");
    table_add(table, "records");
    table_add(table, "%s", table_count(info->facts.records, number));
    for (unsigned i = 0; i < 4; i++) {
        table_add(table, "  %s", kinds[i]);
        table_add(table, "%s", table_count(info->of_kind[i], number));
    }
    if (info->facts.lines > 0) {
        table_add(table, "unknown lines");
        table_add(table, "%s", table_count(info->facts.unknown_lines, number));
    } else {
        table_add(table, "events");
        table_add(table, "%s", table_count(info->events, number));
    }
    table_print(table, out, 2, false);
    table_free(table);
    fputc('\n', out);
}

static void print_pages(const struct info *info, FILE *out, bool style)
{
    char number[TABLE_COUNT_TEXT];
    char size[UNITS_SIZE_TEXT];
    struct table *table = table_create("rrr");
    table_add(table, "page size");
    table_add(table, "pages");
    table_add(table, "bytes");
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++) {
        const bool counted = info->pages[i] != FOOTPRINT_OPEN;
        table_add(table, "%s", units_format_size(UINT64_C(1) << footprint_shift[i], size));
        table_add(table, "%s", counted ? table_count(info->pages[i], number) : "not counted");
        table_add(table, "%s", counted ? table_count(info->pages[i] << footprint_shift[i], number) : "");
    }
    table_print(table, out, 2, style);
    table_free(table);
}

/* Values as JSON: they may hold anything. */
static void print_metadata(const json_t *metadata, FILE *out)
{
    if (metadata == NULL || json_object_size(metadata) == 0)
        return;
    struct table *table = table_create("ll");
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)metadata, key, value)
    {
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);
        table_add(table, "%s", key);
        table_add(table, "%s", text != NULL ? text : "");
        free(text);
    }
    fputc('\n', out);
    table_print(table, out, 2, false);
    table_free(table);
}

static void print_info(const struct info *info, FILE *out)
{
    const bool style = say_may_style(out);
    print_head(info, out, style);
    print_records(info, out);
    print_pages(info, out, style);
    print_metadata(info->metadata, out);
}

static bool put_out(const struct info *info, struct output *output, struct err *err)
{
    if (output->format != OUTPUT_TABLE)
        return write_info(info, output, err);
    if (!output_begin(output, err))
        return false;
    print_info(info, output->file);
    return true;
}

static bool show_info(const struct trace_read *read, const char *path, const char *format, struct err *err)
{
    struct output output;
    if (!output_choose(&output, path, format, err) || !output_open(&output, err))
        return false;
    struct info info = {.trace = read->trace};
    struct native_index *index = NULL;
    const bool good =
        (!output_is(&output, read->trace) || err_set(err, "-o %s is the trace itself; give another file", path)) &&
        find_info(read, &info, &index, err) && put_out(&info, &output, err);
    json_decref(info.metadata);
    native_index_free(index);
    struct err late;
    if (output_close(&output, &late) || !good)
        return good;
    return err_set(err, "%s", late.text);
}

enum status trace_info_command(int argc, char **argv, struct err *err)
{
    struct trace_read read = {0};
    const char *format = NULL;
    const char *output = NULL;
    const struct option_spec option[] = {
        {.letter = 'f',
         .name = "format",
         .value = "FORMAT",
         .text = &format,
         .choices = output_format_names,
         .help = "table, csv, tsv or json; else by FILE's suffix, else a table on a terminal and CSV elsewhere"},
        {.letter = 'o',
         .name = "output",
         .value = "FILE",
         .text = &output,
         .help = "write it there, not to standard output"},
        OPTION_STRICT(&read.strict),
        TRACE_READ_OPTIONS(&read),
        {.name = NULL},
    };
    const struct options options = {
        .usage = "trace info [OPTION]... TRACE",
        .about = "Counts what a trace holds: records by kind, events, lines that are none, pages and bytes that it "
                 "touches at four page sizes. A native trace in a file says so in its index, and is not read.",
        .option = option,
        .examples = "pagewalk trace info ls.pwt\n"
                    "pagewalk trace info --format json ls.trace.zst",
        .operand = "a TRACE",
        .operands_least = 1,
        .operands_most = 1,
    };
    enum status status;
    if (!trace_read_options(&read, &options, argc, argv, &status, err))
        return status;
    return trace_read_status(show_info(&read, output, format, err));
}
