/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/asid.h"

#include <assert.h>

#define NOBODY UINT32_MAX

struct asids {
    uint32_t count;
    enum asid_recycle recycle;
    uint32_t next;   /* the next to be given out, for the first time or once more */
    uint32_t *owner; /* by id */
};

struct asids *asids_create(uint32_t count, enum asid_recycle recycle, struct arena *arena)
{
    assert(count >= 1);
    struct asids *asids = arena_alloc(arena, sizeof *asids);
    if (asids == NULL)
        return NULL;
    *asids = (struct asids){.count = count, .recycle = recycle};
    asids->owner = arena_alloc(arena, count * sizeof *asids->owner);
    if (asids->owner == NULL)
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        asids->owner[i] = NOBODY;
    return asids;
}

bool asids_find(const struct asids *asids, uint32_t process, uint32_t *asid)
{
    for (uint32_t i = 0; i < asids->count; i++) {
        if (asids->owner[i] != process)
            continue;
        *asid = i;
        return true;
    }
    return false;
}

enum asid_given asids_take(struct asids *asids, uint32_t process, uint32_t *asid)
{
    if (asids_find(asids, process, asid))
        return ASID_KEPT;
    enum asid_given given = ASID_FRESH;
    if (asids->next == asids->count) {
        asids->next = 0;
        if (asids->recycle == RECYCLE_ALL) {
            for (uint32_t i = 0; i < asids->count; i++)
                asids->owner[i] = NOBODY;
            given = ASID_ALL_GONE;
        }
    }
    *asid = asids->next++;
    if (asids->owner[*asid] != NOBODY)
        given = ASID_RECYCLED;
    asids->owner[*asid] = process;
    return given;
}
