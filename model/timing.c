/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Instructions that nothing delays need not be looked at. The slots by which an instruction dispatches later than it
 * would, lag(n) = D(n) - n, never get fewer; what is delayed until `done` at instruction k asks for
 *
 *     lag(n) >= done - (k + rob)        for n >= k + rob
 *
 * and what is not asks for no more than lag(k), or less. So the window is a queue of such demands, of which those that
 * an earlier one covers are left out.
 */
#include "model/timing.h"

#include <assert.h>
#include <string.h>

#include "model/request.h"
#include "model/vector.h"

/* A demand: from this instruction on, so much lag. */
struct demand {
    uint64_t from;
    int64_t lag;
};

/* A page and when its last walk is done. */
struct walked {
    uint64_t page;
    uint64_t done_and_one; /* 0 where the place is free */
};

enum { WALKED_ROOM = 64 };

struct timing {
    struct timing_spec spec;
    struct arena *arena;
    uint64_t instructions; /* that have begun */
    bool has_fetches;      /* in the trace so far */

    uint64_t at;   /* the instruction whose lookups come now; its */
    int64_t front; /* lag when it is asked for its fetch: that of the one before */
    int64_t lag;   /* and its own */

    struct demand *demand; /* a ring, later ones larger in both */
    size_t demand_mask;
    size_t demand_first; /* these two count on, and are masked where they are used */
    size_t demand_end;

    uint64_t *free_from;   /* by walker: when it is done with all walks so far */
    struct walked *walked; /* open addressing; a walk that is done is as good as none */
    struct walked *spare;  /* as large, and free */
    size_t walked_room;    /* a power of two */
    size_t walked_count;
    uint64_t last_walk; /* when all walks so far are done */
    uint64_t last;      /* when all data so far are translated */

    uint64_t queue_slots;
    uint64_t busy_slots;
    uint64_t merged_walks;
};

struct timing_spec timing_spec_of(const struct machine *machine)
{
    struct timing_spec spec;
    memset(&spec, 0, sizeof spec);
    if (machine->core_width == 0)
        return spec;
    spec.width = machine->core_width;
    spec.rob = machine->core_rob;
    spec.walkers = machine->walker_count;
    spec.setup_cycles = machine->walker_setup_cycles;
    if (machine->memory_model == MEMORY_FIXED) {
        spec.read_cycles[MACHINE_CACHES] = machine->fixed_cycles;
    } else {
        for (unsigned k = 0; k < MACHINE_CACHES; k++)
            spec.read_cycles[k] = machine->cache[k].hit_cycles;
        spec.read_cycles[MACHINE_CACHES] = machine->dram_cycles;
    }
    for (unsigned level = 2; level <= TIMING_LEVELS; level++)
        for (unsigned k = 0; k < 2; k++) {
            const struct tlb_array *array =
                machine_array(machine, level, k == 0 ? KINDS_DATA : KINDS_INSTRUCTIONS, machine->page_size_bytes);
            spec.hit_cycles[level][k] = array == NULL ? 0 : array->hit_cycles;
        }
    return spec;
}

/* Demands stand for different instructions of the last `rob`. */
static size_t demand_room(const struct timing_spec *spec)
{
    size_t room = 1;
    while (room < spec->rob)
        room *= 2;
    return room;
}

struct timing *timing_create(const struct timing_spec *spec, struct arena *arena)
{
    struct timing *timing = arena_alloc(arena, sizeof *timing);
    if (timing == NULL)
        return NULL;
    timing->spec = *spec;
    timing->arena = arena;
    timing->demand_mask = demand_room(spec) - 1;
    timing->demand = arena_alloc(arena, demand_room(spec) * sizeof *timing->demand);
    timing->free_from = arena_alloc(arena, spec->walkers * sizeof *timing->free_from);
    timing->walked_room = WALKED_ROOM;
    timing->walked = arena_alloc(arena, WALKED_ROOM * sizeof *timing->walked);
    timing->spare = arena_alloc(arena, WALKED_ROOM * sizeof *timing->spare);
    const bool good =
        timing->demand != NULL && timing->free_from != NULL && timing->walked != NULL && timing->spare != NULL;
    return good ? timing : NULL;
}

uint64_t timing_bytes(const struct timing_spec *spec)
{
    return sizeof(struct timing) + demand_room(spec) * sizeof(struct demand) + spec->walkers * sizeof(uint64_t) +
           2 * WALKED_ROOM * sizeof(struct walked);
}

/* ---- The window ---- */

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void meet_demands(struct timing *timing, uint64_t instruction)
{
    while (timing->demand_first != timing->demand_end) {
        const struct demand *first = &timing->demand[timing->demand_first & timing->demand_mask];
        if (first->from > instruction)
            return;
        timing->lag = most(timing->lag, first->lag);
        timing->demand_first++;
    }
}

static void go_to(struct timing *timing, uint64_t instruction)
{
    if (instruction == timing->at)
        return;
    assert(instruction > timing->at);
    meet_demands(timing, instruction - 1);
    timing->front = timing->lag;
    meet_demands(timing, instruction);
    timing->at = instruction;
}

/* When a lookup of the instruction is asked for. */
static uint64_t time_of(const struct timing *timing, bool fetch)
{
    return timing->at + (uint64_t)(fetch ? timing->front : timing->lag + 1);
}

/* The instruction's lookup is done then. */
static void wait_until(struct timing *timing, bool fetch, uint64_t done)
{
    if (fetch) {
        timing->lag = most(timing->lag, (int64_t)(done - timing->at));
        return;
    }
    timing->last = done > timing->last ? done : timing->last;
    const uint64_t from = timing->at + timing->spec.rob;
    const int64_t lag = (int64_t)(done - from);
    if (lag <= timing->lag)
        return;
    if (timing->demand_first != timing->demand_end) {
        const struct demand *last = &timing->demand[(timing->demand_end - 1) & timing->demand_mask];
        if (last->lag >= lag)
            return;
        timing->demand_end -= last->from == from;
    }
    timing->demand[timing->demand_end++ & timing->demand_mask] = (struct demand){from, lag};
    assert(timing->demand_end - timing->demand_first <= timing->demand_mask + 1);
}

void timing_advance(struct timing *timing, uint64_t instructions)
{
    timing->instructions = instructions;
    if (instructions > 0)
        go_to(timing, instructions - 1);
}

/* ---- Walks ---- */

/* Its place, or the free one where it would be. */
static struct walked *place_of(struct walked *walked, size_t room, uint64_t page)
{
    for (size_t i = (size_t)(page * UINT64_C(0x9e3779b97f4a7c15) >> 32);; i++) {
        struct walked *place = &walked[i & (room - 1)];
        if (place->done_and_one == 0 || place->page == page)
            return place;
    }
}

/* Leaves out the walks that are done at `now`, which is never asked for again; takes more room if that were most of
 * it all the same. */
static bool make_room(struct timing *timing, uint64_t now)
{
    const size_t old_room = timing->walked_room;
    size_t left = 0;
    for (size_t i = 0; i < old_room; i++)
        left += timing->walked[i].done_and_one > now + 1;
    if (left > old_room / 4) {
        const size_t bytes = old_room * sizeof(struct walked);
        struct walked *spare = arena_grow(timing->arena, timing->spare, bytes, 2 * bytes);
        if (spare == NULL)
            return false;
        timing->spare = spare;
        struct walked *walked = arena_grow(timing->arena, timing->walked, bytes, 2 * bytes);
        if (walked == NULL)
            return false;
        timing->walked = walked;
        timing->walked_room = 2 * old_room;
    }
    for (size_t i = 0; i < old_room; i++)
        if (timing->walked[i].done_and_one > now + 1)
            *place_of(timing->spare, timing->walked_room, timing->walked[i].page) = timing->walked[i];
    struct walked *old = timing->walked;
    memset(old, 0, timing->walked_room * sizeof *old);
    timing->walked = timing->spare;
    timing->spare = old;
    timing->walked_count = left;
    return true;
}

/* Hands the walk to the first walker that is free; returns when it is done. */
static uint64_t serve(struct timing *timing, uint64_t now, uint64_t slots)
{
    uint64_t *walker = timing->free_from;
    for (uint32_t i = 1; i < timing->spec.walkers; i++)
        if (timing->free_from[i] < *walker)
            walker = &timing->free_from[i];
    const uint64_t start = *walker > now ? *walker : now;
    timing->queue_slots += start - now;
    timing->busy_slots += slots;
    *walker = start + slots;
    return *walker;
}

bool timing_walk(struct timing *timing, uint64_t instruction, bool fetch, uint64_t page, uint64_t cycles)
{
    go_to(timing, instruction);
    const uint64_t now = time_of(timing, fetch);
    const uint64_t done = serve(timing, now, cycles * timing->spec.width);
    if (timing->walked_count == timing->walked_room / 2 && !make_room(timing, now))
        return false;
    struct walked *place = place_of(timing->walked, timing->walked_room, page);
    timing->walked_count += place->done_and_one == 0;
    *place = (struct walked){page, done + 1};
    timing->last_walk = done > timing->last_walk ? done : timing->last_walk;
    wait_until(timing, fetch, done);
    return true;
}

void timing_hit(struct timing *timing, uint64_t instruction, bool fetch, uint64_t page, uint64_t cycles)
{
    go_to(timing, instruction);
    const uint64_t now = time_of(timing, fetch);
    uint64_t done = now + cycles * timing->spec.width;
    if (timing->last_walk > now) {
        const struct walked *place = place_of(timing->walked, timing->walked_room, page);
        if (place->done_and_one > now + 1) {
            timing->merged_walks++;
            done = place->done_and_one - 1 > done ? place->done_and_one - 1 : done;
        }
    }
    wait_until(timing, fetch, done);
}

/* ---- Streams ---- */

/* Where a loop is in the misses of a level. */
struct cursor {
    const uint64_t *item;
    const uint64_t *end;
};

/* The position of the next miss; REQUEST_POSITIONS behind the last one. */
static uint32_t next_position(struct cursor *cursor)
{
    while (cursor->item != cursor->end && (*cursor->item & REQUEST_INSERT) != 0)
        cursor->item++;
    return cursor->item == cursor->end ? REQUEST_POSITIONS : request_position(*cursor->item);
}

VECTOR_CLONES static uint32_t count_fetches(const uint16_t *meta, uint32_t count)
{
    uint16_t fetches = 0; /* a block has no more than fit */
    for (uint32_t i = 0; i < count; i++)
        fetches = (uint16_t)(fetches + access_is_fetch(meta[i]));
    return fetches;
}

/* Instructions that have begun with the accesses of a block up to here. */
struct begun {
    const struct block *block;
    uint32_t seen; /* accesses of it */
    uint64_t count;
};

static void begin_up_to(struct timing *timing, struct begun *begun, uint32_t end)
{
    const struct block *block = begun->block;
    if (!timing->has_fetches && block->of_kind[ACCESS_FETCH] == 0) {
        begun->count += end - begun->seen;
        begun->seen = end;
        return;
    }
    for (; !timing->has_fetches && begun->seen < end; begun->seen++, begun->count++)
        timing->has_fetches = access_is_fetch(block->meta[begun->seen]);
    begun->count += count_fetches(block->meta + begun->seen, end - begun->seen);
    begun->seen = end;
}

static uint64_t cycles_of_shape(const struct timing_spec *spec, uint64_t shape)
{
    uint64_t cycles = spec->setup_cycles;
    for (unsigned server = 0; server < SETTLE_SERVERS; server++)
        cycles += walk_shape_reads((uint32_t)shape, server) * (uint64_t)spec->read_cycles[server];
    return cycles;
}

bool timing_run(struct timing *timing, const struct timing_block *in)
{
    const struct timing_spec *spec = &timing->spec;
    const uint64_t *shape = in->shape;
    struct begun begun = {.block = in->block, .count = timing->instructions};
    struct cursor missed[TIMING_LEVELS + 1];
    for (unsigned level = 1; level <= TIMING_LEVELS; level++)
        missed[level] = (struct cursor){in->missed[level].item, in->missed[level].item + in->missed[level].count};
    const uint64_t *item = in->lookups.item;
    const uint64_t *const end = item + in->lookups.count;
    uint32_t next = next_position(&missed[1]);
    bool walking = true; /* a walk may be under way */
    for (; item != end; item++) {
        const uint32_t here = request_position(*item);
        if (here != next && !walking)
            continue;
        begin_up_to(timing, &begun, (here >> 1) + 1);
        const uint64_t instruction = begun.count - 1;
        const bool fetch = (*item & REQUEST_FETCH) != 0;
        const uint64_t page = request_number(*item, REQUEST_VA_SHIFT, in->page_shift);
        unsigned level = 1;
        while (level <= TIMING_LEVELS && next_position(&missed[level]) == here)
            missed[level++].item++;
        if (level <= TIMING_LEVELS)
            timing_hit(timing, instruction, fetch, page, spec->hit_cycles[level][fetch]);
        else if (!timing_walk(timing, instruction, fetch, page, cycles_of_shape(spec, *shape++)))
            return false;
        next = next_position(&missed[1]);
        walking = timing->last_walk > time_of(timing, fetch);
    }
    begin_up_to(timing, &begun, in->block->count);
    timing_advance(timing, begun.count);
    return true;
}

/* ---- Counting ---- */

struct timing_figures timing_figures(const struct timing *timing)
{
    const uint64_t dispatched = timing->instructions + (uint64_t)timing->lag;
    const uint64_t end = timing->last > dispatched ? timing->last : dispatched;
    return (struct timing_figures){
        .stall_slots = end - timing->instructions,
        .queue_slots = timing->queue_slots,
        .busy_slots = timing->busy_slots,
        .merged_walks = timing->merged_walks,
    };
}

static uint64_t in_cycles(const struct timing *timing, uint64_t slots)
{
    return (slots + timing->spec.width - 1) / timing->spec.width;
}

/* The stall is a sum of delays along one path through the instructions, each at most once, and so is no more than
 * translation_cycles. It may well be less than translation_cycles_min, which is what the walkers need: instructions
 * dispatch while they walk, and what those take is not the walks' cost. The estimate is no less than that bound,
 * which leaves out only that walks hide under one another; the stall itself is a counter beside it. */
void timing_count(const struct timing *timing, struct counters *c)
{
    const struct timing_figures figures = timing_figures(timing);
    c->translation_stall_cycles = in_cycles(timing, figures.stall_slots);
    c->walker_queue_cycles = in_cycles(timing, figures.queue_slots);
    c->walker_busy_cycles = in_cycles(timing, figures.busy_slots);
    c->merged_walks = figures.merged_walks;
    assert(c->translation_stall_cycles <= c->translation_cycles);
    c->translation_cycles_estimate = c->translation_stall_cycles > c->translation_cycles_min
                                         ? c->translation_stall_cycles
                                         : c->translation_cycles_min;
}
