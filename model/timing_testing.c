/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Within a slot, in this order: walks that are done leave their walkers; the instruction that was dispatched in the slot
 * before asks for its data; the next one asks for its fetch; walks that wait take what walkers are free, after each of
 * these; instructions retire; one is dispatched. Slots in which nothing can happen are passed over.
 *
 * Out of memory ends the program: only tests link this.
 */
#include "model/timing_testing.h"

#include <assert.h>
#include <stdlib.h>

enum { NOT_YET = 0, NOBODY = -1 };

/* A lookup that has been asked for. */
struct asked {
    uint64_t at;
    uint64_t done;        /* NOT_YET, while that is not known, and one more than the slot it is done in, from then on */
    long waits_for;       /* the lookup whose walk it waits for as well; NOBODY */
    uint64_t done_itself; /* as `done`, of a hit that waits for a walk */
};

struct core {
    const struct timing_spec *spec;
    const struct timing_lookup *lookup;
    size_t count;
    uint64_t instructions;

    uint64_t now;
    struct asked *asked; /* by lookup */
    size_t asked_count;  /* those in front have been asked for */
    uint64_t head;       /* the oldest instruction in the reorder buffer */
    uint64_t next;       /* the one to be dispatched next */
    size_t *first;       /* by instruction: its first lookup; of one more, all */
    uint64_t *dispatched;

    size_t *queue; /* walks, in the order of asking */
    size_t queue_first;
    size_t queue_end;
    long walker[64]; /* the walk that each does; NOBODY */
    struct timing_figures figures;
};

static void *zeroed(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (memory == NULL)
        abort();
    return memory;
}

static bool is_done(const struct core *core, size_t lookup)
{
    return lookup < core->asked_count && core->asked[lookup].done != NOT_YET &&
           core->asked[lookup].done - 1 <= core->now;
}

/* Lookups that hit and wait for a walk know when they are done once that is known of the walk. */
static void tell_waiting(struct core *core, size_t walk)
{
    for (size_t i = walk + 1; i < core->asked_count; i++) {
        struct asked *asked = &core->asked[i];
        if (asked->waits_for == (long)walk)
            asked->done = asked->done_itself > core->asked[walk].done ? asked->done_itself : core->asked[walk].done;
    }
}

/* Whether any walk began. One that takes no time makes room for the next at once. */
static bool start_walks(struct core *core)
{
    bool any = false;
    for (;;) {
        uint32_t busy = 0;
        long *idle = NULL;
        for (uint32_t w = 0; w < core->spec->walkers; w++) {
            if (core->walker[w] != NOBODY && is_done(core, (size_t)core->walker[w]))
                core->walker[w] = NOBODY;
            busy += core->walker[w] != NOBODY;
            if (core->walker[w] == NOBODY)
                idle = &core->walker[w];
        }
        assert(busy <= core->spec->walkers);
        if (idle == NULL || core->queue_first == core->queue_end)
            return any;
        const size_t walk = core->queue[core->queue_first++];
        const uint64_t slots = core->lookup[walk].cycles * core->spec->width;
        assert(*idle == NOBODY); /* one walk at a time */
        *idle = (long)walk;
        core->asked[walk].done = core->now + slots + 1;
        core->figures.queue_slots += core->now - core->asked[walk].at;
        core->figures.busy_slots += slots;
        tell_waiting(core, walk);
        any = true;
    }
}

/* The last walk of the page so far, NOBODY where it is none of an instruction that has not retired, and so long done. */
static long last_walk(const struct core *core, size_t lookup)
{
    for (size_t i = lookup; i-- > 0 && core->lookup[i].instruction >= core->head;)
        if (core->lookup[i].walks && core->lookup[i].page == core->lookup[lookup].page)
            return (long)i;
    return NOBODY;
}

static void ask(struct core *core, size_t lookup)
{
    struct asked *asked = &core->asked[lookup];
    assert(lookup == core->asked_count);
    core->asked_count++;
    asked->at = core->now;
    asked->waits_for = NOBODY;
    if (core->lookup[lookup].walks) {
        core->queue[core->queue_end++] = lookup;
        start_walks(core);
        return;
    }
    asked->done_itself = core->now + core->lookup[lookup].cycles * core->spec->width + 1;
    const long walk = last_walk(core, lookup);
    if (walk == NOBODY || is_done(core, (size_t)walk)) {
        asked->done = asked->done_itself;
        return;
    }
    core->figures.merged_walks++;
    asked->waits_for = walk;
    if (core->asked[walk].done != NOT_YET)
        tell_waiting(core, (size_t)walk);
}

/* Are all lookups of one sort, of an instruction, done? */
static bool all_done(const struct core *core, uint64_t instruction, bool fetch)
{
    for (size_t i = core->first[instruction]; i < core->first[instruction + 1]; i++)
        if (core->lookup[i].fetch == fetch && !is_done(core, i))
            return false;
    return true;
}

static bool ask_all(struct core *core, uint64_t instruction, bool fetch)
{
    bool any = false;
    for (size_t i = core->asked_count; i < core->first[instruction + 1] && core->lookup[i].fetch == fetch; i++) {
        ask(core, i);
        any = true;
    }
    return any;
}

/* One slot; whether anything happened in it. */
static bool run_slot(struct core *core)
{
    bool any = start_walks(core);
    const bool first = core->next == 0;
    if (!first && core->dispatched[core->next - 1] + 1 == core->now)
        any |= ask_all(core, core->next - 1, false);
    if (core->next < core->instructions && (first || core->dispatched[core->next - 1] + 1 <= core->now))
        any |= ask_all(core, core->next, true);
    while (core->head < core->next && core->dispatched[core->head] + 1 <= core->now &&
           all_done(core, core->head, false)) {
        core->head++;
        any = true;
    }
    if (core->next < core->instructions && core->next - core->head < core->spec->rob &&
        (first || core->dispatched[core->next - 1] < core->now) && all_done(core, core->next, true)) {
        core->dispatched[core->next++] = core->now;
        any = true;
    }
    return any;
}

/* The next slot in which a lookup is done. */
static uint64_t next_done(const struct core *core)
{
    uint64_t next = UINT64_MAX;
    for (size_t i = core->first[core->head]; i < core->asked_count; i++)
        if (core->asked[i].done > core->now + 1 && core->asked[i].done - 1 < next)
            next = core->asked[i].done - 1;
    assert(next != UINT64_MAX);
    return next;
}

struct timing_figures timing_simulate(const struct timing_spec *spec, const struct timing_lookup *lookups, size_t count,
                                      uint64_t instructions)
{
    struct core core = {.spec = spec, .lookup = lookups, .count = count, .instructions = instructions};
    core.asked = zeroed(count, sizeof *core.asked);
    core.first = zeroed((size_t)instructions + 1, sizeof *core.first);
    core.dispatched = zeroed((size_t)instructions, sizeof *core.dispatched);
    core.queue = zeroed(count, sizeof *core.queue);
    for (uint32_t w = 0; w < spec->walkers; w++)
        core.walker[w] = NOBODY;
    for (size_t i = 0, n = 0; n <= instructions; n++) {
        core.first[n] = i;
        while (i < count && lookups[i].instruction == n)
            i++;
    }
    while (core.head < instructions)
        if (run_slot(&core))
            core.now += core.head < instructions;
        else
            core.now = next_done(&core);
    core.figures.stall_slots = core.now - instructions;
    free(core.asked);
    free(core.first);
    free(core.dispatched);
    free(core.queue);
    return core.figures;
}
