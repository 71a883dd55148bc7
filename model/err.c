/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void mark_cut(struct err *err)
{
    memcpy(err->text + ERR_TEXT_BYTES - 4, "...", 4);
}

bool err_set(struct err *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(err->text, ERR_TEXT_BYTES, format, arguments);
    va_end(arguments);
    if (length >= ERR_TEXT_BYTES)
        mark_cut(err);
    return false;
}

bool err_add(struct err *err, const char *format, ...)
{
    static const char more[] = "\n... and more: correct these first";
    const size_t used = strlen(err->text);
    if (used + sizeof more > ERR_TEXT_BYTES ||
        (used >= sizeof more && strcmp(err->text + used - (sizeof more - 1), more) == 0))
        return false;
    char *line = err->text + used + (used > 0);
    const size_t room = ERR_TEXT_BYTES - (sizeof more - 1) - (size_t)(line - err->text);
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(line, room, format, arguments);
    va_end(arguments);
    const bool fits = length >= 0 && (size_t)length < room;
    if (used > 0)
        line[-1] = '\n';
    if (!fits && used > 0)
        memcpy(line - 1, more, sizeof more);
    else if (!fits)
        memcpy(line + room - 4, "...", 4);
    return false;
}

bool err_prefix(struct err *err, const char *prefix)
{
    char text[ERR_TEXT_BYTES];
    memcpy(text, err->text, sizeof text);
    const int length = snprintf(err->text, ERR_TEXT_BYTES, "%s: %s", prefix, text);
    if (length >= ERR_TEXT_BYTES)
        mark_cut(err);
    return false;
}

enum { NEAREST_WORD = 64 };

/* Levenshtein's distance, one row at a time. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[NEAREST_WORD + 1];
    const size_t a_length = strlen(a);
    const size_t b_length = strlen(b);
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            const size_t above = row[j];
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
            diagonal = above;
        }
    }
    return row[b_length];
}

const char *err_nearest(const char *word, const char *const *candidates)
{
    const size_t length = strlen(word);
    if (length > NEAREST_WORD)
        return NULL;
    const char *nearest = NULL;
    size_t least = length / 3 + 2; /* further away than this it is another word, not a slip */
    for (; *candidates != NULL; candidates++) {
        if (strlen(*candidates) > NEAREST_WORD)
            continue;
        const size_t distance = edit_distance(word, *candidates);
        if (distance < least) {
            least = distance;
            nearest = *candidates;
        }
    }
    return nearest;
}
