/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "model/lanes.h"
#include "model/lookups.h"
#include "model/settle.h"

enum pass_kind {
    PASS_STEP,    /* one step */
    PASS_COARSER, /* lookups, made from finer ones */
    PASS_STACK,
    PASS_BANK,
    PASS_READS,
    PASS_SETTLE,
    PASS_PICK, /* one lane, for a step that takes no lanes */
};

enum {
    NONE = -1,
    STACK_LEAST = 2, /* steps that are worth a stack */
    BANK_LEAST = 3,  /* steps that are worth a bank: one filter of it costs about two alone */
    BANK_WAYS = 16,  /* for so few; for more ways see suits_bank */
};

struct pass {
    enum pass_kind kind;
    int step[LANES];            /* by lane; PASS_STEP, PASS_COARSER: [0] */
    int input[STEP_INPUTS_MAX]; /* passes */
    unsigned lane;              /* PASS_PICK: of input[0] */
    int buffer;
    uint64_t count[2][LANES]; /* as struct step's, for each lane */
    struct stack *stack;
    struct bank *bank;
    uint16_t *shape_seen;
};

/* Where a step's stream is. */
struct place {
    int pass;
    int lane; /* NONE: all of the pass's stream */
    int pick; /* the pass that picks the lane; NONE where there is none so far */
};

struct schedule {
    struct arena *arena;
    struct step *step;
    size_t step_count;
    struct place *place; /* by step */
    struct pass *pass;
    size_t pass_count;
    size_t pass_room;
    struct stream *buffer;
    size_t *buffer_items; /* room of each */
    size_t buffer_count;
};

static bool is_lanes(const struct pass *pass)
{
    return pass->kind == PASS_STACK || pass->kind == PASS_BANK || pass->kind == PASS_READS || pass->kind == PASS_SETTLE;
}

/* ---- Which steps are one pass ---- */

/* Steps by the first step that they read: all readers of one are next[first[it]] and so on. */
struct readers {
    int *first; /* by step */
    int *next;
};

/* A pass in the making: it takes in steps that suit its first one. */
struct team {
    struct pass pass;
    size_t size;
};

static int add_pass(struct schedule *s, const struct pass *pass)
{
    if (s->pass_count == s->pass_room) {
        const size_t room = s->pass_room == 0 ? 64 : 2 * s->pass_room;
        struct pass *grown = arena_grow(s->arena, s->pass, s->pass_room * sizeof *grown, room * sizeof *grown);
        if (grown == NULL)
            return NONE;
        s->pass = grown;
        s->pass_room = room;
    }
    s->pass[s->pass_count] = *pass;
    return (int)s->pass_count++;
}

static struct pass blank_pass(enum pass_kind kind)
{
    struct pass pass = {.kind = kind, .buffer = NONE};
    for (unsigned i = 0; i < LANES; i++)
        pass.step[i] = NONE;
    for (unsigned i = 0; i < STEP_INPUTS_MAX; i++)
        pass.input[i] = NONE;
    return pass;
}

static bool is_filter(const struct step_spec *spec)
{
    return spec->kind == STEP_TLB || spec->kind == STEP_WALK_CACHE || spec->kind == STEP_CACHE;
}

/* Equal but for the ways, and for the steps that they read? */
static bool equal_but_ways(const struct step_spec *a, const struct step_spec *b)
{
    struct step_spec c;
    memcpy(&c, b, sizeof c);
    c.filter.geometry = a->filter.geometry;
    memcpy(c.input, a->input, sizeof c.input);
    /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): padding is zeroed with the rest, see struct step_spec */
    return memcmp(a, &c, sizeof c) == 0 && a->filter.geometry.sets == b->filter.geometry.sets;
}

static bool equal_but_inputs(const struct step_spec *a, const struct step_spec *b)
{
    return equal_but_ways(a, b) && a->filter.geometry.ways == b->filter.geometry.ways;
}

static bool is_free(const struct schedule *s, int step)
{
    return s->place[step].pass == NONE;
}

/* LRU filters of one input whose ways alone differ, few and many: a tree that is there for the many does the few for
 * nothing, and a vector for those would be another 8 ns a lookup of one set, 2 of many. */
static struct team gather_stack(const struct schedule *s, const struct readers *readers, int leader)
{
    const struct step_spec *spec = &s->step[leader].spec;
    struct team team = {.pass = blank_pass(PASS_STACK)};
    if (!is_filter(spec) || !filter_has_depths(&spec->filter))
        return team;
    for (int i = readers->first[spec->input[0]]; i != NONE && team.size < LANES; i = readers->next[i])
        if (is_free(s, i) && equal_but_ways(spec, &s->step[i].spec) && filter_has_depths(&s->step[i].spec.filter))
            team.pass.step[team.size++] = i;
    return team;
}

/* Does the step read, with each of its inputs, lane `lane` of the passes that the leader reads? */
static bool reads_lane(const struct schedule *s, const struct step_spec *leader, const struct step_spec *spec, int lane)
{
    for (unsigned k = 0; k < STEP_INPUTS_MAX; k++) {
        if ((spec->input[k] == STEP_NONE) != (leader->input[k] == STEP_NONE))
            return false;
        if (spec->input[k] == STEP_NONE)
            continue;
        const struct place *place = &s->place[spec->input[k]];
        if (place->lane != lane || place->pass != s->place[leader->input[k]].pass)
            return false;
    }
    return true;
}

/* A bank looks at the ways one after the other, in one set each waiting for the one before; a vector takes sixteen at once.
 * Three first levels to sixteen before one of these, walk caches and caches behind it, ns an access, bank and apart:
 *
 *     lanes          3           6          10          16
 *     24 full     60   48     60   88    59  129     59  159
 *     64 full    172   48    173   92   174  149    173  227
 *     128 full   357   52    357   99   357  158    354  243
 *     16 x 24     36   34     37   63    37  101     37  157
 *     16 x 64     75   34     74   65    75  102     75  159
 *     16 x 128   134   42    135   79   135  129    136  205
 */
static bool suits_bank(const struct geometry *geometry, size_t lanes)
{
    return lanes >= BANK_LEAST &&
           (geometry->ways <= BANK_WAYS || geometry->ways <= (geometry->sets == 1 ? 4 : 8) * lanes);
}

/* Equal steps behind the lanes of the same passes. A bank searches; trees are for each lane its own. */
static struct team gather_bank(const struct schedule *s, const struct readers *readers, int leader)
{
    const struct step_spec *spec = &s->step[leader].spec;
    const bool filters = is_filter(spec) && filter_has_depths(&spec->filter) && !filter_is_tree(&spec->filter);
    struct team team = {.pass = blank_pass(filters ? PASS_BANK : spec->kind == STEP_READS ? PASS_READS : PASS_SETTLE)};
    if (!filters && spec->kind != STEP_READS && spec->kind != STEP_SETTLE)
        return team;
    const struct place *place = &s->place[spec->input[0]];
    if (place->lane == NONE || !reads_lane(s, spec, spec, place->lane))
        return team;
    const struct pass *above = &s->pass[place->pass];
    for (int lane = 0; lane < LANES; lane++) {
        if (above->step[lane] == NONE)
            continue;
        for (int i = readers->first[above->step[lane]]; i != NONE; i = readers->next[i]) {
            if (!is_free(s, i) || !equal_but_inputs(spec, &s->step[i].spec) ||
                !reads_lane(s, spec, &s->step[i].spec, lane))
                continue;
            team.pass.step[lane] = i;
            team.size++;
            break; /* equal steps of equal inputs are one step */
        }
    }
    return team;
}

/* ---- Inputs ---- */

/* The pass that puts out a step's stream and nothing else. */
static int plain_stream(struct schedule *s, int step)
{
    struct place *place = &s->place[step];
    if (place->lane == NONE)
        return place->pass;
    if (place->pick == NONE) {
        struct pass pick = blank_pass(PASS_PICK);
        pick.step[0] = step;
        pick.input[0] = place->pass;
        pick.lane = (unsigned)place->lane;
        place->pick = add_pass(s, &pick);
    }
    return place->pick;
}

/* The finest lookups that those of `step` can be made from, of the passes so far: the largest pages below its own. */
static int finer_lookups(const struct schedule *s, int step)
{
    const struct step_spec *spec = &s->step[step].spec;
    int best = NONE;
    if (!spec->collapse)
        return NONE;
    for (int i = 0; i < step; i++) {
        const struct step_spec *other = &s->step[i].spec;
        if (other->kind == STEP_LOOKUPS && other->collapse && other->kinds == spec->kinds &&
            other->format == spec->format && other->page_size_bytes < spec->page_size_bytes &&
            (best == NONE || other->page_size_bytes > s->step[best].spec.page_size_bytes))
            best = i;
    }
    return best;
}

static bool add_single(struct schedule *s, int step, bool share)
{
    const struct step_spec *spec = &s->step[step].spec;
    const int finer = share && spec->kind == STEP_LOOKUPS ? finer_lookups(s, step) : NONE;
    struct pass pass = blank_pass(finer != NONE ? PASS_COARSER : PASS_STEP);
    pass.step[0] = step;
    if (finer != NONE)
        pass.input[0] = s->place[finer].pass;
    for (unsigned k = 0; k < STEP_INPUTS_MAX; k++)
        if (spec->input[k] != STEP_NONE && (pass.input[k] = plain_stream(s, spec->input[k])) == NONE)
            return false;
    s->place[step].pass = add_pass(s, &pass);
    return s->place[step].pass != NONE;
}

static bool add_team(struct schedule *s, struct team *team, int leader)
{
    const struct step_spec *spec = &s->step[leader].spec;
    for (unsigned k = 0; k < STEP_INPUTS_MAX; k++) {
        if (spec->input[k] == STEP_NONE)
            continue;
        team->pass.input[k] =
            team->pass.kind == PASS_STACK ? plain_stream(s, spec->input[k]) : s->place[spec->input[k]].pass;
        if (team->pass.input[k] == NONE)
            return false;
    }
    const int pass = add_pass(s, &team->pass);
    for (int lane = 0; lane < LANES; lane++)
        if (team->pass.step[lane] != NONE)
            s->place[team->pass.step[lane]] = (struct place){pass, lane, NONE};
    return pass != NONE;
}

/* A pass stands where the first of its steps does: behind all that it reads. */
static bool add_passes(struct schedule *s, const struct readers *readers, bool share)
{
    for (int step = 0; step < (int)s->step_count; step++) {
        if (!is_free(s, step))
            continue;
        struct team team = {.size = 0};
        if (share && s->step[step].spec.input[0] != STEP_NONE) {
            team = gather_stack(s, readers, step);
            if (team.size < STACK_LEAST) {
                team = gather_bank(s, readers, step);
                const bool pays = team.pass.kind == PASS_BANK
                                      ? suits_bank(&s->step[step].spec.filter.geometry, team.size)
                                      : team.size >= BANK_LEAST;
                team.size = pays ? team.size : 0;
            }
        }
        if (!(team.size > 0 ? add_team(s, &team, step) : add_single(s, step, share)))
            return false;
    }
    return true;
}

/* ---- What passes need ---- */

static uint16_t members_of(const struct pass *pass)
{
    uint16_t members = 0;
    for (unsigned lane = 0; lane < LANES; lane++)
        members |= (uint16_t)((pass->step[lane] != NONE) << lane);
    return members;
}

/* The step that has most ways. */
static int leader_of(const struct schedule *s, const struct pass *pass)
{
    int leader = NONE;
    for (unsigned lane = 0; lane < LANES; lane++)
        if (pass->step[lane] != NONE && (leader == NONE || s->step[pass->step[lane]].spec.filter.geometry.ways >
                                                               s->step[leader].spec.filter.geometry.ways))
            leader = pass->step[lane];
    return leader;
}

static bool init_pass(struct schedule *s, struct pass *pass)
{
    const struct filter_spec *filter = &s->step[leader_of(s, pass)].spec.filter;
    uint32_t ways[LANES] = {0};
    switch (pass->kind) {
    case PASS_STEP:
        return step_init(&s->step[pass->step[0]], s->arena);
    case PASS_STACK:
        for (unsigned lane = 0; lane < LANES; lane++)
            ways[lane] = pass->step[lane] == NONE ? 0 : s->step[pass->step[lane]].spec.filter.geometry.ways;
        pass->stack = stack_create(filter, ways, s->arena);
        return pass->stack != NULL;
    case PASS_BANK:
        pass->bank = bank_create(filter, members_of(pass), s->arena);
        return pass->bank != NULL;
    case PASS_SETTLE:
        pass->shape_seen = arena_alloc(s->arena, WALK_SHAPES * sizeof *pass->shape_seen);
        return pass->shape_seen != NULL;
    case PASS_COARSER:
    case PASS_READS:
    case PASS_PICK:
        break;
    }
    return true;
}

static uint64_t pass_bytes(const struct schedule *s, const struct pass *pass)
{
    const struct step_spec *spec = &s->step[leader_of(s, pass)].spec;
    switch (pass->kind) {
    case PASS_STEP:
        return sizeof *pass + step_bytes(spec);
    case PASS_STACK:
        return sizeof *pass + stack_bytes(&spec->filter);
    case PASS_BANK:
        return sizeof *pass + bank_bytes(&spec->filter);
    case PASS_SETTLE:
        return sizeof *pass + WALK_SHAPES * sizeof(uint16_t);
    case PASS_COARSER:
    case PASS_READS:
    case PASS_PICK:
        break;
    }
    return sizeof *pass;
}

/* ---- Buffers ----
 *
 * Streams live until their last reader has run; then the next pass writes over them. */

/* How many items a pass puts out at most for one block. */
static size_t most_items(const struct schedule *s, const struct pass *pass)
{
    const struct step_spec *spec = &s->step[leader_of(s, pass)].spec;
    if (spec->kind == STEP_TOUCH || spec->kind == STEP_SETTLE)
        return 1;
    const bool reads = spec->kind == STEP_READS || spec->kind == STEP_CACHE;
    return (size_t)REQUEST_POSITIONS * (reads ? STEP_READS_MAX : spec->inserts ? 2 : 1) + VECTOR_SLACK;
}

static bool runs_in_place(const struct schedule *s, const struct pass *pass)
{
    switch (pass->kind) {
    case PASS_STEP:
        return step_runs_in_place(&s->step[pass->step[0]].spec);
    case PASS_COARSER:
    case PASS_STACK:
    case PASS_BANK:
    case PASS_PICK:
        return true;
    case PASS_READS:
    case PASS_SETTLE:
        break;
    }
    return false;
}

struct free_buffers {
    int *buffer;
    size_t count;
};

/* A free buffer with this room, or a new one. */
static int take_buffer(struct schedule *s, struct free_buffers *free, size_t items)
{
    for (size_t i = free->count; i-- > 0;) {
        if (s->buffer_items[free->buffer[i]] != items)
            continue;
        const int buffer = free->buffer[i];
        free->buffer[i] = free->buffer[--free->count];
        return buffer;
    }
    s->buffer_items[s->buffer_count] = items;
    return (int)s->buffer_count++;
}

static bool allocate_buffers(struct schedule *s)
{
    for (size_t p = 0; p < s->pass_count; p++) {
        struct stream *buffer = &s->buffer[s->pass[p].buffer];
        const size_t items = s->buffer_items[s->pass[p].buffer];
        if (buffer->item == NULL)
            buffer->item = arena_alloc(s->arena, items * sizeof *buffer->item);
        if (buffer->lanes == NULL && is_lanes(&s->pass[p]))
            buffer->lanes = arena_alloc(s->arena, items * sizeof *buffer->lanes);
        if (buffer->item == NULL || (buffer->lanes == NULL && is_lanes(&s->pass[p])))
            return false;
    }
    return true;
}

static bool place_buffers(struct schedule *s)
{
    const size_t passes = s->pass_count;
    size_t *last_reader = calloc(passes + 1, sizeof *last_reader);
    struct free_buffers free_buffers = {.buffer = calloc(passes + 1, sizeof *free_buffers.buffer)};
    s->buffer = arena_alloc(s->arena, passes * sizeof *s->buffer);
    s->buffer_items = arena_alloc(s->arena, passes * sizeof *s->buffer_items);
    const bool good =
        last_reader != NULL && free_buffers.buffer != NULL && s->buffer != NULL && s->buffer_items != NULL;
    for (size_t p = 0; good && p < passes; p++) {
        last_reader[p] = p;
        for (unsigned k = 0; k < STEP_INPUTS_MAX; k++)
            if (s->pass[p].input[k] != NONE)
                last_reader[s->pass[p].input[k]] = p;
    }
    for (size_t p = 0; good && p < passes; p++) {
        struct pass *pass = &s->pass[p];
        const int first = pass->input[0];
        const size_t items = most_items(s, pass);
        if (first != NONE && last_reader[first] == p && runs_in_place(s, pass) &&
            s->buffer_items[s->pass[first].buffer] == items) {
            pass->buffer = s->pass[first].buffer;
            last_reader[first] = SIZE_MAX;
        } else {
            pass->buffer = take_buffer(s, &free_buffers, items);
        }
        for (unsigned k = 0; k < STEP_INPUTS_MAX; k++) {
            const int input = pass->input[k];
            if (input == NONE || last_reader[input] != p)
                continue;
            free_buffers.buffer[free_buffers.count++] = s->pass[input].buffer;
            last_reader[input] = SIZE_MAX; /* a pass may read one stream twice; it is freed once */
        }
        if (last_reader[p] == p)
            free_buffers.buffer[free_buffers.count++] = pass->buffer;
    }
    free(last_reader);
    free(free_buffers.buffer);
    return good && allocate_buffers(s);
}

/* ---- All of it ---- */

static bool find_readers(const struct schedule *s, struct readers *readers)
{
    readers->first = malloc((s->step_count + 1) * sizeof *readers->first);
    readers->next = malloc((s->step_count + 1) * sizeof *readers->next);
    if (readers->first == NULL || readers->next == NULL)
        return false;
    for (size_t i = 0; i < s->step_count; i++)
        readers->first[i] = NONE;
    for (int i = (int)s->step_count; i-- > 0;) {
        const int input = s->step[i].spec.input[0];
        if (input == STEP_NONE)
            continue;
        readers->next[i] = readers->first[input];
        readers->first[input] = i;
    }
    return true;
}

struct schedule *schedule_create(struct step *step, size_t step_count, bool share, struct arena *arena)
{
    struct schedule *s = arena_alloc(arena, sizeof *s);
    if (s == NULL)
        return NULL;
    *s = (struct schedule){.arena = arena, .step = step, .step_count = step_count};
    struct readers readers = {NULL, NULL};
    s->place = arena_alloc(arena, (step_count + 1) * sizeof *s->place);
    bool good = s->place != NULL && find_readers(s, &readers);
    for (size_t i = 0; good && i < step_count; i++)
        s->place[i] = (struct place){NONE, NONE, NONE};
    good = good && add_passes(s, &readers, share) && place_buffers(s);
    for (size_t p = 0; good && p < s->pass_count; p++)
        good = init_pass(s, &s->pass[p]);
    free(readers.first);
    free(readers.next);
    return good ? s : NULL;
}

/* ---- Running ---- */

static void count_lanes(const struct schedule *s, struct pass *pass, const struct block *block,
                        const struct stream *output)
{
    const struct step_spec *spec = &s->step[leader_of(s, pass)].spec;
    const enum kinds kinds =
        spec->kind == STEP_TLB ? (enum kinds)(spec->kinds & block_kinds(block)) : KINDS_DATA; /* others have no kinds */
    uint64_t all[LANES] = {0};
    uint64_t fetches[LANES] = {0};
    lanes_count(output->item, output->lanes, output->count, false, all);
    if (kinds == KINDS_ALL)
        lanes_count(output->item, output->lanes, output->count, true, fetches);
    for (unsigned lane = 0; lane < LANES; lane++) {
        const uint64_t of_fetches = kinds == KINDS_INSTRUCTIONS ? all[lane] : fetches[lane];
        pass->count[0][lane] += all[lane] - of_fetches;
        pass->count[1][lane] += of_fetches;
    }
}

static enum step_result run_reads(const struct schedule *s, const struct pass *pass,
                                  const struct stream *const input[STEP_INPUTS_MAX], struct stream *output)
{
    const struct step *step = &s->step[leader_of(s, pass)];
    struct address_space_walks walks = {.item = input[0]->item, .lanes = input[0]->lanes, .count = input[0]->count};
    for (unsigned level = 0; level < step->spec.leaf_level; level++) {
        walks.reader[level] = input[1 + level]->item;
        walks.reading[level] = input[1 + level]->lanes;
    }
    output->count = address_space_read_lanes(step->space, &walks, output->item, output->lanes);
    output->reach = step_reads_reach(step->space);
    return address_space_end(step->space) >> REQUEST_PHYSICAL_BITS == 0 ? STEP_DONE : STEP_OUT_OF_ADDRESSES;
}

static void run_settle(const struct pass *pass, const struct stream *const input[STEP_INPUTS_MAX])
{
    struct settle_streams streams = {.count = input[0]->count};
    for (unsigned k = 0; k < SETTLE_SERVERS; k++) {
        streams.item[k] = input[k]->item;
        streams.lanes[k] = input[k]->lanes;
    }
    settle_run_lanes(&streams, pass->shape_seen);
}

static enum step_result run_pass(struct schedule *s, struct pass *pass, const struct block *block)
{
    const struct stream *input[STEP_INPUTS_MAX] = {NULL};
    for (unsigned k = 0; k < STEP_INPUTS_MAX; k++)
        if (pass->input[k] != NONE)
            input[k] = &s->buffer[s->pass[pass->input[k]].buffer];
    struct stream *output = &s->buffer[pass->buffer];
    enum step_result result = STEP_DONE;
    switch (pass->kind) {
    case PASS_STEP:
        return step_run(&s->step[pass->step[0]], block, input, output);
    case PASS_COARSER:
        step_coarsen(&s->step[pass->step[0]], block, input[0], output);
        return STEP_DONE;
    case PASS_PICK:
        output->reach = input[0]->reach;
        output->count = lanes_pick(input[0]->item, input[0]->lanes, input[0]->count, pass->lane, output->item);
        return STEP_DONE;
    case PASS_SETTLE:
        run_settle(pass, input);
        output->count = 0;
        return STEP_DONE;
    case PASS_STACK:
        output->reach = input[0]->reach;
        output->count =
            stack_run(pass->stack, input[0]->reach, input[0]->item, input[0]->count, output->item, output->lanes);
        break;
    case PASS_BANK:
        output->reach = input[0]->reach;
        output->count = bank_run(pass->bank, input[0]->reach, input[0]->item, input[0]->lanes, input[0]->count,
                                 output->item, output->lanes);
        break;
    case PASS_READS:
        result = run_reads(s, pass, input, output);
        break;
    }
    count_lanes(s, pass, block, output);
    return result;
}

/* Nothing comes of nothing: behind large TLBs most streams are empty most of the time. */
static bool is_idle(const struct schedule *s, const struct pass *pass)
{
    for (unsigned k = 0; k < STEP_INPUTS_MAX; k++)
        if (pass->input[k] != NONE && s->buffer[s->pass[pass->input[k]].buffer].count != 0)
            return false;
    return pass->input[0] != NONE && pass->kind != PASS_COARSER;
}

enum step_result schedule_run(struct schedule *s, const struct block *block)
{
    for (size_t p = 0; p < s->pass_count; p++) {
        struct pass *pass = &s->pass[p];
        struct stream *output = &s->buffer[pass->buffer];
        if (is_idle(s, pass)) {
            output->count = 0;
        } else {
            const enum step_result result = run_pass(s, pass, block);
            if (result != STEP_DONE)
                return result;
        }
        output->item[output->count] = STREAM_END;
    }
    return STEP_DONE;
}

/* ---- Asking ---- */

uint64_t schedule_count(const struct schedule *s, int step, unsigned kind)
{
    const struct place *place = &s->place[step];
    return place->lane == NONE ? s->step[step].count[kind] : s->pass[place->pass].count[kind][place->lane];
}

const uint16_t *schedule_shapes(const struct schedule *s, int step, unsigned *lane)
{
    const struct place *place = &s->place[step];
    *lane = place->lane == NONE ? 0 : (unsigned)place->lane;
    return place->lane == NONE ? s->step[step].shape_seen : s->pass[place->pass].shape_seen;
}

uint64_t schedule_bytes(const struct schedule *s)
{
    uint64_t bytes = s->step_count * (sizeof(struct step) + sizeof(struct place));
    for (size_t p = 0; p < s->pass_count; p++)
        bytes += pass_bytes(s, &s->pass[p]);
    for (size_t b = 0; b < s->buffer_count; b++)
        bytes += s->buffer_items[b] * (sizeof(uint64_t) + (s->buffer[b].lanes != NULL ? sizeof(uint16_t) : 0));
    return bytes;
}

size_t schedule_passes(const struct schedule *s)
{
    return s->pass_count;
}
