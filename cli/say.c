/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/say.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/progress.h"

static bool quiet;

/* A name may hold what a terminal takes for a command: a question mark stands for each such byte. */
static void say_line(const char *text, size_t length)
{
    char *line = say_copy_part(text, length);
    for (char *c = line; *c != '\0'; c++)
        if (iscntrl((unsigned char)*c) && *c != '\t')
            *c = '?';
    fprintf(stderr, "%s%s\n", *text == ' ' ? "" : "pagewalk: ", line);
    free(line);
}

static void say_lines(const char *text)
{
    progress_hide();
    while (*text != '\0') {
        const size_t length = strcspn(text, "\n");
        say_line(text, length);
        text += length + (text[length] == '\n');
    }
}

static void say_format(const char *format, va_list arguments)
{
    char *text;
    if (vasprintf(&text, format, arguments) < 0)
        return;
    say_lines(text);
    free(text);
}

void say_error(const struct err *err)
{
    say_lines(err->text);
}

void say_warning(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_format(format, arguments);
    va_end(arguments);
}

void say_note(const char *format, ...)
{
    if (quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    say_format(format, arguments);
    va_end(arguments);
}

void say_command(const char *command)
{
    progress_hide();
    fprintf(stderr, "    %s\n", command);
}

void say_quiet(void)
{
    quiet = true;
}

bool say_is_quiet(void)
{
    return quiet;
}

bool say_may_style(FILE *file)
{
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return (no_color == NULL || *no_color == '\0') && (terminal == NULL || strcmp(terminal, "dumb") != 0) &&
           isatty(fileno(file)) == 1;
}

const char *say_trace(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

char *say_quoted(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-";
    if (*word != '\0' && word[strspn(word, plain)] == '\0')
        return say_copy(word);
    char *quoted = say_allocate(4 * strlen(word) + 3, 1);
    char *end = quoted;
    *end++ = '\'';
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            end = stpcpy(end, "'\\''");
        else
            *end++ = *word;
    }
    *end++ = '\'';
    *end = '\0';
    return quoted;
}

char *say_quoted_words(size_t count, char *const *words)
{
    char *line = say_copy("");
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        char *word = say_quoted(words[i]);
        const size_t word_length = strlen(word);
        line = say_reallocate(line, length + word_length + 2, 1);
        if (i > 0)
            line[length++] = ' ';
        memcpy(line + length, word, word_length + 1);
        length += word_length;
        free(word);
    }
    return line;
}

char *say_shortened(const char *text)
{
    enum { HEAD = 60, TAIL = 30, LONG = 120 };
    const size_t length = strlen(text);
    if (length <= LONG)
        return say_copy(text);
    char *shortened = say_allocate(HEAD + TAIL + 4, 1);
    snprintf(shortened, HEAD + TAIL + 4, "%.*s...%s", HEAD, text, text + length - TAIL);
    return shortened;
}

static void *insist(void *memory, size_t count, size_t size)
{
    if (memory != NULL || count == 0 || size == 0)
        return memory;
    say_warning("there is no memory for %zu x %zu bytes", count, size);
    exit(STATUS_WRONG);
}

void *say_allocate(size_t count, size_t size)
{
    return insist(calloc(count, size), count, size);
}

void *say_reallocate(void *memory, size_t count, size_t size)
{
    return insist(reallocarray(memory, count, size), count, size);
}

char *say_copy(const char *text)
{
    return say_copy_part(text, strlen(text));
}

char *say_copy_part(const char *text, size_t length)
{
    return memcpy(say_allocate(length + 1, 1), text, length); /* zeroed, so that it ends */
}
