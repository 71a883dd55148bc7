/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The LRU stack against a list that is searched and shifted, against a count over all accesses so far where the list
 * would take too long, and against closed forms.
 */
#include "model/recency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/random.h"

/* ---- The list ---- */

struct list {
    uint64_t limit; /* 0: none */
    size_t count;
    uint64_t number[1 << 12]; /* the most recent first */
};

static uint64_t list_access(struct list *list, uint64_t number)
{
    size_t depth = 0;
    while (depth < list->count && list->number[depth] != number)
        depth++;
    const bool found = depth < list->count;
    if (!found && (list->limit == 0 || list->count < list->limit))
        list->count++;
    const size_t moved = depth < list->count ? depth : list->count - 1;
    memmove(list->number + 1, list->number, moved * sizeof *list->number);
    list->number[0] = number;
    return found ? depth : RECENCY_NEVER;
}

static bool list_remove(struct list *list, uint64_t number)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->number[i] == number) {
            memmove(list->number + i, list->number + i + 1, (--list->count - i) * sizeof *list->number);
            return true;
        }
    return false;
}

/* ---- Streams ---- */

/* A number for each index; the first ones are those that are easily taken for something else. */
static uint64_t number_of(uint32_t index, unsigned spread)
{
    static const uint64_t hard[] = {0, UINT64_MAX, 1, UINT64_C(1) << 63, UINT32_MAX, UINT64_C(1) << 32};
    if (index < sizeof hard / sizeof *hard)
        return hard[index];
    return (uint64_t)index << spread;
}

/* Uniform, or mostly a few hot ones, or runs over neighbours. */
static uint32_t draw_index(uint64_t *state, uint32_t numbers, unsigned kind, uint32_t *last)
{
    if (kind == 1 && random_below(state, 8) != 0)
        return *last = random_below(state, 1 + numbers / 16);
    if (kind == 2 && random_below(state, 32) != 0)
        return *last = (*last + 1) % numbers;
    return *last = random_below(state, numbers);
}

static uint64_t depth_of(struct recency *recency, uint64_t number)
{
    uint64_t depth = 0;
    assert_true(recency_access(recency, number, &depth));
    return depth;
}

static void test_equals_list(void **unused)
{
    (void)unused;
    enum { ACCESSES = 30000 }; /* some stacks are renewed a hundred times in them */
    static const uint32_t numbers[] = {1, 2, 7, 64, 500, 4000};
    static const uint64_t limits[] = {0, 1, 2, 3, 31, 33, 300, 2000, 100000};
    static struct list list;
    uint64_t state = 1;
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        for (size_t l = 0; l < sizeof limits / sizeof *limits; l++)
            for (unsigned kind = 0; kind < 3; kind++) {
                struct arena *arena = arena_create();
                struct recency *recency = recency_create(arena, limits[l]);
                assert_non_null(recency);
                list = (struct list){.limit = limits[l]};
                const unsigned spread = random_below(&state, 50);
                uint32_t last = 0;
                for (unsigned i = 0; i < ACCESSES; i++) {
                    const uint64_t number = number_of(draw_index(&state, numbers[n], kind, &last), spread);
                    const uint64_t depth = depth_of(recency, number);
                    const uint64_t expected = list_access(&list, number);
                    if (depth != expected || recency_count(recency) != list.count)
                        fail_msg("%u numbers, limit %" PRIu64 ", kind %u, access %u: depth %" PRIu64 ", not %" PRIu64
                                 "; %" PRIu64 " held, not %zu",
                                 numbers[n], limits[l], kind, i, depth, expected, recency_count(recency), list.count);
                }
                arena_destroy(arena);
            }
}

/* Numbers that go: taken out, those that are not there, too, and the one that was seen last; and the oldest, where there
 * are more than are wanted. */
static void test_removals_equal_list(void **unused)
{
    (void)unused;
    enum { ACCESSES = 30000 };
    static const uint32_t wanted[] = {1, 2, 5, 60, 700};
    static struct list list;
    uint64_t state = 3;
    for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++)
        for (unsigned kind = 0; kind < 6; kind++) {
            struct arena *arena = arena_create();
            struct recency *recency = recency_create(arena, wanted[w] + 1);
            assert_non_null(recency);
            if (kind >= 3)
                assert_true(recency_reserve(recency));
            list = (struct list){.limit = 0};
            const unsigned spread = random_below(&state, 50);
            const uint32_t removals = 1 + random_below(&state, 20);
            uint32_t last = 0;
            for (unsigned i = 0; i < ACCESSES; i++) {
                const uint64_t number = number_of(draw_index(&state, 1 + 2 * wanted[w], kind % 3, &last), spread);
                if (random_below(&state, removals) == 0) {
                    assert_int_equal(recency_remove(recency, number), list_remove(&list, number));
                    continue;
                }
                assert_int_equal(depth_of(recency, number), list_access(&list, number));
                if (list.count > wanted[w])
                    assert_int_equal(recency_evict(recency), list.number[--list.count]);
                assert_int_equal(recency_count(recency), list.count);
            }
            while (list.count > 0)
                assert_int_equal(recency_evict(recency), list.number[--list.count]);
            assert_int_equal(recency_count(recency), 0);
            arena_destroy(arena);
        }
}

/* ---- A count over all accesses ---- */

enum { MANY_NUMBERS = 300000, MANY_ACCESSES = 1500000 };

static uint32_t tree[MANY_ACCESSES + 1]; /* Fenwick's, over access numbers from 1 */

static void tree_add(uint32_t i, uint32_t what)
{
    for (; i <= MANY_ACCESSES; i += i & -i)
        tree[i] += what;
}

static uint32_t tree_sum(uint32_t i)
{
    uint32_t sum = 0;
    for (; i > 0; i &= i - 1)
        sum += tree[i];
    return sum;
}

static void test_many_numbers(void **unused)
{
    (void)unused;
    static uint32_t last_access[MANY_NUMBERS];
    enum { LIMIT = 70000 };
    struct arena *arena = arena_create();
    struct recency *endless = recency_create(arena, 0);
    struct recency *limited = recency_create(arena, LIMIT);
    uint64_t state = 2;
    uint32_t last = 0;
    uint32_t held = 0;
    for (uint32_t i = 1; i <= MANY_ACCESSES; i++) {
        const uint32_t index = draw_index(&state, MANY_NUMBERS, i / 400000 % 3, &last);
        uint64_t expected = RECENCY_NEVER;
        if (last_access[index] != 0) {
            expected = held - tree_sum(last_access[index]);
            tree_add(last_access[index], UINT32_MAX);
        } else {
            held++;
        }
        tree_add(i, 1);
        last_access[index] = i;
        assert_int_equal(depth_of(endless, index * UINT64_C(4096)), expected);
        assert_int_equal(depth_of(limited, index * UINT64_C(4096)), expected < LIMIT ? expected : RECENCY_NEVER);
    }
    assert_int_equal(recency_count(endless), held);
    assert_int_equal(recency_count(limited), LIMIT);
    arena_destroy(arena);
}

/* ---- Closed forms ---- */

/* Round and round: each number was seen n - 1 others ago. The larger n has counts on all but the last of the levels. */
static void test_cyclic(void **unused)
{
    (void)unused;
    static const uint32_t lengths[] = {1, 2, 3, 63, 64, 65, 2047, 2048, 2049, 65537, 1100000};
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        const uint32_t n = lengths[k];
        struct arena *arena = arena_create();
        struct recency *endless = recency_create(arena, 0);
        struct recency *enough = recency_create(arena, n);
        struct recency *scant = recency_create(arena, n > 1 ? n - 1 : 1);
        for (uint32_t i = 0; i < (n < 10000 ? 50 * n : 3 * n); i++) {
            const uint64_t number = UINT64_MAX - i % n;
            const uint64_t expected = i < n ? RECENCY_NEVER : n - 1;
            assert_int_equal(depth_of(endless, number), expected);
            assert_int_equal(depth_of(enough, number), expected);
            assert_int_equal(depth_of(scant, number), n > 1 ? RECENCY_NEVER : expected);
        }
        assert_int_equal(recency_count(endless), n);
        arena_destroy(arena);
    }
}

/* Out and back: the way back meets each number one deeper than the one before it. */
static void test_out_and_back(void **unused)
{
    (void)unused;
    enum { NUMBERS = 5000 };
    struct arena *arena = arena_create();
    struct recency *recency = recency_create(arena, 0);
    for (uint32_t i = 0; i < NUMBERS; i++)
        assert_int_equal(depth_of(recency, i), RECENCY_NEVER);
    for (uint32_t turn = 0; turn < 20; turn++)
        for (uint32_t i = 0; i < NUMBERS; i++)
            assert_int_equal(depth_of(recency, turn % 2 == 0 ? NUMBERS - 1 - i : i), i);
    arena_destroy(arena);
}

static void test_memory(void **unused)
{
    (void)unused;
    struct arena *arena = arena_create();
    struct recency *endless = recency_create(arena, 0);
    struct recency *limited = recency_create(arena, 1000);
    assert_int_equal(recency_count(endless), 0);
    assert_true(recency_bytes(endless) < 32768);
    for (uint64_t i = 0; i < 1000000; i++) {
        depth_of(endless, i);
        depth_of(limited, i);
    }
    assert_true(recency_bytes(endless) <= 100 * recency_count(endless));
    assert_true(recency_bytes(limited) <= 100 * recency_count(limited));
    arena_destroy(arena);
}

static void test_reserved(void **unused)
{
    (void)unused;
    static const uint64_t limits[] = {1, 2, 63, 64, 65, 1000, 1024, 100000};
    for (size_t l = 0; l < sizeof limits / sizeof *limits; l++)
        for (unsigned when = 0; when < 2; when++) { /* before the first number, and behind some */
            struct arena *arena = arena_create();
            struct recency *recency = recency_create(arena, limits[l]);
            for (uint64_t i = 0; i < when * limits[l]; i++)
                depth_of(recency, i);
            assert_true(recency_reserve(recency));
            const uint64_t bytes = recency_bytes(recency);
            assert_int_equal(bytes, recency_most_bytes(limits[l]));
            for (uint64_t i = 0; i < 10 * limits[l]; i++)
                assert_int_equal(depth_of(recency, i), i < when * limits[l] ? limits[l] - 1 : RECENCY_NEVER);
            assert_int_equal(recency_bytes(recency), bytes);
            arena_destroy(arena);
        }
}

/* Where memory ends, an access says so, and the stack is as it was. */
static void test_out_of_memory(void **unused)
{
    (void)unused;
#ifdef PAGEWALK_LIBC_MALLOC
    skip(); /* the sanitizers need all the address space that there is */
#endif
    enum { LATEST = 1000, TRIES = 3 };
    const pid_t child = fork();
    if (child == 0) {
        struct recency *recency = recency_create(arena_create(), 0);
        const struct rlimit room = {UINT64_C(1) << 29, UINT64_C(1) << 29};
        uint64_t depth = 0;
        uint64_t number = 0;
        bool good = recency != NULL && setrlimit(RLIMIT_AS, &room) == 0;
        while (good && number < UINT64_C(1) << 28 && recency_access(recency, number, &depth))
            number++;
        for (int i = 0; good && i < TRIES; i++)
            good = !recency_access(recency, number, &depth) && recency_count(recency) == number;
        good = good && recency_access(recency, number - 1, &depth) && depth == 0;
        _exit(good && number > LATEST && number < UINT64_C(1) << 28 ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_list),  cmocka_unit_test(test_removals_equal_list),
        cmocka_unit_test(test_many_numbers), cmocka_unit_test(test_cyclic),
        cmocka_unit_test(test_out_and_back), cmocka_unit_test(test_memory),
        cmocka_unit_test(test_reserved),     cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
