/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dense numbers, from 0, in the order in which they are asked for, of what is scattered: pages of address spaces, threads
 * of traces. What is kept of such a thing is then an array.
 *
 * All zero is an empty one. Nothing is ever taken out; 48 to 96 bytes a number, and half as much again while it grows.
 */
#ifndef TRACES_NUMBERING_H
#define TRACES_NUMBERING_H

#include <stdbool.h>
#include <stdint.h>

struct numbering_key {
    uint64_t number;
    uint64_t space; /* equal numbers of different spaces are different things */
};

struct numbering_slot {
    struct numbering_key key;
    uint64_t next; /* the dense number + 1; 0: the slot is free */
};

struct numbering {
    struct numbering_slot *slot; /* open addressing; in no order */
    uint64_t slots;              /* a power of two, or 0 */
    uint64_t count;
};

/* Sets *index to the dense number of the key, a new one where it has none. False when out of memory, and nothing has
 * changed then. */
bool numbering_find(struct numbering *numbering, struct numbering_key key, uint64_t *index);

/* The key will be asked for soon: of many keys most are not in a cache. */
void numbering_expect(const struct numbering *numbering, struct numbering_key key);

void numbering_free(struct numbering *numbering);

#endif
