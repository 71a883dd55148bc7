/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/schedule.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/lanes.h"
#include "model/lookups.h"
#include "model/machine_keys.h"
#include "model/settle.h"
#include "model/units.h"

enum pass_kind {
    PASS_STEP,    /* one step */
    PASS_COARSER, /* lookups, made from finer ones */
    PASS_STACK,
    PASS_BANK,
    PASS_READS,
    PASS_SETTLE,
    PASS_WALK_PATHS,
    PASS_PICK, /* one lane, for a step that takes no lanes */
};

enum {
    NONE = -1,
    STACK_LEAST = 2, /* steps that are worth a stack */
    BANK_LEAST = 3,  /* steps that are worth a bank: one filter of it costs about two alone */
    BANK_WAYS = 16,  /* for so few; for more ways see suits_bank */
};

struct pass {
    /* What every block asks for, in front. */
    struct stream *in[STEP_INPUTS_MAX];
    struct stream *output;
    enum pass_kind kind;
    unsigned feeding; /* of the inputs: where these are empty, there is nothing to do; 0: there always is */
    enum kinds kinds; /* what is counted of lanes; of what has no kinds, as data */
    int leader;       /* the step that has the most ways: its spec is all lanes', but for these */
    struct stack *stack;
    struct bank *bank;
    unsigned lanes_used;      /* the highest, and one */
    uint16_t *missing;        /* its stream's */
    uint64_t (*count)[LANES]; /* as struct step's, for each lane */

    int step[LANES];            /* by lane; PASS_STEP, PASS_COARSER: [0] */
    int input[STEP_INPUTS_MAX]; /* passes */
    unsigned lane;              /* PASS_PICK: of input[0] */
    int buffer;
    uint16_t *shape_seen;     /* PASS_SETTLE */
    struct walk_paths *paths; /* PASS_WALK_PATHS */

    int below; /* the first pass whose first input this is, and behind it, by next, the others */
    int next;
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
    int top; /* the first pass that reads no other, and behind it, by next, the others */
    struct stream *buffer;
    size_t *buffer_items; /* room of each */
    size_t buffer_count;
};

static bool is_lanes(const struct pass *pass)
{
    return pass->kind == PASS_STACK || pass->kind == PASS_BANK || pass->kind == PASS_READS ||
           pass->kind == PASS_SETTLE || pass->kind == PASS_WALK_PATHS;
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

static int leader_of(const struct schedule *s, const struct pass *pass)
{
    int leader = NONE;
    for (unsigned lane = 0; lane < LANES; lane++)
        if (pass->step[lane] != NONE && (leader == NONE || s->step[pass->step[lane]].spec.filter.geometry.ways >
                                                               s->step[leader].spec.filter.geometry.ways))
            leader = pass->step[lane];
    return leader;
}

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
    s->pass[s->pass_count].leader = leader_of(s, pass);
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

static bool is_tsb(const struct step_spec *spec)
{
    return spec->kind == STEP_WALK_CACHE && spec->format != NULL;
}

/* Of filters that guest-physical addresses go through. */
static const char *host_filter_name(const struct step_spec *spec)
{
    return spec->page_size_bytes != 0 ? "nested tlb" : "host walk cache";
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
    if (!is_filter(spec) || !filter_has_depths(&spec->filter) || spec->filter.readable || spec->prefetches != 0)
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

static enum pass_kind bank_kind(const struct step_spec *spec)
{
    return spec->kind == STEP_READS        ? PASS_READS
           : spec->kind == STEP_SETTLE     ? PASS_SETTLE
           : spec->kind == STEP_WALK_PATHS ? PASS_WALK_PATHS
                                           : PASS_BANK;
}

/* Equal steps behind the lanes of the same passes. A bank searches; trees are for each lane its own. */
static struct team gather_bank(const struct schedule *s, const struct readers *readers, int leader)
{
    const struct step_spec *spec = &s->step[leader].spec;
    const bool filters =
        is_filter(spec) && filter_has_depths(&spec->filter) && !filter_is_tree(&spec->filter) && !spec->filter.readable;
    struct team team = {.pass = blank_pass(bank_kind(spec))};
    if (!filters && team.pass.kind == PASS_BANK)
        return team;
    const struct place *place = &s->place[spec->input[0]];
    if (place->lane == NONE || !reads_lane(s, spec, spec, place->lane))
        return team;
    assert(s->pass != NULL); /* some pass put out what the leader reads */
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
        if (s->step[step].tells_missing && (pick.input[1] = plain_stream(s, s->step[step].spec.input[0])) == NONE)
            return NONE;
        place = &s->place[step];
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
            other->format == spec->format && other->space == spec->space &&
            other->page_size_bytes < spec->page_size_bytes &&
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

static bool tells_missing(const struct schedule *s, const struct pass *pass)
{
    bool tells = false;
    for (unsigned lane = 0; lane < LANES; lane++)
        tells |= pass->step[lane] != NONE && s->step[pass->step[lane]].tells_missing;
    return tells;
}

static bool init_pass(struct schedule *s, struct pass *pass)
{
    const struct step_spec *spec = &s->step[pass->leader].spec;
    const struct filter_spec *filter = &spec->filter;
    if (pass->kind != PASS_STEP && tells_missing(s, pass) &&
        (pass->missing = arena_alloc(s->arena, step_most_items(spec) * sizeof *pass->missing)) == NULL)
        return false;
    if (is_lanes(pass) && (pass->count = arena_alloc(s->arena, 2 * sizeof *pass->count)) == NULL)
        return false;
    pass->lanes_used = 32 - (unsigned)__builtin_clz(members_of(pass));
    pass->output = &s->buffer[pass->buffer];
    for (unsigned k = 0; k < STEP_INPUTS_MAX; k++)
        pass->in[k] = pass->input[k] == NONE ? NULL : &s->buffer[s->pass[pass->input[k]].buffer];
    pass->kinds = spec->kind == STEP_TLB ? spec->kinds : KINDS_DATA;
    /* A merge has work where either input has; so does a pick that tells what is missing of all that could be in it. Time goes
     * on whatever there is, and frames count the blocks, whoever asks them. */
    if (pass->kind != PASS_COARSER && pass->in[0] != NULL && spec->kind != STEP_TIMING && spec->kind != STEP_FRAMES)
        pass->feeding =
            (pass->kind == PASS_STEP && spec->kind == STEP_MERGE) || (pass->kind == PASS_PICK && pass->in[1] != NULL)
                ? 2
                : 1;
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
    case PASS_WALK_PATHS:
        pass->paths = walk_paths_create(spec->leaf_level + 1, s->arena);
        return pass->paths != NULL;
    case PASS_COARSER:
    case PASS_READS:
    case PASS_PICK:
        break;
    }
    return true;
}

static uint64_t pass_bytes(const struct schedule *s, const struct pass *pass)
{
    const struct step_spec *spec = &s->step[pass->leader].spec;
    if (pass->kind == PASS_STEP)
        return sizeof *pass + step_bytes(&s->step[pass->step[0]]);
    const uint64_t bytes = sizeof *pass + (tells_missing(s, pass) ? step_most_items(spec) * sizeof(uint16_t) : 0);
    switch (pass->kind) {
    case PASS_STACK:
        return bytes + stack_bytes(&spec->filter);
    case PASS_BANK:
        return bytes + bank_bytes(&spec->filter);
    case PASS_SETTLE:
        return bytes + WALK_SHAPES * sizeof(uint16_t);
    case PASS_WALK_PATHS:
        return bytes + (uint64_t)__builtin_popcount(members_of(pass)) * walk_paths_bytes(spec->leaf_level + 1);
    case PASS_STEP:
    case PASS_COARSER:
    case PASS_READS:
    case PASS_PICK:
        break;
    }
    return bytes;
}

/* ---- Buffers ----
 *
 * Streams live until their last reader has run; then the next pass writes over them. */

static size_t most_items(const struct schedule *s, const struct pass *pass)
{
    return step_most_items(&s->step[pass->leader].spec);
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
    case PASS_WALK_PATHS:
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
    return good;
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

/* These ask of all their inputs but the first which of its input are in it. */
static bool asks_missing(const struct step_spec *spec)
{
    return spec->kind == STEP_READS || spec->kind == STEP_SETTLE || spec->kind == STEP_LENGTHS ||
           spec->kind == STEP_SHAPES || spec->kind == STEP_TALLY || spec->kind == STEP_WALK_PATHS ||
           spec->kind == STEP_NESTED_READS;
}

static void find_tellers(const struct schedule *s)
{
    for (size_t i = 0; i < s->step_count; i++) {
        const struct step_spec *spec = &s->step[i].spec;
        for (unsigned k = 1; k < STEP_INPUTS_MAX && asks_missing(spec); k++)
            if (spec->input[k] != STEP_NONE && spec->input[k] != spec->input[0])
                s->step[spec->input[k]].tells_missing = true;
    }
}

/* The passes as a tree, which is how they are described. */
static void link_passes(struct schedule *s)
{
    s->top = NONE;
    for (size_t p = 0; p < s->pass_count; p++)
        s->pass[p].below = NONE;
    for (int p = (int)s->pass_count; p-- > 0;) {
        struct pass *pass = &s->pass[p];
        int *first = pass->input[0] == NONE ? &s->top : &s->pass[pass->input[0]].below;
        pass->next = *first;
        *first = p;
    }
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
    find_tellers(s);
    good = good && add_passes(s, &readers, share) && place_buffers(s);
    if (good)
        link_passes(s);
    free(readers.first);
    free(readers.next);
    return good ? s : NULL;
}

bool schedule_start(struct schedule *s)
{
    bool good = allocate_buffers(s);
    for (size_t p = 0; good && p < s->pass_count; p++)
        good = init_pass(s, &s->pass[p]);
    return good;
}

/* ---- Running ---- */

static void count_lanes(struct pass *pass, const struct block *block)
{
    const struct stream *output = pass->output;
    const enum kinds kinds = pass->kinds == KINDS_DATA ? KINDS_DATA : (enum kinds)(pass->kinds & block_kinds(block));
    if (kinds != KINDS_ALL) {
        lanes_count(output->item, output->lanes, output->count, false, pass->lanes_used,
                    pass->count[kinds == KINDS_INSTRUCTIONS]);
        return;
    }
    uint64_t fetches[LANES] = {0};
    lanes_count(output->item, output->lanes, output->count, false, pass->lanes_used, pass->count[0]);
    lanes_count(output->item, output->lanes, output->count, true, pass->lanes_used, fetches);
    for (unsigned lane = 0; lane < LANES; lane++) {
        pass->count[0][lane] -= fetches[lane];
        pass->count[1][lane] += fetches[lane];
    }
}

static enum step_result run_reads(const struct schedule *s, const struct pass *pass)
{
    const struct step *step = &s->step[pass->leader];
    const struct stream *walking = pass->in[0];
    struct address_space_walks walks = {.item = walking->item, .lanes = walking->lanes, .count = walking->count};
    step_find_readers(&step->spec, pass->in, walks.reading);
    pass->output->count = address_space_read(step->space, &walks, pass->output->item, pass->output->lanes);
    pass->output->reach = step_reads_reach(step->space);
    return address_space_end(step->space) >> REQUEST_PHYSICAL_BITS == 0 ? STEP_DONE : STEP_OUT_OF_ADDRESSES;
}

static void run_settle(const struct schedule *s, const struct pass *pass)
{
    const struct stream *all = pass->in[0];
    struct settle_reads reads = {.item = all->item, .lanes = all->lanes, .count = all->count};
    step_find_missing(&s->step[pass->leader].spec, pass->in, reads.missing);
    settle_run(&reads, pass->shape_seen);
}

/* Which of the filter's input is in the lane; both have been picked. */
static void mark_missing(const struct stream *all, const struct stream *missed, uint16_t *missing)
{
    size_t k = 0;
    for (size_t i = 0; i < all->count; i++) {
        missing[i] = k < missed->count && all->item[i] == missed->item[k];
        k += missing[i];
    }
}

static void run_pick(const struct pass *pass)
{
    const struct stream *all = pass->in[0];
    struct stream *output = pass->output;
    output->reach = all->reach;
    output->count = lanes_pick(all->item, all->lanes, all->count, pass->lane, output->item);
    output->missing = pass->missing;
    if (pass->missing != NULL)
        mark_missing(pass->in[1], output, pass->missing);
}

static void run_filter(const struct pass *pass)
{
    const struct stream *all = pass->in[0];
    struct stream *output = pass->output;
    const struct lanes_output filtered = {.item = output->item, .lanes = output->lanes, .missing = pass->missing};
    output->reach = all->reach;
    output->missing = pass->missing;
    output->count = pass->kind == PASS_STACK
                        ? stack_run(pass->stack, all->reach, all->item, all->count, &filtered)
                        : bank_run(pass->bank, all->reach, all->item, all->lanes, all->count, &filtered);
}

static enum step_result run_pass(struct schedule *s, struct pass *pass, const struct block *block)
{
    enum step_result result = STEP_DONE;
    switch (pass->kind) {
    case PASS_STEP:
        return step_run(&s->step[pass->step[0]], block, pass->in, pass->output);
    case PASS_COARSER:
        step_coarsen(&s->step[pass->step[0]], block, pass->in[0], pass->output);
        return STEP_DONE;
    case PASS_PICK:
        run_pick(pass);
        return STEP_DONE;
    case PASS_SETTLE:
        run_settle(s, pass);
        pass->output->count = 0;
        return STEP_DONE;
    case PASS_WALK_PATHS:
        pass->output->count = 0;
        return step_count_paths(&s->step[pass->leader], block, pass->in, true, pass->paths) ? STEP_DONE
                                                                                            : STEP_OUT_OF_MEMORY;
    case PASS_STACK:
    case PASS_BANK:
        run_filter(pass);
        break;
    case PASS_READS:
        result = run_reads(s, pass);
        break;
    }
    count_lanes(pass, block);
    return result;
}

/* Nothing comes of nothing: behind large TLBs most streams are empty most of the time. */
static bool is_idle(const struct pass *pass)
{
    return pass->feeding != 0 && pass->in[0]->count == 0 && (pass->feeding == 1 || pass->in[1]->count == 0);
}

enum step_result schedule_run(struct schedule *s, const struct block *block)
{
    for (size_t p = 0; p < s->pass_count; p++) {
        struct pass *pass = &s->pass[p];
        if (is_idle(pass)) {
            pass->output->count = 0;
        } else {
            const enum step_result result = run_pass(s, pass, block);
            if (result != STEP_DONE)
                return result;
        }
        pass->output->item[pass->output->count] = STREAM_END;
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

const struct tally *schedule_tally(const struct schedule *s, int step)
{
    return s->step[step].tally;
}

const struct walk_paths *schedule_walk_paths(const struct schedule *s, int step, unsigned *lane)
{
    const struct place *place = &s->place[step];
    *lane = place->lane == NONE ? 0 : (unsigned)place->lane;
    return place->lane == NONE ? s->step[step].paths : s->pass[place->pass].paths;
}

uint64_t schedule_bytes(const struct schedule *s)
{
    uint64_t bytes = s->step_count * (sizeof(struct step) + sizeof(struct place));
    for (size_t p = 0; p < s->pass_count; p++)
        bytes += pass_bytes(s, &s->pass[p]);
    for (size_t b = 0; b < s->buffer_count; b++)
        bytes += s->buffer_items[b] * (sizeof(uint64_t) + sizeof(uint16_t));
    return bytes;
}

/* An LRU lookup: in a tree, whatever its size, or a vector after the other. */
static double lru_cost(const struct filter_spec *spec)
{
    return filter_is_tree(spec) ? 25 : 1 + spec->geometry.ways / 40.0;
}

/* Nanoseconds an item takes, on a server core of 4 GHz with vectors, as `make bench` has it. Good for orders of
 * magnitude. */
static double pass_cost(const struct schedule *s, const struct pass *pass)
{
    const struct step_spec *spec = &s->step[pass->leader].spec;
    const double ways = spec->filter.geometry.ways;
    const double members = __builtin_popcount(members_of(pass));
    switch (pass->kind) {
    case PASS_STACK:
        return 0.5 + lru_cost(&spec->filter);
    case PASS_BANK:
        return 0.8 + 0.4 * ways;
    case PASS_READS:
        return 3;
    case PASS_SETTLE:
        return 1 + members / 4;
    case PASS_WALK_PATHS:
        return 10 + 2 * members;
    case PASS_COARSER:
        return 0.5;
    case PASS_PICK:
        return 0.2;
    case PASS_STEP:
        break;
    }
    switch (spec->kind) {
    case STEP_LOOKUPS:
        return 0.4;
    case STEP_TLB:
    case STEP_WALK_CACHE:
    case STEP_CACHE:
        return filter_has_depths(&spec->filter)    ? lru_cost(&spec->filter)
               : filter_asks_frames(&spec->filter) ? 6 + ways / 2
                                                   : 3 + ways / 4;
    case STEP_READS:
        return spec->map == STEP_NONE ? 2 : 20;
    case STEP_MAP: /* each access of another page is found by hashing */
        return 10;
    case STEP_MERGE:
    case STEP_SETTLE:
    case STEP_LENGTHS:
    case STEP_SHAPES:
    case STEP_TSB_READS:
        return 1.2;
    case STEP_TIMING:
        return 30;
    case STEP_TOUCH:
        return s->step[pass->leader].table != NULL ? 30 : 1.2; /* a hash, and an entry that no cache has */
    case STEP_PROBES:
        return 30;
    case STEP_TALLY:
        return 4;
    case STEP_NESTED_LOOKUPS: /* a hash, and an entry that no cache has */
        return 30;
    case STEP_NESTED_READS:
        return 60;
    case STEP_WALK_PATHS:
        return 10;
    case STEP_FRAMES:
        return 5;
    case STEP_PREFETCH:
        return 10 + spec->prefetch.entries / 4.0;
    case STEP_SELECT:
    case STEP_PDES:
        break;
    }
    return 0.5;
}

/* Lookups see all accesses; what stands behind them sees those that miss: none or all. */
void schedule_cost(const struct schedule *s, double *least_ns, double *most_ns)
{
    *least_ns = *most_ns = 0;
    for (size_t p = 0; p < s->pass_count; p++) {
        const struct pass *pass = &s->pass[p];
        const struct step_spec *spec = &s->step[pass->leader].spec;
        const bool reads =
            spec->kind == STEP_CACHE || spec->kind == STEP_SETTLE || spec->kind == STEP_TALLY || spec->of_reads;
        const bool sees_all = spec->kind == STEP_LOOKUPS || spec->kind == STEP_MAP ||
                              (spec->kind == STEP_SELECT && spec->half != DATA_BOTH);
        if (pass->kind == PASS_STEP && sees_all)
            *least_ns += pass_cost(s, pass);
        /* A walk reads one entry or a few; of CPUs each has its share. */
        *most_ns += pass_cost(s, pass) * (reads ? 2 : 1) / s->step[pass->leader].cpus;
        if (spec->kind == STEP_TIMING) /* looks for the lookups that miss, among all */
            *least_ns += 0.3;
    }
}

size_t schedule_passes(const struct schedule *s)
{
    return s->pass_count;
}

/* ---- Describing ---- */

static void describe_geometry(const struct geometry *geometry, FILE *out)
{
    if (geometry->sets == 1)
        fprintf(out, "%" PRIu32 " entries, full", geometry->entries);
    else
        fprintf(out, "%" PRIu32 " entries, %" PRIu32 " sets of %" PRIu32, geometry->entries, geometry->sets,
                geometry->ways);
}

static const char *describe_kinds(enum kinds kinds)
{
    return kinds == KINDS_ALL ? "all" : kinds == KINDS_DATA ? "data" : "instructions";
}

static void describe_mapping(const struct mapping_spec *mapping, FILE *out)
{
    char size[UNITS_SIZE_TEXT];
    fprintf(out, ": %s, pages of", page_policy_names[mapping->policy]);
    for (unsigned c = 0; c < mapping->class_count; c++)
        fprintf(out, "%s%s",
                c == 0                          ? " "
                : c + 1 == mapping->class_count ? " and "
                                                : ", ",
                units_format_size(UINT64_C(1) << mapping->shift[c], size));
}

/* Of a row of filters, which lookups each is for. */
static void describe_sizes(const struct filter_sizes *sizes, FILE *out)
{
    char size[UNITS_SIZE_TEXT];
    fprintf(out, ", %s of", describe_kinds(sizes->serves));
    for (unsigned c = 0; c < REQUEST_CLASSES; c++)
        if (sizes->number_shift[c] != 0)
            fprintf(out, " %s", units_format_size(UINT64_C(1) << sizes->number_shift[c], size));
}

static void describe_filter(const struct step_spec *spec, FILE *out)
{
    static const char *const covers[] = {"", "sectors of", "sectors filled from all mapped of", "runs coalesced among",
                                         "coalesced where contiguous are all"};
    char size[UNITS_SIZE_TEXT];
    fputs(policy_names[spec->filter.policy], out);
    if (spec->filter.index == INDEX_XOR)
        fputs(", xor", out);
    if (spec->filter.victim_kinds != KINDS_NONE)
        fputs(", victim", out);
    if (spec->filter.entry_shift != 0)
        fprintf(out, ", with entries for %s", units_format_size(UINT64_C(1) << spec->filter.entry_shift, size));
    if (spec->filter.cover != COVER_PAGE)
        fprintf(out, ", %s %" PRIu32 " pages", covers[spec->filter.cover], spec->filter.cover_pages);
    if (spec->filter.sizes.mixed && spec->kind == STEP_TLB)
        describe_sizes(&spec->filter.sizes, out);
    if (spec->kind == STEP_WALK_CACHE)
        fprintf(out, ", an entry for %s", units_format_size(UINT64_C(1) << spec->filter.number_shift, size));
}

static int compare_ways(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a;
    const uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* "128 sets of 1, 2, 4 and 8", by lane. */
static void describe_stack(const struct schedule *s, const struct pass *pass, FILE *out)
{
    uint32_t ways[LANES] = {0};
    size_t count = 0;
    for (unsigned lane = 0; lane < LANES; lane++)
        if (pass->step[lane] != NONE)
            ways[count++] = s->step[pass->step[lane]].spec.filter.geometry.ways;
    qsort(ways, count, sizeof *ways, compare_ways);
    const uint32_t sets = s->step[pass->leader].spec.filter.geometry.sets;
    fprintf(out, "%" PRIu32 " set%s of ", sets, sets == 1 ? "" : "s");
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%" PRIu32, i == 0 ? "" : i + 1 == count ? " and " : ", ", ways[i]);
    fputs(" ways at once, ", out);
}

static void describe_pass(const struct schedule *s, const struct pass *pass, FILE *out)
{
    static const char *const names[] = {"lookups",        "select",      "merge",  "map",       "tlb",
                                        "touch",          "walk cache",  "reads",  "cache",     "settle",
                                        "lengths",        "shapes",      "timing", "tsb reads", "probes",
                                        "tally",          "walk paths",  "frames", "prefetch",  "pdes",
                                        "nested lookups", "nested reads"};
    const struct step_spec *spec = &s->step[pass->leader].spec;
    const int members = __builtin_popcount(members_of(pass));
    char size[UNITS_SIZE_TEXT];
    if (pass->kind == PASS_PICK) {
        fputs("one of them", out);
        return;
    }
    const bool of_host = spec->kind == STEP_WALK_CACHE && spec->walk_items != 0;
    fputs(of_host ? host_filter_name(spec) : is_tsb(spec) ? "tsb" : names[spec->kind], out);
    if (spec->kind == STEP_LOOKUPS)
        fprintf(out, ": %s, %s pages, %s%s%s", describe_kinds(spec->kinds),
                units_format_size(spec->page_size_bytes, size), spec->format->name,
                spec->collapse ? ", runs collapsed" : "", pass->kind == PASS_COARSER ? ", from those above" : "");
    else if (spec->kind == STEP_SELECT && spec->cpus != 0)
        fprintf(out, ": %s, CPU %" PRIu32 " of %" PRIu32, spec->of_reads ? "reads" : describe_kinds(spec->kinds),
                spec->cpu, spec->cpus);
    else if (spec->kind == STEP_SELECT)
        fprintf(out, ": %s",
                spec->half == DATA_BOTH    ? describe_kinds(spec->kinds)
                : spec->half == DATA_LOADS ? "loads"
                                           : "stores");
    else if (spec->kind == STEP_MERGE && (spec->of_reads || s->step[spec->input[1]].cpu != CPU_ALL))
        fprintf(out, ": %s of another CPU", spec->of_reads ? "reads" : "lookups");
    else if (spec->kind == STEP_MERGE)
        fprintf(out, ": %s, in program order", spec->kinds == KINDS_ALL ? "data and instructions" : "loads and stores");
    else if (spec->kind == STEP_TIMING)
        fprintf(out, ": %" PRIu32 " a cycle, %" PRIu32 " in flight, %" PRIu32 " walker%s", spec->timing.width,
                spec->timing.rob, spec->timing.walkers, spec->timing.walkers == 1 ? "" : "s");
    else if (spec->kind == STEP_PROBES)
        fprintf(out, ": %s%s", spec->format->name, spec->counts_only ? ", counted" : "");
    else if (spec->kind == STEP_PREFETCH)
        fprintf(out, ": %s, degree %" PRIu32 ", into %" PRIu32 " entries", prefetch_names[spec->prefetch.kind],
                spec->prefetch.degree, spec->prefetch.entries);
    else if (spec->kind == STEP_MAP)
        describe_mapping(&spec->mapping, out);
    if (is_filter(spec)) {
        fputs(": ", out);
        if (pass->kind == PASS_STACK)
            describe_stack(s, pass, out);
        else {
            describe_geometry(&spec->filter.geometry, out);
            fputs(", ", out);
        }
        describe_filter(spec, out);
    }
    if (is_lanes(pass) && pass->kind != PASS_STACK)
        fprintf(out, ", for %d at once", members);
}

/* The pass `first` and those next to it, each with those below it. */
static void describe_list(const struct schedule *s, int first, unsigned depth, FILE *out)
{
    for (int p = first; p != NONE; p = s->pass[p].next) {
        fprintf(out, "%*s", 2 * (int)depth + 2, "");
        describe_pass(s, &s->pass[p], out);
        fputc('\n', out);
        describe_list(s, s->pass[p].below, depth + 1, out);
    }
}

void schedule_describe(const struct schedule *s, FILE *out)
{
    describe_list(s, s->top, 0, out);
}
