/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What kinds of tables have in common, for the files that are one kind each: no one else includes this.
 */
#ifndef MODEL_TABLE_KINDS_H
#define MODEL_TABLE_KINDS_H

#include "model/entry_table.h"

struct entry_table {
    struct entry_table_spec spec;
    const struct table_kind *kind;
    void *body; /* the kind's own */
    struct arena *arena;
    unsigned page_shift;
    unsigned cluster_shift; /* log2 of the pages that an entry maps */
    uint64_t end;
    uint64_t pages;
    uint64_t bytes;   /* of what it consists of now */
    uint64_t frames;  /* whole ones of it */
    uint64_t entries; /* in use */
    uint64_t slots;   /* entries and empty ones */
    uint64_t longest; /* most entries that finding a page's takes */
    uint64_t resizes;
    uint64_t moved;     /* entries, as it grew */
    uint64_t displaced; /* entries that made room for others */
    uint64_t block;     /* that was touched last */
    uint32_t full_at;
};

/* Where the addresses of a walk's reads go to: as many as there is room for. */
struct table_reads {
    uint64_t *address; /* NULL: nowhere */
    size_t room;
    size_t count; /* also of those that there was no room for */
};

static inline void table_add_read(struct table_reads *reads, uint64_t address)
{
    if (reads->count < reads->room)
        reads->address[reads->count] = address;
    reads->count++;
}

struct table_kind {
    /* Places the table, and makes its body, but for what takes much; false when out of memory. */
    bool (*create)(struct entry_table *table);
    bool (*start)(struct entry_table *table); /* what takes much */
    /* Touches a page. `position` is that of its request in the block. */
    enum entry_table_result (*touch)(struct entry_table *table, uint64_t page, uint32_t position);
    void (*read)(const struct entry_table *table, uint64_t page, uint32_t position, struct table_reads *reads);
    /* Before the first request of another block is touched; NULL where that does not matter. */
    void (*begin_block)(struct entry_table *table);
    uint64_t (*bytes)(const struct entry_table *table); /* that the body takes, or will when it is started */
};

extern const struct table_kind flat_table;
extern const struct table_kind chained_table;
extern const struct table_kind open_table;
extern const struct table_kind inverted_table;
extern const struct table_kind cuckoo_table;

/* Whole frames for a part of the table; returns their address. */
uint64_t entry_table_place(struct entry_table *table, uint64_t bytes);

/* A part that is gone; its frames are not used again. */
void entry_table_drop(struct entry_table *table, uint64_t bytes);

/* A page, aligned to its size; returns its address. */
uint64_t entry_table_place_page(struct entry_table *table);

/* An entry in use: its key, which is a page number less the bits that say which page of the cluster, and the pages of the
 * cluster that are mapped. 0 is an empty one. */
enum { TABLE_MASK_BITS = TABLE_CLUSTER_MAX };

static inline uint64_t table_entry(uint64_t key)
{
    return (key + 1) << TABLE_MASK_BITS;
}

static inline bool table_entry_is(uint64_t entry, uint64_t key)
{
    return entry >> TABLE_MASK_BITS == key + 1;
}

static inline uint64_t table_key_of(const struct entry_table *table, uint64_t page)
{
    return page >> table->cluster_shift;
}

/* The page's bit in its entry. */
static inline uint64_t table_page_bit(const struct entry_table *table, uint64_t page)
{
    return UINT64_C(1) << (page & ((UINT64_C(1) << table->cluster_shift) - 1));
}

/* Notes a page in its entry, and places it if it is new. */
static inline void table_map(struct entry_table *table, uint64_t *entry, uint64_t page)
{
    const uint64_t bit = table_page_bit(table, page);
    if ((*entry & bit) == 0) {
        *entry |= bit;
        entry_table_place_page(table);
    }
}

static inline void table_note_longest(struct entry_table *table, uint64_t reads)
{
    if (reads > table->longest)
        table->longest = reads;
}

#endif
