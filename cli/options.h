/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A subcommand's options as one table: the parser and --help both follow from it. An option says where its value goes
 * by the one pointer that is set, and the pointer's type says what the value may be.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "model/err.h"

/* What a command ends with. */
enum status { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_WRONG = 2, STATUS_INTERRUPTED = 130 };

/* The values of an option that may be given more than once, in order. */
struct option_values {
    const char **value;
    size_t count;
};

struct option_spec {
    char letter;       /* 'o'; 0 where there is only the long name */
    const char *name;  /* "output" */
    const char *value; /* what --help calls the value; NULL for a flag */
    const char *help;

    bool *flag;
    const char **text;
    struct option_values *texts;
    uint64_t *count;   /* decimal digits */
    uint64_t *size;    /* 64, 4K, 2M */
    uint64_t *address; /* 0x for hexadecimal */
    double *real;

    const char *const *choices; /* of `text`: NULL-terminated; NULL: anything */
    uint64_t least, most;       /* of `count`; most = 0: no limit */
};

struct options {
    const char *usage;                /* its forms, a line each, after "pagewalk " */
    const char *about;                /* a paragraph or two */
    const struct option_spec *option; /* the last has a NULL name */
    const char *examples;             /* a line each */
    const char *operand;              /* what the operands are, "TRACE"; NULL: there are none */
    size_t operands_least, operands_most;
    bool stop_at_operand; /* what follows the first operand is not ours to read */
};

/* An option as it was given. */
struct option_given {
    const struct option_spec *option;
    const char *value; /* NULL for a flag */
};

struct arguments {
    char **operand;
    size_t operand_count;
    struct option_given *given; /* in the order of the command line */
    size_t given_count;
};

/* Parses argv[1] on; argv[0] is the subcommand's name for messages. False ends the command: with *status STATUS_DONE
 * where
 * --help was asked for and printed, with STATUS_WRONG where *err says what is wrong. */
bool options_parse(const struct options *options, int argc, char **argv, struct arguments *arguments,
                   enum status *status, struct err *err);

/* The option of that name as it was given; NULL where it was not. */
const struct option_given *options_given(const struct arguments *arguments, const char *name);

/* Prints the page that --help prints. */
void options_help(const struct options *options, FILE *out);

/* Prints `text` in lines of at most 79 columns, the first beginning at `column`, the others indented by `indent`. The
 * last one gets no newline. */
void options_wrap(FILE *out, const char *text, int column, int indent);

/* Sets err for a word that is none of the candidates: `what` is "subcommand", "policy". Returns false. */
bool options_unknown(struct err *err, const char *what, const char *word, const char *const *candidates);

#endif
