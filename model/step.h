/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A step is one filter of a plan with its place in the stream: what it is (its spec) and the steps it reads from. Steps
 * with equal specs that read the same steps give the same stream, so a plan holds each once: that is all there is to
 * sharing.
 *
 *     lookups     block of accesses  ->  lookups of some kinds, runs of one page collapsed where the first array absorbs them
 *     select      lookups            ->  those of one kind
 *     merge       two kinds' lookups ->  both, in program order
 *     tlb         lookups            ->  those that miss an array; of the last one: the walks
 *     touch       walks              ->  nothing: pages met for the first time, and their tables, get their places
 *     walk cache  walks              ->  those that miss it, and read the entry that it lacks
 *     reads       walks, and those that read each level's entry  ->  the page-table reads, root first
 *     cache       reads              ->  those that miss a data cache
 *     settle      reads, and what each cache passed on  ->  nothing: where reads were served, and the shapes of walks
 */
#ifndef MODEL_STEP_H
#define MODEL_STEP_H

#include "model/access.h"
#include "model/address_space.h"
#include "model/filter.h"
#include "model/machine.h"
#include "model/open_filter.h"
#include "model/request.h"
#include "model/vector.h"

enum step_kind {
    STEP_LOOKUPS,
    STEP_SELECT,
    STEP_MERGE,
    STEP_TLB,
    STEP_TOUCH,
    STEP_WALK_CACHE,
    STEP_READS,
    STEP_CACHE,
    STEP_SETTLE,
};

enum {
    STEP_NONE = -1,
    STEP_INPUTS_MAX = PAGE_TABLE_LEVELS_MAX,
    STEP_SERVERS = MACHINE_CACHES + 1, /* where a read can be served: l1d, l2, l3, memory */
    STEP_READS_MAX = PAGE_TABLE_LEVELS_MAX,
    /* The most items that a step can put out for one block: a page-table entry of every level for every lookup. */
    STEP_ITEMS_MAX = REQUEST_POSITIONS * STEP_READS_MAX + VECTOR_SLACK,
};

/* Compared byte by byte: zero it first. */
struct step_spec {
    enum step_kind kind;
    int input[STEP_INPUTS_MAX];             /* steps of the plan, STEP_NONE where unused */
    enum kinds kinds;                       /* lookups, select, merge, tlb: what comes out */
    bool inserts;                           /* select, merge, tlb: insert items among it */
    bool collapse;                          /* lookups */
    const struct page_table_format *format; /* lookups, reads */
    uint64_t page_size_bytes;               /* lookups */
    unsigned leaf_level;                    /* reads: of the format, for the page size */
    struct filter_spec filter;              /* tlb, walk cache, cache */
    int space;                              /* touch, reads: number of the address space in the plan */
};

/* A walk's shape: that it reads n[0] entries served by cache l1d, n[1] by l2, n[2] by l3, n[3] by memory, 3 bits each.
 * The longest walk is among the shapes that were seen, whatever the latencies are. A walk's shape so far is marked with
 * each read, without asking whether it is the last: what is shorter than a walk is never longer than the longest. */
enum { WALK_SHAPES = 1 << 3 * STEP_SERVERS };

static inline uint32_t walk_shape_of_read(unsigned server)
{
    return UINT32_C(1) << 3 * server;
}

static inline uint32_t walk_shape_reads(uint32_t shape, unsigned server)
{
    return shape >> 3 * server & 7;
}

struct step {
    struct step_spec spec;
    uint64_t
        count[2]; /* lookups put out, by kind: [0] data, [1] fetches; of `lookups` before collapsing. Caches: [0] all */
    uint64_t crossings; /* lookups: second lookups */
    uint64_t reach;     /* lookups: of all requests so far */
    bool is_vector;
    struct filter *filter;
    struct open_filter *open; /* NULL but in plans of a part: runs the filter */
    struct address_space *space;
    uint64_t missed[STEP_SERVERS]; /* settle: reads that so many servers did not have */
    bool *shape_seen;              /* settle: WALK_SHAPES of them */
};

/* Gives the step what its spec asks for; false when out of memory. */
bool step_init(struct step *step, const struct step_spec *spec, struct address_space *space, struct arena *arena);

uint64_t step_bytes(const struct step_spec *spec);

/* item[count] is STREAM_END, which is no request: who follows a stream beside another need not watch its end. */
#define STREAM_END UINT64_MAX

struct stream {
    uint64_t *item;
    size_t count;
    uint64_t reach; /* of all items that were ever in it, see request_reach */
    bool uncertain; /* there may be uncertain items in it */
};

enum step_result { STEP_DONE, STEP_BAD_ADDRESS, STEP_OUT_OF_MEMORY, STEP_OUT_OF_ADDRESSES };

/* Whether the step's output may be in its first input's place. */
bool step_runs_in_place(const struct step_spec *spec);

/* Runs one block: reads `input` streams (as many as the spec has) or, for `lookups`, the block; fills `output`. */
enum step_result step_run(struct step *step, const struct block *block,
                          const struct stream *const input[STEP_INPUTS_MAX], struct stream *output);

/* ---- Parts of a trace, see open_filter.h ---- */

/* Makes a step that has run nothing yet one that begins in the middle of a trace; false when out of memory. */
bool step_open(struct step *step, struct arena *arena);

/* Makes an open step as it was at first; but pages that have been touched stay touched. */
void step_reopen(struct step *step);

/* Makes `whole` the step that has run the part, too. `input` is what became of the uncertain items of the part's inputs;
 * fills `output`, whose memory is the caller's to free. False when out of memory. */
bool step_join(struct step *whole, const struct step *part, const struct outcomes *const input[STEP_INPUTS_MAX],
               struct outcomes *output);

/* For `lookups`: the position of the block's first access that the format cannot express; its count where there is
 * none. */
uint32_t step_first_bad_address(const struct step_spec *spec, const struct block *block);

#endif
