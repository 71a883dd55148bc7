/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The memory that a trace touches: distinct pages at several page sizes, and the lowest and highest address. Exact, or
 * left open where there are more pages than the caller allows for; 16 to 32 bytes of memory a page of the smallest
 * size.
 */
#ifndef TRACES_FOOTPRINT_H
#define TRACES_FOOTPRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/access.h"

enum { FOOTPRINT_SIZES = 4, FOOTPRINT_RECENT = 64 };

#define FOOTPRINT_OPEN UINT64_MAX

/* log2 of the sizes: 4K, 64K, 2M, 1G. */
extern const unsigned footprint_shift[FOOTPRINT_SIZES];

struct footprint_set {
    uint64_t *slot; /* page number + 1, 0 for a free one; open addressing */
    uint64_t slots; /* a power of two */
    uint64_t count; /* FOOTPRINT_OPEN: more than the most */
};

struct footprint {
    struct footprint_set page[FOOTPRINT_SIZES];
    uint64_t most;                     /* pages of a size that are counted */
    unsigned first;                    /* the smallest size that is not open */
    uint64_t recent[FOOTPRINT_RECENT]; /* page number + 1 of the smallest size that was met last, by the number */
    uint64_t lowest;
    uint64_t highest;
};

/* False where there is no memory; footprint_free may follow in any case. */
bool footprint_init(struct footprint *footprint, uint64_t most);
void footprint_free(struct footprint *footprint);

/* False where there is no memory. */
bool footprint_add(struct footprint *footprint, const struct block *block);

#endif
