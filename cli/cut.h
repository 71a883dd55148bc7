/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One trace cut in time: stretches of it run side by side, each through a plan of a part, and are joined in order. The
 * counters are the same for any number of threads.
 */
#ifndef CLI_CUT_H
#define CLI_CUT_H

#include <stdbool.h>

#include "cli/runner.h"

/* As runner_run, once the reader is open. The job's configurations can be cut. */
bool cut_run(const struct runner_job *job, struct runner_source *source, struct counters *counters,
             struct runner_outcome *outcome, struct err *err);

/* About what it takes for a long trace, where one plan takes `plan_bytes`. */
uint64_t cut_bytes(const struct runner_job *job, uint64_t plan_bytes);

#endif
