/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From accesses to lookups: one request for each page of an access, kinds that are not wanted left out, and runs of one
 * page made one request where what reads them absorbs repeats. This is the loop that sees every access; it has a plain
 * and a vector form, which give the same stream.
 */
#ifndef MODEL_LOOKUPS_H
#define MODEL_LOOKUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/access.h"
#include "model/machine.h"
#include "model/page_table.h"

struct lookups {
    uint64_t page_size_bytes;
    const struct page_table_format *format;
    enum kinds kinds;
    bool collapse;
};

/* The kinds that the block holds. */
static inline enum kinds block_kinds(const struct block *block)
{
    const uint32_t fetches = block->of_kind[ACCESS_FETCH];
    return (enum kinds)((fetches != 0 ? KINDS_INSTRUCTIONS : 0) | (fetches != block->count ? KINDS_DATA : 0));
}

struct lookups_found {
    size_t requests;
    uint64_t crossings[2]; /* second lookups: [0] data, [1] fetches */
    uint64_t reach;        /* of the requests, see request_reach */
    bool illegal; /* some wanted access has a byte that the format cannot express; the rest means nothing then */
};

/* Writes the requests of a block: room for 2 an access and VECTOR_SLACK more. */
struct lookups_found lookups_run(const struct lookups *lookups, const struct block *block, bool vector,
                                 uint64_t *request);

/* The same from the requests of `finer` lookups, which have smaller pages, the same format and kinds, and are collapsed
 * as these are. */
struct lookups_found lookups_coarsen(const struct lookups *lookups, const uint64_t *finer, size_t count,
                                     uint64_t *request);

/* The position of the first access of these kinds that the format cannot express; the block's count where there is
 * none. */
uint32_t lookups_first_illegal(const struct lookups *lookups, const struct block *block);

#endif
