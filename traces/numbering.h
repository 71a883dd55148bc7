/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dense numbers, from 0, in the order in which they are asked for, of what is scattered: pages of address spaces, threads
 * of traces. What is kept of such a thing is then an array.
 *
 * All zero is an empty one. Nothing is ever taken out; 24 to 48 bytes a number.
 */
#ifndef TRACES_NUMBERING_H
#define TRACES_NUMBERING_H

#include <stdbool.h>
#include <stdint.h>

struct numbering_key {
    uint64_t number;
    uint64_t space; /* equal numbers of different spaces are different things */
};

struct numbering {
    struct numbering_key *key; /* by dense number */
    uint64_t count;
    uint64_t room;
    uint32_t *slot; /* dense number + 1, 0 for a free one; open addressing */
    uint64_t slots; /* a power of two, or 0 */
};

/* Sets *index to the dense number of the key, a new one where it has none. False when out of memory, or beyond 2^32 - 2
 * of them; nothing has changed then. */
bool numbering_find(struct numbering *numbering, struct numbering_key key, uint64_t *index);

void numbering_free(struct numbering *numbering);

#endif
