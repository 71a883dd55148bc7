/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parser (parse.h) over a text of its own making, which lies in the page cache, in a file that has no name any more,
 * or over one that is given; and what the engine adds to it.
 */
#ifndef BENCH_TEXT_H
#define BENCH_TEXT_H

#include <stdbool.h>
#include <stdint.h>

enum { TEXT_RECORDS = 7500000 }; /* 100 MB */

/* Registers all: parse/memchr, parse/blocks, parse/engine (the blocks through the machine `generic`). The text is made
 * when the first of them is run, in $TMPDIR, or in /tmp where that is not given; or it is the file `path`, uncompressed,
 * and has so many lines as it has. */
void text_register(uint64_t records, const char *path);

/* For what else is done with it, once it is registered. The path makes it, if need be. */
const char *text_path(void);
uint64_t text_records(void);
bool text_is_given(void);

#endif
