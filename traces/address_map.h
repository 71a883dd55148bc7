/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a program's addresses are mapped to, as the events of its trace tell it: files by their names, "[heap]",
 * "[stack]", and what has no name, which is anonymous. What was mapped before the trace begins and never told is not
 * known.
 *
 * It knows no accesses. Always: the ranges of a process ascend and do not overlap, a name has one number in all
 * processes, numbers count up from 1 in the order in which they were met, and 0 is what is in no range.
 */
#ifndef TRACES_ADDRESS_MAP_H
#define TRACES_ADDRESS_MAP_H

#include <stdbool.h>

#include "model/walk_paths.h"
#include "traces/extras.h"

struct address_map;

/* NULL when out of memory. */
struct address_map *address_map_create(void);
void address_map_free(struct address_map *map);

/* Does the event change what is mapped, or whose addresses are meant? */
bool address_map_concerns(const struct event *event);

/* False when out of memory. */
bool address_map_apply(struct address_map *map, const struct event *event);

/* Those of the process whose accesses come next, until the next event. The version is another one whenever they are. */
struct mappings address_map_mappings(const struct address_map *map);
uint64_t address_map_version(const struct address_map *map);

/* How many mappings there were, 0 among them, and what they are called: "(unknown)", "(anonymous)", "[heap]", a path. */
uint32_t address_map_count(const struct address_map *map);
const char *address_map_name(const struct address_map *map, uint32_t number);

#endif
