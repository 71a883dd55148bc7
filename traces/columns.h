/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The accesses of one chunk of a native trace as columns: how they are packed and unpacked. traces/FORMAT.md
 * says what stands in them, byte by byte.
 *
 * No files, no events, no checksum: bytes that were damaged and still make sense unpack as other accesses, which whoever stores
 * a chunk has to notice.
 *
 * Always: what comes out is what went in, access for access, whatever that was. A chunk needs no other. Memory is bounded by
 * COLUMNS_ACCESSES, whatever the bytes say.
 */
#ifndef TRACES_COLUMNS_H
#define TRACES_COLUMNS_H

#include "model/access.h"
#include "model/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COLUMNS_ACCESSES = 1 << 20 }; /* the most accesses of a chunk */

struct columns_encoder;

/* NULL with err: no memory. */
struct columns_encoder *columns_encoder_create(struct err *err);

/* Takes accesses from number `from` of the block on and returns how many it took: fewer where the chunk is full. That is at
 * COLUMNS_ACCESSES, or before, where its dictionary has no more room; an empty chunk takes at least one. */
uint32_t columns_add(struct columns_encoder *encoder, const struct block *block, uint32_t from);

/* Accesses in the chunk so far. */
uint32_t columns_count(const struct columns_encoder *encoder);

/* The chunk. The encoder is empty again; the bytes live until it is used again. NULL with err: no memory. */
const void *columns_finish(struct columns_encoder *encoder, size_t *size_bytes, struct err *err);

/* NULL is fine, as below. */
void columns_encoder_free(struct columns_encoder *encoder);

struct columns_decoder;

/* NULL with err: no memory. */
struct columns_decoder *columns_decoder_create(struct err *err);

/* Begins a chunk of `accesses`, whose bytes must live until all are out; what the decoder was at before is forgotten. Any bytes
 * will do: false with err, and no accesses, where they are no chunk or not one of so many. */
bool columns_begin(struct columns_decoder *decoder, const void *bytes, size_t size_bytes, uint32_t accesses,
                   struct err *err);

/* Appends va and meta of the next accesses to the block until it is full (BLOCK_ACCESSES) or the chunk has no more; marks and
 * summary are left alone. False with err where an access ends beyond the last address; the chunk is then over. */
bool columns_next(struct columns_decoder *decoder, struct block *block, struct err *err);

/* For tests: with false, the decoder does from now on what it does on processors without the vector instructions. */
void columns_allow_vectors(struct columns_decoder *decoder, bool allowed);

void columns_decoder_free(struct columns_decoder *decoder);

#endif
