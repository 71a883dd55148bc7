/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/step.h"

#include <assert.h>
#include <string.h>

#include "model/lookups.h"
#include "model/settle.h"
#include "model/vector.h"

enum { DATA = 0, FETCHES = 1 };

bool step_init(struct step *step, struct arena *arena)
{
    const struct step_spec *spec = &step->spec;
    step->is_vector = vector_available();
    switch (spec->kind) {
    case STEP_TLB:
    case STEP_WALK_CACHE:
    case STEP_CACHE:
        if (step->tells_missing &&
            (step->missing = arena_alloc(arena, step_most_items(spec) * sizeof *step->missing)) == NULL)
            return false;
        step->filter = filter_create(&spec->filter, arena);
        return step->filter != NULL;
    case STEP_SETTLE:
        step->shape_seen = arena_alloc(arena, WALK_SHAPES * sizeof *step->shape_seen);
        return step->shape_seen != NULL;
    case STEP_LOOKUPS:
    case STEP_SELECT:
    case STEP_MERGE:
    case STEP_MAP:
    case STEP_TOUCH:
    case STEP_READS:
        break;
    }
    return true;
}

/* For every lookup a page-table entry of every level; of lookups, as many again that were evicted. Of several sizes there may
 * be another one that such a page evicts further down, and an invalidation. */
size_t step_most_items(const struct step_spec *spec)
{
    if (spec->kind == STEP_TOUCH || spec->kind == STEP_SETTLE)
        return VECTOR_SLACK;
    const bool reads = spec->kind == STEP_READS || spec->kind == STEP_CACHE;
    const bool sizes = spec->invalidates || (spec->inserts && spec->filter.sizes.mixed);
    return (size_t)REQUEST_POSITIONS * (reads ? STEP_READS_MAX : sizes ? 4 : spec->inserts ? 2 : 1) + VECTOR_SLACK;
}

uint64_t step_bytes(const struct step *step)
{
    const struct step_spec *spec = &step->spec;
    uint64_t bytes = sizeof *step;
    if (step->tells_missing)
        bytes += step_most_items(spec) * sizeof(uint16_t);
    if (spec->filter.geometry.entries != 0)
        bytes += filter_bytes(&spec->filter);
    if (spec->kind == STEP_SETTLE)
        bytes += WALK_SHAPES * sizeof(uint16_t);
    return bytes;
}

/* ---- lookups ---- */

static struct lookups lookups_of(const struct step_spec *spec)
{
    return (struct lookups){spec->page_size_bytes, spec->format, spec->kinds, spec->collapse};
}

static void count_found(struct step *step, const struct block *block, const struct lookups_found *found)
{
    const uint32_t fetches = block->of_kind[ACCESS_FETCH];
    if ((step->spec.kinds & KINDS_DATA) != 0)
        step->count[DATA] += block->count - fetches + found->crossings[DATA];
    if ((step->spec.kinds & KINDS_INSTRUCTIONS) != 0)
        step->count[FETCHES] += fetches + found->crossings[FETCHES];
    step->crossings += found->crossings[DATA] + found->crossings[FETCHES];
}

static enum step_result run_lookups(struct step *step, const struct block *block, struct stream *output)
{
    const struct lookups lookups = lookups_of(&step->spec);
    const struct lookups_found found = lookups_run(&lookups, block, step->is_vector, output->item);
    if (found.illegal)
        return STEP_BAD_ADDRESS;
    step->reach |= found.reach;
    output->count = found.requests;
    output->reach = step->reach;
    output->uncertain = false;
    count_found(step, block, &found);
    return STEP_DONE;
}

void step_coarsen(struct step *step, const struct block *block, const struct stream *finer, struct stream *output)
{
    const struct lookups lookups = lookups_of(&step->spec);
    const struct lookups_found found = lookups_coarsen(&lookups, finer->item, finer->count, output->item);
    output->count = found.requests;
    output->reach = finer->reach;
    count_found(step, block, &found);
}

uint32_t step_first_bad_address(const struct step_spec *spec, const struct block *block)
{
    const struct lookups lookups = lookups_of(spec);
    return lookups_first_illegal(&lookups, block);
}

/* ---- select, merge, tlb ---- */

VECTOR_CLONES static uint64_t count_fetches(const uint64_t *item, size_t count)
{
    uint64_t fetches = 0;
    for (size_t i = 0; i < count; i++)
        fetches += item[i] >> REQUEST_FETCH_SHIFT & 1;
    return fetches;
}

static void count_among_inserts(struct step *step, const struct stream *stream)
{
    for (size_t i = 0; i < stream->count; i++)
        if ((stream->item[i] & REQUEST_INSERT) == 0)
            step->count[stream->item[i] >> REQUEST_FETCH_SHIFT & 1]++;
}

static void count_lookups(struct step *step, const struct block *block, const struct stream *stream)
{
    const struct step_spec *spec = &step->spec;
    if (spec->inserts) {
        count_among_inserts(step, stream);
        return;
    }
    const enum kinds kinds = (enum kinds)(spec->kinds & block_kinds(block));
    const uint64_t fetches = kinds == KINDS_ALL            ? count_fetches(stream->item, stream->count)
                             : kinds == KINDS_INSTRUCTIONS ? stream->count
                                                           : 0;
    step->count[FETCHES] += fetches;
    step->count[DATA] += stream->count - fetches;
}

/* ---- Pages of several sizes ---- */

static enum step_result run_map(struct step *step, const struct stream *input, struct stream *output)
{
    struct mapping_found found;
    if (!mapping_run(step->mapping, input->item, input->count, output->item, &found))
        return STEP_OUT_OF_MEMORY;
    output->count = found.items;
    output->reach = input->reach;
    output->uncertain = false;
    step->count[DATA] += found.lookups[DATA];
    step->count[FETCHES] += found.lookups[FETCHES];
    step->crossings += found.crossings[DATA] + found.crossings[FETCHES];
    for (unsigned size_class = 0; size_class < REQUEST_CLASSES; size_class++)
        step->count_of_class[size_class] += found.of_class[size_class];
    return STEP_DONE;
}

static void count_sizes(struct step *step, const struct stream *stream)
{
    const uint64_t sign = step->spec.filter.sizes.sign;
    for (size_t i = 0; i < stream->count; i++) {
        const uint64_t item = stream->item[i];
        const unsigned size_class = request_class(item, sign);
        if (size_class == REQUEST_INVALIDATE || (item & REQUEST_INSERT) != 0)
            continue;
        step->count[item >> REQUEST_FETCH_SHIFT & 1]++;
        step->count_of_class[size_class]++;
    }
}

static bool run_filter(const struct step *step, const struct block *block, const struct stream *input,
                       struct stream *output)
{
    output->reach = input->reach;
    output->missing = step->missing;
    if (step->open != NULL)
        return open_filter_run(step->open, block->first_record, input, output);
    output->count = filter_run(step->filter, input->reach, input->item, input->count, output->item, step->missing);
    return true;
}

bool step_runs_in_place(const struct step_spec *spec)
{
    return spec->kind == STEP_SELECT || spec->kind == STEP_WALK_CACHE || spec->kind == STEP_CACHE ||
           (spec->kind == STEP_TLB && spec->filter.evicted_kinds == KINDS_NONE);
}

static void run_select(const struct step *step, const struct stream *input, struct stream *output)
{
    const uint64_t wanted = step->spec.kinds == KINDS_INSTRUCTIONS ? REQUEST_FETCH : 0;
    size_t items = 0;
    for (size_t i = 0; i < input->count; i++) {
        output->item[items] = input->item[i];
        items += (input->item[i] & REQUEST_FETCH) == wanted;
    }
    output->count = items;
    output->reach = input->reach;
    output->uncertain = input->uncertain;
}

/* Positions of the two inputs never meet: an access has one kind. */
static void run_merge(const struct stream *a, const struct stream *b, struct stream *output)
{
    size_t i = 0;
    size_t j = 0;
    uint64_t *out = output->item;
    while (i < a->count && j < b->count) {
        const bool first = request_position(a->item[i]) < request_position(b->item[j]);
        *out++ = first ? a->item[i] : b->item[j];
        i += first;
        j += !first;
    }
    memcpy(out, a->item + i, (a->count - i) * sizeof *out);
    out += a->count - i;
    memcpy(out, b->item + j, (b->count - j) * sizeof *out);
    output->count = a->count + b->count;
    output->reach = a->reach | b->reach;
    output->uncertain = a->uncertain || b->uncertain;
}

/* ---- touch, reads ---- */

static enum step_result run_touch(const struct step *step, const struct stream *walks)
{
    return address_space_touch(step->space, walks->item, walks->count) ? STEP_DONE : STEP_OUT_OF_MEMORY;
}

/* All addresses so far lie below the end. */
static uint64_t reads_reach(uint64_t end)
{
    return ~UINT64_C(0) >> __builtin_clzll(end >> REQUEST_READ_SHIFT << REQUEST_KEY_SHIFT | 1);
}

uint64_t step_reads_reach(const struct address_space *space)
{
    return reads_reach(address_space_end(space));
}

void step_find_readers(const struct step_spec *spec, struct stream *const input[STEP_INPUTS_MAX],
                       const uint16_t *reading[PAGE_TABLE_LEVELS_MAX])
{
    for (unsigned level = 0; level < spec->leaf_level; level++) {
        const int below = level + 1 == spec->leaf_level ? spec->input[0] : spec->input[2 + level];
        reading[level] = spec->input[1 + level] == below ? NULL : input[1 + level]->missing;
    }
}

void step_find_missing(const struct step_spec *spec, struct stream *const input[STEP_INPUTS_MAX],
                       const uint16_t *missing[MACHINE_CACHES])
{
    for (unsigned k = 0; k < MACHINE_CACHES; k++)
        missing[k] = spec->input[k + 1] == spec->input[k] ? NULL : input[k + 1]->missing;
}

static enum step_result run_reads(struct step *step, struct stream *const input[STEP_INPUTS_MAX], struct stream *output)
{
    struct address_space_walks walks = {.item = input[0]->item, .count = input[0]->count};
    step_find_readers(&step->spec, input, walks.reading);
    const bool sizes = step->mapping != NULL;
    const uint64_t end = sizes ? mapping_end(step->mapping) : address_space_end(step->space);
    output->count = sizes ? mapping_read(step->mapping, &walks, output->item)
                          : address_space_read(step->space, &walks, output->item, NULL);
    output->reach = reads_reach(end);
    step->count[DATA] += output->count;
    return end >> REQUEST_PHYSICAL_BITS == 0 ? STEP_DONE : STEP_OUT_OF_ADDRESSES;
}

/* ---- settle ---- */

static void run_settle(struct step *step, struct stream *const input[STEP_INPUTS_MAX])
{
    struct settle_reads reads = {.item = input[0]->item, .count = input[0]->count};
    step_find_missing(&step->spec, input, reads.missing);
    settle_run(&reads, step->shape_seen);
}

enum step_result step_run(struct step *step, const struct block *block, struct stream *const input[STEP_INPUTS_MAX],
                          struct stream *output)
{
    switch (step->spec.kind) {
    case STEP_LOOKUPS:
        return run_lookups(step, block, output);
    case STEP_SELECT:
        run_select(step, input[0], output);
        count_lookups(step, block, output);
        break;
    case STEP_MERGE:
        run_merge(input[0], input[1], output);
        count_lookups(step, block, output);
        break;
    case STEP_TLB:
        if (!run_filter(step, block, input[0], output))
            return STEP_OUT_OF_MEMORY;
        if (step->spec.filter.sizes.mixed)
            count_sizes(step, output);
        else
            count_lookups(step, block, output);
        break;
    case STEP_MAP:
        return run_map(step, input[0], output);
    case STEP_WALK_CACHE:
    case STEP_CACHE:
        if (!run_filter(step, block, input[0], output))
            return STEP_OUT_OF_MEMORY;
        if (step->spec.filter.sizes.mixed)
            count_sizes(step, output);
        else
            step->count[DATA] += output->count;
        break;
    case STEP_TOUCH:
        output->count = 0;
        return run_touch(step, input[0]);
    case STEP_READS:
        return run_reads(step, input, output);
    case STEP_SETTLE:
        run_settle(step, input);
        output->count = 0;
        break;
    }
    return STEP_DONE;
}

/* ---- Parts of a trace ---- */

bool step_open(struct step *step, struct arena *arena)
{
    if (step->filter == NULL)
        return true;
    step->open = open_filter_create(step->filter, &step->spec.filter, arena);
    return step->open != NULL;
}

void step_reopen(struct step *step)
{
    step->count[DATA] = step->count[FETCHES] = 0;
    step->crossings = 0;
    step->reach = 0;
    if (step->open != NULL)
        open_filter_reopen(step->open);
}

/* The part has counted every item that it put out; some would not have been there. */
static void join_counts(struct step *whole, const struct step *part, const struct outcomes *output)
{
    const bool by_kind = part->spec.kind != STEP_WALK_CACHE;
    uint64_t absent[2] = {0};
    for (size_t i = 0; i < output->count; i++)
        if ((output->item[i] & OUTCOME_THERE) == 0)
            absent[by_kind && (output->item[i] & OUTCOME_FETCH) != 0 ? FETCHES : DATA]++;
    whole->count[DATA] += part->count[DATA] - absent[DATA];
    whole->count[FETCHES] += part->count[FETCHES] - absent[FETCHES];
    whole->crossings += part->crossings;
    whole->reach |= part->reach;
}

bool step_join(struct step *whole, const struct step *part, const struct outcomes *const input[STEP_INPUTS_MAX],
               struct outcomes *output)
{
    bool good = true;
    *output = (struct outcomes){0};
    switch (part->spec.kind) {
    case STEP_LOOKUPS:
        break;
    case STEP_SELECT:
        good = outcomes_select(input[0], part->spec.kinds == KINDS_INSTRUCTIONS, output);
        break;
    case STEP_MERGE:
        good = outcomes_merge(input[0], input[1], output);
        break;
    case STEP_TLB:
    case STEP_WALK_CACHE:
        good = open_filter_join(part->open, whole->filter, input[0], output);
        break;
    case STEP_TOUCH:
        good = address_space_join(whole->space, part->space);
        break;
    case STEP_MAP:
    case STEP_READS:
    case STEP_CACHE:
    case STEP_SETTLE:
        assert(false); /* plan_can_be_cut */
        break;
    }
    if (good)
        join_counts(whole, part, output);
    return good;
}
