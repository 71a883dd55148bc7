/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the command says on stderr: everything but results. Each line begins with "pagewalk: "; one that begins with a
 * blank goes on with the line before it.
 */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "model/err.h"

/* What is wrong. Said always. */
void say_error(const struct err *err);

/* What a reader of the results must know, too. Said always. */
void say_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What is good to know. Silent after say_quiet(). */
void say_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A command line, as it is to be pasted: nothing is put before the lines that a quoted newline makes of it. */
void say_command(const char *command);

void say_quiet(void);
bool say_is_quiet(void);

/* May `file` be written to in bold and in colour? Only a terminal, and not where NO_COLOR asks for none. */
bool say_may_style(FILE *file);

/* What messages call a trace: its path, or "standard input" for "-". */
const char *say_trace(const char *path);

/* The word as a POSIX shell reads it: quoted where it has to be. The caller frees it. */
char *say_quoted(const char *word);

/* `count` words as a command line, each quoted likewise. */
char *say_quoted_words(size_t count, char *const *words);

/* The text, its middle left out where it is long: what is wrong with a list of ten thousand values is to be seen behind
 * it. The caller frees it. */
char *say_shortened(const char *text);

/* malloc for the command's own small tables: it ends the command with a sentence where there is no memory. Zeroed. */
void *say_allocate(size_t count, size_t size);

/* The same for realloc; what is new is not zeroed. */
void *say_reallocate(void *memory, size_t count, size_t size);

/* The same for strdup. */
char *say_copy(const char *text);

/* The first `length` bytes of a text. */
char *say_copy_part(const char *text, size_t length);

#endif
