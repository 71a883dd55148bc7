/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/prefetch.h"

#include <string.h>

#include "model/request.h"

/* What followed a distance, most recent first. */
struct row {
    uint64_t distance; /* 0: none, no two lookups behind one another are of one page */
    uint64_t next[PREFETCH_DEGREE_MAX];
    uint32_t count;
};

/* The lookups of one kind so far. */
struct history {
    uint64_t lookups; /* 2: or more */
    uint64_t page;
    uint64_t distance; /* of the last two */
};

struct prefetcher {
    struct prefetch prefetch;
    unsigned number_shift; /* a request is a page number, sign kept, and so many bits */
    struct history history[2];
    struct row *row;
    int64_t *buffer; /* the oldest first */
    uint32_t held;
    struct prefetch_counts counts;
};

struct prefetcher *prefetcher_create(const struct prefetch *prefetch, uint64_t page_size_bytes, struct arena *arena)
{
    struct prefetcher *prefetcher = arena_alloc(arena, sizeof *prefetcher);
    if (prefetcher == NULL)
        return NULL;
    prefetcher->prefetch = *prefetch;
    prefetcher->number_shift = REQUEST_KEY_SHIFT - REQUEST_VA_SHIFT + (unsigned)__builtin_ctzll(page_size_bytes);
    prefetcher->row = arena_alloc(arena, prefetch->rows * sizeof *prefetcher->row);
    prefetcher->buffer = arena_alloc(arena, prefetch->entries * sizeof *prefetcher->buffer);
    return prefetcher->row == NULL || prefetcher->buffer == NULL ? NULL : prefetcher;
}

uint64_t prefetcher_bytes(const struct prefetch *prefetch)
{
    return sizeof(struct prefetcher) + prefetch->rows * sizeof(struct row) + prefetch->entries * sizeof(int64_t);
}

struct prefetch_counts prefetcher_counts(const struct prefetcher *prefetcher)
{
    return prefetcher->counts;
}

/* ---- The buffer ---- */

static uint32_t find(const struct prefetcher *prefetcher, int64_t page)
{
    uint32_t at = 0;
    while (at < prefetcher->held && prefetcher->buffer[at] != page)
        at++;
    return at;
}

static void take_out(struct prefetcher *prefetcher, uint32_t at)
{
    prefetcher->held--;
    memmove(prefetcher->buffer + at, prefetcher->buffer + at + 1, (prefetcher->held - at) * sizeof(int64_t));
}

static void put_in(struct prefetcher *prefetcher, int64_t page)
{
    if (prefetcher->held == prefetcher->prefetch.entries)
        take_out(prefetcher, 0);
    prefetcher->buffer[prefetcher->held++] = page;
}

/* ---- Predicting: pages are numbers mod 2^64 here, the first of `next` is fetched first ---- */

static unsigned predict_stride(const struct prefetcher *prefetcher, uint64_t page, uint64_t stride,
                               uint64_t next[PREFETCH_DEGREE_MAX])
{
    for (uint32_t i = 0; i < prefetcher->prefetch.degree; i++)
        next[i] = page + (i + 1) * stride;
    return prefetcher->prefetch.degree;
}

static struct row *row_of(const struct prefetcher *prefetcher, uint64_t distance)
{
    return &prefetcher->row[distance % prefetcher->prefetch.rows];
}

static unsigned predict_distance(const struct prefetcher *prefetcher, uint64_t page, uint64_t distance,
                                 uint64_t next[PREFETCH_DEGREE_MAX])
{
    const struct row *row = row_of(prefetcher, distance);
    if (row->distance != distance)
        return 0;
    for (uint32_t i = 0; i < row->count; i++)
        next[i] = page + row->next[i];
    return row->count;
}

static void learn_distance(const struct prefetcher *prefetcher, uint64_t before, uint64_t distance)
{
    struct row *row = row_of(prefetcher, before);
    if (row->distance != before)
        *row = (struct row){.distance = before};
    uint32_t at = 0;
    while (at < row->count && row->next[at] != distance)
        at++;
    if (at == row->count && at < prefetcher->prefetch.degree)
        row->count++;
    else if (at == row->count)
        at--;
    memmove(row->next + 1, row->next, at * sizeof *row->next);
    row->next[0] = distance;
}

static unsigned predict(struct prefetcher *prefetcher, struct history *history, uint64_t page,
                        uint64_t next[PREFETCH_DEGREE_MAX])
{
    const uint64_t distance = page - history->page;
    const struct history before = *history;
    unsigned predicted = 0;
    history->page = page;
    history->distance = distance;
    history->lookups += history->lookups < 2;
    switch (prefetcher->prefetch.kind) {
    case PREFETCH_NEXT:
        return predict_stride(prefetcher, page, 1, next);
    case PREFETCH_STRIDE:
        return before.lookups == 2 && distance == before.distance && distance != 0
                   ? predict_stride(prefetcher, page, distance, next)
                   : 0;
    case PREFETCH_DISTANCE:
        if (before.lookups >= 1 && distance != 0)
            predicted = predict_distance(prefetcher, page, distance, next);
        if (before.lookups == 2 && distance != 0 && before.distance != 0)
            learn_distance(prefetcher, before.distance, distance);
        return predicted;
    case PREFETCH_NONE:
        break;
    }
    return 0;
}

size_t prefetcher_run(struct prefetcher *prefetcher, const struct frames *frames, const uint64_t *request, size_t count,
                      uint64_t *walks)
{
    size_t items = 0;
    for (size_t i = 0; i < count; i++) {
        const int64_t page = (int64_t)request[i] >> prefetcher->number_shift;
        const uint32_t at = find(prefetcher, page);
        if (at < prefetcher->held)
            take_out(prefetcher, at);
        else
            walks[items++] = request[i];
        uint64_t next[PREFETCH_DEGREE_MAX];
        const unsigned predicted =
            predict(prefetcher, &prefetcher->history[request[i] >> REQUEST_FETCH_SHIFT & 1], (uint64_t)page, next);
        for (unsigned k = 0; k < predicted; k++) {
            if (find(prefetcher, (int64_t)next[k]) < prefetcher->held)
                continue;
            if (!frames_has(frames, request[i], (int64_t)next[k])) {
                prefetcher->counts.unmapped++;
                continue;
            }
            put_in(prefetcher, (int64_t)next[k]);
            prefetcher->counts.walks++;
            walks[items++] = next[k] << prefetcher->number_shift | request_position(request[i]) | REQUEST_INSERT;
        }
    }
    return items;
}
