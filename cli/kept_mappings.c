/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/kept_mappings.h"

#include <string.h>

#include "cli/say.h"

void kept_mappings_keep(struct kept_mappings *kept, const struct address_map *map)
{
    if (map == NULL || kept->version == address_map_version(map))
        return;
    const struct mappings now = address_map_mappings(map);
    if (now.count > kept->room) {
        kept->room = 2 * now.count;
        kept->range = say_reallocate(kept->range, kept->room, sizeof *kept->range);
    }
    if (now.count > 0)
        memcpy(kept->range, now.range, now.count * sizeof *kept->range);
    kept->mappings = (struct mappings){kept->range, now.count};
    kept->version = address_map_version(map);
}
