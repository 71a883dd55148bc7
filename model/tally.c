/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tally.h"

#include "model/request.h"

struct tally *tally_create(bool at_once, struct arena *arena)
{
    struct tally *tally = arena_alloc(arena, sizeof *tally);
    if (tally != NULL)
        *tally = (struct tally){.at_once = at_once, .arena = arena};
    return tally;
}

static bool has_no_more(const struct tally_walk *a, const struct tally_walk *b)
{
    bool no_more = true;
    for (unsigned k = 0; k < SETTLE_SERVERS; k++)
        no_more &= a->served[k] <= b->served[k];
    return no_more;
}

static bool keep(struct tally *tally, const struct tally_walk *walk)
{
    struct tally_walk *longest = tally->longest;
    for (size_t i = 0; i < tally->longest_count; i++)
        if (has_no_more(walk, &longest[i])) {
            /* To the front: the next walk mostly is like this one. */
            const struct tally_walk found = longest[i];
            longest[i] = longest[0];
            longest[0] = found;
            return true;
        }
    size_t kept = 0;
    for (size_t i = 0; i < tally->longest_count; i++)
        if (!has_no_more(&longest[i], walk))
            longest[kept++] = longest[i];
    tally->longest_count = kept;
    if (kept == tally->longest_room) {
        const size_t room = kept == 0 ? 16 : 2 * kept;
        longest = arena_grow(tally->arena, longest, kept * sizeof *longest, room * sizeof *longest);
        if (longest == NULL)
            return false;
        tally->longest = longest;
        tally->longest_room = room;
    }
    longest[tally->longest_count++] = *walk;
    return true;
}

static bool note(struct tally *tally, const struct tally_walk *walk)
{
    if (!tally->at_once)
        return keep(tally, walk);
    unsigned servers = 0;
    for (unsigned k = 0; k < SETTLE_SERVERS; k++)
        servers |= (unsigned)(walk->served[k] != 0) << k;
    tally->walks_by_servers[servers]++;
    return true;
}

bool tally_run(struct tally *tally, const struct settle_reads *reads)
{
    size_t at[MACHINE_CACHES] = {0};
    struct tally_walk walk = {{0}};
    for (size_t i = 0; i < reads->count; i++) {
        unsigned server = 0;
        for (; server < MACHINE_CACHES; server++)
            if (reads->missing[server] != NULL && reads->missing[server][at[server]++] == 0)
                break;
        walk.served[server]++;
        if (i + 1 < reads->count && request_position(reads->item[i + 1]) == request_position(reads->item[i]))
            continue;
        if (!note(tally, &walk))
            return false;
        walk = (struct tally_walk){{0}};
    }
    return true;
}
