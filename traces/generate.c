/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/generate.h"

#include <assert.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/units.h"

/* Tables are drawn before the first access. The limit is for typing errors; the largest useful ones are far below. */
static const uint64_t table_bytes_max = UINT64_C(2) << 30;

struct generate {
    struct generate_options options;
    uint64_t footprint_bytes;
    uint64_t accesses; /* made so far */
    uint64_t position; /* where the generators that walk stand */
    uint32_t *order;   /* a shuffled 0, 1, 2, ...: zipf's pages by rank, chase's lines by turn */
    gsl_rng *rng;
    gsl_ran_discrete_t *ranks;
};

/* The 64-bit Mersenne Twister of Nishimura and Matsumoto (mt19937-64, 2004), as a generator for GSL's distributions.
 *
 * GSL's own mt19937 keeps 32 bits of the seed and takes 0 for 4357, so that seeds which differ would give one stream;
 * its 32-bit draws also reach no further than a footprint of 32G. */
enum { TWISTER_WORDS = 312, TWISTER_MIDDLE = 156 };

struct twister {
    uint64_t word[TWISTER_WORDS];
    uint32_t next;
};

static void twister_set(void *state, unsigned long seed)
{
    struct twister *twister = state;
    uint64_t *word = twister->word;
    word[0] = seed;
    for (uint64_t i = 1; i < TWISTER_WORDS; i++)
        word[i] = UINT64_C(6364136223846793005) * (word[i - 1] ^ word[i - 1] >> 62) + i;
    twister->next = TWISTER_WORDS;
}

static void twister_turn(struct twister *twister)
{
    const uint64_t low = (UINT64_C(1) << 31) - 1;
    uint64_t *word = twister->word;
    for (uint32_t i = 0; i < TWISTER_WORDS; i++) {
        const uint64_t x = (word[i] & ~low) | (word[(i + 1) % TWISTER_WORDS] & low);
        word[i] = word[(i + TWISTER_MIDDLE) % TWISTER_WORDS] ^ x >> 1 ^ ((x & 1) * UINT64_C(0xb5026f5aa96619e9));
    }
    twister->next = 0;
}

static unsigned long twister_get(void *state)
{
    struct twister *twister = state;
    if (twister->next == TWISTER_WORDS)
        twister_turn(twister);
    uint64_t x = twister->word[twister->next++];
    x ^= x >> 29 & UINT64_C(0x5555555555555555);
    x ^= x << 17 & UINT64_C(0x71d67fffeda60000);
    x ^= x << 37 & UINT64_C(0xfff7eee000000000);
    return x ^ x >> 43;
}

static double twister_get_double(void *state)
{
    return (double)(twister_get(state) >> 11) * 0x1p-53;
}

static const gsl_rng_type twister_type = {
    "mt19937-64", UINT64_MAX, 0, sizeof(struct twister), twister_set, twister_get, twister_get_double,
};

/* Any word of `pages` pages, the first being `page`. */
static uint64_t draw_word(struct generate *g, uint64_t page, uint64_t pages)
{
    const uint64_t size = g->options.page_size_bytes;
    return page * size + gsl_rng_uniform_int(g->rng, pages * size / GENERATE_ACCESS_BYTES) * GENERATE_ACCESS_BYTES;
}

/* Where the walk stands; then it goes on by `step`, round and round in [0, end). step <= end. */
static uint64_t walk(struct generate *g, uint64_t step, uint64_t end)
{
    const uint64_t here = g->position;
    g->position = here < end - step ? here + step : here - (end - step);
    return here;
}

static bool table_fits(const struct generate *g, uint64_t items, uint64_t item_bytes, const char *item, struct err *err)
{
    if (items <= table_bytes_max / item_bytes)
        return true;
    char footprint[UNITS_SIZE_TEXT];
    char limit[UNITS_SIZE_TEXT];
    return err_set(err,
                   "%s over %s needs %" PRIu64 " bytes of tables (%" PRIu64 " for each %s), and the limit is %s, which "
                   "serves %" PRIu64 ". Take fewer pages.",
                   g->options.kind->name, units_format_size(g->footprint_bytes, footprint), items * item_bytes,
                   item_bytes, item, units_format_size(table_bytes_max, limit), table_bytes_max / item_bytes);
}

static bool order_draw(struct generate *g, uint64_t items, struct err *err)
{
    g->order = malloc(items * sizeof *g->order);
    if (g->order == NULL)
        return err_set(err, "no memory for a table of %" PRIu64 " bytes. Take fewer pages.", items * sizeof *g->order);
    for (uint32_t i = 0; i < items; i++)
        g->order[i] = i;
    gsl_ran_shuffle(g->rng, g->order, items, sizeof *g->order);
    return true;
}

static uint64_t sequential_next(struct generate *g)
{
    return walk(g, GENERATE_ACCESS_BYTES, g->footprint_bytes);
}

static bool stride_prepare(struct generate *g, struct err *err)
{
    const uint64_t stride = g->options.stride_bytes;
    if (stride == 0 || stride % GENERATE_ACCESS_BYTES != 0)
        return err_set(err,
                       "a stride of %" PRIu64 " bytes is not a multiple of 8, the size of an access. Take %" PRIu64 ".",
                       stride, stride < GENERATE_ACCESS_BYTES ? GENERATE_ACCESS_BYTES : stride & ~UINT64_C(7));
    if (stride > g->footprint_bytes)
        return err_set(err,
                       "a stride of %" PRIu64 " bytes passes the footprint, %" PRIu64 " bytes (%" PRIu64
                       " pages of %" PRIu64 "). Take a shorter stride or more pages.",
                       stride, g->footprint_bytes, g->options.pages, g->options.page_size_bytes);
    return true;
}

static uint64_t stride_next(struct generate *g)
{
    return walk(g, g->options.stride_bytes, g->footprint_bytes);
}

static uint64_t uniform_next(struct generate *g)
{
    return draw_word(g, 0, g->options.pages);
}

static bool zipf_prepare(struct generate *g, struct err *err)
{
    /* An entry of `order`, a weight, and what gsl_ran_discrete_preproc takes: a copy of the weight, an entry of a
     * stack, and the two of its table. */
    enum { PAGE_BYTES = sizeof(uint32_t) + 3 * sizeof(double) + 2 * sizeof(size_t) };
    const uint64_t pages = g->options.pages;
    if (!isfinite(g->options.exponent) || g->options.exponent < 0)
        return err_set(err, "a Zipf exponent of %g is not a number from 0 (uniform) up. 0.99 is usual.",
                       g->options.exponent);
    if (!table_fits(g, pages, PAGE_BYTES, "page", err) || !order_draw(g, pages, err))
        return false;
    double *weight = malloc(pages * sizeof *weight);
    if (weight == NULL)
        return err_set(err, "no memory for a table of %" PRIu64 " bytes. Take fewer pages.", pages * sizeof *weight);
    for (uint64_t rank = 1; rank <= pages; rank++)
        weight[rank - 1] = pow((double)rank, -g->options.exponent);
    g->ranks = gsl_ran_discrete_preproc(pages, weight);
    free(weight);
    return true;
}

static uint64_t zipf_next(struct generate *g)
{
    return draw_word(g, g->order[gsl_ran_discrete(g->rng, g->ranks)], 1);
}

static uint64_t gaussian_next(struct generate *g)
{
    const double pages = (double)g->options.pages;
    double page;
    do {
        page = pages / 2 + gsl_ran_gaussian(g->rng, pages / 8);
    } while (page < 0 || (uint64_t)page >= g->options.pages);
    return draw_word(g, (uint64_t)page, 1);
}

static bool chase_prepare(struct generate *g, struct err *err)
{
    const uint64_t lines = g->footprint_bytes / GENERATE_LINE_BYTES;
    return table_fits(g, lines, sizeof *g->order, "64-byte line", err) && order_draw(g, lines, err);
}

static uint64_t chase_next(struct generate *g)
{
    return (uint64_t)g->order[walk(g, 1, g->footprint_bytes / GENERATE_LINE_BYTES)] * GENERATE_LINE_BYTES;
}

/* Where phase `phase` starts in a whole, be it of accesses or of pages: the parts differ by at most one. */
static uint64_t phase_start(uint64_t whole, uint64_t phase)
{
    return whole / GENERATE_PHASES * phase + whole % GENERATE_PHASES * phase / GENERATE_PHASES;
}

static bool phases_prepare(struct generate *g, struct err *err)
{
    if (g->options.pages < GENERATE_PHASES)
        return err_set(
            err, "phases over %" PRIu64 " pages: each of the %d phases has pages of its own. Take 8 pages or more.",
            g->options.pages, GENERATE_PHASES);
    return true;
}

static uint64_t phases_next(struct generate *g)
{
    while (g->accesses >= phase_start(g->options.accesses, g->position + 1))
        g->position++;
    const uint64_t start = phase_start(g->options.pages, g->position);
    return draw_word(g, start, phase_start(g->options.pages, g->position + 1) - start);
}

const struct generator generators[] = {
    {"sequential", "8-byte words one after the other, from the first page to the last and round again", 0, NULL,
     sequential_next},
    {"stride", "base, base + stride, base + 2 strides, ..., modulo the footprint", GENERATE_STRIDE, stride_prepare,
     stride_next},
    {"uniform", "any word of the footprint, each as likely", 0, NULL, uniform_next},
    {"zipf", "the page of rank k with weight 1/k^exponent, ranks shuffled over the pages; any word of the page",
     GENERATE_EXPONENT, zipf_prepare, zipf_next},
    {"gaussian", "a page normally distributed about the middle one, sigma an eighth of the pages; any word of the page",
     0, NULL, gaussian_next},
    {"chase", "a pointer chase: the footprint's 64-byte lines in one shuffled order, round and round", 0, chase_prepare,
     chase_next},
    {"phases", "8 equal parts in time, each in its own eighth of the pages, in address order; any word of that eighth",
     0, phases_prepare, phases_next},
    {0},
};

const struct generate_options generate_defaults = {
    .accesses = 1000000,
    .pages = 1024,
    .page_size_bytes = 4096,
    .base = 0x40000000,
    .stride_bytes = 4096,
    .exponent = 0.99,
    .store_share = 0,
    .seed = 1,
};

const struct generator *generator_find(const char *name, struct err *err)
{
    const char *names[sizeof generators / sizeof *generators];
    char all[256] = "";
    for (size_t i = 0; i < sizeof generators / sizeof *generators; i++) {
        names[i] = generators[i].name;
        if (names[i] == NULL)
            break;
        if (strcmp(name, names[i]) == 0)
            return &generators[i];
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i == 0 ? "" : ", ", names[i]);
    }
    const char *nearest = err_nearest(name, names);
    if (nearest != NULL)
        err_set(err, "there is no generator '%s'. Did you mean '%s'?", name, nearest);
    else
        err_set(err, "there is no generator '%s'. There are: %s.", name, all);
    return NULL;
}

/* What every generator asks of its options. */
static bool check_options(const struct generate_options *options, struct err *err)
{
    const uint64_t size = options->page_size_bytes;
    uint64_t footprint;
    if (options->accesses == 0)
        return err_set(err, "0 accesses make no trace. Take 1 or more.");
    if (options->pages == 0)
        return err_set(err, "0 pages leave nothing to access. Take 1 or more.");
    if (size < GENERATE_LINE_BYTES || (size & (size - 1)) != 0)
        return err_set(
            err, "a page size of %" PRIu64 " bytes is not a power of two from 64 up. 4K, 64K and 2M are usual.", size);
    if (options->base % size != 0)
        return err_set(err,
                       "the base 0x%" PRIx64 " is not a multiple of the page size, %" PRIu64
                       " bytes, so that pages would not be pages. 0x%" PRIx64 " is.",
                       options->base, size, options->base - options->base % size);
    if (__builtin_mul_overflow(options->pages, size, &footprint) || options->base > UINT64_MAX - (footprint - 1))
        return err_set(err,
                       "%" PRIu64 " pages of %" PRIu64 " bytes from 0x%" PRIx64
                       " pass the last address, 2^64 - 1. Take fewer pages, smaller ones or a lower base.",
                       options->pages, size, options->base);
    if (!(options->store_share >= 0 && options->store_share <= 1))
        return err_set(err, "a share of stores of %g is not between 0 (all loads) and 1 (all stores).",
                       options->store_share);
    return true;
}

bool generate_open(const struct generate_options *options, struct generate **generate, struct err *err)
{
    assert(options->kind != NULL);
    if (!check_options(options, err))
        return false;
    struct generate *g = calloc(1, sizeof *g);
    if (g == NULL)
        return err_set(err, "no memory for a generator.");
    g->options = *options;
    g->footprint_bytes = options->pages * options->page_size_bytes;
    g->rng = gsl_rng_alloc(&twister_type);
    gsl_rng_set(g->rng, options->seed);
    if (options->kind->prepare != NULL && !options->kind->prepare(g, err)) {
        generate_close(g);
        return false;
    }
    *generate = g;
    return true;
}

void generate_next(struct generate *g, struct block *block)
{
    const uint16_t load = access_meta(ACCESS_LOAD, GENERATE_ACCESS_BYTES);
    const uint16_t store = access_meta(ACCESS_STORE, GENERATE_ACCESS_BYTES);
    const uint64_t left = g->options.accesses - g->accesses;
    block_begin(block, g->accesses + 1);
    block->count = left < BLOCK_ACCESSES ? (uint32_t)left : BLOCK_ACCESSES;
    block->mark_count = block->count > 0;
    block->mark[0] = (struct block_mark){.position = 0, .line = block->first_record};
    for (uint32_t i = 0; i < block->count; i++) {
        /* Drawn at every share, also 0 and 1, so that the addresses stay what they are. */
        block->meta[i] = gsl_ran_bernoulli(g->rng, g->options.store_share) ? store : load;
        block->va[i] = g->options.base + g->options.kind->next(g);
        g->accesses++;
    }
    block_summarise(block);
}

void generate_close(struct generate *g)
{
    if (g == NULL)
        return;
    if (g->ranks != NULL)
        gsl_ran_discrete_free(g->ranks);
    gsl_rng_free(g->rng);
    free(g->order);
    free(g);
}
