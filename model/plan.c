/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/plan.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/cost.h"
#include "model/entry_table.h"
#include "model/lookups.h"
#include "model/machine_keys.h"
#include "model/random.h"
#include "model/schedule.h"
#include "model/settle.h"
#include "model/step.h"
#include "model/units.h"

enum { LEVELS = 3, KIND_COUNT = 2 };

const char *const ideal_names[] = {"", "perfect-tlb", "no-translation", NULL};

static const enum kinds kind_bits[KIND_COUNT] = {KINDS_DATA, KINDS_INSTRUCTIONS};

/* Lookups by kind on their way down: the step whose output they are in, STEP_NONE for a kind that is dropped. Both
 * kinds may be in one step's. */
struct bundle {
    int step[KIND_COUNT];
};

/* A configuration, as the steps that its counters are read from. Of several CPUs there is one for each, as that CPU sees the
 * machine: the first one's is the configuration's, and of what all share all say the same. */
struct leaf {
    unsigned cpu;
    unsigned cpus;
    struct leaf *on[MACHINE_CPUS_MAX]; /* those of all CPUs, this one among them */
    struct machine machine;
    enum kinds kinds;
    enum ideal ideal;
    struct bundle level[LEVELS + 1]; /* [0] all lookups; [n] what level n missed */
    struct bundle entering;          /* what the level that is added next is asked, or the walker */
    bool present[LEVELS + 1];
    const struct tlb_array *array[LEVELS + 1][KIND_COUNT]; /* in `machine` */
    bool halves; /* loads and stores have first-level arrays of their own: array[1][0] is that of loads, */
    const struct tlb_array *store_array;
    int stores[2];                      /* lookups of stores, and those that miss their array */
    int missed_all;                     /* what the last level missed, both kinds */
    int walks;                          /* the same, or what the prefetch buffer lacked of it */
    int readers[PAGE_TABLE_LEVELS_MAX]; /* the walks that read their entry of that level */
    int settle;                         /* or tally; STEP_NONE with fixed read costs */
    int served[SETTLE_SERVERS];         /* if there is one: the reads that so many servers did not have */
    int timing;                         /* STEP_NONE without [core] */
    int probes;                         /* of a table that is no tree; else STEP_NONE */
    int tsb;                            /* the walks that miss it; STEP_NONE where there is none */
    int paths;                          /* STEP_NONE where paths are not asked for */
    int space;
    bool is_first_of_space;
    unsigned deepest;            /* level of the leaves, of several sizes of the smallest pages' */
    int map;                     /* pages of several sizes: the step that maps; else STEP_NONE */
    int row[MACHINE_ARRAYS_MAX]; /* and each array's step; STEP_NONE where no page can be in it */

    int nested_lookups;                      /* of a guest: what is translated for its walks; else STEP_NONE, */
    int nested;                              /* and so the reads of both dimensions */
    int host_readers[PAGE_TABLE_LEVELS_MAX]; /* the lookups that read the host's entry of that level */
};

/* Address spaces with equal specs are one. */
struct space_spec {
    const struct page_table_format *format;
    uint64_t page_size_bytes;
    unsigned leaf_level;
    enum kinds kinds;
    struct process_rules process; /* one for all where nothing of them matters */
    struct page_table_sizes sizes;
    uint64_t seed; /* of a cuckoo table; else 0 */

    struct nested_host host; /* of a guest; else zeros */
};

struct space {
    struct address_space *tree;  /* NULL where the table is no tree */
    struct entry_table *table;   /* NULL where it is one */
    struct processes *processes; /* NULL where they do not matter */
    struct nested *nested;       /* NULL where there is no host */
    uint64_t tsb_address;
};

/* Who runs on how many CPUs. */
struct turns {
    uint32_t process[MACHINE_CPUS_MAX]; /* by CPU */
    uint32_t busy;                      /* CPUs that somebody has run on, a bit each */
    uint64_t switches;
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
    struct space *space;
    size_t space_count;
    size_t space_room;
    int *frames; /* steps: one for each kind of address space that somebody asks about */
    size_t frames_count;
    struct schedule *schedule;
    bool in_parts; /* each step is run on its own, and what its filter holds is read and written where parts meet */
    uint64_t accesses[4]; /* by kind of access */
    uint32_t processes_most;
    const char *of_one_process; /* what bounds them to one, in words */
    bool begun;                 /* there was a block */
    uint32_t process_first;     /* that block's, */
    uint32_t process;           /* and that of the last one */
    uint32_t thread;
    struct turns turns[MACHINE_CPUS_MAX + 1]; /* by how many CPUs there are */
    struct mappings mappings;
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

/* What reads a CPU's streams is that CPU's, but for a merge with another one's. */
static void inherit(const struct plan *plan, const struct step_spec *spec, struct step *step)
{
    const struct step *input = &plan->step[spec->input[0]];
    const bool meet = spec->kind == STEP_MERGE && plan->step[spec->input[1]].cpu != input->cpu;
    step->tagged_by = input->tagged_by;
    step->cpu = spec->cpus != 0 ? (int)spec->cpu : meet ? CPU_ALL : input->cpu;
    step->cpus = spec->cpus != 0 ? spec->cpus : meet ? 1 : input->cpus;
}

/* The step with this spec, made if there is none. STEP_NONE when out of memory. */
static int add_step(struct plan *plan, const struct step_spec *spec)
{
    if (!grow_steps(plan))
        return STEP_NONE;
    int *slot = find_slot(plan, spec);
    if (*slot != STEP_NONE)
        return *slot;
    const bool in_space = spec->kind == STEP_TOUCH || (spec->kind == STEP_READS && spec->map == STEP_NONE) ||
                          spec->kind == STEP_TSB_READS || spec->kind == STEP_PROBES ||
                          spec->kind == STEP_NESTED_LOOKUPS || spec->kind == STEP_NESTED_READS;
    const struct space space = in_space ? plan->space[spec->space] : (struct space){.tree = NULL};
    struct frames *frames = (spec->kind == STEP_TLB || spec->kind == STEP_PREFETCH) && spec->input[1] != STEP_NONE
                                ? plan->step[spec->input[1]].frames
                                : NULL;
    struct mapping *mapping = spec->map != STEP_NONE   ? plan->step[spec->map].mapping
                              : spec->kind == STEP_MAP ? mapping_create(&spec->mapping, plan->arena)
                                                       : NULL;
    if (spec->kind == STEP_MAP && mapping == NULL)
        return STEP_NONE;
    struct step *step = &plan->step[plan->step_count];
    *step = (struct step){.space = space.tree,
                          .table = space.table,
                          .nested = space.nested,
                          .frames = frames,
                          .mapping = mapping,
                          .cpu = CPU_ALL,
                          .cpus = 1,
                          .tagged_by = spec->space,
                          .mappings = &plan->mappings};
    if (spec->input[0] != STEP_NONE)
        inherit(plan, spec, step);
    else if (spec->space != STEP_NONE)
        step->spares_upper = plan->space_spec[spec->space].process.global_upper;
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

/* Bytes of the translation storage buffer, whole frames of its own; 0 where there is none. */
static uint64_t tsb_bytes(const struct page_table_format *format, const struct page_table_sizes *sizes)
{
    return format->kind == PAGE_TABLE_TSB ? (uint64_t)sizes->entries * sizes->entry_bytes : 0;
}

/* The tree, or what is there instead of one; false when out of memory. */
static bool create_space(const struct space_spec *spec, struct arena *arena, struct space *space)
{
    const struct entry_table_spec table = {spec->format, spec->sizes, spec->page_size_bytes, spec->seed};
    *space = (struct space){.tree = NULL};
    if (!page_table_is_tree(spec->format)) {
        space->table = entry_table_create(&table, arena);
        return space->table != NULL;
    }
    space->tree = address_space_create(spec->format, spec->page_size_bytes, spec->leaf_level, arena);
    if (space->tree != NULL && tsb_bytes(spec->format, &spec->sizes) != 0)
        space->tsb_address = address_space_reserve(space->tree, tsb_bytes(spec->format, &spec->sizes));
    if (space->tree != NULL && processes_matter(&spec->process))
        space->processes = processes_create(&spec->process, spec->format,
                                            (unsigned)__builtin_ctzll(spec->page_size_bytes), space->tree, arena);
    if (space->tree != NULL && spec->host.format != NULL &&
        (space->nested = nested_create(space->tree, spec->leaf_level, spec->page_size_bytes, &spec->host, arena)) ==
            NULL)
        return false;
    return space->tree != NULL && (space->processes != NULL || !processes_matter(&spec->process));
}

static int add_space(struct plan *plan, const struct leaf *leaf, uint64_t seed)
{
    struct space_spec spec;
    memset(&spec, 0, sizeof spec);
    spec.format = leaf->machine.format;
    spec.page_size_bytes = leaf->machine.page_size_bytes;
    spec.leaf_level = leaf->machine.leaf_level;
    spec.kinds = leaf->kinds;
    spec.process.asids = MACHINE_ASIDS_ANY;
    if (processes_matter(&leaf->machine.process))
        memcpy(&spec.process, &leaf->machine.process, sizeof spec.process);
    memcpy(&spec.sizes, &leaf->machine.table, sizeof spec.sizes);
    spec.seed = spec.format->kind == PAGE_TABLE_CUCKOO ? seed : 0;
    spec.host.format = leaf->machine.host;
    spec.host.page_size_bytes = leaf->machine.host_page_size_bytes;
    spec.host.leaf_level = leaf->machine.host_leaf_level;
    for (size_t i = 0; i < plan->space_count; i++)
        /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): padding is zeroed with the rest */
        if (memcmp(&plan->space_spec[i], &spec, sizeof spec) == 0)
            return (int)i;
    if (plan->space_count == plan->space_room) {
        const size_t old = plan->space_room;
        const size_t room = old == 0 ? 8 : 2 * old;
        struct space_spec *specs = arena_grow(plan->arena, plan->space_spec, old * sizeof *specs, room * sizeof *specs);
        if (specs == NULL)
            return STEP_NONE;
        plan->space_spec = specs;
        struct space *spaces = arena_grow(plan->arena, plan->space, old * sizeof *spaces, room * sizeof *spaces);
        if (spaces == NULL)
            return STEP_NONE;
        plan->space = spaces;
        plan->space_room = room;
    }
    memcpy(&plan->space_spec[plan->space_count], &spec, sizeof spec);
    if (!create_space(&spec, plan->arena, &plan->space[plan->space_count]))
        return STEP_NONE;
    return (int)plan->space_count++;
}

static bool is_of_space(const struct step_spec *spec, const struct leaf *leaf)
{
    return spec->format == leaf->machine.format && spec->page_size_bytes == leaf->machine.page_size_bytes &&
           spec->leaf_level == leaf->machine.leaf_level && spec->kinds == leaf->kinds;
}

/* The step that knows the frames of the leaf's pages; made if there is none, of lookups that first ones are among. As for
 * touch, the first configuration's will do for all. STEP_NONE when out of memory. */
static int add_frames(struct plan *plan, const struct leaf *leaf, const struct bundle *bundle)
{
    for (size_t i = 0; i < plan->frames_count; i++)
        if (is_of_space(&plan->step[plan->frames[i]].spec, leaf))
            return plan->frames[i];
    const struct machine *machine = &leaf->machine;
    struct step_spec spec = blank_spec(STEP_FRAMES);
    unsigned inputs = 0;
    for (unsigned k = 0; k < KIND_COUNT; k++)
        if (bundle->step[k] != STEP_NONE && (k == 0 || bundle->step[k] != bundle->step[0]))
            spec.input[inputs++] = bundle->step[k];
    spec.format = machine->format;
    spec.page_size_bytes = machine->page_size_bytes;
    spec.leaf_level = machine->leaf_level;
    spec.kinds = leaf->kinds;
    const size_t count = plan->frames_count;
    int *frames = arena_grow(plan->arena, plan->frames, count * sizeof *frames, (count + 1) * sizeof *frames);
    if (frames == NULL)
        return STEP_NONE;
    plan->frames = frames;
    frames[count] = add_step(plan, &spec);
    if (frames[count] == STEP_NONE)
        return STEP_NONE;
    plan->frames_count++;
    struct step *step = &plan->step[frames[count]];
    step->frames = frames_create(machine->format, machine->page_size_bytes, machine->leaf_level, plan->arena);
    return step->frames == NULL ? STEP_NONE : frames[count];
}

static int add_lookups(struct plan *plan, const struct leaf *leaf, uint64_t page_size_bytes, enum kinds kinds,
                       bool collapse)
{
    struct step_spec spec = blank_spec(STEP_LOOKUPS);
    spec.kinds = kinds;
    spec.collapse = collapse;
    spec.format = leaf->machine.format;
    spec.page_size_bytes = page_size_bytes;
    spec.space = leaf->space == STEP_NONE || plan->space[leaf->space].processes == NULL ? STEP_NONE : leaf->space;
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
        const bool collapse = absorbs(first[k]) && (k != 0 || !leaf->halves);
        all->step[k] = add_lookups(plan, leaf, leaf->machine.page_size_bytes, kind_bits[k], collapse);
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

/* ---- Building: several CPUs ---- */

static bool is_of_reads(const struct step_spec *spec)
{
    return spec->kind == STEP_READS || spec->kind == STEP_CACHE || spec->of_reads;
}

/* Of a stream of all CPUs, that of one. */
static int add_cpu(struct plan *plan, const struct leaf *leaf, int input)
{
    struct step_spec spec = blank_spec(STEP_SELECT);
    if (input == STEP_NONE || leaf->cpus == 1)
        return input;
    spec.input[0] = input;
    spec.kinds = plan->step[input].spec.kinds;
    spec.inserts = plan->step[input].spec.inserts;
    spec.of_reads = is_of_reads(&plan->step[input].spec);
    spec.cpus = leaf->cpus;
    spec.cpu = leaf->cpu;
    return add_step(plan, &spec);
}

/* Streams of all CPUs as one, unless they are that. */
static int add_all_cpus(struct plan *plan, const struct leaf *leaf, const int input[MACHINE_CPUS_MAX])
{
    int merged = input[0];
    for (unsigned cpu = 1; cpu < leaf->cpus && merged != STEP_NONE && input[cpu] != input[0]; cpu++) {
        struct step_spec spec = blank_spec(STEP_MERGE);
        spec.input[0] = merged;
        spec.input[1] = input[cpu];
        spec.kinds = plan->step[merged].spec.kinds;
        spec.inserts = plan->step[merged].spec.inserts || plan->step[input[cpu]].spec.inserts;
        spec.of_reads = is_of_reads(&plan->step[merged].spec);
        merged = add_step(plan, &spec);
    }
    return merged;
}

/* What all CPUs look up, to each its own. */
static bool part_cpus(struct plan *plan, struct leaf *leaf, const struct bundle *all)
{
    for (unsigned cpu = 0; cpu < leaf->cpus; cpu++)
        for (unsigned k = 0; k < KIND_COUNT; k++) {
            int *step = &leaf->on[cpu]->entering.step[k];
            *step = add_cpu(plan, leaf->on[cpu], all->step[k]);
            if (*step == STEP_NONE && all->step[k] != STEP_NONE)
                return false;
        }
    return true;
}

/* What each CPU's own levels missed, for what all share. */
static bool join_cpus(struct plan *plan, struct leaf *leaf)
{
    struct bundle joined;
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        int input[MACHINE_CPUS_MAX] = {STEP_NONE};
        for (unsigned cpu = 0; cpu < leaf->cpus; cpu++)
            input[cpu] = leaf->on[cpu]->entering.step[k];
        joined.step[k] = add_all_cpus(plan, leaf, input);
        if (joined.step[k] == STEP_NONE && input[0] != STEP_NONE)
            return false;
    }
    leaf->entering = joined;
    return true;
}

/* Has the level an array for some of the kind? */
static bool serves(const struct leaf *leaf, unsigned level, unsigned k)
{
    return leaf->array[level][k] != NULL || (level == 1 && k == 0 && leaf->store_array != NULL);
}

/* The nearest level below (step 1) or above (step -1) `level` with an array that serves the kind; 0 where there is
 * none. */
static unsigned serving_level(const struct leaf *leaf, unsigned level, unsigned k, int direction)
{
    for (int l = (int)level + direction; l >= 1 && l <= LEVELS; l += direction)
        if (serves(leaf, (unsigned)l, k))
            return (unsigned)l;
    return 0;
}

/* Victim fill needs an array above that evicts; where none serves the kind and size, the array fills like any other. */
static bool fills_by_eviction(const struct leaf *leaf, unsigned level, unsigned k)
{
    return leaf->array[level][k] != NULL && leaf->array[level][k]->fill == FILL_VICTIM &&
           serving_level(leaf, level, k, -1) != 0;
}

static void set_cover(const struct tlb_array *array, struct filter_spec *spec)
{
    spec->cover_pages = tlb_array_pages(array);
    if (spec->cover_pages == 1) {
        spec->cover_pages = 0;
        return;
    }
    spec->number_shift += (uint32_t)__builtin_ctz(spec->cover_pages);
    if (array->sector > 1)
        spec->cover = array->sector_fill == SECTOR_FILL_PAGE ? COVER_SECTOR : COVER_MAPPED;
    else
        spec->cover = array->coalesce_rule == COALESCE_RUN ? COVER_RUN : COVER_WHOLE;
}

static int add_tlb(struct plan *plan, const struct leaf *leaf, const struct tlb_array *array, uint64_t seed, int input)
{
    struct step_spec spec = blank_spec(STEP_TLB);
    unsigned victim_kinds = KINDS_NONE;
    unsigned evicted_kinds = KINDS_NONE;
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        const bool is_its = leaf->array[array->level][k] == array || (k == 0 && leaf->store_array == array);
        if ((leaf->kinds & kind_bits[k]) == 0 || !is_its)
            continue;
        if (fills_by_eviction(leaf, array->level, k))
            victim_kinds |= kind_bits[k];
        const unsigned below = serving_level(leaf, array->level, k, 1);
        if (below != 0 && fills_by_eviction(leaf, below, k))
            evicted_kinds |= kind_bits[k];
    }
    spec.input[0] = input;
    spec.kinds = plan->step[input].spec.kinds;
    spec.filter.readable = plan->in_parts || plan->space[leaf->space].processes != NULL;
    spec.filter.geometry = array->geometry;
    spec.filter.policy = array->policy;
    spec.filter.index = array->index;
    spec.filter.key_shift = REQUEST_VA_SHIFT;
    spec.filter.number_shift = (uint32_t)__builtin_ctzll(leaf->machine.page_size_bytes);
    spec.filter.number_bits = page_table_signed_bits(leaf->machine.format) - spec.filter.number_shift;
    spec.filter.victim_kinds = (enum kinds)victim_kinds;
    spec.filter.evicted_kinds = (enum kinds)evicted_kinds;
    spec.inserts = evicted_kinds != KINDS_NONE;
    set_cover(array, &spec.filter);
    if (array->pdes && machine_pde_level(&leaf->machine) < leaf->machine.leaf_level)
        spec.filter.entry_shift = page_table_shift(leaf->machine.format, machine_pde_level(&leaf->machine));
    if (spec.filter.cover != COVER_PAGE || spec.filter.entry_shift != 0)
        spec.filter.number_bits = 0; /* not all its numbers are pages', and they have no tags: it is of one process */
    if (array->policy == POLICY_RANDOM)
        spec.filter.random_seed = random_seed_on(seed, array->name, leaf->cpu);
    if (filter_asks_frames(&spec.filter) &&
        (spec.input[1] = add_frames(plan, leaf, &leaf->level[array->level - 1])) == STEP_NONE)
        return STEP_NONE;
    return add_step(plan, &spec);
}

/* A first level of loads and stores: each through its array, and together again. */
static int add_halves(struct plan *plan, struct leaf *leaf, uint64_t seed, int data)
{
    const struct tlb_array *const array[2] = {leaf->array[1][0], leaf->store_array};
    struct step_spec merge = blank_spec(STEP_MERGE);
    merge.kinds = KINDS_DATA;
    for (unsigned half = 0; half < 2; half++) {
        struct step_spec select = blank_spec(STEP_SELECT);
        select.input[0] = data;
        select.kinds = KINDS_DATA;
        select.half = half == 0 ? DATA_LOADS : DATA_STORES;
        select.collapse = absorbs(array[half]);
        const int all = add_step(plan, &select);
        if (all == STEP_NONE)
            return STEP_NONE;
        merge.input[half] = array[half] == NULL ? all : add_tlb(plan, leaf, array[half], seed, all);
        if (merge.input[half] == STEP_NONE)
            return STEP_NONE;
        merge.inserts |= plan->step[merge.input[half]].spec.inserts;
        leaf->stores[0] = all; /* the last ones are those of stores */
        leaf->stores[1] = merge.input[half];
    }
    return add_step(plan, &merge);
}

static bool add_arrays(struct plan *plan, struct leaf *leaf, unsigned level, uint64_t seed)
{
    const struct tlb_array *const *array = leaf->array[level];
    struct bundle *bundle = &leaf->level[level];
    *bundle = leaf->entering;
    const bool halves = level == 1 && leaf->halves;
    if (leaf->kinds == KINDS_ALL && array[0] == array[1] && !halves) {
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
        const bool in_halves = halves && k == 0;
        if (bundle->step[k] == STEP_NONE || (array[k] == NULL && !in_halves))
            continue;
        bundle->step[k] = in_halves ? add_halves(plan, leaf, seed, bundle->step[k])
                                    : add_tlb(plan, leaf, array[k], seed, bundle->step[k]);
        if (bundle->step[k] == STEP_NONE)
            return false;
    }
    return true;
}

/* The level of each CPU, or the one of all. */
static bool add_level(struct plan *plan, struct leaf *leaf, unsigned level, uint64_t seed)
{
    const unsigned shared = leaf->cpus == 1 ? LEVELS + 1 : machine_shared_level(&leaf->machine);
    if (level == shared && !join_cpus(plan, leaf))
        return false;
    for (unsigned cpu = 0; cpu < leaf->cpus; cpu++) {
        struct leaf *own = leaf->on[cpu];
        if (level >= shared && cpu > 0)
            own->level[level] = leaf->level[level];
        else if (!add_arrays(plan, own, level, seed))
            return false;
        own->entering = own->level[level];
    }
    return true;
}

static int add_cache(struct plan *plan, const struct memory_cache *cache, int input)
{
    struct step_spec spec = blank_spec(STEP_CACHE);
    const struct step_spec *above = &plan->step[input].spec;
    spec.input[0] = input;
    if (above->kind == STEP_PROBES || above->kind == STEP_CACHE)
        spec.format = above->format;
    spec.walk_items = above->walk_items;
    spec.filter.geometry = cache->geometry;
    spec.filter.policy = POLICY_LRU;
    spec.filter.number_shift = (uint32_t)__builtin_ctz(cache->line_bytes) - REQUEST_READ_SHIFT;
    spec.prefetches = plan->step[input].spec.prefetches;
    return add_step(plan, &spec);
}

bool plan_can_count_paths(const struct machine *machine, struct err *why)
{
    if (machine->format->kind != PAGE_TABLE_RADIX)
        return err_set(why, "page_table.format is %s, and no tree, or behind a TSB", machine->format->name);
    if (machine->page_policy != PAGES_UNIFORM)
        return err_set(why, "os.policy is %s, and not uniform", page_policy_names[machine->page_policy]);
    if (machine->prefetch.kind != PREFETCH_NONE)
        return err_set(why, "prefetch.kind is %s, and not none", prefetch_names[machine->prefetch.kind]);
    for (unsigned i = 0; i < machine->array_count; i++)
        if (machine->array[i].pdes)
            return err_set(why, "tlb.%s.pdes is yes, and not no", machine->array[i].name);
    if (machine->host != NULL)
        return err_set(why, "page_table.host is %s, and not none", machine->host->name);
    return true;
}

/* Paths are of the reads that settle settles, or of all walks and who reads what. */
static bool add_walk_paths(struct plan *plan, struct leaf *leaf)
{
    struct step_spec spec = blank_spec(STEP_WALK_PATHS);
    spec.leaf_level = leaf->machine.leaf_level;
    spec.through_caches = leaf->settle != STEP_NONE;
    if (spec.through_caches) {
        memcpy(spec.input, plan->step[leaf->settle].spec.input, sizeof spec.input);
    } else {
        spec.input[0] = leaf->walks;
        for (unsigned level = 0; level < leaf->machine.leaf_level; level++)
            spec.input[1 + level] = leaf->readers[level];
    }
    leaf->paths = add_step(plan, &spec);
    return leaf->paths != STEP_NONE;
}

/* A cache of each CPU, or the one of all: what it lacks of the reads. */
static bool add_cache_of_cpus(struct plan *plan, const struct leaf *leaf, const struct memory_cache *cache,
                              int reads[MACHINE_CPUS_MAX])
{
    if (cache->shared && leaf->cpus > 1) {
        const int all = add_all_cpus(plan, leaf, reads);
        const int missed = all == STEP_NONE ? STEP_NONE : add_cache(plan, cache, all);
        for (unsigned cpu = 0; cpu < leaf->cpus; cpu++)
            reads[cpu] = missed;
        return missed != STEP_NONE;
    }
    for (unsigned cpu = 0; cpu < leaf->cpus; cpu++)
        if ((reads[cpu] = add_cache(plan, cache, reads[cpu])) == STEP_NONE)
            return false;
    return true;
}

/* A step of `kind` that takes stock of where a CPU's reads were served. In its blocks, what all CPUs' caches put out is
 * about its reads alone; but how much that is in all is asked by CPU. */
static bool add_settle(struct plan *plan, struct leaf *leaf, enum step_kind kind)
{
    struct step_spec settle = blank_spec(kind);
    settle.prefetches = plan->step[leaf->served[0]].spec.prefetches;
    memcpy(settle.input, leaf->served, sizeof leaf->served);
    if (kind == STEP_TALLY)
        settle.format = leaf->machine.format;
    leaf->settle = add_step(plan, &settle);
    if (leaf->settle == STEP_NONE)
        return false;
    for (unsigned server = 0; server < SETTLE_SERVERS; server++)
        if (plan->step[leaf->served[server]].cpu == CPU_ALL &&
            (leaf->served[server] = add_cpu(plan, leaf, leaf->served[server])) == STEP_NONE)
            return false;
    return true;
}

/* Reads, those of each CPU, through the caches; what takes stock of them has the inputs of what lists the walks' shapes, too. */
static bool add_caches(struct plan *plan, struct leaf *leaf, enum step_kind kind, int reads[MACHINE_CPUS_MAX])
{
    for (unsigned i = 0; i <= MACHINE_CACHES; i++) {
        for (unsigned cpu = 0; cpu < leaf->cpus; cpu++)
            leaf->on[cpu]->served[i] = reads[cpu];
        if (i < MACHINE_CACHES && leaf->machine.memory_model == MEMORY_CACHES &&
            leaf->machine.cache[i].geometry.entries != 0 &&
            !add_cache_of_cpus(plan, leaf, &leaf->machine.cache[i], reads))
            return false;
    }
    for (unsigned cpu = 0; cpu < leaf->cpus; cpu++)
        if (!add_settle(plan, leaf->on[cpu], kind))
            return false;
    return true;
}

/* Lookups of guest-physical addresses go through the host's filters as those of virtual ones go through the guest's. */
static int add_host_filter(struct plan *plan, const struct machine *machine, const struct geometry *geometry,
                           unsigned number_shift, int input)
{
    struct step_spec spec = blank_spec(STEP_WALK_CACHE);
    if (geometry->entries == 0 || input == STEP_NONE)
        return input;
    spec.input[0] = input;
    spec.walk_items = NESTED_LOOKUPS_MAX;
    spec.page_size_bytes = geometry == &machine->nested_tlb ? machine->host_page_size_bytes : 0;
    spec.filter.geometry = *geometry;
    spec.filter.policy = POLICY_LRU;
    spec.filter.key_shift = REQUEST_READ_SHIFT;
    spec.filter.number_shift = number_shift;
    spec.filter.number_bits = nested_guest_bits(machine->host) + 1 - number_shift;
    return add_step(plan, &spec);
}

/* The reads of both dimensions, in order: `guest_reads` are those of the guest. They are taken stock of as those of walks of
 * any length are, whatever they cost. */
static bool add_nested(struct plan *plan, struct leaf *leaf, int guest_reads)
{
    const struct machine *machine = &leaf->machine;
    struct step_spec lookups = blank_spec(STEP_NESTED_LOOKUPS);
    lookups.input[0] = leaf->walks;
    lookups.input[1] = guest_reads;
    lookups.space = leaf->space;
    lookups.walk_items = NESTED_LOOKUPS_MAX;
    leaf->nested_lookups = add_step(plan, &lookups);
    if (leaf->nested_lookups == STEP_NONE)
        return false;
    const unsigned page_shift = (unsigned)__builtin_ctzll(machine->host_page_size_bytes);
    int asking = add_host_filter(plan, machine, &machine->nested_tlb, page_shift, leaf->nested_lookups);
    struct step_spec spec = blank_spec(STEP_NESTED_READS);
    spec.input[0] = leaf->nested_lookups;
    for (unsigned level = machine->host_leaf_level + 1; level-- > 0;) {
        if (level < machine->host_leaf_level)
            asking = add_host_filter(plan, machine, &machine->host_walk_cache[level],
                                     page_table_shift(machine->host, level), asking);
        spec.input[1 + level] = leaf->host_readers[level] = asking;
    }
    spec.leaf_level = machine->host_leaf_level;
    spec.space = leaf->space;
    spec.walk_items = NESTED_READS_MAX;
    leaf->nested = asking == STEP_NONE ? STEP_NONE : add_step(plan, &spec);
    int reads[MACHINE_CPUS_MAX] = {leaf->nested};
    return leaf->nested != STEP_NONE && add_caches(plan, leaf, STEP_TALLY, reads);
}

/* The reads of a CPU's walks; behind a TSB, of those walks that miss it. */
static int add_reads(struct plan *plan, const struct leaf *leaf)
{
    struct step_spec spec = blank_spec(STEP_READS);
    spec.input[0] = leaf->tsb != STEP_NONE ? leaf->tsb : leaf->walks;
    for (unsigned level = 0; level < leaf->deepest; level++)
        spec.input[1 + level] = leaf->readers[level];
    spec.format = leaf->machine.format;
    spec.leaf_level = leaf->deepest;
    spec.space = leaf->space;
    spec.map = leaf->map;
    spec.prefetches = plan->step[leaf->walks].spec.prefetches;
    int reads = add_step(plan, &spec);
    if (reads != STEP_NONE && leaf->tsb != STEP_NONE) {
        struct step_spec both = blank_spec(STEP_TSB_READS);
        both.input[0] = leaf->walks;
        both.input[1] = reads;
        both.space = leaf->space;
        both.page_size_bytes = leaf->machine.page_size_bytes;
        both.tsb.address = plan->space[leaf->space].tsb_address;
        both.tsb.entries = leaf->machine.table.entries;
        both.tsb.entry_bytes = leaf->machine.table.entry_bytes;
        reads = add_step(plan, &both);
    }
    return reads;
}

static bool add_all_reads(struct plan *plan, struct leaf *leaf)
{
    int reads[MACHINE_CPUS_MAX] = {STEP_NONE};
    for (unsigned cpu = 0; cpu < leaf->cpus; cpu++)
        if ((reads[cpu] = add_reads(plan, leaf->on[cpu])) == STEP_NONE)
            return false;
    return leaf->machine.host != NULL ? add_nested(plan, leaf, reads[0]) : add_caches(plan, leaf, STEP_SETTLE, reads);
}

/* The reads of walks in a table that is no tree. */
static bool add_probes(struct plan *plan, struct leaf *leaf)
{
    struct step_spec spec = blank_spec(STEP_PROBES);
    spec.input[0] = leaf->walks;
    spec.format = leaf->machine.format;
    spec.space = leaf->space;
    spec.counts_only = leaf->machine.memory_model == MEMORY_FIXED;
    leaf->probes = add_step(plan, &spec);
    int reads[MACHINE_CPUS_MAX] = {leaf->probes};
    return leaf->probes != STEP_NONE && (spec.counts_only || add_caches(plan, leaf, STEP_TALLY, reads));
}

/* A TSB is direct-mapped and holds pages: who misses it reads the entries of all levels, and is filled in. */
static bool add_tsb(struct plan *plan, struct leaf *leaf)
{
    struct step_spec spec = blank_spec(STEP_WALK_CACHE);
    const uint32_t entries = leaf->machine.table.entries;
    spec.input[0] = leaf->walks;
    spec.format = leaf->machine.format;
    spec.filter.readable = plan->in_parts;
    spec.filter.geometry = (struct geometry){.entries = entries, .sets = entries, .ways = 1};
    spec.filter.policy = POLICY_LRU;
    spec.filter.key_shift = REQUEST_VA_SHIFT;
    spec.filter.number_shift = (uint32_t)__builtin_ctzll(leaf->machine.page_size_bytes);
    leaf->tsb = add_step(plan, &spec);
    return leaf->tsb != STEP_NONE;
}

/* Does an array that walks come from hold the entries of that level? */
static bool arrays_hold(const struct leaf *leaf, unsigned level)
{
    bool hold = false;
    for (unsigned l = 1; l <= LEVELS && level == machine_pde_level(&leaf->machine); l++)
        for (unsigned k = 0; k < KIND_COUNT; k++)
            hold |= leaf->array[l][k] != NULL && leaf->array[l][k]->pdes;
    return hold || (level == machine_pde_level(&leaf->machine) && leaf->store_array != NULL && leaf->store_array->pdes);
}

/* A walk asks all its caches at once and the deepest that has the entry wins; each below the winner is filled, since the walk reads
 * the entry that it lacks. So they are filters in a row, the deepest first, and what passes one reads its entry. A cache
 * of entries that are leaves here, or lie below them, never has what a walk asks for. */
static bool add_walk_caches(struct plan *plan, struct leaf *leaf)
{
    int asking = leaf->tsb != STEP_NONE ? leaf->tsb : leaf->walks;
    for (unsigned level = leaf->machine.leaf_level; level-- > 0;) {
        if (arrays_hold(leaf, level)) {
            struct step_spec spec = blank_spec(STEP_PDES);
            spec.input[0] = asking;
            asking = add_step(plan, &spec);
            if (asking == STEP_NONE)
                return false;
        } else if (leaf->machine.walk_cache[level].entries != 0) {
            struct step_spec spec = blank_spec(STEP_WALK_CACHE);
            spec.input[0] = asking;
            spec.filter.readable = plan->in_parts || plan->space[leaf->space].processes != NULL;
            spec.filter.geometry = leaf->machine.walk_cache[level];
            spec.filter.policy = POLICY_LRU;
            spec.filter.key_shift = REQUEST_VA_SHIFT;
            spec.filter.number_shift = page_table_shift(leaf->machine.format, level);
            spec.filter.number_bits = page_table_signed_bits(leaf->machine.format) - spec.filter.number_shift;
            spec.prefetches = plan->step[asking].spec.prefetches;
            asking = add_step(plan, &spec);
            if (asking == STEP_NONE)
                return false;
        }
        leaf->readers[level] = asking;
    }
    return true;
}

/* All walks of one address space see the same first touches, in the same order: the first configuration's touch for all. */
static bool add_touch(struct plan *plan, const struct leaf *leaf, int input)
{
    if (!leaf->is_first_of_space)
        return true;
    struct step_spec spec = blank_spec(STEP_TOUCH);
    spec.input[0] = input;
    spec.space = leaf->space;
    return add_step(plan, &spec) != STEP_NONE;
}

/* Each walk's shape, in order, from which latencies make its cost. */
static int add_shapes(struct plan *plan, const struct leaf *leaf)
{
    struct step_spec spec = blank_spec(leaf->settle == STEP_NONE ? STEP_LENGTHS : STEP_SHAPES);
    if (leaf->settle != STEP_NONE) {
        memcpy(spec.input, plan->step[leaf->settle].spec.input, sizeof spec.input);
    } else {
        spec.input[0] = leaf->walks;
        for (unsigned level = 0; level < leaf->machine.leaf_level; level++)
            spec.input[1 + level] = leaf->readers[level];
        spec.leaf_level = leaf->machine.leaf_level;
    }
    return add_step(plan, &spec);
}

/* Latencies are in the plan here, and nowhere else: each set of them is a step of its own, over streams that are shared.
 * It has to see all lookups, also those that hit in a run, as they may come while the page is walked. */
static bool add_timing(struct plan *plan, struct leaf *leaf)
{
    struct step_spec spec = blank_spec(STEP_TIMING);
    spec.input[0] = add_lookups(plan, leaf, leaf->machine.page_size_bytes, leaf->kinds, false);
    if (spec.input[0] == STEP_NONE)
        return false;
    for (unsigned level = 1; level <= LEVELS; level++) {
        struct bundle bundle = leaf->level[level];
        if (!add_merge(plan, &bundle))
            return false;
        spec.input[level] = bundle.step[0] != STEP_NONE ? bundle.step[0] : bundle.step[1];
    }
    spec.input[LEVELS + 1] = add_shapes(plan, leaf);
    if (spec.input[LEVELS + 1] == STEP_NONE)
        return false;
    spec.page_size_bytes = leaf->machine.page_size_bytes;
    spec.timing = timing_spec_of(&leaf->machine);
    leaf->timing = add_step(plan, &spec);
    return leaf->timing != STEP_NONE;
}

/* What misses the last level goes through the prefetch buffer first, if there is one. */
static bool add_prefetch(struct plan *plan, struct leaf *leaf)
{
    leaf->walks = leaf->missed_all;
    if (leaf->machine.prefetch.kind == PREFETCH_NONE)
        return true;
    struct step_spec spec = blank_spec(STEP_PREFETCH);
    const struct bundle missed = {{leaf->missed_all, leaf->missed_all}};
    spec.input[0] = leaf->missed_all;
    spec.input[1] = add_frames(plan, leaf, &missed);
    spec.kinds = leaf->kinds;
    spec.page_size_bytes = leaf->machine.page_size_bytes;
    spec.prefetch = leaf->machine.prefetch;
    spec.prefetch.hit_cycles = 0;
    if (spec.prefetch.kind != PREFETCH_DISTANCE)
        spec.prefetch.rows = 1; /* which nobody looks at */
    spec.prefetches = spec.prefetch.degree;
    leaf->walks = spec.input[1] == STEP_NONE ? STEP_NONE : add_step(plan, &spec);
    return leaf->walks != STEP_NONE;
}

/* The walks of a CPU, and who of them reads what of a tree. */
static bool add_walks(struct plan *plan, struct leaf *leaf)
{
    const struct bundle *bundle = &leaf->entering;
    leaf->missed_all = bundle->step[0] != STEP_NONE ? bundle->step[0] : bundle->step[1];
    if (!add_prefetch(plan, leaf) || !add_touch(plan, leaf, leaf->walks))
        return false;
    if (!page_table_is_tree(leaf->machine.format))
        return true;
    if (leaf->machine.format->kind == PAGE_TABLE_TSB && !add_tsb(plan, leaf))
        return false;
    return add_walk_caches(plan, leaf);
}

static bool add_all_walks(struct plan *plan, struct leaf *leaf, bool paths)
{
    const bool shared = leaf->cpus > 1 && machine_shared_level(&leaf->machine) <= LEVELS;
    bool good = true;
    for (unsigned cpu = 0; good && cpu < leaf->cpus; cpu++)
        good = (shared && cpu > 0) || add_merge(plan, &leaf->on[cpu]->entering);
    const struct bundle all = leaf->entering;
    good = good && (!shared || part_cpus(plan, leaf, &all));
    for (unsigned cpu = 0; good && cpu < leaf->cpus; cpu++)
        good = add_walks(plan, leaf->on[cpu]);
    if (!good)
        return false;
    if (!page_table_is_tree(leaf->machine.format))
        return add_probes(plan, leaf);
    const bool counted = leaf->machine.memory_model == MEMORY_FIXED && leaf->machine.host == NULL;
    good = (counted || add_all_reads(plan, leaf)) && (leaf->machine.core_width == 0 || add_timing(plan, leaf));
    for (unsigned cpu = 0;
         good && paths && plan_can_count_paths(&leaf->machine, &(struct err){.text = ""}) && cpu < leaf->cpus; cpu++)
        good = add_walk_paths(plan, leaf->on[cpu]);
    return good;
}

/* Nothing misses level 1. Pages are touched by the lookups themselves, where no other configuration does it. */
static bool add_perfect_tlb(struct plan *plan, struct leaf *leaf)
{
    struct bundle bundle = leaf->level[0];
    return !leaf->is_first_of_space ||
           (add_merge(plan, &bundle) &&
            add_touch(plan, leaf, bundle.step[0] != STEP_NONE ? bundle.step[0] : bundle.step[1]));
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
    leaf->level[0].step[0] = leaf->level[0].step[1] = leaf->map;
    if (leaf->ideal == IDEAL_PERFECT_TLB)
        return true;
    return add_row(plan, leaf, mapping, seed) && add_row_walk_caches(plan, leaf, mapping) &&
           (machine->memory_model == MEMORY_FIXED || add_all_reads(plan, leaf));
}

/* All of a leaf that comes from its configuration alone. */
static void begin_leaf(struct leaf *leaf, const struct configuration *configuration)
{
    leaf->machine = configuration->machine;
    leaf->kinds = (enum kinds)(configuration->only & machine_kinds(&leaf->machine));
    leaf->ideal = configuration->ideal;
    leaf->missed_all = leaf->walks = leaf->settle = leaf->timing = leaf->probes = leaf->tsb = leaf->paths = STEP_NONE;
    leaf->map = leaf->space = leaf->nested = leaf->nested_lookups = STEP_NONE;
    leaf->cpus = 1;
    leaf->on[0] = leaf;
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
    leaf->halves = machine_splits_data(&leaf->machine) && (leaf->kinds & KINDS_DATA) != 0;
    if (leaf->halves)
        leaf->store_array = machine_store_array(&leaf->machine, leaf->machine.page_size_bytes);
}

/* How many processes the plan's requests and tables can tell apart. */
static void limit_processes(struct plan *plan, const struct leaf *leaf)
{
    const char *one = machine_of_one_process(&leaf->machine);
    const uint32_t most = one != NULL ? 1 : processes_most(&leaf->machine.process, leaf->machine.format);
    if (one != NULL)
        plan->of_one_process = one;
    plan->processes_most = most < plan->processes_most ? most : plan->processes_most;
}

/* The machine as its other CPUs see it. */
static bool begin_other_cpus(struct plan *plan, struct leaf *leaf, const struct configuration *configuration)
{
    const unsigned cpus = leaf->machine.process.cpus;
    struct leaf *other = cpus == 1 ? NULL : arena_alloc(plan->arena, (cpus - 1) * sizeof *other);
    if (other == NULL)
        return cpus == 1;
    leaf->cpus = cpus;
    for (unsigned cpu = 1; cpu < cpus; cpu++) {
        struct leaf *own = leaf->on[cpu] = &other[cpu - 1];
        begin_leaf(own, configuration);
        own->cpu = cpu;
        own->cpus = cpus;
        own->space = leaf->space;
        own->is_first_of_space = leaf->is_first_of_space;
        own->level[0] = leaf->level[0];
    }
    return true;
}

static bool add_leaf(struct plan *plan, struct leaf *leaf, const struct configuration *configuration)
{
    begin_leaf(leaf, configuration);
    if (leaf->kinds == KINDS_NONE || leaf->ideal == IDEAL_NO_TRANSLATION)
        return true;
    limit_processes(plan, leaf);
    if (leaf->machine.page_policy != PAGES_UNIFORM)
        return add_sizes_leaf(plan, leaf, configuration->seed);
    const size_t spaces = plan->space_count;
    leaf->space = add_space(plan, leaf, configuration->seed);
    leaf->is_first_of_space = plan->space_count > spaces;
    if (leaf->space == STEP_NONE || !add_first_lookups(plan, leaf))
        return false;
    if (leaf->ideal == IDEAL_PERFECT_TLB)
        return add_perfect_tlb(plan, leaf);
    if (!begin_other_cpus(plan, leaf, configuration) || !part_cpus(plan, leaf, &leaf->level[0]))
        return false;
    for (unsigned level = 1; level <= LEVELS; level++)
        if (!add_level(plan, leaf, level, configuration->seed))
            return false;
    return add_all_walks(plan, leaf, configuration->walk_paths);
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

/* Bounds last, which take what others have looked up and touched. Small pages first, so that lookups of large pages can
 * be made from theirs; then large TLBs, since the first configuration of an address space touches its pages for all. */
static int compare_leaves(const void *a, const void *b)
{
    const struct configuration *x = *(const struct configuration *const *)a;
    const struct configuration *y = *(const struct configuration *const *)b;
    if (x->ideal != y->ideal)
        return x->ideal < y->ideal ? -1 : 1;
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
        plan->processes_most = ADDRESS_SPACE_OWNERS;
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
    KEYS_ALL = 13,   /* and all other steps */
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
    if (leaf->array[level][k] == NULL || leaf->ideal != IDEAL_NONE)
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
    /* The last walk cache, which reads the others. */
    *key++ = (uint64_t)(leaf->probes != STEP_NONE ? leaf->probes : leaf->readers[0]);
    *key++ = (uint64_t)leaf->settle; /* and so all that is read on the way to it */
    *key++ = (uint64_t)leaf->timing;
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

/* A bound behind another configuration, whose steps it takes. */
static bool goes_with_last(const struct configuration *configurations, size_t index)
{
    return index > 0 && configurations[index].ideal != IDEAL_NONE;
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
    size_t sharers = 0;
    if (division.sharer != NULL && division.group != NULL && division.load != NULL) {
        for (size_t i = 0; i < count; i++) {
            if (goes_with_last(configurations, i))
                continue;
            division.sharer[sharers].index = i;
            find_keys(plan, &plan->leaf[i], division.sharer[sharers++].key);
        }
        qsort(division.sharer, sharers, sizeof *division.sharer, compare_sharers);
        used = deal_well(&division, sharers, parts);
        for (size_t i = 0; i < count; i++)
            if (goes_with_last(configurations, i))
                part_of[i] = part_of[i - 1];
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

static void forget(struct plan *plan, size_t space, const struct processes_order *order)
{
    for (size_t i = 0; order->forgets != FORGETS_NOTHING && i < plan->step_count; i++)
        if (plan->step[i].tagged_by == (int)space)
            step_forget(&plan->step[i], order);
}

static void change(struct plan *plan, const struct block_change *change)
{
    for (size_t i = 0; i < plan->space_count; i++) {
        struct processes_order order;
        if (plan->space[i].processes == NULL)
            continue;
        processes_change(plan->space[i].processes, change, &order);
        forget(plan, i, &order);
    }
}

static void set_tag(struct plan *plan, int tagged_by, uint64_t tag)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        struct step *step = &plan->step[i];
        if (step->spec.kind == STEP_LOOKUPS && step->tagged_by == tagged_by)
            step->tag = request_tag(tag, page_table_signed_bits(step->spec.format));
    }
}

/* A process goes on. Where nothing is ever forgotten, its number is its tag. */
static bool run_process(struct plan *plan, uint32_t process, uint32_t thread, struct err *err)
{
    if (process > 0 && plan->of_one_process != NULL)
        return err_set(err,
                       "the trace is of several processes, and only the pages of one go with %s: leave it out, or take "
                       "the trace of one process",
                       plan->of_one_process);
    if (process >= plan->processes_most)
        return err_set(
            err,
            "the trace has more than %" PRIu32 " processes, and asid.count = any has an id for each, "
            "beside addresses of the page-table format; set asid.count to a number of ids, which they then share",
            plan->processes_most);
    bool good = true;
    for (size_t i = 0; good && i < plan->space_count; i++) {
        struct processes_order order;
        uint64_t tag;
        if (plan->space[i].tree == NULL)
            continue; /* of one process */
        if (plan->space[i].processes == NULL) {
            good = address_space_bind(plan->space[i].tree, process, process);
            continue;
        }
        good =
            processes_run(plan->space[i].processes, thread % plan->space_spec[i].process.cpus, process, &tag, &order);
        forget(plan, i, &order);
        set_tag(plan, (int)i, tag);
    }
    set_tag(plan, STEP_NONE, process);
    return good || err_set(err, "out of memory for the page tables of %" PRIu32 " processes", process + 1);
}

static void take_turns(struct plan *plan, uint32_t process, uint32_t thread)
{
    for (unsigned cpus = 1; cpus <= MACHINE_CPUS_MAX; cpus++) {
        struct turns *turns = &plan->turns[cpus];
        const unsigned cpu = thread % cpus;
        turns->switches += (turns->busy >> cpu & 1) != 0 && turns->process[cpu] != process;
        turns->busy |= 1U << cpu;
        turns->process[cpu] = process;
    }
}

/* What happened before the block. */
static bool begin_block(struct plan *plan, const struct block *block, struct err *err)
{
    for (uint32_t i = 0; i < block->change_count; i++)
        change(plan, &block->change[i]);
    if (block->count == 0 || (plan->begun && block->process == plan->process && block->thread == plan->thread))
        return true;
    if (!run_process(plan, block->process, block->thread, err))
        return false;
    take_turns(plan, block->process, block->thread);
    plan->process_first = plan->begun ? plan->process_first : block->process;
    plan->begun = true;
    plan->process = block->process;
    plan->thread = block->thread;
    return true;
}

/* Of several tables that the block fills, one is reported: the others would be next. */
static bool report_full(const struct plan *plan, const struct block *block, struct err *err)
{
    size_t i = 0;
    while (plan->space[i].table == NULL || entry_table_full_at(plan->space[i].table) == TABLE_NOT_FULL)
        i++;
    assert(i < plan->space_count);
    const struct page_table_format *format = plan->space_spec[i].format;
    const struct page_table_sizes *sizes = &plan->space_spec[i].sizes;
    const uint64_t record = block->first_record + entry_table_full_at(plan->space[i].table) / 2;
    char size[UNITS_SIZE_TEXT];
    if (format->kind == PAGE_TABLE_INVERTED)
        return err_set(err,
                       "record %" PRIu64
                       ": page_table.memory = %s of page_table.format = %s has no frame left for another "
                       "page; raise it",
                       record, units_format_size(sizes->memory_bytes, size), format->name);
    return err_set(err,
                   "record %" PRIu64 ": all page_table.entries = %" PRIu32
                   " of page_table.format = %s are in use; raise them, or take hashed-chained, which has no end",
                   record, sizes->entries, format->name);
}

/* As of tables that are full, one is reported. */
static bool report_guest_addresses(const struct plan *plan, const struct block *block, struct err *err)
{
    size_t i = 0;
    while (plan->space[i].nested == NULL || !nested_is_out_of_addresses(plan->space[i].nested))
        i++;
    assert(i < plan->space_count);
    const struct page_table_format *host = plan->space_spec[i].host.format;
    return err_set(err,
                   "the pages touched up to record %" PRIu64 " need more guest-physical memory than page_table.host = "
                   "%s maps, 2^%u bytes, or more than the host's 2^%d; take a smaller os.page_size, a smaller "
                   "page_table.host_page_size, or another page_table.host",
                   block->first_record + block->count - 1, host->name, nested_guest_bits(host), REQUEST_PHYSICAL_BITS);
}

bool plan_block(struct plan *plan, const struct block *block, struct err *err)
{
    if (!begin_block(plan, block, err))
        return false;
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
    case STEP_TABLE_FULL:
        return report_full(plan, block, err);
    case STEP_OUT_OF_GUEST_ADDRESSES:
        return report_guest_addresses(plan, block, err);
    case STEP_TOO_MANY_READS:
        return err_set(
            err,
            "records %" PRIu64 " to %" PRIu64 ": their walks read more than %d entries of the page table, more "
            "than memory.model = caches takes at a time; raise page_table.entries, or set memory.model to fixed",
            block->first_record, block->first_record + block->count - 1, STEP_PROBES_MAX);
    }
    return false;
}

/* ---- Counting ---- */

static uint64_t passed(const struct plan *plan, const struct leaf *leaf, unsigned level, unsigned k)
{
    const int step = leaf->level[level].step[k];
    uint64_t count = step == STEP_NONE ? 0 : schedule_count(plan->schedule, step, k);
    for (unsigned cpu = 1; cpu < leaf->cpus && step != STEP_NONE; cpu++) {
        const int own = leaf->on[cpu]->level[level].step[k];
        count += own == step ? 0 : schedule_count(plan->schedule, own, k);
    }
    return count;
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
    for (unsigned k = 0; k < KIND_COUNT && leaf->ideal != IDEAL_NO_TRANSLATION; k++) {
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
    if (leaf->tsb != STEP_NONE) {
        c->tsb_misses = put_out(plan, leaf->tsb);
        c->tsb_hits = asking - c->tsb_misses;
        walks_by_reads[1] = c->tsb_hits;
        walks_by_reads[machine->leaf_level + 2] = c->tsb_misses;
        return;
    }
    for (unsigned level = machine->leaf_level; level-- > 0;) {
        if (machine->walk_cache[level].entries == 0 && !arrays_hold(leaf, level))
            continue;
        const uint64_t missing = schedule_count(plan->schedule, leaf->readers[level], 0);
        char name[32];
        snprintf(name, sizeof name, "%s_hits", machine->format->level[level].entry);
        uint64_t *hits = counter_named(c, name);
        assert(hits != NULL);
        *hits += asking - missing;
        walks_by_reads[machine->leaf_level - level] = asking - missing;
        asking = missing;
    }
    walks_by_reads[machine->leaf_level + 1] = asking;
}

/* Of a guest's walks: what both dimensions read, and what spared the host's. */
static void count_nested(const struct plan *plan, const struct leaf *leaf,
                         const uint64_t walks_by_reads[STEP_READS_MAX + 1], struct cost_sources *sources,
                         struct counters *c)
{
    const struct machine *machine = &leaf->machine;
    const struct tally *tally = schedule_tally(plan->schedule, leaf->settle);
    for (unsigned reads = 1; reads <= STEP_READS_MAX; reads++)
        c->guest_refs += walks_by_reads[reads] * reads;
    c->host_refs = plan->step[leaf->nested].host_reads;
    uint64_t asking = put_out(plan, leaf->nested_lookups);
    c->host_walks = put_out(plan, leaf->host_readers[machine->host_leaf_level]);
    if (machine->nested_tlb.entries != 0) {
        c->nested_tlb_hits = asking - c->host_walks;
        c->nested_tlb_misses = c->host_walks;
    }
    asking = c->host_walks;
    for (unsigned level = machine->host_leaf_level; level-- > 0;) {
        const uint64_t missing = put_out(plan, leaf->host_readers[level]);
        if (machine->host_walk_cache[level].entries == 0)
            continue;
        char name[40];
        snprintf(name, sizeof name, "host_%s_hits", machine->host->level[level].entry);
        *counter_named(c, name) = asking - missing;
        asking = missing;
    }
    sources->walks_by_reads = NULL;
    sources->walks = put_out(plan, leaf->walks);
    sources->walk_refs = c->guest_refs + c->host_refs;
    for (size_t i = 0; i < tally->longest_count; i++) {
        uint64_t reads = 0;
        for (unsigned server = 0; server < SETTLE_SERVERS; server++)
            reads += tally->longest[i].served[server];
        sources->longest_refs = reads > sources->longest_refs ? reads : sources->longest_refs;
    }
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

static void count_space(const struct space *space, const struct leaf *leaf, struct counters *c)
{
    if (space->table != NULL) {
        entry_table_count(space->table, c);
        return;
    }
    address_space_count(space->tree, c);
    const uint64_t tsb = tsb_bytes(leaf->machine.format, &leaf->machine.table);
    c->page_table_bytes += tsb;
    c->host_table_bytes = space->nested == NULL ? 0 : nested_host_table_bytes(space->nested);
    c->frames_page_table +=
        (tsb + (UINT64_C(1) << leaf->machine.format->page_shift) - 1) >> leaf->machine.format->page_shift;
}

static void count_pages(const struct plan *plan, const struct leaf *leaf, struct counters *c)
{
    if (leaf->map != STEP_NONE)
        mapping_count(plan->step[leaf->map].mapping, c);
    else
        count_space(&plan->space[leaf->space], leaf, c);
}

static void count_ideal(const struct plan *plan, const struct leaf *leaf, struct counters *c)
{
    if (leaf->ideal == IDEAL_NO_TRANSLATION)
        return;
    c->l1d_hits = passed(plan, leaf, 0, 0);
    c->l1i_hits = passed(plan, leaf, 0, 1);
    if (c->accesses != 0)
        count_pages(plan, leaf, c);
}

void plan_map(struct plan *plan, const struct mappings *mappings)
{
    plan->mappings = *mappings;
}

bool plan_walk_paths(const struct plan *plan, size_t index, uint32_t mapping, unsigned kind, uint64_t taken[WALK_PATHS])
{
    const struct leaf *leaf = &plan->leaf[index];
    unsigned lane;
    bool more = false;
    for (unsigned cpu = 0; cpu < leaf->cpus && leaf->paths != STEP_NONE; cpu++) {
        const struct walk_paths *paths = schedule_walk_paths(plan->schedule, leaf->on[cpu]->paths, &lane);
        if (mapping >= walk_paths_mappings(paths))
            continue;
        walk_paths_add(paths, lane, mapping, kind, taken);
        more = true;
    }
    return more;
}

/* All walks by their paths; false where they were not counted. */
static bool all_paths(const struct plan *plan, size_t index, uint64_t taken[WALK_PATHS])
{
    memset(taken, 0, WALK_PATHS * sizeof *taken);
    for (unsigned kind = 0; kind < WALK_KINDS; kind++)
        for (uint32_t mapping = 0; plan_walk_paths(plan, index, mapping, kind, taken);)
            mapping++;
    return plan->leaf[index].paths != STEP_NONE;
}

/* What was prefetched, and what that read. */
static void count_prefetches(const struct plan *plan, const struct leaf *leaf, struct cost_sources *sources,
                             struct counters *c)
{
    const struct prefetch_counts counts = prefetcher_counts(plan->step[leaf->walks].prefetcher);
    c->prefetches = counts.walks;
    c->prefetches_unmapped = counts.unmapped;
    c->prefetch_hits = put_out(plan, leaf->missed_all) - put_out(plan, leaf->walks);
    c->prefetches_useless = c->prefetches - c->prefetch_hits;
    c->prefetch_walk_refs = counts.walks;
    for (unsigned level = 0; level < leaf->machine.leaf_level; level++)
        c->prefetch_walk_refs += leaf->readers[level] == leaf->walks
                                     ? counts.walks
                                     : schedule_count(plan->schedule, leaf->readers[level], 1);
    sources->hit_cycles += c->prefetch_hits * leaf->machine.prefetch.hit_cycles;
    for (unsigned server = 0; leaf->settle != STEP_NONE && server < SETTLE_SERVERS; server++)
        sources->prefetch_missed[server] =
            schedule_count(plan->schedule, plan->step[leaf->settle].spec.input[server], 1);
}

/* The walks of a CPU, by how many entries they read, and where their reads were served. */
static void count_cpu(const struct plan *plan, const struct leaf *leaf, uint64_t walks_by_reads[STEP_READS_MAX + 1],
                      struct cost_sources *sources, struct counters *c)
{
    if (leaf->map != STEP_NONE) {
        count_sizes_walks(plan, leaf, walks_by_reads, c);
        sources->walks_by_reads = walks_by_reads;
    } else if (leaf->probes != STEP_NONE) {
        sources->walks = put_out(plan, leaf->walks);
        sources->walk_refs = put_out(plan, leaf->probes);
        sources->longest_refs = c->table_longest;
        sources->reads_at_once = table_reads_at_once(leaf->machine.format);
    } else {
        count_walks(plan, leaf, walks_by_reads, c);
        sources->walks_by_reads = walks_by_reads;
    }
    if (leaf->nested != STEP_NONE)
        count_nested(plan, leaf, walks_by_reads, sources, c);
    if (leaf->settle == STEP_NONE || leaf->machine.memory_model == MEMORY_FIXED)
        return;
    for (unsigned server = 0; server < SETTLE_SERVERS; server++)
        sources->missed[server] = schedule_count(plan->schedule, leaf->served[server], 0);
    if (leaf->probes != STEP_NONE || leaf->nested != STEP_NONE)
        sources->tally = schedule_tally(plan->schedule, leaf->settle);
    else
        sources->shape_seen = schedule_shapes(plan->schedule, leaf->settle, &sources->lane);
}

void plan_counters(const struct plan *plan, size_t index, struct counters *c)
{
    const struct leaf *leaf = &plan->leaf[index];
    *c = (struct counters){.instructions = plan->accesses[ACCESS_FETCH]};
    if (leaf->kinds == KINDS_NONE)
        return;
    count_accesses(plan, leaf, c);
    if (leaf->ideal != IDEAL_NONE) {
        count_ideal(plan, leaf, c);
        return;
    }
    count_level(plan, leaf, 1, 0, &c->l1d_hits, &c->l1d_misses);
    count_level(plan, leaf, 1, 1, &c->l1i_hits, &c->l1i_misses);
    for (unsigned cpu = 0; cpu < leaf->cpus && leaf->halves; cpu++) {
        const int *stores = leaf->on[cpu]->stores;
        const uint64_t misses = schedule_count(plan->schedule, stores[1], 0);
        c->l1s_misses += misses;
        c->l1s_hits += schedule_count(plan->schedule, stores[0], 0) - misses;
    }
    if (c->accesses != 0)
        count_pages(plan, leaf, c);
    uint64_t walks_by_reads[STEP_READS_MAX + 1] = {0};
    struct cost_sources sources = {.walks_by_reads = NULL};
    for (unsigned cpu = 0; cpu < leaf->cpus; cpu++) {
        uint64_t own[STEP_READS_MAX + 1] = {0};
        sources = (struct cost_sources){.walks_by_reads = NULL};
        count_cpu(plan, leaf->on[cpu], own, &sources, c);
        cost_walks(&leaf->machine, &sources, c);
        for (unsigned reads = 0; reads <= STEP_READS_MAX; reads++)
            walks_by_reads[reads] += own[reads];
    }
    const bool fixed = leaf->probes == STEP_NONE && leaf->settle == STEP_NONE;
    sources.walks_by_reads = fixed ? walks_by_reads : NULL;
    if (leaf->map != STEP_NONE)
        sources.hit_cycles = row_hit_cycles(plan, leaf);
    uint64_t taken[WALK_PATHS];
    if (all_paths(plan, index, taken))
        sources.paths_taken = taken;
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        count_level(plan, leaf, 2, k, &c->l2_hits, &c->l2_misses);
        count_level(plan, leaf, 3, k, &c->l3_hits, &c->l3_misses);
        for (unsigned level = 2; level <= LEVELS; level++)
            if (leaf->array[level][k] != NULL)
                sources.hit_cycles += (passed(plan, leaf, level - 1, k) - passed(plan, leaf, level, k)) *
                                      (uint64_t)leaf->array[level][k]->hit_cycles;
    }
    c->context_switches = c->accesses == 0 ? 0 : plan->turns[leaf->machine.process.cpus].switches;
    if (c->accesses != 0 && leaf->space != STEP_NONE && plan->space[leaf->space].processes != NULL)
        processes_count(plan->space[leaf->space].processes, c);
    if (leaf->machine.prefetch.kind != PREFETCH_NONE)
        count_prefetches(plan, leaf, &sources, c);
    cost_settle(&leaf->machine, &sources, c);
    if (leaf->timing != STEP_NONE)
        timing_count(plan->step[leaf->timing].timing, c);
}

/* ---- Describing ---- */

uint64_t plan_bytes(const struct plan *plan)
{
    size_t leaves = 0;
    for (size_t i = 0; i < plan->leaf_count; i++)
        leaves += plan->leaf[i].cpus;
    return leaves * sizeof *plan->leaf + schedule_bytes(plan->schedule);
}

uint64_t plan_page_bytes(const struct plan *plan, uint64_t *pages)
{
    uint64_t bytes = 0;
    *pages = 0;
    for (size_t i = 0; i < plan->space_count; i++) {
        struct counters counters;
        if (plan->space[i].table != NULL) {
            entry_table_count(plan->space[i].table, &counters);
            bytes += entry_table_bytes(plan->space[i].table);
        } else {
            address_space_count(plan->space[i].tree, &counters);
            bytes += address_space_bytes(plan->space[i].tree);
            bytes += plan->space[i].nested == NULL ? 0 : nested_bytes(plan->space[i].nested);
        }
        *pages += counters.pages_touched;
    }
    for (size_t i = 0; i < plan->frames_count; i++)
        bytes += frames_bytes(plan->step[plan->frames[i]].frames);
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
            "where no neighbours are%s\n",
            (double)plan_bytes(plan) / 0x1p20,
            plan->frames_count == 0 ? "" : "; 20 bytes a page more, or 300, where frames are asked for");
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
    if (tlb_array_pages(array) > 1)
        return err_set(why,
                       "tlb.%s.%s = %" PRIu32
                       ": where parts of a trace meet, entries of several pages cannot be settled; set it to 1 to cut "
                       "traces in parts",
                       array->name, array->sector > 1 ? "sector" : "coalesce", tlb_array_pages(array));
    if (array->pdes)
        return err_set(
            why,
            "tlb.%s.pdes = yes: where parts of a trace meet, entries among pages cannot be settled; set it to "
            "no to cut traces in parts",
            array->name);
    if (fills_by_eviction(leaf, level, k))
        return err_set(why,
                       "tlb.%s.fill = victim: where parts of a trace meet, evictions cannot be settled; set it to all "
                       "to cut traces in parts",
                       array->name);
    return true;
}

static bool leaf_can_be_cut(const struct leaf *leaf, struct err *why)
{
    if (leaf->halves)
        return err_set(why,
                       "machine %s has first-level arrays for loads or stores alone: where parts of a trace meet, the "
                       "two cannot be told apart; make l1d of l1l and l1s to cut traces in parts",
                       leaf->machine.name);
    if (leaf->machine.page_policy != PAGES_UNIFORM)
        return err_set(
            why,
            "os.policy = %s: which page maps an address depends on all that stands before in the trace; set it "
            "to uniform to cut traces in parts",
            page_policy_names[leaf->machine.page_policy]);
    if (leaf->machine.process.cpus > 1)
        return err_set(why,
                       "os.cpus = %" PRIu32
                       ": where parts of a trace meet, what each CPU holds cannot be settled; set it to 1 to cut "
                       "traces in parts",
                       leaf->machine.process.cpus);
    for (unsigned level = 1; level <= LEVELS; level++)
        for (unsigned k = 0; k < KIND_COUNT; k++)
            if (leaf->array[level][k] != NULL && !array_can_be_cut(leaf, level, k, why))
                return false;
    if (processes_matter(&leaf->machine.process))
        return err_set(why,
                       "asid.count = 0 or a number, os.global = upper, os.shootdowns = yes: where parts of a trace "
                       "meet, it is not known whose translations are there; with asid.count = any, os.global = none "
                       "and os.shootdowns = no traces are cut in parts");
    for (unsigned level = 0; level < leaf->machine.leaf_level; level++)
        if (leaf->machine.walk_cache[level].ways > VECTOR_WAYS_MAX)
            return err_set(
                why,
                "walk_cache.%s has %" PRIu32 " ways: where parts of a trace meet, sets of more than %d would "
                "take longer to settle than it saves",
                leaf->machine.format->level[level].entry, leaf->machine.walk_cache[level].ways, VECTOR_WAYS_MAX);
    if (leaf->kinds != KINDS_NONE && leaf->machine.core_width != 0)
        return err_set(why,
                       "core.rob = %" PRIu32
                       ": what a core waits for depends on what is under way where a part begins; leave [core] out to "
                       "cut traces in parts",
                       leaf->machine.core_rob);
    if (leaf->kinds != KINDS_NONE && !page_table_is_tree(leaf->machine.format))
        return err_set(
            why,
            "page_table.format = %s: which entries a walk reads depends on all pages that were touched before in "
            "the trace; take a format that is a tree to cut traces in parts",
            leaf->machine.format->name);
    if (leaf->machine.prefetch.kind != PREFETCH_NONE)
        return err_set(
            why,
            "prefetch.kind = %s: where parts of a trace meet, what a prefetcher has learnt cannot be settled; "
            "set it to none to cut traces in parts",
            prefetch_names[leaf->machine.prefetch.kind]);
    if (leaf->kinds != KINDS_NONE && leaf->machine.host != NULL)
        return err_set(
            why,
            "page_table.host = %s: which page of guest-physical memory an entry is in depends on all pages that were "
            "touched before in the trace; set it to none to cut traces in parts",
            leaf->machine.host->name);
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
        if (leaf.ideal != IDEAL_NONE && leaf.machine.host == NULL)
            continue;
        if (!leaf_can_be_cut(&leaf, why))
            return false;
        if (configurations[i].walk_paths)
            return err_set(why, "Walks are counted by their paths, of which parts of a trace do not know all; leave "
                                "out --walks to cut traces in parts");
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
    if (part->begun) {
        whole->turns[1].switches += part->turns[1].switches + (whole->begun && whole->process != part->process_first);
        whole->process_first = whole->begun ? whole->process_first : part->process_first;
        whole->process = whole->turns[1].process[0] = part->process;
        whole->thread = part->thread;
        whole->turns[1].busy = 1;
        whole->begun = true;
        good = good && run_process(whole, part->process, part->thread, err);
    }
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
    memset(part->turns, 0, sizeof part->turns);
    part->begun = false;
}
