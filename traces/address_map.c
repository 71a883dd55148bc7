/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traces/address_map.h"

#include <stdlib.h>
#include <string.h>

#include "traces/array.h"

enum { UNKNOWN, ANONYMOUS, HEAP, STACK, GIVEN };

static const char *const given_names[GIVEN] = {"(unknown)", "(anonymous)", "[heap]", "[stack]"};

/* A stack grows without an event, down to where its limit is (RLIMIT_STACK of getrlimit(2), 8 MiB unless somebody set
 * another). */
#define STACK_BYTES (UINT64_C(8) << 20)

/* Of one process. Numbers are as in `name` here, not as the caller has them. */
struct space {
    uint32_t process;
    uint64_t heap_end; /* 0: not known */
    struct mapping_range *range;
    uint64_t count;
    uint64_t room;
};

struct address_map {
    char **name;
    uint64_t name_count;
    uint64_t name_room;
    struct space *space;
    uint64_t space_count;
    uint64_t space_room;
    uint64_t at; /* the space of the process whose accesses come next */
    uint64_t version;
    /* The ranges as the caller has them: the stack where it may grow to. */
    struct mapping_range *told;
    uint64_t told_room;
};

/* ---- Names ---- */

static bool add_name(struct address_map *map, const char *name)
{
    char **grown = array_grow((void *)map->name, &map->name_room, map->name_count, sizeof *grown);
    if (grown == NULL)
        return false;
    map->name = grown;
    grown[map->name_count] = strdup(name);
    return grown[map->name_count++] != NULL;
}

/* UNKNOWN when out of memory: nothing is mapped to that. Names are few: files, not pages. */
static uint32_t number_of(struct address_map *map, const char *name)
{
    if (name == NULL)
        return ANONYMOUS;
    for (uint32_t i = 0; i < map->name_count; i++)
        if (strcmp(map->name[i], name) == 0)
            return i;
    return add_name(map, name) ? (uint32_t)map->name_count - 1 : UNKNOWN;
}

/* ---- Ranges ---- */

static bool insert_at(struct space *space, uint64_t at, struct mapping_range range)
{
    struct mapping_range *grown = array_grow(space->range, &space->room, space->count, sizeof *grown);
    if (grown == NULL)
        return false;
    space->range = grown;
    memmove(grown + at + 1, grown + at, (space->count - at) * sizeof *grown);
    grown[at] = range;
    space->count++;
    return true;
}

/* The first range that does not end before `address`. */
static uint64_t find(const struct space *space, uint64_t address)
{
    uint64_t low = 0;
    uint64_t high = space->count;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (space->range[middle].last < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Nothing is mapped from `first` to `last` any more. */
static bool clear(struct space *space, uint64_t first, uint64_t last)
{
    uint64_t i = find(space, first);
    if (i < space->count && space->range[i].first < first && space->range[i].last > last) {
        struct mapping_range above = space->range[i];
        above.first = last + 1;
        space->range[i].last = first - 1;
        return insert_at(space, i + 1, above);
    }
    if (i < space->count && space->range[i].first < first)
        space->range[i++].last = first - 1;
    uint64_t end = i;
    while (end < space->count && space->range[end].last <= last)
        end++;
    if (end > i)
        memmove(space->range + i, space->range + end, (space->count - end) * sizeof *space->range);
    space->count -= end - i;
    if (i < space->count && space->range[i].first <= last)
        space->range[i].first = last + 1;
    return true;
}

static bool map_range(struct space *space, uint64_t first, uint64_t size_bytes, uint32_t number)
{
    if (size_bytes == 0)
        return true;
    const uint64_t last = size_bytes - 1 > UINT64_MAX - first ? UINT64_MAX : first + (size_bytes - 1);
    return clear(space, first, last) &&
           (number == UNKNOWN || insert_at(space, find(space, first), (struct mapping_range){first, last, number}));
}

/* ---- Spaces ---- */

static bool add_space(struct address_map *map, uint32_t process)
{
    struct space *grown = array_grow(map->space, &map->space_room, map->space_count, sizeof *grown);
    if (grown == NULL)
        return false;
    map->space = grown;
    grown[map->space_count++] = (struct space){.process = process};
    return true;
}

/* What comes before any process is named is of the first that is. */
static bool go_to(struct address_map *map, uint32_t process)
{
    if (map->space_count == 1 && map->space[0].process == 0)
        map->space[0].process = process;
    map->at = 0;
    while (map->at < map->space_count && map->space[map->at].process != process)
        map->at++;
    return map->at < map->space_count || add_space(map, process);
}

/* The child begins with what the parent has; what it does then may not be in the trace. */
static bool copy_space(struct address_map *map, uint32_t child)
{
    const uint64_t parent = map->at;
    if (!go_to(map, child))
        return false;
    const uint64_t copy = map->at;
    map->at = parent;
    map->space[copy].count = 0;
    for (uint64_t i = 0; i < map->space[parent].count; i++)
        if (!insert_at(&map->space[copy], i, map->space[parent].range[i]))
            return false;
    map->space[copy].heap_end = map->space[parent].heap_end;
    return true;
}

/* Where the heap ended before its end was first told: where the mapping called so does, or else, since its beginning is in no
 * event, behind what is mapped below. (brk(2) moves the end of the data segment, which stands there.) */
static uint64_t first_heap_end(const struct space *space, uint64_t end)
{
    for (uint64_t i = 0; i < space->count; i++)
        if (space->range[i].number == HEAP)
            return space->range[i].last + 1;
    const uint64_t i = end == 0 ? 0 : find(space, end - 1);
    return i > 0 && (i == space->count || space->range[i].first >= end) ? space->range[i - 1].last + 1 : 0;
}

static bool move_break(struct space *space, uint64_t end)
{
    const uint64_t old = space->heap_end != 0 ? space->heap_end : first_heap_end(space, end);
    space->heap_end = end;
    if (old == 0 || end == old)
        return true;
    return end > old ? map_range(space, old, end - old, HEAP) : clear(space, end, old - 1);
}

static bool move_mapping(struct space *space, const struct event *event)
{
    const uint64_t i = find(space, event->old_address);
    const bool known = i < space->count && space->range[i].first <= event->old_address;
    const uint32_t number = known ? space->range[i].number : UNKNOWN;
    return (event->old_size_bytes == 0 ||
            clear(space, event->old_address, event->old_address + (event->old_size_bytes - 1))) &&
           map_range(space, event->address, event->size_bytes, number);
}

static bool apply(struct address_map *map, const struct event *event)
{
    struct space *space = &map->space[map->at];
    uint32_t number;
    switch (event->kind) {
    case EVENT_PROCESS:
        return go_to(map, event->id);
    case EVENT_MMAP:
        number = number_of(map, event->name);
        return number != UNKNOWN && map_range(space, event->address, event->size_bytes, number);
    case EVENT_MUNMAP:
        return map_range(space, event->address, event->size_bytes, UNKNOWN);
    case EVENT_MREMAP:
        return move_mapping(space, event);
    case EVENT_BRK:
        return move_break(space, event->address);
    case EVENT_FORK:
        return copy_space(map, event->id);
    case EVENT_EXEC:
        space->count = 0;
        space->heap_end = 0;
        return true;
    default:
        return true;
    }
}

/* ---- What the caller has ---- */

static bool tell(struct address_map *map)
{
    const struct space *space = &map->space[map->at];
    while (map->told_room < space->count) {
        struct mapping_range *grown = array_grow(map->told, &map->told_room, map->told_room, sizeof *grown);
        if (grown == NULL)
            return false;
        map->told = grown;
    }
    for (uint64_t i = 0; i < space->count; i++) {
        struct mapping_range range = space->range[i];
        if (range.number == STACK && range.last >= STACK_BYTES && range.first > range.last + 1 - STACK_BYTES) {
            const uint64_t lowest = range.last + 1 - STACK_BYTES;
            const uint64_t free_from = i == 0 ? 0 : space->range[i - 1].last + 1;
            range.first = lowest > free_from ? lowest : free_from;
        }
        map->told[i] = range;
    }
    map->version++;
    return true;
}

bool address_map_concerns(const struct event *event)
{
    switch (event->kind) {
    case EVENT_PROCESS:
    case EVENT_MMAP:
    case EVENT_MUNMAP:
    case EVENT_MREMAP:
    case EVENT_BRK:
    case EVENT_FORK:
    case EVENT_EXEC:
        return true;
    default:
        return false;
    }
}

bool address_map_apply(struct address_map *map, const struct event *event)
{
    return apply(map, event) && tell(map);
}

struct mappings address_map_mappings(const struct address_map *map)
{
    return (struct mappings){map->told, map->space[map->at].count};
}

uint64_t address_map_version(const struct address_map *map)
{
    return map->version;
}

uint32_t address_map_count(const struct address_map *map)
{
    return (uint32_t)map->name_count;
}

const char *address_map_name(const struct address_map *map, uint32_t number)
{
    return map->name[number];
}

struct address_map *address_map_create(void)
{
    struct address_map *map = calloc(1, sizeof *map);
    bool good = map != NULL && add_space(map, 0);
    for (unsigned i = 0; good && i < GIVEN; i++)
        good = add_name(map, given_names[i]);
    if (good)
        return map;
    address_map_free(map);
    return NULL;
}

void address_map_free(struct address_map *map)
{
    if (map == NULL)
        return;
    for (uint64_t i = 0; i < map->name_count; i++)
        free(map->name[i]);
    for (uint64_t i = 0; i < map->space_count; i++)
        free(map->space[i].range);
    free((void *)map->name);
    free(map->space);
    free(map->told);
    free(map);
}
