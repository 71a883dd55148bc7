/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands beside the accesses of one chunk of a native trace (traces/extras.h): how it is packed and unpacked. The
 * accesses themselves are columns.h's. FORMAT.md has the bytes.
 *
 * Always: every field of every event comes out as it went in, whether or not its kind gives it a meaning. Any bytes
 * whatever are unpacked in bounded memory, or are an error.
 */
#ifndef TRACES_EXTRAS_PACKED_H
#define TRACES_EXTRAS_PACKED_H

#include "model/access.h"
#include "model/err.h"
#include "traces/bytes.h"
#include "traces/extras.h"

/* The sections of a chunk, by their bits: those that it has follow one another in this order. */
enum {
    SECTION_EVENTS,
    SECTION_PCS,
    SECTION_DATA_SIZES,
    SECTION_DATA, /* is there where SECTION_DATA_SIZES is */
    SECTIONS,
};
enum {
    EXTRAS_EVENTS = 1 << SECTION_EVENTS,
    EXTRAS_PCS = 1 << SECTION_PCS,
    EXTRAS_DATA = 1 << SECTION_DATA_SIZES | 1 << SECTION_DATA,
    EXTRAS_SECTION_BYTES =
        16 << 20, /* the most that a section is unpacked: the data of a whole block at 4096 bytes each */
    EXTRAS_CHUNK_EVENTS = 1 << 18, /* the most events of a chunk */
};

struct extras_packer;

/* NULL with err: no memory. */
struct extras_packer *extras_packer_create(struct err *err);

/* Whether the chunk, of which so many accesses are taken, can take the block, too: there is room for all that stands
 * beside it, and its accesses have a pc and data where those before them have. */
bool extras_pack_fits(const struct extras_packer *packer, uint32_t chunk_accesses, const struct block *block,
                      const struct extras *extras);

/* Takes what stands beside the accesses `from` to `to` of the block, the first of which is `chunk_accesses` of the
 * chunk, from 0; where `to` is the end of the block also the events behind it. */
bool extras_pack(struct extras_packer *packer, uint32_t chunk_accesses, const struct block *block,
                 const struct extras *extras, uint32_t from, uint32_t to, struct err *err);

uint32_t extras_packer_events(const struct extras_packer *packer);

/* Appends the sections of the chunk, and says which they are; the packer is empty again. */
bool extras_pack_finish(struct extras_packer *packer, struct bytes *to, uint8_t *sections, struct err *err);

/* NULL is fine, as below. */
void extras_packer_free(struct extras_packer *packer);

struct extras_unpacker;
struct extras_unpacker *extras_unpacker_create(struct err *err);

/* Unpacks the sections of a chunk of so many accesses and events. */
bool extras_unpack_begin(struct extras_unpacker *unpacker, const uint8_t *bytes, size_t size_bytes, uint8_t sections,
                         uint32_t accesses, uint32_t events, struct err *err);

/* What stands beside the next accesses of the chunk, all of which are in the block. Before them come `extra` events
 * that the chunk does not have. The extras live until the next call. */
bool extras_unpack_next(struct extras_unpacker *unpacker, const struct block *block, const struct event *extra,
                        uint32_t extra_count, struct extras *extras, struct err *err);

void extras_unpacker_free(struct extras_unpacker *unpacker);

#endif
