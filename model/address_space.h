/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The address spaces of processes in one physical memory: which pages have been touched, the page tables above them, and
 * where both lie. Frames are numbered upward from 0 at a page's first lookup, in program order: the first process's root at the
 * start; then for a new page its missing tables, root first, each in whole frames; then the page, aligned to its size. Nothing
 * ever goes away.
 *
 * Each page has an owner: a process, by its number, whose tables map it. Requests say whose they are by a tag (request.h),
 * which is bound to an owner for as long as the process runs; until it is told otherwise, tag 0 is owner 0's.
 *
 * A page's first lookup misses every TLB, so the walks of any configuration see all first touches, in order: it is
 * enough that they touch, and configurations that agree on the format, the page size and the kinds share one address
 * space.
 */
#ifndef MODEL_ADDRESS_SPACE_H
#define MODEL_ADDRESS_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/counters.h"
#include "model/memory.h"
#include "model/page_table.h"

struct address_space;

/* Pages of `page_size_bytes`, mapped at `leaf_level` of the format. NULL when out of memory. */
struct address_space *address_space_create(const struct page_table_format *format, uint64_t page_size_bytes,
                                           unsigned leaf_level, struct arena *arena);

enum { ADDRESS_SPACE_OWNERS = 1 << 18 };

/* Requests with this tag are the owner's from now on. False when out of memory. */
bool address_space_bind(struct address_space *space, uint64_t tag, uint32_t owner);

/* Has the owner touched a page that has some byte from first_va to last_va? */
bool address_space_has_touched(const struct address_space *space, uint32_t owner, uint64_t first_va, uint64_t last_va);
/* Leaves a gap for `bytes`, a power of two, aligned to their size, and returns its address. */
uint64_t address_space_reserve(struct address_space *space, uint64_t bytes);

/* Places the pages that are looked up, and the tables that are missing above them, unless that was done before. False
 * when out of memory. */
bool address_space_touch(struct address_space *space, const uint64_t *request, size_t count);

/* Walks, in order, and which of them read what: all read the entry that maps their page. reading[level] tells, of those
 * that read their entry of level + 1, whether they read their entry of `level`, too, 1 if so; NULL: all of them do.
 * Where walks are of several lanes (see lanes.h) these are words of lanes. */
struct address_space_walks {
    const uint64_t *item;
    const uint16_t *lanes; /* whose walks they are; not read where whose reads they are is not asked */
    size_t count;
    const uint16_t *reading[PAGE_TABLE_LEVELS_MAX];
};

/* Writes the page-table reads of walks, each walk's root first, as requests for reads, insert items for those of insert
 * items, and, unless `lanes` is NULL, whose
 * they are; returns how many. There is room for VECTOR_SLACK more. The pages must have been touched. */
size_t address_space_read(struct address_space *space, const struct address_space_walks *walks, uint64_t *item,
                          uint16_t *lanes);

/* Places what has been touched in `part`, a space of the same kind, and was not yet here. Which pages and tables there
 * are is then that of one space that saw all touches; where they lie is not. False when out of memory. */
bool address_space_join(struct address_space *whole, const struct address_space *part);

/* First physical byte that nothing has been placed at yet. */
uint64_t address_space_end(const struct address_space *space);

/* What it takes in memory. */
uint64_t address_space_bytes(const struct address_space *space);

/* The counter of the pages that leaves of this level map. */
uint64_t *address_space_pages_counter(const struct page_table_format *format, unsigned leaf_level,
                                      struct counters *counters);

/* Fills pages_touched and by which leaves, page_table_bytes, frames_mapped and frames_page_table. */
void address_space_count(const struct address_space *space, struct counters *counters);

#endif
