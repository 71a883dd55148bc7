/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An LRU stack over 64-bit numbers, any of them, 0 and UINT64_MAX too, as a tree; who runs it calls it that, since a stack
 * is there a filter of lanes (lanes.h). An access says how deep the number stood, which is how many other numbers were
 * seen since it was last seen, and moves it to the top. A fully associative LRU array of E entries hits where the depth
 * is below E: one pass over a stream gives the misses of every E at once (Mattson, Gecsei, Slutz, Traiger, "Evaluation
 * techniques for storage hierarchies", IBM Systems Journal 9(2), 1970).
 *
 * With a limit the stack is that many numbers deep and forgets what sinks below: an array of as many entries, whose
 * cost does not depend on how many those are.
 *
 * An access takes O(log n) for n numbers held, and memory is O(n), 50 to 100 bytes a number. It is taken as numbers come,
 * or, for who cannot give up in the middle, beforehand.
 *
 * Who must know what leaves, or takes numbers out himself, gives a limit that is never reached and evicts: a number that
 * sank below the limit might else come up again where one above it is taken out.
 */
#ifndef MODEL_RECENCY_H
#define MODEL_RECENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "model/memory.h"

#define RECENCY_NEVER UINT64_MAX

struct recency;

/* `limit` is as deep as the stack gets; 0: as deep as there are numbers. It lives in the arena and goes with it. NULL
 * when out of memory. */
struct recency *recency_create(struct arena *arena, uint64_t limit);

/* Takes all memory that the limit can ever make it need, recency_most_bytes(limit): no access fails from then on. It is
 * not touched before it is used. False when out of memory. */
bool recency_reserve(struct recency *recency);

/* Sets *depth: 0 for the number of the access before, RECENCY_NEVER for one that is not held. False when out of memory,
 * which leaves the stack as it was. */
bool recency_access(struct recency *recency, uint64_t number, uint64_t *depth);

/* Takes the number out; false where it is not held. */
bool recency_remove(struct recency *recency, uint64_t number);

/* Takes out all numbers of which `is_meant` says so; it looks at every one. False when out of memory, which leaves the stack
 * as it was. */
bool recency_remove_if(struct recency *recency, bool (*is_meant)(uint64_t number, const void *argument),
                       const void *argument);

/* Takes out the number that was not seen for longest, of at least one. */
uint64_t recency_evict(struct recency *recency);

/* How many numbers are held. */
uint64_t recency_count(const struct recency *recency);

/* The memory that it takes; and what one with this limit takes at most. */
uint64_t recency_bytes(const struct recency *recency);
uint64_t recency_most_bytes(uint64_t limit);

#endif
