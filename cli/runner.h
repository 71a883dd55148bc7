/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One trace through the engine: blocks from a reader, into one plan or, with several jobs, into a plan for each stretch
 * of the trace (cut.h) or for each part of the configurations. The counters are the same bytes for any number of jobs.
 */
#ifndef CLI_RUNNER_H
#define CLI_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/walk_rows.h"
#include "model/plan.h"
#include "traces/capture.h"
#include "traces/reader.h"
#include "traces/turns.h"

struct runner_job {
    const struct configuration *configurations;
    size_t count;
    const char *trace;
    const char *trace_format;           /* NULL: by its content */
    const struct capture_request *live; /* the trace is what this program does meanwhile; NULL: it is a file */
    bool keep_going;                    /* past what is damaged */
    unsigned jobs;                      /* threads that run plans; at least 1 */
    bool cut;                           /* they share the trace, not the configurations, which can be cut */
    const unsigned *part_of; /* whose each configuration is, as plan_divide has it; for several jobs that do not cut */
    struct walk_rows *walks; /* takes what plans count of walks, and */
    struct address_map *map; /* what the trace maps; NULL, both, where nobody asks */
};

struct runner_outcome {
    struct reader_facts facts; /* of what was read */
    bool interrupted;          /* the counters are those of a part, and no result but of a program */
    bool partial;              /* and the counters are that: what a program did until it was cut short */
    struct capture_result program;
    uint64_t page_bytes; /* what the plans' address spaces took, */
    uint64_t pages;      /* and the pages touched in them */
};

/* About what a run of the job takes, whatever its trace, but page tables. Errors: out of memory. */
bool runner_bytes(const struct runner_job *job, uint64_t *bytes, struct err *err);

/* Fills counters[count]. False with err where the trace cannot be run to its end, but for an interruption. */
bool runner_run(const struct runner_job *job, struct counters *counters, struct runner_outcome *outcome,
                struct err *err);

/* ---- For cut.h ---- */

struct runner_source {
    struct reader *reader;
    struct turns *turns; /* over the reader */
};

/* Reads the next block, of one process; false at the end, after an error (err says so: *failed) or an interruption. */
bool runner_next_block(struct runner_source *source, struct block *block, bool *failed, struct err *err);

void runner_add_pages(const struct plan *plan, struct runner_outcome *outcome);

/* Sets err and returns false. */
bool runner_too_many_threads(unsigned jobs, struct err *err);

#endif
