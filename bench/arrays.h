/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fully associative LRU arrays of many entries, as the filter has them, beside a search through all entries, which is
 * what their cost would otherwise grow by. Both count the same misses, or the process ends.
 */
#ifndef BENCH_ARRAYS_H
#define BENCH_ARRAYS_H

/* Registers all: array/tree/ENTRIES, array/search/ENTRIES. */
void arrays_register(void);

#endif
