/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What flows from a trace into the model: accesses, in blocks, in program order.
 *
 * An access is (kind, va, size), size 1 to 4096 bytes, va + size - 1 at most 2^64 - 1: whoever fills a block has
 * checked both. A block is a structure of arrays, so that the first filter reads nothing but addresses and one 16-bit
 * word an access. All accesses of a block are of one process and one thread.
 */
#ifndef MODEL_ACCESS_H
#define MODEL_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

/* A modify is a load and a store of one address: one access, and the two bits say so. */
enum access_kind { ACCESS_FETCH = 0, ACCESS_LOAD = 1, ACCESS_STORE = 2, ACCESS_MODIFY = ACCESS_LOAD | ACCESS_STORE };

enum {
    ACCESS_SIZE_MAX = 4096,
    ACCESS_KIND_SHIFT = 12, /* meta = size - 1 below, kind above */
    BLOCK_ACCESSES = 4096,
    BLOCK_MARKS = 128,  /* a block ends early when it is out of them */
    BLOCK_CHANGES = 16, /* as before a block at most */
};

/* Pages of a process whose translations ceased to hold before the block's first access: they were unmapped, or are
 * mapped or protected otherwise. */
struct block_change {
    uint32_t process;
    uint64_t first_va;
    uint64_t last_va;
};

/* The line that one access of a block was read from; the ones behind it follow a line each, up to the next mark. */
struct block_mark {
    uint32_t position;
    uint64_t line; /* 1-based; 0 where the trace has no lines */
};

/* Whoever fills a block calls block_summarise last: where all accesses are of one kind and small, the first filter need
 * not read their meta. */
struct block {
    uint32_t count;        /* accesses in the block; 0 only at the end of the trace */
    uint32_t mark_count;   /* >= 1 where count > 0 */
    uint64_t first_record; /* number of the block's first access in the trace, from 1 */
    uint32_t of_kind[4];   /* how many of the accesses are, by enum access_kind */
    uint32_t largest_bytes;
    uint32_t
        process; /* in whose address space; processes and threads are numbered from 0 in the order of their appearance */
    uint32_t thread;
    uint32_t change_count;
    struct block_change change[BLOCK_CHANGES];
    uint64_t va[BLOCK_ACCESSES] __attribute__((aligned(64)));
    uint16_t meta[BLOCK_ACCESSES];
    struct block_mark mark[BLOCK_MARKS];
};

static inline bool block_is_full(const struct block *block)
{
    return block->count == BLOCK_ACCESSES || block->mark_count == BLOCK_MARKS;
}

/* Fills of_kind and largest_bytes from meta. */
void block_summarise(struct block *block);

/* Empties it: of the first process, nothing changed. Who fills blocks begins so. */
static inline void block_begin(struct block *block, uint64_t first_record)
{
    block->count = 0;
    block->mark_count = 0;
    block->first_record = first_record;
    block->process = 0;
    block->thread = 0;
    block->change_count = 0;
}

static inline uint16_t access_meta(enum access_kind kind, uint32_t size_bytes)
{
    return (uint16_t)((size_bytes - 1) | (uint32_t)kind << ACCESS_KIND_SHIFT);
}

static inline enum access_kind access_kind(uint16_t meta)
{
    return (enum access_kind)(meta >> ACCESS_KIND_SHIFT);
}

static inline uint32_t access_size_bytes(uint16_t meta)
{
    return (uint32_t)(meta & (ACCESS_SIZE_MAX - 1)) + 1;
}

static inline bool access_is_fetch(uint16_t meta)
{
    return meta < 1 << ACCESS_KIND_SHIFT;
}

/* The letter of the kind, as Lackey prints it. */
static inline char access_letter(uint16_t meta)
{
    return "ILSM"[meta >> ACCESS_KIND_SHIFT];
}

/* The line of the access at `position`, 0 where the trace has no lines. */
static inline uint64_t block_line(const struct block *block, uint32_t position)
{
    uint32_t i = block->mark_count - 1;
    while (block->mark[i].position > position)
        i--;
    return block->mark[i].line == 0 ? 0 : block->mark[i].line + (position - block->mark[i].position);
}

#endif
