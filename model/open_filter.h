/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An LRU filter that begins in the middle of a stream, so that parts of a trace run side by side: what its sets hold is
 * unknown at first, and is settled when the part is joined to what stands before it (Heidelberger and Stone, "Parallel
 * trace-driven cache simulation by time partitioning", WSC 1990; here for filters that feed each other).
 *
 * A lookup makes its number known and most recent. A set with unknown ways holds the known numbers in front and older
 * ones, which nobody knows yet, behind: a lookup that finds its number hits whatever these are, and a set without
 * unknown ways is what it would be in the whole trace. A lookup that does not find its number in a set with unknown ways
 * may hit or miss: it is logged, and goes on to the next filter as an item with REQUEST_UNCERTAIN. A filter that gets
 * such an item does not know whether it was ever looked up here. If the item's number is the most recent one, that
 * changes nothing. Otherwise the order in the set is unknown now: the known numbers are logged with the item, and all
 * ways of the set are unknown again. An item that would have hit ends here, another goes on, uncertain as it is.
 *
 * Joining goes from the first filter down and repeats each log on the true sets; what becomes of the uncertain items of
 * one filter (`outcomes`) is what the next one needs. A log has no more events than the part has lookups, and is far
 * shorter as a rule: sets become known once and for all when the filters above have no unknown ways left.
 *
 * What has no part in this: other policies, whose sets depend on more than the order of lookups, and victim fills.
 */
#ifndef MODEL_OPEN_FILTER_H
#define MODEL_OPEN_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/filter.h"
#include "model/memory.h"

struct open_filter;
struct stream;

/* `filter`, with this spec, is empty and is run by nobody else. Memory from `arena`; NULL when out of memory. */
struct open_filter *open_filter_create(struct filter *filter, const struct filter_spec *spec, struct arena *arena);

/* Forgets everything, the log included. */
void open_filter_reopen(struct open_filter *open);

/* As filter_run. `first_record` is that of the block; blocks come in the order of the trace. False when out of memory.
 */
bool open_filter_run(struct open_filter *open, uint64_t first_record, const struct stream *input,
                     struct stream *output);

/* ---- Joining ---- */

/* What became of the uncertain items of a stream, in their order. */
struct outcomes {
    uint64_t *item;
    size_t count;
};

/* An item of outcomes. */
enum {
    OUTCOME_THERE = 1, /* the item is in the stream of the whole trace, too */
    OUTCOME_FETCH = 2, /* it is an instruction fetch's */
    OUTCOME_PLACE_SHIFT = 2,
};

/* The others' memory is the caller's to free; false when out of memory. */
bool outcomes_select(const struct outcomes *all, bool fetches, struct outcomes *selected);
bool outcomes_merge(const struct outcomes *a, const struct outcomes *b, struct outcomes *merged);

/* Continues `whole`, the true filter as of the beginning of the part, to the part's end. `input` is what became of the
 * uncertain items that the part's filter got; fills `output` for those it put out. False when out of memory. */
bool open_filter_join(const struct open_filter *part, struct filter *whole, const struct outcomes *input,
                      struct outcomes *output);

#endif
