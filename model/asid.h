/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which process an address-space id stands for, as a machine and its OS have it. TLB entries carry the id (x86: PCID), so
 * that a switch of processes need not flush them; there are few, and one that is given to another process takes the entries
 * of its last owner along:
 *
 *     one    the ids take turns, and the entries of that one id go: Linux on x86 (arch/x86/mm/tlb.c, choose_new_asid)
 *     all    when none is left all entries go, and ids are given out anew: Linux on arm64 and MIPS
 *            (arch/arm64/mm/context.c, flush_context; arch/mips/include/asm/mmu_context.h, get_new_mmu_context)
 *
 * There is one list for all CPUs, and a process that runs on one of them keeps its id: as arm64's flush_context, which
 * reserves the ids of those that run.
 *
 * Without any, every switch flushes. Ids are numbers from 0; what a request carries is its tag, which is one more where tag 0
 * is that of global pages.
 *
 * Not here: what is flushed, and when. A process that runs already keeps its id.
 */
#ifndef MODEL_ASID_H
#define MODEL_ASID_H

#include <stdbool.h>
#include <stdint.h>

#include "model/machine.h"
#include "model/memory.h"

struct asids;

/* `count` ids, at least 1. NULL when out of memory. */
struct asids *asids_create(uint32_t count, enum asid_recycle recycle, struct arena *arena);

enum asid_given {
    ASID_KEPT,     /* the process has had it since it was given it */
    ASID_FRESH,    /* nobody has had it, or nobody since all entries went */
    ASID_RECYCLED, /* entries of its last owner have to go */
    ASID_ALL_GONE, /* all entries have to go */
};

#define ASID_NOBODY UINT32_MAX /* no process */

/* The id of a process that runs from now on; none of those of running[0] to running[cpus - 1], which run on other CPUs
 * (ASID_NOBODY where none does), and which are fewer than there are ids. */
enum asid_given asids_take(struct asids *asids, uint32_t process, const uint32_t *running, uint32_t cpus,
                           uint32_t *asid);

/* Has the process an id? Then it is in *asid. */
bool asids_find(const struct asids *asids, uint32_t process, uint32_t *asid);

#endif
