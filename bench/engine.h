/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine, a plan over blocks in memory, beside the textbook model on the same blocks and with the same counts: who
 * asks for a timing has both compared first, and a difference ends the process. No traces are read here.
 */
#ifndef BENCH_ENGINE_H
#define BENCH_ENGINE_H

#include <stdint.h>

enum { ENGINE_ACCESSES = 1 << 23 };

/* Registers all: read/STREAM, baseline/MODE/STREAM and engine/MODE/STREAM, over streams of `accesses` loads of 8 bytes,
 * which are made when the first of their benchmarks is run. */
void engine_register(uint64_t accesses);

#endif
