/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The blocks of a trace, cut where its events change what is mapped, so that the mappings of a block hold for all of its
 * accesses. Which accesses there are, and their order, stay as they are.
 */
#ifndef CLI_MAPPED_BLOCKS_H
#define CLI_MAPPED_BLOCKS_H

#include "traces/address_map.h"
#include "traces/reader.h"

struct mapped_blocks;

/* `map` NULL: nobody asks, and blocks are the reader's own. */
struct mapped_blocks *mapped_blocks_create(struct reader *reader, struct address_map *map);
void mapped_blocks_free(struct mapped_blocks *blocks);

/* As runner_next_block. Behind it the map has the mappings of the block's accesses. */
bool mapped_blocks_next(struct mapped_blocks *blocks, struct block *block, bool *failed, struct err *err);

/* Mappings that are kept while the map goes on. Zero it first. */
struct kept_mappings {
    struct mapping_range *range;
    size_t room;
    uint64_t version;
    struct mappings mappings;
};

/* Copies them, unless they are there already; leaves them as they are without a map. */
void mapped_blocks_keep(const struct mapped_blocks *blocks, struct kept_mappings *kept);

#endif
