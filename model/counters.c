/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/counters.h"

#include <string.h>

const struct counter_info counter_infos[] = {
#define COUNTER(name, unit, help) {#name, unit, help, offsetof(struct counters, name)},
#include "model/counters.def"
#undef COUNTER
    {NULL, NULL, NULL, 0},
};

uint64_t counter_value(const struct counters *counters, const struct counter_info *info)
{
    uint64_t value;
    memcpy(&value, (const char *)counters + info->offset, sizeof value);
    return value;
}

uint64_t *counter_named(struct counters *counters, const char *name)
{
    for (const struct counter_info *info = counter_infos; info->name != NULL; info++)
        if (strcmp(info->name, name) == 0)
            return (uint64_t *)(void *)((char *)counters + info->offset);
    return NULL;
}

#define METRIC(name, numerator, denominator, scale, unit, help)                                                        \
    static bool name(const struct counters *c, double *value)                                                          \
    {                                                                                                                  \
        const uint64_t per = (denominator);                                                                            \
        if (per == 0)                                                                                                  \
            return false;                                                                                              \
        *value = (double)(numerator) / (double)per * (scale);                                                          \
        return true;                                                                                                   \
    }
#include "model/metrics.def"
#undef METRIC

const struct metric_info metric_infos[] = {
#define METRIC(name, numerator, denominator, scale, unit, help) {#name, unit, help, name},
#include "model/metrics.def"
#undef METRIC
    {NULL, NULL, NULL, NULL},
};
