/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/step.h"

#include <string.h>

enum { DATA = 0, FETCHES = 1 };

bool step_init(struct step *step, const struct step_spec *spec, struct address_space *space, struct arena *arena)
{
    *step = (struct step){.space = space};
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

/* An address is legal when adding `bias` brings it below 2^bits. */
static uint64_t legal_bias(const struct page_table_format *format)
{
    return format->upper == PAGE_TABLE_SIGN_EXTENDED ? UINT64_C(1) << (page_table_va_bits(format) - 1) : 0;
}

static enum kinds kind_of_access(uint16_t meta)
{
    return access_is_fetch(meta) ? KINDS_INSTRUCTIONS : KINDS_DATA;
}

uint32_t step_first_bad_address(const struct block *block, enum kinds kinds, const struct page_table_format *format)
{
    for (uint32_t i = 0; i < block->count; i++) {
        if ((kinds & kind_of_access(block->meta[i])) == 0)
            continue;
        const uint64_t last = block->va[i] + access_size_bytes(block->meta[i]) - 1;
        if (!page_table_expresses(format, block->va[i]) || !page_table_expresses(format, last))
            return i;
    }
    return block->count;
}

/* `kinds` and `collapse` are constants in each instance, so that the loop has no branch but the rare crossing. */
static inline __attribute__((always_inline)) enum step_result
expand(struct step *step, const struct block *block, struct stream *output, const enum kinds kinds, const bool collapse)
{
    const uint64_t page_mask = -step->spec.page_size_bytes;
    const unsigned bits = page_table_va_bits(step->spec.format);
    const uint64_t bias = legal_bias(step->spec.format);
    const uint32_t count = block->count;
    uint64_t *out = output->item;
    size_t items = 0;
    uint64_t illegal = 0;
    uint64_t previous = 1; /* no page's address */
    uint64_t crossings[2] = {0, 0};
    uint64_t fetches = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t va = block->va[i];
        const uint16_t meta = block->meta[i];
        const bool fetch = access_is_fetch(meta);
        const bool wanted = kinds == KINDS_ALL || fetch == (kinds == KINDS_INSTRUCTIONS);
        const uint64_t last = va + (meta & (ACCESS_SIZE_MAX - 1));
        const uint64_t page = va & page_mask;
        const uint64_t low = (uint64_t)fetch << REQUEST_FETCH_SHIFT | 2 * i;
        const uint64_t over = (va + bias) >> bits | (last + bias) >> bits;
        illegal |= wanted ? over : 0;
        fetches += fetch;
        out[items] = request_of_va(page, low);
        items += wanted && (!collapse || page != previous);
        previous = wanted ? page : previous;
        if (__builtin_expect(((last ^ va) & page_mask) != 0, 0) && wanted) {
            previous = last & page_mask;
            out[items++] = request_of_va(previous, low | 1);
            crossings[fetch]++;
        }
    }
    output->count = items;
    if (illegal != 0)
        return STEP_BAD_ADDRESS;
    if (kinds != KINDS_INSTRUCTIONS)
        step->count[DATA] += count - fetches + crossings[DATA];
    if (kinds != KINDS_DATA)
        step->count[FETCHES] += fetches + crossings[FETCHES];
    step->crossings += crossings[DATA] + crossings[FETCHES];
    return STEP_DONE;
}

static enum step_result run_lookups(struct step *step, const struct block *block, struct stream *output)
{
    const bool collapse = step->spec.collapse;
    switch (step->spec.kinds) {
    case KINDS_ALL:
        return collapse ? expand(step, block, output, KINDS_ALL, true) : expand(step, block, output, KINDS_ALL, false);
    case KINDS_DATA:
        return collapse ? expand(step, block, output, KINDS_DATA, true)
                        : expand(step, block, output, KINDS_DATA, false);
    case KINDS_INSTRUCTIONS:
        return collapse ? expand(step, block, output, KINDS_INSTRUCTIONS, true)
                        : expand(step, block, output, KINDS_INSTRUCTIONS, false);
    case KINDS_NONE:
        break;
    }
    output->count = 0;
    return STEP_DONE;
}

/* ---- select, merge, tlb ---- */

static void count_lookups(struct step *step, const struct stream *stream)
{
    uint64_t fetches = 0;
    uint64_t inserts = 0;
    uint64_t inserted_fetches = 0;
    for (size_t i = 0; i < stream->count; i++) {
        const uint64_t item = stream->item[i];
        const uint64_t fetch = item >> REQUEST_FETCH_SHIFT & 1;
        const bool insert = (item & REQUEST_INSERT) != 0;
        fetches += fetch;
        inserts += insert;
        inserted_fetches += insert ? fetch : 0;
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
