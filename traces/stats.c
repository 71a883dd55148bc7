/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A block is cut where a window ends and where another address space goes on. Of each piece the accesses become runs of one
 * page of 4K, with their lines; from these the runs of larger pages are made, as many as are left.
 */
#include "traces/stats.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "traces/array.h"
#include "traces/numbering.h"
#include "traces/pages.h"

enum {
    BASE_SHIFT = 12, /* pages that a word has a bit for each line of */
    LINE_SHIFT = 6,
    METAS = 4 << ACCESS_KIND_SHIFT,
    ALIGNMENTS = 13,     /* 1 to 4096 */
    STRIDE_BUCKETS = 64, /* the last one takes all from 2^62 up: buckets are below 2^63, as JSON's integers are */
    RUNS_MAX = 2 * BLOCK_ACCESSES,
};

const struct statistic_info statistic_infos[STATISTICS] = {
#define STATISTIC(name, bucket, unit, help) {#name, bucket, unit, help},
#include "traces/statistics.def"
#undef STATISTIC
};

/* By sign and size. */
struct strides {
    uint64_t forward[STRIDE_BUCKETS];
    uint64_t backward[STRIDE_BUCKETS];
};

/* Of each page size, at the end of a window. */
struct window {
    uint64_t pages;
    uint64_t footprint;
};

struct stats {
    struct stats_spec spec;
    struct pages pages[STATS_PAGE_SIZES_MAX + 1]; /* by size; the first are of 4K, whether they are asked for or not */
    unsigned shift[STATS_PAGE_SIZES_MAX + 1];
    size_t sizes;
    uint64_t accesses; /* that are looked at */
    uint64_t kind[4];  /* of all */
    uint64_t instructions;
    uint64_t of_meta[METAS];
    uint64_t alignments[ALIGNMENTS];
    uint64_t misaligned;
    uint64_t line_crossings;

    struct strides strides;
    struct strides pc_strides;
    uint64_t last_data;   /* address of the data access before, */
    bool has_last_data;   /* where there is one */
    struct numbering pcs; /* of pc and space */
    uint64_t *pc_last;    /* the address of its last data access */
    uint64_t pc_room;

    struct numbering processes;
    uint64_t *space_of; /* of each process, by dense number */
    uint64_t space_room;
    uint64_t spaces; /* so many were begun */
    uint64_t process;
    uint64_t space;

    uint64_t window_used;  /* of its accesses or instructions */
    uint64_t *window_end;  /* of the windows that have ended */
    struct window *window; /* of each, by size */
    uint64_t windows;
    uint64_t window_room;

    struct pages_run run[RUNS_MAX];
    struct stats_row *row;
    uint64_t rows;
    uint64_t row_room;
    bool out_of_memory; /* for a row */
};

static int by_shift(const void *a, const void *b)
{
    return (int)*(const unsigned *)a - (int)*(const unsigned *)b;
}

struct stats *stats_create(const struct stats_spec *spec)
{
    assert(spec->window > 0 && spec->page_sizes <= STATS_PAGE_SIZES_MAX);
    struct stats *stats = calloc(1, sizeof *stats);
    if (stats == NULL)
        return NULL;
    stats->spec = *spec;
    stats->process = 1;
    stats->shift[stats->sizes++] = BASE_SHIFT;
    for (size_t i = 0; i < spec->page_sizes; i++) {
        const unsigned shift = (unsigned)__builtin_ctzll(spec->page_size_bytes[i]);
        assert(shift >= BASE_SHIFT && spec->page_size_bytes[i] >> shift == 1);
        if (shift > BASE_SHIFT)
            stats->shift[stats->sizes++] = shift;
    }
    qsort(stats->shift, stats->sizes, sizeof *stats->shift, by_shift);
    bool good = true;
    for (size_t i = 0; good && i < stats->sizes; i++)
        good = pages_create(&stats->pages[i]);
    if (good)
        return stats;
    stats_free(stats);
    return NULL;
}

void stats_free(struct stats *stats)
{
    if (stats == NULL)
        return;
    for (size_t i = 0; i < stats->sizes; i++)
        pages_free(&stats->pages[i]);
    numbering_free(&stats->pcs);
    numbering_free(&stats->processes);
    free(stats->pc_last);
    free(stats->space_of);
    free(stats->window_end);
    free(stats->window);
    free(stats->row);
    free(stats);
}

/* ---- Address spaces ---- */

/* The process goes on in its address space, or in a new one. */
static bool enter_space(struct stats *stats, bool new)
{
    uint64_t index;
    if (!numbering_find(&stats->processes, (struct numbering_key){.number = stats->process}, &index))
        return false;
    uint64_t *space_of = array_grow(stats->space_of, &stats->space_room, index, sizeof *space_of);
    if (space_of == NULL)
        return false;
    stats->space_of = space_of;
    if (stats->space_of[index] == 0 || new)
        stats->space_of[index] = ++stats->spaces;
    if (stats->space != stats->space_of[index])
        stats->has_last_data = false;
    stats->space = stats->space_of[index];
    return true;
}

static bool take_event(struct stats *stats, const struct event *event)
{
    if (event->kind == EVENT_PROCESS)
        stats->process = event->id;
    return (event->kind != EVENT_PROCESS && event->kind != EVENT_EXEC) || enter_space(stats, event->kind == EVENT_EXEC);
}

/* ---- Data accesses ---- */

static inline void count_stride(struct strides *strides, uint64_t from, uint64_t to)
{
    const bool forward = (int64_t)(to - from) >= 0;
    const unsigned bucket = pages_bucket(forward ? to - from : from - to);
    (forward ? strides->forward : strides->backward)[bucket < STRIDE_BUCKETS ? bucket : STRIDE_BUCKETS - 1]++;
}

static bool add_pc(struct stats *stats, uint64_t pc, uint64_t va)
{
    uint64_t index;
    const uint64_t known = stats->pcs.count;
    uint64_t *last = array_grow(stats->pc_last, &stats->pc_room, known, sizeof *last);
    if (last == NULL)
        return false;
    stats->pc_last = last;
    if (!numbering_find(&stats->pcs, (struct numbering_key){pc, stats->space}, &index))
        return false;
    if (index < known)
        count_stride(&stats->pc_strides, last[index], va);
    last[index] = va;
    return true;
}

static inline void add_data(struct stats *stats, uint64_t va, uint64_t size_bytes)
{
    if (stats->has_last_data)
        count_stride(&stats->strides, stats->last_data, va);
    stats->has_last_data = true;
    stats->last_data = va;
    stats->alignments[__builtin_ctzll(va | ACCESS_SIZE_MAX)]++;
    stats->misaligned += (size_bytes & (size_bytes - 1)) == 0 && (va & (size_bytes - 1)) != 0;
}

/* ---- Runs ---- */

/* The lines `first` to `last` of a page, a bit each. */
static inline uint64_t line_bits(uint64_t first, uint64_t last)
{
    return UINT64_MAX << first & UINT64_MAX >> (63 - last);
}

static inline size_t add_to_run(struct pages_run *run, size_t count, const struct pages_run *one)
{
    if (count > 0 && run[count - 1].page == one->page) {
        run[count - 1].last = one->last;
        run[count - 1].lines |= one->lines;
        return count;
    }
    run[count] = *one;
    return count + 1;
}

/* The runs of 4K pages of these accesses, and all else that is counted of each. */
static size_t find_runs(struct stats *stats, const struct block *block, uint32_t from, uint32_t to)
{
    enum { LAST_LINE = (1 << (BASE_SHIFT - LINE_SHIFT)) - 1 };
    size_t count = 0;
    for (uint32_t i = from; i < to; i++) {
        const uint16_t meta = block->meta[i];
        const bool fetch = access_is_fetch(meta);
        if ((stats->spec.kinds & (fetch ? KINDS_INSTRUCTIONS : KINDS_DATA)) == 0)
            continue;
        const uint64_t time = ++stats->accesses;
        const uint64_t va = block->va[i];
        const uint64_t last = va + access_size_bytes(meta) - 1;
        const uint64_t line = va >> LINE_SHIFT;
        const uint64_t last_line = last >> LINE_SHIFT;
        stats->of_meta[meta]++;
        stats->line_crossings += line != last_line;
        if (!fetch)
            add_data(stats, va, access_size_bytes(meta));
        struct pages_run run = {va >> BASE_SHIFT, time, time, line_bits(line & LAST_LINE, last_line & LAST_LINE)};
        const uint64_t second = last >> BASE_SHIFT;
        const bool crosses = second != run.page;
        if (crosses)
            run.lines = line_bits(line & LAST_LINE, LAST_LINE);
        count = add_to_run(stats->run, count, &run);
        if (!crosses)
            continue;
        run = (struct pages_run){second, time, time, line_bits(0, last_line & LAST_LINE)};
        count = add_to_run(stats->run, count, &run);
    }
    return count;
}

/* Makes runs of pages 2^bits times as large. */
static size_t coarsen(struct pages_run *run, size_t count, unsigned bits)
{
    size_t coarse = 0;
    for (size_t i = 0; i < count; i++) {
        const struct pages_run one = {run[i].page >> bits, run[i].first, run[i].last, 0};
        coarse = add_to_run(run, coarse, &one);
    }
    return coarse;
}

static bool add_piece(struct stats *stats, const struct block *block, const struct extras *extras, uint32_t from,
                      uint32_t to)
{
    size_t count = find_runs(stats, block, from, to);
    for (size_t i = 0; i < stats->sizes; i++) {
        if (i > 0)
            count = coarsen(stats->run, count, stats->shift[i] - stats->shift[i - 1]);
        if (!pages_add(&stats->pages[i], stats->run, count, stats->space))
            return false;
    }
    if (extras == NULL || extras->pc == NULL || (stats->spec.kinds & KINDS_DATA) == 0)
        return true;
    for (uint32_t i = from; i < to; i++)
        if (!access_is_fetch(block->meta[i]) && !add_pc(stats, extras->pc[i], block->va[i]))
            return false;
    return true;
}

/* ---- Windows ---- */

static bool end_window(struct stats *stats)
{
    uint64_t room = stats->window_room; /* of both */
    uint64_t *end = array_grow(stats->window_end, &room, stats->windows, sizeof *end);
    if (end == NULL)
        return false;
    stats->window_end = end;
    struct window *window =
        array_grow(stats->window, &stats->window_room, stats->windows, stats->sizes * sizeof *window);
    if (window == NULL)
        return false;
    stats->window = window;
    for (size_t i = 0; i < stats->sizes; i++) {
        struct window *at = &window[stats->windows * stats->sizes + i];
        at->pages = pages_end_window(&stats->pages[i], stats->accesses + 1);
        at->footprint = stats->pages[i].numbering.count;
    }
    stats->window_end[stats->windows++] = stats->spec.unit == STATS_ACCESSES ? stats->accesses : stats->instructions;
    stats->window_used = 0;
    return true;
}

/* The position of the first access from `from` on that is no longer of the window; the block's end where all are. Takes
 * what comes before it from the window. */
static uint32_t window_reaches(struct stats *stats, const struct block *block, uint32_t from, uint32_t end)
{
    const bool instructions = stats->spec.unit == STATS_INSTRUCTIONS;
    const enum kinds counted = instructions ? KINDS_INSTRUCTIONS : stats->spec.kinds;
    uint64_t left = stats->spec.window - stats->window_used;
    if (from == 0 && end == block->count && left >= end) {
        const uint32_t fetches = block->of_kind[ACCESS_FETCH];
        stats->window_used +=
            ((counted & KINDS_INSTRUCTIONS) != 0 ? fetches : 0) + ((counted & KINDS_DATA) != 0 ? end - fetches : 0);
        stats->instructions += fetches;
        return end;
    }
    for (uint32_t i = from; i < end; i++) {
        const bool fetch = access_is_fetch(block->meta[i]);
        if ((counted & (fetch ? KINDS_INSTRUCTIONS : KINDS_DATA)) != 0) {
            if (left == 0)
                return i;
            left--;
            stats->window_used++;
        }
        stats->instructions += fetch;
    }
    return end;
}

/* ---- Blocks ---- */

bool stats_block(struct stats *stats, const struct block *block, const struct extras *extras)
{
    const uint32_t events = extras != NULL ? extras->event_count : 0;
    uint32_t event = 0;
    uint32_t at = 0;
    if (stats->spaces == 0 && !enter_space(stats, false))
        return false;
    for (unsigned i = 0; i < 4; i++)
        stats->kind[i] += block->of_kind[i];
    do {
        for (; event < events && extras->event[event].position <= at; event++)
            if (!take_event(stats, &extras->event[event]))
                return false;
        const uint32_t next = event < events ? extras->event[event].position : block->count;
        const uint32_t end = window_reaches(stats, block, at, next);
        if (!add_piece(stats, block, extras, at, end) || (end < next && !end_window(stats)))
            return false;
        at = end;
    } while (at < block->count);
    for (; event < events; event++)
        if (!take_event(stats, &extras->event[event]))
            return false;
    return true;
}

uint64_t stats_instructions(const struct stats *stats)
{
    return stats->instructions;
}

/* ---- Rows ---- */

static void add_row(struct stats *stats, const struct stats_row *row)
{
    struct stats_row *rows = array_grow(stats->row, &stats->row_room, stats->rows, sizeof *rows);
    if (rows == NULL) {
        stats->out_of_memory = true;
        return;
    }
    stats->row = rows;
    rows[stats->rows++] = *row;
}

static void add_count(struct stats *stats, enum statistic statistic, uint64_t page_size_bytes, uint64_t bucket,
                      uint64_t count)
{
    add_row(stats, &(struct stats_row){
                       .statistic = statistic, .page_size_bytes = page_size_bytes, .bucket = bucket, .count = count});
}

static void add_real(struct stats *stats, enum statistic statistic, uint64_t page_size_bytes, uint64_t bucket,
                     double real)
{
    add_row(stats, &(struct stats_row){.statistic = statistic,
                                       .page_size_bytes = page_size_bytes,
                                       .bucket = bucket,
                                       .is_real = true,
                                       .real = real});
}

/* From the first bucket that is not empty to the last one. */
static void add_buckets(struct stats *stats, enum statistic statistic, uint64_t page_size_bytes, const uint64_t *count,
                        unsigned buckets)
{
    unsigned first = 0;
    while (first < buckets && count[first] == 0)
        first++;
    while (buckets > first && count[buckets - 1] == 0)
        buckets--;
    for (unsigned i = first; i < buckets; i++)
        add_count(stats, statistic, page_size_bytes, pages_bucket_least(i), count[i]);
}

static void add_sizes(struct stats *stats, enum statistic statistic, bool fetches)
{
    for (uint32_t bytes = 1; bytes <= ACCESS_SIZE_MAX; bytes++) {
        uint64_t count = 0;
        for (unsigned kind = fetches ? 0 : 1; kind < (fetches ? 1 : 4); kind++)
            count += stats->of_meta[access_meta((enum access_kind)kind, bytes)];
        if (count > 0)
            add_count(stats, statistic, 0, bytes, count);
    }
}

static uint64_t data_accesses(const struct stats *stats)
{
    return stats->kind[ACCESS_LOAD] + stats->kind[ACCESS_STORE] + stats->kind[ACCESS_MODIFY];
}

static uint64_t count_lines(const struct stats *stats)
{
    uint64_t lines = 0;
    for (uint64_t i = 0; i < stats->pages[0].numbering.count; i++)
        lines += stats->pages[0].page[i].lines; /* they have been counted */
    return lines;
}

static void add_of_trace(struct stats *stats, enum statistic statistic)
{
    const uint64_t data = data_accesses(stats);
    switch (statistic) {
    case STATISTIC_instructions:
        add_count(stats, statistic, 0, 0, stats->kind[ACCESS_FETCH]);
        break;
    case STATISTIC_loads:
        add_count(stats, statistic, 0, 0, stats->kind[ACCESS_LOAD]);
        break;
    case STATISTIC_stores:
        add_count(stats, statistic, 0, 0, stats->kind[ACCESS_STORE]);
        break;
    case STATISTIC_modifies:
        add_count(stats, statistic, 0, 0, stats->kind[ACCESS_MODIFY]);
        break;
    case STATISTIC_instructions_per_data_access:
        add_real(stats, statistic, 0, 0, data > 0 ? (double)stats->kind[ACCESS_FETCH] / (double)data : NAN);
        break;
    case STATISTIC_accesses:
        add_count(stats, statistic, 0, 0, stats->accesses);
        break;
    case STATISTIC_fetch_sizes:
        add_sizes(stats, statistic, true);
        break;
    case STATISTIC_data_sizes:
        add_sizes(stats, statistic, false);
        break;
    case STATISTIC_alignments:
        for (unsigned i = 0; i < ALIGNMENTS; i++)
            if (stats->alignments[i] > 0)
                add_count(stats, statistic, 0, UINT64_C(1) << i, stats->alignments[i]);
        break;
    case STATISTIC_misaligned:
        add_count(stats, statistic, 0, 0, stats->misaligned);
        break;
    case STATISTIC_line_crossings:
        add_count(stats, statistic, 0, 0, stats->line_crossings);
        break;
    case STATISTIC_forward_strides:
        add_buckets(stats, statistic, 0, stats->strides.forward, STRIDE_BUCKETS);
        break;
    case STATISTIC_backward_strides:
        add_buckets(stats, statistic, 0, stats->strides.backward, STRIDE_BUCKETS);
        break;
    case STATISTIC_pc_forward_strides:
        add_buckets(stats, statistic, 0, stats->pc_strides.forward, STRIDE_BUCKETS);
        break;
    case STATISTIC_pc_backward_strides:
        add_buckets(stats, statistic, 0, stats->pc_strides.backward, STRIDE_BUCKETS);
        break;
    case STATISTIC_lines:
        add_count(stats, statistic, 0, 0, count_lines(stats));
        break;
    default: /* those of pages */
        break;
    }
}

static int most_first(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x < y) - (x > y);
}

static void add_hot_pages(struct stats *stats, const struct pages *pages, uint64_t page_size_bytes)
{
    static const uint64_t percents[] = {50, 90, 99};
    const uint64_t count = pages->numbering.count;
    uint64_t *lookups = calloc(count, sizeof *lookups);
    if (lookups == NULL && count > 0) {
        stats->out_of_memory = true;
        return;
    }
    for (uint64_t i = 0; i < count; i++)
        lookups[i] = pages->page[i].lookups;
    if (count > 0)
        qsort(lookups, count, sizeof *lookups, most_first);
    uint64_t hot = 0;
    uint64_t sum = 0; /* of their lookups; below 2^57, as all counts of accesses are that anybody lives to see */
    for (size_t i = 0; count > 0 && i < sizeof percents / sizeof *percents; i++) {
        while (100 * sum < percents[i] * pages->lookups)
            sum += lookups[hot++];
        add_count(stats, STATISTIC_hot_pages, page_size_bytes, percents[i], hot);
    }
    free(lookups);
}

static void add_pages_by(struct stats *stats, enum statistic statistic, const struct pages *pages,
                         uint64_t page_size_bytes)
{
    uint64_t buckets[PAGES_BUCKETS] = {0};
    for (uint64_t i = 0; i < pages->numbering.count; i++)
        buckets[pages_bucket(statistic == STATISTIC_page_lines ? pages->page[i].lines : pages->page[i].lookups)]++;
    add_buckets(stats, statistic, page_size_bytes, buckets, PAGES_BUCKETS);
}

/* A page is in the working set of a window of T accesses from each of its lookups on, for T accesses or up to its next
 * lookup or the end of the trace, whichever comes first (Denning, Schwartz, "Properties of the working-set model",
 * Communications of the ACM 15(3), 1972). The T being powers of two, sums by bucket are all that this takes. */
static void add_mean_working_set(struct stats *stats, const struct pages *pages, uint64_t page_size_bytes)
{
    uint64_t count[PAGES_BUCKETS];
    uint64_t sum[PAGES_BUCKETS];
    memcpy(count, pages->reuse_times, sizeof count);
    memcpy(sum, pages->reuse_time_sums, sizeof sum);
    for (uint64_t i = 0; i < pages->numbering.count; i++) {
        const uint64_t time = stats->accesses + 1 - pages->page[i].last;
        count[pages_bucket(time)]++;
        sum[pages_bucket(time)] += time;
    }
    for (unsigned bucket = 1; bucket < PAGES_BUCKETS && pages_bucket_least(bucket) <= stats->accesses; bucket++) {
        const double window = (double)pages_bucket_least(bucket);
        double present = 0;
        for (unsigned i = 0; i < PAGES_BUCKETS; i++)
            present += i < bucket ? (double)sum[i] : window * (double)count[i];
        add_real(stats, STATISTIC_mean_working_set, page_size_bytes, pages_bucket_least(bucket),
                 present / (double)stats->accesses);
    }
}

static void add_of_size(struct stats *stats, enum statistic statistic, size_t size)
{
    const struct pages *pages = &stats->pages[size];
    const uint64_t bytes = UINT64_C(1) << stats->shift[size];
    switch (statistic) {
    case STATISTIC_pages:
        add_count(stats, statistic, bytes, 0, pages->numbering.count);
        break;
    case STATISTIC_lookups:
        add_count(stats, statistic, bytes, 0, pages->lookups);
        break;
    case STATISTIC_page_crossings:
        add_count(stats, statistic, bytes, 0, pages->crossings);
        break;
    case STATISTIC_hot_pages:
        add_hot_pages(stats, pages, bytes);
        break;
    case STATISTIC_page_lookups:
    case STATISTIC_page_lines:
        add_pages_by(stats, statistic, pages, bytes);
        break;
    case STATISTIC_reuse_times:
        add_buckets(stats, statistic, bytes, pages->reuse_times, PAGES_BUCKETS);
        break;
    case STATISTIC_lru_depths:
        add_buckets(stats, statistic, bytes, pages->lru_depths, PAGES_BUCKETS);
        break;
    case STATISTIC_mean_working_set:
        add_mean_working_set(stats, pages, bytes);
        break;
    case STATISTIC_working_set:
    case STATISTIC_footprint:
        for (uint64_t i = 0; i < stats->windows; i++) {
            const struct window *window = &stats->window[i * stats->sizes + size];
            add_count(stats, statistic, bytes, stats->window_end[i],
                      statistic == STATISTIC_working_set ? window->pages : window->footprint);
        }
        break;
    default: /* those of the trace */
        break;
    }
}

/* From bits of lines to numbers of lines: a larger page has those of the pages of 4K in it. */
static bool count_lines_of_pages(struct stats *stats)
{
    const struct pages *base = &stats->pages[0];
    for (uint64_t i = 0; i < base->numbering.slots; i++) {
        const struct numbering_slot *slot = &base->numbering.slot[i];
        if (slot->next == 0)
            continue;
        const uint64_t lines = (uint64_t)__builtin_popcountll(base->page[slot->next - 1].lines);
        base->page[slot->next - 1].lines = lines;
        for (size_t k = 1; k < stats->sizes; k++) {
            const uint64_t page = slot->key.number >> (stats->shift[k] - BASE_SHIFT);
            uint64_t index;
            if (!numbering_find(&stats->pages[k].numbering, (struct numbering_key){page, slot->key.space}, &index))
                return false;
            stats->pages[k].page[index].lines += lines;
        }
    }
    return true;
}

static size_t place_of(const struct stats *stats, uint64_t page_size_bytes)
{
    size_t i = 0;
    while (page_size_bytes >> stats->shift[i] != 1)
        i++;
    return i;
}

const struct stats_row *stats_end(struct stats *stats, size_t *count)
{
    if ((stats->accesses > 0 && !end_window(stats)) || !count_lines_of_pages(stats))
        return NULL;
    for (enum statistic statistic = 0; statistic < STATISTICS; statistic++) {
        add_of_trace(stats, statistic);
        for (size_t i = 0; i < stats->spec.page_sizes; i++)
            add_of_size(stats, statistic, place_of(stats, stats->spec.page_size_bytes[i]));
    }
    *count = stats->rows;
    return stats->out_of_memory ? NULL : stats->row;
}
