/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a trace does with its pages of one size: how many there are, how often each is looked up, how long it takes until
 * a page comes again, in accesses and in other pages, and how many there are in a window of time.
 *
 * Not a TLB: nothing is ever evicted. Times are numbers of accesses, from 1. What comes in is runs: accesses of one page
 * with no other page between them.
 *
 * Always exact; memory is 120 to 250 bytes for each page that was touched.
 */
#ifndef TRACES_PAGES_H
#define TRACES_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/memory.h"
#include "traces/numbering.h"

enum { PAGES_BUCKETS = 65 }; /* 0, 1, 2 to 3, 4 to 7, ... */

/* The bucket of a number. */
static inline unsigned pages_bucket(uint64_t number)
{
    return number == 0 ? 0 : 64 - (unsigned)__builtin_clzll(number);
}

/* The least number of a bucket. */
static inline uint64_t pages_bucket_least(unsigned bucket)
{
    return bucket == 0 ? 0 : UINT64_C(1) << (bucket - 1);
}

/* The accesses `first` to `last`, which look up one page each. Where the first one reaches into the page from the one
 * before, that page's run has the same access. */
struct pages_run {
    uint64_t page;
    uint64_t first;
    uint64_t last;
    uint64_t lines; /* of pages of 4K: a bit for each line of 64 bytes that is touched */
};

struct page {
    uint64_t last; /* access */
    uint64_t lookups;
    uint64_t lines; /* as of the runs */
};

struct pages {
    struct arena *arena;
    struct recency *recency; /* of dense numbers, but for what the front has not told it */
    struct pages_front *front;
    struct numbering numbering;
    struct page *page; /* by dense number */
    uint64_t page_room;
    uint64_t window_pages; /* of the window at hand, */
    uint64_t window_first; /* which begins with this access */
    uint64_t lookups;
    uint64_t crossings;
    uint64_t reuse_times[PAGES_BUCKETS];     /* lookups; but for first ones */
    uint64_t reuse_time_sums[PAGES_BUCKETS]; /* of the times */
    uint64_t lru_depths[PAGES_BUCKETS];      /* lookups; but for first ones */
};

/* False when out of memory; pages_free is to follow in every case. */
bool pages_create(struct pages *pages);
void pages_free(struct pages *pages);

/* Takes the next runs, all of one address space. False when out of memory. */
bool pages_add(struct pages *pages, const struct pages_run *run, size_t count, uint64_t space);

/* Ends the window; the next begins with the access `first`. Returns the pages of the one that ends. */
uint64_t pages_end_window(struct pages *pages, uint64_t first);

#endif
