/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The accesses of the text (text.h) as chunks of a native trace: how fast they unpack into blocks, over the parser with that
 * text, how fast they are packed, and how large they are. Chunks alone, in memory: no container, no file.
 */
#ifndef BENCH_COLUMNS_H
#define BENCH_COLUMNS_H

/* Behind text_register: columns/decode and columns/encode, of as many items as the text has lines. */
void columns_register(void);

#endif
