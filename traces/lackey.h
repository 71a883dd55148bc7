/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The text that Valgrind's Lackey prints with --trace-mem=yes. A record is a whole line of the form
 *
 *     ^[ \t]*[ILSM][ \t]+[0-9a-fA-F]{1,16},[0-9]+[ \t]*\r?$
 *
 * with its newline, a size of 1 to 4096 bytes, and nothing of it beyond 2^64 - 1. Lines of Valgrind's own, which begin
 * with
 * ==PID==, --PID--, **PID**, SYSCALL[ or "SB ", are skipped. All else is an unknown line, wherever it comes from: text
 * of the traced program, an empty line, a last line without its newline.
 *
 * Processes that write to one file leave holes of NUL bytes. Up to its last NUL a line is one unknown line; what
 * follows, if anything, is a line of its own with the same number, since newlines alone count the lines.
 *
 * It is not a check of what Lackey would print: any mix of kinds, addresses and sizes will do.
 *
 * Always: lines of any length take constant memory, and the same comes out however the text is cut into chunks.
 */
#ifndef TRACES_LACKEY_H
#define TRACES_LACKEY_H

#include "traces/reader.h"

extern const struct trace_format lackey_format;

/* The same without vector instructions, and without any haste; lackey_format takes the fastest that the processor can.
 */
bool lackey_parse_portable(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                           struct reader_facts *facts, struct err *err);
bool lackey_parse_bytewise(void *state, const struct input_chunk *chunk, size_t *taken_bytes, struct block *block,
                           struct reader_facts *facts, struct err *err);

#endif
