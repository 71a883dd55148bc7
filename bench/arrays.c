/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/arrays.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "model/filter.h"
#include "model/memory.h"
#include "model/policy.h"
#include "model/random.h"
#include "model/request.h"
#include "model/vector.h"

enum {
    LOOKUPS = 1 << 20,
    SEARCHED_KEYS = 1 << 26, /* so many lookups times entries, for the search takes its time */
    PAGES = 1 << 18,         /* of 4K in 1 GiB */
    NAME_BYTES = 64,
};

struct array {
    uint32_t entries;
    size_t lookups; /* of the search */
    struct arena *arena;
    struct filter *filter;
    struct set set;
    size_t misses;
};

static struct array arrays[] = {{.entries = 1024}, {.entries = 4096}, {.entries = 65536}};
enum { ARRAYS = sizeof arrays / sizeof *arrays };

static uint64_t request[LOOKUPS];
static uint64_t missed[REQUEST_POSITIONS + VECTOR_SLACK];

static void prepare(void *context)
{
    struct array *array = context;
    struct filter_spec spec;
    if (request[0] == 0) {
        uint64_t state = 1;
        for (size_t i = 0; i < LOOKUPS; i++)
            request[i] = request_of_va((UINT64_C(1) << 30) + (uint64_t)random_below(&state, PAGES) * 4096, 0);
    }
    memset(&spec, 0, sizeof spec);
    spec.geometry = (struct geometry){array->entries, 1, array->entries};
    const size_t key_bytes = array->entries * sizeof *array->set.key;
    array->arena = arena_create();
    array->filter = array->arena != NULL ? filter_create(&spec, array->arena) : NULL;
    array->set = (struct set){.ways = array->entries};
    array->set.key = array->filter != NULL ? arena_alloc(array->arena, key_bytes) : NULL;
    if (array->set.key == NULL) {
        fprintf(stderr, "bench: out of memory for an array of %" PRIu32 "\n", array->entries);
        exit(EXIT_FAILURE);
    }
    memset(array->set.key, 0xff, key_bytes); /* SET_EMPTY */
    array->misses = 0;
}

static void finish(void *context)
{
    arena_destroy(((struct array *)context)->arena);
}

static void run_tree(struct array *array, size_t lookups)
{
    for (size_t done = 0; done < lookups; done += BLOCK_ACCESSES) {
        const size_t count = lookups - done < BLOCK_ACCESSES ? lookups - done : BLOCK_ACCESSES;
        array->misses += filter_run(array->filter, INT64_MAX, request + done, count, missed, NULL);
    }
}

static void run_search(struct array *array, size_t lookups)
{
    for (size_t i = 0; i < lookups; i++) {
        uint64_t evicted;
        array->misses += !lru_access(&array->set, request_number(request[i], 0, 0), &evicted);
    }
}

static void tree_body(void *context)
{
    struct array *array = context;
    run_tree(array, LOOKUPS);
    bench_keep(array->misses);
}

static void search_body(void *context)
{
    struct array *array = context;
    run_search(array, array->lookups);
    bench_keep(array->misses);
}

static void check(void *context)
{
    struct array *array = context;
    prepare(array);
    run_tree(array, array->lookups);
    const size_t misses = array->misses;
    array->misses = 0;
    run_search(array, array->lookups);
    if (array->misses != misses) {
        fprintf(stderr, "bench: an array of %" PRIu32 " misses %zu as a tree, searched %zu\n", array->entries, misses,
                array->misses);
        exit(EXIT_FAILURE);
    }
    finish(array);
}

void arrays_register(void)
{
    for (size_t i = 0; i < ARRAYS; i++) {
        struct array *array = &arrays[i];
        char tree[NAME_BYTES];
        char search[NAME_BYTES];
        char ratio[NAME_BYTES];
        array->lookups = SEARCHED_KEYS / array->entries;
        snprintf(tree, sizeof tree, "array/tree/%" PRIu32, array->entries);
        snprintf(search, sizeof search, "array/search/%" PRIu32, array->entries);
        snprintf(ratio, sizeof ratio, "tree over search, %" PRIu32, array->entries);
        bench_register(&(struct bench){tree, check, prepare, tree_body, finish, array, LOOKUPS, false});
        bench_register(&(struct bench){search, NULL, prepare, search_body, finish, array, array->lookups, false});
        bench_register_ratio(&(struct bench_ratio){.name = ratio, .numerator = tree, .denominator = search});
    }
}
