/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/columns.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/text.h"
#include "traces/columns.h"
#include "traces/reader.h"

/* What a container may add to a chunk. */
enum { CONTAINER_BYTES = 64 };

struct chunk {
    uint32_t accesses;
    size_t size_bytes;
    uint8_t *bytes;
};

struct columns {
    struct columns_encoder *encoder;
    struct columns_decoder *decoder;
    struct block **block; /* of the text */
    size_t blocks;
    struct chunk *chunk;
    size_t chunks;
};

static struct columns columns;

static _Noreturn void fail(const char *why)
{
    fprintf(stderr, "bench: the columns: %s\n", why);
    exit(EXIT_FAILURE);
}

static void *grow(void *memory, size_t bytes)
{
    void *more = realloc(memory, bytes);
    if (more == NULL)
        fail("out of memory");
    return more;
}

static void read_text(struct columns *c)
{
    struct err err;
    struct reader *reader = reader_open(text_path(), NULL, &err);
    if (reader == NULL)
        fail(err.text);
    do {
        struct block *block = aligned_alloc(_Alignof(struct block), sizeof *block);
        c->block = grow(c->block, (c->blocks + 1) * sizeof(struct block *));
        if (block == NULL)
            fail("out of memory");
        c->block[c->blocks++] = block;
        if (!reader_next(reader, block, &err))
            fail(err.text);
    } while (c->block[c->blocks - 1]->count > 0);
    reader_close(reader);
}

static void end_chunk(struct columns *c, bool keep)
{
    struct err err;
    struct chunk chunk = {.accesses = columns_count(c->encoder)};
    const void *bytes = columns_finish(c->encoder, &chunk.size_bytes, &err);
    if (bytes == NULL)
        fail(err.text);
    bench_keep(chunk.size_bytes);
    if (!keep)
        return;
    chunk.bytes = grow(NULL, chunk.size_bytes);
    memcpy(chunk.bytes, bytes, chunk.size_bytes);
    c->chunk = grow(c->chunk, (c->chunks + 1) * sizeof *c->chunk);
    c->chunk[c->chunks++] = chunk;
}

static void encode(struct columns *c, bool keep)
{
    for (size_t b = 0; b < c->blocks; b++)
        for (uint32_t taken = 0; (taken += columns_add(c->encoder, c->block[b], taken)) < c->block[b]->count;)
            end_chunk(c, keep);
    end_chunk(c, keep);
}

static void encode_body(void *context)
{
    encode(context, false);
}

static void make(void *context)
{
    struct columns *c = context;
    struct err err;
    if (c->chunks > 0)
        return;
    c->encoder = columns_encoder_create(&err);
    c->decoder = columns_decoder_create(&err);
    if (c->encoder == NULL || c->decoder == NULL)
        fail(err.text);
    read_text(c);
    encode(c, true);
}

/* Calls `see` with each block, which may be NULL. */
static void decode(const struct columns *c, void (*see)(void *context, const struct block *block), void *context)
{
    static struct block block;
    struct err err;
    for (size_t k = 0; k < c->chunks; k++) {
        const struct chunk *chunk = &c->chunk[k];
        if (!columns_begin(c->decoder, chunk->bytes, chunk->size_bytes, chunk->accesses, &err))
            fail(err.text);
        do {
            block.count = 0;
            if (!columns_next(c->decoder, &block, &err))
                fail(err.text);
            if (see != NULL)
                see(context, &block);
        } while (block.count > 0);
    }
}

static void decode_body(void *context)
{
    decode(context, NULL, NULL);
}

/* Where the text is, by block and access of it. */
struct place {
    const struct columns *columns;
    size_t block;
    uint32_t access;
    uint64_t accesses;
};

static void compare(void *context, const struct block *block)
{
    struct place *place = context;
    for (uint32_t i = 0; i < block->count; i++, place->access++, place->accesses++) {
        while (place->block + 1 < place->columns->blocks &&
               place->access == place->columns->block[place->block]->count) {
            place->block++;
            place->access = 0;
        }
        const struct block *text = place->columns->block[place->block];
        if (place->access < text->count && block->va[i] == text->va[place->access] &&
            block->meta[i] == text->meta[place->access])
            continue;
        fprintf(stderr, "bench: access %" PRIu64 " is another in the columns than in the text\n", place->accesses + 1);
        exit(EXIT_FAILURE);
    }
}

static void check(void *context)
{
    const struct columns *c = context;
    make(context);
    struct place place = {.columns = c};
    decode(c, compare, &place);
    uint64_t accesses = 0;
    for (size_t b = 0; b < c->blocks; b++)
        accesses += c->block[b]->count;
    if (place.accesses == accesses)
        return;
    fprintf(stderr, "bench: the text has %" PRIu64 " accesses; the columns have %" PRIu64 "\n", accesses,
            place.accesses);
    exit(EXIT_FAILURE);
}

static double bytes_an_access(void *context)
{
    const struct columns *c = context;
    uint64_t bytes = 0;
    uint64_t accesses = 0;
    for (size_t k = 0; k < c->chunks; k++) {
        bytes += c->chunk[k].size_bytes + CONTAINER_BYTES;
        accesses += c->chunk[k].accesses;
    }
    return (double)bytes / (double)accesses;
}

void columns_register(void)
{
    const bool given = text_is_given(); /* the text of our own is random: what a program never is */
    const struct bench decode_bench = {
        .name = "columns/decode",
        .check = check,
        .prepare = make,
        .body = decode_body,
        .context = &columns,
        .items = text_records(),
    };
    bench_register(&decode_bench);
    const struct bench encode_bench = {
        .name = "columns/encode",
        .prepare = make,
        .body = encode_body,
        .context = &columns,
        .items = text_records(),
    };
    bench_register(&encode_bench);
    const struct bench_ratio ratio = {
        .name = "columns unpacked over Lackey text parsed",
        .numerator = "columns/decode",
        .denominator = "parse/blocks",
        .at_least = given ? 4 : 0,
    };
    bench_register_ratio(&ratio);
    const struct bench_figure figure = {
        .name = "bytes of columns an access",
        .benchmark = "columns/decode",
        .measure = bytes_an_access,
        .context = &columns,
        .at_most = given ? 0.25 : 0,
    };
    bench_register_figure(&figure);
}
