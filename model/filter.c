/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/filter.h"

#include <assert.h>
#include <string.h>

#include "model/frames.h"
#include "model/policy.h"
#include "model/recency.h"
#include "model/request.h"
#include "model/vector.h"

/* How sets hold their keys. */
enum form {
    FORM_SEARCHED, /* one behind the other, searched and shifted: policy.h */
    FORM_VECTOR,
    FORM_TREE,
};

/* LRU sets of more ways are trees where there are no vectors. In ns a lookup, one set, 2^20 lookups uniform over 4 pages a
 * way (a quarter hit), and Zipf 0.99 over 262144 pages; EPYC of family 26, shared; where vectors end see vector.h:
 *
 *     ways              16    24    32    48    64    96   128   192   256   384   512  1024
 *     uniform search   9.0    12    15    21    26    39    52    92   119   177   230   408
 *             vector   8.5   7.5   7.6   7.7   7.7   8.1   8.6   9.5    11    14    18    33
 *             tree      21    19    20    20    21    20    21    19    20    19    20    20
 *     zipf    search   8.3    11    15    20    25    38    52    87   105   157   192   319
 *             vector   8.7   8.0   7.9   7.8   7.8   8.3   8.8    10    12    14    18    29
 *             tree      19    18    20    18    20    18    20    19    20    18    19    19
 */
enum { SEARCHED_WAYS_MAX = 40 };

struct filter {
    struct filter_spec spec;
    enum form form;
    uint64_t *key;
    struct recency **recency; /* by set, of trees */
    uint64_t *state;
    uint32_t stride;      /* from set to set of the keys: ways, or the vector's lanes */
    uint32_t state_words; /* a set */
    uint32_t set_mask;    /* sets - 1 where sets is a power of two, else 0 */
    uint32_t set_bits;    /* log2(sets), for the xor index */
    uint32_t unused;      /* bits of 64 above the number proper */
    uint64_t number_mask;
    uint64_t random;
    struct vector_lru vector;
};

static uint32_t policy_state_words(enum policy policy, uint32_t ways)
{
    switch (policy) {
    case POLICY_LFU:
        return ways;
    case POLICY_PLRU:
    case POLICY_NRU:
        return (ways + 63) / 64;
    case POLICY_SRRIP:
        return (ways + 7) / 8;
    case POLICY_LRU:
    case POLICY_FIFO:
    case POLICY_RANDOM:
        break;
    }
    return 0;
}

bool policy_absorbs_repeats(enum policy policy)
{
    return policy != POLICY_LFU && policy != POLICY_SRRIP;
}

static uint32_t trees_from = UINT32_MAX;

void filter_trees_from(uint32_t ways)
{
    trees_from = ways;
}

/* No victim fills, and no evictions to hand on. */
static bool only_looks_up(const struct filter_spec *spec)
{
    return spec->victim_kinds == KINDS_NONE && spec->evicted_kinds == KINDS_NONE;
}

static enum form form_of(const struct filter_spec *spec)
{
    if (spec->policy != POLICY_LRU || spec->cover != COVER_PAGE || spec->entry_shift != 0)
        return FORM_SEARCHED;
    const bool vector = only_looks_up(spec) && vector_available() && !spec->sizes.mixed;
    if (spec->readable)
        return vector && spec->geometry.ways <= VECTOR_WAYS_MAX ? FORM_VECTOR : FORM_SEARCHED;
    if (spec->geometry.ways >= trees_from || spec->geometry.ways > (vector ? VECTOR_WAYS_MAX : SEARCHED_WAYS_MAX))
        return FORM_TREE;
    return vector ? FORM_VECTOR : FORM_SEARCHED;
}

bool filter_is_tree(const struct filter_spec *spec)
{
    return form_of(spec) == FORM_TREE;
}

/* How deep its trees are: where evictions matter, they evict before they forget. */
static uint64_t tree_limit(const struct filter_spec *spec)
{
    return (uint64_t)spec->geometry.ways + !only_looks_up(spec);
}

static uint32_t key_stride(const struct filter_spec *spec)
{
    switch (form_of(spec)) {
    case FORM_SEARCHED:
        return spec->geometry.ways;
    case FORM_VECTOR:
        return vector_lanes(spec->geometry.ways);
    case FORM_TREE:
        break;
    }
    return 0;
}

/* Tags of vectors have half a word as long as that is enough. Of a tree, what all pages of 4 GiB of 4K take: one that is
 * to hold every page there may be is mostly empty. */
uint64_t filter_bytes(const struct filter_spec *spec)
{
    const uint64_t tree_most = UINT64_C(1) << 20;
    const uint64_t words = policy_state_words(spec->policy, spec->geometry.ways);
    uint64_t set_bytes = words * sizeof(uint64_t);
    switch (form_of(spec)) {
    case FORM_SEARCHED:
        set_bytes += key_stride(spec) * sizeof(uint64_t);
        break;
    case FORM_VECTOR:
        set_bytes += key_stride(spec) * sizeof(uint32_t);
        break;
    case FORM_TREE:
        set_bytes += sizeof(struct recency *);
        set_bytes += recency_most_bytes(tree_limit(spec) < tree_most ? tree_limit(spec) : tree_most);
        break;
    }
    return spec->geometry.sets * set_bytes;
}

static bool plant_trees(struct filter *filter, struct arena *arena)
{
    const struct filter_spec *spec = &filter->spec;
    filter->recency = arena_alloc(arena, spec->geometry.sets * sizeof(struct recency *));
    if (filter->recency == NULL)
        return false;
    for (uint32_t set = 0; set < spec->geometry.sets; set++) {
        filter->recency[set] = recency_create(arena, tree_limit(spec));
        if (filter->recency[set] == NULL || !recency_reserve(filter->recency[set]))
            return false;
    }
    return true;
}

uint32_t filter_unused_bits(const struct filter_spec *spec)
{
    return spec->number_bits == 0 ? 0 : 64 - spec->number_bits;
}

bool filter_masks_sets(const struct filter_spec *spec)
{
    const uint32_t sets = spec->geometry.sets;
    return spec->index == INDEX_MODULO && (sets & (sets - 1)) == 0 &&
           (spec->number_bits == 0 || sets >> (spec->number_bits < 31 ? spec->number_bits : 31) == 0);
}

struct filter *filter_create(const struct filter_spec *spec, struct arena *arena)
{
    struct filter *filter = arena_alloc(arena, sizeof *filter);
    if (filter == NULL)
        return NULL;
    const uint32_t sets = spec->geometry.sets;
    filter->spec = *spec;
    filter->form = form_of(spec);
    filter->state_words = policy_state_words(spec->policy, spec->geometry.ways);
    filter->set_mask = filter_masks_sets(spec) ? sets - 1 : 0;
    filter->unused = filter_unused_bits(spec);
    filter->number_mask = UINT64_MAX >> spec->number_shift;
    filter->set_bits = (uint32_t)(31 - __builtin_clz(sets));
    filter->random = spec->random_seed;
    filter->stride = key_stride(spec);
    if (filter->form == FORM_TREE)
        return plant_trees(filter, arena) ? filter : NULL;
    filter->key = arena_alloc(arena, (size_t)sets * filter->stride * sizeof *filter->key);
    filter->state = arena_alloc(arena, (size_t)sets * filter->state_words * sizeof *filter->state);
    if (filter->key == NULL || filter->state == NULL)
        return NULL;
    filter->vector = (struct vector_lru){
        .tag = filter->key,
        .ways = spec->geometry.ways,
        .sets = sets,
        .index = spec->index,
        .number_shift = REQUEST_KEY_SHIFT + spec->number_shift - spec->key_shift,
        .number_mask = filter->number_mask,
        .unused = filter->unused,
        .masks_sets = filter_masks_sets(spec),
    };
    filter_clear(filter);
    return filter;
}

void filter_clear(struct filter *filter)
{
    if (filter->form == FORM_VECTOR)
        vector_lru_init(&filter->vector);
    else
        memset(filter->key, 0xff /* SET_EMPTY */,
               (size_t)filter->spec.geometry.sets * filter->stride * sizeof *filter->key);
}

/* ---- One lookup ---- */

POLICY_INLINE uint64_t number_of(const struct filter *filter, uint64_t request)
{
    return request_number(request, filter->spec.key_shift, filter->spec.number_shift);
}

POLICY_INLINE uint32_t set_of(const struct filter *filter, uint64_t number)
{
    if (filter->set_mask != 0)
        return (uint32_t)number & filter->set_mask;
    if (filter->spec.geometry.sets == 1)
        return 0;
    const uint64_t proper = request_untagged(number, filter->unused) & filter->number_mask;
    return filter->spec.index == INDEX_XOR ? request_xor_index(proper, filter->set_bits)
                                           : (uint32_t)(proper % filter->spec.geometry.sets);
}

POLICY_INLINE struct set keys_at(struct filter *filter, uint32_t set, uint32_t ways)
{
    return (struct set){
        .key = filter->key + (size_t)set * filter->stride,
        .state = filter->state + (size_t)set * filter->state_words,
        .ways = ways,
        .random = &filter->random,
    };
}

POLICY_INLINE struct set tree_at(struct filter *filter, uint32_t set, uint32_t ways)
{
    return (struct set){.recency = filter->recency[set], .ways = ways};
}

typedef bool policy_access(const struct set *set, uint64_t key, uint64_t *evicted);
typedef bool policy_remove(const struct set *set, uint64_t key);

/* ---- The loops: inlined with constant arguments into one instance a policy ---- */

typedef struct set find_set(struct filter *filter, uint32_t set, uint32_t ways);

POLICY_INLINE size_t run_sets(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed,
                              uint16_t *missing, uint32_t ways, find_set *set_at, policy_access *access)
{
    size_t misses = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t number = number_of(filter, request[i]);
        const struct set set = set_at(filter, set_of(filter, number), ways);
        uint64_t evicted;
        missed[misses] = request[i];
        const bool hit = access(&set, number, &evicted);
        misses += !hit;
        if (missing != NULL)
            missing[i] = !hit;
    }
    return misses;
}

POLICY_INLINE size_t run_plain(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed,
                               uint16_t *missing, uint32_t ways, policy_access *access)
{
    return run_sets(filter, request, count, missed, missing, ways, keys_at, access);
}

static enum kinds kind_of(uint64_t request)
{
    return (request & REQUEST_FETCH) != 0 ? KINDS_INSTRUCTIONS : KINDS_DATA;
}

/* With victim fills below or here: an evicted page travels on right behind the lookup that evicted it. */
POLICY_INLINE size_t run_victim_sets(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed,
                                     find_set *set_at, policy_access *access, policy_remove *take_out)
{
    const struct filter_spec *spec = &filter->spec;
    size_t misses = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t number = number_of(filter, request[i]);
        const struct set set = set_at(filter, set_of(filter, number), spec->geometry.ways);
        const enum kinds kind = kind_of(request[i]);
        const bool insert = (request[i] & REQUEST_INSERT) != 0;
        uint64_t evicted = SET_EMPTY;
        bool hit;
        if (!insert && (spec->victim_kinds & kind) != 0)
            hit = take_out(&set, number);
        else
            hit = access(&set, number, &evicted);
        if (!hit && !insert)
            missed[misses++] = request[i];
        if (!hit && evicted != SET_EMPTY && (spec->evicted_kinds & kind) != 0) {
            const uint64_t low = (request[i] & REQUEST_LOW_MASK) | REQUEST_INSERT;
            missed[misses++] = evicted << spec->number_shift >> spec->key_shift << REQUEST_KEY_SHIFT | low;
        }
    }
    return misses;
}

POLICY_INLINE size_t run_victim(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed,
                                policy_access *access, policy_remove *take_out)
{
    return run_victim_sets(filter, request, count, missed, keys_at, access, take_out);
}

/* A number with its class above it, which the set does not depend on. */
POLICY_INLINE uint64_t key_of(const struct filter *filter, uint64_t number, unsigned size_class)
{
    return filter->spec.sizes.tagged ? number | (uint64_t)size_class << FILTER_CLASS_SHIFT : number;
}

/* The page that a key is of, as an insert item of the lookup that evicted it. */
POLICY_INLINE uint64_t insert_of(const struct filter *filter, uint64_t key, uint64_t lookup)
{
    const unsigned size_class = (unsigned)(key >> FILTER_CLASS_SHIFT);
    const uint64_t number = key & ((UINT64_C(1) << FILTER_CLASS_SHIFT) - 1);
    const uint64_t low = (lookup & REQUEST_LOW_MASK) | REQUEST_INSERT;
    return request_of_class(request_of_va(number << filter->spec.sizes.number_shift[size_class], low), size_class);
}

/* Numbers whose bits in `mask` are as in `value`; of class 0, which is 0 above the number. */
struct range_of_numbers {
    uint64_t mask;
    uint64_t value;
};

static bool is_in_range(uint64_t number, const void *context)
{
    const struct range_of_numbers *range = context;
    return (number & range->mask) == range->value;
}

static void forget_range(struct filter *filter, uint64_t request)
{
    const struct filter_sizes *sizes = &filter->spec.sizes;
    const uint64_t va = request_va(request_of_class(request, REQUEST_INVALIDATE));
    const unsigned shift = sizes->number_shift[0];
    if (shift == 0 || sizes->invalid_shift < shift)
        return;
    const uint64_t mask = -(UINT64_C(1) << (sizes->invalid_shift - shift));
    filter_remove_if(filter, is_in_range, &(struct range_of_numbers){mask, va >> shift & mask});
}

/* Lookups of pages of several sizes. */
POLICY_INLINE size_t run_sizes(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed,
                               uint16_t *missing, find_set *set_at, policy_access *access, policy_remove *take_out)
{
    const struct filter_sizes *sizes = &filter->spec.sizes;
    size_t misses = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t item = request[i];
        const unsigned size_class = request_class(item, sizes->sign);
        const enum kinds kind = kind_of(item);
        const bool invalidates = size_class == REQUEST_INVALIDATE;
        if (missing != NULL)
            missing[i] = 1;
        if (invalidates)
            forget_range(filter, item);
        if (invalidates || sizes->number_shift[size_class] == 0 || (sizes->serves & kind) == 0) {
            missed[misses++] = item;
            continue;
        }
        const uint64_t number =
            request_number(request_of_class(item, size_class), filter->spec.key_shift, sizes->number_shift[size_class]);
        const struct set set = set_at(filter, set_of(filter, number), filter->spec.geometry.ways);
        const uint64_t key = key_of(filter, number, size_class);
        const bool insert = (item & REQUEST_INSERT) != 0;
        uint64_t evicted = SET_EMPTY;
        const bool hit = !insert && (sizes->victim_kinds[size_class] & kind) != 0 ? take_out(&set, key)
                                                                                  : access(&set, key, &evicted);
        if (missing != NULL)
            missing[i] = !hit;
        if (!hit && !insert)
            missed[misses++] = item;
        if (!hit && evicted != SET_EMPTY && sizes->tagged &&
            (sizes->evicted_kinds[evicted >> FILTER_CLASS_SHIFT] & kind) != 0)
            missed[misses++] = insert_of(filter, evicted, item);
    }
    return misses;
}

static size_t run_all_sizes(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed,
                            uint16_t *missing)
{
    if (filter->form == FORM_TREE)
        return only_looks_up(&filter->spec)
                   ? run_sizes(filter, request, count, missed, missing, tree_at, tree_look_up, tree_remove)
                   : run_sizes(filter, request, count, missed, missing, tree_at, tree_access, tree_remove);
    switch (filter->spec.policy) {
    case POLICY_LRU:
        return run_sizes(filter, request, count, missed, missing, keys_at, lru_access, ordered_remove);
    case POLICY_FIFO:
        return run_sizes(filter, request, count, missed, missing, keys_at, fifo_access, ordered_remove);
    case POLICY_LFU:
        return run_sizes(filter, request, count, missed, missing, keys_at, lfu_access, lfu_remove);
    case POLICY_PLRU:
        return run_sizes(filter, request, count, missed, missing, keys_at, plru_access, numbered_remove);
    case POLICY_NRU:
        return run_sizes(filter, request, count, missed, missing, keys_at, nru_access, numbered_remove);
    case POLICY_SRRIP:
        return run_sizes(filter, request, count, missed, missing, keys_at, srrip_access, numbered_remove);
    case POLICY_RANDOM:
        return run_sizes(filter, request, count, missed, missing, keys_at, random_access, numbered_remove);
    }
    return 0;
}

static size_t run_trees(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed,
                        uint16_t *missing)
{
    if (only_looks_up(&filter->spec))
        return run_sets(filter, request, count, missed, missing, filter->spec.geometry.ways, tree_at, tree_look_up);
    return run_victim_sets(filter, request, count, missed, tree_at, tree_access, tree_remove);
}

/* LRU's loop again with the common numbers of ways as constants: search and shift then unroll. */
static size_t run_lru(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed, uint16_t *missing)
{
    switch (filter->spec.geometry.ways) {
    case 1:
        return run_plain(filter, request, count, missed, missing, 1, lru_access);
    case 2:
        return run_plain(filter, request, count, missed, missing, 2, lru_access);
    case 4:
        return run_plain(filter, request, count, missed, missing, 4, lru_access);
    case 6:
        return run_plain(filter, request, count, missed, missing, 6, lru_access);
    case 8:
        return run_plain(filter, request, count, missed, missing, 8, lru_access);
    case 12:
        return run_plain(filter, request, count, missed, missing, 12, lru_access);
    case 16:
        return run_plain(filter, request, count, missed, missing, 16, lru_access);
    default:
        return run_plain(filter, request, count, missed, missing, filter->spec.geometry.ways, lru_access);
    }
}

size_t filter_run(struct filter *filter, uint64_t reach, const uint64_t *request, size_t count, uint64_t *missed,
                  uint16_t *missing)
{
    const uint32_t ways = filter->spec.geometry.ways;
    if (filter->spec.sizes.mixed)
        return run_all_sizes(filter, request, count, missed, missing);
    if (filter->form == FORM_VECTOR)
        return vector_lru_run(&filter->vector, reach, request, count, missed, missing);
    if (filter->form == FORM_TREE)
        return run_trees(filter, request, count, missed, missing);
    if (only_looks_up(&filter->spec)) {
        switch (filter->spec.policy) {
        case POLICY_LRU:
            return run_lru(filter, request, count, missed, missing);
        case POLICY_FIFO:
            return run_plain(filter, request, count, missed, missing, ways, fifo_access);
        case POLICY_LFU:
            return run_plain(filter, request, count, missed, missing, ways, lfu_access);
        case POLICY_PLRU:
            return run_plain(filter, request, count, missed, missing, ways, plru_access);
        case POLICY_NRU:
            return run_plain(filter, request, count, missed, missing, ways, nru_access);
        case POLICY_SRRIP:
            return run_plain(filter, request, count, missed, missing, ways, srrip_access);
        case POLICY_RANDOM:
            return run_plain(filter, request, count, missed, missing, ways, random_access);
        }
    }
    switch (filter->spec.policy) {
    case POLICY_LRU:
        return run_victim(filter, request, count, missed, lru_access, ordered_remove);
    case POLICY_FIFO:
        return run_victim(filter, request, count, missed, fifo_access, ordered_remove);
    case POLICY_LFU:
        return run_victim(filter, request, count, missed, lfu_access, lfu_remove);
    case POLICY_PLRU:
        return run_victim(filter, request, count, missed, plru_access, numbered_remove);
    case POLICY_NRU:
        return run_victim(filter, request, count, missed, nru_access, numbered_remove);
    case POLICY_SRRIP:
        return run_victim(filter, request, count, missed, srrip_access, numbered_remove);
    case POLICY_RANDOM:
        return run_victim(filter, request, count, missed, random_access, numbered_remove);
    }
    return 0;
}

/* ---- Entries that cover groups of pages ----
 *
 * A key is a group's number with a bit for each page of the group below it: sets, policies and the order of ways are
 * those of any key. Group numbers lose their highest bits, which are all the sign: 16 pages of 4K leave 48 of 64 bits,
 * and at most 41 say them all. So no key is SET_EMPTY. */

struct group {
    uint64_t number;
    uint64_t tag;   /* the number, above where the pages' bits are */
    uint64_t pages; /* the bits that a tag has below it */
    uint64_t page;  /* the bit of the page that is looked up */
};

POLICY_INLINE struct group group_of(const struct filter *filter, uint64_t request)
{
    const struct filter_spec *spec = &filter->spec;
    const uint32_t pages = spec->cover_pages;
    const uint32_t group_shift = (uint32_t)__builtin_ctz(pages);
    const uint64_t page = request_number(request, spec->key_shift, spec->number_shift - group_shift);
    const uint64_t number = page >> group_shift;
    return (struct group){number, number << (pages + 1) >> 1, (UINT64_C(1) << pages) - 1,
                          UINT64_C(1) << (page & (pages - 1))};
}

static uint64_t covered(const struct filter *filter, const struct frames *frames, uint64_t request, uint64_t page)
{
    const uint32_t pages = filter->spec.cover_pages;
    switch (filter->spec.cover) {
    case COVER_MAPPED:
        return frames_mapped(frames, request, pages);
    case COVER_RUN:
        return frames_run(frames, request, pages);
    case COVER_WHOLE:
        return frames_run(frames, request, pages) == (UINT64_C(1) << pages) - 1 &&
                       frames_aligned(frames, request, pages)
                   ? (UINT64_C(1) << pages) - 1
                   : page;
    case COVER_PAGE:
    case COVER_SECTOR:
        break;
    }
    return page;
}

/* True on a hit. A sector that is there takes the new pages in, which is a hit to the policy; entries that a new one
 * covers make room for it. */
POLICY_INLINE bool access_group(struct filter *filter, const struct frames *frames, uint64_t request,
                                policy_access *access, policy_remove *take_out)
{
    const struct group group = group_of(filter, request);
    const struct set set = keys_at(filter, set_of(filter, group.number), filter->spec.geometry.ways);
    uint64_t evicted;
    for (uint32_t way = 0; way < set.ways; way++)
        if ((set.key[way] & ~group.pages) == group.tag && (set.key[way] & group.page) != 0) {
            access(&set, set.key[way], &evicted);
            return true;
        }
    const uint64_t entry = group.tag | covered(filter, frames, request, group.page);
    const bool in_place = filter->spec.cover == COVER_SECTOR || filter->spec.cover == COVER_MAPPED;
    for (uint32_t way = 0; way < set.ways;) {
        const uint64_t key = set.key[way];
        if ((key & ~group.pages) == group.tag && in_place) {
            set.key[way] |= entry;
            access(&set, set.key[way], &evicted);
            return false;
        }
        if ((key & ~group.pages) == group.tag && (key & ~entry) == 0)
            take_out(&set, key); /* another may stand in its way now */
        else
            way++;
    }
    access(&set, entry, &evicted);
    return false;
}

POLICY_INLINE size_t run_groups(struct filter *filter, const struct frames *frames, const uint64_t *request,
                                size_t count, uint64_t *missed, policy_access *access, policy_remove *take_out)
{
    size_t misses = 0;
    for (size_t i = 0; i < count; i++) {
        const bool hit = access_group(filter, frames, request[i], access, take_out);
        missed[misses] = request[i];
        misses += !hit;
    }
    return misses;
}

size_t filter_run_groups(struct filter *filter, const struct frames *frames, const uint64_t *request, size_t count,
                         uint64_t *missed)
{
    assert(filter->form == FORM_SEARCHED && only_looks_up(&filter->spec));
    switch (filter->spec.policy) {
    case POLICY_LRU:
        return run_groups(filter, frames, request, count, missed, lru_access, ordered_remove);
    case POLICY_FIFO:
        return run_groups(filter, frames, request, count, missed, fifo_access, ordered_remove);
    case POLICY_LFU:
        return run_groups(filter, frames, request, count, missed, lfu_access, lfu_remove);
    case POLICY_PLRU:
        return run_groups(filter, frames, request, count, missed, plru_access, numbered_remove);
    case POLICY_NRU:
        return run_groups(filter, frames, request, count, missed, nru_access, numbered_remove);
    case POLICY_SRRIP:
        return run_groups(filter, frames, request, count, missed, srrip_access, numbered_remove);
    case POLICY_RANDOM:
        return run_groups(filter, frames, request, count, missed, random_access, numbered_remove);
    }
    return 0;
}

/* ---- Page-table entries among pages ---- */

#define ENTRY_KEY (UINT64_C(1) << 62) /* pages' numbers have at most 52 bits */

POLICY_INLINE size_t run_entries(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed,
                                 policy_access *access)
{
    const uint32_t ways = filter->spec.geometry.ways;
    size_t misses = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t number = number_of(filter, request[i]);
        const struct set set = keys_at(filter, set_of(filter, number), ways);
        uint64_t evicted;
        if (set_find(set.key, ways, number) == ways) {
            const uint64_t entry = request_number(request[i], filter->spec.key_shift, filter->spec.entry_shift);
            const struct set entry_set = keys_at(filter, set_of(filter, entry), ways);
            const bool there = access(&entry_set, entry | ENTRY_KEY, &evicted);
            missed[misses++] = request[i] | (there ? REQUEST_INSERT : 0);
        }
        access(&set, number, &evicted);
    }
    return misses;
}

size_t filter_run_entries(struct filter *filter, const uint64_t *request, size_t count, uint64_t *missed)
{
    assert(filter->form == FORM_SEARCHED && only_looks_up(&filter->spec));
    switch (filter->spec.policy) {
    case POLICY_LRU:
        return run_entries(filter, request, count, missed, lru_access);
    case POLICY_FIFO:
        return run_entries(filter, request, count, missed, fifo_access);
    case POLICY_LFU:
        return run_entries(filter, request, count, missed, lfu_access);
    case POLICY_PLRU:
        return run_entries(filter, request, count, missed, plru_access);
    case POLICY_NRU:
        return run_entries(filter, request, count, missed, nru_access);
    case POLICY_SRRIP:
        return run_entries(filter, request, count, missed, srrip_access);
    case POLICY_RANDOM:
        return run_entries(filter, request, count, missed, random_access);
    }
    return 0;
}

bool filter_has_depths(const struct filter_spec *spec)
{
    return spec->policy == POLICY_LRU && only_looks_up(spec) && spec->cover == COVER_PAGE && spec->entry_shift == 0 &&
           !spec->sizes.mixed;
}

void filter_depths(struct filter *filter, uint64_t reach, const uint64_t *request, size_t count, uint8_t *depth)
{
    assert(filter->form != FORM_TREE);
    if (filter->form == FORM_VECTOR) {
        vector_lru_depths(&filter->vector, reach, request, count, depth);
        return;
    }
    const uint32_t ways = filter->spec.geometry.ways;
    for (size_t i = 0; i < count; i++) {
        const uint64_t number = number_of(filter, request[i]);
        const struct set set = keys_at(filter, set_of(filter, number), ways);
        const uint32_t way = set_find(set.key, ways, number);
        depth[i] = (uint8_t)way;
        set_push_front(set.key, way < ways ? way : ways - 1, number);
    }
}

/* ---- The contents of LRU sets ---- */

VECTOR_CLONES void filter_numbers(const struct filter *filter, const uint64_t *request, size_t count, uint64_t *number,
                                  uint32_t *set)
{
    for (size_t i = 0; i < count; i++)
        number[i] = number_of(filter, request[i]);
    if (filter->set_mask != 0 || filter->spec.geometry.sets == 1)
        for (size_t i = 0; i < count; i++)
            set[i] = (uint32_t)number[i] & filter->set_mask;
    else
        for (size_t i = 0; i < count; i++)
            set[i] = set_of(filter, number[i]);
}

uint32_t filter_read_set(const struct filter *filter, uint32_t set, uint64_t *number)
{
    if (filter->form == FORM_VECTOR)
        return vector_lru_read(&filter->vector, set, number);
    const uint64_t *key = filter->key + (size_t)set * filter->stride;
    uint32_t count = 0;
    for (; count < filter->spec.geometry.ways && key[count] != SET_EMPTY; count++)
        number[count] = key[count];
    return count;
}

void filter_write_set(struct filter *filter, uint32_t set, const uint64_t *number, uint32_t count)
{
    if (filter->form == FORM_VECTOR) {
        vector_lru_write(&filter->vector, set, number, count);
        return;
    }
    uint64_t *key = filter->key + (size_t)set * filter->stride;
    for (uint32_t i = 0; i < filter->spec.geometry.ways; i++)
        key[i] = i < count ? number[i] : SET_EMPTY;
}

/* ---- What ceases to hold ---- */

static policy_remove *remove_of(enum policy policy)
{
    switch (policy) {
    case POLICY_LRU:
    case POLICY_FIFO:
        return ordered_remove;
    case POLICY_LFU:
        return lfu_remove;
    case POLICY_PLRU:
    case POLICY_NRU:
    case POLICY_SRRIP:
    case POLICY_RANDOM:
        break;
    }
    return numbered_remove;
}

static void remove_searched(struct filter *filter, uint32_t set, filter_meant *is_meant, const void *context)
{
    const uint32_t ways = filter->spec.geometry.ways;
    const struct set keys = keys_at(filter, set, ways);
    policy_remove *take_out = remove_of(filter->spec.policy);
    for (uint32_t way = ways; way-- > 0;) /* what is behind a way that is taken out may move up */
        if (keys.key[way] != SET_EMPTY && is_meant(keys.key[way], context))
            take_out(&keys, keys.key[way]);
}

static void remove_of_vector(struct filter *filter, uint32_t set, filter_meant *is_meant, const void *context)
{
    uint64_t number[VECTOR_WAYS_MAX];
    const uint32_t held = vector_lru_read(&filter->vector, set, number);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < held; i++)
        if (!is_meant(number[i], context))
            number[kept++] = number[i];
    if (kept < held)
        vector_lru_write(&filter->vector, set, number, kept);
}

void filter_remove_if(struct filter *filter, filter_meant *is_meant, const void *context)
{
    bool good = true; /* trees have all the memory they need */
    for (uint32_t set = 0; set < filter->spec.geometry.sets; set++)
        switch (filter->form) {
        case FORM_SEARCHED:
            remove_searched(filter, set, is_meant, context);
            break;
        case FORM_VECTOR:
            remove_of_vector(filter, set, is_meant, context);
            break;
        case FORM_TREE:
            good = recency_remove_if(filter->recency[set], is_meant, context) && good;
            break;
        }
    assert(good);
    (void)good;
}

struct ceasing {
    const struct invalidation *invalidation;
    uint32_t number_shift;
};

static bool ceases(uint64_t number, const void *context)
{
    const struct ceasing *ceasing = context;
    const struct invalidation *invalidation = ceasing->invalidation;
    uint64_t va;
    const uint64_t tag = request_split(number << ceasing->number_shift, invalidation->va_bits, &va);
    switch (invalidation->what) {
    case INVALIDATE_NOT_GLOBAL:
        return tag != 0;
    case INVALIDATE_TAG:
        return tag == invalidation->tag;
    case INVALIDATE_RANGE:
        break;
    }
    const uint64_t last = va + ((UINT64_C(1) << ceasing->number_shift) - 1);
    return tag == invalidation->tag && va <= invalidation->last_va && last >= invalidation->first_va;
}

void filter_invalidate(struct filter *filter, const struct invalidation *invalidation)
{
    filter_remove_if(filter, ceases, &(struct ceasing){invalidation, filter->spec.number_shift});
}

void filter_tree_depths(struct filter *filter, const uint64_t *request, size_t count, uint32_t *depth)
{
    assert(filter->form == FORM_TREE && only_looks_up(&filter->spec));
    const uint32_t ways = filter->spec.geometry.ways;
    for (size_t i = 0; i < count; i++) {
        const uint64_t number = number_of(filter, request[i]);
        const struct set set = tree_at(filter, set_of(filter, number), ways);
        depth[i] = (uint32_t)tree_depth(&set, number); /* RECENCY_NEVER stays the deepest */
    }
}
