/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One trace on two cores: the engine over a stream of engine.h in one piece, and over its halves on two threads, joined
 * at the end. By the clock on the wall: two cores must be idle.
 */
#ifndef BENCH_PARTS_H
#define BENCH_PARTS_H

/* Registers all: parts/serial/STREAM, parts/two/STREAM. After engine_register. */
void parts_register(void);

#endif
