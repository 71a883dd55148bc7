/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An error as one or more sentences for the person at the keyboard: where, what was found, what was expected, the way
 * out. It travels up to main, which prints it; nobody prints on the way.
 */
#ifndef MODEL_ERR_H
#define MODEL_ERR_H

#include <stdbool.h>

enum { ERR_TEXT_BYTES = 16384 }; /* a hundred lines of err_add */

struct err {
    char text[ERR_TEXT_BYTES]; /* NUL-terminated, no final newline; cut with "..." when longer */
};

/* Writes the message and returns false, so that a failing function ends in `return err_set(err, ...)`. */
bool err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a line to the text that is there, "" at first, and returns false: for what is better said all at once. Where there
 * is no room for it, the last line says that there is more. */
bool err_add(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts `prefix: ` before the message that is there (a file's name, say) and returns false. */
bool err_prefix(struct err *err, const char *prefix);

/* The candidate nearest to a misspelt word by edit distance, or NULL where none is near enough to be meant.
 * `candidates` is a NULL-terminated list. */
const char *err_nearest(const char *word, const char *const *candidates);

#endif
