/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/access.h"

#include "model/vector.h"

/* Compared and summed, not used as an index: the compiler makes vectors of it, and no count waits for the one before. */
VECTOR_CLONES void block_summarise(struct block *block)
{
    uint16_t of_kind[4] = {0};
    uint16_t largest = 0;
    for (uint32_t i = 0; i < block->count; i++) {
        const uint16_t meta = block->meta[i];
        const uint16_t last = meta & (ACCESS_SIZE_MAX - 1);
        for (uint16_t kind = 0; kind < 4; kind++)
            of_kind[kind] = (uint16_t)(of_kind[kind] + (meta >> ACCESS_KIND_SHIFT == kind));
        largest = last > largest ? last : largest;
    }
    for (unsigned kind = 0; kind < 4; kind++)
        block->of_kind[kind] = of_kind[kind];
    block->largest_bytes = block->count == 0 ? 0 : largest + UINT32_C(1);
}
