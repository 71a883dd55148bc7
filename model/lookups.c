/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/lookups.h"

#include "model/request.h"
#include "model/vector.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum { NO_PAGE = 1 }; /* no page's address: pages are aligned */

/* The bits in which it differs from 0, or, below 0, from -1. */
ALWAYS_INLINE uint64_t without_sign(uint64_t va)
{
    return va ^ -(va >> 63);
}

/* What the loop carries along. */
struct state {
    uint64_t *request;
    uint64_t page_mask;
    uint64_t previous; /* page of the last wanted access */
    uint64_t any;      /* OR of the addresses' ends, */
    uint64_t reach;    /* and with those below 0 inverted */
    struct lookups_found found;
};

static struct state begin(const struct lookups *lookups, uint64_t *request)
{
    return (struct state){.request = request, .page_mask = -lookups->page_size_bytes, .previous = NO_PAGE};
}

static struct lookups_found end(struct state *s, const struct lookups *lookups)
{
    const unsigned bits = page_table_va_bits(lookups->format);
    s->found.illegal =
        (lookups->format->upper == PAGE_TABLE_SIGN_EXTENDED ? s->reach >> (bits - 1) : s->any >> bits) != 0;
    s->found.reach = request_of_va(s->reach, 0) | (s->any >> 63 << 63);
    return s->found;
}

/* One access, without a branch but the rare crossing. `kinds` and `collapse` are constants wherever this is inlined. */
ALWAYS_INLINE void add_access(struct state *s, const struct block *block, uint32_t i, const enum kinds kinds,
                              const bool collapse)
{
    const uint64_t va = block->va[i];
    const uint16_t meta = block->meta[i];
    const bool fetch = access_is_fetch(meta);
    const bool wanted = kinds == KINDS_ALL || fetch == (kinds == KINDS_INSTRUCTIONS);
    const uint64_t last = va + (meta & (ACCESS_SIZE_MAX - 1));
    const uint64_t page = va & s->page_mask;
    const uint64_t low = (uint64_t)fetch << REQUEST_FETCH_SHIFT | 2 * i;
    s->any |= wanted ? va | last : 0;
    s->reach |= wanted ? without_sign(va) | without_sign(last) : 0;
    s->request[s->found.requests] = request_of_va(page, low);
    s->found.requests += wanted && (!collapse || page != s->previous);
    s->previous = wanted ? page : s->previous;
    if (__builtin_expect(((last ^ va) & s->page_mask) != 0, 0) && wanted) {
        s->previous = last & s->page_mask;
        s->request[s->found.requests++] = request_of_va(s->previous, low | 1);
        s->found.crossings[fetch]++;
    }
}

ALWAYS_INLINE struct lookups_found run_plain(const struct lookups *lookups, const struct block *block,
                                             uint64_t *request, const enum kinds kinds, const bool collapse)
{
    struct state s = begin(lookups, request);
    for (uint32_t i = 0; i < block->count; i++)
        add_access(&s, block, i, kinds, collapse);
    return end(&s, lookups);
}

#ifdef __x86_64__

/* The page of lane 7, back from the form of a request. */
VECTOR_INLINE uint64_t page_of_last(__m512i previous)
{
    const uint64_t last = (uint64_t)_mm_extract_epi64(_mm512_extracti64x2_epi64(previous, 3), 1);
    return last == REQUEST_LOW_MASK ? NO_PAGE : request_va(last);
}

/* Addresses are read faster than processors see by themselves that the next page's are wanted: half as fast again for a
 * sequential stream in memory (engine/tlbs/sequential-256M). Where blocks stand in an array, as benchmarks have them,
 * the next one's addresses follow; where they do not, nothing is lost. */
VECTOR_INLINE void prefetch(const struct block *block, uint32_t i)
{
    enum { AHEAD = 512 };
    const uint64_t *va = i + AHEAD < BLOCK_ACCESSES ? &block->va[i + AHEAD] : &block[1].va[i + AHEAD - BLOCK_ACCESSES];
    _mm_prefetch((const char *)va, _MM_HINT_T0);
}

/* Eight accesses at a time. A group with a crossing goes through the plain form. With `alike`, all accesses of the
 * block are wanted, of one kind and so small that few come near the end of a page: their meta stays unread. */
VECTOR_INLINE struct lookups_found run_vector(const struct lookups *lookups, const struct block *block,
                                              uint64_t *request, const enum kinds kinds, const bool collapse,
                                              const bool alike)
{
    struct state s = begin(lookups, request);
    const __m512i page_mask = _mm512_set1_epi64((long long)s.page_mask);
    const __m512i size_mask = _mm512_set1_epi64(ACCESS_SIZE_MAX - 1);
    const __m512i first_data = _mm512_set1_epi64(1 << ACCESS_KIND_SHIFT);
    const __m512i low_mask = _mm512_set1_epi64(REQUEST_LOW_MASK);
    const __m512i largest_last = _mm512_set1_epi64((long long)block->largest_bytes - 1);
    const uint64_t fetch_bit = kinds == KINDS_INSTRUCTIONS ? REQUEST_FETCH : 0;
    __m512i low =
        _mm512_add_epi64(_mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), _mm512_set1_epi64((long long)fetch_bit));
    __m512i previous =
        low_mask; /* lane 7: the last wanted request, position and kind cleared; no request is all low bits */
    /* Code mostly stays in its page, and then that is all there is to see. Data does not: the question would be answered wrong
     * too often (4 % more time for a whole run of awk's trace; 10 % less for a breadth-first search's with fetches alone). */
    const bool stays = collapse && !alike && kinds == KINDS_INSTRUCTIONS;
    __m512i here = _mm512_setzero_si512(); /* the page of the last wanted access, once there was one */
    bool begun = false;
    __m512i any = _mm512_setzero_si512();
    __m512i reach = _mm512_setzero_si512();
    uint32_t i = 0;
    for (; i + 8 <= block->count; i += 8, low = _mm512_add_epi64(low, _mm512_set1_epi64(16))) {
        const __m512i va = _mm512_loadu_si512(block->va + i);
        prefetch(block, i);
        __m512i last;
        __mmask8 fetch = 0;
        __mmask8 wanted = 0xff;
        if (alike) {
            last = _mm512_add_epi64(va, largest_last);
        } else {
            const __m512i meta = _mm512_cvtepu16_epi64(_mm_loadu_si128((const __m128i *)(block->meta + i)));
            last = _mm512_add_epi64(va, _mm512_and_si512(meta, size_mask));
            fetch = _mm512_cmplt_epu64_mask(meta, first_data);
            wanted = kinds == KINDS_ALL ? 0xff : kinds == KINDS_DATA ? (__mmask8)~fetch : fetch;
        }
        if (stays && begun) { /* neither a new page nor new bits of reach */
            const __m512i away = _mm512_ternarylogic_epi64(here, va, last, 0x7e); /* here ^ va | here ^ last */
            if (vector_bits(_mm512_mask_test_epi64_mask(wanted, away, page_mask)) == 0)
                continue;
        }
        const __mmask8 crossing = _mm512_mask_test_epi64_mask(wanted, _mm512_xor_si512(last, va), page_mask);
        if (__builtin_expect(vector_bits(crossing) != 0, 0)) {
            s.previous = page_of_last(previous);
            for (uint32_t k = 0; k < 8; k++)
                add_access(&s, block, i + k, kinds, collapse);
            previous = s.previous == NO_PAGE ? low_mask : _mm512_set1_epi64((long long)request_of_va(s.previous, 0));
            here = _mm512_set1_epi64((long long)s.previous);
            begun = s.previous != NO_PAGE;
            continue;
        }
        any = _mm512_mask_or_epi64(any, wanted, any, va);
        reach = _mm512_mask_or_epi64(reach, wanted, reach, _mm512_xor_si512(va, _mm512_srai_epi64(va, 63)));
        const __m512i key = _mm512_slli_epi64(_mm512_and_si512(va, page_mask), REQUEST_KEY_SHIFT - REQUEST_VA_SHIFT);
        __m512i item = _mm512_or_si512(key, low);
        if (kinds == KINDS_ALL && !alike)
            item = _mm512_mask_or_epi64(item, fetch, item, _mm512_set1_epi64(REQUEST_FETCH));
        uint32_t count = 8;
        if (kinds != KINDS_ALL && !alike) {
            item = _mm512_maskz_compress_epi64(wanted, item);
            count = (uint32_t)__builtin_popcount(vector_bits(wanted));
        }
        if (collapse) {
            const bool dense = kinds == KINDS_ALL || alike;
            const __m512i pages = dense ? key : _mm512_andnot_si512(low_mask, item);
            const __mmask8 starts = _mm512_cmpneq_epi64_mask(pages, _mm512_alignr_epi64(pages, previous, 7)) &
                                    (__mmask8)((1u << count) - 1);
            item = _mm512_maskz_compress_epi64(starts, item);
            if (dense)
                previous = pages;
            else /* the last of `count` into lane 7, the old one where there is none */
                previous = _mm512_mask_permutexvar_epi64(previous, count != 0 ? 0xff : 0,
                                                         _mm512_set1_epi64((long long)count - 1), pages);
            count = (uint32_t)__builtin_popcount(vector_bits(starts));
            if (stays && vector_bits(wanted) != 0) {
                begun = true;
                here = _mm512_permutexvar_epi64(_mm512_set1_epi64(31 - __builtin_clz(vector_bits(wanted))),
                                                _mm512_and_si512(va, page_mask));
            }
        }
        _mm512_storeu_si512(s.request + s.found.requests, item);
        s.found.requests += count;
    }
    s.previous = page_of_last(previous);
    for (; i < block->count; i++)
        add_access(&s, block, i, kinds, collapse);
    s.any |= (uint64_t)_mm512_reduce_or_epi64(any);
    s.reach |= (uint64_t)_mm512_reduce_or_epi64(reach);
    return end(&s, lookups);
}

VECTOR_INLINE struct lookups_found choose_kinds(const struct lookups *lookups, const struct block *block,
                                                uint64_t *request, enum kinds kinds, const bool alike)
{
    const bool collapse = lookups->collapse;
    switch (kinds) {
    case KINDS_ALL:
        return collapse ? run_vector(lookups, block, request, KINDS_ALL, true, alike)
                        : run_vector(lookups, block, request, KINDS_ALL, false, alike);
    case KINDS_DATA:
        return collapse ? run_vector(lookups, block, request, KINDS_DATA, true, alike)
                        : run_vector(lookups, block, request, KINDS_DATA, false, alike);
    case KINDS_INSTRUCTIONS:
        return collapse ? run_vector(lookups, block, request, KINDS_INSTRUCTIONS, true, alike)
                        : run_vector(lookups, block, request, KINDS_INSTRUCTIONS, false, alike);
    case KINDS_NONE:
        break;
    }
    return (struct lookups_found){0};
}

/* Accesses of at most this size are small: one in 64 that lie anywhere in a page of 4K is near its end. */
enum { SMALL_BYTES = 64 };

VECTOR static struct lookups_found choose_vector(const struct lookups *lookups, const struct block *block,
                                                 uint64_t *request)
{
    const enum kinds there = block_kinds(block);
    if ((there == KINDS_INSTRUCTIONS || there == KINDS_DATA) && block->largest_bytes <= SMALL_BYTES)
        return choose_kinds(lookups, block, request, there, true);
    return choose_kinds(lookups, block, request, lookups->kinds, false);
}

#else

static struct lookups_found choose_vector(const struct lookups *lookups, const struct block *block, uint64_t *request)
{
    (void)lookups, (void)block, (void)request;
    return (struct lookups_found){0};
}

#endif

static struct lookups_found choose_plain(const struct lookups *lookups, const struct block *block, uint64_t *request)
{
    const bool collapse = lookups->collapse;
    switch (lookups->kinds) {
    case KINDS_ALL:
        return collapse ? run_plain(lookups, block, request, KINDS_ALL, true)
                        : run_plain(lookups, block, request, KINDS_ALL, false);
    case KINDS_DATA:
        return collapse ? run_plain(lookups, block, request, KINDS_DATA, true)
                        : run_plain(lookups, block, request, KINDS_DATA, false);
    case KINDS_INSTRUCTIONS:
        return collapse ? run_plain(lookups, block, request, KINDS_INSTRUCTIONS, true)
                        : run_plain(lookups, block, request, KINDS_INSTRUCTIONS, false);
    case KINDS_NONE:
        break;
    }
    return (struct lookups_found){0};
}

struct lookups_found lookups_run(const struct lookups *lookups, const struct block *block, bool vector,
                                 uint64_t *request)
{
    if ((block_kinds(block) & lookups->kinds) == KINDS_NONE)
        return (struct lookups_found){0};
    return vector ? choose_vector(lookups, block, request) : choose_plain(lookups, block, request);
}

/* A run of a large page begins where one of a smaller page begins. Of a second lookup, whose address is the beginning of
 * a small page, there is one here if it is the beginning of a large one, too. */
struct lookups_found lookups_coarsen(const struct lookups *lookups, const uint64_t *finer, size_t count,
                                     uint64_t *request)
{
    const uint64_t within = request_of_va(lookups->page_size_bytes - 1, 0);
    struct lookups_found found = {.requests = 0};
    uint64_t previous = STREAM_END; /* no page's: its low bits are set */
    for (size_t i = 0; i < count; i++) {
        const uint64_t page = finer[i] & ~within & ~(uint64_t)REQUEST_LOW_MASK;
        found.crossings[finer[i] >> REQUEST_FETCH_SHIFT & 1] += (finer[i] & 1) != 0 && (finer[i] & within) == 0;
        request[found.requests] = finer[i] & ~within;
        found.requests += page != previous;
        previous = page;
    }
    return found;
}

uint32_t lookups_first_illegal(const struct lookups *lookups, const struct block *block)
{
    for (uint32_t i = 0; i < block->count; i++) {
        const enum kinds kind = access_is_fetch(block->meta[i]) ? KINDS_INSTRUCTIONS : KINDS_DATA;
        const uint64_t last = block->va[i] + access_size_bytes(block->meta[i]) - 1;
        if ((lookups->kinds & kind) != 0 &&
            !(page_table_expresses(lookups->format, block->va[i]) && page_table_expresses(lookups->format, last)))
            return i;
    }
    return block->count;
}
