/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of a machine file: its sections and keys (the table machine_keys of machine.h) and the names that values
 * can have.
 */
#ifndef MODEL_MACHINE_KEYS_H
#define MODEL_MACHINE_KEYS_H

#include <stdbool.h>

#include "model/machine.h"

/* NULL-terminated, by their enums. policy_names is in machine.h. */
extern const char *const index_names[];
extern const char *const fill_names[];
extern const char *const recycle_names[];
extern const char *const global_names[];
extern const char *const no_yes_names[];
extern const char *const sector_fill_names[];
extern const char *const coalesce_rule_names[];
extern const char *const prefetch_names[];
extern const char *const memory_names[];
extern const char *const walker_names[];
extern const char *const page_policy_names[];
extern const char *const huge_kinds_names[]; /* all, data */
extern const char *const cache_names[];      /* by index into machine.cache */

enum { TLB_LEVEL_NAMES = 9 };

struct tlb_level {
    const char *name; /* "l1i" */
    unsigned level;
    enum kinds kinds;
    enum data_half half;
};

extern const struct tlb_level tlb_levels[TLB_LEVEL_NAMES];

/* Index of `name`, -1 where it is not in the list. */
int name_index(const char *const *names, const char *name);

/* Index into tlb_levels of a section "tlb.LEVEL.LABEL", with *label at its label; -1 where it is none. */
int tlb_level_of(const char *section, const char **label);

/* The section as machine_keys spells it, NULL where it is unknown. */
const char *section_pattern(const char *section);

/* Says what is wrong with an unknown section; always false. */
bool section_unknown(const char *origin, const char *section, struct err *err);

/* Does [section] have the key `name`? If not, the message says what it may have meant. */
bool key_known(const char *origin, const char *section, const char *name, struct err *err);

#endif
