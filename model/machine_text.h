/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The settings of a machine as they were written, each with its origin: what machine_resolve reads. Nothing here knows
 * what a value means. machine.h has the functions that others call.
 */
#ifndef MODEL_MACHINE_TEXT_H
#define MODEL_MACHINE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/machine.h"

struct setting {
    char *section;
    char *key;
    char *value;
    char *origin; /* "file:line", or the option that set it */
    bool overlay; /* from the command line: wins over the file */
};

enum { HEADERS_MAX = 128, MACHINE_ORIGIN_BYTES = 512 };

/* A [section] of the file and its line. */
struct header {
    char *section;
    unsigned line;
};

struct machine_text {
    struct header header[HEADERS_MAX];
    size_t header_count;
    char *default_name;
    char *path;
    struct setting *setting;
    size_t setting_count;
    size_t setting_room;
};

/* The setting that counts: what the command line says, else what the file says; NULL where neither does. */
const struct setting *machine_text_find(const struct machine_text *text, const char *section, const char *key);

/* What the command line says (overlay), or what the file says. */
const struct setting *machine_text_find_layer(const struct machine_text *text, const char *section, const char *key,
                                              bool overlay);

/* Where the section begins, as "file:line"; the file alone where the command line added the section. */
void machine_text_where(const struct machine_text *text, const char *section, char origin[MACHINE_ORIGIN_BYTES]);

#endif
