/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char suffixes[] = "KMGTP";

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 99;
}

/* Reads the digits of `base` at *text, at least one, and moves *text behind them. */
static bool parse_digits(const char **text, unsigned base, uint64_t *value)
{
    uint64_t sum = 0;
    const char *p = *text;
    for (; digit_value(*p) < (int)base; p++) {
        if (__builtin_mul_overflow(sum, base, &sum) || __builtin_add_overflow(sum, (uint64_t)digit_value(*p), &sum))
            return false;
    }
    if (p == *text)
        return false;
    *text = p;
    *value = sum;
    return true;
}

bool units_parse_count(const char *text, uint64_t *count)
{
    return parse_digits(&text, 10, count) && *text == '\0';
}

bool units_parse_size(const char *text, uint64_t *bytes)
{
    uint64_t value;
    if (!parse_digits(&text, 10, &value))
        return false;
    if (*text != '\0') {
        const char upper = (char)(*text & ~0x20);
        const char *suffix = strchr(suffixes, upper);
        if (upper == '\0' || suffix == NULL || text[1] != '\0')
            return false;
        if (__builtin_mul_overflow(value, UINT64_C(1) << 10 * (suffix - suffixes + 1), &value))
            return false;
    }
    *bytes = value;
    return true;
}

bool units_parse_address(const char *text, uint64_t *address)
{
    unsigned base = 10;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    return parse_digits(&text, base, address) && *text == '\0';
}

bool units_parse_real(const char *text, double *value)
{
    if (text[strspn(text, "0123456789.eE+-")] != '\0' || strchr("0123456789.", text[0]) == NULL || *text == '\0')
        return false;
    char *end;
    const double parsed = strtod(text, &end);
    if (*end != '\0' || !isfinite(parsed))
        return false;
    *value = parsed;
    return true;
}

const char *units_format_size(uint64_t bytes, char text[UNITS_SIZE_TEXT])
{
    int suffix = -1;
    while (bytes != 0 && bytes % 1024 == 0 && suffix < (int)strlen(suffixes) - 1) {
        bytes /= 1024;
        suffix++;
    }
    if (suffix < 0)
        snprintf(text, UNITS_SIZE_TEXT, "%" PRIu64, bytes);
    else
        snprintf(text, UNITS_SIZE_TEXT, "%" PRIu64 "%c", bytes, suffixes[suffix]);
    return text;
}
