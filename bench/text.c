/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/parse.h"

struct text {
    uint64_t records;
    uint64_t size_bytes;
    const char *bytes;
    char path[4096]; /* as given, or the open file's, under /proc */
    bool given;
    struct plan *plan;
};

static struct text text;

static _Noreturn void fail(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(EXIT_FAILURE);
}

/* Goes with the process, however that ends. */
static int open_nameless(void)
{
    const char *directory = getenv("TMPDIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/pagewalk-bench-XXXXXX",
             directory == NULL || directory[0] == '\0' ? "/tmp" : directory);
    const int file = mkstemp(path);
    if (file < 0)
        fail(path, strerror(errno));
    unlink(path);
    return file;
}

/* Mapped with every page there, so that memchr waits for memory and for nothing else. */
static void map(struct text *made, int file)
{
    struct stat stat;
    if (fstat(file, &stat) != 0)
        fail(made->path, strerror(errno));
    made->size_bytes = (uint64_t)stat.st_size;
    void *bytes = mmap(NULL, made->size_bytes, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (bytes == MAP_FAILED)
        fail(made->path, strerror(errno));
    made->bytes = bytes;
}

static void text_make(void *context)
{
    struct text *made = context;
    struct err err;
    if (made->bytes != NULL)
        return;
    const int file = open_nameless(); /* stays open: that is where the file lives */
    snprintf(made->path, sizeof made->path, "/proc/self/fd/%d", file);
    if (!parse_generate(made->path, made->records, &err))
        fail("the text", err.text);
    map(made, file);
}

static void text_open(struct text *made, const char *path)
{
    snprintf(made->path, sizeof made->path, "%s", path);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        fail(path, strerror(errno));
    map(made, file);
    close(file);
    made->records = parse_memchr(made->bytes, made->size_bytes);
    made->given = true;
}

static void memchr_body(void *context)
{
    const struct text *made = context;
    bench_keep(parse_memchr(made->bytes, made->size_bytes));
}

static uint64_t parse(const struct text *made)
{
    struct err err;
    uint64_t records = 0;
    if (!parse_blocks(made->path, made->plan, &records, &err))
        fail("the text", err.text);
    return records;
}

static void blocks_body(void *context)
{
    bench_keep(parse(context));
}

static void blocks_check(void *context)
{
    const struct text *made = context;
    text_make(context);
    const uint64_t lines = parse_memchr(made->bytes, made->size_bytes);
    const uint64_t records = parse(made);
    if (lines == made->records && (records == made->records || made->given))
        return;
    fprintf(stderr, "bench: %" PRIu64 " records were written; they are %" PRIu64 " lines and parse as %" PRIu64 "\n",
            made->records, lines, records);
    exit(EXIT_FAILURE);
}

static void engine_prepare(void *context)
{
    struct text *made = context;
    struct err err;
    struct configuration configuration = {.only = KINDS_ALL, .seed = 1};
    text_make(context);
    struct machine_text *machine = machine_text_open("generic", &err);
    if (machine == NULL || !machine_resolve(machine, &configuration.machine, &err))
        fail("generic", err.text);
    made->plan = plan_create(&configuration, 1, &err);
    if (made->plan == NULL)
        fail("the plan", err.text);
    machine_text_free(machine);
}

static void engine_finish(void *context)
{
    struct text *made = context;
    plan_free(made->plan);
    made->plan = NULL;
}

const char *text_path(void)
{
    text_make(&text);
    return text.path;
}

uint64_t text_records(void)
{
    return text.records;
}

bool text_is_given(void)
{
    return text.given;
}

void text_register(uint64_t records, const char *path)
{
    text.records = records;
    if (path != NULL)
        text_open(&text, path);
    struct bench bench = {.name = "parse/memchr", .prepare = text_make, .body = memchr_body};
    bench.context = &text;
    bench.items = text.records;
    bench_register(&bench);
    bench.name = "parse/blocks";
    bench.body = blocks_body;
    bench.check = blocks_check;
    bench_register(&bench);
    const struct bench_ratio ratio = {
        .name = "blocks over memchr, Lackey text",
        .numerator = "parse/blocks",
        .denominator = "parse/memchr",
        .at_least = 0.4,
    };
    bench_register_ratio(&ratio);
    bench.name = "parse/engine";
    bench.check = NULL;
    bench.prepare = engine_prepare;
    bench.finish = engine_finish;
    bench_register(&bench);
    const struct bench_ratio added = {
        .name = "time with the engine over without, Lackey text",
        .numerator = "parse/blocks",
        .denominator = "parse/engine",
        .at_most = text.given ? 1.3 : 0, /* of real programs: the text of our own is mostly random pages */
    };
    bench_register_ratio(&added);
}
