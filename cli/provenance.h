/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What every row of `run` and `sweep` begins with: which version, machine, trace and settings its figures are of.
 */
#ifndef CLI_PROVENANCE_H
#define CLI_PROVENANCE_H

#include <stddef.h>
#include <stdint.h>

#include "cli/configurations.h"
#include "cli/rows.h"

enum { PROVENANCE_HASHES = 2, PROVENANCE_HASH_TEXT = 17 };

/* A row on its way: its fields point into it. */
struct provenance {
    char hash[PROVENANCE_HASHES][PROVENANCE_HASH_TEXT];
    const char **value; /* of the varied keys */
    struct field *field;
    size_t count;
};

/* Begins the rows of configuration `index` for a trace, with room for `more` fields behind. A hash of 0 says that they are
 * of a part of the trace. */
void provenance_begin(struct provenance *row, const struct configurations *configurations, size_t index,
                      const char *trace, uint64_t trace_hash, size_t more);

void provenance_free(struct provenance *row);

struct field field_of_text(const char *name, const char *text);
struct field field_of_count(const char *name, uint64_t count);

#endif
