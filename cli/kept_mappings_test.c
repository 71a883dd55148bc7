/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A native trace with events between its accesses: each access is found in a block whose mappings are those that held when
 * it was made.
 */
#include "cli/kept_mappings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/random.h"
#include "traces/turns.h"
#include "traces/writer.h"

enum { ACCESSES = 20000, PAGES = 16, EVENTS_MOST = 40 };

static const char *const names[] = {"a", "b", "[heap]", NULL};

static uint64_t va[ACCESSES];
static const char *expected[ACCESSES]; /* the name of its mapping */

static const char *name_of(unsigned name)
{
    return names[name] == NULL ? "(anonymous)" : names[name];
}

/* What is mapped changes before random accesses: in some blocks never, in some before each of many, and behind the last
 * access of some. */
static void write_trace(const char *path, uint64_t state)
{
    struct err err;
    const char *mapped[PAGES];
    static struct block block;
    struct event event[EVENTS_MOST];
    struct writer *writer = writer_open(path, &err);
    assert_non_null(writer);
    for (unsigned page = 0; page < PAGES; page++)
        mapped[page] = "(unknown)";
    for (size_t i = 0; i < ACCESSES; i += block.count) {
        const uint32_t most = 1 + random_below(&state, BLOCK_ACCESSES);
        const uint32_t rarity = 1 + random_below(&state, 500);
        struct extras extras = {.event_count = 0, .event = event};
        block_begin(&block, i + 1);
        block.count = ACCESSES - i < most ? (uint32_t)(ACCESSES - i) : most;
        block.mark_count = 1;
        block.mark[0] = (struct block_mark){0, 0};
        for (uint32_t k = 0; k <= block.count; k++) {
            while (extras.event_count < EVENTS_MOST && random_below(&state, rarity) == 0) {
                const uint32_t first = random_below(&state, PAGES);
                const uint32_t pages = 1 + random_below(&state, PAGES - first);
                const unsigned name = random_below(&state, 4);
                const bool unmaps = random_below(&state, 3) == 0;
                event[extras.event_count++] = (struct event){.position = k,
                                                             .kind = unmaps ? EVENT_MUNMAP : EVENT_MMAP,
                                                             .address = (uint64_t)first << 12,
                                                             .size_bytes = (uint64_t)pages << 12,
                                                             .name = unmaps ? NULL : names[name]};
                for (uint32_t page = first; page < first + pages; page++)
                    mapped[page] = unmaps ? "(unknown)" : name_of(name);
            }
            if (k == block.count)
                break;
            va[i + k] = random_below(&state, PAGES << 12);
            expected[i + k] = mapped[va[i + k] >> 12];
            block.va[k] = va[i + k];
            block.meta[k] = access_meta(ACCESS_LOAD, 1);
        }
        block_summarise(&block);
        assert_true(writer_block(writer, &block, &extras, &err));
    }
    assert_true(writer_close(writer, &err));
}

static void test_mappings_hold_for_blocks(void **unused)
{
    (void)unused;
    static struct block block;
    char path[] = "/tmp/kept_mappings_test.XXXXXX.pwt";
    const int file = mkstemps(path, 4);
    assert_true(file >= 0);
    close(file);
    for (uint64_t draw = 0; draw < 10; draw++) {
        write_trace(path, draw);
        struct err err = {.text = ""};
        struct reader *reader = reader_open(path, NULL, &err);
        struct address_map *map = address_map_create();
        struct turns *turns = turns_open(reader, map, &err);
        struct kept_mappings kept = {.range = NULL};
        size_t at = 0;
        size_t count = 0;
        for (;;) {
            assert_true(turns_next(turns, &block, &err));
            if (block.count == 0 && block.change_count == 0)
                break;
            kept_mappings_keep(&kept, map);
            assert_int_equal(block.first_record, at + 1);
            assert_int_equal(block.of_kind[ACCESS_LOAD], block.count);
            for (uint32_t i = 0; i < block.count; i++, at++) {
                assert_int_equal(block.va[i], va[at]);
                assert_string_equal(address_map_name(map, mappings_find(&kept.mappings, va[at])), expected[at]);
            }
            count++;
        }
        assert_int_equal(at, ACCESSES);
        assert_true(count > ACCESSES / BLOCK_ACCESSES + 1);
        free(kept.range);
        turns_close(turns);
        address_map_free(map);
        reader_close(reader);
    }
    unlink(path);
}

/* Lines of a text come along; without a map blocks are the reader's. */
static void test_without_map(void **unused)
{
    (void)unused;
    static struct block block;
    char path[] = "/tmp/kept_mappings_test.XXXXXX.trace";
    const int file = mkstemps(path, 6);
    assert_true(file >= 0);
    FILE *out = fdopen(file, "w");
    fputs("==1== a line that is none\n L 1000,4\n\n L 2000,4\n", out);
    fclose(out);
    struct err err = {.text = ""};
    for (unsigned with_map = 0; with_map < 2; with_map++) {
        struct reader *reader = reader_open(path, NULL, &err);
        assert_non_null(reader);
        struct address_map *map = with_map ? address_map_create() : NULL;
        struct turns *turns = turns_open(reader, map, &err);
        struct kept_mappings kept = {.range = NULL};
        assert_true(turns_next(turns, &block, &err));
        kept_mappings_keep(&kept, map);
        assert_int_equal(block.count, 2);
        assert_int_equal(kept.mappings.count, 0);
        assert_int_equal(block_line(&block, 0), 2);
        assert_int_equal(block_line(&block, 1), 4);
        assert_true(turns_next(turns, &block, &err));
        assert_int_equal(block.count, 0);
        free(kept.range);
        turns_close(turns);
        address_map_free(map);
        reader_close(reader);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mappings_hold_for_blocks),
        cmocka_unit_test(test_without_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
