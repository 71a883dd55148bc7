/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/footprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/random.h"

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Distinct values of `value` shifted right; sorts it. */
static uint64_t count_distinct(uint64_t *value, size_t count, unsigned shift)
{
    uint64_t distinct = 0;
    qsort(value, count, sizeof *value, by_value);
    for (size_t i = 0; i < count; i++)
        distinct += i == 0 || value[i] >> shift != value[i - 1] >> shift;
    return distinct;
}

static void counts_are_those_of_a_sort(void **state)
{
    (void)state;
    enum { BLOCKS = 8, BYTES_MAX = 64 };
    static struct block block;
    static uint64_t touched[2 * BLOCKS * BLOCK_ACCESSES];
    static const uint64_t bases[] = {0, 0x400000, 0x7ffffffff000, 0xffff800000000000, 0xffffffffc0000000};
    struct footprint footprint;
    assert_true(footprint_init(&footprint, UINT64_MAX));
    uint64_t random = 1;
    size_t count = 0;
    for (int b = 0; b < BLOCKS; b++) {
        block.count = BLOCK_ACCESSES;
        for (uint32_t i = 0; i < BLOCK_ACCESSES; i++) {
            const uint64_t base = bases[random_below(&random, 5)];
            const uint32_t size = 1 + random_below(&random, BYTES_MAX);
            block.va[i] =
                base + random_below(&random, 1u << 30) / (1u + random_below(&random, 1000)) % (0x40000000 - BYTES_MAX);
            block.meta[i] = access_meta(ACCESS_LOAD, size);
            touched[count++] = block.va[i];
            touched[count++] = block.va[i] + size - 1;
        }
        assert_true(footprint_add(&footprint, &block));
    }
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++)
        assert_int_equal(footprint.page[i].count, count_distinct(touched, count, footprint_shift[i]));
    assert_int_equal(footprint.lowest, touched[0]);
    assert_int_equal(footprint.highest, touched[count - 1]);
    footprint_free(&footprint);
}

static void the_ends_of_the_address_space_count(void **state)
{
    (void)state;
    static struct block block = {.count = 2};
    block.va[0] = 0;
    block.meta[0] = access_meta(ACCESS_FETCH, 1);
    block.va[1] = UINT64_MAX - 4095;
    block.meta[1] = access_meta(ACCESS_STORE, 4096);
    struct footprint footprint;
    assert_true(footprint_init(&footprint, UINT64_MAX));
    assert_true(footprint_add(&footprint, &block));
    for (unsigned i = 0; i < FOOTPRINT_SIZES; i++)
        assert_int_equal(footprint.page[i].count, 2);
    assert_int_equal(footprint.lowest, 0);
    assert_true(footprint.highest == UINT64_MAX);
    footprint_free(&footprint);
}

/* 300 pages of 4K in 20 of 64K and two of 2M, and 100 are the most. */
static void a_size_of_too_many_pages_is_left_open(void **state)
{
    (void)state;
    static struct block block = {.count = 600};
    for (uint32_t i = 0; i < 600; i++) {
        block.va[i] = UINT64_C(4096) * (512 - 100 + i * 7 % 300);
        block.meta[i] = access_meta(ACCESS_LOAD, 8);
    }
    for (uint64_t most = 1; most <= 400; most++) {
        struct footprint footprint;
        assert_true(footprint_init(&footprint, most));
        assert_true(footprint_add(&footprint, &block));
        assert_true(footprint.page[0].count == (most >= 300 ? 300 : FOOTPRINT_OPEN));
        assert_true(footprint.page[1].count == (most >= 20 ? 20 : FOOTPRINT_OPEN));
        assert_true(footprint.page[2].count == (most >= 2 ? 2 : FOOTPRINT_OPEN));
        assert_int_equal(footprint.page[3].count, 1);
        footprint_free(&footprint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_a_sort),
        cmocka_unit_test(the_ends_of_the_address_space_count),
        cmocka_unit_test(a_size_of_too_many_pages_is_left_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
