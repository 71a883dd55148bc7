/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parser (parse.h) over a text of its own making, which lies in the page cache, in a file that has no name any more.
 */
#ifndef BENCH_TEXT_H
#define BENCH_TEXT_H

#include <stdint.h>

enum { TEXT_RECORDS = 7500000 }; /* 100 MB */

/* Registers all: parse/memchr, parse/blocks. The text is made when the first of them is run, in $TMPDIR, or in /tmp where
 * that is not given. */
void text_register(uint64_t records);

#endif
