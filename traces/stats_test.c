/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each statistic is computed once more, as its definition says, from a list of accesses; and that of streams which have
 * closed forms is compared with these.
 */
#include "traces/stats.h"

#include "model/random.h"
#include "traces/generate.h"
#include "traces/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS_MAX = 400, LOOKUPS_MAX = 2 * ITEMS_MAX, ROWS_MAX = 40000, PROCESSES = 3 };

struct item {
    enum access_kind kind;
    uint64_t va;
    uint64_t size_bytes;
    uint64_t pc;
    uint32_t process;
    bool exec;      /* its process has a new address space from this access on */
    uint64_t space; /* as the oracle numbers them */
};

static struct item items[ITEMS_MAX];
static size_t item_count;
static struct stats_spec spec;
static bool has_pc;
static struct block block;

/* ---- Rows as they should be ---- */

static struct stats_row expected[ROWS_MAX];
static size_t expected_count;

static void expect_row(enum statistic statistic, uint64_t size, uint64_t bucket, uint64_t count)
{
    assert_true(expected_count < ROWS_MAX);
    expected[expected_count++] =
        (struct stats_row){.statistic = statistic, .page_size_bytes = size, .bucket = bucket, .count = count};
}

static void expect_real(enum statistic statistic, uint64_t size, uint64_t bucket, double real)
{
    expect_row(statistic, size, bucket, 0);
    expected[expected_count - 1].is_real = true;
    expected[expected_count - 1].real = real;
}

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* A row for each value that there is. */
static void expect_histogram(enum statistic statistic, uint64_t size, uint64_t *value, size_t count)
{
    qsort(value, count, sizeof *value, ascending);
    for (size_t i = 0, from = 0; i < count; i++)
        if (i + 1 == count || value[i + 1] != value[i]) {
            expect_row(statistic, size, value[i], i + 1 - from);
            from = i + 1;
        }
}

/* The same, of powers of two and 0, with those between that there are none of. */
static void expect_buckets(enum statistic statistic, uint64_t size, uint64_t *value, size_t count)
{
    qsort(value, count, sizeof *value, ascending);
    size_t at = 0;
    for (uint64_t bucket = count > 0 ? value[0] : 1; at < count; bucket = bucket == 0 ? 1 : 2 * bucket) {
        const size_t from = at;
        while (at < count && value[at] == bucket)
            at++;
        expect_row(statistic, size, bucket, at - from);
    }
}

static uint64_t power_below(uint64_t value)
{
    uint64_t power = 1;
    while (value > 0 && power <= value / 2)
        power *= 2;
    return value == 0 ? 0 : power;
}

static bool is_wanted(const struct item *item)
{
    return (spec.kinds & (item->kind == ACCESS_FETCH ? KINDS_INSTRUCTIONS : KINDS_DATA)) != 0;
}

static bool is_data(const struct item *item)
{
    return item->kind != ACCESS_FETCH && is_wanted(item);
}

static uint64_t count_kind(enum access_kind kind)
{
    uint64_t count = 0;
    for (size_t i = 0; i < item_count; i++)
        count += items[i].kind == kind;
    return count;
}

static uint64_t values[ITEMS_MAX + LOOKUPS_MAX];

static void expect_sizes(enum statistic statistic, bool fetches)
{
    size_t count = 0;
    for (size_t i = 0; i < item_count; i++)
        if (is_wanted(&items[i]) && (items[i].kind == ACCESS_FETCH) == fetches)
            values[count++] = items[i].size_bytes;
    expect_histogram(statistic, 0, values, count);
}

/* What came before in the same space, of the same pc where that counts; another space must not stand between where it does
 * not. */
static void expect_strides(enum statistic statistic, bool forward, bool by_pc)
{
    size_t count = 0;
    for (size_t i = 0; i < item_count; i++) {
        if (!is_data(&items[i]))
            continue;
        for (size_t k = i; k-- > 0;) {
            if (!by_pc && items[k].space != items[i].space)
                break;
            if (items[k].space != items[i].space || !is_data(&items[k]) || (by_pc && items[k].pc != items[i].pc))
                continue;
            const int64_t stride = (int64_t)(items[i].va - items[k].va);
            if ((stride >= 0) == forward)
                values[count++] = power_below(forward ? (uint64_t)stride : 0 - (uint64_t)stride);
            break;
        }
    }
    for (size_t i = 0; i < count; i++)
        if (values[i] == UINT64_C(1) << 63)
            values[i] = UINT64_C(1) << 62;
    expect_buckets(statistic, 0, values, count);
}

static void expect_of_trace(enum statistic statistic)
{
    const uint64_t fetches = count_kind(ACCESS_FETCH);
    size_t count = 0;
    if (statistic == STATISTIC_instructions)
        expect_row(statistic, 0, 0, fetches);
    if (statistic == STATISTIC_loads)
        expect_row(statistic, 0, 0, count_kind(ACCESS_LOAD));
    if (statistic == STATISTIC_stores)
        expect_row(statistic, 0, 0, count_kind(ACCESS_STORE));
    if (statistic == STATISTIC_modifies)
        expect_row(statistic, 0, 0, count_kind(ACCESS_MODIFY));
    if (statistic == STATISTIC_instructions_per_data_access)
        expect_real(statistic, 0, 0, fetches == item_count ? NAN : (double)fetches / (double)(item_count - fetches));
    if (statistic == STATISTIC_fetch_sizes || statistic == STATISTIC_data_sizes)
        expect_sizes(statistic, statistic == STATISTIC_fetch_sizes);
    if (statistic == STATISTIC_forward_strides || statistic == STATISTIC_backward_strides)
        expect_strides(statistic, statistic == STATISTIC_forward_strides, false);
    if (has_pc && (statistic == STATISTIC_pc_forward_strides || statistic == STATISTIC_pc_backward_strides))
        expect_strides(statistic, statistic == STATISTIC_pc_forward_strides, true);
    uint64_t accesses = 0;
    uint64_t misaligned = 0;
    uint64_t crossings = 0;
    for (size_t i = 0; i < item_count; i++) {
        const struct item *item = &items[i];
        accesses += is_wanted(item);
        crossings += is_wanted(item) && item->va / 64 != (item->va + item->size_bytes - 1) / 64;
        if (!is_data(item))
            continue;
        uint64_t alignment = 4096;
        while (item->va % alignment != 0)
            alignment /= 2;
        values[count++] = alignment;
        misaligned += power_below(item->size_bytes) == item->size_bytes && item->va % item->size_bytes != 0;
    }
    if (statistic == STATISTIC_alignments)
        expect_histogram(statistic, 0, values, count);
    if (statistic == STATISTIC_accesses)
        expect_row(statistic, 0, 0, accesses);
    if (statistic == STATISTIC_misaligned)
        expect_row(statistic, 0, 0, misaligned);
    if (statistic == STATISTIC_line_crossings)
        expect_row(statistic, 0, 0, crossings);
}

/* Lookups of pages of one size, in order; places are numbered, so that a set of them is an array. */
struct lookup {
    uint64_t time;
    uint64_t page;
    uint64_t space;
    size_t place;
    uint64_t window;
};

static struct lookup lookup[LOOKUPS_MAX];
static size_t lookup_count;
static size_t place_count;
static uint64_t access_count;
static uint64_t window_count;

static void add_lookup(uint64_t page, uint64_t space, uint64_t window)
{
    struct lookup *one = &lookup[lookup_count];
    *one = (struct lookup){.time = access_count, .page = page, .space = space, .window = window, .place = place_count};
    for (size_t i = 0; i < lookup_count; i++)
        if (lookup[i].page == page && lookup[i].space == space)
            one->place = lookup[i].place;
    place_count += one->place == place_count;
    lookup_count++;
}

static void find_lookups(uint64_t size)
{
    uint64_t fetches = 0;
    lookup_count = place_count = access_count = window_count = 0;
    for (size_t i = 0; i < item_count; i++) {
        const struct item *item = &items[i];
        fetches += item->kind == ACCESS_FETCH;
        access_count += is_wanted(item);
        const uint64_t clock = spec.unit == STATS_INSTRUCTIONS ? fetches : access_count;
        const uint64_t window = clock == 0 ? 0 : (clock - 1) / spec.window;
        window_count = window + 1;
        if (!is_wanted(item))
            continue;
        const uint64_t last = item->va + item->size_bytes - 1;
        add_lookup(item->va / size, item->space, window);
        if (last / size != item->va / size)
            add_lookup(last / size, item->space, window);
    }
    if (access_count == 0)
        window_count = 0;
}

/* Distinct pages of the lookups `from` up to `to` that `in` says yes to. */
static uint64_t count_places(size_t from, size_t to)
{
    static bool seen[LOOKUPS_MAX];
    uint64_t count = 0;
    memset(seen, 0, sizeof seen);
    for (size_t i = from; i < to; i++) {
        count += !seen[lookup[i].place];
        seen[lookup[i].place] = true;
    }
    return count;
}

static void expect_reuse(enum statistic statistic, uint64_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < lookup_count; i++)
        for (size_t k = i; k-- > 0;)
            if (lookup[k].place == lookup[i].place) {
                values[count++] = power_below(statistic == STATISTIC_lru_depths ? count_places(k + 1, i)
                                                                                : lookup[i].time - lookup[k].time);
                break;
            }
    expect_buckets(statistic, size, values, count);
}

static void expect_windows(enum statistic statistic, uint64_t size)
{
    const uint64_t most = spec.unit == STATS_INSTRUCTIONS ? count_kind(ACCESS_FETCH) : access_count;
    size_t from = 0;
    size_t to = 0;
    for (uint64_t window = 0; window < window_count; window++) {
        const uint64_t end = (window + 1) * spec.window;
        while (to < lookup_count && lookup[to].window == window)
            to++;
        expect_row(statistic, size, end < most ? end : most,
                   count_places(statistic == STATISTIC_footprint ? 0 : from, to));
        from = to;
    }
}

static void expect_mean_working_set(uint64_t size)
{
    for (uint64_t window = 1; window <= access_count; window *= 2) {
        uint64_t sum = 0;
        size_t from = 0;
        size_t to = 0;
        for (uint64_t time = 1; time <= access_count; time++) {
            while (to < lookup_count && lookup[to].time <= time)
                to++;
            while (lookup[from].time + window <= time)
                from++;
            sum += count_places(from, to);
        }
        expect_real(STATISTIC_mean_working_set, size, window, (double)sum / (double)access_count);
    }
}

static uint64_t lines_of(uint64_t size, size_t place)
{
    static uint64_t line[ITEMS_MAX * (ACCESS_SIZE_MAX / 64 + 1)];
    size_t count = 0;
    uint64_t page = 0;
    uint64_t space = 0;
    for (size_t i = 0; i < lookup_count; i++)
        if (lookup[i].place == place) {
            page = lookup[i].page;
            space = lookup[i].space;
        }
    for (size_t i = 0; i < item_count; i++) {
        if (!is_wanted(&items[i]) || items[i].space != space)
            continue;
        const uint64_t last = (items[i].va + items[i].size_bytes - 1) / 64;
        for (uint64_t at = items[i].va / 64; at <= last; at++)
            if (at / (size / 64) == page)
                line[count++] = at;
    }
    qsort(line, count, sizeof *line, ascending);
    uint64_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        distinct += i == 0 || line[i] != line[i - 1];
    return distinct;
}

static void expect_page_use(enum statistic statistic, uint64_t size)
{
    uint64_t lookups[LOOKUPS_MAX] = {0};
    for (size_t i = 0; i < lookup_count; i++)
        lookups[lookup[i].place]++;
    if (statistic == STATISTIC_hot_pages) {
        static const uint64_t percents[] = {50, 90, 99};
        qsort(lookups, place_count, sizeof *lookups, ascending);
        for (size_t i = 0; place_count > 0 && i < 3; i++) {
            uint64_t taken = 0;
            uint64_t pages = 0;
            while (100 * taken < percents[i] * lookup_count)
                taken += lookups[place_count - ++pages];
            expect_row(statistic, size, percents[i], pages);
        }
        return;
    }
    for (size_t i = 0; i < place_count; i++)
        values[i] = power_below(statistic == STATISTIC_page_lines ? lines_of(size, i) : lookups[i]);
    expect_buckets(statistic, size, values, place_count);
}

static void expect_of_size(enum statistic statistic, uint64_t size)
{
    find_lookups(size);
    if (statistic == STATISTIC_pages)
        expect_row(statistic, size, 0, place_count);
    if (statistic == STATISTIC_lookups)
        expect_row(statistic, size, 0, lookup_count);
    if (statistic == STATISTIC_page_crossings)
        expect_row(statistic, size, 0, lookup_count - access_count);
    if (statistic == STATISTIC_hot_pages || statistic == STATISTIC_page_lookups || statistic == STATISTIC_page_lines)
        expect_page_use(statistic, size);
    if (statistic == STATISTIC_reuse_times || statistic == STATISTIC_lru_depths)
        expect_reuse(statistic, size);
    if (statistic == STATISTIC_working_set || statistic == STATISTIC_footprint)
        expect_windows(statistic, size);
    if (statistic == STATISTIC_mean_working_set)
        expect_mean_working_set(size);
}

static void expect_lines(void)
{
    uint64_t lines = 0;
    find_lookups(4096);
    for (size_t i = 0; i < place_count; i++)
        lines += lines_of(4096, i);
    expect_row(STATISTIC_lines, 0, 0, lines);
}

static void expect_all(void)
{
    expected_count = 0;
    for (enum statistic statistic = 0; statistic < STATISTICS; statistic++) {
        if (statistic == STATISTIC_lines)
            expect_lines();
        expect_of_trace(statistic);
        for (size_t i = 0; i < spec.page_sizes; i++)
            expect_of_size(statistic, spec.page_size_bytes[i]);
    }
}

/* ---- Rows as they are ---- */

/* The items in blocks of at most `most`. */
static struct stats *count_items(uint32_t most)
{
    static uint64_t pc[BLOCK_ACCESSES];
    static struct event event[2 * BLOCK_ACCESSES];
    struct stats *stats = stats_create(&spec);
    assert_non_null(stats);
    uint32_t process = 1;
    for (size_t at = 0; at < item_count;) {
        struct extras extras = {.event = event, .pc = has_pc ? pc : NULL};
        for (block.count = 0; block.count < most && at < item_count; at++) {
            const struct item *item = &items[at];
            if (item->process != process)
                event[extras.event_count++] =
                    (struct event){.kind = EVENT_PROCESS, .position = block.count, .id = item->process};
            if (item->exec)
                event[extras.event_count++] = (struct event){.kind = EVENT_EXEC, .position = block.count};
            process = item->process;
            block.va[block.count] = item->va;
            block.meta[block.count] = access_meta(item->kind, (uint32_t)item->size_bytes);
            pc[block.count++] = item->pc;
        }
        block_summarise(&block);
        assert_true(stats_block(stats, &block, extras.event_count > 0 || has_pc ? &extras : NULL));
    }
    return stats;
}

static void expect_as_defined(uint32_t most)
{
    struct stats *stats = count_items(most);
    size_t count;
    const struct stats_row *row = stats_end(stats, &count);
    assert_non_null(row);
    expect_all();
    assert_int_equal(stats_instructions(stats), count_kind(ACCESS_FETCH));
    for (size_t i = 0; i < count && i < expected_count; i++) {
        const struct stats_row *a = &expected[i];
        const struct stats_row *b = &row[i];
        const bool same_real = (isnan(a->real) && isnan(b->real)) || fabs(a->real - b->real) <= 1e-9 * fabs(a->real);
        if (a->statistic != b->statistic || a->page_size_bytes != b->page_size_bytes || a->bucket != b->bucket ||
            a->is_real != b->is_real || a->count != b->count || !same_real)
            fail_msg("%s, %" PRIu64 ", %" PRIu64 ": %" PRIu64 " %g where %s, %" PRIu64 ", %" PRIu64 ": %" PRIu64
                     " %g was expected",
                     statistic_infos[b->statistic].name, b->page_size_bytes, b->bucket, b->count, b->real,
                     statistic_infos[a->statistic].name, a->page_size_bytes, a->bucket, a->count, a->real);
    }
    assert_int_equal(count, expected_count);
    stats_free(stats);
}

/* ---- Random traces ---- */

static void draw_items(uint64_t *random, unsigned pages)
{
    static const uint64_t bases[] = {0, 0x400000, 0x7fffffe00000, UINT64_C(0xffff800000000000), UINT64_MAX - 0x1fffff};
    static const uint64_t sizes[] = {1, 2, 4, 8, 8, 16, 3, 64, 100, 4096};
    const unsigned switches = random_below(random, 3) == 0 ? 20 : 0;
    uint64_t space_of[PROCESSES + 1] = {0};
    uint64_t spaces = 0;
    uint32_t process = 1;
    for (size_t i = 0; i < item_count; i++) {
        struct item *item = &items[i];
        const uint64_t base = bases[random_below(random, 5)];
        const uint64_t offset = (uint64_t)random_below(random, pages) << (random_below(random, 8) == 0 ? 14 : 12);
        *item = (struct item){
            .kind = (enum access_kind)random_below(random, 4),
            .size_bytes = sizes[random_below(random, random_below(random, 4) == 0 ? 10 : 6)],
            .pc = random_below(random, 12),
        };
        item->va = base + (offset & 0x1fffff) + random_below(random, 4096);
        if (i > 0 && random_below(random, 3) == 0)
            item->va = items[i - 1].va + 8 * random_below(random, 10);
        if (item->va > UINT64_MAX - item->size_bytes + 1)
            item->va = UINT64_MAX - item->size_bytes + 1;
        if (switches > 0 && random_below(random, switches) == 0)
            process = 1 + random_below(random, PROCESSES);
        item->process = process;
        item->exec = switches > 0 && random_below(random, 3 * switches) == 0;
        if (space_of[process] == 0 || item->exec)
            space_of[process] = ++spaces;
        item->space = space_of[process];
    }
}

static void draw_spec(uint64_t *random)
{
    static const uint64_t sizes[] = {4096, 16384, 65536, 1 << 21, 1 << 30, UINT64_C(1) << 48};
    spec = (struct stats_spec){
        .kinds = random_below(random, 2) == 0 ? KINDS_ALL : (enum kinds)(1 + random_below(random, 2)),
        .window = 1 + random_below(random, random_below(random, 2) == 0 ? 20 : 500),
        .unit = random_below(random, 2) == 0 ? STATS_ACCESSES : STATS_INSTRUCTIONS,
    };
    const uint32_t first = random_below(random, 6);
    for (uint32_t i = 0; i < 1 + random_below(random, 3); i++)
        spec.page_size_bytes[spec.page_sizes++] = sizes[(first + 5 * i) % 6];
}

static void statistics_are_what_their_definitions_say(void **state)
{
    (void)state;
    static const unsigned pages[] = {1, 4, 7, 8, 12, 100};
    uint64_t random = 3;
    for (unsigned trial = 0; trial < 150; trial++) {
        draw_spec(&random);
        item_count = 1 + random_below(&random, trial % 10 == 0 ? ITEMS_MAX : 150);
        has_pc = random_below(&random, 2) == 0;
        draw_items(&random, pages[trial % 6]);
        expect_as_defined(trial % 3 == 0 ? 1 + random_below(&random, 30) : BLOCK_ACCESSES);
    }
}

static void nothing_to_look_at_has_no_buckets(void **state)
{
    (void)state;
    uint64_t random = 4;
    item_count = 50;
    has_pc = true;
    draw_items(&random, 10);
    for (size_t i = 0; i < item_count; i++)
        items[i].kind = ACCESS_FETCH;
    spec = (struct stats_spec){.kinds = KINDS_DATA, .page_size_bytes = {4096}, .page_sizes = 1, .window = 10};
    expect_as_defined(BLOCK_ACCESSES);
    spec.kinds = KINDS_INSTRUCTIONS;
    expect_as_defined(BLOCK_ACCESSES);
}

/* A stride wraps; the longest is 2^63 bytes, whose bucket would be no number of JSON. */
static void the_longest_stride_is_in_the_last_bucket(void **state)
{
    (void)state;
    item_count = 4;
    has_pc = true;
    for (size_t i = 0; i < item_count; i++)
        items[i] = (struct item){
            .kind = ACCESS_LOAD, .va = i % 2 * (UINT64_C(1) << 63), .size_bytes = 8, .process = 1, .space = 1};
    spec = (struct stats_spec){.kinds = KINDS_ALL, .page_size_bytes = {4096}, .page_sizes = 1, .window = 10};
    expect_as_defined(BLOCK_ACCESSES);
}

/* ---- Closed forms ---- */

enum { PAGES = 256, LAPS = 50 };

struct counted {
    struct stats *stats;
    const struct stats_row *row;
    size_t count;
};

static struct counted count_generated(const char *kind, uint64_t accesses, uint64_t stride_bytes)
{
    struct err err;
    struct generate_options options = generate_defaults;
    options.kind = generator_find(kind, &err);
    options.accesses = accesses;
    options.pages = PAGES;
    options.stride_bytes = stride_bytes;
    struct generate *generate;
    if (!generate_open(&options, &generate, &err))
        fail_msg("%s", err.text);
    spec = (struct stats_spec){
        .kinds = KINDS_ALL, .page_size_bytes = {4096, 65536}, .page_sizes = 2, .window = accesses / LAPS};
    struct stats *stats = stats_create(&spec);
    assert_non_null(stats);
    do {
        generate_next(generate, &block);
        block_summarise(&block);
        assert_true(stats_block(stats, &block, NULL));
    } while (block.count > 0);
    generate_close(generate);
    struct counted counted = {.stats = stats};
    counted.row = stats_end(stats, &counted.count);
    assert_non_null(counted.row);
    return counted;
}

/* 0 where there is no such row. */
static struct stats_row row_of(const struct counted *counted, enum statistic statistic, uint64_t size, uint64_t bucket)
{
    for (size_t i = 0; i < counted->count; i++) {
        const struct stats_row *row = &counted->row[i];
        if (row->statistic == statistic && row->page_size_bytes == size && row->bucket == bucket)
            return *row;
    }
    return (struct stats_row){.count = 0};
}

static uint64_t count_of(const struct counted *counted, enum statistic statistic, uint64_t size, uint64_t bucket)
{
    return row_of(counted, statistic, size, bucket).count;
}

/* Each page but the first of a lap is found as deep as all others; 512 accesses of 8 bytes to the page. */
static void a_loop_reuses_at_its_length(void **state)
{
    (void)state;
    const uint64_t lap = PAGES * 512;
    const struct counted counted = count_generated("sequential", LAPS * lap, 4096);
    assert_int_equal(count_of(&counted, STATISTIC_forward_strides, 0, 8), LAPS * lap - LAPS);
    assert_int_equal(count_of(&counted, STATISTIC_backward_strides, 0, PAGES * 4096 / 2), LAPS - 1);
    assert_int_equal(count_of(&counted, STATISTIC_lru_depths, 4096, PAGES / 2), (LAPS - 1) * PAGES);
    assert_int_equal(count_of(&counted, STATISTIC_lru_depths, 4096, 0), LAPS * (lap - PAGES));
    assert_int_equal(count_of(&counted, STATISTIC_reuse_times, 4096, lap / 2), (LAPS - 1) * PAGES);
    assert_int_equal(count_of(&counted, STATISTIC_page_lines, 4096, 64), PAGES);
    assert_int_equal(count_of(&counted, STATISTIC_page_lines, 65536, 1024), PAGES / 16);
    assert_int_equal(count_of(&counted, STATISTIC_hot_pages, 4096, 50), PAGES / 2);
    for (uint64_t i = 1; i <= LAPS; i++) {
        assert_int_equal(count_of(&counted, STATISTIC_working_set, 4096, i * lap), PAGES);
        assert_int_equal(count_of(&counted, STATISTIC_footprint, 65536, i * lap), PAGES / 16);
    }
    stats_free(counted.stats);
}

static void expect_near(double found, double expected_value, double tolerance)
{
    if (!(fabs(found - expected_value) <= tolerance * expected_value))
        fail_msg("%g where %g was expected", found, expected_value);
}

/* Of P pages drawn evenly, each depth is as likely, a page comes again after t accesses with probability
 * (1 - 1/P)^(t-1) / P, and T accesses meet P (1 - (1 - 1/P)^T) pages. A million draws: a bucket of a hundredth has an error
 * of one in a hundred. */
static void even_draws_have_no_favourite(void **state)
{
    (void)state;
    const uint64_t accesses = 1000000;
    const struct counted counted = count_generated("uniform", accesses, 4096);
    const double kept = 1 - 1.0 / PAGES;
    for (uint64_t depth = 1; depth <= PAGES / 2; depth *= 2)
        expect_near((double)count_of(&counted, STATISTIC_lru_depths, 4096, depth), (double)(accesses * depth) / PAGES,
                    0.05);
    for (uint64_t time = 1; time <= 2 * PAGES; time *= 2)
        expect_near((double)count_of(&counted, STATISTIC_reuse_times, 4096, time),
                    (double)accesses * (pow(kept, (double)time - 1) - pow(kept, 2 * (double)time - 1)), 0.05);
    for (uint64_t window = 1; window <= 8 * PAGES; window *= 2)
        expect_near(row_of(&counted, STATISTIC_mean_working_set, 4096, window).real,
                    PAGES * (1 - pow(kept, (double)window)), 0.01);
    stats_free(counted.stats);
}

/* A chase meets every line once a lap: no stride is 0, and the next lap finds a line's page as it is left. */
static void a_chase_meets_every_line(void **state)
{
    (void)state;
    const uint64_t lap = PAGES * 64;
    const struct counted counted = count_generated("chase", LAPS * lap, 4096);
    assert_int_equal(count_of(&counted, STATISTIC_lines, 0, 0), lap);
    assert_int_equal(count_of(&counted, STATISTIC_page_lines, 4096, 64), PAGES);
    assert_int_equal(count_of(&counted, STATISTIC_page_lookups, 4096, 2048), PAGES); /* 64 a lap, 3200 */
    assert_int_equal(count_of(&counted, STATISTIC_footprint, 4096, lap), PAGES);
    assert_int_equal(count_of(&counted, STATISTIC_forward_strides, 0, 0), 0);
    uint64_t strides = 0;
    for (uint64_t size = 64; size < 4096 * PAGES; size *= 2)
        strides += count_of(&counted, STATISTIC_forward_strides, 0, size) +
                   count_of(&counted, STATISTIC_backward_strides, 0, size);
    assert_int_equal(strides, LAPS * lap - 1);
    stats_free(counted.stats);
}

/* ---- A real trace ---- */

static struct counted count_trace(const char *path)
{
    struct err err;
    struct reader *reader = reader_open(path, NULL, &err);
    assert_non_null(reader);
    spec = (struct stats_spec){.kinds = KINDS_DATA, .page_size_bytes = {4096}, .page_sizes = 1, .window = 100000};
    struct counted counted = {.stats = stats_create(&spec)};
    assert_non_null(counted.stats);
    do {
        if (!reader_next(reader, &block, &err))
            fail_msg("%s", err.text);
        assert_true(stats_block(counted.stats, &block, reader_extras(reader)));
    } while (block.count > 0);
    reader_close(reader);
    counted.row = stats_end(counted.stats, &counted.count);
    assert_non_null(counted.row);
    return counted;
}

/* What fully associative arrays of 16, 64 and 1024 entries miss, as independent programs count it, where the reference data
 * stands beside the project. */
static void depths_are_the_misses_of_arrays(void **state)
{
    (void)state;
    FILE *file = fopen("../shared/traces/expected.csv", "r");
    if (file == NULL)
        skip();
    const struct counted counted = count_trace("../shared/traces/ls.trace.zst");
    char line[256];
    unsigned compared = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        uint64_t entries;
        uint64_t crossings;
        uint64_t lookups;
        uint64_t misses;
        if (sscanf(line, "ls,fa%*[^,],4096,%" SCNu64 ",%*u,%*u,%*u,%" SCNu64 ",%" SCNu64 ",%" SCNu64, &entries,
                   &crossings, &lookups, &misses) != 4)
            continue;
        uint64_t deep = count_of(&counted, STATISTIC_pages, 4096, 0);
        for (uint64_t depth = entries; depth < UINT64_C(1) << 40; depth *= 2)
            deep += count_of(&counted, STATISTIC_lru_depths, 4096, depth);
        assert_int_equal(deep, misses);
        assert_int_equal(count_of(&counted, STATISTIC_page_crossings, 4096, 0), crossings);
        assert_int_equal(count_of(&counted, STATISTIC_lookups, 4096, 0), lookups);
        compared++;
    }
    assert_int_equal(compared, 3);
    stats_free(counted.stats);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics_are_what_their_definitions_say),
        cmocka_unit_test(nothing_to_look_at_has_no_buckets),
        cmocka_unit_test(the_longest_stride_is_in_the_last_bucket),
        cmocka_unit_test(a_loop_reuses_at_its_length),
        cmocka_unit_test(even_draws_have_no_favourite),
        cmocka_unit_test(a_chase_meets_every_line),
        cmocka_unit_test(depths_are_the_misses_of_arrays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
