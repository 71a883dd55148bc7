/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How much memory this process may use at the most, and who says so. For refusing what cannot fit before it starts: what
 * is below the limit may still not be there, since others take memory, too.
 */
#ifndef CLI_MEMORY_LIMIT_H
#define CLI_MEMORY_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/err.h"

struct memory_limit {
    uint64_t bytes;
    const char *source; /* "this computer's memory" */
};

/* The smallest of physical memory, RLIMIT_AS, RLIMIT_DATA and the limits of the control groups that the process is in,
 * version 1 or 2. What cannot be read is no limit. `root` is "" but for tests, which put files of their own below it. */
struct memory_limit memory_limit_find(const char *root);

/* Refuses what needs more than the limit, as "WHAT need about 9.3G of memory, and the limit is 4G, ...; WAY_OUT". */
bool memory_limit_check(uint64_t bytes_needed, const char *what, const char *way_out, struct err *err);

/* The same against a limit that is known. */
bool memory_limit_hold(const struct memory_limit *limit, uint64_t bytes_needed, const char *what, const char *way_out,
                       struct err *err);

#endif
