/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/processes.h"

#include <assert.h>

#include "model/asid.h"
#include "model/request.h"

/* Where each switch flushes, tags only save that address_space.c learns its tables again. */
enum { TAGS_WITHOUT_ASIDS = 16 };

/* Owner of the pages that all processes share: no process has that number. */
enum { GLOBAL_OWNER = ADDRESS_SPACE_OWNERS - 1 };

struct processes {
    struct process_rules rules;
    unsigned va_bits;
    unsigned page_shift;
    struct address_space *space;
    struct asids *asids;
    uint32_t running[MACHINE_CPUS_MAX]; /* by CPU; ASID_NOBODY at first */
    struct arena *arena;
    uint16_t *has_run_on; /* by process: the CPUs, a bit each */
    uint32_t has_run_room;
    uint64_t flushes;
    uint64_t recycles;
    uint64_t shootdowns;
    uint64_t shootdown_cpus;
};

bool processes_matter(const struct process_rules *rules)
{
    return rules->asids != MACHINE_ASIDS_ANY || rules->global_upper || rules->shootdowns;
}

static uint64_t tags_for_processes(const struct process_rules *rules, const struct page_table_format *format)
{
    return request_tags(page_table_signed_bits(format)) - rules->global_upper;
}

uint32_t processes_most(const struct process_rules *rules, const struct page_table_format *format)
{
    const uint64_t tags = rules->asids == MACHINE_ASIDS_ANY ? tags_for_processes(rules, format) : UINT64_MAX;
    return tags < GLOBAL_OWNER ? (uint32_t)tags : GLOBAL_OWNER;
}

/* Ids of the model's own stand for those that there are not, or that there are enough of. */
static uint32_t ids_for(const struct process_rules *rules, const struct page_table_format *format)
{
    const uint64_t tags = tags_for_processes(rules, format);
    const uint64_t wanted = rules->asids == MACHINE_ASIDS_ANY ? MACHINE_ASIDS_MAX
                            : rules->asids == 0               ? TAGS_WITHOUT_ASIDS
                                                              : rules->asids;
    return (uint32_t)(wanted < tags ? wanted : tags);
}

struct processes *processes_create(const struct process_rules *rules, const struct page_table_format *format,
                                   unsigned page_shift, struct address_space *space, struct arena *arena)
{
    struct processes *processes = arena_alloc(arena, sizeof *processes);
    if (processes == NULL)
        return NULL;
    *processes = (struct processes){
        .rules = *rules,
        .va_bits = page_table_signed_bits(format),
        .page_shift = page_shift,
        .space = space,
        .asids = asids_create(ids_for(rules, format), rules->recycle, arena),
        .arena = arena,
    };
    for (unsigned cpu = 0; cpu < MACHINE_CPUS_MAX; cpu++)
        processes->running[cpu] = ASID_NOBODY;
    const bool good = processes->asids != NULL && (!rules->global_upper || address_space_bind(space, 0, GLOBAL_OWNER));
    return good ? processes : NULL;
}

/* Tag 0 is that of global pages, where there are any. */
static uint64_t tag_of(const struct processes *processes, uint32_t asid)
{
    return asid + (uint64_t)processes->rules.global_upper;
}

static struct invalidation entries_of(const struct processes *processes, enum invalidated what, uint64_t tag)
{
    return (struct invalidation){.what = what, .va_bits = processes->va_bits, .tag = tag};
}

static void forget(struct processes_order *order, struct invalidation entries)
{
    order->forgets = FORGETS_ENTRIES;
    order->entries = order->walk_entries = entries;
}

static void forget_all_but_global(const struct processes *processes, struct processes_order *order)
{
    if (processes->rules.global_upper)
        forget(order, entries_of(processes, INVALIDATE_NOT_GLOBAL, 0));
    else
        order->forgets = FORGETS_ALL;
}

static bool note_cpu(struct processes *processes, uint32_t process, uint32_t cpu)
{
    if (process >= processes->has_run_room) {
        const uint32_t room = 2 * process + 16;
        uint16_t *grown = arena_grow(processes->arena, processes->has_run_on, processes->has_run_room * sizeof *grown,
                                     room * sizeof *grown);
        if (grown == NULL)
            return false;
        processes->has_run_on = grown;
        processes->has_run_room = room;
    }
    processes->has_run_on[process] |= (uint16_t)(1U << cpu);
    return true;
}

/* Another process runs. Without ids, what its CPU holds was the last one's. */
static bool switch_to(struct processes *processes, uint32_t cpu, uint32_t process, struct processes_order *order)
{
    const struct process_rules *rules = &processes->rules;
    const bool first = processes->running[cpu] == ASID_NOBODY;
    uint32_t asid;
    processes->running[cpu] = process;
    const enum asid_given given = asids_take(processes->asids, process, processes->running, rules->cpus, &asid);
    if (rules->asids == 0) {
        order->cpu = rules->cpus == 1 ? CPU_ALL : (int)cpu;
        if (!first)
            forget_all_but_global(processes, order);
    } else if (given == ASID_RECYCLED) {
        forget(order, entries_of(processes, INVALIDATE_TAG, tag_of(processes, asid)));
        processes->recycles++;
    } else if (given == ASID_ALL_GONE) {
        forget_all_but_global(processes, order);
        processes->recycles++;
    }
    processes->flushes += order->forgets == FORGETS_ALL ||
                          (order->forgets == FORGETS_ENTRIES && order->entries.what == INVALIDATE_NOT_GLOBAL);
    return address_space_bind(processes->space, tag_of(processes, asid), process) && note_cpu(processes, process, cpu);
}

bool processes_run(struct processes *processes, uint32_t cpu, uint32_t process, uint64_t *tag,
                   struct processes_order *order)
{
    uint32_t asid = 0;
    *order = (struct processes_order){.forgets = FORGETS_NOTHING, .cpu = CPU_ALL};
    const bool good = processes->running[cpu] == process || switch_to(processes, cpu, process, order);
    const bool found = asids_find(processes->asids, process, &asid);
    assert(found); /* who runs has an id */
    (void)found;
    *tag = tag_of(processes, asid);
    return good;
}

/* An instruction that takes one page out of the TLB empties the walk caches of all that carries the process's id (Intel SDM
 * vol. 3A, 4.10.4.1, INVLPG). */
void processes_change(struct processes *processes, const struct block_change *change, struct processes_order *order)
{
    uint32_t asid;
    *order = (struct processes_order){.forgets = FORGETS_NOTHING, .cpu = CPU_ALL};
    if (!processes->rules.shootdowns ||
        !address_space_has_touched(processes->space, change->process, change->first_va, change->last_va))
        return;
    processes->shootdowns++;
    processes->shootdown_cpus += (unsigned)__builtin_popcount(processes->has_run_on[change->process]);
    if (!asids_find(processes->asids, change->process, &asid))
        return; /* its entries went with its id */
    forget(order, entries_of(processes, INVALIDATE_TAG, tag_of(processes, asid)));
    const uint64_t pages = (change->last_va >> processes->page_shift) - (change->first_va >> processes->page_shift) + 1;
    if (pages > processes->rules.shootdown_pages)
        return;
    order->entries.what = INVALIDATE_RANGE;
    order->entries.first_va = change->first_va;
    order->entries.last_va = change->last_va;
}

void processes_count(const struct processes *processes, struct counters *counters)
{
    counters->tlb_flushes = processes->flushes;
    counters->asid_recycles = processes->recycles;
    counters->shootdowns = processes->shootdowns;
    counters->shootdown_cpus = processes->shootdown_cpus;
}
