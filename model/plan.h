/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A plan runs any number of configurations over one stream of blocks. It is a list of steps in which what two
 * configurations share stands once; see step.h for these, request.h for what flows between them, and schedule.h for how
 * they are run. One configuration is a plan like any other. A plan begins cold, in fresh address spaces, and is for one
 * trace.
 */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include "model/access.h"
#include "model/counters.h"
#include "model/err.h"
#include "model/machine.h"
#include "model/walk_paths.h"

/* A bound: what is left where translation costs nothing, or is not there. IDEAL_PERFECT_TLB: every lookup hits level 1,
 * whatever the machine's arrays are; pages are touched and have their tables. IDEAL_NO_TRANSLATION: addresses are physical,
 * nothing is looked up, and there are no pages and no tables. */
enum ideal { IDEAL_NONE, IDEAL_PERFECT_TLB, IDEAL_NO_TRANSLATION };

extern const char *const ideal_names[]; /* by enum ideal, the first "", NULL-terminated */

struct configuration {
    struct machine machine;
    enum kinds only; /* KINDS_ALL, or the kinds that are left in the trace */
    uint64_t seed;   /* of the random policy's generators */
    bool walk_paths; /* count walks by their paths, see plan_walk_paths */
    enum ideal ideal;
};

struct plan;

/* `configurations` are read here only. Errors: out of memory. */
struct plan *plan_create(const struct configuration *configurations, size_t count, struct err *err);
void plan_free(struct plan *plan);

/* A plan that cannot run, but be described and measured: it takes a few KB a configuration. Errors: out of memory. */
struct plan *plan_outline(const struct configuration *configurations, size_t count, struct err *err);

/* Deals configurations out to at most `parts` plans: part_of[i] is that of configuration i. Those that share most stay
 * together, and each plan gets about as many, of small pages and of large ones. Configurations that differ in nothing
 * but latencies are parted only where these take time, with a core, and a bound and the configuration before it never. The same for
 * the same configurations. Returns how many parts there are, from 0 on and
 * none of them empty; 0 with err when out of memory. */
unsigned plan_divide(const struct configuration *configurations, size_t count, unsigned parts, unsigned *part_of,
                     struct err *err);

/* Runs one block through all configurations. Errors: an address that a page-table format cannot express, naming its
 * record and line; out of memory. After an error the plan is only good for plan_free. */
bool plan_block(struct plan *plan, const struct block *block, struct err *err);

/* ---- Parts of a trace ----
 *
 * A trace may be cut anywhere and its parts run side by side, each through a plan of its own that begins without knowing
 * what stands before. Joined in order, they count what one plan counts that runs the whole:
 *
 *     whole = plan_create_whole                               a plan like any other, that runs every step on its own
 *     part  = plan_create_open, plan_block ...                for each part, on any thread
 *     plan_join(whole, part)                                  in the order of the trace
 *
 * This works where all that a filter remembers is in which order it was asked, and pays where its sets are not large. */

/* Whether the configurations' plan can be cut so. False with what stands in the way in `why`, and the way out where
 * there is one: an array that is not LRU, takes victims, is for stores alone, has a prefetcher behind it, has entries of
 * several pages, PDEs or more than VECTOR_WAYS_MAX ways, a walk cache of as many, read costs that come from caches, whose
 * sets depend on the order in which pages were first touched, a core, several CPUs, pages of several sizes, or walks that
 * are counted by their paths. */
bool plan_can_be_cut(const struct configuration *configurations, size_t count, struct err *why);

/* A plan that parts can be joined to. Errors: out of memory. */
struct plan *plan_create_whole(const struct configuration *configurations, size_t count, struct err *err);

/* A plan for a part: of configurations that can be cut, the same in the same order as those of the plan that it is to be
 * joined to. Errors: out of memory. */
struct plan *plan_create_open(const struct configuration *configurations, size_t count, struct err *err);

/* Makes `whole`, which has run all that stands before the part, what it would be if it had run the part as well. The
 * part stays as it is. Errors: out of memory; `whole` is then only good for plan_free. */
bool plan_join(struct plan *whole, const struct plan *part, struct err *err);

/* Makes the plan of a part that has been joined one for another part. The pages that it has touched stay touched, which
 * saves time and changes nothing: they are in the whole. */
void plan_reopen(struct plan *part);

/* What configuration `index` has counted so far. */
void plan_counters(const struct plan *plan, size_t index, struct counters *counters);

/* What addresses are mapped to from the next block on; the ranges must live until the next call. Without one, all that
 * is walked for is of mapping 0. */
void plan_map(struct plan *plan, const struct mappings *mappings);

/* Whether walks of the machine can be counted by their paths: those of trees, of pages of one size, that walk caches alone
 * shorten. False with what stands in the way in `why`, a clause. */
bool plan_can_count_paths(const struct machine *machine, struct err *why);

/* Adds to `taken` how many walks of a kind (WALK_DATA, WALK_FETCHES) and for a mapping took each path, as far as the
 * configuration counts them. False where there is no walk for this mapping nor any beyond it. */
bool plan_walk_paths(const struct plan *plan, size_t index, uint32_t mapping, unsigned kind,
                     uint64_t taken[WALK_PATHS]);

/* About what the plan takes, page tables aside: with the tags that traces mostly need, and all of them used. */
uint64_t plan_bytes(const struct plan *plan);

/* What its address spaces take, and how many pages have been touched in them. */
uint64_t plan_page_bytes(const struct plan *plan, uint64_t *pages);

/* Writes the plan as a tree of its passes, each below the one that it reads from, and what time and memory it takes. */
void plan_describe(const struct plan *plan, FILE *out);

#endif
