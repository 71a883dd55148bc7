/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A TLB prefetcher and its buffer: what misses the last level asks the buffer, and only what misses that, too, is a walk.
 * Every lookup that comes so far teaches the prefetcher and makes it predict pages, whose translations are fetched into
 * the buffer by walks of their own. The arrays above are neither asked nor filled: a translation that is used leaves the
 * buffer for them, as those of walks do.
 *
 * A walk for a page that is not mapped finds nothing: it is counted, and that is all. So no page is in the buffer before
 * its first lookup, which is a walk, whatever is prefetched.
 */
#ifndef MODEL_PREFETCH_H
#define MODEL_PREFETCH_H

#include <stddef.h>
#include <stdint.h>

#include "model/frames.h"
#include "model/machine.h"
#include "model/memory.h"

struct prefetcher;

struct prefetch_counts {
    uint64_t walks;    /* prefetches */
    uint64_t unmapped; /* of pages that are not mapped */
};

/* What of `prefetch` is in a step: no latency. NULL when out of memory. */
struct prefetcher *prefetcher_create(const struct prefetch *prefetch, uint64_t page_size_bytes, struct arena *arena);

/* Writes the lookups that are walks, and the prefetches that each lookup makes, as insert items right behind it or where
 * it would be. There is room for 1 and `degree` a lookup. Returns how many items that is. */
size_t prefetcher_run(struct prefetcher *prefetcher, const struct frames *frames, const uint64_t *request, size_t count,
                      uint64_t *walks);

struct prefetch_counts prefetcher_counts(const struct prefetcher *prefetcher);

uint64_t prefetcher_bytes(const struct prefetch *prefetch);

#endif
