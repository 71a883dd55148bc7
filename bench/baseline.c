/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/baseline.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PAGE_SHIFT = 12,
    LINE_SHIFT = 6,
    TABLE_BITS = 9,
    TABLE_ENTRIES = 1 << TABLE_BITS,
    LEVELS = BASELINE_WALK_CACHES + 1, /* 0: page table, ..., 3: PML4 */
    CACHES = BASELINE_SERVERS - 1,
};

/* Numbers with the time of their last use, set by set. */
struct array {
    uint64_t *number;
    uint64_t *used;
    uint64_t clock;
    uint64_t set_mask;
    uint32_t ways;
};

struct table {
    uint32_t frame;
    union {
        struct table *child[TABLE_ENTRIES];
        uint32_t page[TABLE_ENTRIES]; /* level 0: its frame; 0 where it has not been touched: that is the root's */
    };
};

struct baseline {
    enum baseline_mode mode;
    struct baseline_counts counts;
    struct array l1;
    struct array l2;
    struct array walk_cache[BASELINE_WALK_CACHES]; /* by the level of the tables whose entries it holds, less one */
    struct array cache[CACHES];
    struct table *root;
    uint32_t frames;
};

static void *allocate(size_t bytes)
{
    void *memory = calloc(1, bytes);
    if (memory == NULL) {
        fprintf(stderr, "out of memory\n");
        exit(EXIT_FAILURE);
    }
    return memory;
}

static void array_init(struct array *array, uint32_t sets, uint32_t ways)
{
    const size_t entries = (size_t)sets * ways;
    *array = (struct array){
        .number = allocate(entries * sizeof(uint64_t)),
        .used = allocate(entries * sizeof(uint64_t)),
        .set_mask = sets - 1,
        .ways = ways,
    };
    for (size_t i = 0; i < entries; i++)
        array->number[i] = UINT64_MAX;
}

static void array_free(struct array *array)
{
    free(array->number);
    free(array->used);
}

/* Looks a number up and fills it where it misses. */
static inline bool array_access(struct array *array, uint64_t number)
{
    const uint64_t first = (number & array->set_mask) * array->ways;
    uint64_t *const numbers = array->number + first;
    uint64_t *const used = array->used + first;
    uint32_t oldest = 0;
    array->clock++;
    for (uint32_t way = 0; way < array->ways; way++) {
        if (numbers[way] == number) {
            used[way] = array->clock;
            return true;
        }
        if (used[way] < used[oldest])
            oldest = way;
    }
    numbers[oldest] = number;
    used[oldest] = array->clock;
    return false;
}

static struct table *table_create(struct baseline *baseline)
{
    struct table *table = allocate(sizeof *table);
    table->frame = baseline->frames++;
    baseline->counts.tables++;
    return table;
}

static void table_free(struct table *table, unsigned level)
{
    if (table == NULL)
        return;
    for (unsigned i = 0; level > 0 && i < TABLE_ENTRIES; i++)
        table_free(table->child[i], level - 1);
    free(table);
}

static void read_entry(struct baseline *baseline, const struct table *table, uint64_t index)
{
    const uint64_t line = ((uint64_t)table->frame << PAGE_SHIFT | index * sizeof(uint64_t)) >> LINE_SHIFT;
    unsigned server = 0;
    while (server < CACHES && !array_access(&baseline->cache[server], line))
        server++;
    baseline->counts.served[server]++;
}

static inline void walk(struct baseline *baseline, uint64_t page, const bool caches)
{
    struct baseline_counts *const counts = &baseline->counts;
    /* From the deepest cache up. One that misses is filled at once: the walk is going to read the entry it lacks. */
    unsigned top = 0;
    while (top < BASELINE_WALK_CACHES && !array_access(&baseline->walk_cache[top], page >> TABLE_BITS * (top + 1)))
        top++;
    if (top < BASELINE_WALK_CACHES)
        counts->walk_cache_hits[top]++;
    counts->walk_refs += top + 1;

    struct table *table = baseline->root;
    for (unsigned level = LEVELS - 1;; level--) {
        const uint64_t index = page >> TABLE_BITS * level & (TABLE_ENTRIES - 1);
        if (caches && level <= top)
            read_entry(baseline, table, index);
        if (level == 0) {
            if (table->page[index] == 0) {
                table->page[index] = baseline->frames++;
                counts->pages++;
            }
            return;
        }
        if (table->child[index] == NULL)
            table->child[index] = table_create(baseline);
        table = table->child[index];
    }
}

static inline __attribute__((always_inline)) void run(struct baseline *baseline, const uint64_t *va, size_t count,
                                                      const enum baseline_mode mode)
{
    struct baseline_counts *const counts = &baseline->counts;
    for (size_t i = 0; i < count; i++) {
        const uint64_t page = va[i] >> PAGE_SHIFT;
        if (array_access(&baseline->l1, page))
            continue;
        counts->l1_misses++;
        if (array_access(&baseline->l2, page))
            continue;
        counts->l2_misses++;
        if (mode != BASELINE_TLBS)
            walk(baseline, page, mode == BASELINE_CACHES);
    }
}

struct baseline *baseline_create(enum baseline_mode mode)
{
    struct baseline *baseline = allocate(sizeof *baseline);
    baseline->mode = mode;
    array_init(&baseline->l1, 16, 4);
    array_init(&baseline->l2, 128, 12);
    if (mode >= BASELINE_WALKS) {
        array_init(&baseline->walk_cache[0], 8, 4);
        array_init(&baseline->walk_cache[1], 1, 4);
        array_init(&baseline->walk_cache[2], 1, 4);
        baseline->root = table_create(baseline);
    }
    if (mode >= BASELINE_CACHES) {
        array_init(&baseline->cache[0], (32 << 10) / 64 / 8, 8);
        array_init(&baseline->cache[1], (1 << 20) / 64 / 16, 16);
        array_init(&baseline->cache[2], (32 << 20) / 64 / 16, 16);
    }
    return baseline;
}

void baseline_free(struct baseline *baseline)
{
    if (baseline == NULL)
        return;
    array_free(&baseline->l1);
    array_free(&baseline->l2);
    for (unsigned i = 0; i < BASELINE_WALK_CACHES; i++)
        array_free(&baseline->walk_cache[i]);
    for (unsigned i = 0; i < CACHES; i++)
        array_free(&baseline->cache[i]);
    table_free(baseline->root, LEVELS - 1);
    free(baseline);
}

void baseline_run(struct baseline *baseline, const uint64_t *va, size_t count)
{
    switch (baseline->mode) {
    case BASELINE_TLBS:
        run(baseline, va, count, BASELINE_TLBS);
        break;
    case BASELINE_WALKS:
        run(baseline, va, count, BASELINE_WALKS);
        break;
    case BASELINE_CACHES:
        run(baseline, va, count, BASELINE_CACHES);
        break;
    }
}

void baseline_count(const struct baseline *baseline, struct baseline_counts *counts)
{
    *counts = baseline->counts;
}

uint64_t baseline_read(const uint64_t *va, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += va[i];
    return sum;
}
