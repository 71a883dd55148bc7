/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The model once more, one access at a time, written for clarity: what the engine must equal on every input. Only tests
 * link it.
 */
#ifndef MODEL_ORACLE_H
#define MODEL_ORACLE_H

#include "model/access.h"
#include "model/counters.h"
#include "model/plan.h"

/* Runs `count` accesses, cold, and fills all counters. Every address that is looked up must be one the format
 * expresses. */
void oracle_run(const struct configuration *configuration, const uint64_t *va, const uint16_t *meta, size_t count,
                struct counters *counters);

/* The same of blocks, with whose they are and what changed before each. */
void oracle_run_blocks(const struct configuration *configuration, const struct block *block, size_t count,
                       struct counters *counters);

#endif
