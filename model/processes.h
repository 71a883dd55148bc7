/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Processes that take turns on a CPU: which tag their lookups carry (request.h), and which
 * translations cease to hold when another one goes on, or when what a process has mapped changes. It is told what happens
 * between blocks, and says what has to be done about it; filters are its caller's.
 *
 * By itself a machine has an address-space id for every process and forgets nothing: there is nothing here to do then, and
 * a process's tag is its number.
 */
#ifndef MODEL_PROCESSES_H
#define MODEL_PROCESSES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/access.h"
#include "model/address_space.h"
#include "model/filter.h"
#include "model/machine.h"
#include "model/memory.h"

struct processes;

/* Do translations ever cease to hold? */
bool processes_matter(const struct process_rules *rules);

/* How many processes there can be: requests and page tables have room for no more. */
uint32_t processes_most(const struct process_rules *rules, const struct page_table_format *format);

/* Of rules that matter; `space` is where the pages are. NULL when out of memory. */
struct processes *processes_create(const struct process_rules *rules, const struct page_table_format *format,
                                   unsigned page_shift, struct address_space *space, struct arena *arena);

enum forgets { FORGETS_NOTHING, FORGETS_ENTRIES, FORGETS_ALL };

/* What is to be done with translations before the next block. */
struct processes_order {
    enum forgets forgets;
    struct invalidation entries;      /* of TLB arrays, */
    struct invalidation walk_entries; /* and of walk caches */
};

/* Another process goes on, with *tag; `first` says that none did before. False when out of memory. */
bool processes_switch(struct processes *processes, uint32_t process, bool first, uint64_t *tag,
                      struct processes_order *order);

/* Pages of a process cease to be mapped as they were. Of one that no entry can be of, or that has touched none of these pages,
 * nothing is forgotten. */
void processes_change(struct processes *processes, const struct block_change *change, struct processes_order *order);

/* Fills tlb_flushes, asid_recycles and shootdowns. */
void processes_count(const struct processes *processes, struct counters *counters);

#endif
