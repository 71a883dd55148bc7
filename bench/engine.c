/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/engine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/baseline.h"
#include "bench/bench.h"
#include "traces/generate.h"

/* ---- What is run over what ---- */

struct stream {
    const char *name;
    const char *generator;
    uint64_t pages; /* of 4K */
    double bar[3];  /* by enum baseline_mode: engine over baseline */
    struct block *block;
    size_t block_count;
};

static uint64_t stream_accesses;

/* The bars are those of the engine that answers a whole sweep in one pass. The sequential stream's is lower: a run of
 * one page costs the textbook model next to nothing. */
static struct stream streams[] = {
    {.name = "uniform-64M", .generator = "uniform", .pages = 16384, .bar = {10, 10, 9}},
    {.name = "uniform-1G", .generator = "uniform", .pages = 262144, .bar = {10, 10, 9}},
    {.name = "zipf-1G", .generator = "zipf", .pages = 262144, .bar = {10, 10, 9}},
    {.name = "chase-4M", .generator = "chase", .pages = 1024, .bar = {10, 10, 9}},
    {.name = "sequential-256M", .generator = "sequential", .pages = 65536, .bar = {5, 5, 5}},
};
enum { STREAMS = sizeof streams / sizeof *streams };

/* The machine of baseline.h. hit_cycles and the like are there because they must be: the engine does not simulate them.
 */
#define TLBS                                                                                                           \
    "[machine]\nname = bench\n"                                                                                        \
    "[tlb.l1d.any]\npages = any\nentries = 64\nways = 4\npolicy = lru\n"                                               \
    "[tlb.l2.any]\npages = any\nentries = 1536\nways = 12\npolicy = lru\n"                                             \
    "[page_table]\nformat = x86-64\n"                                                                                  \
    "[os]\npage_size = 4K\n"
#define WALK_CACHES                                                                                                    \
    "[walk_cache.pml4e]\nentries = 4\nways = full\n"                                                                   \
    "[walk_cache.pdpte]\nentries = 4\nways = full\n"                                                                   \
    "[walk_cache.pde]\nentries = 32\nways = 4\n"
#define FIXED_READS "[memory]\nmodel = fixed\n"
#define CACHED_READS                                                                                                   \
    "[memory]\nmodel = caches\n"                                                                                       \
    "[cache.l1d]\nsize = 32K\nways = 8\nline = 64\nhit_cycles = 5\n"                                                   \
    "[cache.l2]\nsize = 1M\nways = 16\nline = 64\nhit_cycles = 14\n"                                                   \
    "[cache.l3]\nsize = 32M\nways = 16\nline = 64\nhit_cycles = 50\n"

struct mode {
    const char *name;
    enum baseline_mode baseline;
    const char *machine;
};

static const struct mode modes[] = {
    {"tlbs", BASELINE_TLBS, TLBS FIXED_READS},
    {"walks", BASELINE_WALKS, TLBS WALK_CACHES FIXED_READS},
    {"caches", BASELINE_CACHES, TLBS WALK_CACHES CACHED_READS},
};
enum { MODES = sizeof modes / sizeof *modes };

struct task {
    const struct mode *mode;
    struct stream *stream;
    struct plan *plan;         /* of the iteration at hand, as the next */
    struct baseline *baseline; /* NULL in the engine's */
};

static struct task read_tasks[STREAMS];
static struct task tasks[MODES][STREAMS];

static _Noreturn void fail(const struct err *err)
{
    fprintf(stderr, "bench: %s\n", err->text);
    exit(EXIT_FAILURE);
}

/* ---- Streams ---- */

static void stream_make(void *context)
{
    struct stream *stream = ((struct task *)context)->stream;
    if (stream->block != NULL)
        return;
    struct err err;
    struct generate_options options = generate_defaults;
    struct generate *generate = NULL;
    options.kind = generator_find(stream->generator, &err);
    options.pages = stream->pages;
    options.accesses = stream_accesses;
    if (options.kind == NULL || !generate_open(&options, &generate, &err))
        fail(&err);
    stream->block_count = (stream_accesses + BLOCK_ACCESSES - 1) / BLOCK_ACCESSES;
    stream->block = calloc(stream->block_count, sizeof *stream->block);
    if (stream->block == NULL) {
        err_set(&err, "no memory for %" PRIu64 " accesses", stream_accesses);
        fail(&err);
    }
    for (size_t i = 0; i < stream->block_count; i++)
        generate_next(generate, &stream->block[i]);
    generate_close(generate);
}

const struct block *engine_stream(const char *name, size_t *block_count)
{
    size_t s = 0;
    while (strcmp(streams[s].name, name) != 0)
        s++;
    stream_make(&(struct task){.stream = &streams[s]});
    *block_count = streams[s].block_count;
    return streams[s].block;
}

uint64_t engine_accesses(void)
{
    return stream_accesses;
}

static void read_body(void *context)
{
    const struct stream *stream = ((const struct task *)context)->stream;
    uint64_t sum = 0;
    for (size_t i = 0; i < stream->block_count; i++)
        sum += baseline_read(stream->block[i].va, stream->block[i].count);
    bench_keep(sum);
}

/* ---- The textbook model ---- */

static void baseline_prepare(void *context)
{
    struct task *task = context;
    stream_make(task);
    task->baseline = baseline_create(task->mode->baseline);
}

static void baseline_body(void *context)
{
    const struct task *task = context;
    for (size_t i = 0; i < task->stream->block_count; i++)
        baseline_run(task->baseline, task->stream->block[i].va, task->stream->block[i].count);
}

static void baseline_finish(void *context)
{
    struct task *task = context;
    baseline_free(task->baseline);
    task->baseline = NULL;
}

/* ---- The engine ---- */

static void configure(const struct mode *mode, struct configuration *configuration)
{
    struct err err;
    struct machine_text *text = machine_text_parse(mode->name, mode->machine, &err);
    *configuration = (struct configuration){.only = KINDS_ALL, .seed = 1};
    if (text == NULL || !machine_resolve(text, &configuration->machine, &err))
        fail(&err);
    configuration->machine.source = "";
    machine_text_free(text);
}

const char *engine_machine(const char *mode)
{
    for (size_t m = 0; m < MODES; m++)
        if (strcmp(modes[m].name, mode) == 0)
            return modes[m].machine;
    abort();
}

void engine_configuration(struct configuration *configuration)
{
    configure(&modes[BASELINE_WALKS], configuration);
}

static void engine_prepare(void *context)
{
    struct task *task = context;
    struct err err;
    struct configuration configuration;
    stream_make(task);
    configure(task->mode, &configuration);
    task->plan = plan_create(&configuration, 1, &err);
    if (task->plan == NULL)
        fail(&err);
}

static void engine_body(void *context)
{
    const struct task *task = context;
    struct err err;
    for (size_t i = 0; i < task->stream->block_count; i++)
        if (!plan_block(task->plan, &task->stream->block[i], &err))
            fail(&err);
}

static void engine_finish(void *context)
{
    struct task *task = context;
    plan_free(task->plan);
    task->plan = NULL;
}

/* ---- Do they count the same? ---- */

static bool differs(const struct task *task, const char *what, uint64_t engine, uint64_t baseline)
{
    if (engine == baseline)
        return false;
    fprintf(stderr, "bench: %s of %s, %s: the engine counts %" PRIu64 ", the textbook model %" PRIu64 "\n", what,
            task->stream->name, task->mode->name, engine, baseline);
    return true;
}

static bool any_differs(const struct task *task, const struct counters *e, const struct baseline_counts *b)
{
    const enum baseline_mode mode = task->mode->baseline;
    const uint64_t table_bytes = 4096;
    bool any = differs(task, "accesses", e->accesses, stream_accesses);
    any |= differs(task, "l1d_misses", e->l1d_misses, b->l1_misses);
    any |= differs(task, "l2_misses", e->l2_misses, b->l2_misses);
    if (mode >= BASELINE_WALKS) {
        any |= differs(task, "walk_refs", e->walk_refs, b->walk_refs);
        any |= differs(task, "pde_hits", e->pde_hits, b->walk_cache_hits[0]);
        any |= differs(task, "pdpte_hits", e->pdpte_hits, b->walk_cache_hits[1]);
        any |= differs(task, "pml4e_hits", e->pml4e_hits, b->walk_cache_hits[2]);
        any |= differs(task, "pages_touched", e->pages_touched, b->pages);
        any |= differs(task, "page_table_bytes", e->page_table_bytes, b->tables * table_bytes);
    }
    if (mode >= BASELINE_CACHES) {
        any |= differs(task, "cache_l1d_hits", e->cache_l1d_hits, b->served[0]);
        any |= differs(task, "cache_l2_hits", e->cache_l2_hits, b->served[1]);
        any |= differs(task, "cache_l3_hits", e->cache_l3_hits, b->served[2]);
        any |= differs(task, "cache_dram", e->cache_dram, b->served[3]);
    }
    return any;
}

static void engine_check(void *context)
{
    struct task *task = context;
    struct counters counters;
    struct baseline_counts counts;
    engine_prepare(task);
    engine_body(task);
    plan_counters(task->plan, 0, &counters);
    engine_finish(task);
    baseline_prepare(task);
    baseline_body(task);
    baseline_count(task->baseline, &counts);
    baseline_finish(task);
    if (any_differs(task, &counters, &counts))
        exit(EXIT_FAILURE);
}

/* ---- What pages take ---- */

static double bytes_a_page(const struct block *block, size_t block_count)
{
    struct err err;
    struct configuration configuration;
    engine_configuration(&configuration);
    struct plan *plan = plan_create(&configuration, 1, &err);
    if (plan == NULL)
        fail(&err);
    for (size_t i = 0; i < block_count; i++)
        if (!plan_block(plan, &block[i], &err))
            fail(&err);
    uint64_t pages;
    const uint64_t bytes = plan_page_bytes(plan, &pages);
    plan_free(plan);
    return (double)bytes / (double)pages;
}

static double dense_bytes_a_page(void *context)
{
    size_t block_count;
    const struct block *block = engine_stream(context, &block_count);
    return bytes_a_page(block, block_count);
}

/* The worst there is: no two pages share a table of the last level. */
static double sparse_bytes_a_page(void *context)
{
    enum { BLOCKS = 16, APART_SHIFT = 21 };
    (void)context;
    struct block *block = calloc(BLOCKS, sizeof *block);
    if (block == NULL)
        exit(EXIT_FAILURE);
    for (uint64_t i = 0; i < BLOCKS; i++) {
        block[i].count = BLOCK_ACCESSES;
        block[i].mark_count = 1;
        block[i].first_record = i * BLOCK_ACCESSES + 1;
        for (uint64_t k = 0; k < BLOCK_ACCESSES; k++) {
            block[i].va[k] = (i * BLOCK_ACCESSES + k) << APART_SHIFT;
            block[i].meta[k] = access_meta(ACCESS_LOAD, 8);
        }
        block_summarise(&block[i]);
    }
    const double bytes = bytes_a_page(block, BLOCKS);
    free(block);
    return bytes;
}

/* ---- Registration ---- */

enum { NAME_BYTES = 96 };

static void register_one(struct bench *bench, const char *group, struct task *task)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s/%s%s%s", group, task->mode == NULL ? "" : task->mode->name,
             task->mode == NULL ? "" : "/", task->stream->name);
    bench->name = name;
    bench->context = task;
    bench->items = stream_accesses;
    bench_register(bench);
}

static void register_ratio(const char *numerator, const char *denominator, const struct task *task)
{
    char name[NAME_BYTES];
    char above[NAME_BYTES];
    char below[NAME_BYTES];
    snprintf(name, sizeof name, "%s over %s, %s, %s", numerator, denominator, task->mode->name, task->stream->name);
    snprintf(above, sizeof above, "%s/%s/%s", numerator, task->mode->name, task->stream->name);
    snprintf(below, sizeof below, "%s/%s/%s", denominator, task->mode->name, task->stream->name);
    const struct bench_ratio ratio = {
        .name = name,
        .numerator = above,
        .denominator = below,
        .at_least = task->stream->bar[task->mode->baseline],
    };
    bench_register_ratio(&ratio);
}

void engine_register(uint64_t accesses)
{
    stream_accesses = accesses;
    for (size_t s = 0; s < STREAMS; s++) {
        struct bench bench = {.prepare = stream_make, .body = read_body};
        read_tasks[s] = (struct task){.stream = &streams[s]};
        register_one(&bench, "read", &read_tasks[s]);
    }
    for (size_t m = 0; m < MODES; m++) {
        for (size_t s = 0; s < STREAMS; s++) {
            struct bench baseline = {.prepare = baseline_prepare, .body = baseline_body, .finish = baseline_finish};
            struct bench engine = {
                .check = engine_check, .prepare = engine_prepare, .body = engine_body, .finish = engine_finish};
            tasks[m][s] = (struct task){.mode = &modes[m], .stream = &streams[s]};
            register_one(&baseline, "baseline", &tasks[m][s]);
            register_one(&engine, "engine", &tasks[m][s]);
            register_ratio("engine", "baseline", &tasks[m][s]);
        }
    }
    static char dense[] = "uniform-1G";
    const struct bench_figure figures[] = {
        {"bytes a touched page, uniform-1G", "engine/walks/uniform-1G", dense_bytes_a_page, dense, 0},
        {"bytes a touched page, one of 4K in every 2M", "engine/walks/uniform-1G", sparse_bytes_a_page, NULL, 0},
    };
    for (size_t f = 0; f < sizeof figures / sizeof *figures; f++)
        bench_register_figure(&figures[f]);
}
