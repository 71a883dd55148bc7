/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Processes that take turns on CPUs: which tag their lookups carry (request.h), and which
 * translations cease to hold when another one goes on, or when what a process has mapped changes. It is told what happens
 * between blocks, and says what has to be done about it; filters are its caller's.
 *
 * Each CPU has a process that runs, and what it alone holds ceases to hold when that changes; what all CPUs hold does when an
 * id goes to another process, or a mapping changes.
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

enum { CPU_ALL = -1 };

/* What is to be done with translations before the next block. */
struct processes_order {
    enum forgets forgets;
    int cpu;                          /* whose; CPU_ALL */
    struct invalidation entries;      /* of TLB arrays, */
    struct invalidation walk_entries; /* and of walk caches */
};

/* A process goes on on a CPU, with *tag; where it is another one than before, translations may cease to hold. False when
 * out of memory. */
bool processes_run(struct processes *processes, uint32_t cpu, uint32_t process, uint64_t *tag,
                   struct processes_order *order);

/* Pages of a process cease to be mapped as they were. Of one that no entry can be of, or that has touched none of these pages,
 * nothing is forgotten. */
void processes_change(struct processes *processes, const struct block_change *change, struct processes_order *order);

/* Fills tlb_flushes, asid_recycles, shootdowns and shootdown_cpus. */
void processes_count(const struct processes *processes, struct counters *counters);

#endif
