/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How fast Lackey's text becomes blocks, and the yardstick for that: a pass over the same bytes that finds the end of every
 * line with memchr and does nothing else. Parsing must run at 0.4 times its speed or better.
 *
 * It takes no time: whoever calls does.
 */
#ifndef BENCH_PARSE_H
#define BENCH_PARSE_H

#include "model/err.h"
#include "model/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes a trace like that of a program: some 2 accesses to data among 5 instructions, 14 bytes a line, sizes mostly of one
 * digit. The same for the same number of records. */
bool parse_generate(const char *path, uint64_t records, struct err *err);

/* The yardstick: how many lines end in the bytes. */
uint64_t parse_memchr(const char *bytes, size_t size_bytes);

/* Reads a trace of any format to its end, through read(2), with its hash; and runs it through `plan`, where that is not
 * NULL. */
bool parse_blocks(const char *path, struct plan *plan, uint64_t *records, struct err *err);

#endif
