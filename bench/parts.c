/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/parts.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench.h"
#include "bench/engine.h"

static const char *const streams[] = {"uniform-1G", "zipf-1G", "chase-4M"};
enum { STREAMS = sizeof streams / sizeof *streams };

#define AT_LEAST 1.7

struct task {
    const char *stream;
    const struct block *block;
    size_t block_count;
    size_t cut; /* the second part begins there; 0: in one piece */
    struct plan *whole;
    struct plan *part;
};

static struct task tasks[STREAMS][2];

static _Noreturn void fail(const struct err *err)
{
    fprintf(stderr, "bench: %s\n", err->text);
    exit(EXIT_FAILURE);
}

static void prepare(void *context)
{
    struct task *task = context;
    struct configuration configuration;
    struct err err;
    task->block = engine_stream(task->stream, &task->block_count);
    if (task->cut != 0)
        task->cut = (task->block_count + 1) / 2;
    engine_configuration(&configuration);
    task->whole = plan_create_whole(&configuration, 1, &err);
    task->part = plan_create_open(&configuration, 1, &err);
    if (task->whole == NULL || task->part == NULL)
        fail(&err);
}

static void run(const struct task *task, struct plan *plan, size_t first, size_t end)
{
    struct err err;
    for (size_t i = first; i < end; i++)
        if (!plan_block(plan, &task->block[i], &err))
            fail(&err);
}

static void serial_body(void *context)
{
    const struct task *task = context;
    run(task, task->whole, 0, task->block_count);
}

static void *run_second(void *context)
{
    const struct task *task = context;
    run(task, task->part, task->cut, task->block_count);
    return NULL;
}

static void two_body(void *context)
{
    struct task *task = context;
    struct err err = {.text = "no second thread"};
    pthread_t second;
    if (pthread_create(&second, NULL, run_second, task) != 0)
        fail(&err);
    run(task, task->whole, 0, task->cut);
    pthread_join(second, NULL);
    if (!plan_join(task->whole, task->part, &err))
        fail(&err);
}

static void finish(void *context)
{
    struct task *task = context;
    plan_free(task->whole);
    plan_free(task->part);
    task->whole = task->part = NULL;
}

static void check(void *context)
{
    struct task *task = context;
    struct counters serial;
    struct counters two;
    prepare(task);
    serial_body(task);
    plan_counters(task->whole, 0, &serial);
    finish(task);
    prepare(task);
    two_body(task);
    plan_counters(task->whole, 0, &two);
    finish(task);
    bool same = true;
    for (const struct counter_info *info = counter_infos; info->name != NULL; info++) {
        if (counter_value(&serial, info) == counter_value(&two, info))
            continue;
        fprintf(stderr, "bench: %s of %s: %" PRIu64 " in one piece, %" PRIu64 " in two\n", info->name, task->stream,
                counter_value(&serial, info), counter_value(&two, info));
        same = false;
    }
    if (!same)
        exit(EXIT_FAILURE);
}

void parts_register(void)
{
    for (size_t s = 0; s < STREAMS; s++) {
        char name[64];
        char serial[64];
        char two[64];
        snprintf(name, sizeof name, "two threads over one, %s", streams[s]);
        snprintf(serial, sizeof serial, "parts/serial/%s", streams[s]);
        snprintf(two, sizeof two, "parts/two/%s", streams[s]);
        tasks[s][0] = (struct task){.stream = streams[s]};
        tasks[s][1] = (struct task){.stream = streams[s], .cut = 1};
        struct bench bench = {.prepare = prepare, .finish = finish, .items = engine_accesses(), .wall = true};
        bench.name = serial;
        bench.body = serial_body;
        bench.context = &tasks[s][0];
        bench_register(&bench);
        bench.name = two;
        bench.check = check;
        bench.body = two_body;
        bench.context = &tasks[s][1];
        bench_register(&bench);
        const struct bench_ratio ratio = {.name = name, .numerator = two, .denominator = serial, .at_least = AT_LEAST};
        bench_register_ratio(&ratio);
    }
}
