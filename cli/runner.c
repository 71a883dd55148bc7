/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/runner.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cut.h"
#include "cli/interrupt.h"
#include "cli/kept_mappings.h"
#include "cli/progress.h"
#include "cli/say.h"

/* ---- One plan ---- */

/* Of the plan's configuration `in_plan`, which is `index` of the job's. */
static void collect_one(const struct runner_job *job, const struct plan *plan, size_t in_plan, size_t index,
                        struct counters *counters)
{
    plan_counters(plan, in_plan, &counters[index]);
    if (job->walks != NULL)
        walk_rows_take(job->walks, plan, in_plan, index);
}

void runner_add_pages(const struct plan *plan, struct runner_outcome *outcome)
{
    uint64_t pages;
    outcome->page_bytes += plan_page_bytes(plan, &pages);
    outcome->pages += pages;
}

bool runner_next_block(struct runner_source *source, struct block *block, bool *failed, struct err *err)
{
    if (interrupt_asked())
        return false;
    *failed = !turns_next(source->turns, block, err);
    if (*failed || (block->count == 0 && block->change_count == 0))
        return false;
    progress_update(reader_facts(source->reader)->records, reader_facts(source->reader)->file_bytes_read);
    return true;
}

/* What a plan says is about a record, but it knows of no trace. */
static bool name_trace(const struct runner_job *job, struct err *err)
{
    return err_prefix(err, say_trace(job->trace));
}

static bool run_alone(const struct runner_job *job, struct runner_source *source, struct counters *counters,
                      struct runner_outcome *outcome, struct err *err)
{
    struct plan *plan = plan_create(job->configurations, job->count, err);
    if (plan == NULL)
        return false;
    struct block *block = say_allocate(1, sizeof *block);
    struct kept_mappings kept = {.range = NULL};
    bool failed = false;
    while (!failed && runner_next_block(source, block, &failed, err)) {
        kept_mappings_keep(&kept, job->map);
        plan_map(plan, &kept.mappings);
        failed = !plan_block(plan, block, err) && !name_trace(job, err);
    }
    if (!failed) {
        for (size_t i = 0; i < job->count; i++)
            collect_one(job, plan, i, i, counters);
        runner_add_pages(plan, outcome);
    }
    free(kept.range);
    free(block);
    plan_free(plan);
    return !failed;
}

/* ---- Several plans ----
 *
 * The reader fills a ring of blocks, and every worker reads all of them:
 *
 *          worker B has this one next
 *          v
 *      . . 3 4 5 6 . .        `produced` is 7: blocks 3 to 6 are filled, and 3 is free once the slowest, B, is done
 *              ^
 *              worker A has this one next
 */
enum { RING_BLOCKS = 8 };

struct ring {
    pthread_mutex_t mutex;
    pthread_cond_t filled;                    /* produced or ended changed */
    pthread_cond_t emptied;                   /* a worker's consumed changed */
    struct block *block;                      /* RING_BLOCKS */
    struct kept_mappings mapped[RING_BLOCKS]; /* for each of them */
    uint64_t produced;
    bool ended;
    uint64_t useful; /* blocks from this one on need not be run: one before it failed in some worker */
};

struct worker {
    struct ring *ring;
    struct plan *plan;
    uint64_t consumed;
    bool failed; /* in block `consumed` */
    struct err err;
    pthread_t thread;
};

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct ring *ring = worker->ring;
    pthread_mutex_lock(&ring->mutex);
    for (;;) {
        while (worker->consumed == ring->produced && !ring->ended)
            pthread_cond_wait(&ring->filled, &ring->mutex);
        if (worker->consumed == ring->produced || worker->consumed >= ring->useful)
            break;
        pthread_mutex_unlock(&ring->mutex);
        const size_t place = worker->consumed % RING_BLOCKS;
        plan_map(worker->plan, &ring->mapped[place].mappings);
        const bool good = plan_block(worker->plan, &ring->block[place], &worker->err);
        pthread_mutex_lock(&ring->mutex);
        if (!good) {
            worker->failed = true;
            if (worker->consumed + 1 < ring->useful)
                ring->useful = worker->consumed + 1;
            break;
        }
        worker->consumed++;
        pthread_cond_signal(&ring->emptied);
    }
    pthread_cond_signal(&ring->emptied);
    pthread_mutex_unlock(&ring->mutex);
    return NULL;
}

/* Waits for room in the ring; false where no more is needed. */
static bool wait_for_room(struct ring *ring, const struct worker *workers, unsigned count)
{
    pthread_mutex_lock(&ring->mutex);
    for (;;) {
        uint64_t slowest = ring->produced;
        for (unsigned i = 0; i < count; i++)
            if (workers[i].consumed < slowest)
                slowest = workers[i].consumed;
        if (ring->produced >= ring->useful || ring->produced - slowest < RING_BLOCKS)
            break;
        pthread_cond_wait(&ring->emptied, &ring->mutex);
    }
    const bool needed = ring->produced < ring->useful;
    pthread_mutex_unlock(&ring->mutex);
    return needed;
}

static void announce(struct ring *ring, bool ended)
{
    pthread_mutex_lock(&ring->mutex);
    if (ended)
        ring->ended = true;
    else
        ring->produced++;
    pthread_cond_broadcast(&ring->filled);
    pthread_mutex_unlock(&ring->mutex);
}

/* The worker whose error comes first in the trace, so that the message does not depend on who was faster. */
static const struct worker *first_failed(const struct worker *workers, unsigned count)
{
    const struct worker *first = NULL;
    for (unsigned i = 0; i < count; i++)
        if (workers[i].failed && (first == NULL || workers[i].consumed < first->consumed))
            first = &workers[i];
    return first;
}

typedef struct plan *make_plan(const struct configuration *configurations, size_t count, struct err *err);

/* The plan of one part of the configurations, in their order. */
static struct plan *plan_of_part(const struct runner_job *job, unsigned part, make_plan *make, struct err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < job->count; i++)
        count += job->part_of[i] == part;
    struct configuration *own = say_allocate(count, sizeof *own);
    for (size_t i = 0, k = 0; i < job->count; i++)
        if (job->part_of[i] == part)
            own[k++] = job->configurations[i];
    struct plan *plan = make(own, count, err);
    free(own);
    return plan;
}

static void collect_part(const struct runner_job *job, unsigned part, const struct plan *plan,
                         struct counters *counters)
{
    for (size_t i = 0, k = 0; i < job->count; i++)
        if (job->part_of[i] == part)
            collect_one(job, plan, k++, i, counters);
}

static bool divide(const struct runner_job *job, struct ring *ring, struct worker *workers, struct err *err)
{
    for (unsigned i = 0; i < job->jobs; i++) {
        workers[i].ring = ring;
        workers[i].plan = plan_of_part(job, i, plan_create, err);
        if (workers[i].plan == NULL)
            return false;
    }
    return true;
}

bool runner_too_many_threads(unsigned jobs, struct err *err)
{
    return err_set(err, "-j %u: this computer does not start that many threads; give a smaller number", jobs);
}

static bool run_workers(const struct runner_job *job, struct ring *ring, struct worker *workers,
                        struct runner_source *source, struct err *err)
{
    unsigned started = 0;
    while (started < job->jobs && interrupt_start_thread(&workers[started].thread, work, &workers[started]))
        started++;
    bool failed = started < job->jobs && !runner_too_many_threads(job->jobs, err);
    while (!failed && wait_for_room(ring, workers, job->jobs) &&
           runner_next_block(source, &ring->block[ring->produced % RING_BLOCKS], &failed, err)) {
        kept_mappings_keep(&ring->mapped[ring->produced % RING_BLOCKS], job->map);
        announce(ring, false);
    }
    announce(ring, true);
    for (unsigned i = 0; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    const struct worker *worker = first_failed(workers, job->jobs);
    if (worker == NULL)
        return !failed;
    *err = worker->err; /* earlier in the trace than what the reader may have met meanwhile */
    return name_trace(job, err);
}

static bool run_together(const struct runner_job *job, struct runner_source *source, struct counters *counters,
                         struct runner_outcome *outcome, struct err *err)
{
    struct ring ring = {.mutex = PTHREAD_MUTEX_INITIALIZER,
                        .filled = PTHREAD_COND_INITIALIZER,
                        .emptied = PTHREAD_COND_INITIALIZER,
                        .block = say_allocate(RING_BLOCKS, sizeof *ring.block),
                        .useful = UINT64_MAX};
    struct worker *workers = say_allocate(job->jobs, sizeof *workers);
    const bool good = divide(job, &ring, workers, err) && run_workers(job, &ring, workers, source, err);
    for (unsigned i = 0; i < job->jobs; i++) {
        if (good) {
            collect_part(job, i, workers[i].plan, counters);
            runner_add_pages(workers[i].plan, outcome);
        }
        plan_free(workers[i].plan);
    }
    for (size_t i = 0; i < RING_BLOCKS; i++)
        free(ring.mapped[i].range);
    free(workers);
    free(ring.block);
    return good;
}

/* ---- Either ---- */

bool runner_bytes(const struct runner_job *job, uint64_t *bytes, struct err *err)
{
    const bool together = job->jobs > 1 && !job->cut;
    *bytes = 0;
    for (unsigned part = 0; part < (together ? job->jobs : 1); part++) {
        struct plan *plan =
            together ? plan_of_part(job, part, plan_outline, err) : plan_outline(job->configurations, job->count, err);
        if (plan == NULL)
            return false;
        *bytes += plan_bytes(plan);
        plan_free(plan);
    }
    if (job->cut)
        *bytes = cut_bytes(job, *bytes);
    else
        *bytes += (together ? RING_BLOCKS : 1) * sizeof(struct block);
    return true;
}

static bool run_reader(const struct runner_job *job, struct reader *reader, struct counters *counters,
                       struct runner_outcome *outcome, struct err *err)
{
    struct runner_source source = {reader, turns_open(reader, job->map, err)};
    const bool good = source.turns != NULL && (job->jobs == 1 ? run_alone(job, &source, counters, outcome, err)
                                               : job->cut     ? cut_run(job, &source, counters, outcome, err)
                                                              : run_together(job, &source, counters, outcome, err));
    turns_close(source.turns);
    outcome->facts = *reader_facts(reader);
    /* One that comes behind the last block, which has its hash, has nothing left to end. */
    outcome->interrupted = interrupt_asked() && !(good && outcome->facts.hash != 0);
    return good;
}

/* No progress is shown: the program has the terminal. */
static bool run_live(const struct runner_job *job, struct counters *counters, struct runner_outcome *outcome,
                     struct err *err)
{
    struct capture *capture = capture_start(job->live, err);
    if (capture == NULL) {
        outcome->interrupted = interrupt_asked();
        return outcome->interrupted;
    }
    bool good = run_reader(job, capture_reader(capture), counters, outcome, err);
    struct err unused;
    const enum capture_end end = good && !outcome->interrupted ? CAPTURE_RUN_ON : CAPTURE_STOP;
    good = capture_end(capture, end, &outcome->program, good ? err : &unused) && good;
    outcome->partial = good && (outcome->interrupted || outcome->facts.hash == 0 || outcome->program.signal != 0);
    return good || outcome->interrupted;
}

bool runner_run(const struct runner_job *job, struct counters *counters, struct runner_outcome *outcome,
                struct err *err)
{
    *outcome = (struct runner_outcome){0};
    if (job->live != NULL)
        return run_live(job, counters, outcome, err);
    struct reader *reader = reader_open(job->trace, job->trace_format, err);
    if (reader == NULL) {
        outcome->interrupted = interrupt_asked();
        return outcome->interrupted;
    }
    if (job->keep_going)
        reader_keep_going(reader);
    reader_end_when(reader, interrupt_asked);
    progress_begin(say_trace(job->trace), reader_facts(reader)->file_bytes);
    const bool good = run_reader(job, reader, counters, outcome, err);
    progress_end();
    reader_close(reader);
    return good || outcome->interrupted;
}
