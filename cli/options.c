/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/say.h"
#include "model/units.h"

enum {
    LONG_ONLY = 256, /* getopt's value of option i is LONG_ONLY + i, so that letters and names meet in one number */
    HELP = LONG_ONLY - 1,
    HELP_COLUMN = 28,
    HELP_WIDTH = 79,
};

/* The lists that parsing makes live as long as the process, which has one command line. */
static void *keep(size_t count, size_t size)
{
    static void **kept;
    static size_t kept_count;
    kept = say_reallocate(kept, kept_count + 1, sizeof *kept);
    return kept[kept_count++] = say_allocate(count, size);
}

static size_t option_count(const struct option_spec *option)
{
    size_t count = 0;
    while (option[count].name != NULL)
        count++;
    return count;
}

/* ---- Help ---- */

void options_wrap(FILE *out, const char *text, int column, int indent)
{
    bool first = true; /* on its line */
    while (*text != '\0') {
        const int word = (int)strcspn(text, " \n");
        if (!first && column + 1 + word > HELP_WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
            first = true;
        }
        column += fprintf(out, "%s%.*s", first ? "" : " ", word, text);
        first = false;
        text += word;
        text += *text != '\0';
    }
}

static void help_option(FILE *out, char letter, const char *name, const char *value, const char *help)
{
    int column = letter != 0 ? fprintf(out, "  -%c, --%s", letter, name) : fprintf(out, "      --%s", name);
    if (value != NULL)
        column += fprintf(out, " %s", value);
    if (column + 2 > HELP_COLUMN) {
        fputc('\n', out);
        column = 0;
    }
    fprintf(out, "%*s", HELP_COLUMN - column, "");
    options_wrap(out, help, HELP_COLUMN, HELP_COLUMN);
    fputc('\n', out);
}

static void help_lines(FILE *out, const char *first, const char *others, const char *lines)
{
    const char *lead = first;
    while (*lines != '\0') {
        const size_t length = strcspn(lines, "\n");
        fprintf(out, "%s%.*s\n", lead, (int)length, lines);
        lines += length + (lines[length] == '\n');
        lead = others;
    }
}

void options_help(const struct options *options, FILE *out)
{
    help_lines(out, "usage: pagewalk ", "       pagewalk ", options->usage);
    fputc('\n', out);
    options_wrap(out, options->about, 0, 0);
    fputs("\n\noptions:\n", out);
    for (const struct option_spec *option = options->option; option->name != NULL; option++)
        help_option(out, option->letter, option->name, option->value, option->help);
    help_option(out, 'h', "help", NULL, "print this");
    fputs("\nexamples:\n", out);
    help_lines(out, "  ", "  ", options->examples);
}

/* ---- Values ---- */

/* "data, instructions". */
static void join(const char *const *words, char *text, size_t text_bytes)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; words[i] != NULL && length < text_bytes; i++)
        length += (size_t)snprintf(text + length, text_bytes - length, "%s%s", i > 0 ? ", " : "", words[i]);
}

bool options_unknown(struct err *err, const char *what, const char *word, const char *const *candidates)
{
    const char *nearest = err_nearest(word, candidates);
    if (nearest != NULL)
        return err_set(err, "there is no %s \"%s\"; did you mean %s?", what, word, nearest);
    char all[ERR_TEXT_BYTES / 2];
    join(candidates, all, sizeof all);
    return err_set(err, "there is no %s \"%s\"; known: %s", what, word, all);
}

static bool check_choice(const struct option_spec *option, const char *text, struct err *err)
{
    for (const char *const *choice = option->choices; *choice != NULL; choice++)
        if (strcmp(text, *choice) == 0)
            return true;
    char all[ERR_TEXT_BYTES / 2];
    join(option->choices, all, sizeof all);
    return err_set(err, "--%s %s: expected one of %s", option->name, text, all);
}

static bool store_count(const struct option_spec *option, const char *text, struct err *err)
{
    const uint64_t most = option->most != 0 ? option->most : UINT64_MAX;
    if (units_parse_count(text, option->count) && *option->count >= option->least && *option->count <= most)
        return true;
    return err_set(err, "--%s %s: expected a whole number from %" PRIu64 " to %" PRIu64 ", in decimal digits",
                   option->name, text, option->least, most);
}

/* `room` is as many values as the command line can hold. */
static bool store_value(const struct option_spec *option, const char *text, size_t room, struct err *err)
{
    if (option->flag != NULL) {
        *option->flag = true;
        return true;
    }
    if (*text == '\0')
        return err_set(err, "--%s has an empty value; it takes %s", option->name, option->value);
    if (option->texts != NULL) {
        struct option_values *values = option->texts;
        if (values->value == NULL)
            values->value = keep(room, sizeof *values->value);
        values->value[values->count++] = text;
        return true;
    }
    if (option->text != NULL) {
        if (option->choices != NULL && !check_choice(option, text, err))
            return false;
        *option->text = text;
        return true;
    }
    if (option->count != NULL)
        return store_count(option, text, err);
    if (option->size != NULL)
        return units_parse_size(text, option->size) ||
               err_set(err, "--%s %s: expected a size in bytes, such as 64, 4K, 2M or 1G", option->name, text);
    if (option->address != NULL)
        return units_parse_address(text, option->address) ||
               err_set(err, "--%s %s: expected an address of 64 bits, such as 0x7f0000000000", option->name, text);
    return units_parse_real(text, option->real) ||
           err_set(err, "--%s %s: expected a number such as 0.99, without a sign", option->name, text);
}

/* ---- Parsing ---- */

static bool unknown_option(const struct options *options, const char *command, const char *word, struct err *err)
{
    char name[128];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    const size_t count = option_count(options->option);
    const char **names = say_allocate(count + 2, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = options->option[i].name;
    names[count] = "help";
    const char *nearest = strncmp(name, "--", 2) == 0 ? err_nearest(name + 2, names) : NULL;
    if (nearest != NULL)
        err_set(err, "%s has no option %s; did you mean --%s?", command, name, nearest);
    else
        err_set(err, "%s has no option %s; \"pagewalk %s --help\" lists those it has", command, name, command);
    free(names);
    return false;
}

static bool already_given(const struct arguments *arguments, const struct option_spec *option)
{
    for (size_t i = 0; i < arguments->given_count; i++)
        if (arguments->given[i].option == option)
            return true;
    return false;
}

static bool take_option(const struct option_spec *option, const char *value, size_t room, struct arguments *arguments,
                        struct err *err)
{
    /* Which of two values was meant is not for us to guess. */
    if (option->flag == NULL && option->texts == NULL && already_given(arguments, option))
        return err_set(err, "--%s is given twice", option->name);
    if (!store_value(option, value, room, err))
        return false;
    arguments->given[arguments->given_count++] = (struct option_given){option, value};
    return true;
}

static bool check_operands(const struct options *options, const char *command, const struct arguments *arguments,
                           struct err *err)
{
    if (arguments->operand_count < options->operands_least)
        return err_set(err, "%s needs %s; \"pagewalk %s --help\" shows how", command, options->operand, command);
    if (arguments->operand_count <= options->operands_most)
        return true;
    const char *extra = arguments->operand[options->operands_most];
    if (options->operands_most == 0)
        return err_set(err, "%s takes no operand, and there is \"%s\"", command, extra);
    return err_set(err, "%s takes %s and no more, and there is \"%s\"", command, options->operand, extra);
}

/* getopt_long's own two tables, made of ours. The leading ':' silences its messages, '+' ends the options at an
 * operand. */
static void fill_tables(const struct options *options, char *letters, struct option *names)
{
    letters = stpcpy(letters, options->stop_at_operand ? "+:h" : ":h");
    size_t i = 0;
    for (; options->option[i].name != NULL; i++) {
        const struct option_spec *spec = &options->option[i];
        names[i] =
            (struct option){spec->name, spec->flag == NULL ? required_argument : no_argument, NULL, LONG_ONLY + (int)i};
        if (spec->letter == 0)
            continue;
        *letters++ = spec->letter;
        if (spec->flag == NULL)
            *letters++ = ':';
    }
    *letters = '\0';
    names[i] = (struct option){"help", no_argument, NULL, HELP};
}

static const struct option_spec *option_of(const struct options *options, int found)
{
    if (found >= LONG_ONLY)
        return &options->option[found - LONG_ONLY];
    for (const struct option_spec *spec = options->option; spec->name != NULL; spec++)
        if (found != 0 && spec->letter == found)
            return spec;
    return NULL;
}

/* What getopt_long says '?' to: an unknown option, or a flag with a value. `optopt` is the letter, or the value of the
 * long name, or 0. */
static bool refuse_option(const struct options *options, const char *command, char **argv, struct err *err)
{
    const struct option_spec *spec = option_of(options, optopt);
    if (spec != NULL)
        return err_set(err, "--%s takes no value, and there is \"%s\"", spec->name, argv[optind - 1]);
    if (optopt == HELP)
        return err_set(err, "--help takes no value, and there is \"%s\"", argv[optind - 1]);
    const char letter[] = {'-', (char)optopt, '\0'};
    return unknown_option(options, command, optopt != 0 ? letter : argv[optind - 1], err);
}

bool options_parse(const struct options *options, int argc, char **argv, struct arguments *arguments,
                   enum status *status, struct err *err)
{
    const size_t count = option_count(options->option);
    char *letters = say_allocate(2 * count + 4, 1);
    struct option *names = say_allocate(count + 2, sizeof *names);
    fill_tables(options, letters, names);

    *status = STATUS_WRONG;
    *arguments = (struct arguments){.given = keep((size_t)argc, sizeof *arguments->given)};
    bool go_on = true;
    optind = 0; /* also makes glibc forget the call before */
    while (go_on) {
        const int found = getopt_long(argc, argv, letters, names, NULL);
        if (found == -1)
            break;
        if (found == 'h' || found == HELP) {
            options_help(options, stdout);
            *status = STATUS_DONE;
            go_on = false;
        } else if (found == '?') {
            go_on = refuse_option(options, argv[0], argv, err);
        } else if (found == ':') {
            const struct option_spec *spec = option_of(options, optopt);
            go_on = err_set(err, "--%s needs a value: %s", spec->name, spec->value);
        } else {
            go_on = take_option(option_of(options, found), optarg, (size_t)argc, arguments, err);
        }
    }
    free(letters);
    free(names);
    if (!go_on)
        return false;
    arguments->operand = argv + optind;
    arguments->operand_count = (size_t)(argc - optind);
    return check_operands(options, argv[0], arguments, err);
}

const struct option_given *options_given(const struct arguments *arguments, const char *name)
{
    for (size_t i = 0; i < arguments->given_count; i++)
        if (strcmp(arguments->given[i].option->name, name) == 0)
            return &arguments->given[i];
    return NULL;
}
