/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One trace through the engine: blocks from a reader, into one plan or, with several jobs, into a plan for each part of
 * the configurations. The counters are the same bytes for any number of jobs.
 */
#ifndef CLI_RUNNER_H
#define CLI_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/plan.h"
#include "traces/reader.h"

struct runner_job {
    const struct configuration *configurations;
    size_t count;
    const char *trace;
    const char *trace_format; /* NULL: by its content */
    unsigned jobs;            /* threads that run plans; at least 1 */
};

struct runner_outcome {
    struct reader_facts facts; /* of what was read */
    bool interrupted;          /* the counters are those of a part, and no result */
};

/* Fills counters[count]. False with err where the trace cannot be run to its end, but for an interruption. */
bool runner_run(const struct runner_job *job, struct counters *counters, struct runner_outcome *outcome,
                struct err *err);

#endif
