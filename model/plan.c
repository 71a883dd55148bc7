/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/plan.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/cost.h"
#include "model/lookups.h"
#include "model/machine_keys.h"
#include "model/random.h"
#include "model/schedule.h"
#include "model/settle.h"
#include "model/step.h"
#include "model/units.h"

enum { LEVELS = 3, KIND_COUNT = 2 };

static const enum kinds kind_bits[KIND_COUNT] = {KINDS_DATA, KINDS_INSTRUCTIONS};

/* Lookups by kind on their way down: the step whose output they are in, STEP_NONE for a kind that is dropped. Both
 * kinds may be in one step's. */
struct bundle {
    int step[KIND_COUNT];
};

/* A configuration, as the steps that its counters are read from. */
struct leaf {
    struct machine machine;
    enum kinds kinds;
    struct bundle level[LEVELS + 1]; /* [0] all lookups; [n] what level n missed */
    bool present[LEVELS + 1];
    const struct tlb_array *array[LEVELS + 1][KIND_COUNT]; /* in `machine`; of several sizes see row */
    int walks;                                             /* what the last level missed, both kinds */
    int readers[PAGE_TABLE_LEVELS_MAX];                    /* the walks that read their entry of that level */
    int settle;                                            /* STEP_NONE with fixed read costs */
    int space;
    unsigned deepest;            /* level of the leaves, of several sizes of the smallest pages' */
    int map;                     /* pages of several sizes: the step that maps; else STEP_NONE */
    int row[MACHINE_ARRAYS_MAX]; /* and each array's step; STEP_NONE where no page can be in it */
};

/* Address spaces with equal specs are one. */
struct space_spec {
    const struct page_table_format *format;
    uint64_t page_size_bytes;
    unsigned leaf_level;
    enum kinds kinds;
};

struct plan {
    struct arena *arena;
    struct leaf *leaf;
    size_t leaf_count;
    struct step *step;
    size_t step_count;
    size_t step_room;
    int *slot; /* open addressing over steps by their specs; STEP_NONE where free */
    size_t slot_count;
    struct space_spec *space_spec;
    struct address_space **space;
    size_t space_count;
    size_t space_room;
    struct schedule *schedule;
    bool in_parts; /* each step is run on its own, and what its filter holds is read and written where parts meet */
    uint64_t accesses[4]; /* by kind of access */
};

/* ---- Building: every step once ---- */

static uint64_t hash_bytes(const void *bytes, size_t size)
{
    uint64_t state = 0;
    const unsigned char *p = bytes;
    for (; size >= sizeof state; size -= sizeof state, p += sizeof state) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
        state ^= word;
        state = random_next(&state);
    }
    for (; size > 0; size--, p++) {
        state ^= *p;
        state = random_next(&state);
    }
    return state;
}

static int *find_slot(const struct plan *plan, const struct step_spec *spec)
{
    for (size_t s = hash_bytes(spec, sizeof *spec) & (plan->slot_count - 1);; s = (s + 1) & (plan->slot_count - 1))
        /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): padding is zeroed with the rest, see struct step_spec */
        if (plan->slot[s] == STEP_NONE || memcmp(&plan->step[plan->slot[s]].spec, spec, sizeof *spec) == 0)
            return &plan->slot[s];
}

static bool grow_steps(struct plan *plan)
{
    if (plan->step_count < plan->step_room)
        return true;
    const size_t room = plan->step_room == 0 ? 64 : 2 * plan->step_room;
    struct step *step = arena_grow(plan->arena, plan->step, plan->step_room * sizeof *step, room * sizeof *step);
    if (step == NULL)
        return false;
    plan->step = step;
    plan->step_room = room;
    int *slot = arena_grow(plan->arena, plan->slot, plan->slot_count * sizeof *slot, 4 * room * sizeof *slot);
    if (slot == NULL)
        return false;
    plan->slot = slot;
    plan->slot_count = 4 * room;
    for (size_t s = 0; s < plan->slot_count; s++)
        slot[s] = STEP_NONE;
    for (size_t i = 0; i < plan->step_count; i++)
        *find_slot(plan, &plan->step[i].spec) = (int)i;
    return true;
}

/* The step with this spec, made if there is none. STEP_NONE when out of memory. */
static int add_step(struct plan *plan, const struct step_spec *spec)
{
    if (!grow_steps(plan))
        return STEP_NONE;
    int *slot = find_slot(plan, spec);
    if (*slot != STEP_NONE)
        return *slot;
    const bool in_space = spec->kind == STEP_TOUCH || (spec->kind == STEP_READS && spec->map == STEP_NONE);
    struct address_space *space = in_space ? plan->space[spec->space] : NULL;
    struct mapping *mapping = spec->map != STEP_NONE   ? plan->step[spec->map].mapping
                              : spec->kind == STEP_MAP ? mapping_create(&spec->mapping, plan->arena)
                                                       : NULL;
    if (spec->kind == STEP_MAP && mapping == NULL)
        return STEP_NONE;
    struct step *step = &plan->step[plan->step_count];
    *step = (struct step){.space = space, .mapping = mapping};
    memcpy(&step->spec, spec, sizeof *spec); /* padding and all: specs are compared byte by byte */
    *slot = (int)plan->step_count;
    return (int)plan->step_count++;
}

static struct step_spec blank_spec(enum step_kind kind)
{
    struct step_spec spec;
    memset(&spec, 0, sizeof spec);
    spec.kind = kind;
    for (unsigned i = 0; i < STEP_INPUTS_MAX; i++)
        spec.input[i] = STEP_NONE;
    spec.map = STEP_NONE;
    return spec;
}

static int add_space(struct plan *plan, const struct leaf *leaf)
{
    struct space_spec spec;
    memset(&spec, 0, sizeof spec);
    spec.format = leaf->machine.format;
    spec.page_size_bytes = leaf->machine.page_size_bytes;
    spec.leaf_level = leaf->machine.leaf_level;
    spec.kinds = leaf->kinds;
    for (size_t i = 0; i < plan->space_count; i++)
        if (memcmp(&plan->space_spec[i], &spec, sizeof spec) == 0)
            return (int)i;
    if (plan->space_count == plan->space_room) {
        const size_t old = plan->space_room;
        const size_t room = old == 0 ? 8 : 2 * old;
        struct space_spec *specs = arena_grow(plan->arena, plan->space_spec, old * sizeof *specs, room * sizeof *specs);
        if (specs == NULL)
            return STEP_NONE;
        plan->space_spec = specs;
        struct address_space **spaces =
            arena_grow(plan->arena, (void *)plan->space, old * sizeof *spaces, room * sizeof *spaces);
        if (spaces == NULL)
            return STEP_NONE;
        plan->space = spaces;
        plan->space_room = room;
    }
    memcpy(&plan->space_spec[plan->space_count], &spec, sizeof spec);
    plan->space[plan->space_count] =
        address_space_create(spec.format, spec.page_size_bytes, spec.leaf_level, plan->arena);
    if (plan->space[plan->space_count] == NULL)
        return STEP_NONE;
    return (int)plan->space_count++;
}

static int add_lookups(struct plan *plan, const struct leaf *leaf, uint64_t page_size_bytes, enum kinds kinds,
                       bool collapse)
{
    struct step_spec spec = blank_spec(STEP_LOOKUPS);
    spec.kinds = kinds;
    spec.collapse = collapse;
    spec.format = leaf->machine.format;
    spec.page_size_bytes = page_size_bytes;
    return add_step(plan, &spec);
}

/* A run of one page may be collapsed where the first array it meets absorbs repeats. */
static bool absorbs(const struct tlb_array *first)
{
    return first != NULL && policy_absorbs_repeats(first->policy);
}

static bool add_first_lookups(struct plan *plan, struct leaf *leaf)
{
    const struct tlb_array *const *first = leaf->array[1];
    struct bundle *all = &leaf->level[0];
    if (leaf->kinds == KINDS_ALL && first[0] != NULL && first[0] == first[1]) {
        all->step[0] = all->step[1] =
            add_lookups(plan, leaf, leaf->machine.page_size_bytes, KINDS_ALL, absorbs(first[0]));
        return all->step[0] != STEP_NONE;
    }
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        all->step[k] = STEP_NONE;
        if ((leaf->kinds & kind_bits[k]) == 0)
            continue;
        all->step[k] = add_lookups(plan, leaf, leaf->machine.page_size_bytes, kind_bits[k], absorbs(first[k]));
        if (all->step[k] == STEP_NONE)
            return false;
    }
    return true;
}

static bool is_joined(const struct bundle *bundle)
{
    return bundle->step[0] == bundle->step[1];
}

static bool add_merge(struct plan *plan, struct bundle *bundle)
{
    if (bundle->step[0] == STEP_NONE || bundle->step[1] == STEP_NONE || is_joined(bundle))
        return true;
    struct step_spec spec = blank_spec(STEP_MERGE);
    spec.input[0] = bundle->step[0];
    spec.input[1] = bundle->step[1];
    spec.kinds = KINDS_ALL;
    spec.inserts = plan->step[bundle->step[0]].spec.inserts || plan->step[bundle->step[1]].spec.inserts;
    bundle->step[0] = bundle->step[1] = add_step(plan, &spec);
    return bundle->step[0] != STEP_NONE;
}

static bool add_split(struct plan *plan, struct bundle *bundle)
{
    if (!is_joined(bundle))
        return true;
    const int joined = bundle->step[0];
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        struct step_spec spec = blank_spec(STEP_SELECT);
        spec.input[0] = joined;
        spec.kinds = kind_bits[k];
        spec.inserts = plan->step[joined].spec.inserts;
        bundle->step[k] = add_step(plan, &spec);
        if (bundle->step[k] == STEP_NONE)
            return false;
    }
    return true;
}

/* The nearest level below (step 1) or above (step -1) `level` with an array that serves the kind; 0 where there is
 * none. */
static unsigned serving_level(const struct leaf *leaf, unsigned level, unsigned k, int direction)
{
    for (int l = (int)level + direction; l >= 1 && l <= LEVELS; l += direction)
        if (leaf->array[l][k] != NULL)
            return (unsigned)l;
    return 0;
}

/* Victim fill needs an array above that evicts; where none serves the kind and size, the array fills like any other. */
static bool fills_by_eviction(const struct leaf *leaf, unsigned level, unsigned k)
{
    return leaf->array[level][k] != NULL && leaf->array[level][k]->fill == FILL_VICTIM &&
           serving_level(leaf, level, k, -1) != 0;
}

static int add_tlb(struct plan *plan, const struct leaf *leaf, const struct tlb_array *array, uint64_t seed, int input)
{
    struct step_spec spec = blank_spec(STEP_TLB);
    unsigned victim_kinds = KINDS_NONE;
    unsigned evicted_kinds = KINDS_NONE;
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        if ((leaf->kinds & kind_bits[k]) == 0 || leaf->array[array->level][k] != array)
            continue;
        if (fills_by_eviction(leaf, array->level, k))
            victim_kinds |= kind_bits[k];
        const unsigned below = serving_level(leaf, array->level, k, 1);
        if (below != 0 && fills_by_eviction(leaf, below, k))
            evicted_kinds |= kind_bits[k];
    }
    spec.input[0] = input;
    spec.kinds = plan->step[input].spec.kinds;
    spec.filter.readable = plan->in_parts;
    spec.filter.geometry = array->geometry;
    spec.filter.policy = array->policy;
    spec.filter.index = array->index;
    spec.filter.key_shift = REQUEST_VA_SHIFT;
    spec.filter.number_shift = (uint32_t)__builtin_ctzll(leaf->machine.page_size_bytes);
    spec.filter.victim_kinds = (enum kinds)victim_kinds;
    spec.filter.evicted_kinds = (enum kinds)evicted_kinds;
    spec.inserts = evicted_kinds != KINDS_NONE;
    if (array->policy == POLICY_RANDOM)
        spec.filter.random_seed = random_seed(seed, array->name);
    return add_step(plan, &spec);
}

static bool add_level(struct plan *plan, struct leaf *leaf, unsigned level, uint64_t seed)
{
    const struct tlb_array *const *array = leaf->array[level];
    struct bundle *bundle = &leaf->level[level];
    *bundle = leaf->level[level - 1];
    if (leaf->kinds == KINDS_ALL && array[0] == array[1]) {
        if (array[0] == NULL)
            return true;
        if (!add_merge(plan, bundle))
            return false;
        bundle->step[0] = bundle->step[1] = add_tlb(plan, leaf, array[0], seed, bundle->step[0]);
        return bundle->step[0] != STEP_NONE;
    }
    if (leaf->kinds == KINDS_ALL && !add_split(plan, bundle))
        return false;
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        if (bundle->step[k] == STEP_NONE || array[k] == NULL)
            continue;
        bundle->step[k] = add_tlb(plan, leaf, array[k], seed, bundle->step[k]);
        if (bundle->step[k] == STEP_NONE)
            return false;
    }
    return true;
}

static int add_cache(struct plan *plan, const struct memory_cache *cache, int input)
{
    struct step_spec spec = blank_spec(STEP_CACHE);
    spec.input[0] = input;
    spec.filter.geometry = cache->geometry;
    spec.filter.policy = POLICY_LRU;
    spec.filter.number_shift = (uint32_t)__builtin_ctz(cache->line_bytes) - REQUEST_READ_SHIFT;
    return add_step(plan, &spec);
}

/* The reads of the walks, through the caches. */
static bool add_reads(struct plan *plan, struct leaf *leaf)
{
    struct step_spec reads = blank_spec(STEP_READS);
    struct step_spec settle = blank_spec(STEP_SETTLE);
    reads.input[0] = leaf->walks;
    for (unsigned level = 0; level < leaf->deepest; level++)
        reads.input[1 + level] = leaf->readers[level];
    reads.format = leaf->machine.format;
    reads.leaf_level = leaf->deepest;
    reads.space = leaf->space;
    reads.map = leaf->map;
    int reached = add_step(plan, &reads);
    for (unsigned i = 0; reached != STEP_NONE && i < MACHINE_CACHES; i++) {
        settle.input[i] = reached;
        if (leaf->machine.cache[i].geometry.entries != 0)
            reached = add_cache(plan, &leaf->machine.cache[i], reached);
    }
    settle.input[MACHINE_CACHES] = reached;
    leaf->settle = reached == STEP_NONE ? STEP_NONE : add_step(plan, &settle);
    return leaf->settle != STEP_NONE;
}

/* A walk asks all its caches at once and the deepest that has the entry wins; each below the winner is filled, since the walk reads
 * the entry that it lacks. So they are filters in a row, the deepest first, and what passes one reads its entry. A cache
 * of entries that are leaves here, or lie below them, never has what a walk asks for. */
static bool add_walk_caches(struct plan *plan, struct leaf *leaf)
{
    int asking = leaf->walks;
    for (unsigned level = leaf->machine.leaf_level; level-- > 0;) {
        if (leaf->machine.walk_cache[level].entries != 0) {
            struct step_spec spec = blank_spec(STEP_WALK_CACHE);
            spec.input[0] = asking;
            spec.filter.readable = plan->in_parts;
            spec.filter.geometry = leaf->machine.walk_cache[level];
            spec.filter.policy = POLICY_LRU;
            spec.filter.key_shift = REQUEST_VA_SHIFT;
            spec.filter.number_shift = page_table_shift(leaf->machine.format, level);
            asking = add_step(plan, &spec);
            if (asking == STEP_NONE)
                return false;
        }
        leaf->readers[level] = asking;
    }
    return true;
}

/* All walks of one address space see the same first touches, in the same order: the first configuration's touch for all. */
static bool add_touch(struct plan *plan, struct leaf *leaf)
{
    const size_t spaces = plan->space_count;
    leaf->space = add_space(plan, leaf);
    if (leaf->space == STEP_NONE || plan->space_count == spaces)
        return leaf->space != STEP_NONE;
    struct step_spec spec = blank_spec(STEP_TOUCH);
    spec.input[0] = leaf->walks;
    spec.space = leaf->space;
    return add_step(plan, &spec) != STEP_NONE;
}

static bool add_walks(struct plan *plan, struct leaf *leaf)
{
    struct bundle bundle = leaf->level[LEVELS];
    if (!add_merge(plan, &bundle))
        return false;
    leaf->walks = bundle.step[0] != STEP_NONE ? bundle.step[0] : bundle.step[1];
    return add_touch(plan, leaf) && add_walk_caches(plan, leaf) &&
           (leaf->machine.memory_model == MEMORY_FIXED || add_reads(plan, leaf));
}

/* ---- Building: pages of several sizes ----
 *
 * One stream of all lookups, mapped, goes through a row of all arrays by level, and then of all walk caches. Each looks up
 * what it serves and hands on the rest, so that what comes out behind a level's last array is what the level missed. */

static enum kinds present_kinds(const struct leaf *leaf, const struct tlb_array *array)
{
    return (enum kinds)(array->kinds & leaf->kinds);
}

static const struct tlb_array *next_serving(const struct leaf *leaf, unsigned level, int direction, enum kinds kind,
                                            uint64_t page_size_bytes)
{
    const struct tlb_array *array = NULL;
    for (int l = (int)level + direction; array == NULL && l >= 1 && l <= LEVELS; l += direction)
        array = machine_array(&leaf->machine, (unsigned)l, kind, page_size_bytes);
    return array;
}

static struct filter_sizes blank_sizes(const struct mapping_spec *mapping)
{
    struct filter_sizes sizes;
    memset(&sizes, 0, sizeof sizes);
    sizes.mixed = true;
    sizes.sign = mapping_sign(mapping->format);
    sizes.invalid_shift = mapping_invalidates(mapping) ? mapping->shift[1] : 0;
    return sizes;
}

/* What an array does with each size. Evictions go out where the next array below that serves the evicted page is one for
 * victims. */
static struct filter_sizes sizes_of_array(const struct leaf *leaf, const struct mapping_spec *mapping,
                                          const struct tlb_array *array)
{
    struct filter_sizes sizes = blank_sizes(mapping);
    sizes.tagged = true;
    sizes.serves = present_kinds(leaf, array);
    for (unsigned c = 0; c < mapping->class_count; c++)
        for (unsigned k = 0; k < KIND_COUNT; k++) {
            const uint64_t bytes = UINT64_C(1) << mapping->shift[c];
            if ((sizes.serves & kind_bits[k]) == 0 ||
                machine_array(&leaf->machine, array->level, kind_bits[k], bytes) != array)
                continue;
            sizes.number_shift[c] = mapping->shift[c];
            if (array->fill == FILL_VICTIM && next_serving(leaf, array->level, -1, kind_bits[k], bytes) != NULL)
                sizes.victim_kinds[c] |= (uint8_t)kind_bits[k];
            const struct tlb_array *below = next_serving(leaf, array->level, 1, kind_bits[k], bytes);
            if (below != NULL && below->fill == FILL_VICTIM)
                sizes.evicted_kinds[c] |= (uint8_t)kind_bits[k];
        }
    return sizes;
}

static int add_row_array(struct plan *plan, const struct tlb_array *array, const struct filter_sizes *sizes,
                         uint64_t seed, int input)
{
    struct step_spec spec = blank_spec(STEP_TLB);
    unsigned victim_kinds = KINDS_NONE;
    unsigned evicted_kinds = KINDS_NONE;
    for (unsigned c = 0; c < REQUEST_CLASSES; c++) {
        victim_kinds |= sizes->victim_kinds[c];
        evicted_kinds |= sizes->evicted_kinds[c];
    }
    spec.input[0] = input;
    spec.kinds = plan->step[input].spec.kinds;
    spec.inserts = evicted_kinds != KINDS_NONE || plan->step[input].spec.inserts;
    spec.invalidates = plan->step[input].spec.invalidates;
    spec.filter.geometry = array->geometry;
    spec.filter.policy = array->policy;
    spec.filter.index = array->index;
    spec.filter.key_shift = REQUEST_VA_SHIFT;
    spec.filter.number_shift = REQUEST_VA_SHIFT; /* of no size: see sizes */
    spec.filter.victim_kinds = (enum kinds)victim_kinds;
    spec.filter.evicted_kinds = (enum kinds)evicted_kinds;
    memcpy(&spec.filter.sizes, sizes, sizeof *sizes);
    if (array->policy == POLICY_RANDOM)
        spec.filter.random_seed = random_seed(seed, array->name);
    return add_step(plan, &spec);
}

static bool add_row(struct plan *plan, struct leaf *leaf, const struct mapping_spec *mapping, uint64_t seed)
{
    int last = leaf->map;
    unsigned a = 0;
    for (unsigned level = 0; level <= LEVELS; level++) {
        for (; a < leaf->machine.array_count && leaf->machine.array[a].level == level; a++) {
            const struct filter_sizes sizes = sizes_of_array(leaf, mapping, &leaf->machine.array[a]);
            unsigned served = 0;
            for (unsigned c = 0; c < mapping->class_count; c++)
                served |= sizes.number_shift[c];
            if (served == 0)
                continue;
            last = leaf->row[a] = add_row_array(plan, &leaf->machine.array[a], &sizes, seed, last);
            if (last == STEP_NONE)
                return false;
        }
        leaf->level[level].step[0] = leaf->level[level].step[1] = last;
    }
    leaf->walks = last;
    return true;
}

/* As add_walk_caches; but a walk asks only for entries above its own leaf. */
static bool add_row_walk_caches(struct plan *plan, struct leaf *leaf, const struct mapping_spec *mapping)
{
    int asking = leaf->walks;
    for (unsigned level = leaf->deepest; level-- > 0;) {
        if (leaf->machine.walk_cache[level].entries != 0) {
            struct step_spec spec = blank_spec(STEP_WALK_CACHE);
            const unsigned shift = page_table_shift(mapping->format, level);
            struct filter_sizes sizes = blank_sizes(mapping);
            sizes.serves = KINDS_ALL;
            for (unsigned c = 0; c < mapping->class_count; c++)
                sizes.number_shift[c] = level < mapping->leaf_level[c] ? (uint8_t)shift : 0;
            spec.input[0] = asking;
            spec.invalidates = plan->step[asking].spec.invalidates;
            spec.filter.geometry = leaf->machine.walk_cache[level];
            spec.filter.policy = POLICY_LRU;
            spec.filter.key_shift = REQUEST_VA_SHIFT;
            spec.filter.number_shift = shift;
            memcpy(&spec.filter.sizes, &sizes, sizeof sizes);
            asking = add_step(plan, &spec);
            if (asking == STEP_NONE)
                return false;
        }
        leaf->readers[level] = asking;
    }
    return true;
}

/* Equal lists of ranges are one list, in the plan's memory, so that specs can be compared byte by byte. */
static const struct page_range *keep_ranges(struct plan *plan, const struct page_range *range, size_t count)
{
    if (count == 0)
        return NULL;
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct mapping_spec *other = &plan->step[i].spec.mapping;
        if (other->range_count == count && memcmp(other->range, range, count * sizeof *range) == 0)
            return other->range;
    }
    struct page_range *kept = arena_alloc(plan->arena, count * sizeof *kept);
    if (kept != NULL)
        memcpy(kept, range, count * sizeof *kept);
    return kept;
}

static bool add_sizes_leaf(struct plan *plan, struct leaf *leaf, uint64_t seed)
{
    const struct machine *machine = &leaf->machine;
    struct step_spec spec = blank_spec(STEP_MAP);
    struct mapping_spec *mapping = &spec.mapping;
    mapping_spec_init(mapping, machine);
    mapping->range = keep_ranges(plan, machine->range, machine->range_count);
    if (mapping->range == NULL && machine->range_count != 0)
        return false;
    for (unsigned k = 0; k < KIND_COUNT; k++)
        for (unsigned c = 0; c < mapping->class_count && (leaf->kinds & kind_bits[k]) != 0; c++)
            mapping->absorbed[k][c] =
                absorbs(machine_array(machine, 1, kind_bits[k], UINT64_C(1) << mapping->shift[c]));
    for (unsigned a = 0; a < machine->array_count && leaf->kinds == KINDS_ALL; a++)
        mapping->unified |= machine->array[a].level == 1 && machine->array[a].kinds == KINDS_ALL;
    /* Uncollapsed, since a page may be another one, after a promotion, when it is looked up again. */
    spec.input[0] = add_lookups(plan, leaf, UINT64_C(1) << machine->format->page_shift, leaf->kinds, false);
    spec.kinds = leaf->kinds;
    spec.invalidates = mapping_invalidates(mapping);
    leaf->deepest = mapping->leaf_level[0];
    if (spec.input[0] == STEP_NONE || (leaf->map = add_step(plan, &spec)) == STEP_NONE)
        return false;
    return add_row(plan, leaf, mapping, seed) && add_row_walk_caches(plan, leaf, mapping) &&
           (machine->memory_model == MEMORY_FIXED || add_reads(plan, leaf));
}

/* All of a leaf that comes from its configuration alone. */
static void begin_leaf(struct leaf *leaf, const struct configuration *configuration)
{
    leaf->machine = configuration->machine;
    leaf->kinds = (enum kinds)(configuration->only & machine_kinds(&leaf->machine));
    leaf->walks = leaf->settle = leaf->map = leaf->space = STEP_NONE;
    leaf->deepest = leaf->machine.leaf_level;
    for (unsigned i = 0; i < MACHINE_ARRAYS_MAX; i++)
        leaf->row[i] = STEP_NONE;
    for (unsigned i = 0; i < leaf->machine.array_count; i++)
        leaf->present[leaf->machine.array[i].level] = true;
    for (unsigned level = 1; level <= LEVELS && leaf->machine.page_policy == PAGES_UNIFORM; level++)
        for (unsigned k = 0; k < KIND_COUNT; k++)
            if ((leaf->kinds & kind_bits[k]) != 0)
                leaf->array[level][k] =
                    machine_array(&leaf->machine, level, kind_bits[k], leaf->machine.page_size_bytes);
}

static bool add_leaf(struct plan *plan, struct leaf *leaf, const struct configuration *configuration)
{
    begin_leaf(leaf, configuration);
    if (leaf->kinds == KINDS_NONE)
        return true;
    if (leaf->machine.page_policy != PAGES_UNIFORM)
        return add_sizes_leaf(plan, leaf, configuration->seed);
    if (!add_first_lookups(plan, leaf))
        return false;
    for (unsigned level = 1; level <= LEVELS; level++)
        if (!add_level(plan, leaf, level, configuration->seed))
            return false;
    return add_walks(plan, leaf);
}

/* Entries of the last level: the more there are, the fewer walks. */
static uint64_t last_entries(const struct configuration *configuration)
{
    uint64_t entries = 0;
    unsigned last = 0;
    for (unsigned i = 0; i < configuration->machine.array_count; i++) {
        const struct tlb_array *array = &configuration->machine.array[i];
        if (array->level > last)
            entries = 0;
        last = array->level > last ? array->level : last;
        entries += array->geometry.entries;
    }
    return entries;
}

/* Small pages first, so that lookups of large pages can be made from theirs; then large TLBs, since the first
 * configuration of an address space touches its pages for all. */
static int compare_leaves(const void *a, const void *b)
{
    const struct configuration *x = *(const struct configuration *const *)a;
    const struct configuration *y = *(const struct configuration *const *)b;
    if (x->machine.page_size_bytes != y->machine.page_size_bytes)
        return x->machine.page_size_bytes < y->machine.page_size_bytes ? -1 : 1;
    const uint64_t p = last_entries(x);
    const uint64_t q = last_entries(y);
    if (p != q)
        return p > q ? -1 : 1;
    return (x > y) - (x < y);
}

static bool add_leaves(struct plan *plan, const struct configuration *configurations)
{
    const struct configuration **order = calloc(plan->leaf_count + 1, sizeof *order);
    bool good = order != NULL;
    for (size_t i = 0; good && i < plan->leaf_count; i++)
        order[i] = &configurations[i];
    if (good)
        qsort(order, plan->leaf_count, sizeof *order, compare_leaves); /* NOLINT(bugprone-sizeof-expression) */
    for (size_t i = 0; good && i < plan->leaf_count; i++)
        good = add_leaf(plan, &plan->leaf[order[i] - configurations], order[i]);
    free(order);
    return good;
}

static bool out_of_memory(size_t count, struct err *err)
{
    return err_set(err, "out of memory for %zu configurations: sweep fewer at a time", count);
}

/* The steps, and no schedule. */
static struct plan *create_steps(const struct configuration *configurations, size_t count, bool in_parts,
                                 struct err *err)
{
    struct plan *plan = calloc(1, sizeof *plan);
    bool good = plan != NULL && (plan->arena = arena_create()) != NULL;
    if (good) {
        plan->leaf = arena_alloc(plan->arena, count * sizeof *plan->leaf);
        plan->leaf_count = count;
        plan->in_parts = in_parts;
        good = plan->leaf != NULL;
    }
    if (good && add_leaves(plan, configurations))
        return plan;
    out_of_memory(count, err);
    plan_free(plan);
    return NULL;
}

static struct plan *create(const struct configuration *configurations, size_t count, bool in_parts, bool start,
                           struct err *err)
{
    struct plan *plan = create_steps(configurations, count, in_parts, err);
    if (plan == NULL)
        return NULL;
    plan->schedule = schedule_create(plan->step, plan->step_count, !in_parts, plan->arena);
    if (plan->schedule != NULL && (!start || schedule_start(plan->schedule)))
        return plan;
    if (plan->schedule == NULL)
        out_of_memory(count, err);
    else
        err_set(err,
                "out of memory for %zu configuration%s, whose arrays take about %.1f MiB, with more reserved: "
                "sweep fewer at a time, or raise the limit on addresses (ulimit -v)",
                count, count == 1 ? "" : "s", (double)plan_bytes(plan) / 0x1p20);
    plan_free(plan);
    return NULL;
}

struct plan *plan_create(const struct configuration *configurations, size_t count, struct err *err)
{
    return create(configurations, count, false, true, err);
}

struct plan *plan_outline(const struct configuration *configurations, size_t count, struct err *err)
{
    return create(configurations, count, false, false, err);
}

void plan_free(struct plan *plan)
{
    if (plan == NULL)
        return;
    arena_destroy(plan->arena);
    free(plan);
}

/* ---- Dividing ---- */

enum {
    KEYS_ORDER = 5,  /* equal in so many: pages, lookups, and first levels that one pass can be */
    KEYS_SECOND = 9, /* and the first level, and second levels that one pass can be */
    KEYS_ALL = 12,   /* and all other steps */
};

/* What a configuration shares with others, from the trace down. */
struct sharer {
    uint64_t key[KEYS_ALL];
    size_t index;
};

/* Sharers that stay together, in a row. */
struct group {
    size_t first;
    size_t count;
    uint64_t weight;
};

struct division {
    struct sharer *sharer;
    struct group *group;
    unsigned *part_of; /* by configuration */
    uint64_t *load;    /* by part */
};

/* Equal for filters that one pass can be, where they read the same. */
static uint64_t order_key(const struct plan *plan, const struct leaf *leaf, unsigned level, unsigned k)
{
    if (leaf->array[level][k] == NULL)
        return 0;
    const struct filter_spec *spec = &plan->step[leaf->level[level].step[k]].spec.filter;
    return filter_has_depths(spec) ? (uint64_t)spec->geometry.sets << 1 | (spec->index == INDEX_XOR)
                                   : UINT64_MAX - (uint64_t)leaf->level[level].step[k];
}

static void find_keys(const struct plan *plan, const struct leaf *leaf, uint64_t key[KEYS_ALL])
{
    *key++ = leaf->machine.page_size_bytes;
    for (unsigned k = 0; k < KIND_COUNT; k++)
        *key++ = (uint64_t)leaf->level[0].step[k];
    for (unsigned k = 0; k < KIND_COUNT; k++)
        *key++ = order_key(plan, leaf, 1, k);
    for (unsigned k = 0; k < KIND_COUNT; k++)
        *key++ = (uint64_t)leaf->level[1].step[k];
    for (unsigned k = 0; k < KIND_COUNT; k++)
        *key++ = order_key(plan, leaf, 2, k);
    *key++ = (uint64_t)leaf->walks;
    *key++ = (uint64_t)leaf->readers[0]; /* the last walk cache, which reads the others */
    *key++ = (uint64_t)leaf->settle;
}

static bool share(const struct sharer *a, const struct sharer *b, unsigned keys)
{
    return memcmp(a->key, b->key, keys * sizeof *a->key) == 0;
}

static int compare_sharers(const void *a, const void *b)
{
    const struct sharer *x = a;
    const struct sharer *y = b;
    for (unsigned i = 0; i < KEYS_ALL; i++)
        if (x->key[i] != y->key[i])
            return x->key[i] < y->key[i] ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* The small pages' configurations in front, which cost most. */
static int compare_groups(const void *a, const void *b)
{
    const struct group *x = a;
    const struct group *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* What a configuration weighs. The larger its pages, the fewer of them miss: 1,000 configurations over 1 GiB at random
 * take 0.70 s for those of 4K, 0.73 of 16K, 0.64 of 64K, 0.28 of 2M. */
static uint64_t weigh(const struct sharer *sharer)
{
    const unsigned shift = (unsigned)__builtin_ctzll(sharer->key[0]);
    return shift < 30 ? 31 - shift : 1;
}

/* What costs nothing weighs nothing: a configuration that shares all of its steps with the one before. */
static size_t find_groups(const struct division *division, size_t count, unsigned keys)
{
    const struct sharer *sharer = division->sharer;
    size_t groups = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !share(&sharer[i - 1], &sharer[i], keys))
            division->group[groups++] = (struct group){.first = i};
        struct group *group = &division->group[groups - 1];
        group->count++;
        if (group->count == 1 || !share(&sharer[i - 1], &sharer[i], KEYS_ALL))
            group->weight += weigh(&sharer[i]);
    }
    qsort(division->group, groups, sizeof *division->group, compare_groups);
    return groups;
}

/* Each group to the part that has least so far. Returns how many parts have any; *heaviest is what the most loaded has. */
static unsigned deal(const struct division *division, size_t count, unsigned keys, unsigned parts, uint64_t *heaviest)
{
    const size_t groups = find_groups(division, count, keys);
    memset(division->load, 0, parts * sizeof *division->load);
    *heaviest = 0;
    for (size_t g = 0; g < groups; g++) {
        const struct group *group = &division->group[g];
        unsigned least = 0;
        for (unsigned part = 1; part < parts; part++)
            if (division->load[part] < division->load[least])
                least = part;
        for (size_t i = group->first; i < group->first + group->count; i++)
            division->part_of[division->sharer[i].index] = least;
        division->load[least] += group->weight;
        *heaviest = division->load[least] > *heaviest ? division->load[least] : *heaviest;
    }
    return groups < parts ? (unsigned)groups : parts;
}

/* Groups are as large as they can be with something for every part, and none with half as much again as its share. */
static unsigned deal_well(const struct division *division, size_t count, unsigned parts)
{
    static const unsigned keys[] = {KEYS_ORDER, KEYS_SECOND, KEYS_ALL};
    enum { WAYS = sizeof keys / sizeof *keys };
    unsigned best = 0;
    unsigned used = 0;
    uint64_t least = 0;
    uint64_t total = 0;
    for (unsigned way = 0; way < WAYS; way++) {
        uint64_t heaviest;
        const unsigned found = deal(division, count, keys[way], parts, &heaviest);
        if (way == 0 || found > used || heaviest < least) {
            best = way;
            used = found;
            least = heaviest;
        }
        if (way == 0)
            for (unsigned part = 0; part < parts; part++)
                total += division->load[part];
        if (used == parts && (way > 0 || 2 * parts * least <= 3 * total))
            break;
    }
    return deal(division, count, keys[best], parts, &least);
}

unsigned plan_divide(const struct configuration *configurations, size_t count, unsigned parts, unsigned *part_of,
                     struct err *err)
{
    struct plan *plan = create_steps(configurations, count, false, err);
    if (plan == NULL)
        return 0;
    struct division division = {
        .sharer = calloc(count, sizeof *division.sharer),
        .group = calloc(count, sizeof *division.group),
        .part_of = part_of,
        .load = calloc(parts, sizeof *division.load),
    };
    unsigned used = 0;
    if (division.sharer != NULL && division.group != NULL && division.load != NULL) {
        for (size_t i = 0; i < count; i++) {
            division.sharer[i].index = i;
            find_keys(plan, &plan->leaf[i], division.sharer[i].key);
        }
        qsort(division.sharer, count, sizeof *division.sharer, compare_sharers);
        used = deal_well(&division, count, parts);
    } else {
        out_of_memory(count, err);
    }
    free(division.sharer);
    free(division.group);
    free(division.load);
    plan_free(plan);
    return used;
}

/* ---- Running ---- */

/* Several formats may refuse several records of the block: the message is of the first. */
static bool report_bad_address(const struct plan *plan, const struct block *block, struct err *err)
{
    uint32_t first = block->count;
    const struct page_table_format *format = NULL;
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step_spec *spec = &plan->step[i].spec;
        if (spec->kind != STEP_LOOKUPS)
            continue;
        const uint32_t position = step_first_bad_address(spec, block);
        if (position < first) {
            first = position;
            format = spec->format;
        }
    }
    assert(format != NULL);
    char range[128];
    char line[48] = "";
    page_table_describe_range(format, range, sizeof range);
    if (block_line(block, first) != 0)
        snprintf(line, sizeof line, "line %" PRIu64 ", ", block_line(block, first));
    return err_set(err,
                   "%srecord %" PRIu64 ", %c of %" PRIu32 " bytes at 0x%" PRIx64
                   ": page_table.format = %s cannot express the address, only %s; "
                   "choose the format of the machine that the trace comes from",
                   line, block->first_record + first, access_letter(block->meta[first]),
                   access_size_bytes(block->meta[first]), block->va[first], format->name, range);
}

bool plan_block(struct plan *plan, const struct block *block, struct err *err)
{
    for (unsigned kind = 0; kind < 4; kind++)
        plan->accesses[kind] += block->of_kind[kind];
    switch (schedule_run(plan->schedule, block)) {
    case STEP_DONE:
        return true;
    case STEP_BAD_ADDRESS:
        return report_bad_address(plan, block, err);
    case STEP_OUT_OF_MEMORY:
        return err_set(
            err, "record %" PRIu64 ": out of memory for page tables; sweep fewer page sizes and formats at a time",
            block->first_record);
    case STEP_OUT_OF_ADDRESSES:
        return err_set(err,
                       "the pages touched up to record %" PRIu64
                       " need more than 2^%d bytes of physical memory, all that memory.model = caches can address; "
                       "take a smaller os.page_size",
                       block->first_record + block->count - 1, REQUEST_PHYSICAL_BITS);
    }
    return false;
}

/* ---- Counting ---- */

static uint64_t passed(const struct plan *plan, const struct leaf *leaf, unsigned level, unsigned k)
{
    const int step = leaf->level[level].step[k];
    return step == STEP_NONE ? 0 : schedule_count(plan->schedule, step, k);
}

static void count_accesses(const struct plan *plan, const struct leaf *leaf, struct counters *c)
{
    c->instructions = plan->accesses[ACCESS_FETCH];
    if ((leaf->kinds & KINDS_INSTRUCTIONS) != 0)
        c->accesses += plan->accesses[ACCESS_FETCH];
    if ((leaf->kinds & KINDS_DATA) != 0) {
        c->loads = plan->accesses[ACCESS_LOAD];
        c->stores = plan->accesses[ACCESS_STORE];
        c->modifies = plan->accesses[ACCESS_MODIFY];
        c->accesses += c->loads + c->stores + c->modifies;
    }
    const struct bundle *all = &leaf->level[0];
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        c->lookups += passed(plan, leaf, 0, k);
        if (all->step[k] != STEP_NONE && (k == 0 || !is_joined(all)))
            c->page_crossings += plan->step[all->step[k]].crossings;
    }
}

static void count_level(const struct plan *plan, const struct leaf *leaf, unsigned level, unsigned k, uint64_t *hits,
                        uint64_t *misses)
{
    if (!leaf->present[level])
        return;
    *misses += passed(plan, leaf, level, k);
    *hits += passed(plan, leaf, level - 1, k) - passed(plan, leaf, level, k);
}

static uint64_t put_out(const struct plan *plan, int step)
{
    return schedule_count(plan->schedule, step, 0) + schedule_count(plan->schedule, step, 1);
}

/* Walks by how many entries they read; and each walk cache's hits. */
static void count_walks(const struct plan *plan, const struct leaf *leaf, uint64_t walks_by_reads[STEP_READS_MAX + 1],
                        struct counters *c)
{
    const struct machine *machine = &leaf->machine;
    uint64_t asking = put_out(plan, leaf->walks);
    for (unsigned level = machine->leaf_level; level-- > 0;) {
        if (machine->walk_cache[level].entries == 0)
            continue;
        const uint64_t missing = put_out(plan, leaf->readers[level]);
        char name[32];
        snprintf(name, sizeof name, "%s_hits", machine->format->level[level].entry);
        uint64_t *hits = counter_named(c, name);
        assert(hits != NULL);
        *hits = asking - missing;
        walks_by_reads[machine->leaf_level - level] = asking - missing;
        asking = missing;
    }
    walks_by_reads[machine->leaf_level + 1] = asking;
}

/* The same of several sizes: a walk reads down to its own leaf. */
static void count_sizes_walks(const struct plan *plan, const struct leaf *leaf,
                              uint64_t walks_by_reads[STEP_READS_MAX + 1], struct counters *c)
{
    const struct mapping_spec *mapping = &plan->step[leaf->map].spec.mapping;
    for (unsigned size_class = 0; size_class < mapping->class_count; size_class++) {
        uint64_t asking = plan->step[leaf->walks].count_of_class[size_class];
        for (unsigned level = mapping->leaf_level[size_class]; level-- > 0;) {
            if (leaf->machine.walk_cache[level].entries == 0)
                continue;
            const uint64_t missing = plan->step[leaf->readers[level]].count_of_class[size_class];
            char name[32];
            snprintf(name, sizeof name, "%s_hits", mapping->format->level[level].entry);
            *counter_named(c, name) += asking - missing;
            walks_by_reads[mapping->leaf_level[size_class] - level] += asking - missing;
            asking = missing;
        }
        walks_by_reads[mapping->leaf_level[size_class] + 1] += asking;
    }
}

/* Hits of the row's arrays below level 1, each at its own cost. */
static uint64_t row_hit_cycles(const struct plan *plan, const struct leaf *leaf)
{
    uint64_t cycles = 0;
    int before = leaf->map;
    for (unsigned a = 0; a < leaf->machine.array_count; a++) {
        if (leaf->row[a] == STEP_NONE)
            continue;
        cycles += (put_out(plan, before) - put_out(plan, leaf->row[a])) * leaf->machine.array[a].hit_cycles;
        before = leaf->row[a];
    }
    return cycles;
}

void plan_counters(const struct plan *plan, size_t index, struct counters *c)
{
    const struct leaf *leaf = &plan->leaf[index];
    *c = (struct counters){.instructions = plan->accesses[ACCESS_FETCH]};
    if (leaf->kinds == KINDS_NONE)
        return;
    count_accesses(plan, leaf, c);
    count_level(plan, leaf, 1, 0, &c->l1d_hits, &c->l1d_misses);
    count_level(plan, leaf, 1, 1, &c->l1i_hits, &c->l1i_misses);
    uint64_t walks_by_reads[STEP_READS_MAX + 1] = {0};
    struct cost_sources sources = {.walks_by_reads = walks_by_reads};
    if (leaf->map != STEP_NONE) {
        count_sizes_walks(plan, leaf, walks_by_reads, c);
        sources.hit_cycles = row_hit_cycles(plan, leaf);
        if (c->accesses != 0)
            mapping_count(plan->step[leaf->map].mapping, c);
    } else {
        count_walks(plan, leaf, walks_by_reads, c);
        if (c->accesses != 0)
            address_space_count(plan->space[leaf->space], c);
    }
    if (leaf->settle != STEP_NONE) {
        for (unsigned server = 0; server < SETTLE_SERVERS; server++)
            sources.missed[server] = put_out(plan, plan->step[leaf->settle].spec.input[server]);
        sources.shape_seen = schedule_shapes(plan->schedule, leaf->settle, &sources.lane);
    }
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        count_level(plan, leaf, 2, k, &c->l2_hits, &c->l2_misses);
        count_level(plan, leaf, 3, k, &c->l3_hits, &c->l3_misses);
        for (unsigned level = 2; level <= LEVELS; level++)
            if (leaf->array[level][k] != NULL)
                sources.hit_cycles += (passed(plan, leaf, level - 1, k) - passed(plan, leaf, level, k)) *
                                      (uint64_t)leaf->array[level][k]->hit_cycles;
    }
    cost_settle(&leaf->machine, &sources, c);
}

/* ---- Describing ---- */

uint64_t plan_bytes(const struct plan *plan)
{
    return plan->leaf_count * sizeof *plan->leaf + schedule_bytes(plan->schedule);
}

uint64_t plan_page_bytes(const struct plan *plan, uint64_t *pages)
{
    uint64_t bytes = 0;
    *pages = 0;
    for (size_t i = 0; i < plan->space_count; i++) {
        struct counters counters;
        address_space_count(plan->space[i], &counters);
        bytes += address_space_bytes(plan->space[i]);
        *pages += counters.pages_touched;
    }
    for (size_t i = 0; i < plan->step_count; i++) {
        if (plan->step[i].spec.kind != STEP_MAP)
            continue;
        struct counters counters;
        mapping_count(plan->step[i].mapping, &counters);
        bytes += mapping_bytes(plan->step[i].mapping);
        *pages += counters.pages_touched;
    }
    return bytes;
}

void plan_describe(const struct plan *plan, FILE *out)
{
    double least_ns;
    double most_ns;
    schedule_cost(plan->schedule, &least_ns, &most_ns);
    size_t spaces = plan->space_count;
    for (size_t i = 0; i < plan->step_count; i++)
        spaces += plan->step[i].spec.kind == STEP_MAP;
    fprintf(out, "plan: %zu passes for %zu configuration%s, %zu address space%s\n", schedule_passes(plan->schedule),
            plan->leaf_count, plan->leaf_count == 1 ? "" : "s", spaces, spaces == 1 ? "" : "s");
    schedule_describe(plan->schedule, out);
    fprintf(out,
            "time: %.2g to %.2g s for 10^9 accesses on one core, where nearly all hit the first level and where all "
            "miss everything\n",
            least_ns, most_ns);
    fprintf(out,
            "memory: about %.1f MiB, and for each address space a byte a page that is touched, or half a KB "
            "where no neighbours are\n",
            (double)plan_bytes(plan) / 0x1p20);
}

/* ---- Parts of a trace ---- */

static bool array_can_be_cut(const struct leaf *leaf, unsigned level, unsigned k, struct err *why)
{
    const struct tlb_array *array = leaf->array[level][k];
    if (array->policy != POLICY_LRU)
        return err_set(why,
                       "tlb.%s.policy = %s: where parts of a trace meet, only lru can be settled; set it to lru to cut "
                       "traces in parts",
                       array->name, policy_names[array->policy]);
    if (array->geometry.ways > VECTOR_WAYS_MAX)
        return err_set(why,
                       "tlb.%s has %" PRIu32
                       " ways: where parts of a trace meet, sets of more than %d would take longer "
                       "to settle than it saves",
                       array->name, array->geometry.ways, VECTOR_WAYS_MAX);
    if (fills_by_eviction(leaf, level, k))
        return err_set(why,
                       "tlb.%s.fill = victim: where parts of a trace meet, evictions cannot be settled; set it to all "
                       "to cut traces in parts",
                       array->name);
    return true;
}

static bool leaf_can_be_cut(const struct leaf *leaf, struct err *why)
{
    if (leaf->machine.page_policy != PAGES_UNIFORM)
        return err_set(
            why,
            "os.policy = %s: which page maps an address depends on all that stands before in the trace; set it "
            "to uniform to cut traces in parts",
            page_policy_names[leaf->machine.page_policy]);
    for (unsigned level = 1; level <= LEVELS; level++)
        for (unsigned k = 0; k < KIND_COUNT; k++)
            if (leaf->array[level][k] != NULL && !array_can_be_cut(leaf, level, k, why))
                return false;
    for (unsigned level = 0; level < leaf->machine.leaf_level; level++)
        if (leaf->machine.walk_cache[level].ways > VECTOR_WAYS_MAX)
            return err_set(
                why,
                "walk_cache.%s has %" PRIu32 " ways: where parts of a trace meet, sets of more than %d would "
                "take longer to settle than it saves",
                leaf->machine.format->level[level].entry, leaf->machine.walk_cache[level].ways, VECTOR_WAYS_MAX);
    return leaf->kinds == KINDS_NONE || leaf->machine.memory_model == MEMORY_FIXED ||
           err_set(why,
                   "memory.model = caches: which set of a cache a page-table entry is in depends on all that stands "
                   "before in the trace; set it to fixed to cut traces in parts");
}

bool plan_can_be_cut(const struct configuration *configurations, size_t count, struct err *why)
{
    for (size_t i = 0; i < count; i++) {
        struct leaf leaf = {0};
        begin_leaf(&leaf, &configurations[i]);
        if (!leaf_can_be_cut(&leaf, why))
            return false;
    }
    return true;
}

struct plan *plan_create_whole(const struct configuration *configurations, size_t count, struct err *err)
{
    return create(configurations, count, true, true, err);
}

struct plan *plan_create_open(const struct configuration *configurations, size_t count, struct err *err)
{
    struct plan *plan = create(configurations, count, true, true, err);
    for (size_t i = 0; plan != NULL && i < plan->step_count; i++) {
        if (step_open(&plan->step[i], plan->arena))
            continue;
        err_set(err, "out of memory for %zu configurations: sweep fewer at a time", count);
        plan_free(plan);
        return NULL;
    }
    return plan;
}

bool plan_join(struct plan *whole, const struct plan *part, struct err *err)
{
    const size_t steps = part->step_count;
    struct outcomes *outcomes = calloc(steps + 1, sizeof *outcomes);
    bool good = outcomes != NULL;
    assert(whole->step_count == steps);
    for (size_t i = 0; good && i < steps; i++) {
        const struct outcomes *input[STEP_INPUTS_MAX] = {NULL};
        for (unsigned k = 0; k < STEP_INPUTS_MAX; k++)
            if (part->step[i].spec.input[k] != STEP_NONE)
                input[k] = &outcomes[part->step[i].spec.input[k]];
        good = step_join(&whole->step[i], &part->step[i], input, &outcomes[i]);
    }
    for (unsigned kind = 0; kind < 4; kind++)
        whole->accesses[kind] += part->accesses[kind];
    for (size_t i = 0; outcomes != NULL && i < steps; i++)
        free(outcomes[i].item);
    free(outcomes);
    return good || err_set(err, "out of memory to join the parts of a trace; sweep fewer configurations at a time");
}

void plan_reopen(struct plan *part)
{
    for (size_t i = 0; i < part->step_count; i++)
        step_reopen(&part->step[i]);
    memset(part->accesses, 0, sizeof part->accesses);
}
