/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Exact: a count for each depth of the LRU stack. A TLB of E entries misses what stood E deep or deeper, and what was
 * never seen.
 *
 * Sampled at rate R: a lookup of a sampled page at depth k among the sampled pages stands for 1/R lookups at a depth of
 * k/R. M(x), the sampled lookups at depth x or deeper, divided by R estimates the misses of x/R entries; between whole
 * depths it is interpolated, as sizes between the multiples of 1/R are. Of lookups in all it needs no estimate: it knows
 * them.
 *
 * Three things keep M from the truth, and the standard error is made of an estimate of each:
 *
 * - Other pages might have been sampled, with more misses or fewer. Sampled pages are split into GROUPS by further bits
 *   of their hash, and the spread of the groups' misses says by how much. (The spread of the groups' own curves, each
 *   from a stack of its own, would be the simpler thing; it fails where a curve falls steeply, as at the size of a loop,
 *   where each group's curve falls elsewhere.)
 * - Other pages might have been sampled among those that make the depth, so that the curve is shifted along the sizes:
 *   a loop over n pages falls at n only where just nR of them are in the sample. Each sampled lookup is also given a
 *   depth among the pages of its own group, and the spread of the groups' shares in the depths says how much of that
 *   does not cancel out between lookups. By how much the curve then errs is what it changes within three such errors to
 *   either side, divided by three: at a slope that is slope times error, and at a step it is a third of the step as far
 *   as the step may have been missed.
 *   These two go together: a sample with too many pages has too many misses at too great depths. So they are added.
 * - Lookups at one depth are found at several, which blurs the curve. Blurring it once more shows about how much. What
 *   this adds is independent of the others, or small.
 *
 * What no sample can know is what it has not met: a page with a share of the misses that is out of all proportion.
 */
#include "model/curve.h"

#include <assert.h>
#include <math.h>

#include "model/memory.h"
#include "model/random.h"
#include "model/recency.h"

enum {
    GROUPS = 32,
    PAGES_LEAST = 2 * GROUPS, /* sampled, to state an error */

    /* A sample tells of sizes that so many of its pages fill. Where two are to be expected, one sample in 8 has none,
     * and all that is shallower looks like a hit; where it is eight, one in 3000. With 1 to 4 here, streams in which a
     * few hundred pages are hot made errors of up to 17 standard errors, with 8 of up to 4.4: streams such as those of
     * model/curve_test.c. */
    DEPTH_LEAST = 8,

    /* Depths in bins: one each up to EXACT_BINS, then BINS a doubling. */
    BIN_BITS = 4,
    BINS = 1 << BIN_BITS,
    EXACT_BINS = 2 * BINS,
    BIN_DOUBLINGS = 32, /* a stack of pages is not that deep */
    BIN_COUNT = EXACT_BINS + BIN_DOUBLINGS * BINS,

    BLURS = 32,
    FIRST_DEPTHS = 1024,
};

#define NO_PAGE UINT64_MAX

#define SHIFTS 3.0 /* standard errors to either side */

/* What is known of a group, by bins of depth; of all below, the depths are among sampled pages. */
struct group {
    struct recency *recency;  /* of its pages */
    double misses[BIN_COUNT]; /* lookups at the bin's depths; from curve_end on at these and deeper */
    double never;             /* lookups of pages never seen */
    double own[BIN_COUNT];    /* sum of their depths in this group */
    double all[BIN_COUNT];    /* and of the depths in all */
};

struct curve {
    struct arena *arena;
    struct curve_spec spec;
    unsigned page_shift;
    bool sampled;
    uint64_t threshold; /* of hashes */
    uint64_t salt;
    uint64_t recent; /* the page of the last lookup; NO_PAGE before the first */
    uint64_t lookups;
    struct recency *recency;
    uint64_t never;
    uint64_t *depth; /* lookups by depth; from curve_end on at it and deeper */
    uint64_t depth_room;
    uint64_t depth_count;
    struct group *group;            /* of a sample: GROUPS */
    double misses_error[BIN_COUNT]; /* of a sample, both: of the misses, in sampled lookups, */
    double depth_error[BIN_COUNT];  /* and of the depth, relative to it */
};

/* ---- Blocks ---- */

/* Of a sample the stack is deeper than the largest size takes: the error at that size looks beyond it, and is stated of so
 * many pages only. */
static uint64_t stack_limit(const struct curve_spec *spec)
{
    if (spec->entries == 0 || spec->sample_rate == 1)
        return spec->entries;
    const double depth = (double)spec->entries * spec->sample_rate;
    return (uint64_t)(depth + 8 * sqrt(depth)) + PAGES_LEAST;
}

struct curve *curve_create(const struct curve_spec *spec)
{
    assert(spec->page_size_bytes >= ACCESS_SIZE_MAX && (spec->page_size_bytes & (spec->page_size_bytes - 1)) == 0);
    assert(spec->sample_rate > 0 && spec->sample_rate <= 1);
    struct arena *arena = arena_create();
    struct curve *curve = arena != NULL ? arena_alloc(arena, sizeof *curve) : NULL;
    if (curve == NULL) {
        arena_destroy(arena);
        return NULL;
    }
    curve->arena = arena;
    curve->spec = *spec;
    curve->page_shift = (unsigned)__builtin_ctzll(spec->page_size_bytes);
    curve->sampled = spec->sample_rate < 1;
    curve->threshold = curve->sampled ? (uint64_t)ldexp(spec->sample_rate, 64) : UINT64_MAX;
    curve->salt = random_seed(spec->seed, "sample");
    curve->recent = NO_PAGE;
    curve->recency = recency_create(arena, stack_limit(spec));
    curve->depth_count = 1;
    curve->depth_room = FIRST_DEPTHS;
    curve->depth = arena_alloc(arena, curve->depth_room * sizeof *curve->depth);
    bool good = curve->recency != NULL && curve->depth != NULL;
    if (good && curve->sampled) {
        curve->group = arena_alloc(arena, GROUPS * sizeof *curve->group);
        good = curve->group != NULL;
        for (unsigned i = 0; good && i < GROUPS; i++) {
            curve->group[i].recency = recency_create(arena, stack_limit(spec));
            good = curve->group[i].recency != NULL;
        }
    }
    if (good)
        return curve;
    arena_destroy(arena);
    return NULL;
}

void curve_free(struct curve *curve)
{
    if (curve != NULL)
        arena_destroy(curve->arena);
}

static bool grow_depths(struct curve *curve, uint64_t depth)
{
    uint64_t room = curve->depth_room;
    while (room <= depth)
        room *= 2;
    uint64_t *more = arena_grow(curve->arena, curve->depth, curve->depth_room * sizeof *more, room * sizeof *more);
    if (more == NULL)
        return false;
    curve->depth = more;
    curve->depth_room = room;
    return true;
}

static inline bool count_depth(struct curve *curve, uint64_t depth)
{
    if (depth == RECENCY_NEVER) {
        curve->never++;
        return true;
    }
    if (depth >= curve->depth_count) {
        if (depth >= curve->depth_room && !grow_depths(curve, depth))
            return false;
        curve->depth_count = depth + 1;
    }
    curve->depth[depth]++;
    return true;
}

static unsigned bin_of(uint64_t depth)
{
    if (depth < EXACT_BINS)
        return (unsigned)depth;
    const unsigned doubling = 63 - (unsigned)__builtin_clzll(depth) - BIN_BITS;
    const unsigned bin = EXACT_BINS + (doubling - 1) * BINS + (unsigned)(depth >> doubling & (BINS - 1));
    return bin < BIN_COUNT ? bin : BIN_COUNT - 1;
}

/* Not for the slot hash of recency.c: its numbers would then fill few of its slots. */
static inline uint64_t sample_hash(const struct curve *curve, uint64_t page)
{
    uint64_t state = page ^ curve->salt;
    return random_next(&state);
}

static bool look_up_sampled(struct curve *curve, uint64_t page, uint64_t hash)
{
    struct group *group = &curve->group[hash % GROUPS];
    uint64_t depth;
    uint64_t own;
    if (!recency_access(curve->recency, page, &depth) || !recency_access(group->recency, page, &own) ||
        !count_depth(curve, depth))
        return false;
    if (depth == RECENCY_NEVER) {
        group->never++;
        return true;
    }
    const unsigned bin = bin_of(depth);
    group->misses[bin]++;
    group->own[bin] += (double)own;
    group->all[bin] += (double)depth;
    return true;
}

/* Runs of one page are most of a trace. In a sample, depth 0 is not asked for. */
static inline bool look_up(struct curve *curve, uint64_t page)
{
    curve->lookups++;
    if (page == curve->recent) {
        curve->depth[0] += !curve->sampled;
        return true;
    }
    curve->recent = page;
    if (!curve->sampled) {
        uint64_t depth;
        return recency_access(curve->recency, page, &depth) && count_depth(curve, depth);
    }
    const uint64_t hash = sample_hash(curve, page);
    return hash >= curve->threshold || look_up_sampled(curve, page, hash);
}

bool curve_block(struct curve *curve, const struct block *block)
{
    for (uint32_t i = 0; i < block->count; i++) {
        const uint16_t meta = block->meta[i];
        if ((curve->spec.kinds & (access_is_fetch(meta) ? KINDS_INSTRUCTIONS : KINDS_DATA)) == 0)
            continue;
        const uint64_t first = block->va[i] >> curve->page_shift;
        const uint64_t last = (block->va[i] + access_size_bytes(meta) - 1) >> curve->page_shift;
        if (!look_up(curve, first) || (last != first && !look_up(curve, last)))
            return false;
    }
    return true;
}

/* ---- The curve ---- */

static uint64_t least_of_bin(unsigned bin)
{
    if (bin < EXACT_BINS)
        return bin;
    const unsigned doubling = (bin - EXACT_BINS) / BINS + 1;
    return (uint64_t)(BINS + (bin - EXACT_BINS) % BINS) << doubling;
}

/* The variance of a group's value as drawn from those of all. */
static double variance(const double *value, unsigned count)
{
    double mean = 0;
    double squares = 0;
    for (unsigned i = 0; i < count; i++)
        mean += value[i] / count;
    for (unsigned i = 0; i < count; i++)
        squares += (value[i] - mean) * (value[i] - mean);
    return squares / (count - 1);
}

/* The pages of a sample are there or not independently of each other, each with probability R. A sum over them of what
 * page p has, y(p), then has a variance of (1 - R) times the sum of y(p)^2 in the sample, and the groups' sums, G of
 * them, scatter by a G-th of that sum of squares. */
static void end_bin(struct curve *curve, unsigned bin)
{
    const double depth = (double)least_of_bin(bin);
    double misses[GROUPS];
    double share[GROUPS];
    unsigned shares = 0;
    /* Depths from a quarter of a doubling below to one above: the fewer, the more of their spread is that of few
     * lookups. */
    const unsigned first = bin_of((uint64_t)ceil(depth * 0.84));
    const unsigned last = bin_of((uint64_t)(depth * 1.19)) + 1;
    for (unsigned i = 0; i < GROUPS; i++) {
        const struct group *group = &curve->group[i];
        misses[i] = group->misses[bin];
        double own = 0;
        double all = 0;
        for (unsigned near = first; near < last; near++) {
            own += group->own[near];
            all += group->all[near];
        }
        if (all > 0)
            share[shares++] = GROUPS * own / all;
    }
    const double left_out = 1 - curve->spec.sample_rate;
    curve->misses_error[bin] = sqrt(left_out * GROUPS * variance(misses, GROUPS));

    /* Where every lookup meets the same pages, nothing cancels out; where there is little to go by, neither. */
    double most = 1 / fmax(depth, 1);
    if (shares == GROUPS)
        most = fmin(most, variance(share, GROUPS) / GROUPS);
    curve->depth_error[bin] = sqrt(left_out * most);
}

void curve_end(struct curve *curve)
{
    uint64_t misses = curve->never;
    for (uint64_t depth = curve->depth_count; depth-- > 0;)
        curve->depth[depth] = misses += curve->depth[depth];
    for (unsigned i = 0; curve->sampled && i < GROUPS; i++) {
        double deeper = curve->group[i].never;
        for (unsigned bin = BIN_COUNT; bin-- > 0;)
            curve->group[i].misses[bin] = deeper += curve->group[i].misses[bin];
    }
    for (unsigned bin = 0; curve->sampled && bin < BIN_COUNT; bin++)
        end_bin(curve, bin);
}

uint64_t curve_lookups(const struct curve *curve)
{
    return curve->lookups;
}

uint64_t curve_pages(const struct curve *curve)
{
    return recency_count(curve->recency);
}

uint64_t curve_least_of(double sample_rate)
{
    return sample_rate < 1 ? (uint64_t)ceil(DEPTH_LEAST / sample_rate) : 1;
}

uint64_t curve_least(const struct curve *curve)
{
    return curve_least_of(curve->spec.sample_rate);
}

uint64_t curve_most(const struct curve *curve)
{
    if (curve->spec.entries != 0)
        return curve->spec.entries;
    return (uint64_t)ceil((double)curve_pages(curve) / curve->spec.sample_rate);
}

/* Lookups at the depth or deeper, in the sample. */
static uint64_t misses_at(const struct curve *curve, uint64_t depth)
{
    return depth < curve->depth_count ? curve->depth[depth] : curve->never;
}

/* The same between whole depths, of which 1 is the least that a sample tells; beyond the deepest nothing changes. */
static double misses_between(const struct curve *curve, double depth)
{
    depth = fmin(fmax(depth, 1), (double)curve->depth_count);
    const double whole = floor(depth);
    const double left = (double)misses_at(curve, (uint64_t)whole);
    const double right = (double)misses_at(curve, (uint64_t)whole + 1);
    return left + (depth - whole) * (right - left);
}

/* A lookup at a depth of x sampled pages has y of them in the true depth's share, y being Gamma-distributed with mean
 * and variance x where few pages are sampled, and closer where many are. Its quantiles are Wilson and Hilferty's, "The
 * distribution of chi-square", PNAS 17, 1931. */
static double blurred(const struct curve *curve, double depth)
{
    /* Quantiles of the normal distribution, (i + 1/2) / 32 for i = 16 to 31; the others are these, negative. */
    static const double normal[BLURS / 2] = {0.0392, 0.1178, 0.1971, 0.2776, 0.3601, 0.4451, 0.5334, 0.6261,
                                             0.7245, 0.8305, 0.9467, 1.0775, 1.2299, 1.4178, 1.6759, 2.1539};
    const double close = sqrt(1 - curve->spec.sample_rate);
    double sum = 0;
    for (int i = 0; i < BLURS; i++) {
        const double z = i < BLURS / 2 ? normal[i] : -normal[i - BLURS / 2];
        const double root = fmax(0, 1 - 1 / (9 * depth) + z / (3 * sqrt(depth)));
        sum += misses_between(curve, depth + close * depth * (root * root * root - 1));
    }
    return sum / BLURS;
}

/* In sampled lookups. */
static double error_at(const struct curve *curve, double depth)
{
    const unsigned bin = bin_of((uint64_t)depth);
    const double misses = misses_between(curve, depth);
    const double shift = SHIFTS * depth * curve->depth_error[bin];
    const double change =
        fmax(misses_between(curve, depth - shift) - misses, misses - misses_between(curve, depth + shift)) / SHIFTS;
    return hypot(curve->misses_error[bin] + change, blurred(curve, depth) - misses);
}

struct curve_point curve_at(const struct curve *curve, uint64_t entries)
{
    const double lookups = (double)curve->lookups;
    if (!curve->sampled) {
        const double misses = (double)misses_at(curve, entries);
        return (struct curve_point){misses, misses / lookups, 0};
    }
    const double rate = curve->spec.sample_rate;
    const double depth = (double)entries * rate;
    const double misses = fmin(lookups, misses_between(curve, depth) / rate);
    const bool enough = curve_pages(curve) >= PAGES_LEAST;
    return (struct curve_point){misses, misses / lookups, enough ? error_at(curve, depth) / rate / lookups : NAN};
}
