/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two dimensions of a virtual machine's address space: the guest's page tables, whose addresses are guest-physical, and
 * the host's, which map those. The guest's tables and pages have their places in guest-physical memory by the rules of
 * address_space.h; so have, in the host's memory, the host's tables and the pages of guest-physical memory, whose first
 * lookup is their first translation: by the walk of a new page, for each entry that it reads, root first, and then for
 * the page itself.
 *
 * The first walk of a page reads all entries on its path that no walk has read before, whatever walk caches there are.
 * So pages of guest-physical memory are met in the order in which guest pages are touched, and configurations that
 * agree on the guest's address space and on the host's format and page size share both.
 *
 * Host pages are no smaller than the guest's: each guest page is in one of them. Who is spared a translation, or entries
 * of one, is for filters to say (plan.c).
 */
#ifndef MODEL_NESTED_H
#define MODEL_NESTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/address_space.h"
#include "model/memory.h"
#include "model/page_table.h"
#include "model/request.h"

struct nested;

enum {
    NESTED_LOOKUPS_MAX = PAGE_TABLE_LEVELS_MAX + 1, /* of a walk: its entries, and the page */
    NESTED_READS_MAX = NESTED_LOOKUPS_MAX * NESTED_LOOKUPS_MAX - 1,
    NESTED_GUEST_BITS = REQUEST_PHYSICAL_BITS - 1, /* of guest-physical addresses: filters want a sign above them */
};

/* What the host maps guest-physical memory with. */
struct nested_host {
    const struct page_table_format *format;
    uint64_t page_size_bytes;
    unsigned leaf_level;
};

/* `guest` is touched through this alone. NULL when out of memory. */
struct nested *nested_create(struct address_space *guest, unsigned guest_leaf_level, uint64_t guest_page_bytes,
                             const struct nested_host *host, struct arena *arena);

/* Bits of the guest-physical addresses that the host's format maps and that are modelled. */
static inline unsigned nested_guest_bits(const struct page_table_format *host)
{
    const unsigned bits = page_table_signed_bits(host) - 1;
    return bits < NESTED_GUEST_BITS ? bits : NESTED_GUEST_BITS;
}

enum nested_result { NESTED_DONE, NESTED_OUT_OF_MEMORY, NESTED_OUT_OF_ADDRESSES };

/* Places the guest pages that are looked up, what is missing above them, and all of that in the host's memory. Out of
 * addresses: the host's format does not express what the guest needs, or the host needs more than reads can say. */
enum nested_result nested_touch(struct nested *nested, const uint64_t *request, size_t count);

/* Did a touch find no addresses? */
bool nested_is_out_of_addresses(const struct nested *nested);

/* Of walks and the guest's reads of them, as address_space_read has them: the guest-physical addresses to translate, as
 * requests for reads. Of each walk its reads, and behind them its page. Returns how many. The pages must have been touched. */
size_t nested_lookups(const struct nested *nested, const uint64_t *walk, size_t walks, const uint64_t *read,
                      uint64_t *item);

/* Of these lookups the reads of the host's memory, each in its place: those of the translation, then the guest's entry,
 * where it is no page. reading[level] tells, of the lookups that read the host's entry of level + 1, whether they read
 * that of `level`, too, 1 if so; that of the leaves' level tells it of all lookups; NULL: all of them do. Returns how
 * many there are, *host_reads of them being the host's. */
size_t nested_reads(struct nested *nested, const uint64_t *lookup, size_t lookups,
                    const uint16_t *reading[PAGE_TABLE_LEVELS_MAX], uint64_t *item, uint64_t *host_reads);

/* First physical byte of the host that nothing has been placed at yet. */
uint64_t nested_end(const struct nested *nested);

/* Size of all of the host's page tables. */
uint64_t nested_host_table_bytes(const struct nested *nested);

/* What it takes in memory, beside the guest's address space. */
uint64_t nested_bytes(const struct nested *nested);

#endif
