/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Page-table formats as data: a radix tree's levels from the root down, the index bits of each, which of them may hold
 * leaves, and which virtual addresses the format can express. What is no tree has one level, of pages of any size, and
 * sizes that a machine may set. No tables are here: trees are an address space's (address_space.h), all others entry_table.h's.
 */
#ifndef MODEL_PAGE_TABLE_H
#define MODEL_PAGE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/err.h"

enum { PAGE_TABLE_LEVELS_MAX = 5 };

struct page_table_level {
    const char *entry; /* name of the entries, and so of the walk cache that holds them: "pde", "l1e" */
    uint8_t bits;      /* of the virtual address that index this level */
    bool leaf;         /* may an entry map a page? */
};

/* Which addresses are legal: all upper bits equal to the highest translated one, or all upper bits zero. */
enum page_table_upper { PAGE_TABLE_SIGN_EXTENDED, PAGE_TABLE_ZERO_EXTENDED };

enum page_table_kind {
    PAGE_TABLE_RADIX,
    PAGE_TABLE_TSB, /* a radix tree behind a translation storage buffer */
    PAGE_TABLE_FLAT,
    PAGE_TABLE_CHAINED,
    PAGE_TABLE_OPEN,
    PAGE_TABLE_INVERTED,
    PAGE_TABLE_CUCKOO,
};

/* What machines may set of a format, by the keys of [page_table]: of the format, what they are where nobody sets them. 0:
 * the format has no such size. */
struct page_table_sizes {
    uint64_t memory_bytes; /* of an inverted table: it has an entry for each page of it */
    uint32_t entries; /* of the hash table, anchors of an inverted one, each way of a cuckoo table at first, a TSB */
    uint32_t entry_bytes;
    uint32_t cluster;      /* pages that an entry maps, side by side */
    uint32_t ways;         /* cuckoo */
    uint32_t load_percent; /* cuckoo: entries in use above which it grows */
    uint32_t unused;       /* no padding: compared byte by byte */
};

struct page_table_format {
    const char *name;
    const char *help; /* what it is, with manual and section */
    enum page_table_kind kind;
    struct page_table_sizes sizes;
    uint8_t largest_shift; /* log2 of the largest page of what is no tree: it maps any power of two up to it */
    uint8_t level_count;
    uint8_t entry_bytes;
    uint8_t page_shift; /* log2 of the smallest page */
    enum page_table_upper upper;
    struct page_table_level level[PAGE_TABLE_LEVELS_MAX]; /* root first */
};

/* The last has a NULL name. */
extern const struct page_table_format page_table_formats[];

const struct page_table_format *page_table_named(const char *name);

/* Walks go down a tree, if not at once? */
bool page_table_is_tree(const struct page_table_format *format);

/* log2 of the largest page. */
unsigned page_table_largest_shift(const struct page_table_format *format);

/* log2 of the region that one entry of `level` (0 = root) covers; of the smallest page for the last level. */
unsigned page_table_shift(const struct page_table_format *format, unsigned level);

/* Bits of a virtual address that the format translates. */
unsigned page_table_va_bits(const struct page_table_format *format);

/* The same, with a sign: one more where there are no addresses below 0. */
unsigned page_table_signed_bits(const struct page_table_format *format);

bool page_table_expresses(const struct page_table_format *format, uint64_t va);

/* The level whose entries map pages of `page_size_bytes`: the one nearest the root whose leaves are not larger. A size
 * between two leaves is a run of the smaller ones. Errors: no power of two, below the smallest or above the largest
 * leaf; the message is a predicate ("is above ..., the largest page of x86-64"). */
bool page_table_leaf_level(const struct page_table_format *format, uint64_t page_size_bytes, unsigned *level,
                           struct err *err);

/* The legal addresses in words, for messages: "0 to 0x7fffffffffff and 0xffff800000000000 to 0xffffffffffffffff". */
void page_table_describe_range(const struct page_table_format *format, char *text, unsigned long text_bytes);

#endif
