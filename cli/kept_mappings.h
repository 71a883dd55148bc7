/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was mapped when a block was read, kept for whoever runs the block later, while the trace and its map go on.
 */
#ifndef CLI_KEPT_MAPPINGS_H
#define CLI_KEPT_MAPPINGS_H

#include "traces/address_map.h"

/* Zero it first; `range` is the caller's to free. */
struct kept_mappings {
    struct mapping_range *range;
    size_t room;
    uint64_t version;
    struct mappings mappings;
};

/* Copies what is mapped now, unless that is there already. Leaves all as it is where `map` is NULL. */
void kept_mappings_keep(struct kept_mappings *kept, const struct address_map *map);

#endif
