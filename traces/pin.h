/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The text that the example tools of Intel's Pin write, both named pinatrace: ManualExamples/pinatrace.cpp and
 * SimpleExamples/pinatrace.cpp. A record is a whole line,
 *
 *     IP: R|W ADDRESS ...          0x7f4bd1e43b30: R 0x7ffe4c1f2a68
 *     IP: R|W ADDRESS SIZE ...     0x7f4bd1e43b30: R     0x7ffe4c1f2a68  8   0x7f4bd1e44000
 *
 * with blanks between; numbers in 0x are hexadecimal, the size is decimal. The second has sizes and values; a word behind
 * the address that is no decimal number is a comment, as on what many made of the first. Lines that begin with # are
 * Pin's own: the heading, and "#eof" at the end.
 *
 * The instruction's address is the pc of its access. It is no fetch: instructions that touch no memory are not in the trace,
 * and those that do stand there once an operand, so that fetches made of them would be counts of nothing.
 */
#ifndef TRACES_PIN_H
#define TRACES_PIN_H

#include "traces/reader.h"

extern const struct trace_format pin_format;

#endif
