/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/step.h"

#include <assert.h>
#include <string.h>

#include "model/lookups.h"
#include "model/settle.h"
#include "model/vector.h"

enum { DATA = 0, FETCHES = 1 };

/* Reads of one block, at most. */
static size_t most_reads(const struct step_spec *spec)
{
    return (size_t)REQUEST_POSITIONS * STEP_READS_MAX * (1 + spec->prefetches) + VECTOR_SLACK;
}

static bool init_demand(struct step *step, struct arena *arena)
{
    const size_t most = most_reads(&step->spec);
    bool good = (step->demand = arena_alloc(arena, most * sizeof *step->demand)) != NULL;
    for (unsigned k = 0; k < MACHINE_CACHES; k++)
        good = (step->demand_missing[k] = arena_alloc(arena, most * sizeof(uint16_t))) != NULL && good;
    return good;
}

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
    case STEP_PREFETCH:
        step->prefetcher = prefetcher_create(&spec->prefetch, spec->page_size_bytes, arena);
        return step->prefetcher != NULL;
    case STEP_SETTLE:
        if (spec->prefetches != 0 && !init_demand(step, arena))
            return false;
        step->shape_seen = arena_alloc(arena, WALK_SHAPES * sizeof *step->shape_seen);
        return step->shape_seen != NULL;
    case STEP_TIMING:
        step->timing = timing_create(&spec->timing, arena);
        return step->timing != NULL;
    case STEP_TOUCH:
        return step->table == NULL || entry_table_start(step->table);
    case STEP_TALLY:
        step->tally = tally_create(table_reads_at_once(spec->format), arena);
        return step->tally != NULL;
    case STEP_WALK_PATHS:
        step->paths = walk_paths_create(spec->leaf_level + 1, arena);
        return step->paths != NULL;
    case STEP_LOOKUPS:
    case STEP_SELECT:
    case STEP_MERGE:
    case STEP_MAP:
    case STEP_READS:
    case STEP_LENGTHS:
    case STEP_SHAPES:
    case STEP_TSB_READS:
    case STEP_PROBES:
    case STEP_FRAMES:
    case STEP_NESTED_LOOKUPS:
    case STEP_NESTED_READS:
        break;
    case STEP_PDES:
        if (step->tells_missing)
            step->missing = arena_alloc(arena, step_most_items(spec) * sizeof *step->missing);
        return !step->tells_missing || step->missing != NULL;
    }
    return true;
}

/* For every lookup a page-table entry of every level; of lookups, as many again that were evicted. Of several sizes there may
 * be another one that such a page evicts further down, and an invalidation. */
size_t step_most_items(const struct step_spec *spec)
{
    if (spec->kind == STEP_TOUCH || spec->kind == STEP_SETTLE || spec->kind == STEP_TIMING ||
        spec->kind == STEP_TALLY || spec->kind == STEP_WALK_PATHS || spec->kind == STEP_FRAMES || spec->counts_only)
        return VECTOR_SLACK;
    if (spec->walk_items != 0)
        return (size_t)REQUEST_POSITIONS * spec->walk_items + VECTOR_SLACK;
    if (spec->kind == STEP_PROBES || (spec->kind == STEP_CACHE && spec->format != NULL))
        return STEP_PROBES_MAX + VECTOR_SLACK;
    if (spec->kind == STEP_READS || spec->kind == STEP_CACHE || spec->kind == STEP_TSB_READS || spec->of_reads)
        return most_reads(spec);
    const bool sizes = spec->invalidates || (spec->inserts && spec->filter.sizes.mixed);
    return (size_t)REQUEST_POSITIONS * (sizes ? 4 : spec->inserts ? 2 : 1 + spec->prefetches) + VECTOR_SLACK;
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
    if (spec->kind == STEP_TIMING)
        bytes += timing_bytes(&spec->timing);
    if (spec->kind == STEP_TALLY)
        bytes += sizeof(struct tally);
    if (spec->kind == STEP_TOUCH && step->table != NULL)
        bytes += entry_table_bytes(step->table);
    if (spec->kind == STEP_WALK_PATHS)
        bytes += walk_paths_bytes(spec->leaf_level + 1);
    if (spec->kind == STEP_SETTLE && spec->prefetches != 0)
        bytes += most_reads(spec) * (sizeof(uint64_t) + MACHINE_CACHES * sizeof(uint16_t));
    if (spec->kind == STEP_PREFETCH)
        bytes += prefetcher_bytes(&spec->prefetch);
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

/* Says whose the lookups are. */
VECTOR_CLONES static void put_tag(uint64_t *item, size_t count, uint64_t tag, bool spares_upper)
{
    const uint64_t spared = spares_upper ? UINT64_MAX : 0;
    for (size_t i = 0; i < count; i++)
        item[i] ^= tag & ~(-(item[i] >> 63) & spared);
}

/* That of requests of this reach with the tag, or more. */
static uint64_t tagged_reach(uint64_t reach, uint64_t tag)
{
    return tag >> 63 == 0 ? reach | tag : UINT64_MAX;
}

static enum step_result run_lookups(struct step *step, const struct block *block, struct stream *output)
{
    const struct lookups lookups = lookups_of(&step->spec);
    const struct lookups_found found = lookups_run(&lookups, block, step->is_vector, output->item);
    if (found.illegal)
        return STEP_BAD_ADDRESS;
    step->reach |= step->tag == 0 ? found.reach : tagged_reach(found.reach, step->tag);
    if (step->tag != 0)
        put_tag(output->item, found.requests, step->tag, step->spares_upper);
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
    if (step->spec.filter.cover != COVER_PAGE) {
        output->count = filter_run_groups(step->filter, step->frames, input->item, input->count, output->item);
        return true;
    }
    output->count =
        step->spec.filter.entry_shift != 0
            ? filter_run_entries(step->filter, input->item, input->count, output->item)
            : filter_run(step->filter, input->reach, input->item, input->count, output->item, step->missing);
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

static void run_select_cpu(const struct step *step, const struct block *block, const struct stream *input,
                           struct stream *output)
{
    const size_t items = block->thread % step->spec.cpus == step->spec.cpu ? input->count : 0;
    if (output->item != input->item)
        memcpy(output->item, input->item, items * sizeof *output->item);
    output->reach = input->reach;
    output->uncertain = input->uncertain;
    output->count = items;
}

/* What kind of access it was stands in the block. Runs of one page are collapsed here and not before: a store behind a
 * load of the same page is the store array's first. */
static void run_select_half(struct step *step, const struct block *block, const struct stream *input,
                            struct stream *output)
{
    const bool stores = step->spec.half == DATA_STORES;
    const bool collapse = step->spec.collapse;
    uint64_t previous = STREAM_END; /* no key: its low bits are cut off */
    size_t items = 0;
    for (size_t i = 0; i < input->count; i++) {
        const uint64_t item = input->item[i];
        const enum access_kind kind = access_kind(block->meta[request_position(item) / 2]);
        if (stores != (kind == ACCESS_STORE || kind == ACCESS_MODIFY))
            continue;
        step->count[DATA]++;
        const uint64_t key = item >> REQUEST_KEY_SHIFT;
        output->item[items] = item;
        items += !collapse || key != previous;
        previous = key;
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

static enum step_result run_touch_nested(const struct step *step, const struct stream *walks)
{
    switch (nested_touch(step->nested, walks->item, walks->count)) {
    case NESTED_DONE:
        return STEP_DONE;
    case NESTED_OUT_OF_MEMORY:
        return STEP_OUT_OF_MEMORY;
    case NESTED_OUT_OF_ADDRESSES:
        break;
    }
    return STEP_OUT_OF_GUEST_ADDRESSES;
}

static enum step_result run_touch(const struct step *step, const struct block *block, const struct stream *walks)
{
    if (step->table != NULL) {
        const enum entry_table_result result =
            entry_table_touch(step->table, block->first_record, walks->item, walks->count);
        return result == TABLE_DONE ? STEP_DONE : result == TABLE_FULL ? STEP_TABLE_FULL : STEP_OUT_OF_MEMORY;
    }
    if (step->nested != NULL)
        return run_touch_nested(step, walks);
    return address_space_touch(step->space, walks->item, walks->count) ? STEP_DONE : STEP_OUT_OF_MEMORY;
}

/* Behind a prefetcher: its walks and their reads apart from all others. */
static void count_apart(struct step *step, const struct stream *output)
{
    uint64_t prefetches = 0;
    for (size_t i = 0; step->spec.prefetches != 0 && i < output->count; i++)
        prefetches += output->item[i] >> REQUEST_INSERT_SHIFT & 1;
    step->count[0] += output->count - prefetches;
    step->count[1] += prefetches;
}

static void run_pdes(const struct step *step, const struct stream *walks, struct stream *output)
{
    size_t items = 0;
    for (size_t i = 0; i < walks->count; i++) {
        const bool reads = (walks->item[i] & REQUEST_INSERT) == 0;
        output->item[items] = walks->item[i];
        items += reads;
        if (step->missing != NULL)
            step->missing[i] = reads;
    }
    output->count = items;
    output->reach = walks->reach;
    output->uncertain = false;
    output->missing = step->missing;
}

static void run_prefetch(struct step *step, const struct stream *input, struct stream *output)
{
    output->reach = input->reach; /* a prefetch is of a page that has been looked up */
    output->uncertain = false;
    output->count = prefetcher_run(step->prefetcher, step->frames, input->item, input->count, output->item);
    count_among_inserts(step, output);
}

static enum step_result run_frames(const struct step *step, struct stream *const input[STEP_INPUTS_MAX])
{
    const bool two = step->spec.input[1] != STEP_NONE;
    return frames_see(step->frames, input[0]->item, input[0]->count, two ? input[1]->item : NULL,
                      two ? input[1]->count : 0)
               ? STEP_DONE
               : STEP_OUT_OF_MEMORY;
}

/* All addresses so far lie below the end. */
static uint64_t reach_below(uint64_t end)
{
    return ~UINT64_C(0) >> __builtin_clzll(end >> REQUEST_READ_SHIFT << REQUEST_KEY_SHIFT | 1);
}

uint64_t step_reads_reach(const struct address_space *space)
{
    return reach_below(address_space_end(space));
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
    output->reach = reach_below(end);
    count_apart(step, output);
    return end >> REQUEST_PHYSICAL_BITS == 0 ? STEP_DONE : STEP_OUT_OF_ADDRESSES;
}

/* A TSB's entry is that of the page number mod its entries. */
static void run_tsb_reads(struct step *step, struct stream *const input[STEP_INPUTS_MAX], struct stream *output)
{
    const struct stream *walks = input[0];
    const struct stream *reads = input[1];
    const struct tsb *tsb = &step->spec.tsb;
    uint64_t *out = output->item;
    size_t k = 0;
    for (size_t i = 0; i < walks->count; i++) {
        const uint32_t position = request_position(walks->item[i]);
        const uint64_t page = request_va(walks->item[i]) >> __builtin_ctzll(step->spec.page_size_bytes);
        const uint64_t address = tsb->address + (page & (tsb->entries - 1)) * tsb->entry_bytes;
        *out++ = address >> REQUEST_READ_SHIFT << REQUEST_KEY_SHIFT | position;
        while (k < reads->count && request_position(reads->item[k]) == position)
            *out++ = reads->item[k++];
    }
    output->count = (size_t)(out - output->item);
    output->reach = step_reads_reach(step->space);
    step->count[DATA] += output->count;
}

static enum step_result run_probes(struct step *step, const struct block *block, const struct stream *walks,
                                   struct stream *output)
{
    size_t reads = 0;
    uint64_t *item = step->spec.counts_only ? NULL : output->item;
    if (!entry_table_read(step->table, block->first_record, walks->item, walks->count, item, STEP_PROBES_MAX, &reads))
        return STEP_TOO_MANY_READS;
    step->count[DATA] += reads;
    output->count = step->spec.counts_only ? 0 : reads;
    output->reach = reach_below(entry_table_end(step->table));
    return step->spec.counts_only || entry_table_end(step->table) >> REQUEST_PHYSICAL_BITS == 0 ? STEP_DONE
                                                                                                : STEP_OUT_OF_ADDRESSES;
}

/* ---- nested ---- */

static void run_nested_lookups(struct step *step, struct stream *const input[STEP_INPUTS_MAX], struct stream *output)
{
    output->count = nested_lookups(step->nested, input[0]->item, input[0]->count, input[1]->item, output->item);
    output->reach = step_reads_reach(step->space);
    output->uncertain = false;
    step->count[DATA] += output->count;
}

/* Its inputs are the lookups and then, by level, those that read the host's entry of it. */
static void run_nested_reads(struct step *step, struct stream *const input[STEP_INPUTS_MAX], struct stream *output)
{
    const struct step_spec *spec = &step->spec;
    const uint16_t *reading[PAGE_TABLE_LEVELS_MAX] = {NULL};
    for (unsigned level = 0; level <= spec->leaf_level; level++) {
        const int below = level == spec->leaf_level ? spec->input[0] : spec->input[2 + level];
        reading[level] = spec->input[1 + level] == below ? NULL : input[1 + level]->missing;
    }
    uint64_t host_reads;
    output->count = nested_reads(step->nested, input[0]->item, input[0]->count, reading, output->item, &host_reads);
    output->reach = reach_below(nested_end(step->nested));
    output->uncertain = false;
    step->count[DATA] += output->count;
    step->host_reads += host_reads;
}

/* ---- settle ---- */

/* The reads without those of prefetches, which nobody waits for: their walks have no shape. */
static void leave_out_prefetches(struct step *step, struct settle_reads *reads)
{
    const struct settle_reads all = *reads;
    size_t at[MACHINE_CACHES] = {0};
    size_t kept[MACHINE_CACHES] = {0};
    reads->count = 0;
    for (size_t i = 0; i < all.count; i++) {
        const bool keep = (all.item[i] & REQUEST_INSERT) == 0;
        bool asking = true;
        for (unsigned k = 0; k < MACHINE_CACHES && asking; k++) {
            if (all.missing[k] == NULL)
                continue;
            const uint16_t missing = all.missing[k][at[k]++];
            step->demand_missing[k][kept[k]] = missing;
            kept[k] += keep;
            asking = missing != 0;
        }
        step->demand[reads->count] = all.item[i];
        reads->count += keep;
    }
    reads->item = step->demand;
    for (unsigned k = 0; k < MACHINE_CACHES; k++)
        reads->missing[k] = all.missing[k] == NULL ? NULL : step->demand_missing[k];
}

static void run_settle(struct step *step, struct stream *const input[STEP_INPUTS_MAX])
{
    struct settle_reads reads = {.item = input[0]->item, .count = input[0]->count};
    step_find_missing(&step->spec, input, reads.missing);
    if (step->spec.prefetches != 0)
        leave_out_prefetches(step, &reads);
    settle_run(&reads, step->shape_seen);
}

void step_forget(struct step *step, const struct processes_order *order)
{
    if (step->spec.kind != STEP_TLB && step->spec.kind != STEP_WALK_CACHE)
        return;
    if (order->cpu != CPU_ALL && order->cpu != step->cpu)
        return;
    if (order->forgets == FORGETS_ALL)
        filter_clear(step->filter);
    else if (order->forgets == FORGETS_ENTRIES)
        filter_invalidate(step->filter, step->spec.kind == STEP_TLB ? &order->entries : &order->walk_entries);
}

/* ---- lengths, shapes, timing ---- */

/* All reads cost the same: as if memory served them. */
static size_t run_lengths(const struct step_spec *spec, struct stream *const input[STEP_INPUTS_MAX], uint64_t *shape)
{
    const uint16_t *reading[PAGE_TABLE_LEVELS_MAX] = {NULL};
    step_find_readers(spec, input, reading);
    for (size_t i = 0; i < input[0]->count; i++) {
        uint64_t reads = 1;
        for (unsigned level = spec->leaf_level; level-- > 0; reads++)
            if (reading[level] != NULL && *reading[level]++ == 0)
                break;
        shape[i] = reads * walk_shape_of_read(MACHINE_CACHES);
    }
    return input[0]->count;
}

static size_t run_shapes(const struct step_spec *spec, struct stream *const input[STEP_INPUTS_MAX], uint64_t *shape)
{
    struct settle_reads reads = {.item = input[0]->item, .count = input[0]->count};
    step_find_missing(spec, input, reads.missing);
    return settle_list(&reads, shape);
}

static bool run_timing(const struct step *step, const struct block *block, struct stream *const input[STEP_INPUTS_MAX])
{
    struct timing_block in = {
        .block = block,
        .lookups = {input[0]->item, input[0]->count},
        .shape = input[TIMING_LEVELS + 1]->item,
        .page_shift = (uint32_t)__builtin_ctzll(step->spec.page_size_bytes),
    };
    for (unsigned level = 1; level <= TIMING_LEVELS; level++)
        in.missed[level] = (struct timing_items){input[level]->item, input[level]->count};
    return timing_run(step->timing, &in);
}

static enum step_result run_tally(const struct step *step, struct stream *const input[STEP_INPUTS_MAX])
{
    struct settle_reads reads = {.item = input[0]->item, .count = input[0]->count};
    step_find_missing(&step->spec, input, reads.missing);
    return tally_run(step->tally, &reads) ? STEP_DONE : STEP_OUT_OF_MEMORY;
}

/* ---- walk paths ---- */

bool step_count_paths(const struct step *step, const struct block *block, struct stream *const input[STEP_INPUTS_MAX],
                      bool in_lanes, struct walk_paths *paths)
{
    const struct step_spec *spec = &step->spec;
    const struct stream *first = input[0];
    const uint16_t *lanes = in_lanes ? first->lanes : NULL; /* a buffer may have room for lanes and hold none */
    if (spec->through_caches) {
        struct settle_reads reads = {.item = first->item, .lanes = lanes, .count = first->count};
        step_find_missing(spec, input, reads.missing);
        return walk_paths_count_reads(paths, &reads, block, step->mappings);
    }
    struct walk_depths walks = {
        .item = first->item, .lanes = lanes, .count = first->count, .leaf_level = spec->leaf_level};
    step_find_readers(spec, input, walks.reading);
    return walk_paths_count_fixed(paths, &walks, block, step->mappings);
}

enum step_result step_run(struct step *step, const struct block *block, struct stream *const input[STEP_INPUTS_MAX],
                          struct stream *output)
{
    switch (step->spec.kind) {
    case STEP_LOOKUPS:
        return run_lookups(step, block, output);
    case STEP_SELECT:
        if (step->spec.half != DATA_BOTH) {
            run_select_half(step, block, input[0], output);
            break;
        }
        if (step->spec.cpus != 0)
            run_select_cpu(step, block, input[0], output);
        else
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
            count_apart(step, output);
        break;
    case STEP_TOUCH:
        output->count = 0;
        return run_touch(step, block, input[0]);
    case STEP_READS:
        return run_reads(step, input, output);
    case STEP_TSB_READS:
        run_tsb_reads(step, input, output);
        break;
    case STEP_PROBES:
        return run_probes(step, block, input[0], output);
    case STEP_TALLY:
        output->count = 0;
        return run_tally(step, input);
    case STEP_SETTLE:
        run_settle(step, input);
        output->count = 0;
        break;
    case STEP_LENGTHS:
        output->count = run_lengths(&step->spec, input, output->item);
        break;
    case STEP_SHAPES:
        output->count = run_shapes(&step->spec, input, output->item);
        break;
    case STEP_TIMING:
        output->count = 0;
        return run_timing(step, block, input) ? STEP_DONE : STEP_OUT_OF_MEMORY;
    case STEP_WALK_PATHS:
        output->count = 0;
        return step_count_paths(step, block, input, false, step->paths) ? STEP_DONE : STEP_OUT_OF_MEMORY;
    case STEP_FRAMES:
        output->count = 0;
        return run_frames(step, input);
    case STEP_PREFETCH:
        run_prefetch(step, input[0], output);
        break;
    case STEP_PDES:
        run_pdes(step, input[0], output);
        count_apart(step, output);
        break;
    case STEP_NESTED_LOOKUPS:
        run_nested_lookups(step, input, output);
        break;
    case STEP_NESTED_READS:
        run_nested_reads(step, input, output);
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
    case STEP_LENGTHS:
    case STEP_SHAPES:
    case STEP_TIMING:
    case STEP_TSB_READS:
    case STEP_PROBES:
    case STEP_TALLY:
    case STEP_WALK_PATHS:
    case STEP_FRAMES:
    case STEP_PREFETCH:
    case STEP_PDES:
    case STEP_NESTED_LOOKUPS:
    case STEP_NESTED_READS:
        assert(false); /* plan_can_be_cut */
        break;
    }
    if (good)
        join_counts(whole, part, output);
    return good;
}
