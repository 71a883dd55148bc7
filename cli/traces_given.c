/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/traces_given.h"

#include <stdlib.h>
#include <string.h>

#include "cli/rows.h"
#include "cli/say.h"
#include "cli/table.h"
#include "traces/reader.h"

static bool check_format(const char *name, struct err *err)
{
    const char *names[32];
    size_t count = 0;
    for (const struct trace_format *const *format = reader_formats(); *format != NULL && count < 31; format++) {
        if (name == NULL || strcmp((*format)->name, name) == 0)
            return true;
        names[count++] = (*format)->name;
    }
    names[count] = NULL;
    return options_unknown(err, "trace format", name, names);
}

bool traces_given_check(const struct arguments *arguments, const char *trace_format, struct err *err)
{
    size_t stdins = 0;
    for (size_t i = 0; i < arguments->operand_count; i++)
        stdins += strcmp(arguments->operand[i], "-") == 0;
    if (stdins > 1)
        return err_set(err, "- is given %zu times, and standard input can be read once", stdins);
    return check_format(trace_format, err);
}

bool traces_given_spare(const struct arguments *arguments, const struct output *output, struct err *err)
{
    for (size_t i = 0; i < arguments->operand_count; i++)
        if (output_is(output, arguments->operand[i]))
            return err_set(err, "-o %s is the trace itself; give another file", output->path);
    return true;
}

void traces_given_warn(const struct arguments *arguments, const struct output *output)
{
    for (size_t i = 0; output->format == OUTPUT_JSON && i < arguments->operand_count; i++) {
        char *repaired = rows_repair(arguments->operand[i]);
        if (repaired != NULL)
            say_warning("%s: the path is not UTF-8, as JSON has to be; U+FFFD stands for each byte that is not",
                        repaired);
        free(repaired);
    }
}

static void write_word(FILE *command, const char *word)
{
    char *quoted = say_quoted(word);
    fprintf(command, " %s", quoted);
    free(quoted);
}

void traces_given_interrupted(const char *command, const struct arguments *arguments, size_t done, uint64_t records)
{
    char number[TABLE_COUNT_TEXT];
    say_warning("interrupted at %s, %s records into it: there are no rows of it; traces done: %zu of %zu",
                say_trace(arguments->operand[done]), table_count(records, number), done, arguments->operand_count);

    char *text = NULL;
    size_t size = 0;
    FILE *again = open_memstream(&text, &size);
    if (again == NULL)
        return;
    fprintf(again, "pagewalk %s", command);
    bool elsewhere = false;
    for (size_t i = 0; i < arguments->given_count; i++) {
        const struct option_given *given = &arguments->given[i];
        /* The same file once more would take the rows that are done. */
        if (strcmp(given->option->name, "output") == 0 && done > 0) {
            elsewhere = true;
            continue;
        }
        fprintf(again, " --%s", given->option->name);
        if (given->value != NULL)
            write_word(again, given->value);
    }
    for (size_t i = done; i < arguments->operand_count; i++)
        write_word(again, arguments->operand[i]);
    fclose(again);
    say_warning("to go on%s:\n    %s", elsewhere ? ", with an -o of its own" : "", text);
    free(text);
}
