/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/footprint.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/rows.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/trace_output.h"
#include "cli/unknown_lines.h"
#include "model/units.h"
#include "traces/reader.h"

struct trace_request {
    const char *trace;
    const char *trace_format;
    const char *format;
    const char *output;
    uint64_t records;
    bool strict;
};

/* What is done with a block of the trace; sets *enough where the rest is not needed. */
typedef bool take_block(void *context, struct block *block, bool *enough, struct err *err);

/* Reads a trace block by block, and says what of it was left out where it came to the end. */
static bool read_trace(const struct trace_request *request, take_block *take, void *context, struct reader_facts *facts,
                       struct err *err)
{
    struct reader *reader = reader_open(request->trace, request->trace_format, err);
    if (reader == NULL)
        return false;
    struct block *block = say_allocate(1, sizeof *block);
    bool ended = false;
    bool enough = false;
    bool good = true;
    interrupt_catch();
    reader_end_when(reader, interrupt_asked);
    progress_begin(say_trace(request->trace), reader_facts(reader)->file_bytes);
    while (good && !ended && !enough) {
        good = reader_next(reader, block, err);
        ended = good && block->count == 0;
        if (good && !ended)
            good = take(context, block, &enough, err);
        progress_update(reader_facts(reader)->records, reader_facts(reader)->file_bytes_read);
        if (interrupt_asked())
            good = err_set(err, "%s: interrupted after %" PRIu64 " records; nothing is kept of it",
                           say_trace(request->trace), reader_facts(reader)->records);
    }
    progress_end();
    *facts = *reader_facts(reader);
    free(block);
    reader_close(reader);
    if (good && !ended)
        unknown_lines_note(request->trace, facts);
    return good && (!ended || unknown_lines_judge(request->trace, facts, request->strict, err));
}

/* ---- info ---- */

struct info {
    struct footprint footprint;
    uint64_t kind[4]; /* by enum access_kind */
};

static bool take_info(void *context, struct block *block, bool *enough, struct err *err)
{
    (void)enough;
    (void)err;
    struct info *info = context;
    footprint_add(&info->footprint, block);
    for (uint32_t i = 0; i < block->count; i++)
        info->kind[access_kind(block->meta[i])]++;
    return true;
}

enum { INFO_ADDRESS_TEXT = 24 };

/* Addresses are texts: a number of JSON ends at 2^63, and hexadecimal is how they are read. */
static bool write_info(const struct trace_request *request, const struct info *info, const struct reader_facts *facts,
                       struct output *output, struct err *err)
{
    char hash[INFO_ADDRESS_TEXT];
    char lowest[INFO_ADDRESS_TEXT];
    char highest[INFO_ADDRESS_TEXT];
    snprintf(hash, sizeof hash, "%016" PRIx64, facts->hash);
    snprintf(lowest, sizeof lowest, "0x%" PRIx64, info->footprint.lowest);
    snprintf(highest, sizeof highest, "0x%" PRIx64, info->footprint.highest);
    const uint64_t *pages[FOOTPRINT_SIZES];
    uint64_t bytes[FOOTPRINT_SIZES];
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++) {
        pages[i] = &info->footprint.page[i].count;
        bytes[i] = *pages[i] << footprint_shift[i];
    }
    const struct field fields[] = {
        {.name = "trace", .kind = FIELD_TEXT, .text = request->trace},
        {.name = "trace_hash", .kind = FIELD_TEXT, .text = hash},
        {.name = "format", .kind = FIELD_TEXT, .text = facts->format},
        {.name = "bytes", .kind = FIELD_COUNT, .count = facts->size_bytes},
        {.name = "lines", .kind = FIELD_COUNT, .count = facts->lines},
        {.name = "unknown_lines", .kind = FIELD_COUNT, .count = facts->unknown_lines},
        {.name = "records", .kind = FIELD_COUNT, .count = facts->records},
        {.name = "instructions", .kind = FIELD_COUNT, .count = info->kind[ACCESS_FETCH]},
        {.name = "loads", .kind = FIELD_COUNT, .count = info->kind[ACCESS_LOAD]},
        {.name = "stores", .kind = FIELD_COUNT, .count = info->kind[ACCESS_STORE]},
        {.name = "modifies", .kind = FIELD_COUNT, .count = info->kind[ACCESS_MODIFY]},
        {.name = "lowest_address", .kind = FIELD_TEXT, .text = lowest},
        {.name = "highest_address", .kind = FIELD_TEXT, .text = highest},
        {.name = "pages_4k", .kind = FIELD_COUNT, .count = *pages[0]},
        {.name = "pages_64k", .kind = FIELD_COUNT, .count = *pages[1]},
        {.name = "pages_2m", .kind = FIELD_COUNT, .count = *pages[2]},
        {.name = "pages_1g", .kind = FIELD_COUNT, .count = *pages[3]},
        {.name = "footprint_4k", .kind = FIELD_COUNT, .count = bytes[0]},
        {.name = "footprint_64k", .kind = FIELD_COUNT, .count = bytes[1]},
        {.name = "footprint_2m", .kind = FIELD_COUNT, .count = bytes[2]},
        {.name = "footprint_1g", .kind = FIELD_COUNT, .count = bytes[3]},
    };
    return rows_write(output, fields, sizeof fields / sizeof *fields, err);
}

static void print_info(const struct trace_request *request, const struct info *info, const struct reader_facts *facts,
                       FILE *out)
{
    static const char *const kinds[] = {"instruction fetches", "loads", "stores", "modifies"};
    const bool style = say_may_style(out);
    char number[TABLE_COUNT_TEXT];
    char size[UNITS_SIZE_TEXT];
    fprintf(out, "%s%s%s\n  %s, %s bytes", style ? "\033[1m" : "", request->trace, style ? "\033[0m" : "",
            facts->format, table_count(facts->size_bytes, number));
    if (facts->lines > 0)
        fprintf(out, " in %s lines", table_count(facts->lines, number));
    fprintf(out, ", hash %016" PRIx64 "\n", facts->hash);
    fprintf(out, "  addresses 0x%" PRIx64 " to 0x%" PRIx64 "\n\n", info->footprint.lowest, info->footprint.highest);

    struct table *table = table_create("lr");
    table_add(table, "records");
    table_add(table, "%s", table_count(facts->records, number));
    for (unsigned i = 0; i < 4; i++) {
        table_add(table, "  %s", kinds[i]);
        table_add(table, "%s", table_count(info->kind[i], number));
    }
    table_add(table, "unknown lines");
    table_add(table, "%s", table_count(facts->unknown_lines, number));
    table_print(table, out, 2, false);
    table_free(table);
    fputc('\n', out);

    table = table_create("rrr");
    table_add(table, "page size");
    table_add(table, "pages");
    table_add(table, "bytes");
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++) {
        const uint64_t pages = info->footprint.page[i].count;
        table_add(table, "%s", units_format_size(UINT64_C(1) << footprint_shift[i], size));
        table_add(table, "%s", table_count(pages, number));
        table_add(table, "%s", table_count(pages << footprint_shift[i], number));
    }
    table_print(table, out, 2, style);
    table_free(table);
}

static bool show_info(const struct trace_request *request, struct err *err)
{
    struct output output;
    if (!output_choose(&output, request->output, request->format, err) || !output_open(&output, err))
        return false;
    struct info info = {0};
    struct reader_facts facts;
    footprint_init(&info.footprint);
    bool good = !output_is(&output, request->trace) ||
                err_set(err, "-o %s is the trace itself; give another file", request->output);
    good = good && read_trace(request, take_info, &info, &facts, err);
    if (good && output.format == OUTPUT_TABLE) {
        good = output_begin(&output, err);
        if (good)
            print_info(request, &info, &facts, output.file);
    } else if (good) {
        good = write_info(request, &info, &facts, &output, err);
    }
    footprint_free(&info.footprint);
    struct err late;
    if (!output_close(&output, &late) && good)
        good = err_set(err, "%s", late.text);
    return good;
}

/* ---- head and convert ---- */

struct copy {
    struct trace_output output;
    uint64_t left; /* records to write */
};

static bool take_copy(void *context, struct block *block, bool *enough, struct err *err)
{
    struct copy *copy = context;
    if (copy->left < block->count)
        block->count = (uint32_t)copy->left;
    copy->left -= block->count;
    *enough = copy->left == 0;
    return block->count == 0 || trace_output_block(&copy->output, block, err);
}

static bool copy_trace(const struct trace_request *request, const char *path, uint64_t records, struct err *err)
{
    struct copy copy = {.left = records};
    struct reader_facts facts;
    if (!trace_output_open(&copy.output, path, request->trace, err))
        return false;
    return trace_output_close(&copy.output, read_trace(request, take_copy, &copy, &facts, err), err);
}

static bool show_head(const struct trace_request *request, struct err *err)
{
    return copy_trace(request, "-", request->records, err);
}

static bool convert(const struct trace_request *request, struct err *err)
{
    return copy_trace(request, request->output, UINT64_MAX, err);
}

/* ---- The command ---- */

static const struct {
    const char *name;
    const char *uses; /* the options it has, beside those that all have */
    bool (*run)(const struct trace_request *request, struct err *err);
} actions[] = {
    {"info", "format output strict", show_info},
    {"head", "records", show_head},
    {"convert", "output strict", convert},
};
enum { ACTIONS = sizeof actions / sizeof *actions };

static bool check_uses(const char *action, const char *uses, const struct arguments *arguments, struct err *err)
{
    for (size_t i = 0; i < arguments->given_count; i++) {
        const char *name = arguments->given[i].option->name;
        const bool common = strcmp(name, "trace-format") == 0 || strcmp(name, "quiet") == 0;
        if (!common && strstr(uses, name) == NULL)
            return err_set(err, "trace %s has no option --%s; \"pagewalk trace --help\" says which has", action, name);
    }
    return true;
}

enum status trace_command(int argc, char **argv, struct err *err)
{
    struct trace_request request = {.records = 10};
    bool quiet = false;
    const struct option_spec option[] = {
        {.letter = 'n',
         .name = "records",
         .value = "N",
         .count = &request.records,
         .least = 1,
         .help = "head: how many; default 10"},
        {.letter = 'f',
         .name = "format",
         .value = "FORMAT",
         .text = &request.format,
         .choices = output_format_names,
         .help = "info: table, csv, tsv or json; else by FILE's suffix, else a table on a terminal and CSV elsewhere"},
        {.letter = 'o',
         .name = "output",
         .value = "FILE",
         .text = &request.output,
         .help = "info: write there, not to standard output; convert: the trace, compressed as .gz .xz .zst .bz2 or "
                 ".lz4 says"},
        {.name = "trace-format",
         .value = "NAME",
         .text = &request.trace_format,
         .help = "what the trace is, where its content does not tell (\"pagewalk list formats\")"},
        {.name = "strict",
         .flag = &request.strict,
         .help = "info, convert: a line that is no record of the trace's format is an error"},
        {.letter = 'q', .name = "quiet", .flag = &quiet, .help = "no progress"},
        {.name = NULL},
    };
    const struct options options = {
        .usage = "trace info [--format FORMAT] [-o FILE] TRACE\n"
                 "trace head [-n N] TRACE\n"
                 "trace convert -o FILE TRACE",
        .about = "info counts what a trace holds: records by kind, lines that are none, pages and bytes that it "
                 "touches at four page "
                 "sizes. head prints its first records, convert writes all of them, both as clean Lackey text.",
        .option = option,
        .examples = "pagewalk trace info ls.trace.zst\n"
                    "pagewalk trace head -n 3 ls.trace.zst\n"
                    "pagewalk trace convert -o ls.trace.lz4 ls.trace.zst",
        .operand = "info, head or convert, and a TRACE",
        .operands_least = 2,
        .operands_most = 2,
    };
    struct arguments arguments;
    enum status status;
    if (!options_parse(&options, argc, argv, &arguments, &status, err))
        return status;
    if (quiet)
        say_quiet();
    const char *names[ACTIONS + 1] = {NULL};
    size_t action = ACTIONS;
    for (size_t i = 0; i < ACTIONS; i++) {
        names[i] = actions[i].name;
        if (strcmp(arguments.operand[0], actions[i].name) == 0)
            action = i;
    }
    if (action == ACTIONS) {
        options_unknown(err, "action of trace", arguments.operand[0], names);
        return STATUS_WRONG;
    }
    request.trace = arguments.operand[1];
    if (!check_uses(actions[action].name, actions[action].uses, &arguments, err))
        return STATUS_WRONG;
    if (actions[action].run == convert && request.output == NULL) {
        err_set(err, "trace convert needs -o FILE; -o - is standard output");
        return STATUS_WRONG;
    }
    if (actions[action].run(&request, err))
        return STATUS_DONE;
    return interrupt_asked() ? STATUS_INTERRUPTED : STATUS_WRONG;
}
