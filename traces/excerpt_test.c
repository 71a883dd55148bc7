/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/excerpt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

enum { ACCESSES = 20000, EVENTS = 8192 };

/* What came out: accesses are told by their addresses, which are their numbers in the trace. */
static struct {
    uint32_t count;
    uint64_t va[ACCESSES];
    uint32_t event_count;
    struct event event[EVENTS];
    uint64_t event_at[EVENTS];
    char name[EVENTS][16];
} got;

static struct excerpt *excerpt;
static uint64_t most; /* that were asked for */
static struct err err;

static void keep(const struct block *block, const struct extras *extras)
{
    assert_true(block->count == 0 || block->mark_count > 0);
    assert_true(block->count == 0 || block->first_record == got.count + 1);
    assert_int_equal(block->of_kind[ACCESS_STORE], block->count);
    for (uint32_t i = 0; i < extras->event_count; i++) {
        assert_true(extras->event[i].position <= block->count);
        got.event_at[got.event_count] = got.count + extras->event[i].position;
        got.event[got.event_count] = extras->event[i];
        if (extras->event[i].name != NULL)
            strcpy(got.name[got.event_count], extras->event[i].name);
        got.event_count++;
    }
    for (uint32_t i = 0; i < block->count; i++) {
        assert_int_equal(block->meta[i], access_meta(ACCESS_STORE, 1 + block->va[i] % 8));
        assert_int_equal(extras->pc[i], block->va[i] + 1000000);
        got.va[got.count++] = block->va[i];
    }
}

/* Sends accesses 0 to 9999 through, in blocks of some lengths, with an event before each that `every` divides. */
static void run(struct excerpt_request request, uint32_t length, uint32_t every)
{
    static struct block block;
    static uint64_t pc[BLOCK_ACCESSES];
    static struct event event[BLOCK_ACCESSES];
    memset(&got, 0, sizeof got);
    excerpt = excerpt_create(&request, &err);
    assert_non_null(excerpt);
    most = request.most;
    bool waiting = false;
    struct extras last = {.event_count = 0};
    for (uint32_t at = 0; at == 0 || block.count > 0; at += block.count) {
        struct extras extras = {.event = event, .pc = pc};
        block = (struct block){.first_record = at + 1, .mark_count = 1};
        for (; block.count < length && at + block.count < 10000; block.count++) {
            const uint32_t number = at + block.count;
            block.va[block.count] = number;
            block.meta[block.count] = access_meta(ACCESS_STORE, 1 + number % 8);
            pc[block.count] = number + 1000000;
            if (number % every == 0)
                event[extras.event_count++] = (struct event){.kind = EVENT_EXEC,
                                                             .position = block.count,
                                                             .id = number,
                                                             .name = number % 2 == 0 ? "even" : "odd"};
        }
        block_summarise(&block);
        const struct block *part = excerpt_block(excerpt, &block, &extras, &err);
        assert_non_null(part);
        waiting = part->count == 0;
        last = *excerpt_extras(excerpt);
        if (!waiting)
            keep(part, &last);
    }
    if (waiting)
        keep(&(struct block){.count = 0}, &last);
}

/* Events are all there, in order, and gaps tell of all that is missing between them, before accesses and at the end. */
static void check(uint32_t every, bool (*is_wanted)(uint32_t number))
{
    uint32_t wanted = 0;
    uint32_t seen = 0;
    uint64_t missing = 0;
    uint32_t number = 0;
    for (; number < 10000 && wanted < most; number++) {
        const bool wants = is_wanted(number);
        const bool event = number % every == 0;
        if ((wants || event) && missing > 0) {
            assert_int_equal(got.event[seen].kind, EVENT_GAP);
            assert_int_equal(got.event[seen].size_bytes, missing);
            assert_int_equal(got.event_at[seen], wanted);
            missing = 0;
            seen++;
        }
        if (event) {
            assert_int_equal(got.event[seen].kind, EVENT_EXEC);
            assert_int_equal(got.event[seen].id, number);
            assert_int_equal(got.event_at[seen], wanted);
            assert_string_equal(got.name[seen], number % 2 == 0 ? "even" : "odd");
            seen++;
        }
        if (wants)
            assert_int_equal(got.va[wanted++], number);
        else
            missing++;
    }
    if (missing > 0) {
        assert_int_equal(got.event[seen].kind, EVENT_GAP);
        assert_int_equal(got.event[seen++].size_bytes, missing);
    }
    assert_int_equal(got.count, wanted);
    assert_int_equal(got.event_count, seen);
    assert_int_equal(excerpt_taken(excerpt), wanted);
    assert_int_equal(excerpt_left_out(excerpt), number - wanted);
    excerpt_free(excerpt);
}

static const uint32_t lengths[] = {1, 7, 1000, 4096};
static const uint32_t everies[] = {3, 400, 20000};

static void check_all(struct excerpt_request request, bool (*is_wanted)(uint32_t number))
{
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 3; k++) {
            run(request, lengths[i], everies[k]);
            check(everies[k], is_wanted);
        }
}

static bool all(uint32_t number)
{
    (void)number;
    return true;
}

static bool skipped(uint32_t number)
{
    return number >= 4321;
}

static bool first(uint32_t number)
{
    return number < 5000;
}

static bool sampled(uint32_t number)
{
    return number >= 15 && (number - 15) % 1000 < 10;
}

static bool bounded(uint32_t number)
{
    return sampled(number) && number < 3000;
}

static void everything_goes_through(void **state)
{
    (void)state;
    check_all((struct excerpt_request){.on = 1, .most = UINT64_MAX}, all);
}

static void the_beginning_is_skipped(void **state)
{
    (void)state;
    check_all((struct excerpt_request){.skip = 4321, .on = 1, .most = UINT64_MAX}, skipped);
}

static void no_more_than_asked_for_are_taken(void **state)
{
    (void)state;
    check_all((struct excerpt_request){.on = 1, .most = 5000}, first);
    run((struct excerpt_request){.on = 1, .most = 5000}, 1000, 3);
    assert_true(excerpt_done(excerpt));
    excerpt_free(excerpt);
}

static void a_sample_is_taken_by_turns(void **state)
{
    (void)state;
    check_all((struct excerpt_request){.skip = 15, .on = 10, .off = 990, .most = UINT64_MAX}, sampled);
}

static void all_bounds_go_together(void **state)
{
    (void)state;
    check_all((struct excerpt_request){.skip = 15, .on = 10, .off = 990, .most = 30}, bounded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_goes_through),          cmocka_unit_test(the_beginning_is_skipped),
        cmocka_unit_test(no_more_than_asked_for_are_taken), cmocka_unit_test(a_sample_is_taken_by_turns),
        cmocka_unit_test(all_bounds_go_together),
    };
    return cmocka_run_group_tests_name("excerpt", tests, NULL, NULL);
}
