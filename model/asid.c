/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/asid.h"

#include <assert.h>

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
        asids->owner[i] = ASID_NOBODY;
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

static bool runs(uint32_t process, const uint32_t *running, uint32_t cpus)
{
    bool found = false;
    for (uint32_t cpu = 0; cpu < cpus; cpu++)
        found |= running[cpu] == process;
    return found && process != ASID_NOBODY;
}

/* In turn, but for those of processes that run. */
static enum asid_given take_one(struct asids *asids, const uint32_t *running, uint32_t cpus, uint32_t *asid)
{
    do {
        asids->next = asids->next == asids->count ? 0 : asids->next;
        *asid = asids->next++;
    } while (runs(asids->owner[*asid], running, cpus));
    return asids->owner[*asid] == ASID_NOBODY ? ASID_FRESH : ASID_RECYCLED;
}

static enum asid_given take_or_clear_all(struct asids *asids, const uint32_t *running, uint32_t cpus, uint32_t *asid)
{
    enum asid_given given = ASID_FRESH;
    for (;; asids->next++) {
        if (asids->next == asids->count) {
            assert(given == ASID_FRESH);
            given = ASID_ALL_GONE;
            asids->next = 0;
            for (uint32_t i = 0; i < asids->count; i++)
                if (!runs(asids->owner[i], running, cpus))
                    asids->owner[i] = ASID_NOBODY;
        }
        if (asids->owner[asids->next] == ASID_NOBODY)
            break;
    }
    *asid = asids->next++;
    return given;
}

enum asid_given asids_take(struct asids *asids, uint32_t process, const uint32_t *running, uint32_t cpus,
                           uint32_t *asid)
{
    if (asids_find(asids, process, asid))
        return ASID_KEPT;
    const enum asid_given given = asids->recycle == RECYCLE_ONE ? take_one(asids, running, cpus, asid)
                                                                : take_or_clear_all(asids, running, cpus, asid);
    asids->owner[*asid] = process;
    return given;
}
