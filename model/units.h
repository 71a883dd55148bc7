/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers as people write them. Strict: no sign, no blanks, no trailing text, no overflow; what does not fit is not a
 * number. Sizes are in bytes, with K, M, G, T, P as powers of 1024: 4K, 2M, 1G.
 */
#ifndef MODEL_UNITS_H
#define MODEL_UNITS_H

#include <stdbool.h>
#include <stdint.h>

enum { UNITS_SIZE_TEXT = 24 };

/* Decimal digits only. */
bool units_parse_count(const char *text, uint64_t *count);

/* Decimal digits, then nothing or one of K M G T P (either case). */
bool units_parse_size(const char *text, uint64_t *bytes);

/* Hexadecimal after 0x, else decimal: an address. */
bool units_parse_address(const char *text, uint64_t *address);

/* A finite decimal real, such as 0.99 or 1e-3; no sign, no hexadecimal, no "inf". */
bool units_parse_real(const char *text, double *value);

/* The shortest exact form: 4096 -> "4K", 4097 -> "4097". Returns `text`. */
const char *units_format_size(uint64_t bytes, char text[UNITS_SIZE_TEXT]);

#endif
