/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Streams of many shapes there and back, the two ways to unpack against each other, a chunk made by hand from
 * FORMAT.md, and chunks with all that can be wrong with them.
 */
#include "model/random.h"
#include "traces/columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka.h needs the three above. */
#include <cmocka.h>

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

struct access {
    uint64_t va;
    uint16_t meta;
};

struct chunk {
    uint8_t *bytes;
    size_t size_bytes;
    uint32_t accesses;
};

static struct columns_encoder *encoder;
static struct columns_decoder *decoder;
static struct err err;
static uint64_t random_state = 1;

static int create(void **state)
{
    (void)state;
    encoder = columns_encoder_create(&err);
    decoder = columns_decoder_create(&err);
    return encoder == NULL || decoder == NULL;
}

static int destroy(void **state)
{
    (void)state;
    columns_encoder_free(encoder);
    columns_decoder_free(decoder);
    return 0;
}

static uint32_t draw(uint32_t below)
{
    return random_below(&random_state, below);
}

/* ---- Streams ---- */

static struct access an_access(enum access_kind kind, uint64_t va, uint32_t size_bytes)
{
    return (struct access){va, access_meta(kind, size_bytes)};
}

/* Anywhere that it fits. */
static uint64_t fit(uint64_t va, uint32_t size_bytes)
{
    return va > UINT64_MAX - (size_bytes - 1) ? UINT64_MAX - (size_bytes - 1) : va;
}

static void anything(struct access *access, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint32_t size_bytes = 1 + draw(ACCESS_SIZE_MAX);
        access[i] = an_access(draw(4), fit(random_next(&random_state), size_bytes), size_bytes);
    }
}

static void anything_of_one_kind(struct access *access, size_t count)
{
    const enum access_kind kind = draw(4);
    for (size_t i = 0; i < count; i++)
        access[i] = an_access(kind, fit(random_next(&random_state), 8), 8);
}

static void row(struct access *access, size_t count)
{
    const enum access_kind kind = draw(4);
    const uint32_t size_bytes = 1 + draw(ACCESS_SIZE_MAX);
    const uint64_t first = random_next(&random_state) >> 1;
    for (size_t i = 0; i < count; i++)
        access[i] = an_access(kind, first + i * size_bytes, size_bytes);
}

/* The first and the last addresses that there are. */
static void edges(struct access *access, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint32_t size_bytes = 1 + draw(3);
        access[i] = an_access(draw(4), draw(2) == 0 ? draw(3) : UINT64_MAX - (size_bytes - 1) - draw(3), size_bytes);
    }
}

/* Straight pieces of code with accesses to data on strides, of which some stray; jumps to any piece. */
static void program(struct access *access, size_t count)
{
    enum { PIECES = 40, PIECE = 48 };
    static struct access piece[PIECES][PIECE];
    static int64_t stride[PIECES][PIECE];
    uint32_t length[PIECES];
    const uint32_t data_of_16 = draw(17);
    const uint32_t stray_of_64 = draw(16);
    for (uint32_t p = 0; p < PIECES; p++) {
        uint64_t pc = 0x400000 + (uint64_t)draw(1 << 20) * 4;
        length[p] = 1 + draw(PIECE);
        for (uint32_t i = 0; i < length[p]; i++)
            if (draw(16) < data_of_16) {
                const uint64_t region = draw(2) == 0 ? UINT64_C(0x1fff000000) : UINT64_C(0xffff800000000000);
                piece[p][i] = an_access(1 + draw(3), region + draw(1 << 16) * 8, 1U << draw(6));
                stride[p][i] = (int64_t)draw(5) * 8 - 16;
            } else {
                const uint32_t size_bytes = 1 + draw(15);
                piece[p][i] = an_access(ACCESS_FETCH, pc, size_bytes);
                stride[p][i] = 0;
                pc += size_bytes;
            }
    }
    for (size_t i = 0; i < count;) {
        const uint32_t p = draw(PIECES);
        for (uint32_t times = 1 + draw(20); times > 0; times--)
            for (uint32_t j = 0; j < length[p] && i < count; j++) {
                struct access *next = &piece[p][j];
                next->va += (uint64_t)stride[p][j];
                if (!access_is_fetch(next->meta) && draw(64) < stray_of_64)
                    next->va += (uint64_t)draw(1 << draw(24));
                access[i++] = *next;
            }
    }
}

static const struct shape {
    void (*make)(struct access *access, size_t count);
    double most_bytes; /* an access */
} shapes[] = {{anything, 10.4}, {anything_of_one_kind, 9}, {row, 0.1}, {edges, 5}, {program, 4}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* ---- There and back ---- */

static void take_chunk(struct chunk *chunk)
{
    chunk->accesses = columns_count(encoder);
    const void *bytes = columns_finish(encoder, &chunk->size_bytes, &err);
    assert_non_null(bytes);
    assert_int_equal(columns_count(encoder), 0);
    chunk->bytes = malloc(chunk->size_bytes); /* no byte more: reading behind it is an error under ASan */
    assert_non_null(chunk->bytes);
    memcpy(chunk->bytes, bytes, chunk->size_bytes);
}

/* In blocks of any size. Returns how many chunks. */
static size_t pack(const struct access *access, size_t count, struct chunk *chunk, size_t most)
{
    static struct block block;
    size_t chunks = 0;
    size_t i = 0;
    while (i < count) {
        const size_t room = 1 + draw(BLOCK_ACCESSES);
        block.count = (uint32_t)(count - i < room ? count - i : room);
        for (uint32_t j = 0; j < block.count; j++, i++) {
            block.va[j] = access[i].va;
            block.meta[j] = access[i].meta;
        }
        for (uint32_t from = 0; (from += columns_add(encoder, &block, from)) < block.count;) {
            assert_true(columns_count(encoder) > 0 && chunks < most);
            take_chunk(&chunk[chunks++]);
        }
    }
    assert_true(chunks < most);
    take_chunk(&chunk[chunks++]);
    return chunks;
}

enum way { VECTORS, PLAIN, TURNS };

static void go(enum way way)
{
    columns_allow_vectors(decoder, way == VECTORS || (way == TURNS && draw(2) == 0));
}

static bool next(enum way way, struct block *block)
{
    go(way);
    return columns_next(decoder, block, &err);
}

/* Into blocks that hold some already. */
static void expect(const struct chunk *chunk, const struct access *access, enum way way)
{
    static struct block block;
    go(way);
    if (!columns_begin(decoder, chunk->bytes, chunk->size_bytes, chunk->accesses, &err))
        fail_msg("%s", err.text);
    uint32_t done = 0;
    for (bool more = true; more;) {
        const uint32_t before = draw(3) == 0 ? draw(BLOCK_ACCESSES) : 0;
        block.count = before;
        block.mark_count = 77;
        block.of_kind[2] = 78;
        if (!next(way, &block))
            fail_msg("%s", err.text);
        assert_int_equal(block.mark_count, 77);
        assert_int_equal(block.of_kind[2], 78);
        more = block.count > before;
        assert_true(block.count == BLOCK_ACCESSES || done + (block.count - before) == chunk->accesses);
        for (uint32_t i = before; i < block.count; i++, done++)
            if (block.va[i] != access[done].va || block.meta[i] != access[done].meta)
                fail_msg("access %u is %#lx,%#x; it was %#lx,%#x", done, block.va[i], block.meta[i], access[done].va,
                         access[done].meta);
    }
    assert_int_equal(done, chunk->accesses);
}

static void there_and_back(const struct access *access, size_t count, double most_bytes)
{
    enum { CHUNKS = 64 };
    struct chunk chunk[CHUNKS];
    const size_t chunks = pack(access, count, chunk, CHUNKS);
    size_t bytes = 0;
    size_t done = 0;
    for (size_t c = 0; c < chunks; c++) {
        for (enum way way = VECTORS; way <= TURNS; way++)
            expect(&chunk[c], access + done, way);
        bytes += chunk[c].size_bytes;
        done += chunk[c].accesses;
        free(chunk[c].bytes);
    }
    assert_int_equal(done, count);
    if ((double)bytes > most_bytes * (double)count + 200)
        fail_msg("%zu accesses take %zu bytes", count, bytes);
}

static void streams_of_any_shape(void **state)
{
    (void)state;
    enum { MOST = 60000 };
    struct access *access = malloc(MOST * sizeof *access);
    assert_non_null(access);
    for (uint32_t trial = 0; trial < 60; trial++) {
        const struct shape *shape = &shapes[trial % SHAPES];
        const size_t count = trial < 2 * SHAPES ? MOST : draw(2) == 0 ? draw(100) : draw(MOST);
        shape->make(access, count);
        there_and_back(access, count, count == MOST ? shape->most_bytes : 12); /* short ones are all dictionary */
    }
    free(access);
}

/* One after the other within one chunk. */
static void mixed_streams(void **state)
{
    (void)state;
    enum { MOST = 60000 };
    struct access *access = malloc(MOST * sizeof *access);
    assert_non_null(access);
    for (uint32_t trial = 0; trial < 10; trial++) {
        size_t count = 0;
        while (count < MOST) {
            const size_t left = MOST - count;
            const size_t piece = 1 + draw(3000);
            shapes[draw(SHAPES)].make(access + count, piece < left ? piece : left);
            count += piece < left ? piece : left;
        }
        there_and_back(access, count, 10.4);
    }
    free(access);
}

/* What is told apart is told apart by kind, by size and by address of a fetch, and by nothing else. */
static void paths_that_nearly_agree(void **state)
{
    (void)state;
    enum { LENGTH = 32, PATHS = 64, COUNT = PATHS * LENGTH };
    static struct access access[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        access[i] = an_access(i % 8 == 3 ? ACCESS_LOAD : ACCESS_FETCH, 0x1000 + i % LENGTH, 1);
    for (size_t p = 1; p < PATHS; p++) {
        struct access *odd = &access[p * LENGTH + draw(LENGTH)];
        if (p % 3 == 0)
            odd->va += UINT64_C(1) << draw(64);
        else if (p % 3 == 1)
            odd->meta ^= (uint16_t)(1 << draw(14));
        else
            odd->meta ^= ACCESS_LOAD << ACCESS_KIND_SHIFT;
        odd->va = fit(odd->va, access_size_bytes(odd->meta));
    }
    there_and_back(access, COUNT, 10);
}

/* The encoder's hash of a path so far, and one access more. */
static uint64_t hashed(uint64_t hash, struct access access)
{
    const uint64_t told = hash ^ access.va ^ (uint64_t)(access.meta + 1) << 48;
    return (told ^ told >> 32) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Paths of 32 fetches that differ in the first two of them, in size or only in address, and that the hash does not tell apart. */
static void paths_of_one_hash(void **state)
{
    (void)state;
    enum { LENGTH = 32, PATHS = 9, COUNT = PATHS * LENGTH };
    static struct access access[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        access[i] = an_access(ACCESS_FETCH, 0x1000 + i % LENGTH, 1);
    const uint64_t first = hashed(0, access[0]);
    for (size_t i = LENGTH; i < COUNT; i += 3 * LENGTH)
        access[i] = an_access(ACCESS_FETCH, 0x1000 ^ UINT64_C(3) << 48, 2);
    for (size_t i = 2 * LENGTH; i < COUNT; i += 3 * LENGTH) {
        access[i].va = 0x2000;
        access[i + 1].va ^= first ^ hashed(0, access[i]);
        assert_true(hashed(hashed(0, access[i]), access[i + 1]) == hashed(first, access[1]));
    }
    there_and_back(access, COUNT, 12);
}

/* A loop with accesses to data that stand still at first, and then are on strides, from which they stray now and then. */
static void what_repeats_is_small(void **state)
{
    (void)state;
    enum { LENGTH = 25, TIMES = 4000, COUNT = LENGTH * TIMES };
    struct access *access = malloc(COUNT * sizeof *access);
    assert_non_null(access);
    uint64_t where[2] = {0x1000000, 0x2000000};
    for (size_t i = 0; i < COUNT; i++) {
        const size_t place = i % LENGTH;
        access[i] = an_access(ACCESS_FETCH, 0x1000 + place * 4, 4);
        if (place % 12 != 6)
            continue;
        uint64_t *data = &where[place / 12];
        *data += i < 9 * LENGTH ? 0 : i % 1009 == 0 ? draw(1 << 20) : 24;
        access[i] = an_access(ACCESS_STORE, *data, 8);
    }
    there_and_back(access, COUNT, 0.02);
    free(access);
}

static void a_chunk_is_full(void **state)
{
    (void)state;
    static struct block block;
    struct access *access = malloc(COLUMNS_ACCESSES * sizeof *access);
    assert_non_null(access);
    program(access, COLUMNS_ACCESSES);
    uint32_t done = 0;
    for (block.count = 4000; done < COLUMNS_ACCESSES; done += columns_add(encoder, &block, 0))
        for (uint32_t i = 0; i < block.count && done + i < COLUMNS_ACCESSES; i++) {
            block.va[i] = access[done + i].va;
            block.meta[i] = access[done + i].meta;
        }
    assert_int_equal(done, COLUMNS_ACCESSES);
    assert_int_equal(columns_count(encoder), COLUMNS_ACCESSES);
    assert_int_equal(columns_add(encoder, &block, 0), 0);
    struct chunk chunk;
    take_chunk(&chunk);
    expect(&chunk, access, VECTORS);
    assert_int_equal(columns_add(encoder, &block, 1), 3999);
    free(chunk.bytes);
    take_chunk(&chunk);
    free(chunk.bytes);
    free(access);
}

/* Where nothing repeats, a chunk ends before its dictionary is too large, and not before there is something in it. */
static void a_dictionary_is_full(void **state)
{
    (void)state;
    enum { COUNT = 300000, CHUNKS = 64 };
    struct access *access = malloc(COUNT * sizeof *access);
    assert_non_null(access);
    struct chunk chunk[CHUNKS];
    anything(access, COUNT);
    const size_t chunks = pack(access, COUNT, chunk, CHUNKS);
    assert_in_range(chunks, 3, 5);
    for (size_t c = 0; c < chunks; c++) {
        assert_true(c == chunks - 1 || chunk[c].accesses > 65536);
        free(chunk[c].bytes);
    }
    free(access);
}

static void no_accesses(void **state)
{
    (void)state;
    struct chunk chunk;
    take_chunk(&chunk);
    expect(&chunk, NULL, VECTORS);
    expect(&chunk, NULL, PLAIN);
    free(chunk.bytes);
}

static void the_same_bytes_again(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    static struct access access[COUNT];
    struct chunk first;
    struct chunk second;
    program(access, COUNT);
    assert_int_equal(pack(access, COUNT, &first, 2), 1);
    assert_int_equal(pack(access, COUNT, &second, 2), 1);
    assert_int_equal(first.size_bytes, second.size_bytes);
    assert_memory_equal(first.bytes, second.bytes, first.size_bytes);
    free(first.bytes);
    free(second.bytes);
}

/* ---- What stands in a chunk ---- */

enum { LENGTHS, METAS, STEPS, VISITS, MASKS, CONTROLS, BYTES, COLUMNS };

/* The example of FORMAT.md; tests change it. */
struct parts {
    struct part {
        uint32_t size;
        uint8_t byte[40];
    } column[COLUMNS];
};

static const struct parts example = {{
    [LENGTHS] = {1, {3}},
    [METAS] = {6, {0x02, 0x00, 0x07, 0x10, 0x01, 0x00}},
    [STEPS] = {3, {8, 0, 8}},
    [VISITS] = {4, {0, 0, 0, 0}},
    [MASKS] = {2, {0x00, 0x01}},
    [CONTROLS] = {4, {0x02, 0x04, 0x00, 0x01}},
    [BYTES] = {3, {0x20, 0x01, 0x20}},
}};

static struct chunk assemble(const struct parts *parts, uint32_t accesses)
{
    struct chunk chunk = {.size_bytes = 8 * COLUMNS, .accesses = accesses};
    for (int c = 0; c < COLUMNS; c++)
        chunk.size_bytes += parts->column[c].size;
    chunk.bytes = malloc(chunk.size_bytes);
    assert_non_null(chunk.bytes);
    uint8_t *end = chunk.bytes + 8 * COLUMNS;
    for (int c = 0; c < COLUMNS; c++) {
        const uint32_t size = htole32(parts->column[c].size);
        memcpy(chunk.bytes + 4 * c, &size, sizeof size);
        memcpy(chunk.bytes + 4 * (COLUMNS + c), &size, sizeof size);
        memcpy(end, parts->column[c].byte, parts->column[c].size);
        end += parts->column[c].size;
    }
    return chunk;
}

static void the_example(void **state)
{
    (void)state;
    static const struct access access[] = {{0x1000, 0x0002}, {0x8000, 0x1007}, {0x1003, 0x0001},
                                           {0x1000, 0x0002}, {0x8010, 0x1007}, {0x1003, 0x0001}};
    struct chunk chunk = assemble(&example, 6);
    expect(&chunk, access, VECTORS);
    expect(&chunk, access, PLAIN);
    free(chunk.bytes);
}

/* Steps 0, 1 and 7, of which no access takes the last; the second, which the first fetch takes, is a value with all of its
 * lowest bytes, the last one with holes. */
static void steps(void **state)
{
    (void)state;
    static const struct access access[] = {{0x1000, 0x0002}, {0x8000, 0x1007}, {0x1003, 0x0001},
                                           {0xffff, 0x0002}, {0x8010, 0x1007}, {0x1003, 0x0001}};
    struct parts parts = example;
    parts.column[STEPS].byte[0] = 1;
    parts.column[MASKS].byte[1] = 0x83;
    memcpy(parts.column[CONTROLS].byte + 4, (uint8_t[]){0x07, 0x84}, 2);
    memcpy(parts.column[BYTES].byte + 3, (uint8_t[]){0xfe, 0xdf, 0x01, 1, 1}, 5);
    parts.column[CONTROLS].size += 2;
    parts.column[BYTES].size += 5;
    struct chunk chunk = assemble(&parts, 6);
    expect(&chunk, access, VECTORS);
    expect(&chunk, access, PLAIN);
    free(chunk.bytes);
}

static void expect_error(struct chunk chunk, const char *text)
{
    err.text[0] = '\0';
    assert_false(columns_begin(decoder, chunk.bytes, chunk.size_bytes, chunk.accesses, &err));
    assert_string_equal(err.text, text);
    static struct block block;
    assert_true(columns_next(decoder, &block, &err) && block.count == 0);
    free(chunk.bytes);
}

static void wrong_columns(void **state)
{
    (void)state;
    struct parts parts = example;
    parts.column[LENGTHS].byte[0] = 0;
    expect_error(assemble(&parts, 6), "path 0 of the chunk has 0 accesses; paths have 1 to 32");
    parts.column[LENGTHS].byte[0] = 33;
    expect_error(assemble(&parts, 6), "path 0 of the chunk has 33 accesses; paths have 1 to 32");
    parts = example;
    parts.column[METAS].size = 5;
    expect_error(assemble(&parts, 6), "the metas of the chunk are 5 bytes; by its other columns they would be 6");
    parts = example;
    parts.column[METAS].byte[3] = 0x40;
    expect_error(assemble(&parts, 6), "access 1 of the paths of the chunk is of kind 4; kinds are 0 to 3");
    parts = example;
    parts.column[STEPS].byte[2] = 9;
    expect_error(assemble(&parts, 6), "access 2 of the paths of the chunk takes step 9; steps are 0 to 8");
    parts = example;
    parts.column[STEPS].size = 4;
    expect_error(assemble(&parts, 6), "the steps of the chunk are 4 bytes; by its other columns they would be 3");
    parts = example;
    parts.column[VISITS].size = 3;
    expect_error(assemble(&parts, 6), "the visits of the chunk are 3 bytes; by its other columns they would be 4");
    parts = example;
    parts.column[VISITS].byte[2] = 1;
    expect_error(assemble(&parts, 6), "visit 1 of the chunk is to path 1; it has 1 paths");
    parts.column[VISITS].byte[3] = 0xff;
    expect_error(assemble(&parts, 6), "visit 1 of the chunk is to path 65281; it has 1 paths");
    parts = example;
    parts.column[MASKS].byte[0] = 0xff;
    expect_error(assemble(&parts, 6), "the controls of the chunk are 4 bytes; by its other columns they would be 12");
    parts = example;
    parts.column[CONTROLS].byte[3] = 0xff;
    expect_error(assemble(&parts, 6), "the bytes of the chunk are 3 bytes; by its other columns they would be 10");
    expect_error(assemble(&example, 5), "the chunk has 6 accesses; 5 were expected");
    expect_error(assemble(&example, UINT32_MAX),
                 "4294967295 accesses were expected in the chunk; chunks have at most 1048576");
}

static void wrong_sizes(void **state)
{
    (void)state;
    struct chunk chunk = assemble(&example, 6);
    chunk.size_bytes = 55;
    expect_error(chunk, "the chunk has 55 bytes; its header alone has 56");
    chunk = assemble(&example, 6);
    chunk.size_bytes--;
    expect_error(chunk,
                 "the bytes of the chunk, 3 bytes, are said to be packed as 3 bytes from byte 76 on; the chunk has 78");
    chunk = assemble(&example, 6);
    chunk.bytes[4 * BYTES]--;
    chunk.bytes[4 * (COLUMNS + BYTES)]--;
    expect_error(chunk, "the chunk has 79 bytes; by its header it has 78");
    chunk = assemble(&example, 6);
    chunk.bytes[4 * (COLUMNS + METAS)]++;
    expect_error(chunk,
                 "the metas of the chunk, 6 bytes, are said to be packed as 7 bytes from byte 57 on; the chunk has 79");
    chunk = assemble(&example, 6);
    chunk.bytes[4 * MASKS + 3] = 0xff;
    expect_error(chunk, "the masks of the chunk are said to be 4278190082 bytes; they are at most 1048576");
    chunk = assemble(&example, 6);
    chunk.bytes[4 * METAS]++; /* so that what is stored is said to be packed */
    err.text[0] = '\0';
    assert_false(columns_begin(decoder, chunk.bytes, chunk.size_bytes, 6, &err));
    assert_non_null(strstr(err.text, "the metas of the chunk, from its byte 57 on, do not unpack: Zstandard says: "));
    free(chunk.bytes);
}

/* A frame of fewer bytes than the header says. */
static void too_few_bytes(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    static struct access access[COUNT];
    struct chunk chunk;
    program(access, COUNT);
    assert_int_equal(pack(access, COUNT, &chunk, 2), 1);
    uint32_t size;
    memcpy(&size, chunk.bytes + 4 * METAS, sizeof size);
    assert_true(memcmp(chunk.bytes + 4 * METAS, chunk.bytes + 4 * (COLUMNS + METAS), sizeof size) != 0);
    char text[100];
    snprintf(text, sizeof text, "the metas of the chunk unpack to %u bytes; its header says %u", le32toh(size),
             le32toh(size) + 1);
    size = htole32(le32toh(size) + 1);
    memcpy(chunk.bytes + 4 * METAS, &size, sizeof size);
    expect_error(chunk, text);
}

/* Paths of nine fetches, which take two groups of slots each: as many as there may be, and one more. */
static void the_largest_dictionary(void **state)
{
    (void)state;
    for (uint32_t paths = 8192; paths <= 8193; paths++) {
        const uint32_t size[COLUMNS] = {paths, 18 * paths, 9 * paths, 2, 1, 9 * paths, 0};
        struct chunk chunk = {.accesses = 9};
        chunk.bytes = calloc(1, 8 * COLUMNS + 37 * paths + 3);
        assert_non_null(chunk.bytes);
        uint8_t *end = chunk.bytes + 8 * COLUMNS;
        for (int c = 0; c < COLUMNS; c++) {
            const uint32_t stored = htole32(size[c]);
            memcpy(chunk.bytes + 4 * c, &stored, sizeof stored);
            memcpy(chunk.bytes + 4 * (COLUMNS + c), &stored, sizeof stored);
            memset(end, c == LENGTHS ? 9 : 0, size[c]);
            end += size[c];
        }
        chunk.size_bytes = (size_t)(end - chunk.bytes);
        if (paths > 8192) {
            expect_error(chunk, "the paths of the chunk take 131088 slots; there are 131072");
            break;
        }
        static const struct access access[9] = {{0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}, {6, 0}, {7, 0}, {8, 0}};
        expect(&chunk, access, VECTORS);
        expect(&chunk, access, PLAIN);
        free(chunk.bytes);
    }
}

/* A last byte that is the last there is, and one behind it. */
static void the_last_address(void **state)
{
    (void)state;
    struct parts parts = example;
    parts.column[VISITS].size = 2;
    parts.column[MASKS].size = 1;
    parts.column[CONTROLS].size = 3;
    parts.column[CONTROLS].byte[1] = 0x01;
    parts.column[BYTES].byte[1] = 0x0f; /* the load is at -8 */
    parts.column[BYTES].size = 2;
    static const struct access access[] = {{0x1000, 0x0002}, {UINT64_MAX - 7, 0x1007}, {0x1003, 0x0001}};
    struct chunk chunk = assemble(&parts, 3);
    expect(&chunk, access, VECTORS);
    expect(&chunk, access, PLAIN);
    free(chunk.bytes);

    parts = example;
    parts.column[CONTROLS].byte[1] = 0x01;
    memcpy(parts.column[BYTES].byte + 1, (uint8_t[]){0x1f, 0x12}, 2); /* at -16, then at -7 */
    chunk = assemble(&parts, 6);
    for (enum way way = VECTORS; way <= PLAIN; way++) {
        static struct block block;
        go(way);
        assert_true(columns_begin(decoder, chunk.bytes, chunk.size_bytes, 6, &err));
        block.count = BLOCK_ACCESSES - 10; /* no room for two visits at once */
        assert_false(next(way, &block));
        assert_string_equal(err.text, "access 4 of the chunk is 8 bytes at 0xfffffffffffffff9, which end beyond the "
                                      "last address, 0xffffffffffffffff");
        assert_int_equal(block.count, BLOCK_ACCESSES - 7);
        assert_true(next(way, &block));
        assert_int_equal(block.count, BLOCK_ACCESSES - 7);
    }
    free(chunk.bytes);
}

/* ---- Damage ---- */

/* All of the chunk's accesses, or what is said of it. Whatever comes out is an access. Returns how many there are. */
static uint32_t unpack(const struct chunk *chunk, enum way way, struct access *access, char *said)
{
    static struct block block;
    uint32_t done = 0;
    go(way);
    bool good = columns_begin(decoder, chunk->bytes, chunk->size_bytes, chunk->accesses, &err);
    for (bool more = good; more;) {
        block.count = 0;
        good = next(way, &block);
        more = good && block.count > 0;
        for (uint32_t i = 0; more && i < block.count; i++, done++) {
            assert_true(done < chunk->accesses);
            access[done] = (struct access){block.va[i], block.meta[i]};
            assert_true(block.meta[i] >> ACCESS_KIND_SHIFT <= ACCESS_MODIFY);
            assert_true(block.va[i] + (access_size_bytes(block.meta[i]) - 1) >= block.va[i]);
        }
    }
    assert_true(!good || done == chunk->accesses);
    snprintf(said, ERR_TEXT_BYTES, "%s", good ? "" : err.text);
    assert_true(good || said[0] != '\0');
    return done;
}

static void expect_agreement(const struct chunk *chunk, uint32_t *good)
{
    static char said[2][ERR_TEXT_BYTES];
    struct access *access = calloc(2 * (size_t)chunk->accesses, sizeof *access);
    assert_non_null(access);
    const uint32_t done = unpack(chunk, VECTORS, access, said[0]);
    assert_int_equal(unpack(chunk, PLAIN, access + chunk->accesses, said[1]), done);
    for (uint32_t i = 0; i < done; i++)
        assert_true(access[i].va == access[chunk->accesses + i].va &&
                    access[i].meta == access[chunk->accesses + i].meta);
    assert_string_equal(said[0], said[1]);
    *good += said[0][0] == '\0';
    free(access);
}

/* The same chunk with its columns as they are, so that damage is not found by Zstandard. */
static struct chunk store_unpacked(const struct chunk *chunk)
{
    uint32_t header[2 * COLUMNS];
    memcpy(header, chunk->bytes, sizeof header);
    size_t size_bytes = sizeof header;
    for (int c = 0; c < COLUMNS; c++)
        size_bytes += le32toh(header[c]);
    struct chunk stored = {malloc(size_bytes), size_bytes, chunk->accesses};
    assert_non_null(stored.bytes);
    memcpy(stored.bytes, header, sizeof header / 2);
    memcpy(stored.bytes + sizeof header / 2, header, sizeof header / 2);
    const uint8_t *from = chunk->bytes + sizeof header;
    uint8_t *to = stored.bytes + sizeof header;
    for (int c = 0; c < COLUMNS; c++) {
        const uint32_t size = le32toh(header[c]);
        const uint32_t packed = le32toh(header[COLUMNS + c]);
        if (packed < size)
            assert_int_equal(ZSTD_decompress(to, size, from, packed), size);
        else
            memcpy(to, from, size);
        from += packed;
        to += size;
    }
    return stored;
}

static void damaged_chunks(void **state)
{
    (void)state;
    enum { COUNT = 1500, DAMAGES = 800 };
    static struct access access[COUNT];
    uint32_t good = 0;
    uint32_t tried = 0;
    for (uint32_t trial = 0; trial < 6; trial++) {
        struct chunk chunk;
        shapes[trial % 2 == 0 ? SHAPES - 1 : draw(SHAPES)].make(access, COUNT);
        assert_int_equal(pack(access, COUNT, &chunk, 2), 1);
        struct chunk stored = store_unpacked(&chunk);
        expect(&stored, access, TURNS);
        for (uint32_t damage = 0; damage < DAMAGES; damage++) {
            const struct chunk *whole = damage % 4 == 0 ? &chunk : &stored;
            struct chunk damaged = {malloc(whole->size_bytes), whole->size_bytes, COUNT};
            assert_non_null(damaged.bytes);
            memcpy(damaged.bytes, whole->bytes, whole->size_bytes);
            for (uint32_t flips = 1 + draw(3); flips > 0; flips--)
                damaged.bytes[draw((uint32_t)whole->size_bytes)] ^= (uint8_t)(1 << draw(8));
            expect_agreement(&damaged, &good);
            tried++;
            free(damaged.bytes);
        }
        free(chunk.bytes);
        free(stored.bytes);
    }
    assert_in_range(good, tried / 20, tried - tried / 20); /* else only one half of the decoder was tested */
}

static void cut_chunks(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    static struct access access[COUNT];
    struct chunk chunk;
    program(access, COUNT);
    assert_int_equal(pack(access, COUNT, &chunk, 2), 1);
    for (size_t size_bytes = 0; size_bytes < chunk.size_bytes; size_bytes++) {
        uint8_t *cut = malloc(size_bytes);
        assert_true(cut != NULL || size_bytes == 0);
        if (size_bytes > 0)
            memcpy(cut, chunk.bytes, size_bytes);
        err.text[0] = '\0';
        assert_false(columns_begin(decoder, cut, size_bytes, COUNT, &err));
        assert_true(err.text[0] != '\0');
        free(cut);
    }
    free(chunk.bytes);
}

static void noise(void **state)
{
    (void)state;
    uint32_t good = 0;
    for (uint32_t trial = 0; trial < 2000; trial++) {
        struct chunk chunk = {.size_bytes = draw(300), .accesses = draw(2000)};
        chunk.bytes = malloc(chunk.size_bytes + 1);
        assert_non_null(chunk.bytes);
        for (size_t i = 0; i < chunk.size_bytes; i++)
            chunk.bytes[i] = (uint8_t)(i < 8 * COLUMNS && i % 4 != 0 ? 0 : draw(256));
        expect_agreement(&chunk, &good);
        free(chunk.bytes);
    }
    assert_int_equal(good, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_of_any_shape),
        cmocka_unit_test(mixed_streams),
        cmocka_unit_test(paths_that_nearly_agree),
        cmocka_unit_test(paths_of_one_hash),
        cmocka_unit_test(what_repeats_is_small),
        cmocka_unit_test(a_chunk_is_full),
        cmocka_unit_test(a_dictionary_is_full),
        cmocka_unit_test(no_accesses),
        cmocka_unit_test(the_same_bytes_again),
        cmocka_unit_test(the_example),
        cmocka_unit_test(steps),
        cmocka_unit_test(wrong_columns),
        cmocka_unit_test(wrong_sizes),
        cmocka_unit_test(too_few_bytes),
        cmocka_unit_test(the_largest_dictionary),
        cmocka_unit_test(the_last_address),
        cmocka_unit_test(damaged_chunks),
        cmocka_unit_test(cut_chunks),
        cmocka_unit_test(noise),
    };
    return cmocka_run_group_tests(tests, create, destroy);
}
