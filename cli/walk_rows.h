/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What --walks writes: the walks of a trace through each configuration, by what they cost, what they read and what served
 * it; of all of them, of a kind of access, of a mapping. A row is one bucket of one statistic.
 *
 * It holds what plans counted, of one trace at a time, until its rows are written.
 */
#ifndef CLI_WALK_ROWS_H
#define CLI_WALK_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/configurations.h"
#include "cli/output.h"
#include "traces/address_map.h"

struct walk_row_info {
    const char *name;
    const char *bucket; /* what it is; "" for none */
    const char *unit;   /* of the value */
    const char *help;
};

/* The last has a NULL name. */
extern const struct walk_row_info walk_row_infos[];

struct walk_rows;

/* About what it keeps of a configuration. */
enum { WALK_ROWS_KEPT_BYTES = 4096 };

struct walk_rows *walk_rows_create(const struct configurations *configurations);
void walk_rows_free(struct walk_rows *rows);

/* Before a trace: forgets the one before. Returns where its mappings are to be kept; NULL when out of memory. */
struct address_map *walk_rows_begin(struct walk_rows *rows, struct err *err);

/* Takes what the plan counted of its configuration `in_plan`, which is `index` of all. */
void walk_rows_take(struct walk_rows *rows, const struct plan *plan, size_t in_plan, size_t index);

/* Before the rows, where the output appends: does its file hold rows of the same columns? */
bool walk_rows_continue(const struct walk_rows *rows, struct output *output, struct err *err);

/* Writes the rows of all configurations but bounds, which have no walks. */
bool walk_rows_write(const struct walk_rows *rows, const char *trace, uint64_t trace_hash,
                     const struct counters *counters, struct output *output, struct err *err);

#endif
