/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/trace_output.h"
#include "traces/generate.h"

/* An option that does nothing is a mistake of whoever gave it. */
static bool check_uses(const struct generator *kind, const struct arguments *arguments, struct err *err)
{
    static const struct {
        const char *option;
        unsigned use;
    } uses[] = {{"stride", GENERATE_STRIDE}, {"exponent", GENERATE_EXPONENT}};
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if ((kind->uses & uses[i].use) == 0 && options_given(arguments, uses[i].option) != NULL)
            return err_set(err, "--%s says nothing to %s; leave it out", uses[i].option, kind->name);
    return true;
}

/* The command line, without what does not change the trace: the same options give the same bytes. */
static void describe(struct trace_output *output, const struct arguments *arguments)
{
    char **word = say_allocate(3 + 2 * arguments->given_count, sizeof *word);
    size_t count = 0;
    word[count++] = say_copy("pagewalk");
    word[count++] = say_copy("gen");
    word[count++] = say_copy(arguments->operand[0]);
    for (size_t i = 0; i < arguments->given_count; i++) {
        const struct option_given *given = &arguments->given[i];
        if (given->value == NULL || strcmp(given->option->name, "output") == 0)
            continue;
        if (asprintf(&word[count], "--%s", given->option->name) < 0)
            break;
        word[++count] = say_copy(given->value);
        count++;
    }
    trace_output_describe_words(output, "command", count, word);
    for (size_t i = 0; i < count; i++)
        free(word[i]);
    free(word);
}

static bool write_all(struct generate *generate, uint64_t accesses, const char *path, const struct arguments *arguments,
                      struct err *err)
{
    struct trace_output output;
    if (!trace_output_open(&output, path, 0, NULL, err))
        return false;
    describe(&output, arguments);
    struct block *block = say_allocate(1, sizeof *block);
    uint64_t done = 0;
    bool good = true;
    interrupt_catch();
    progress_begin("gen", accesses);
    while (good && done < accesses && !interrupt_asked()) {
        generate_next(generate, block);
        done += block->count;
        good = trace_output_block(&output, block, NULL, err);
        progress_update(done, done);
    }
    progress_end();
    free(block);
    if (good && done < accesses)
        good = err_set(err, "interrupted after %" PRIu64 " of %" PRIu64 " accesses; nothing is kept in a file", done,
                       accesses);
    return trace_output_close(&output, good, err);
}

enum status gen_command(int argc, char **argv, struct err *err)
{
    struct generate_options made = generate_defaults;
    const char *output = "-";
    bool quiet = false;
    const struct option_spec option[] = {
        {.letter = 'n', .name = "accesses", .value = "N", .count = &made.accesses, .help = "how many; default 1000000"},
        {.name = "pages", .value = "N", .count = &made.pages, .help = "over how many pages; default 1024"},
        {.letter = 'p',
         .name = "page-size",
         .value = "SIZE",
         .size = &made.page_size_bytes,
         .help = "of these pages; default 4K"},
        {.name = "stride",
         .value = "BYTES",
         .size = &made.stride_bytes,
         .help = "stride: from access to access; default one page"},
        {.name = "exponent",
         .value = "S",
         .real = &made.exponent,
         .help = "zipf: the exponent, 0 being uniform; default 0.99"},
        {.name = "stores",
         .value = "SHARE",
         .real = &made.store_share,
         .help = "of stores among the accesses, 0 to 1; default 0"},
        {.name = "base",
         .value = "ADDRESS",
         .address = &made.base,
         .help = "where the pages begin, a multiple of their size; default 0x40000000"},
        {.name = "seed", .value = "N", .count = &made.seed, .help = "of what is drawn; default 1"},
        {.letter = 'o',
         .name = "output",
         .value = "FILE",
         .text = &output,
         .help = "write the trace there, native as .pwt says, compressed as .gz .xz .zst .bz2 or .lz4 says, not to "
                 "standard output"},
        {.letter = 'q', .name = "quiet", .flag = &quiet, .help = "no progress"},
        {.name = NULL},
    };
    const struct options options = {
        .usage = "gen KIND [OPTION]...",
        .about = "Makes a trace whose statistics are known, as Lackey text or native: accesses of 8 bytes, data only. "
                 "\"pagewalk list generators\" lists the kinds.",
        .option = option,
        .examples = "pagewalk gen sequential -o sequential.trace.zst\n"
                    "pagewalk gen zipf --exponent 0.9 --pages 100000 | pagewalk run -\n"
                    "pagewalk gen stride --stride 4K --accesses 4096 --pages 4096 | pagewalk run --page-size 2M -",
        .operand = "one KIND",
        .operands_least = 1,
        .operands_most = 1,
    };
    struct arguments arguments;
    enum status status;
    if (!options_parse(&options, argc, argv, &arguments, &status, err))
        return status;
    if (quiet)
        say_quiet();
    made.kind = generator_find(arguments.operand[0], err);
    if (made.kind == NULL || !check_uses(made.kind, &arguments, err))
        return STATUS_WRONG;
    if (options_given(&arguments, "stride") == NULL)
        made.stride_bytes = made.page_size_bytes;
    struct generate *generate;
    if (!generate_open(&made, &generate, err))
        return STATUS_WRONG;
    const bool good = write_all(generate, made.accesses, output, &arguments, err);
    generate_close(generate);
    return good ? STATUS_DONE : interrupt_asked() ? STATUS_INTERRUPTED : STATUS_WRONG;
}
