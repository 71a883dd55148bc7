/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A trace as turns: its blocks, ended wherever another process or thread goes on or translations cease to hold, so that each
 * says whose it is and what changed before it (model/access.h). For who models address spaces; who copies a trace takes the
 * reader's own blocks, and the events beside them.
 *
 * What ceases to hold: what is unmapped, moved away by mremap, cut off by brk, protected otherwise, or mapped over
 * (MAP_FIXED). A program that execs gets a new address space, which is a new process here.
 *
 * Always: no access is lost, and none comes twice; a block without events passes as it is.
 */
#ifndef TRACES_TURNS_H
#define TRACES_TURNS_H

#include "traces/address_map.h"
#include "traces/reader.h"

struct turns;

/* Over a reader that stands before its first block, and outlives them. `map`, which is NULL where nobody asks, is told what is
 * mapped. NULL with err when out of memory. */
struct turns *turns_open(struct reader *reader, struct address_map *map, struct err *err);

/* As reader_next: the next accesses, or, at the end and only there, a block that has neither accesses nor changes. The map
 * has the mappings of the block's accesses then. */
bool turns_next(struct turns *turns, struct block *block, struct err *err);

/* How many processes there were so far. */
uint32_t turns_processes(const struct turns *turns);

/* NULL is fine. */
void turns_close(struct turns *turns);

#endif
