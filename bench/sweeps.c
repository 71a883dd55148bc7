/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/sweeps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench.h"
#include "bench/engine.h"

enum { NAME_BYTES = 96, THOUSAND = 4 * 5 * 5 * 10 };

static const char *const page_sizes[] = {"4K", "16K", "64K", "2M", NULL};
static const char *const first_ways[] = {"1", "2", "4", "8", "16", NULL}; /* of 64 entries */
static const char *const set_counts[] = {"32", "64", "128", "256", "512", NULL};
static const char *const ways[] = {"1", "2", "3", "4", "6", "8", "10", "12", "14", "16", NULL};

/* The machine's own, where an axis does not vary. */
static const char *const one_page_size[] = {"4K", NULL};
static const char *const one_first[] = {"4", NULL};
static const char *const one_set_count[] = {"128", NULL};

struct task {
    const char *kind;
    const char *mode;
    const char *stream;
    double at_most; /* runs of one */
    struct configuration *configuration;
    size_t count;
    const struct block *block;
    size_t block_count;
    struct plan *plan;
};

/* A pointer cycle that the second level holds is nearly free in a run of one, so that what its smaller neighbours walk
 * weighs more: no bar. */
static struct task tasks[] = {
    {.kind = "ten", .mode = "walks", .stream = "uniform-64M", .at_most = 1.5},
    {.kind = "ten", .mode = "walks", .stream = "uniform-1G", .at_most = 1.5},
    {.kind = "ten", .mode = "walks", .stream = "zipf-1G", .at_most = 1.5},
    {.kind = "ten", .mode = "walks", .stream = "chase-4M"},
    {.kind = "ten", .mode = "walks", .stream = "sequential-256M", .at_most = 1.5},
    {.kind = "ten", .mode = "caches", .stream = "uniform-64M", .at_most = 2.5},
    {.kind = "ten", .mode = "caches", .stream = "uniform-1G", .at_most = 2.5},
    {.kind = "ten", .mode = "caches", .stream = "zipf-1G", .at_most = 2.5},
    {.kind = "ten", .mode = "caches", .stream = "chase-4M"},
    {.kind = "ten", .mode = "caches", .stream = "sequential-256M", .at_most = 2.5},
    {.kind = "thousand", .mode = "tlbs", .stream = "uniform-1G", .at_most = 130},
    {.kind = "thousand", .mode = "tlbs", .stream = "sequential-256M", .at_most = 8},
    {.kind = "thousand", .mode = "walks", .stream = "uniform-1G", .at_most = 130},
    {.kind = "thousand", .mode = "walks", .stream = "sequential-256M", .at_most = 8},
};
enum { TASKS = sizeof tasks / sizeof *tasks };

static _Noreturn void fail(const struct err *err)
{
    fprintf(stderr, "bench: %s\n", err->text);
    exit(EXIT_FAILURE);
}

static void set(struct machine_text *text, const char *key, const char *value)
{
    struct err err;
    if (!machine_text_set(text, key, value, "bench", &err))
        fail(&err);
}

/* ---- The configurations ---- */

static void add(struct task *task, const char *page_size, const char *first, const char *sets,
                const char *associativity)
{
    struct err err;
    struct configuration *configuration = &task->configuration[task->count++];
    struct machine_text *text = machine_text_parse(task->mode, engine_machine(task->mode), &err);
    if (text == NULL)
        fail(&err);
    set(text, "os.page_size", page_size);
    set(text, "tlb.l1d.any.ways", first);
    set(text, "tlb.l2.any.sets", sets);
    set(text, "tlb.l2.any.ways", associativity);
    *configuration = (struct configuration){.only = KINDS_ALL, .seed = 1};
    if (!machine_resolve(text, &configuration->machine, &err))
        fail(&err);
    configuration->machine.source = "";
    machine_text_free(text);
}

static void make_configurations(struct task *task)
{
    const bool all = task->kind[1] == 'h';
    if (task->configuration != NULL)
        return;
    task->configuration = calloc(THOUSAND, sizeof *task->configuration);
    if (task->configuration == NULL)
        exit(EXIT_FAILURE);
    for (const char *const *size = all ? page_sizes : one_page_size; *size != NULL; size++)
        for (const char *const *first = all ? first_ways : one_first; *first != NULL; first++)
            for (const char *const *sets = all ? set_counts : one_set_count; *sets != NULL; sets++)
                for (const char *const *way = ways; *way != NULL; way++)
                    add(task, *size, *first, *sets, *way);
}

/* ---- Running them ---- */

static void prepare(void *context)
{
    struct task *task = context;
    struct err err;
    task->block = engine_stream(task->stream, &task->block_count);
    make_configurations(task);
    task->plan = plan_create(task->configuration, task->count, &err);
    if (task->plan == NULL)
        fail(&err);
}

static void run(const struct task *task, struct plan *plan)
{
    struct err err;
    for (size_t i = 0; i < task->block_count; i++)
        if (!plan_block(plan, &task->block[i], &err))
            fail(&err);
}

static void body(void *context)
{
    const struct task *task = context;
    run(task, task->plan);
}

static void finish(void *context)
{
    struct task *task = context;
    plan_free(task->plan);
    task->plan = NULL;
}

static bool differ(const struct task *task, size_t index, const struct counters *together, const struct counters *alone)
{
    bool differs = false;
    for (const struct counter_info *info = counter_infos; info->name != NULL; info++) {
        if (counter_value(together, info) == counter_value(alone, info))
            continue;
        fprintf(stderr, "bench: %s of configuration %zu of %s, %s, %s: %" PRIu64 " in the sweep, %" PRIu64 " alone\n",
                info->name, index, task->kind, task->mode, task->stream, counter_value(together, info),
                counter_value(alone, info));
        differs = true;
    }
    return differs;
}

/* Ten of the configurations, the first and the last among them, against runs of their own. */
static void check(void *context)
{
    struct task *task = context;
    struct err err;
    bool wrong = false;
    prepare(task);
    body(task);
    for (size_t i = 0; i < 10; i++) {
        const size_t index = i * (task->count - 1) / 9;
        struct counters together;
        struct counters alone;
        struct plan *plan = plan_create(&task->configuration[index], 1, &err);
        if (plan == NULL)
            fail(&err);
        run(task, plan);
        plan_counters(plan, 0, &alone);
        plan_counters(task->plan, index, &together);
        plan_free(plan);
        wrong |= differ(task, index, &together, &alone);
    }
    finish(task);
    if (wrong)
        exit(EXIT_FAILURE);
}

void sweeps_register(void)
{
    for (size_t t = 0; t < TASKS; t++) {
        const struct task *task = &tasks[t];
        char title[NAME_BYTES];
        char sweep[NAME_BYTES];
        char one[NAME_BYTES];
        snprintf(title, sizeof title, "%s in runs of one, %s, %s", task->kind, task->mode, task->stream);
        snprintf(sweep, sizeof sweep, "sweep/%s/%s/%s", task->kind, task->mode, task->stream);
        snprintf(one, sizeof one, "engine/%s/%s", task->mode, task->stream);
        const struct bench bench = {.name = sweep,
                                    .check = check,
                                    .prepare = prepare,
                                    .body = body,
                                    .finish = finish,
                                    .context = &tasks[t],
                                    .items = engine_accesses()};
        bench_register(&bench);
        const struct bench_ratio ratio = {
            .name = title, .numerator = one, .denominator = sweep, .at_most = task->at_most};
        bench_register_ratio(&ratio);
    }
}
