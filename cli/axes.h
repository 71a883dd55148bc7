/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a sweep varies: axes, and the cross product that they span. An axis is one key with its values, or several keys
 * that vary together with their tuples of values: "os.page_size=4K,2M", "A,B=1:2,3:4". Texts only: what a key or a
 * value means is the machine's business.
 */
#ifndef CLI_AXES_H
#define CLI_AXES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/options.h"
#include "model/err.h"

enum { AXES_COMBINATIONS_MAX = 1000000 };

struct axis {
    char **key;
    size_t key_count;
    char **value; /* tuple by tuple, key_count each */
    size_t tuple_count;
};

struct axes {
    struct axis *axis;
    size_t axis_count;
    const char **key; /* of all axes, in the order given */
    size_t key_count;
    size_t combinations; /* 1 where there is no axis */
};

/* Errors: no key, no value, an empty or repeated value, a repeated key, tuples of the wrong length, too large a
 * product. */
bool axes_parse(const struct option_values *vary, struct axes *axes, struct err *err);
void axes_free(struct axes *axes);

/* The values of all keys, in their order, of one combination. The first axis varies slowest. */
void axes_values(const struct axes *axes, size_t combination, const char **value);

/* Writes the varied settings of a combination, "os.page_size=4K tlb.l2.any.entries=64". */
void axes_describe(const struct axes *axes, size_t combination, FILE *out);

/* Writes a tuple as --vary has it, "32:4". */
void axes_write_tuple(const struct axis *axis, size_t tuple, FILE *out);

#endif
