/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine, a plan over blocks in memory, beside the textbook model on the same blocks and with the same counts: who
 * asks for a timing has both compared first, and a difference ends the process. No traces are read here.
 */
#ifndef BENCH_ENGINE_H
#define BENCH_ENGINE_H

#include <stdint.h>

#include "model/plan.h"

enum { ENGINE_ACCESSES = 1 << 23 };

/* Registers all: read/STREAM, baseline/MODE/STREAM and engine/MODE/STREAM, over streams of `accesses` loads of 8 bytes,
 * which are made when the first of their benchmarks is run. */
void engine_register(uint64_t accesses);

/* ---- For other benchmarks over the same ---- */

/* The blocks of a stream, which is made when it is asked for first. */
const struct block *engine_stream(const char *name, size_t *block_count);
uint64_t engine_accesses(void);

/* The machine file of a mode. */
const char *engine_machine(const char *mode);

/* The machine of mode `walks`. */
void engine_configuration(struct configuration *configuration);

#endif
