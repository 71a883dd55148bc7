/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The addresses, eight bytes each, then the meta words, two bytes each, little-endian, as one zstd frame.
 */
#include "traces/columns.h"

#include "traces/bytes.h"

#include <zstd.h>

enum { VA_BYTES = 8, META_BYTES = 2, LEVEL = 1 };

struct columns_encoder {
    uint32_t count;
    ZSTD_CCtx *zstd;
    struct bytes packed;
    uint8_t raw[(VA_BYTES + META_BYTES) * COLUMNS_ACCESSES];
    uint16_t meta[COLUMNS_ACCESSES];
};

struct columns_encoder *columns_encoder_create(struct err *err)
{
    struct columns_encoder *encoder = calloc(1, sizeof *encoder);
    if (encoder != NULL && (encoder->zstd = ZSTD_createCCtx()) != NULL &&
        bytes_reserve(&encoder->packed, ZSTD_compressBound(sizeof encoder->raw)))
        return encoder;
    columns_encoder_free(encoder);
    err_set(err, "there is no memory to pack accesses");
    return NULL;
}

uint32_t columns_add(struct columns_encoder *encoder, const struct block *block, uint32_t from)
{
    uint32_t taken = block->count - from;
    if (taken > COLUMNS_ACCESSES - encoder->count)
        taken = COLUMNS_ACCESSES - encoder->count;
    for (uint32_t i = 0; i < taken; i++) {
        bytes_put64(encoder->raw + (size_t)VA_BYTES * (encoder->count + i), block->va[from + i]);
        encoder->meta[encoder->count + i] = block->meta[from + i];
    }
    encoder->count += taken;
    return taken;
}

uint32_t columns_count(const struct columns_encoder *encoder)
{
    return encoder->count;
}

const void *columns_finish(struct columns_encoder *encoder, size_t *size_bytes, struct err *err)
{
    const size_t count = encoder->count;
    for (size_t i = 0; i < count; i++)
        bytes_put16(encoder->raw + VA_BYTES * count + META_BYTES * i, encoder->meta[i]);
    encoder->count = 0;
    *size_bytes = ZSTD_compressCCtx(encoder->zstd, encoder->packed.at, encoder->packed.room, encoder->raw,
                                    (VA_BYTES + META_BYTES) * count, LEVEL);
    if (!ZSTD_isError(*size_bytes))
        return encoder->packed.at;
    err_set(err, "accesses cannot be packed: %s", ZSTD_getErrorName(*size_bytes));
    return NULL;
}

void columns_encoder_free(struct columns_encoder *encoder)
{
    if (encoder == NULL)
        return;
    ZSTD_freeCCtx(encoder->zstd);
    bytes_free(&encoder->packed);
    free(encoder);
}

struct columns_decoder {
    uint32_t count, at;
    ZSTD_DCtx *zstd;
    struct bytes raw;
};

struct columns_decoder *columns_decoder_create(struct err *err)
{
    struct columns_decoder *decoder = calloc(1, sizeof *decoder);
    if (decoder != NULL && (decoder->zstd = ZSTD_createDCtx()) != NULL)
        return decoder;
    columns_decoder_free(decoder);
    err_set(err, "there is no memory to unpack accesses");
    return NULL;
}

bool columns_begin(struct columns_decoder *decoder, const void *bytes, size_t size_bytes, uint32_t accesses,
                   struct err *err)
{
    decoder->count = decoder->at = 0;
    if (accesses > COLUMNS_ACCESSES)
        return err_set(err, "%u accesses are more than a chunk holds", accesses);
    if (!bytes_reserve(&decoder->raw, (size_t)(VA_BYTES + META_BYTES) * accesses + 1))
        return err_set(err, "there is no memory to unpack accesses");
    const size_t got = ZSTD_decompressDCtx(decoder->zstd, decoder->raw.at, decoder->raw.room, bytes, size_bytes);
    if (ZSTD_isError(got))
        return err_set(err, "the accesses cannot be unpacked: %s", ZSTD_getErrorName(got));
    if (got != (size_t)(VA_BYTES + META_BYTES) * accesses)
        return err_set(err, "the accesses are %zu bytes unpacked, not the 10 each of %u accesses", got, accesses);
    decoder->count = accesses;
    return true;
}

bool columns_next(struct columns_decoder *decoder, struct block *block, struct err *err)
{
    (void)err;
    const uint8_t *meta = decoder->raw.at + (size_t)VA_BYTES * decoder->count;
    for (; block->count < BLOCK_ACCESSES && decoder->at < decoder->count; block->count++, decoder->at++) {
        block->va[block->count] = bytes_get64(decoder->raw.at + (size_t)VA_BYTES * decoder->at);
        block->meta[block->count] = bytes_get16(meta + (size_t)META_BYTES * decoder->at);
    }
    return true;
}

void columns_decoder_free(struct columns_decoder *decoder)
{
    if (decoder == NULL)
        return;
    ZSTD_freeDCtx(decoder->zstd);
    bytes_free(&decoder->raw);
    free(decoder);
}
