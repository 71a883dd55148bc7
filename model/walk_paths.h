/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Walks by their paths: what served each read of a walk, root first. How often each path was taken says all about walks
 * that does not depend on their order: how many entries they read, of which levels, where those were, and, with the
 * latencies that are applied afterwards (walk_statistics.h), what they cost.
 *
 * Counted for each kind of access and each mapping of its own, and only for configurations that ask for it: it looks at
 * every walk, which the rest of the engine does not.
 */
#ifndef MODEL_WALK_PATHS_H
#define MODEL_WALK_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/access.h"
#include "model/lanes.h"
#include "model/memory.h"
#include "model/page_table.h"
#include "model/settle.h"

/* A path is written in binary, 1 and then two bits a read: which of the servers it was, 0 where reads have fixed costs.
 * The last read is of the entry that maps the page, and the one before it of the level above. */
enum {
    WALK_PATH_START = 1,
    WALK_SERVER_BITS = 2,
    WALK_PATHS = 1 << (1 + WALK_SERVER_BITS * PAGE_TABLE_LEVELS_MAX),
};

static inline uint32_t walk_path_add(uint32_t path, unsigned server)
{
    return path << WALK_SERVER_BITS | server;
}

static inline unsigned walk_path_reads(uint32_t path)
{
    return (31 - (unsigned)__builtin_clz(path)) / WALK_SERVER_BITS;
}

/* Of the read that is `above` reads before the last. */
static inline unsigned walk_path_server(uint32_t path, unsigned above)
{
    return path >> WALK_SERVER_BITS * above & ((1 << WALK_SERVER_BITS) - 1);
}

/* What addresses are mapped to, as far as the trace says: ranges that ascend and do not overlap, each with the number of
 * its mapping. What lies in none of them is of mapping 0. */
struct mapping_range {
    uint64_t first;
    uint64_t last;
    uint32_t number;
};

struct mappings {
    const struct mapping_range *range;
    size_t count;
};

uint32_t mappings_find(const struct mappings *mappings, uint64_t va);

enum { WALK_DATA, WALK_FETCHES, WALK_KINDS };

struct walk_paths;

/* For walks that read so many entries at most. NULL when out of memory. */
struct walk_paths *walk_paths_create(unsigned most_reads, struct arena *arena);

/* What it takes for one lane and one mapping; there are as many as walks are of. */
uint64_t walk_paths_bytes(unsigned most_reads);

/* Walks, in order, and which of them read what: reading[level] as in struct address_space_walks. `lanes` is NULL where
 * all are of lane 0. */
struct walk_depths {
    const uint64_t *item;
    const uint16_t *lanes;
    size_t count;
    unsigned leaf_level;
    const uint16_t *reading[PAGE_TABLE_LEVELS_MAX];
};

/* Counts the walks of a block: those whose reads have fixed costs, or those whose reads are these. False when out of
 * memory. */
bool walk_paths_count_fixed(struct walk_paths *paths, const struct walk_depths *walks, const struct block *block,
                            const struct mappings *mappings);
bool walk_paths_count_reads(struct walk_paths *paths, const struct settle_reads *reads, const struct block *block,
                            const struct mappings *mappings);

/* How many mappings there are counts of, at most: none beyond this one. */
uint32_t walk_paths_mappings(const struct walk_paths *paths);

/* Adds to `taken` how many walks took each path. */
void walk_paths_add(const struct walk_paths *paths, unsigned lane, uint32_t mapping, unsigned kind,
                    uint64_t taken[WALK_PATHS]);

#endif
