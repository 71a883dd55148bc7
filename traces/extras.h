/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a trace may hold beside its accesses: events between them, and of each access, where that was asked for, the
 * instruction that made it and the bytes that it moved.
 *
 * Not needed to count hits and misses: whoever takes blocks alone loses nothing of the accesses. Whoever copies a trace takes both.
 *
 * Always: events stand in the order in which they happened, and positions never fall. All pointers live until the next
 * block is asked for.
 */
#ifndef TRACES_EXTRAS_H
#define TRACES_EXTRAS_H

#include <stdint.h>

/* Which fields mean something stands behind each; the others are 0 or NULL. Numbers and bits are Linux's own. */
enum event_kind {
    EVENT_THREAD = 1, /* id: what follows is of this thread, numbered from 1 */
    EVENT_PROCESS,    /* id: what follows is in this process's address space */
    EVENT_MMAP,   /* address, size_bytes, protection, flags (mmap(2)'s), name: the file, "[heap]", "[stack]" or NULL */
    EVENT_MUNMAP, /* address, size_bytes */
    EVENT_MREMAP, /* address, size_bytes, old_address, old_size_bytes */
    EVENT_BRK,    /* address: the end of the heap from here on */
    EVENT_MPROTECT, /* address, size_bytes, protection */
    EVENT_FORK,     /* id: the child's process */
    EVENT_EXEC,     /* name: the program; the address space is a new one */
    EVENT_EXIT,     /* id: the thread that ended */
    EVENT_GAP,      /* size_bytes: so many accesses are left out here */
    EVENT_KINDS
};

struct event {
    uint32_t position; /* it stands before this access of the block; at block.count, behind the last */
    uint16_t kind;     /* enum event_kind */
    uint16_t protection;
    uint32_t id;
    uint32_t flags;
    uint64_t address;
    uint64_t size_bytes;
    uint64_t old_address;
    uint64_t old_size_bytes;
    const char *name;
};

/* Whose the accesses behind the event are, as far as it says so. */
static inline void event_tell_whose(const struct event *event, uint32_t *process, uint32_t *thread)
{
    if (event->kind == EVENT_PROCESS)
        *process = event->id;
    else if (event->kind == EVENT_THREAD)
        *thread = event->id;
}

struct extras {
    uint32_t event_count;
    const struct event *event;
    const uint64_t *pc; /* of each access; NULL where the trace has none */
    const uint32_t
        *data_end; /* of access i the bytes data[i == 0 ? 0 : data_end[i - 1]] up to data[data_end[i]]; NULL as pc */
    const uint8_t *data;
};

#endif
