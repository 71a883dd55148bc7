/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/generate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The longest stream here. */
enum { ACCESSES_MAX = 400000 };

static uint64_t va[ACCESSES_MAX];
static uint64_t other_va[ACCESSES_MAX];
static uint64_t counts[1 << 16];

static struct generate_options options_of(const char *name, uint64_t accesses)
{
    struct err err;
    struct generate_options options = generate_defaults;
    options.kind = generator_find(name, &err);
    assert_non_null(options.kind);
    options.accesses = accesses;
    return options;
}

/* Draws the whole stream into `addresses`, checks what holds for every access, and returns the stores. */
static uint64_t draw(const struct generate_options *options, uint64_t *addresses)
{
    static struct block block;
    struct err err;
    struct generate *generate;
    uint64_t accesses = 0;
    uint64_t stores = 0;
    assert_true(options->accesses <= ACCESSES_MAX);
    if (!generate_open(options, &generate, &err))
        fail_msg("%s", err.text);
    for (generate_next(generate, &block); block.count > 0; generate_next(generate, &block)) {
        assert_int_equal(block.first_record, accesses + 1);
        for (uint32_t i = 0; i < block.count; i++) {
            const uint64_t offset = block.va[i] - options->base;
            if (offset >= options->pages * options->page_size_bytes || offset % 8 != 0 ||
                access_size_bytes(block.meta[i]) != 8 || block_line(&block, i) != accesses + 1)
                fail_msg("access %lu", accesses + 1);
            const enum access_kind kind = access_kind(block.meta[i]);
            assert_true(kind == ACCESS_LOAD || kind == ACCESS_STORE);
            stores += kind == ACCESS_STORE;
            addresses[accesses++] = block.va[i];
        }
    }
    assert_int_equal(accesses, options->accesses);
    generate_next(generate, &block);
    assert_int_equal(block.count, 0);
    generate_close(generate);
    return stores;
}

/* Counts the addresses from `first` to `end` by unit of `unit_bytes` from base. */
static void count_units(const struct generate_options *options, uint64_t first, uint64_t end, uint64_t unit_bytes)
{
    memset(counts, 0, sizeof counts);
    for (uint64_t i = first; i < end; i++)
        counts[(va[i] - options->base) / unit_bytes]++;
}

/* The chance of counts that are further from equal than these. */
static double chi_square_chance(uint64_t units, uint64_t draws)
{
    const double expected = (double)draws / (double)units;
    double sum = 0;
    for (uint64_t i = 0; i < units; i++)
        sum += pow((double)counts[i] - expected, 2) / expected;
    return gsl_cdf_chisq_Q(sum, (double)(units - 1));
}

static void assert_uniform(uint64_t units, uint64_t draws)
{
    const double chance = chi_square_chance(units, draws);
    if (chance < 1e-3 || chance > 1 - 1e-3)
        fail_msg("a chance of %g", chance);
}

/* In doubles; cmocka compares floats. */
static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%g is not %g +- %g", value, expected, tolerance);
}

static void sequential_is_every_word_in_turn(void **state)
{
    (void)state;
    struct generate_options options = options_of("sequential", 10000);
    options.pages = 3;
    draw(&options, va);
    for (uint64_t i = 0; i < options.accesses; i++)
        assert_int_equal(va[i], options.base + i % (3 * 4096 / 8) * 8);
}

static void stride_wraps_modulo_the_footprint(void **state)
{
    (void)state;
    struct generate_options options = options_of("stride", 5000);
    options.pages = 7;
    const uint64_t strides[] = {8, 72, 4096, 4104, 3 * 4096, 7 * 4096 - 8, 7 * 4096};
    for (size_t s = 0; s < sizeof strides / sizeof *strides; s++) {
        options.stride_bytes = strides[s];
        draw(&options, va);
        for (uint64_t i = 0; i < options.accesses; i++)
            assert_int_equal(va[i], options.base + i * strides[s] % (7 * 4096));
    }
}

static void the_end_of_the_address_space_is_reached(void **state)
{
    (void)state;
    struct generate_options options = options_of("stride", 4);
    options.page_size_bytes = UINT64_C(1) << 62;
    options.pages = 3;
    options.base = UINT64_C(1) << 62;
    options.stride_bytes = UINT64_C(2) << 62;
    draw(&options, va);
    assert_int_equal(va[1], UINT64_C(3) << 62);
    assert_int_equal(va[2], UINT64_C(2) << 62);
    options = options_of("sequential", 8);
    options.page_size_bytes = 64;
    options.pages = 1;
    options.base = UINT64_MAX - 63;
    draw(&options, va);
    assert_int_equal(va[7] + 7, UINT64_MAX);
}

/* The C++ standard's check value of mt19937_64 ([rand.predef]): the 10000th draw of seed 5489. An access draws its
 * kind, then its address. */
static void draws_come_from_the_64_bit_twister(void **state)
{
    (void)state;
    struct generate_options options = options_of("uniform", 5000);
    options.seed = 5489;
    options.pages = UINT64_C(1) << 40;
    draw(&options, va);
    const uint64_t words = options.pages * 4096 / 8;
    assert_int_equal((va[4999] - options.base) / 8, UINT64_C(9981545732273789042) / (UINT64_MAX / words));
}

static void uniform_is_uniform(void **state)
{
    (void)state;
    struct generate_options options = options_of("uniform", 200000);
    options.pages = 100;
    draw(&options, va);
    count_units(&options, 0, options.accesses, 4096);
    assert_uniform(100, options.accesses);
    options.pages = 1;
    draw(&options, va);
    count_units(&options, 0, options.accesses, 8);
    assert_uniform(512, options.accesses);
}

static int descending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x < y) - (x > y);
}

/* Of the 40 most frequent pages: far enough from the tail, where sorting by count makes the slope steeper. */
static void zipf_has_its_slope(void **state)
{
    (void)state;
    enum { RANKS = 40 };
    const double exponents[] = {0.5, 0.99, 1.5};
    for (size_t e = 0; e < sizeof exponents / sizeof *exponents; e++) {
        struct generate_options options = options_of("zipf", 400000);
        options.exponent = exponents[e];
        options.pages = 500;
        draw(&options, va);
        count_units(&options, 0, options.accesses, 4096);
        qsort(counts, options.pages, sizeof *counts, descending);
        double rank[RANKS];
        double count[RANKS];
        for (int k = 0; k < RANKS; k++) {
            rank[k] = log(k + 1);
            count[k] = log((double)counts[k]);
        }
        double c0, slope, v00, v01, v11, residue;
        gsl_fit_linear(rank, 1, count, 1, RANKS, &c0, &slope, &v00, &v01, &v11, &residue);
        assert_near(slope, -exponents[e], 0.03);
    }
}

static void zipf_shuffles_its_ranks_and_spreads_over_the_page(void **state)
{
    (void)state;
    struct generate_options options = options_of("zipf", 100000);
    draw(&options, va);
    count_units(&options, 0, options.accesses, 4096);
    uint64_t top = 0;
    for (uint64_t page = 1; page < options.pages; page++)
        top = counts[page] > counts[top] ? page : top;
    assert_true(top > 1);
    options.pages = 1;
    draw(&options, va);
    count_units(&options, 0, options.accesses, 8);
    assert_uniform(512, options.accesses);
}

static void zipf_of_exponent_0_is_uniform(void **state)
{
    (void)state;
    struct generate_options options = options_of("zipf", 200000);
    options.exponent = 0;
    options.pages = 100;
    draw(&options, va);
    count_units(&options, 0, options.accesses, 4096);
    assert_uniform(100, options.accesses);
}

/* Cut at 4 sigma, which takes 0.1 % off sigma. The standard errors are sigma/sqrt(n) and sigma/sqrt(2n). */
static void gaussian_has_its_mean_and_sigma(void **state)
{
    (void)state;
    struct generate_options options = options_of("gaussian", 200000);
    static double page[200000];
    draw(&options, va);
    for (uint64_t i = 0; i < options.accesses; i++)
        page[i] = (double)((va[i] - options.base) / 4096) + 0.5;
    const double mean = gsl_stats_mean(page, 1, options.accesses);
    assert_near(mean, 512, 4 * 128 / sqrt(200000));
    assert_near(gsl_stats_sd(page, 1, options.accesses), 128, 0.002 * 128 + 4 * 128 / sqrt(2 * 200000));
}

/* At an end that is clamped to, the outermost pages would hold the 32 draws per million beyond it. */
static void gaussian_redraws_what_falls_outside(void **state)
{
    (void)state;
    struct generate_options options = options_of("gaussian", 400000);
    options.pages = 4096;
    draw(&options, va);
    count_units(&options, 0, options.accesses, 4096);
    assert_true(counts[0] <= 2 && counts[4095] <= 2);
}

static void chase_is_one_cycle_through_every_line(void **state)
{
    (void)state;
    enum { LINES = 100 * 4096 / 64 };
    struct generate_options options = options_of("chase", 2 * LINES + 10);
    options.pages = 100;
    draw(&options, va);
    count_units(&options, 0, LINES, 64);
    for (uint64_t line = 0; line < LINES; line++)
        assert_int_equal(counts[line], 1);
    uint64_t neighbours = 0;
    for (uint64_t i = 0; i < options.accesses; i++) {
        assert_int_equal(va[i] % 64, 0);
        if (i >= LINES)
            assert_int_equal(va[i], va[i - LINES]);
        neighbours += i > 0 && va[i] == va[i - 1] + 64;
    }
    assert_true(neighbours < 20); /* 2 expected in a shuffled order */
}

static void phases_have_windows_of_their_own(void **state)
{
    (void)state;
    struct generate_options options = options_of("phases", 160003);
    options.pages = 85;
    draw(&options, va);
    uint64_t first = 0;
    for (uint64_t phase = 0; phase < 8; phase++) {
        const uint64_t end = 160003 * (phase + 1) / 8;
        const uint64_t first_page = 85 * phase / 8;
        const uint64_t end_page = 85 * (phase + 1) / 8;
        count_units(&options, first, end, 4096);
        uint64_t inside = 0;
        for (uint64_t page = first_page; page < end_page; page++)
            inside += counts[page];
        assert_int_equal(inside, end - first);
        memmove(counts, counts + first_page, (end_page - first_page) * sizeof *counts);
        assert_uniform(end_page - first_page, inside);
        first = end;
    }
    options.accesses = 3; /* fewer than phases: some are empty */
    draw(&options, va);
}

static void stores_have_their_share(void **state)
{
    (void)state;
    const double shares[] = {0.01, 0.3, 0.5, 0.9};
    struct generate_options options = options_of("uniform", 100000);
    draw(&options, other_va);
    for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
        options.store_share = shares[s];
        const double stores = (double)draw(&options, va);
        assert_near(stores, 1e5 * shares[s], 4 * sqrt(1e5 * shares[s] * (1 - shares[s])));
        assert_memory_equal(va, other_va, 100000 * sizeof *va);
    }
    options.store_share = 0;
    assert_int_equal(draw(&options, va), 0);
    options.store_share = 1;
    assert_int_equal(draw(&options, va), 100000);
}

/* Also in the upper half of the seed's bits, and 0 from GSL's stand-in for it. */
static void seeds_tell_streams_apart(void **state)
{
    (void)state;
    const uint64_t seeds[] = {0, 1, 4357, 5489, (UINT64_C(1) << 32) + 1, UINT64_MAX};
    enum { ACCESSES = 1000, SEEDS = sizeof seeds / sizeof *seeds };
    for (const struct generator *kind = generators; kind->name != NULL; kind++) {
        struct generate_options options = options_of(kind->name, ACCESSES);
        const bool fixed = strcmp(kind->name, "sequential") == 0 || strcmp(kind->name, "stride") == 0;
        for (int s = 0; s < SEEDS; s++) {
            options.seed = seeds[s];
            draw(&options, va);
            draw(&options, other_va + s * ACCESSES);
            assert_memory_equal(va, other_va + s * ACCESSES, ACCESSES * sizeof *va);
            for (int t = 0; t < s; t++) {
                const bool same = memcmp(other_va + t * ACCESSES, va, ACCESSES * sizeof *va) == 0;
                assert_int_equal(same, fixed);
            }
        }
    }
}

static void assert_refused(const struct generate_options *options, const char *text)
{
    struct err err;
    struct generate *generate = NULL;
    assert_false(generate_open(options, &generate, &err));
    assert_null(generate);
    assert_string_equal(err.text, text);
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    const struct generate_options right = options_of("uniform", 10);
    struct generate_options wrong = right;
    wrong.accesses = 0;
    assert_refused(&wrong, "0 accesses make no trace. Take 1 or more.");
    wrong = right;
    wrong.pages = 0;
    assert_refused(&wrong, "0 pages leave nothing to access. Take 1 or more.");
    wrong = right;
    wrong.page_size_bytes = 32;
    assert_refused(&wrong, "a page size of 32 bytes is not a power of two from 64 up. 4K, 64K and 2M are usual.");
    wrong.page_size_bytes = 5000;
    assert_refused(&wrong, "a page size of 5000 bytes is not a power of two from 64 up. 4K, 64K and 2M are usual.");
    wrong = right;
    wrong.base = 0x1800;
    assert_refused(&wrong, "the base 0x1800 is not a multiple of the page size, 4096 bytes, so that pages would not be "
                           "pages. 0x1000 is.");
    wrong = right;
    wrong.pages = UINT64_MAX;
    assert_refused(&wrong, "18446744073709551615 pages of 4096 bytes from 0x40000000 pass the last address, 2^64 - 1. "
                           "Take fewer pages, smaller ones or a lower base.");
    wrong = right;
    wrong.pages = 2;
    wrong.base = UINT64_MAX - 4095;
    assert_refused(&wrong, "2 pages of 4096 bytes from 0xfffffffffffff000 pass the last address, 2^64 - 1. Take fewer "
                           "pages, smaller ones or a lower base.");
    wrong = right;
    wrong.store_share = 1.5;
    assert_refused(&wrong, "a share of stores of 1.5 is not between 0 (all loads) and 1 (all stores).");
    wrong.store_share = NAN;
    assert_refused(&wrong, "a share of stores of nan is not between 0 (all loads) and 1 (all stores).");
}

static void wrong_options_of_one_generator_are_refused(void **state)
{
    (void)state;
    struct generate_options wrong = options_of("stride", 10);
    wrong.stride_bytes = 0;
    assert_refused(&wrong, "a stride of 0 bytes is not a multiple of 8, the size of an access. Take 8.");
    wrong.stride_bytes = 100;
    assert_refused(&wrong, "a stride of 100 bytes is not a multiple of 8, the size of an access. Take 96.");
    wrong.stride_bytes = 16384;
    wrong.pages = 2;
    assert_refused(&wrong, "a stride of 16384 bytes passes the footprint, 8192 bytes (2 pages of 4096). Take a shorter "
                           "stride or more pages.");
    wrong = options_of("zipf", 10);
    wrong.exponent = -1;
    assert_refused(&wrong, "a Zipf exponent of -1 is not a number from 0 (uniform) up. 0.99 is usual.");
    wrong.exponent = INFINITY;
    assert_refused(&wrong, "a Zipf exponent of inf is not a number from 0 (uniform) up. 0.99 is usual.");
    wrong = options_of("zipf", 10);
    wrong.pages = UINT64_C(1) << 40;
    assert_refused(&wrong, "zipf over 4P needs 48378511622144 bytes of tables (44 for each page), and the limit is 2G, "
                           "which serves 48806446. Take fewer pages.");
    wrong = options_of("chase", 10);
    wrong.pages = UINT64_C(1) << 24;
    assert_refused(&wrong,
                   "chase over 64G needs 4294967296 bytes of tables (4 for each 64-byte line), and the limit is "
                   "2G, which serves 536870912. Take fewer pages.");
    wrong = options_of("phases", 10);
    wrong.pages = 7;
    assert_refused(&wrong, "phases over 7 pages: each of the 8 phases has pages of its own. Take 8 pages or more.");
}

static void an_unknown_generator_is_told_the_nearest(void **state)
{
    (void)state;
    struct err err;
    assert_null(generator_find("zpif", &err));
    assert_string_equal(err.text, "there is no generator 'zpif'. Did you mean 'zipf'?");
    assert_null(generator_find("quicksort", &err));
    assert_string_equal(err.text, "there is no generator 'quicksort'. There are: sequential, stride, uniform, zipf, "
                                  "gaussian, chase, phases.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequential_is_every_word_in_turn),
        cmocka_unit_test(stride_wraps_modulo_the_footprint),
        cmocka_unit_test(the_end_of_the_address_space_is_reached),
        cmocka_unit_test(draws_come_from_the_64_bit_twister),
        cmocka_unit_test(uniform_is_uniform),
        cmocka_unit_test(zipf_has_its_slope),
        cmocka_unit_test(zipf_shuffles_its_ranks_and_spreads_over_the_page),
        cmocka_unit_test(zipf_of_exponent_0_is_uniform),
        cmocka_unit_test(gaussian_has_its_mean_and_sigma),
        cmocka_unit_test(gaussian_redraws_what_falls_outside),
        cmocka_unit_test(chase_is_one_cycle_through_every_line),
        cmocka_unit_test(phases_have_windows_of_their_own),
        cmocka_unit_test(stores_have_their_share),
        cmocka_unit_test(seeds_tell_streams_apart),
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(wrong_options_of_one_generator_are_refused),
        cmocka_unit_test(an_unknown_generator_is_told_the_nearest),
    };
    return cmocka_run_group_tests_name("generate", tests, NULL, NULL);
}
