/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/address_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "model/random.h"

static void apply(struct address_map *map, struct event event)
{
    assert_true(address_map_concerns(&event));
    const uint64_t before = address_map_version(map);
    assert_true(address_map_apply(map, &event));
    assert_int_not_equal(address_map_version(map), before);
}

static void map_name(struct address_map *map, uint64_t address, uint64_t size_bytes, const char *name)
{
    apply(map, (struct event){.kind = EVENT_MMAP, .address = address, .size_bytes = size_bytes, .name = name});
}

static const char *name_at(const struct address_map *map, uint64_t address)
{
    const struct mappings mappings = address_map_mappings(map);
    return address_map_name(map, mappings_find(&mappings, address));
}

static void assert_at(const struct address_map *map, uint64_t address, const char *name)
{
    assert_string_equal(name_at(map, address), name);
}

static void test_mappings(void **unused)
{
    (void)unused;
    struct address_map *map = address_map_create();
    assert_at(map, 0x1000, "(unknown)");
    map_name(map, 0x1000, 0x3000, "libc.so");
    map_name(map, 0x8000, 0x1000, NULL);
    assert_at(map, 0xfff, "(unknown)");
    assert_at(map, 0x1000, "libc.so");
    assert_at(map, 0x3fff, "libc.so");
    assert_at(map, 0x4000, "(unknown)");
    assert_at(map, 0x8800, "(anonymous)");
    map_name(map, 0x2000, 0x1000, "a.out"); /* over the middle of another */
    assert_at(map, 0x1fff, "libc.so");
    assert_at(map, 0x2000, "a.out");
    assert_at(map, 0x3000, "libc.so");
    assert_int_equal(address_map_count(map), 6);
    apply(map, (struct event){.kind = EVENT_MUNMAP, .address = 0x1800, .size_bytes = 0x2000});
    assert_at(map, 0x17ff, "libc.so");
    assert_at(map, 0x1800, "(unknown)");
    assert_at(map, 0x37ff, "(unknown)");
    assert_at(map, 0x3800, "libc.so");
    apply(map, (struct event){.kind = EVENT_MREMAP,
                              .address = 0x20000,
                              .size_bytes = 0x2000,
                              .old_address = 0x8000,
                              .old_size_bytes = 0x1000});
    assert_at(map, 0x8000, "(unknown)");
    assert_at(map, 0x21fff, "(anonymous)");
    apply(map, (struct event){.kind = EVENT_EXEC, .name = "true"});
    assert_at(map, 0x20000, "(unknown)");
    assert_false(address_map_concerns(&(struct event){.kind = EVENT_MPROTECT}));
    address_map_free(map);
}

static void test_heap_and_stack(void **unused)
{
    (void)unused;
    struct address_map *map = address_map_create();
    map_name(map, 0x10000, 0x1000, "[heap]");
    apply(map, (struct event){.kind = EVENT_BRK, .address = 0x32000});
    assert_at(map, 0x31fff, "[heap]");
    assert_at(map, 0x32000, "(unknown)");
    apply(map, (struct event){.kind = EVENT_BRK, .address = 0x20000});
    assert_at(map, 0x1ffff, "[heap]");
    assert_at(map, 0x20000, "(unknown)");

    /* The stack grows to 8 MiB, or down to what is mapped there. */
    map_name(map, 0x7fff0000, 0x10000, "[stack]");
    assert_at(map, 0x7f800000, "[stack]");
    assert_at(map, 0x7f7fffff, "(unknown)");
    map_name(map, 0x7fe00000, 0x1000, "lib");
    assert_at(map, 0x7fe01000, "[stack]");
    assert_at(map, 0x7fe00fff, "lib");
    assert_at(map, 0x7f900000, "(unknown)");
    address_map_free(map);

    map = address_map_create(); /* where no heap is told, it lies behind the data */
    map_name(map, 0x10000, 0x1000, "a.out");
    apply(map, (struct event){.kind = EVENT_BRK, .address = 0x50000});
    assert_at(map, 0x10fff, "a.out");
    assert_at(map, 0x11000, "[heap]");
    assert_at(map, 0x4ffff, "[heap]");
    assert_at(map, 0x50000, "(unknown)");
    address_map_free(map);

    map = address_map_create(); /* or, with nothing below, at its first end */
    apply(map, (struct event){.kind = EVENT_BRK, .address = 0x50000});
    assert_at(map, 0x4ffff, "(unknown)");
    apply(map, (struct event){.kind = EVENT_BRK, .address = 0x52000});
    assert_at(map, 0x50000, "[heap]");
    address_map_free(map);
}

static void test_processes(void **unused)
{
    (void)unused;
    struct address_map *map = address_map_create();
    map_name(map, 0x1000, 0x1000, "a");
    apply(map, (struct event){.kind = EVENT_PROCESS, .id = 1}); /* was it all along */
    assert_at(map, 0x1000, "a");
    apply(map, (struct event){.kind = EVENT_FORK, .id = 2});
    map_name(map, 0x1000, 0x1000, "b");
    apply(map, (struct event){.kind = EVENT_PROCESS, .id = 2});
    assert_at(map, 0x1000, "a");
    apply(map, (struct event){.kind = EVENT_PROCESS, .id = 3});
    assert_at(map, 0x1000, "(unknown)");
    apply(map, (struct event){.kind = EVENT_PROCESS, .id = 1});
    assert_at(map, 0x1000, "b");
    address_map_free(map);
}

/* Random events over 64 pages, against an array that has a name for each. */
static void test_random_events(void **unused)
{
    (void)unused;
    static const char *const names[] = {"a", "b", "c", NULL};
    enum { PAGES = 64 };
    for (uint64_t draw = 0; draw < 200; draw++) {
        uint64_t state = draw;
        const char *expected[PAGES];
        struct address_map *map = address_map_create();
        for (unsigned page = 0; page < PAGES; page++)
            expected[page] = "(unknown)";
        for (unsigned event = 0; event < 60; event++) {
            const uint32_t first = random_below(&state, PAGES);
            const uint32_t pages = 1 + random_below(&state, PAGES - first);
            const char *name = names[random_below(&state, 4)];
            const bool unmap = random_below(&state, 3) == 0;
            if (unmap)
                apply(map, (struct event){.kind = EVENT_MUNMAP,
                                          .address = (uint64_t)first << 12,
                                          .size_bytes = (uint64_t)pages << 12});
            else
                map_name(map, (uint64_t)first << 12, (uint64_t)pages << 12, name);
            for (uint32_t page = first; page < first + pages; page++)
                expected[page] = unmap ? "(unknown)" : name == NULL ? "(anonymous)" : name;
            for (uint64_t page = 0; page < PAGES; page++) {
                assert_at(map, page << 12, expected[page]);
                assert_at(map, (page << 12) + 4095, expected[page]);
            }
        }
        address_map_free(map);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mappings),
        cmocka_unit_test(test_heap_and_stack),
        cmocka_unit_test(test_processes),
        cmocka_unit_test(test_random_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
