/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A step is one filter of a plan with its place in the stream: what it is (its spec) and the steps it reads from. Steps
 * with equal specs that read the same steps give the same stream, so a plan holds each once: that is all there is to
 * sharing.
 *
 *     lookups     block of accesses  ->  lookups of some kinds, runs of one page collapsed where the first array absorbs them
 *     select      lookups            ->  those of one kind, or of data, loads or stores; or, of reads as well, those of one CPU
 *     merge       two such           ->  both, in program order
 *     map         lookups of the smallest pages  ->  those of the pages, of several sizes, that map them (mapping.h)
 *     tlb         lookups            ->  those that miss an array; of the last one: the walks
 *     pdes        walks              ->  those whose PDE the last array, which holds such, lacked: they read it
 *     touch       walks              ->  nothing: pages met for the first time, and their tables, get their places
 *     walk cache  walks              ->  those that miss it, and read the entry that it lacks
 *     reads       walks, and those that read each level's entry  ->  the page-table reads, root first
 *     cache       reads              ->  those that miss a data cache
 *     settle      reads, and what each cache passed on  ->  nothing: where reads were served, and the shapes of walks
 *     lengths     walks, and those that read each level's entry  ->  how many entries each walk reads, as a shape
 *     shapes      reads, and what each cache passed on  ->  the shape of each walk
 *     timing      lookups, those that miss each level, and shapes  ->  nothing: how long a core waits for them
 *     tsb reads   walks, and the reads of those that miss the TSB  ->  each walk's read of the TSB, then the others
 *     probes      walks              ->  the reads of a table that is no tree; or only how many these are
 *     tally       as settle, for walks of any length
 *     frames      lookups            ->  nothing: which page is in which frame, for who asks: arrays that fill, prefetch
 *     prefetch    what misses all    ->  the walks, and among them, as insert items, those of prefetches
 *     nested lookups  walks, and their reads  ->  the guest-physical addresses that these are at, and the page is at
 *     nested reads    those, and those that read each level's entry of the host  ->  the reads of both (nested.h)
 *     walk paths  as reads, or as settle, where reads go through caches  ->  nothing: how often each path was taken
 *
 * What a CPU has of its own are steps behind a select of its lookups, or of what comes out of an array that all share. A
 * block is of one CPU, and the others' steps have nothing to do in it: of streams of several CPUs that are merged one has
 * items.
 *
 * A translation storage buffer is a walk cache to its walks: those that miss it read the tree.
 */
#ifndef MODEL_STEP_H
#define MODEL_STEP_H

#include "model/access.h"
#include "model/address_space.h"
#include "model/entry_table.h"
#include "model/filter.h"
#include "model/frames.h"
#include "model/machine.h"
#include "model/mapping.h"
#include "model/nested.h"
#include "model/open_filter.h"
#include "model/prefetch.h"
#include "model/processes.h"
#include "model/request.h"
#include "model/tally.h"
#include "model/timing.h"
#include "model/vector.h"
#include "model/walk_paths.h"

enum step_kind {
    STEP_LOOKUPS,
    STEP_SELECT,
    STEP_MERGE,
    STEP_MAP,
    STEP_TLB,
    STEP_TOUCH,
    STEP_WALK_CACHE,
    STEP_READS,
    STEP_CACHE,
    STEP_SETTLE,
    STEP_LENGTHS,
    STEP_SHAPES,
    STEP_TIMING,
    STEP_TSB_READS,
    STEP_PROBES,
    STEP_TALLY,
    STEP_WALK_PATHS,
    STEP_FRAMES,
    STEP_PREFETCH,
    STEP_PDES,
    STEP_NESTED_LOOKUPS,
    STEP_NESTED_READS,
};

enum {
    STEP_NONE = -1,
    STEP_INPUTS_MAX = PAGE_TABLE_LEVELS_MAX + 1,
    STEP_READS_MAX = PAGE_TABLE_LEVELS_MAX,
    STEP_PROBES_MAX = 32 * REQUEST_POSITIONS, /* reads of a block, where a table is no tree: only of one that is far too
                                                 small there are more */
};

/* Where a translation storage buffer lies. */
struct tsb {
    uint64_t address;
    uint32_t entries;
    uint32_t entry_bytes;
};

/* Compared byte by byte: zero it first. */
struct step_spec {
    enum step_kind kind;
    int input[STEP_INPUTS_MAX]; /* steps of the plan, STEP_NONE where unused */
    enum kinds kinds;           /* lookups, select, merge, tlb: what comes out */
    bool inserts;               /* select, merge, tlb: insert items among it */
    bool collapse;              /* lookups, select of a half */
    enum data_half half;        /* select: loads or stores of the data, DATA_BOTH for all of a kind */
    uint32_t cpus;              /* select: of so many CPUs those of one; else 0 */
    uint32_t cpu;
    bool of_reads; /* select, merge: of CPUs' reads, and not of lookups */
    const struct page_table_format
        *format;               /* lookups, reads, frames, probes, tally; walk cache: of a TSB alone; cache: of reads
                                               that probes put out */
    uint64_t page_size_bytes;  /* lookups, frames, timing, tsb reads; walk cache: of a nested TLB alone */
    unsigned leaf_level;       /* reads, frames, lengths, walk paths: of the format, for the page size */
    bool through_caches;       /* walk paths: reads with the inputs of settle */
    struct filter_spec filter; /* tlb, walk cache, cache */
    int space; /* touch, reads, probes: number of the address space in the plan; lookups: of that whose processes tag them,
                  or STEP_NONE */
    struct timing_spec timing; /* timing */
    struct tsb tsb;            /* tsb reads */
    bool counts_only;          /* probes: puts nothing out */
    uint32_t walk_items; /* nested lookups and reads, and what stands behind them: at most so many of a walk; else 0 */
    struct prefetch prefetch; /* prefetch: all but its hit_cycles */
    uint32_t
        prefetches;   /* prefetch, and what stands behind it: at most so many for each lookup; they are counted apart */
    int map;          /* reads of pages of several sizes: the step that maps; else STEP_NONE */
    bool invalidates; /* map, tlb: invalidations among what comes out */
    struct mapping_spec mapping; /* map */
};

struct step {
    struct step_spec spec;
    uint64_t count
        [2]; /* lookups put out, by kind: [0] data, [1] fetches; of `lookups` before collapsing. Caches, reads: [0] all
                     but those of prefetches, [1] these */
    uint64_t crossings; /* lookups: second lookups */
    uint64_t reach;     /* lookups: of all requests so far */
    uint64_t tag;       /* lookups: of the process that runs, as in requests */
    bool spares_upper;  /* lookups: addresses below 0 have no tag */
    int cpu;            /* whose it is; CPU_ALL */
    uint32_t cpus;      /* of how many, if it is one's */
    int tagged_by;      /* the space whose processes tag what it reads; STEP_NONE where they only have numbers */
    bool is_vector;
    struct filter *filter;
    struct open_filter *open;    /* NULL but in plans of a part: runs the filter */
    struct address_space *space; /* of a tree */
    struct entry_table *table;   /* of what is none */
    struct nested *nested;       /* touch of a guest, nested lookups and reads; else NULL */
    struct tally *tally;
    struct mapping *mapping;                  /* map, and reads of it */
    uint64_t count_of_class[REQUEST_CLASSES]; /* map, tlb, walk cache of several sizes: lookups put out, of map before
                                                 collapsing */
    struct frames *frames;                    /* frames, and who asks them */
    struct prefetcher *prefetcher;
    uint64_t *demand;                         /* settle behind prefetches: the reads but theirs, */
    uint16_t *demand_missing[MACHINE_CACHES]; /* and what is told of them */
    uint16_t *shape_seen;                     /* settle: see settle.h */
    struct timing *timing;
    struct walk_paths *paths;        /* walk paths */
    const struct mappings *mappings; /* the plan's, for these */
    bool tells_missing;              /* walk cache, cache: somebody asks which of its input are in its stream */
    uint16_t *missing;               /* the stream's, if so */
    uint64_t host_reads;             /* nested reads: those of the host's tables among what it put out */
};

/* Gives the step what it needs to run, by its spec; false when out of memory. */
bool step_init(struct step *step, struct arena *arena);

uint64_t step_bytes(const struct step *step);

/* How many items a step puts out at most for one block, and VECTOR_SLACK more. */
size_t step_most_items(const struct step_spec *spec);

struct stream {
    uint64_t *item;  /* item[count] is STREAM_END */
    uint16_t *lanes; /* whose each item is, see lanes.h; NULL in a stream of one step */
    size_t count;
    uint64_t reach; /* of all items that were ever in it, see request_reach */
    bool uncertain; /* there may be uncertain items in it */
    uint16_t
        *missing; /* of a filter that tells: for each item of its input, the lanes in which it is here; else NULL */
};

enum step_result {
    STEP_DONE,
    STEP_BAD_ADDRESS,
    STEP_OUT_OF_MEMORY,
    STEP_OUT_OF_ADDRESSES,
    STEP_TABLE_FULL,
    STEP_TOO_MANY_READS,
    STEP_OUT_OF_GUEST_ADDRESSES,
};

/* Whether the step's output may be in its first input's place. */
bool step_runs_in_place(const struct step_spec *spec);

/* Runs one block: reads `input` streams (as many as the spec has) or, for `lookups`, the block; fills `output`. */
enum step_result step_run(struct step *step, const struct block *block, struct stream *const input[STEP_INPUTS_MAX],
                          struct stream *output);

/* Translations cease to hold, as a process's order has it. Of steps that are filters of them; others do nothing. */
void step_forget(struct step *step, const struct processes_order *order);

/* For `lookups` that may be made from finer ones, see lookups_coarsen. */
void step_coarsen(struct step *step, const struct block *block, const struct stream *finer, struct stream *output);

/* For `reads` and `lengths`, whose inputs are the walks and then, by level, those that read their entry of it: who reads
 * what, as in struct address_space_walks. */
void step_find_readers(const struct step_spec *spec, struct stream *const input[STEP_INPUTS_MAX],
                       const uint16_t *reading[PAGE_TABLE_LEVELS_MAX]);

/* For `settle` and `shapes`, whose inputs are all reads and then those that each cache did not have: as in struct
 * settle_reads. */
void step_find_missing(const struct step_spec *spec, struct stream *const input[STEP_INPUTS_MAX],
                       const uint16_t *missing[MACHINE_CACHES]);

/* For `walk paths`: counts the walks of the inputs, which may be of lanes, in `paths`. False when out of memory. */
bool step_count_paths(const struct step *step, const struct block *block, struct stream *const input[STEP_INPUTS_MAX],
                      bool in_lanes, struct walk_paths *paths);

/* How far the reads in an address space reach, see request_reach. */
uint64_t step_reads_reach(const struct address_space *space);

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
