/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { ARENA_ALIGNMENT = 64 };

static uint64_t peak_bytes(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss * 1024 : 0;
}

#ifdef PAGEWALK_LIBC_MALLOC

/* A list of allocations, so that the sanitizers see each one with its own bounds. */
struct arena {
    void **memory;
    size_t count;
    size_t room;
};

struct arena *arena_create(void)
{
    return calloc(1, sizeof(struct arena));
}

void arena_destroy(struct arena *arena)
{
    if (arena == NULL)
        return;
    for (size_t i = 0; i < arena->count; i++)
        free(arena->memory[i]);
    free(arena->memory);
    free(arena);
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    if (arena->count == arena->room) {
        const size_t room = arena->room == 0 ? 64 : 2 * arena->room;
        void **more = realloc(arena->memory, room * sizeof *more);
        if (more == NULL)
            return NULL;
        arena->memory = more;
        arena->room = room;
    }
    void *memory = NULL;
    if (posix_memalign(&memory, ARENA_ALIGNMENT, bytes == 0 ? 1 : bytes) != 0)
        return NULL;
    memset(memory, 0, bytes);
    arena->memory[arena->count++] = memory;
    return memory;
}

static void forget(struct arena *arena, void *memory)
{
    for (size_t i = 0; i < arena->count; i++) {
        if (arena->memory[i] == memory) {
            arena->memory[i] = arena->memory[--arena->count];
            free(memory);
            return;
        }
    }
}

void *arena_grow(struct arena *arena, void *memory, size_t old_bytes, size_t bytes)
{
    void *more = arena_alloc(arena, bytes);
    if (more == NULL || memory == NULL)
        return more;
    memcpy(more, memory, old_bytes);
    forget(arena, memory);
    return more;
}

void memory_report(struct memory_figures *figures)
{
    *figures = (struct memory_figures){.allocator = "libc", .peak_bytes = peak_bytes()};
}

#else

#include <jemalloc/jemalloc.h>
#include <stdio.h>

/* Allocations bypass the thread caches: a cached object would outlive the arena it came from. */
struct arena {
    unsigned index;
    int flags;
};

struct arena *arena_create(void)
{
    struct arena *arena = malloc(sizeof *arena);
    size_t size = sizeof arena->index;
    if (arena == NULL)
        return NULL;
    if (mallctl("arenas.create", &arena->index, &size, NULL, 0) != 0) {
        free(arena);
        return NULL;
    }
    arena->flags = MALLOCX_ARENA(arena->index) | MALLOCX_TCACHE_NONE | MALLOCX_ALIGN(ARENA_ALIGNMENT) | MALLOCX_ZERO;
    return arena;
}

void arena_destroy(struct arena *arena)
{
    if (arena == NULL)
        return;
    char name[32];
    snprintf(name, sizeof name, "arena.%u.destroy", arena->index);
    mallctl(name, NULL, NULL, NULL, 0);
    free(arena);
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    return mallocx(bytes == 0 ? 1 : bytes, arena->flags);
}

void *arena_grow(struct arena *arena, void *memory, size_t old_bytes, size_t bytes)
{
    (void)old_bytes;
    return memory == NULL ? arena_alloc(arena, bytes) : rallocx(memory, bytes, arena->flags);
}

static uint64_t statistic(const char *name)
{
    size_t value = 0;
    size_t size = sizeof value;
    return mallctl(name, &value, &size, NULL, 0) == 0 ? value : 0;
}

void memory_report(struct memory_figures *figures)
{
    uint64_t epoch = 1;
    mallctl("epoch", NULL, NULL, &epoch, sizeof epoch); /* the figures below are as of this call */
    *figures = (struct memory_figures){
        .allocator = "jemalloc",
        .allocated_bytes = statistic("stats.allocated"),
        .resident_bytes = statistic("stats.resident"),
        .peak_bytes = peak_bytes(),
    };
}

#endif
