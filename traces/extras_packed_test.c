/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sections that no packer made. That those of the packer come out as they went in is native_test.c's.
 */
#include "traces/extras_packed.h"

#include "model/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <inttypes.h>
#include <zstd.h>

static struct err err;
static struct block block;
static struct extras_unpacker *unpacker;
static uint64_t random_state = 1;

static uint32_t draw(uint32_t below)
{
    return random_below(&random_state, below);
}

static int set_up(void **state)
{
    (void)state;
    unpacker = extras_unpacker_create(&err);
    return unpacker == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    extras_unpacker_free(unpacker);
    return 0;
}

static void add_section(struct bytes *to, const void *raw, size_t raw_bytes)
{
    const size_t bound = ZSTD_compressBound(raw_bytes);
    assert_true(bytes_reserve(to, 8 + bound));
    uint8_t *head = to->at + to->count;
    const size_t packed_bytes = ZSTD_compress(head + 8, bound, raw, raw_bytes, 1);
    assert_false(ZSTD_isError(packed_bytes));
    bytes_put32(head, (uint32_t)raw_bytes);
    bytes_put32(head + 4, (uint32_t)packed_bytes);
    to->count += 8 + packed_bytes;
}

static bool unpack(const struct bytes *sections, unsigned which, uint32_t accesses, uint32_t events,
                   struct extras *extras)
{
    block.count = accesses;
    return extras_unpack_begin(unpacker, sections->at, sections->count, (uint8_t)which, accesses, events, &err) &&
           extras_unpack_next(unpacker, &block, NULL, 0, extras, &err);
}

/* Small numbers and short names for the most part, so that some of it is good. */
static size_t make_noise(uint8_t *raw, size_t room)
{
    const size_t size_bytes = draw((uint32_t)room);
    for (size_t i = 0; i < size_bytes; i++)
        raw[i] = (uint8_t)(draw(3) == 0 ? draw(256) : draw(12));
    return size_bytes;
}

static void noise_is_an_error_or_within_bounds(void **state)
{
    (void)state;
    static const unsigned choices[] = {EXTRAS_EVENTS, EXTRAS_PCS, EXTRAS_DATA,
                                       EXTRAS_EVENTS | EXTRAS_PCS | EXTRAS_DATA};
    unsigned good = 0;
    for (int trial = 0; trial < 20000; trial++) {
        struct bytes sections = {0};
        struct extras extras;
        const unsigned which = choices[trial % 4];
        const uint32_t accesses = draw(5);
        const uint32_t events = (which & EXTRAS_EVENTS) != 0 ? 1 + draw(2) : 0;
        for (unsigned i = 0; i < SECTIONS; i++) {
            uint8_t raw[16];
            if ((which >> i & 1) != 0)
                add_section(&sections, raw, make_noise(raw, sizeof raw));
        }
        err.text[0] = '\0';
        if (unpack(&sections, which, accesses, events, &extras)) {
            uint32_t position = 0;
            good++;
            assert_int_equal(extras.event_count, events);
            for (uint32_t i = 0; i < events; i++) {
                assert_in_range(extras.event[i].position, position, accesses);
                assert_in_range(extras.event[i].kind, 1, EVENT_KINDS - 1);
                assert_true(extras.event[i].name == NULL || strlen(extras.event[i].name) < 16);
                position = extras.event[i].position;
            }
            assert_true((extras.data_end != NULL) == ((which & EXTRAS_DATA) != 0 && accesses > 0));
            for (uint32_t i = 0; extras.data_end != NULL && i < accesses; i++)
                assert_in_range(extras.data_end[i], i == 0 ? 0 : extras.data_end[i - 1], 16);
        } else {
            assert_true(strlen(err.text) > 10);
        }
        bytes_free(&sections);
    }
    assert_in_range(good, 100, 10000);
}

static void lengths_are_not_trusted(void **state)
{
    (void)state;
    const uint8_t raw[4] = {2, 4, 6, 8}; /* four pcs */
    struct bytes sections = {0};
    struct extras extras;
    add_section(&sections, raw, sizeof raw);
    assert_true(unpack(&sections, EXTRAS_PCS, 4, 0, &extras));
    static const struct {
        size_t at;
        uint32_t value;
        const char *message;
    } lies[] = {
        {0, UINT32_MAX, "unpacked, and 16777216 are the most"},
        {0, EXTRAS_SECTION_BYTES + 1, "are the most"},
        {0, EXTRAS_SECTION_BYTES, "are 4 bytes unpacked"},
        {0, 5, "are 4 bytes unpacked"},
        {0, 3, "cannot be unpacked"},
        {0, 0, "cannot be unpacked"},
        {4, UINT32_MAX, "are left of it"},
        {4, 5, "cannot be unpacked"},
    };
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        const uint32_t was = bytes_get32(sections.at + lies[i].at);
        bytes_put32(sections.at + lies[i].at, lies[i].value);
        assert_false(unpack(&sections, EXTRAS_PCS, 4, 0, &extras));
        if (strstr(err.text, lies[i].message) == NULL)
            fail_msg("%zu: %s, not %s", i, err.text, lies[i].message);
        bytes_put32(sections.at + lies[i].at, was);
    }
    for (size_t size_bytes = 0; size_bytes < sections.count; size_bytes++) {
        const struct bytes cut = {.at = sections.at, .count = size_bytes};
        assert_false(unpack(&cut, EXTRAS_PCS, 4, 0, &extras));
    }
    assert_false(unpack(&sections, EXTRAS_PCS, 3, 0, &extras));
    assert_non_null(strstr(err.text, "more than the chunk has a use for"));
    assert_false(unpack(&sections, EXTRAS_PCS, 5, 0, &extras));
    assert_non_null(strstr(err.text, "end within a number"));
    assert_false(unpack(&sections, EXTRAS_PCS, 4, 1, &extras)); /* events, and no section of them */
    bytes_free(&sections);
}

/* The longest varints, and those that are one bit or byte too long. */
static void numbers_have_64_bits(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size_bytes;
        bool good;
        uint64_t value;
    } cases[] = {
        {"\x00", 1, true, 0},
        {"\x7f", 1, true, 127},
        {"\x80\x01", 2, true, 128},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, true, UINT64_MAX},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, false, 0},
        {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11, false, 0},
        {"\x80", 1, false, 0},
        {"", 0, false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint8_t *at = (const uint8_t *)cases[i].bytes;
        const uint8_t *end = at + cases[i].size_bytes;
        uint64_t value;
        assert_true(bytes_get_varint(&at, end, &value) == cases[i].good);
        assert_true(!cases[i].good || (value == cases[i].value && at == end));
        if (cases[i].good) {
            struct bytes packed = {0};
            assert_true(bytes_reserve(&packed, BYTES_VARINT_MAX));
            bytes_put_varint(&packed, value);
            assert_int_equal(packed.count, cases[i].size_bytes);
            assert_memory_equal(packed.at, cases[i].bytes, packed.count);
            bytes_free(&packed);
            assert_true(bytes_unzigzag(bytes_zigzag(value)) == value);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_an_error_or_within_bounds),
        cmocka_unit_test(lengths_are_not_trusted),
        cmocka_unit_test(numbers_have_64_bits),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
