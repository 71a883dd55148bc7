/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A page table that is no radix tree: one array, a hash table, an inverted table, a cuckoo table. As of an address space
 * (address_space.h), walks touch pages, which get their places, and walks read entries; what differs is which entries a
 * walk reads.
 *
 * Frames are numbered upward from 0 at a page's first lookup, in program order: the table at the start; then for a new page
 * what the table grows by, then the page, aligned to its size. Where entries lie that a walk reads is decided once and for
 * all when its page is touched, since new entries go behind the ones that are there. Only a cuckoo table moves them: so it
 * keeps, for the block that was touched last, how it looked behind each new entry.
 *
 * Not here: what a read costs, and whether it is served by a cache. All pages have one size.
 */
#ifndef MODEL_ENTRY_TABLE_H
#define MODEL_ENTRY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/counters.h"
#include "model/memory.h"
#include "model/page_table.h"
#include "model/random.h"

struct entry_table;

struct entry_table_spec {
    const struct page_table_format *format;
    struct page_table_sizes sizes;
    uint64_t page_size_bytes;
    uint64_t seed; /* of the run; of a cuckoo table */
};

enum {
    TABLE_ENTRIES_MAX = 1 << 28,
    TABLE_ENTRY_BYTES_MAX = 4096,
    TABLE_CLUSTER_MAX = 16,
    TABLE_WAYS_MAX = 4,
    TABLE_ANCHOR_BYTES = 8,  /* of an inverted table's hash anchor table: a pointer */
    TABLE_CUCKOO_TRIES = 64, /* entries that a new one puts out, one the other, before the table has to grow: as the
                                reference implementation of Skarlatos et al. has it */
};

/* Where a key's search begins, mod the entries; each salt is another hash. */
static inline uint64_t table_hash(uint64_t key, uint64_t salt)
{
    uint64_t state = salt;
    state = random_next(&state) ^ key;
    return random_next(&state);
}

/* Are the entries of a walk read at once, so that it costs the slowest, or one after the other? */
static inline bool table_reads_at_once(const struct page_table_format *format)
{
    return format->kind == PAGE_TABLE_CUCKOO;
}

/* Until it is started, it can only be asked what it takes. NULL when out of memory. */
struct entry_table *entry_table_create(const struct entry_table_spec *spec, struct arena *arena);

/* Allocates what touching needs; false when out of memory. */
bool entry_table_start(struct entry_table *table);

enum entry_table_result { TABLE_DONE, TABLE_OUT_OF_MEMORY, TABLE_FULL };

/* Places the pages that are looked up, unless that was done before. `block` names the block that the requests are of: each
 * has a number of its own, from 1 on. */
enum entry_table_result entry_table_touch(struct entry_table *table, uint64_t block, const uint64_t *request,
                                          size_t count);

/* Of a table that is full: the position of the request that there was no room for; else TABLE_NOT_FULL. */
#define TABLE_NOT_FULL UINT32_MAX
uint32_t entry_table_full_at(const struct entry_table *table);

/* Adds to *reads how many entries walks of the block read, in order; writes them to `item` as requests for reads unless it
 * is NULL. The pages must have been touched. False where there are more than `room`. */
bool entry_table_read(const struct entry_table *table, uint64_t block, const uint64_t *request, size_t count,
                      uint64_t *item, size_t room, size_t *reads);

/* First physical byte that nothing has been placed at yet. */
uint64_t entry_table_end(const struct entry_table *table);

/* What it takes in memory. */
uint64_t entry_table_bytes(const struct entry_table *table);

/* Fills pages_touched, page_table_bytes, frames_mapped, frames_page_table and the table_ counters. */
void entry_table_count(const struct entry_table *table, struct counters *counters);

#endif
