/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a run counts, and what is derived from it. The lists themselves are counters.def and metrics.def.
 */
#ifndef MODEL_COUNTERS_H
#define MODEL_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct counters {
#define COUNTER(name, unit, help) uint64_t name;
#include "model/counters.def"
#undef COUNTER
};

struct counter_info {
    const char *name;
    const char *unit;
    const char *help;
    size_t offset; /* of its uint64_t in struct counters */
};

/* In the order of counters.def; the last has a NULL name. */
extern const struct counter_info counter_infos[];

uint64_t counter_value(const struct counters *counters, const struct counter_info *info);

/* The counter called `name`, to write to; NULL where there is none. */
uint64_t *counter_named(struct counters *counters, const char *name);

struct metric_info {
    const char *name;
    const char *unit;
    const char *help;
    bool (*value)(const struct counters *c, double *value); /* false where the denominator is zero */
};

/* In the order of metrics.def; the last has a NULL name. */
extern const struct metric_info metric_infos[];

#endif
