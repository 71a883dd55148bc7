/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which pages are mapped to which frames, and since when: what arrays that coalesce and prefetchers ask. It is the
 * placement of address_space.h, which remembers no page's frame, once more with memory for that; plans in which nobody
 * asks have none.
 *
 * It is told all first lookups of a block before anybody asks about the block. So that nobody sees ahead, a page is
 * mapped for those who ask at its first lookup or behind: every question comes with the request that asks it, of the
 * block that was told last. A page and its frame stay together for ever.
 */
#ifndef MODEL_FRAMES_H
#define MODEL_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/memory.h"
#include "model/page_table.h"

struct frames;

/* NULL when out of memory. */
struct frames *frames_create(const struct page_table_format *format, uint64_t page_size_bytes, unsigned leaf_level,
                             struct arena *arena);

/* The next block's lookups, of one stream or in two that are merged; insert items do not count. False when out of
 * memory. */
bool frames_see(struct frames *frames, const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count);

/* Of the aligned group of `pages`, up to 16, that the request's page is in, a bit for each: those that are mapped, */
uint64_t frames_mapped(const struct frames *frames, uint64_t request, uint32_t pages);

/* and those of the longest stretch around the page that lies in memory as it does in the address space. */
uint64_t frames_run(const struct frames *frames, uint64_t request, uint32_t pages);

/* Does the page lie in an aligned group of frames where it lies in its group of pages? */
bool frames_aligned(const struct frames *frames, uint64_t request, uint32_t pages);

/* Was the page, by its number with the sign kept, mapped when the request came? */
bool frames_has(const struct frames *frames, uint64_t request, int64_t page);

/* What it takes in memory. */
uint64_t frames_bytes(const struct frames *frames);

#endif
