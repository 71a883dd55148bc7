/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A plan runs any number of configurations over one stream of blocks. It is a list of filters in which what two
 * configurations share stands once; see filter.h for what flows between them. One configuration is a plan like any
 * other. A plan begins cold, in a fresh address space, and is for one trace.
 */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include "model/access.h"
#include "model/counters.h"
#include "model/err.h"
#include "model/machine.h"

struct configuration {
    struct machine machine;
    enum kinds only; /* KINDS_ALL, or the kinds that are left in the trace */
    uint64_t seed;   /* of the random policy's generators */
};

struct plan;

/* `configurations` are read here only. Errors: out of memory. */
struct plan *plan_create(const struct configuration *configurations, size_t count, struct err *err);
void plan_free(struct plan *plan);

/* Runs one block through all configurations. Errors: an address that a page-table format cannot express, naming its
 * record and line; out of memory. After an error the plan is only good for plan_free. */
bool plan_block(struct plan *plan, const struct block *block, struct err *err);

/* What configuration `index` has counted so far. */
void plan_counters(const struct plan *plan, size_t index, struct counters *counters);

/* Writes the plan as an indented list of its filters and what they share. */
void plan_describe(const struct plan *plan, FILE *out);

#endif
