/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The misses of a fully associative LRU TLB of each size from one entry up, in one pass over the trace: blocks go in, a
 * curve comes out. One array serves instructions and data alike, as many as `kinds` leaves in; there is no second level,
 * and no page table either, so that any address of 64 bits will do.
 *
 * With a rate below 1 it looks at a sample: the lookups of the pages whose hash is below a threshold, all of these, so
 * that their depths among themselves are those of the trace scaled down by the rate (Waldspurger, Park, Garthwaite,
 * Ahmad, "Efficient MRC construction with SHARDS", FAST 2015; what their SHARDS-adj adds to the shallowest depth is
 * here that lookups are counted, not estimated). Memory and most of the time then go by the rate. What is told of a
 * size is an estimate with a standard error; see curve.c for what that holds.
 */
#ifndef MODEL_CURVE_H
#define MODEL_CURVE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/access.h"
#include "model/machine.h"

struct curve_spec {
    uint64_t page_size_bytes; /* a power of two, 4096 or more */
    enum kinds kinds;
    uint64_t entries;   /* the largest size that will be asked for; 0: any */
    double sample_rate; /* above 0; 1: all pages, and exact */
    uint64_t seed;      /* chooses the sample */
};

struct curve_point {
    double misses; /* a whole number, exact below 2^53, unless sampled */
    double miss_ratio;
    double miss_ratio_error; /* one standard error; 0 where nothing is sampled, NaN where too little is to say it */
};

struct curve;

/* NULL when out of memory. */
struct curve *curve_create(const struct curve_spec *spec);
void curve_free(struct curve *curve);

/* False when out of memory. */
bool curve_block(struct curve *curve, const struct block *block);

/* After the last block, and before what is below. */
void curve_end(struct curve *curve);

uint64_t curve_lookups(const struct curve *curve);

/* The pages that were looked at: all of the trace, or those of the sample; with a number of entries in the spec only as
 * many of them as those take. */
uint64_t curve_pages(const struct curve *curve);

/* The smallest size that can be told: 1, or of a sample 8 / sample_rate. */
uint64_t curve_least(const struct curve *curve);
uint64_t curve_least_of(double sample_rate);

/* The largest: of the spec, or the pages of the trace, from which on nothing but first lookups misses; 0 where there
 * are none. Below curve_least only where the spec says so. */
uint64_t curve_most(const struct curve *curve);

/* The misses of a TLB of that many entries, curve_least to curve_most. There must be lookups. */
struct curve_point curve_at(const struct curve *curve, uint64_t entries);

#endif
