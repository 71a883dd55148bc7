/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An address space in which pages of several sizes stand side by side: which page maps an address, by the operating
 * system's policy (os.policy), and the page tables above those pages. It is asked for every lookup, in program order, and
 * decides at the first one of an address; pages of one size for all need none of this (address_space.h).
 *
 * Lookups come as those of the format's smallest pages and leave as those of the pages that map them. A size has a class:
 * 0 is the smallest of the configuration, and so on upward. Of the policies that have huge pages, class 0 is a base page and
 * 1 a huge one, which maps an aligned range of base pages. What always holds: at any time one page maps an address; a page
 * of a class above is aligned to its size; nothing is unmapped but by a promotion, which puts one huge page in the place of
 * a range's base pages, and tables stay where they are, also the leaf table below a promoted range, which Linux keeps for
 * the day when the huge page is split.
 *
 * Placement is as in address_space.h: tables that are missing, root first, then the page, aligned to its size. Reservations
 * and the huge pages that promotions make lie in a part of memory of their own, as large blocks do in a buddy allocator:
 * between them, leaf tables would begin at multiples of a huge page, all in the same sets of every cache. Where exactly,
 * nothing depends on: of physical addresses only those of tables are read.
 */
#ifndef MODEL_MAPPING_H
#define MODEL_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/address_space.h"
#include "model/counters.h"
#include "model/machine.h"
#include "model/memory.h"
#include "model/page_table.h"
#include "model/request.h"

/* What makes two mappings the same, and what comes out of them. Compared byte by byte: zero it first. */
struct mapping_spec {
    const struct page_table_format *format;
    enum page_policy policy;
    bool data_only;         /* ranges that a fetch touches first keep base pages */
    uint64_t promote_pages; /* khugepaged, reserve: base pages that make a range huge */
    unsigned class_count;
    unsigned base_class;            /* of os.page_size */
    uint8_t shift[REQUEST_CLASSES]; /* log2 of each class's size */
    uint8_t leaf_level[REQUEST_CLASSES];
    const struct page_range *range; /* policy ranges: by address; equal lists are the same one */
    size_t range_count;
    bool unified;                         /* one array looks up both kinds first: a run of one page is of both */
    uint8_t absorbed[2][REQUEST_CLASSES]; /* by kind, [0] data: nonzero where runs of one page may be collapsed */
};

/* The spec of a machine, but for what does not follow from it alone: unified and absorbed. */
void mapping_spec_init(struct mapping_spec *spec, const struct machine *machine);

/* The highest bit of the format's addresses that a request has, where addresses have a sign; else 0. */
uint64_t mapping_sign(const struct page_table_format *format);

struct mapping;

/* NULL when out of memory. */
struct mapping *mapping_create(const struct mapping_spec *spec, struct arena *arena);

struct mapping_found {
    size_t items;
    uint64_t lookups[2];   /* before collapsing, [0] data, [1] fetches */
    uint64_t crossings[2]; /* those of them that are second ones */
    uint64_t of_class[REQUEST_CLASSES];
};

/* Maps lookups of the smallest pages, uncollapsed; writes those of the pages, runs collapsed where they are absorbed, and
 * before a lookup that promotes a range that range's invalidation: room for twice `count`. False when out of memory. */
bool mapping_run(struct mapping *mapping, const uint64_t *request, size_t count, uint64_t *item,
                 struct mapping_found *found);

/* Does it ever write invalidations? */
bool mapping_invalidates(const struct mapping_spec *spec);

/* The page-table reads of walks, as address_space_read writes them; without lanes. `reading` says it of every item, and a
 * level at or below the leaf's of a walk means nothing. */
size_t mapping_read(const struct mapping *mapping, const struct address_space_walks *walks, uint64_t *item);

/* First physical byte that nothing has been placed at yet. */
uint64_t mapping_end(const struct mapping *mapping);

/* What it takes in memory. */
uint64_t mapping_bytes(const struct mapping *mapping);

/* Fills pages, page tables, frames, promotions and what is held without having been touched. */
void mapping_count(const struct mapping *mapping, struct counters *counters);

#endif
