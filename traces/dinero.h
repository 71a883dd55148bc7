/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two text inputs of the cache simulator Dinero IV (Jan Edler and Mark D. Hill, version 7): "din", which Dinero III had
 * before it (-informat d, dinfmt.c), and extended "din" (-informat D, xdinfmt.c). A record is a whole line,
 *
 *     LABEL ADDRESS ...         0 read, 1 write, 2 instruction fetch, 3 miscellaneous, 4 copy back, 5 invalidate
 *     LETTER ADDRESS SIZE ...   r read, w write, i instruction fetch, m miscellaneous, c copy back, v invalidate
 *
 * with blanks between. Addresses and sizes are hexadecimal, with 0x or without; letters may be large; what follows is a
 * comment. A trace may mix both.
 *
 * Miscellaneous is "like a read" to Dinero IV, and a load here; Dinero III calls label 3 an escape record of unknown type.
 * Copying back and invalidating are left out: they move nothing through a TLB. Label 4 flushes Dinero III's caches.
 *
 * "din" has no sizes. Dinero IV takes every such access for the aligned 4 bytes around it, and this for 1 byte at the address,
 * which invents no page. It checks nothing of what Dinero would make of the trace.
 */
#ifndef TRACES_DINERO_H
#define TRACES_DINERO_H

#include "traces/reader.h"

extern const struct trace_format dinero_format;

#endif
