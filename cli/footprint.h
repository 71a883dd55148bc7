/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The memory that a trace touches: distinct pages at several page sizes, and the lowest and highest address. Exact; 16
 * bytes of memory or a little more for each page of the smallest size.
 */
#ifndef CLI_FOOTPRINT_H
#define CLI_FOOTPRINT_H

#include <stdint.h>

#include "model/access.h"

enum { FOOTPRINT_SIZES = 4 };

/* log2 of the sizes: 4K, 64K, 2M, 1G. */
extern const unsigned footprint_shift[FOOTPRINT_SIZES];

struct footprint_set {
    uint64_t *slot; /* page number + 1, 0 for a free one; open addressing */
    uint64_t slots; /* a power of two */
    uint64_t count;
};

struct footprint {
    struct footprint_set page[FOOTPRINT_SIZES];
    uint64_t recent; /* + 1: the page of the smallest size that was met last */
    uint64_t lowest;
    uint64_t highest;
};

void footprint_init(struct footprint *footprint);
void footprint_free(struct footprint *footprint);

void footprint_add(struct footprint *footprint, const struct block *block);

#endif
