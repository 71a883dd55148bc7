/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Samples with data addresses as `perf script` prints them, say those of `perf mem record` or `perf record -d`. A record is a
 * whole line in which the address stands either behind a word that ends with ":", the event or the time, and one blank, or
 * at the beginning, with the instruction's address behind it and one blank:
 *
 *     perf script -F ip,addr          |    7ffe4c1f2a68           401136|
 *     perf script -F event,ip,addr    |cpu/mem-loads/P:     7ffe4c1f2a68           401136|
 *     perf script -F +addr            |ls 516 22431.632:          1 page-faults:     7ffe4c1f2a68 [unknown] ([unknown]) ...|
 *
 * perf prints addresses to the right of 16 columns, hexadecimal, and so must they stand here: the columns tell the address
 * from the instruction's in a sample that has no other, and perf's text from anybody else's.
 *
 * The kind is that of the data source ("|OP LOAD|"), else the event's whose name holds "load" or "store"; a sample that says
 * neither is a load. Samples of prefetches and those at the address 0, which is perf's for none, are left out. Empty lines and
 * those that begin with # or a tab (the instructions of a call chain) are perf's own.
 *
 * Samples are no trace: one access of thousands, chosen by a counter. What a simulation makes of them is not what the program
 * does; their addresses are worth comparing with a trace's.
 */
#ifndef TRACES_PERF_H
#define TRACES_PERF_H

#include "traces/reader.h"

extern const struct trace_format perf_format;

#endif
