/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Arrays that grow by an item at a time.
 */
#ifndef TRACES_ARRAY_H
#define TRACES_ARRAY_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The array with room for one more than `count` items: as it is, or twice as large and the new half zero. *room is how many
 * it has room for, 0 where it is NULL. NULL where there is no memory: then the array is as it was. */
static inline void *array_grow(void *array, uint64_t *room, uint64_t count, size_t item_bytes)
{
    enum { FIRST_ROOM = 64 };
    if (count < *room)
        return array;
    const uint64_t more = *room == 0 ? FIRST_ROOM : 2 * *room;
    char *grown = reallocarray(array, more, item_bytes);
    if (grown == NULL)
        return NULL;
    memset(grown + *room * item_bytes, 0, (more - *room) * item_bytes);
    *room = more;
    return grown;
}

#endif
