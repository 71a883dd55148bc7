/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cut.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "cli/interrupt.h"
#include "cli/say.h"

/* A stretch goes from hand to hand:
 *
 *     free -> the reader fills it -> filled -> a worker runs it -> done -> joined to the whole in its turn -> free
 *
 * 256 blocks are 1 million accesses, 4 to 6 ms of work for one configuration; what a part takes beyond that, its log and
 * its joining, is 0.4 ms, however long it is. The blocks take 11 MB. Half and double the length are no faster. */
enum { STRETCH_BLOCKS = 256 };

/* One in each worker's hands, one in the reader's, and one that waits for its turn: workers are not equally fast. */
enum { SPARE_STRETCHES = 2 };

enum state { STRETCH_FREE, STRETCH_FILLED, STRETCH_RUNS, STRETCH_DONE };

struct stretch {
    enum state state;
    uint64_t number;     /* in the trace */
    struct block *block; /* STRETCH_BLOCKS of them, once it has been used, as the plan */
    size_t count;
    struct plan *part;
    bool failed;
    struct err err;
};

struct cut {
    const struct runner_job *job;
    pthread_mutex_t mutex;
    pthread_cond_t filled; /* there is work, or there will be no more */
    pthread_cond_t freed;  /* there is a free stretch, or no more is needed */
    struct stretch *stretch;
    unsigned stretch_count;
    struct plan *whole;
    bool whole_is_taken; /* somebody runs it or joins to it, without the mutex */
    uint64_t joined;     /* stretches that the whole has in it */
    bool ended;          /* no more stretches will be filled */
    bool failed;         /* stretch `joined` is wrong, and err says how */
    struct err err;
    /* Stretches from this one on need not be run: one before it is wrong, or an interruption was asked for. */
    _Atomic uint64_t useful;
};

/* The first in the trace of those in this state. */
static struct stretch *find(const struct cut *cut, enum state state)
{
    struct stretch *found = NULL;
    for (unsigned i = 0; i < cut->stretch_count; i++) {
        struct stretch *stretch = &cut->stretch[i];
        if (stretch->state == state && (found == NULL || stretch->number < found->number))
            found = stretch;
    }
    return found;
}

/* Always the same ones, as long as they are enough: what was never used takes no memory. */
static struct stretch *find_free(const struct cut *cut)
{
    for (unsigned i = 0; i < cut->stretch_count; i++)
        if (cut->stretch[i].state == STRETCH_FREE)
            return &cut->stretch[i];
    return NULL;
}

static void give_up_behind(struct cut *cut, uint64_t number)
{
    if (number < cut->useful)
        cut->useful = number;
    pthread_cond_broadcast(&cut->filled);
    pthread_cond_signal(&cut->freed);
}

/* ---- Workers: all but the running itself with the mutex ---- */

static bool run_blocks(struct cut *cut, const struct stretch *stretch, struct plan *plan, struct err *err)
{
    for (size_t i = 0; i < stretch->count; i++) {
        if (interrupt_asked() || stretch->number >= cut->useful)
            return err_set(err, "given up"); /* nobody will read it */
        if (!plan_block(plan, &stretch->block[i], err))
            return false;
    }
    return true;
}

static bool run_part(struct cut *cut, struct stretch *stretch)
{
    const struct runner_job *job = cut->job;
    if (stretch->part == NULL)
        stretch->part = plan_create_open(job->configurations, job->count, &stretch->err);
    else
        plan_reopen(stretch->part);
    return stretch->part != NULL && run_blocks(cut, stretch, stretch->part, &stretch->err);
}

/* The stretch is in the whole now, or never will be. */
static void settle(struct cut *cut, struct stretch *stretch, bool good)
{
    cut->whole_is_taken = false;
    if (good) {
        cut->joined++;
    } else {
        cut->failed = true;
        cut->err = stretch->err;
        give_up_behind(cut, stretch->number);
    }
    stretch->state = STRETCH_FREE;
    pthread_cond_signal(&cut->freed);
}

/* The one whose turn it is, of those that are done. */
static struct stretch *take_next_done(struct cut *cut)
{
    struct stretch *done = find(cut, STRETCH_DONE);
    if (done == NULL || done->number != cut->joined || cut->whole_is_taken || cut->failed)
        return NULL;
    cut->whole_is_taken = true;
    return done;
}

static void join_all_done(struct cut *cut)
{
    struct stretch *done;
    while ((done = take_next_done(cut)) != NULL) {
        pthread_mutex_unlock(&cut->mutex);
        const bool good = !done->failed && plan_join(cut->whole, done->part, &done->err);
        pthread_mutex_lock(&cut->mutex);
        settle(cut, done, good);
    }
}

/* Whoever comes to a stretch that nothing is missing before takes the whole itself: there is nothing to settle then. */
static void run_stretch(struct cut *cut, struct stretch *stretch)
{
    const bool is_next = stretch->number == cut->joined && !cut->whole_is_taken && !cut->failed;
    stretch->state = STRETCH_RUNS;
    if (is_next)
        cut->whole_is_taken = true;
    pthread_mutex_unlock(&cut->mutex);
    const bool good = is_next ? run_blocks(cut, stretch, cut->whole, &stretch->err) : run_part(cut, stretch);
    pthread_mutex_lock(&cut->mutex);
    if (is_next) {
        settle(cut, stretch, good);
    } else {
        stretch->state = STRETCH_DONE;
        stretch->failed = !good;
        if (!good)
            give_up_behind(cut, stretch->number + 1);
    }
    join_all_done(cut);
}

static void *work(void *argument)
{
    struct cut *cut = argument;
    pthread_mutex_lock(&cut->mutex);
    for (;;) {
        struct stretch *stretch = find(cut, STRETCH_FILLED);
        if (stretch != NULL && stretch->number < cut->useful)
            run_stretch(cut, stretch);
        else if (stretch != NULL || cut->ended)
            break;
        else
            pthread_cond_wait(&cut->filled, &cut->mutex);
    }
    pthread_mutex_unlock(&cut->mutex);
    return NULL;
}

/* ---- The reader ---- */

/* NULL where no more is needed. */
static struct stretch *wait_for_free(struct cut *cut, uint64_t number)
{
    struct stretch *stretch;
    pthread_mutex_lock(&cut->mutex);
    while ((stretch = find_free(cut)) == NULL && number < cut->useful)
        pthread_cond_wait(&cut->freed, &cut->mutex);
    const bool needed = number < cut->useful;
    pthread_mutex_unlock(&cut->mutex);
    return needed ? stretch : NULL;
}

static void hand_out(struct cut *cut, struct stretch *stretch, uint64_t number)
{
    pthread_mutex_lock(&cut->mutex);
    stretch->number = number;
    stretch->state = STRETCH_FILLED;
    pthread_cond_signal(&cut->filled);
    pthread_mutex_unlock(&cut->mutex);
}

/* False where the trace cannot be read; the stretches before are handed out all the same. */
static bool read_trace(struct cut *cut, struct runner_source *source, struct err *err)
{
    bool failed = false;
    struct stretch *stretch;
    for (uint64_t number = 0; (stretch = wait_for_free(cut, number)) != NULL; number++) {
        if (stretch->block == NULL)
            stretch->block = say_allocate(STRETCH_BLOCKS, sizeof *stretch->block);
        stretch->count = 0;
        while (stretch->count < STRETCH_BLOCKS &&
               runner_next_block(source, &stretch->block[stretch->count], &failed, err))
            stretch->count++;
        if (stretch->count > 0)
            hand_out(cut, stretch, number);
        if (stretch->count < STRETCH_BLOCKS)
            break;
    }
    return !failed;
}

static bool run_threads(struct cut *cut, struct runner_source *source, struct err *err)
{
    const unsigned jobs = cut->job->jobs;
    pthread_t *thread = say_allocate(jobs, sizeof *thread);
    unsigned started = 0;
    while (started < jobs && interrupt_start_thread(&thread[started], work, cut))
        started++;
    const bool good = started == jobs ? read_trace(cut, source, err) : runner_too_many_threads(jobs, err);
    pthread_mutex_lock(&cut->mutex);
    cut->ended = true;
    pthread_cond_broadcast(&cut->filled);
    pthread_mutex_unlock(&cut->mutex);
    for (unsigned i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    free(thread);
    if (!cut->failed)
        return good;
    *err = cut->err; /* earlier in the trace than what the reader may have met meanwhile */
    return err_prefix(err, say_trace(cut->job->trace));
}

uint64_t cut_bytes(const struct runner_job *job, uint64_t plan_bytes)
{
    const uint64_t stretches = (uint64_t)job->jobs + SPARE_STRETCHES;
    return plan_bytes + stretches * (plan_bytes + STRETCH_BLOCKS * sizeof(struct block));
}

bool cut_run(const struct runner_job *job, struct runner_source *source, struct counters *counters,
             struct runner_outcome *outcome, struct err *err)
{
    struct cut cut = {
        .job = job,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .filled = PTHREAD_COND_INITIALIZER,
        .freed = PTHREAD_COND_INITIALIZER,
        .stretch_count = job->jobs + SPARE_STRETCHES,
        .stretch = say_allocate(job->jobs + SPARE_STRETCHES, sizeof *cut.stretch),
        .whole = plan_create_whole(job->configurations, job->count, err),
        .useful = UINT64_MAX,
    };
    const bool good = cut.whole != NULL && run_threads(&cut, source, err);
    for (size_t i = 0; good && i < job->count; i++)
        plan_counters(cut.whole, i, &counters[i]);
    if (good)
        runner_add_pages(cut.whole, outcome);
    for (unsigned i = 0; i < cut.stretch_count; i++) {
        if (good && cut.stretch[i].part != NULL)
            runner_add_pages(cut.stretch[i].part, outcome);
        plan_free(cut.stretch[i].part);
        free(cut.stretch[i].block);
    }
    plan_free(cut.whole);
    free(cut.stretch);
    return good;
}
