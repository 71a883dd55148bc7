/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one file that knows which allocator the program has: jemalloc, or the C library's in sanitizer builds. An arena
 * holds what lives and dies together, such as a plan with its address spaces, and goes in one call.
 */
#ifndef MODEL_MEMORY_H
#define MODEL_MEMORY_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/* NULL when out of memory. */
struct arena *arena_create(void);
void arena_destroy(struct arena *arena);

/* Zeroed memory aligned to 64 bytes; NULL when out of memory. */
void *arena_alloc(struct arena *arena, size_t bytes);

/* Grows an allocation of `old_bytes` (or NULL) to `bytes`; what is new is zeroed. NULL when out of memory: the old one
 * stays. */
void *arena_grow(struct arena *arena, void *memory, size_t old_bytes, size_t bytes);

struct memory_figures {
    const char *allocator;
    uint64_t allocated_bytes; /* handed out now; 0 where the allocator does not say */
    uint64_t resident_bytes;  /* held by the allocator now; 0 where it does not say */
    uint64_t peak_bytes;      /* most that the process ever had in memory */
};

void memory_report(struct memory_figures *figures);

#endif
