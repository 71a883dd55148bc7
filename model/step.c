/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/step.h"

#include <string.h>

#include "model/lookups.h"
#include "model/vector.h"

enum { DATA = 0, FETCHES = 1 };

bool step_init(struct step *step, const struct step_spec *spec, struct address_space *space, struct arena *arena)
{
    *step = (struct step){.space = space, .is_vector = vector_available()};
    memcpy(&step->spec, spec, sizeof *spec); /* padding and all: specs are compared byte by byte */
    switch (spec->kind) {
    case STEP_TLB:
    case STEP_CACHE:
        step->filter = filter_create(&spec->filter, arena);
        return step->filter != NULL;
    case STEP_WALK:
        for (unsigned level = 0; level < PAGE_TABLE_LEVELS_MAX; level++) {
            if (spec->walk_cache[level].entries == 0)
                continue;
            const struct filter_spec cache = {.geometry = spec->walk_cache[level], .policy = POLICY_LRU};
            step->walk_cache[level] = filter_create(&cache, arena);
            if (step->walk_cache[level] == NULL)
                return false;
        }
        return true;
    case STEP_SETTLE:
        step->walks_by_shape = arena_alloc(arena, WALK_SHAPES * sizeof *step->walks_by_shape);
        return step->walks_by_shape != NULL;
    case STEP_LOOKUPS:
    case STEP_SELECT:
    case STEP_MERGE:
        break;
    }
    return true;
}

uint64_t step_bytes(const struct step_spec *spec)
{
    uint64_t bytes = sizeof(struct step);
    if (spec->kind == STEP_TLB || spec->kind == STEP_CACHE)
        bytes += filter_bytes(&spec->filter);
    if (spec->kind == STEP_SETTLE)
        bytes += WALK_SHAPES * sizeof(uint64_t);
    for (unsigned level = 0; spec->kind == STEP_WALK && level < PAGE_TABLE_LEVELS_MAX; level++)
        bytes += spec->walk_cache[level].entries * sizeof(uint64_t);
    return bytes;
}

/* ---- lookups ---- */

static struct lookups lookups_of(const struct step_spec *spec)
{
    return (struct lookups){spec->page_size_bytes, spec->format, spec->kinds, spec->collapse};
}

static enum step_result run_lookups(struct step *step, const struct block *block, struct stream *output)
{
    const struct lookups lookups = lookups_of(&step->spec);
    const struct lookups_found found = lookups_run(&lookups, block, step->is_vector, output->item);
    output->count = found.requests;
    if (found.illegal)
        return STEP_BAD_ADDRESS;
    if ((lookups.kinds & KINDS_DATA) != 0)
        step->count[DATA] += block->count - found.fetches + found.crossings[DATA];
    if ((lookups.kinds & KINDS_INSTRUCTIONS) != 0)
        step->count[FETCHES] += found.fetches + found.crossings[FETCHES];
    step->crossings += found.crossings[DATA] + found.crossings[FETCHES];
    return STEP_DONE;
}

uint32_t step_first_bad_address(const struct step_spec *spec, const struct block *block)
{
    const struct lookups lookups = lookups_of(spec);
    return lookups_first_illegal(&lookups, block);
}

/* ---- select, merge, tlb ---- */

/* A stream of one kind and no insert items needs no look at its items. */
static void count_lookups(struct step *step, const struct stream *stream)
{
    if (step->spec.kinds != KINDS_ALL && step->spec.filter.evicted_kinds == KINDS_NONE && !step->spec.inserts) {
        step->count[step->spec.kinds == KINDS_DATA ? DATA : FETCHES] += stream->count;
        return;
    }
    uint64_t fetches = 0;
    uint64_t inserts = 0;
    uint64_t inserted_fetches = 0;
    for (size_t i = 0; i < stream->count; i++) {
        const uint64_t fetch = stream->item[i] >> REQUEST_FETCH_SHIFT & 1;
        const uint64_t insert = stream->item[i] >> REQUEST_INSERT_SHIFT & 1;
        fetches += fetch;
        inserts += insert;
        inserted_fetches += insert & fetch;
    }
    step->count[FETCHES] += fetches - inserted_fetches;
    step->count[DATA] += stream->count - inserts - (fetches - inserted_fetches);
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
}

/* ---- walk ---- */

/* Asks the walk caches from the deepest up; each that misses is filled, since the walk then reads the entry it lacks.
 * Returns the first level that the walk reads. */
static unsigned first_level_read(struct step *step, uint64_t va, unsigned leaf_level)
{
    for (unsigned level = leaf_level; level-- > 0;) {
        if (step->walk_cache[level] == NULL)
            continue;
        if (filter_access(step->walk_cache[level], va >> page_table_shift(step->spec.format, level))) {
            step->walk_cache_hits[level]++;
            return level + 1;
        }
    }
    return 0;
}

static uint64_t entry_address(const struct page_table_format *format, unsigned level, const struct table *table,
                              uint64_t va)
{
    const uint64_t index = va >> page_table_shift(format, level) & ((UINT64_C(1) << format->level[level].bits) - 1);
    return table->address + index * format->entry_bytes;
}

static enum step_result run_walk(struct step *step, const struct stream *input, struct stream *output)
{
    const struct page_table_format *format = step->spec.format;
    const unsigned leaf_level = step->spec.leaf_level;
    uint64_t *out = output->item;
    size_t reads = 0;
    for (size_t i = 0; i < input->count; i++) {
        const uint64_t va = request_va(input->item[i]);
        const struct table *table = address_space_touch(step->space, va);
        if (table == NULL)
            return STEP_OUT_OF_MEMORY;
        const unsigned first = first_level_read(step, va, leaf_level);
        const unsigned walk_reads = leaf_level + 1 - first;
        step->walks_by_reads[walk_reads]++;
        if (!step->spec.reads)
            continue;
        /* From the leaf up through the parents, so that the root's read comes first in the stream. */
        for (unsigned level = leaf_level + 1; level-- > first;) {
            const uint64_t address = entry_address(format, level, table, va);
            out[reads + level - first] =
                address >> REQUEST_READ_SHIFT << REQUEST_KEY_SHIFT | request_position(input->item[i]);
            table = address_space_parent(step->space, table);
        }
        reads += walk_reads;
    }
    output->count = reads;
    if (step->spec.reads && address_space_end(step->space) >> REQUEST_PHYSICAL_BITS != 0)
        return STEP_OUT_OF_ADDRESSES;
    return STEP_DONE;
}

/* ---- settle ---- */

/* input[0] are all reads, input[k] what reached the k-th server: the difference was served above it. */
static void run_settle(struct step *step, const struct stream *const input[STEP_INPUTS_MAX])
{
    size_t at[STEP_INPUTS_MAX] = {0};
    while (at[0] < input[0]->count) {
        const uint32_t position = request_position(input[0]->item[at[0]]);
        uint32_t reached[STEP_SERVERS + 1] = {0};
        for (unsigned k = 0; k < STEP_INPUTS_MAX; k++) {
            const size_t begin = at[k];
            while (at[k] < input[k]->count && request_position(input[k]->item[at[k]]) == position)
                at[k]++;
            reached[k] = (uint32_t)(at[k] - begin);
        }
        uint32_t served[STEP_SERVERS];
        for (unsigned k = 0; k < STEP_SERVERS; k++)
            served[k] = reached[k] - reached[k + 1];
        step->walks_by_shape[walk_shape(served)]++;
    }
}

enum step_result step_run(struct step *step, const struct block *block,
                          const struct stream *const input[STEP_INPUTS_MAX], struct stream *output)
{
    switch (step->spec.kind) {
    case STEP_LOOKUPS:
        return run_lookups(step, block, output);
    case STEP_SELECT:
        run_select(step, input[0], output);
        count_lookups(step, output);
        break;
    case STEP_MERGE:
        run_merge(input[0], input[1], output);
        count_lookups(step, output);
        break;
    case STEP_TLB:
        output->count = filter_run(step->filter, input[0]->item, input[0]->count, output->item);
        count_lookups(step, output);
        break;
    case STEP_CACHE:
        output->count = filter_run(step->filter, input[0]->item, input[0]->count, output->item);
        break;
    case STEP_WALK:
        return run_walk(step, input[0], output);
    case STEP_SETTLE:
        run_settle(step, input);
        output->count = 0;
        break;
    }
    return STEP_DONE;
}
