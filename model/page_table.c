/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/page_table.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "model/units.h"

/* One level, whose entries map pages of whatever size: 48 bits of address, as x86-64 has them. */
#define NO_TREE_48                                                                                                     \
    .level_count = 1, .entry_bytes = 8, .page_shift = 12, .upper = PAGE_TABLE_SIGN_EXTENDED,                           \
    .level = {{"pte", 36, true}}

const struct page_table_format page_table_formats[] = {
    {
        .name = "x86-64",
        .help = "4-level paging, 48-bit (Intel SDM vol. 3A, 4.5)",
        .level_count = 4,
        .entry_bytes = 8,
        .page_shift = 12,
        .upper = PAGE_TABLE_SIGN_EXTENDED,
        .level = {{"pml4e", 9, false}, {"pdpte", 9, true}, {"pde", 9, true}, {"pte", 9, true}},
    },
    {
        .name = "x86-64-la57",
        .help = "5-level paging, 57-bit (Intel SDM vol. 3A, 4.5)",
        .level_count = 5,
        .entry_bytes = 8,
        .page_shift = 12,
        .upper = PAGE_TABLE_SIGN_EXTENDED,
        .level = {{"pml5e", 9, false}, {"pml4e", 9, false}, {"pdpte", 9, true}, {"pde", 9, true}, {"pte", 9, true}},
    },
    {
        .name = "i386",
        .help = "32-bit paging with 4M pages, PSE (Intel SDM vol. 3A, 4.3)",
        .level_count = 2,
        .entry_bytes = 4,
        .page_shift = 12,
        .upper = PAGE_TABLE_ZERO_EXTENDED,
        .level = {{"l0e", 10, true}, {"l1e", 10, true}},
    },
    {
        .name = "i386-pae",
        .help = "PAE paging, 32-bit addresses and 8-byte entries (Intel SDM vol. 3A, 4.4)",
        .level_count = 3,
        .entry_bytes = 8,
        .page_shift = 12,
        .upper = PAGE_TABLE_ZERO_EXTENDED,
        .level = {{"l0e", 2, false}, {"l1e", 9, true}, {"l2e", 9, true}},
    },
    {
        .name = "sv32",
        .help = "RISC-V Sv32 (Privileged Architecture, Sv32 chapter)",
        .level_count = 2,
        .entry_bytes = 4,
        .page_shift = 12,
        .upper = PAGE_TABLE_ZERO_EXTENDED,
        .level = {{"l0e", 10, true}, {"l1e", 10, true}},
    },
    {
        .name = "sv39",
        .help = "RISC-V Sv39 (Privileged Architecture, Sv39 chapter)",
        .level_count = 3,
        .entry_bytes = 8,
        .page_shift = 12,
        .upper = PAGE_TABLE_SIGN_EXTENDED,
        .level = {{"l0e", 9, true}, {"l1e", 9, true}, {"l2e", 9, true}},
    },
    {
        .name = "sv48",
        .help = "RISC-V Sv48 (Privileged Architecture, Sv48 chapter)",
        .level_count = 4,
        .entry_bytes = 8,
        .page_shift = 12,
        .upper = PAGE_TABLE_SIGN_EXTENDED,
        .level = {{"l0e", 9, true}, {"l1e", 9, true}, {"l2e", 9, true}, {"l3e", 9, true}},
    },
    {
        .name = "sv57",
        .help = "RISC-V Sv57 (Privileged Architecture, Sv57 chapter)",
        .level_count = 5,
        .entry_bytes = 8,
        .page_shift = 12,
        .upper = PAGE_TABLE_SIGN_EXTENDED,
        .level = {{"l0e", 9, true}, {"l1e", 9, true}, {"l2e", 9, true}, {"l3e", 9, true}, {"l4e", 9, true}},
    },
    {
        .name = "armv8-4k",
        .help = "AArch64 stage 1, 4K granule, 48-bit, TTBR0 half (Arm ARM, D8.2)",
        .level_count = 4,
        .entry_bytes = 8,
        .page_shift = 12,
        .upper = PAGE_TABLE_ZERO_EXTENDED,
        .level = {{"l0e", 9, false}, {"l1e", 9, true}, {"l2e", 9, true}, {"l3e", 9, true}},
    },
    {
        .name = "armv8-16k",
        .help = "AArch64 stage 1, 16K granule, 48-bit, TTBR0 half (Arm ARM, D8.2)",
        .level_count = 4,
        .entry_bytes = 8,
        .page_shift = 14,
        .upper = PAGE_TABLE_ZERO_EXTENDED,
        .level = {{"l0e", 1, false}, {"l1e", 11, false}, {"l2e", 11, true}, {"l3e", 11, true}},
    },
    {
        .name = "armv8-64k",
        .help = "AArch64 stage 1, 64K granule, 48-bit, TTBR0 half (Arm ARM, D8.2)",
        .level_count = 3,
        .entry_bytes = 8,
        .page_shift = 16,
        .upper = PAGE_TABLE_ZERO_EXTENDED,
        .level = {{"l0e", 6, false}, {"l1e", 13, true}, {"l2e", 13, true}},
    },
    {
        .name = "flat",
        .help = "one array of all entries, 48-bit: what a tree of tables saves",
        .kind = PAGE_TABLE_FLAT,
        .sizes = {.entry_bytes = 8},
        .largest_shift = 30,
        NO_TREE_48,
    },
    {
        .name = "hashed-chained",
        .help =
            "hash table with collision chains, 48-bit; entries as of the long-format VHPT (Intel Itanium SDM vol. 2, "
            "4.1.5.4 and 5.3.2)",
        .kind = PAGE_TABLE_CHAINED,
        .sizes = {.entries = 1 << 20, .entry_bytes = 32, .cluster = 1},
        .largest_shift = 30,
        NO_TREE_48,
    },
    {
        .name = "hashed-open",
        .help = "hash table with open addressing, 48-bit (Yaniv and Tsafrir, SIGMETRICS 2016); entries as of PowerPC's "
                "64-bit HTAB (Power ISA Book III)",
        .kind = PAGE_TABLE_OPEN,
        .sizes = {.entries = 1 << 20, .entry_bytes = 16, .cluster = 1},
        .largest_shift = 30,
        NO_TREE_48,
    },
    {
        .name = "inverted",
        .help =
            "an entry a frame, found by a hash anchor table and chains, 48-bit (Chang and Mergen, ACM TOCS 6(1), 1988)",
        .kind = PAGE_TABLE_INVERTED,
        .sizes = {.memory_bytes = UINT64_C(16) << 30, .entry_bytes = 16},
        .largest_shift = 30,
        NO_TREE_48,
    },
    {
        .name = "cuckoo",
        .help = "elastic cuckoo page table, 48-bit: ways read at once (Skarlatos et al., ASPLOS 2020)",
        .kind = PAGE_TABLE_CUCKOO,
        .sizes = {.entries = 1 << 14, .entry_bytes = 64, .cluster = 8, .ways = 3, .load_percent = 60},
        .largest_shift = 30,
        NO_TREE_48,
    },
    {
        .name = "sparc-tsb",
        .help = "direct-mapped translation storage buffer (UltraSPARC User's Manual, 6.3) over a tree of 8K tables, "
                "53-bit, "
                "as Linux has it",
        .kind = PAGE_TABLE_TSB,
        .sizes = {.entries = 512, .entry_bytes = 16},
        .level_count = 4,
        .entry_bytes = 8,
        .page_shift = 13,
        .upper = PAGE_TABLE_SIGN_EXTENDED,
        .level = {{"l0e", 10, false}, {"l1e", 10, false}, {"l2e", 10, true}, {"l3e", 10, true}},
    },
    {.name = NULL},
};

bool page_table_is_tree(const struct page_table_format *format)
{
    return format->kind == PAGE_TABLE_RADIX || format->kind == PAGE_TABLE_TSB;
}

unsigned page_table_largest_shift(const struct page_table_format *format)
{
    if (!page_table_is_tree(format))
        return format->largest_shift;
    unsigned top = 0;
    while (!format->level[top].leaf)
        top++;
    return page_table_shift(format, top);
}

const struct page_table_format *page_table_named(const char *name)
{
    for (const struct page_table_format *format = page_table_formats; format->name != NULL; format++)
        if (strcmp(format->name, name) == 0)
            return format;
    return NULL;
}

unsigned page_table_shift(const struct page_table_format *format, unsigned level)
{
    unsigned shift = format->page_shift;
    for (unsigned below = level + 1; below < format->level_count; below++)
        shift += format->level[below].bits;
    return shift;
}

unsigned page_table_va_bits(const struct page_table_format *format)
{
    return page_table_shift(format, 0) + format->level[0].bits;
}

unsigned page_table_signed_bits(const struct page_table_format *format)
{
    return page_table_va_bits(format) + (format->upper == PAGE_TABLE_ZERO_EXTENDED);
}

bool page_table_expresses(const struct page_table_format *format, uint64_t va)
{
    const unsigned bits = page_table_va_bits(format);
    if (format->upper == PAGE_TABLE_ZERO_EXTENDED)
        return va >> bits == 0;
    return va + (UINT64_C(1) << (bits - 1)) < UINT64_C(1) << bits;
}

bool page_table_leaf_level(const struct page_table_format *format, uint64_t page_size_bytes, unsigned *level,
                           struct err *err)
{
    char smallest[UNITS_SIZE_TEXT];
    char largest[UNITS_SIZE_TEXT];
    const uint64_t largest_bytes = UINT64_C(1) << page_table_largest_shift(format);
    const uint64_t smallest_bytes = UINT64_C(1) << format->page_shift;
    units_format_size(smallest_bytes, smallest);
    units_format_size(largest_bytes, largest);
    if (page_size_bytes < smallest_bytes)
        return err_set(err, "is below %s, the smallest page of %s", smallest, format->name);
    if (page_size_bytes > largest_bytes)
        return err_set(err, "is above %s, the largest page of %s", largest, format->name);
    if ((page_size_bytes & (page_size_bytes - 1)) != 0) {
        const uint64_t below = UINT64_C(1) << (63 - __builtin_clzll(page_size_bytes));
        char low[UNITS_SIZE_TEXT];
        char high[UNITS_SIZE_TEXT];
        return err_set(err, "is not a power of two; the nearest are %s and %s", units_format_size(below, low),
                       units_format_size(2 * below, high));
    }
    *level = 0;
    while (!format->level[*level].leaf || UINT64_C(1) << page_table_shift(format, *level) > page_size_bytes)
        ++*level;
    return true;
}

void page_table_describe_range(const struct page_table_format *format, char *text, unsigned long text_bytes)
{
    const unsigned bits = page_table_va_bits(format);
    if (format->upper == PAGE_TABLE_ZERO_EXTENDED)
        snprintf(text, text_bytes, "0 to 0x%" PRIx64, (UINT64_C(1) << bits) - 1);
    else
        snprintf(text, text_bytes, "0 to 0x%" PRIx64 " and 0x%" PRIx64 " to 0x%" PRIx64,
                 (UINT64_C(1) << (bits - 1)) - 1, -(UINT64_C(1) << (bits - 1)), UINT64_MAX);
}
