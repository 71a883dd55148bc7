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
    case STEP_WALK_CACHE:
    case STEP_CACHE:
        step->filter = filter_create(&spec->filter, arena);
        return step->filter != NULL;
    case STEP_SETTLE:
        step->walks_by_shape = arena_alloc(arena, WALK_SHAPES * sizeof *step->walks_by_shape);
        return step->walks_by_shape != NULL;
    case STEP_LOOKUPS:
    case STEP_SELECT:
    case STEP_MERGE:
    case STEP_TOUCH:
    case STEP_READS:
        break;
    }
    return true;
}

uint64_t step_bytes(const struct step_spec *spec)
{
    uint64_t bytes = sizeof(struct step);
    if (spec->filter.geometry.entries != 0)
        bytes += filter_bytes(&spec->filter);
    if (spec->kind == STEP_SETTLE)
        bytes += WALK_SHAPES * sizeof(uint64_t);
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

static void count_lookups(struct step *step, const struct stream *stream)
{
    const struct step_spec *spec = &step->spec;
    if (spec->inserts) {
        count_among_inserts(step, stream);
        return;
    }
    const uint64_t fetches = spec->kinds == KINDS_ALL            ? count_fetches(stream->item, stream->count)
                             : spec->kinds == KINDS_INSTRUCTIONS ? stream->count
                                                                 : 0;
    step->count[FETCHES] += fetches;
    step->count[DATA] += stream->count - fetches;
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

/* ---- touch, reads ---- */

static enum step_result run_touch(const struct step *step, const struct stream *walks)
{
    for (size_t i = 0; i < walks->count; i++)
        if (!address_space_touch(step->space, request_va(walks->item[i])))
            return STEP_OUT_OF_MEMORY;
    return STEP_DONE;
}

/* input[0] are the walks, input[1 + level] those of them that read their entry of that level; the leaf's they all read. */
static enum step_result run_reads(const struct step *step, const struct stream *const input[STEP_INPUTS_MAX],
                                  struct stream *output)
{
    const struct page_table_format *format = step->spec.format;
    const unsigned leaf_level = step->spec.leaf_level;
    const uint64_t *reader[PAGE_TABLE_LEVELS_MAX];
    unsigned shift[PAGE_TABLE_LEVELS_MAX];
    uint64_t mask[PAGE_TABLE_LEVELS_MAX];
    for (unsigned level = 0; level <= leaf_level; level++) {
        shift[level] = page_table_shift(format, level);
        mask[level] = (UINT64_C(1) << format->level[level].bits) - 1;
        if (level < leaf_level)
            reader[level] = input[1 + level]->item;
    }
    uint64_t *out = output->item;
    for (size_t i = 0; i < input[0]->count; i++) {
        const uint64_t walk = input[0]->item[i];
        const uint64_t va = request_va(walk);
        unsigned first = leaf_level;
        for (unsigned level = 0; level < leaf_level; level++) {
            const bool reads_it = *reader[level] == walk;
            reader[level] += reads_it;
            first -= reads_it;
        }
        const struct table *table = address_space_table(step->space, va);
        for (unsigned level = leaf_level + 1; level-- > first;) {
            const uint64_t address = table->address + (va >> shift[level] & mask[level]) * format->entry_bytes;
            out[level - first] = address >> REQUEST_READ_SHIFT << REQUEST_KEY_SHIFT | request_position(walk);
            table = address_space_parent(step->space, table);
        }
        out += leaf_level + 1 - first;
    }
    output->count = (size_t)(out - output->item);
    return address_space_end(step->space) >> REQUEST_PHYSICAL_BITS == 0 ? STEP_DONE : STEP_OUT_OF_ADDRESSES;
}

/* ---- settle ---- */

/* input[0] are all reads, input[k] those that k servers did not have, each in the order of the one before. */
static void run_settle(struct step *step, const struct stream *const input[STEP_INPUTS_MAX])
{
    const uint64_t *read = input[0]->item;
    const uint64_t *const end = read + input[0]->count;
    const uint64_t *missed[STEP_SERVERS];
    for (unsigned k = 1; k < STEP_SERVERS; k++)
        missed[k] = input[k]->item;
    uint32_t shape = 0;
    for (; read < end; read++) {
        unsigned server = 0;
        for (unsigned k = 1; k < STEP_SERVERS; k++) {
            const bool misses = *missed[k] == *read;
            missed[k] += misses;
            server += misses;
        }
        shape += walk_shape_of_read(server);
        if (read + 1 == end || request_position(read[0]) != request_position(read[1])) { /* its walk's last */
            step->walks_by_shape[shape]++;
            shape = 0;
        }
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
    case STEP_WALK_CACHE:
    case STEP_CACHE:
        output->count = filter_run(step->filter, input[0]->item, input[0]->count, output->item);
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
