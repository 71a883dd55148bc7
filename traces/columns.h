/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The accesses of one chunk of a native trace, as columns: how they are packed and unpacked. No files, no events.
 *
 * Always: what comes out is what went in, access for access, and a chunk needs no other to be unpacked.
 */
#ifndef TRACES_COLUMNS_H
#define TRACES_COLUMNS_H

#include "model/access.h"
#include "model/err.h"

#include <stddef.h>
#include <stdint.h>

enum { COLUMNS_ACCESSES = 1 << 20 }; /* the most accesses of a chunk */

struct columns_encoder;

/* NULL with err: no memory. */
struct columns_encoder *columns_encoder_create(struct err *err);

/* Takes accesses of the block, from `from` on; returns how many it took: fewer where the chunk is full. */
uint32_t columns_add(struct columns_encoder *encoder, const struct block *block, uint32_t from);

uint32_t columns_count(const struct columns_encoder *encoder);

/* The chunk, self-contained; the encoder is empty again. The bytes live until the next add. */
const void *columns_finish(struct columns_encoder *encoder, size_t *size_bytes, struct err *err);

/* NULL is fine, as below. */
void columns_encoder_free(struct columns_encoder *encoder);

struct columns_decoder;
struct columns_decoder *columns_decoder_create(struct err *err);

/* The bytes must live until the chunk is out. Any bytes whatever: false with err, never a crash. */
bool columns_begin(struct columns_decoder *decoder, const void *bytes, size_t size_bytes, uint32_t accesses,
                   struct err *err);

/* Appends va and meta to the block, from block->count, until it is full or the chunk has no more; touches neither marks
 * nor summary. */
bool columns_next(struct columns_decoder *decoder, struct block *block, struct err *err);

void columns_decoder_free(struct columns_decoder *decoder);

#endif
