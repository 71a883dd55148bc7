/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The set-associative filter: a stream of requests goes in, in program order; what misses comes out, and has been
 * filled. TLB arrays, walk caches and data caches are all this one thing; they differ in how a request's key becomes
 * the number that is looked up. A filter knows neither who feeds it nor who reads from it.
 *
 * A set of few ways is searched, or is a vector. An LRU set of many ways is a tree, which takes as long whatever the ways
 * are; other policies search their ways one after the other, however many those are, and so do arrays whose entries
 * cover several pages or are PDEs.
 */
#ifndef MODEL_FILTER_H
#define MODEL_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/machine.h"
#include "model/memory.h"
#include "model/request.h"

/* Of a stream whose lookups are of pages of several sizes (mapping.h), what a filter does with each size class. Filters of
 * such streams stand in a row: each looks up what it serves and hands on the rest, also insert items, as if it missed. */
struct filter_sizes {
    bool mixed;        /* else nothing of this is asked for */
    bool tagged;       /* a number is of a class: pages, not the entries above them, which pages of any size share */
    enum kinds serves; /* lookups of other kinds are handed on */
    uint8_t number_shift[REQUEST_CLASSES];  /* in the place of struct filter_spec's; 0: the class is handed on */
    uint8_t victim_kinds[REQUEST_CLASSES];  /* the same, of lookups of the class */
    uint8_t evicted_kinds[REQUEST_CLASSES]; /* the same, of what is evicted */
    uint8_t
        invalid_shift; /* invalidations are of so many bits' worth of addresses, of pages of class 0 or of entries; 0:
                              of nothing that this filter holds */
    uint64_t sign;     /* see request_class */
};

/* Which pages an entry covers, of the aligned group of `pages` that its tag stands for. */
enum cover_rule {
    COVER_PAGE,   /* an entry is a page, or whatever a number stands for */
    COVER_SECTOR, /* a valid bit a page, set as pages are filled */
    COVER_MAPPED, /* the same; a fill sets those of all pages that are mapped */
    COVER_RUN,    /* what the fill found contiguous around its page */
    COVER_WHOLE,  /* all of the group, where that is contiguous and aligned, or one page */
};

/* What makes two filters the same: given equal input they then give equal output. Compared byte by byte, so zero it
 * first. */
struct filter_spec {
    struct geometry geometry;
    enum policy policy;
    enum tlb_index index;
    uint32_t key_shift;    /* the number looked up is (key << key_shift) >> number_shift: */
    uint32_t number_shift; /* va / page size, or a prefix of the va, or a line number */
    uint32_t
        number_bits; /* of the number proper, sign included, which the set is chosen by; above it stands the tag of an
                                 address space (request.h). 0: there are no tags */
    enum kinds victim_kinds;  /* lookups of these kinds do not fill: what insert items bring does */
    enum kinds evicted_kinds; /* evictions that lookups of these kinds cause go out as insert items */
    uint64_t random_seed;     /* policy random; else 0 */
    bool readable;            /* filter_read_set, filter_write_set or filter_clear will be called */
    enum cover_rule cover;    /* unless COVER_PAGE, the number is that of a group, */
    uint32_t cover_pages;     /* of so many pages */
    uint32_t entry_shift; /* 0, or the array holds, beside pages, page-table entries that cover so many bits of va */
    struct filter_sizes sizes;
};

/* Bits of 64 above the number proper, where the tag of an address space may be. */
uint32_t filter_unused_bits(const struct filter_spec *spec);

/* Are the lowest bits of the number the set? */
bool filter_masks_sets(const struct filter_spec *spec);

struct filter;

/* Memory from `arena`, freed with it; NULL when out of memory. */
struct filter *filter_create(const struct filter_spec *spec, struct arena *arena);

/* Writes what misses (and insert items) to `missed`, which has room for twice `count` and VECTOR_SLACK more, and returns
 * how many items that is. Where the filter hands on no evictions, `missed` may be `request` itself, or lie before it:
 * nothing is written over that has not been read, and nothing behind the last request. `reach` is that of all requests
 * so far, see request_reach. `missing`, where it is not NULL, is told of each request whether it misses, 1
 * if so, else 0; a filter that takes part in victim fills is not asked. */
size_t filter_run(struct filter *filter, uint64_t reach, const uint64_t *request, size_t count, uint64_t *missed,
                  uint16_t *missing);

/* The same for filters whose entries cover groups of pages, which are run by this alone. `frames` knows all pages that
 * the requests are of; it is not asked where entries are COVER_SECTOR. */
struct frames;
size_t filter_run_groups(struct filter *filter, const struct frames *frames, const uint64_t *request, size_t count,
                         uint64_t *missed);

/* The same for filters that hold page-table entries, too (entry_shift), which are run by this alone. What misses asks for
 * its entry before its page is filled; it comes out marked, with the insert bit, where the entry was there. */
size_t filter_run_entries(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed);

/* Do fills ask for frames? */
static inline bool filter_asks_frames(const struct filter_spec *spec)
{
    return spec->cover > COVER_SECTOR;
}

/* LRU sets of too many ways to be searched or to be a vector? */
bool filter_is_tree(const struct filter_spec *spec);

/* For tests and benchmarks: LRU sets of so many ways are trees in filters and plans made from now on. UINT32_MAX: where a
 * tree is faster. */
void filter_trees_from(uint32_t ways);

/* Whether depths can be asked for: LRU without victim fills, an entry a page. */
bool filter_has_depths(const struct filter_spec *spec);

/* As filter_run, but tells for each request how deep in its set the number was found: 0 for the most recently used, and
 * for a miss a depth of at least the ways. Not of trees: they have depths that take more bits. */
void filter_depths(struct filter *filter, uint64_t reach, const uint64_t *request, size_t count, uint8_t *depth);
void filter_tree_depths(struct filter *filter, const uint64_t *request, size_t count, uint32_t *depth);

/* ---- The contents of LRU sets, as numbers: for who takes a filter up in the middle of a stream (open_filter.h) ----
 *
 * Of filters whose spec is `readable`, which are no trees. */

/* The numbers that requests are looked up by, and the sets that these are in. */
void filter_numbers(const struct filter *filter, const uint64_t *request, size_t count, uint64_t *number,
                    uint32_t *set);

/* What a set holds, most recently used first: `number` has room for `ways`. Returns how many. */
uint32_t filter_read_set(const struct filter *filter, uint32_t set, uint64_t *number);

/* Makes a set hold these numbers and no others. */
void filter_write_set(struct filter *filter, uint32_t set, const uint64_t *number, uint32_t count);

/* Makes all sets empty. */
void filter_clear(struct filter *filter);

/* Of a filter of several sizes the class stands above the number. */
enum { FILTER_CLASS_SHIFT = 60 };

typedef bool filter_meant(uint64_t number, const void *context);

/* Takes out the numbers that are meant. Their ways are empty, and filled before anything is replaced; what the policy
 * remembers of the others stays. Not of readable filters of unknown contents (open_filter.h). */
void filter_remove_if(struct filter *filter, filter_meant *is_meant, const void *context);

/* Which entries of translations cease to hold. */
enum invalidated {
    INVALIDATE_NOT_GLOBAL, /* of all tags but 0 */
    INVALIDATE_TAG,        /* of this tag */
    INVALIDATE_RANGE,      /* of this tag, with some byte from first_va to last_va */
};

struct invalidation {
    enum invalidated what;
    unsigned va_bits; /* of the format, sign included */
    uint64_t tag;
    uint64_t first_va;
    uint64_t last_va;
};

/* Takes these out. Of filters of virtual addresses. */
void filter_invalidate(struct filter *filter, const struct invalidation *invalidation);

/* Does a hit right after a lookup of the same page change nothing? Then runs of one page can be looked up once. */
bool policy_absorbs_repeats(enum policy policy);

/* About what it takes. More is reserved, for numbers of more bits and trees of more pages than are usual. */
uint64_t filter_bytes(const struct filter_spec *spec);

#endif
