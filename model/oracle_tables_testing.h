/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The oracle's page tables that are no trees: every entry that there is, where it lies, and which of them a walk reads, found
 * anew each time. Only the hash itself is the engine's.
 */
#ifndef MODEL_ORACLE_TABLES_TESTING_H
#define MODEL_ORACLE_TABLES_TESTING_H

#include "model/counters.h"
#include "model/machine.h"

struct oracle_table;

/* Frames, bytes and entries are counted in `counters`. `seed` is the run's. */
struct oracle_table *oracle_table_create(const struct machine *machine, uint64_t seed, struct counters *counters);
void oracle_table_free(struct oracle_table *table);

/* At each lookup: places the page, if it is the first one of it. */
void oracle_table_lookup(struct oracle_table *table, uint64_t va);

/* The addresses of the entries that a walk reads, in order; returns how many. They are the table's, until the next walk. */
size_t oracle_table_walk(struct oracle_table *table, uint64_t va, const uint64_t **address);

#endif
