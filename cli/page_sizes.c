/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/page_sizes.h"

#include <stdlib.h>
#include <string.h>

#include "cli/say.h"
#include "model/units.h"

enum { SHIFT_LEAST = 12, SHIFT_MOST = 48 };

static bool refuse(const char *all, const char *text, struct err *err)
{
    char *given = say_shortened(all);
    char *shown = say_shortened(text);
    err_set(err, "--page-size %s: \"%s\" is no size; expected sizes with commas between, such as 4K,64K,2M", given,
            shown);
    free(given);
    free(shown);
    return false;
}

static bool add(const char *all, const char *text, uint64_t *size_bytes, size_t *count, struct err *err)
{
    char size[UNITS_SIZE_TEXT];
    char below[UNITS_SIZE_TEXT];
    char above[UNITS_SIZE_TEXT];
    uint64_t bytes;
    const uint64_t least = UINT64_C(1) << SHIFT_LEAST;
    const uint64_t most = UINT64_C(1) << SHIFT_MOST;
    if (!units_parse_size(text, &bytes))
        return refuse(all, text, err);
    if (bytes < least || bytes > most)
        return err_set(err, "--page-size %s: expected page sizes from %s to %s", text, units_format_size(least, below),
                       units_format_size(most, above));
    if ((bytes & (bytes - 1)) != 0) {
        const uint64_t power = UINT64_C(1) << (63 - __builtin_clzll(bytes));
        return err_set(err, "--page-size %s: is not a power of two; the nearest are %s and %s", text,
                       units_format_size(power, below), units_format_size(2 * power, above));
    }
    for (size_t i = 0; i < *count; i++)
        if (size_bytes[i] == bytes)
            return err_set(err, "--page-size %s: %s stands there twice", all, units_format_size(bytes, size));
    size_bytes[(*count)++] = bytes; /* there are fewer powers of two than places */
    return true;
}

bool page_sizes_read(const char *text, uint64_t size_bytes[PAGE_SIZES_MAX], size_t *count, struct err *err)
{
    const char *all = text;
    bool good = true;
    *count = 0;
    while (good && text != NULL) {
        const size_t length = strcspn(text, ",");
        char *one = say_copy_part(text, length);
        good = add(all, one, size_bytes, count, err);
        free(one);
        text = text[length] == ',' ? text + length + 1 : NULL;
    }
    return good;
}
