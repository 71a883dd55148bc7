/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/numbering.h"

#include "model/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <stdlib.h>

enum { KEYS = 3000, ASKED = 20000 };

static void numbers_are_those_of_a_search(void **state)
{
    (void)state;
    static struct numbering_key key[KEYS];
    struct numbering numbering = {.slot = NULL};
    uint64_t random = 1;
    uint64_t count = 0;
    for (int i = 0; i < ASKED; i++) {
        const struct numbering_key asked = {.number = (uint64_t)random_below(&random, 50) << random_below(&random, 60),
                                            .space = random_below(&random, 2) == 0 ? 0 : random_next(&random) % 3};
        uint64_t expected = 0;
        while (expected < count && (key[expected].number != asked.number || key[expected].space != asked.space))
            expected++;
        if (expected == count && count < KEYS)
            key[count++] = asked;
        else if (expected == count)
            continue;
        uint64_t index;
        assert_true(numbering_find(&numbering, asked, &index));
        assert_int_equal(index, expected);
        assert_int_equal(numbering.count, count);
    }
    assert_true(count > 1000);
    numbering_free(&numbering);
    assert_int_equal(numbering.count, 0);
}

/* Slots that many keys meet in would make this last for minutes. */
static void strides_take_no_longer(void **state)
{
    (void)state;
    enum { EACH = 1 << 17 };
    for (unsigned shift = 0; shift <= 45; shift += 5)
        for (unsigned spaces = 0; spaces < 2; spaces++) {
            struct numbering numbering = {.slot = NULL};
            for (uint64_t i = 0; i < EACH; i++) {
                uint64_t index;
                const struct numbering_key key = {spaces == 0 ? i << shift : 5, spaces == 0 ? 5 : i << shift};
                assert_true(numbering_find(&numbering, key, &index));
                assert_int_equal(index, i);
            }
            numbering_free(&numbering);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_a_search),
        cmocka_unit_test(strides_take_no_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
