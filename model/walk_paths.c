/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/walk_paths.h"

#include "model/request.h"

/* A mapping's lanes: by kind and path, and NULL for those that had no walk. */
struct lane_counts {
    uint64_t *lane[LANES];
};

struct walk_paths {
    struct arena *arena;
    uint32_t paths; /* of walks of the most reads: none is beyond these */
    struct lane_counts *mapping;
    uint32_t mapping_count;
};

static uint32_t count_paths(unsigned most_reads)
{
    return UINT32_C(1) << (1 + WALK_SERVER_BITS * most_reads);
}

struct walk_paths *walk_paths_create(unsigned most_reads, struct arena *arena)
{
    struct walk_paths *paths = arena_alloc(arena, sizeof *paths);
    if (paths != NULL)
        *paths = (struct walk_paths){.arena = arena, .paths = count_paths(most_reads)};
    return paths;
}

uint64_t walk_paths_bytes(unsigned most_reads)
{
    return sizeof(struct walk_paths) + sizeof(struct lane_counts) +
           (uint64_t)WALK_KINDS * count_paths(most_reads) * sizeof(uint64_t);
}

uint32_t walk_paths_mappings(const struct walk_paths *paths)
{
    return paths->mapping_count;
}

void walk_paths_add(const struct walk_paths *paths, unsigned lane, uint32_t mapping, unsigned kind,
                    uint64_t taken[WALK_PATHS])
{
    const uint64_t *count = mapping < paths->mapping_count ? paths->mapping[mapping].lane[lane] : NULL;
    for (uint32_t path = 0; count != NULL && path < paths->paths; path++)
        taken[path] += count[(size_t)kind * paths->paths + path];
}

uint32_t mappings_find(const struct mappings *mappings, uint64_t va)
{
    size_t low = 0;
    size_t high = mappings->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (mappings->range[middle].last < va)
            low = middle + 1;
        else
            high = middle;
    }
    return low < mappings->count && mappings->range[low].first <= va ? mappings->range[low].number : 0;
}

/* ---- Whose a walk is ---- */

struct whose {
    unsigned kind;
    uint32_t mapping;
};

/* The second lookup of an access is where its last byte is. */
static struct whose whose_walk(const struct block *block, const struct mappings *mappings, uint32_t position)
{
    const uint32_t access = position / 2;
    const uint16_t meta = block->meta[access];
    const uint64_t va = block->va[access] + (position % 2 != 0 ? access_size_bytes(meta) - 1 : 0);
    return (struct whose){access_is_fetch(meta) ? WALK_FETCHES : WALK_DATA, mappings_find(mappings, va)};
}

static bool make_room(struct walk_paths *paths, uint32_t mapping)
{
    if (mapping < paths->mapping_count)
        return true;
    const uint32_t count = mapping < 2 * paths->mapping_count ? 2 * paths->mapping_count : mapping + 1;
    struct lane_counts *grown =
        arena_grow(paths->arena, paths->mapping, paths->mapping_count * sizeof *grown, (size_t)count * sizeof *grown);
    if (grown == NULL)
        return false;
    paths->mapping = grown;
    paths->mapping_count = count;
    return true;
}

static bool count_walk(struct walk_paths *paths, struct whose whose, uint32_t path, uint16_t lanes)
{
    if (!make_room(paths, whose.mapping))
        return false;
    for (uint32_t left = lanes; left != 0; left &= left - 1) {
        uint64_t **count = &paths->mapping[whose.mapping].lane[__builtin_ctz(left)];
        if (*count == NULL &&
            (*count = arena_alloc(paths->arena, (size_t)WALK_KINDS * paths->paths * sizeof **count)) == NULL)
            return false;
        (*count)[(size_t)whose.kind * paths->paths + path]++;
    }
    return true;
}

/* ---- Fixed costs: how deep walks go ---- */

bool walk_paths_count_fixed(struct walk_paths *paths, const struct walk_depths *walks, const struct block *block,
                            const struct mappings *mappings)
{
    size_t at[PAGE_TABLE_LEVELS_MAX] = {0};
    for (size_t i = 0; i < walks->count; i++) {
        const struct whose whose = whose_walk(block, mappings, request_position(walks->item[i]));
        uint16_t reading = walks->lanes == NULL ? 1 : walks->lanes[i];
        uint32_t path = walk_path_add(WALK_PATH_START, 0);
        for (unsigned level = walks->leaf_level; level-- > 0 && reading != 0;) {
            uint16_t further = reading;
            if (walks->reading[level] != NULL)
                further &= walks->reading[level][at[level]++];
            if (further != reading && !count_walk(paths, whose, path, reading & (uint16_t)~further))
                return false;
            reading = further;
            path = walk_path_add(path, 0);
        }
        if (!count_walk(paths, whose, path, reading))
            return false;
    }
    return true;
}

/* ---- Caches: and where each read was served ---- */

/* A walk of many lanes: which of them took which path so far. */
struct walk_so_far {
    unsigned count;
    uint32_t path[LANES + 1]; /* one more: that of the lanes that read nothing yet */
    uint16_t lanes[LANES + 1];
};

static void add_read(struct walk_so_far *walk, const uint16_t served[SETTLE_SERVERS])
{
    const struct walk_so_far before = *walk;
    walk->count = 0;
    for (unsigned i = 0; i < before.count; i++) {
        uint16_t rest = before.lanes[i];
        for (unsigned server = 0; server < SETTLE_SERVERS; server++) {
            const uint16_t here = rest & served[server];
            if (here == 0)
                continue;
            rest &= (uint16_t)~here;
            walk->path[walk->count] = walk_path_add(before.path[i], server);
            walk->lanes[walk->count++] = here;
        }
        if (rest != 0) {
            walk->path[walk->count] = before.path[i];
            walk->lanes[walk->count++] = rest;
        }
    }
}

/* By whom read `i` was served; at[k] is where we are in missing[k]. */
static void serve(const struct settle_reads *reads, size_t i, size_t at[MACHINE_CACHES],
                  uint16_t served[SETTLE_SERVERS])
{
    uint16_t asking = reads->lanes == NULL ? 1 : reads->lanes[i];
    for (unsigned k = 0; k < MACHINE_CACHES; k++) {
        uint16_t further = asking;
        if (reads->missing[k] != NULL && asking != 0)
            further &= reads->missing[k][at[k]++];
        served[k] = asking & (uint16_t)~further;
        asking = further;
    }
    served[MACHINE_CACHES] = asking;
}

bool walk_paths_count_reads(struct walk_paths *paths, const struct settle_reads *reads, const struct block *block,
                            const struct mappings *mappings)
{
    size_t at[MACHINE_CACHES] = {0};
    for (size_t i = 0; i < reads->count;) {
        const uint32_t position = request_position(reads->item[i]);
        struct walk_so_far walk = {.count = 1, .path = {WALK_PATH_START}, .lanes = {UINT16_MAX}};
        for (; i < reads->count && request_position(reads->item[i]) == position; i++) {
            uint16_t served[SETTLE_SERVERS];
            serve(reads, i, at, served);
            add_read(&walk, served);
        }
        const struct whose whose = whose_walk(block, mappings, position);
        for (unsigned w = 0; w < walk.count; w++)
            if (walk.path[w] != WALK_PATH_START && !count_walk(paths, whose, walk.path[w], walk.lanes[w]))
                return false;
    }
    return true;
}
