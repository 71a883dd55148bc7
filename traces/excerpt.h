/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A part of a trace while it goes by: accesses are skipped at the beginning, taken and left out by turns, and few or
 * many. Exact to the access.
 *
 * It does not read: blocks come in and go out. Bytes that accesses moved (extras.data) do not go through. Events do, those
 * between accesses that are left out, too.
 *
 * Always: where accesses are left out before one that is taken, before an event or at the end of the trace, an EVENT_GAP
 * says how many. Behind the last access that was asked for there is nothing any more.
 */
#ifndef TRACES_EXCERPT_H
#define TRACES_EXCERPT_H

#include "model/access.h"
#include "model/err.h"
#include "traces/extras.h"

#include <stdbool.h>
#include <stdint.h>

struct excerpt_request {
    uint64_t skip; /* accesses at the beginning */
    uint64_t on;   /* then by turns so many taken, and */
    uint64_t off;  /* so many left out; 0: none are */
    uint64_t most; /* taken altogether; UINT64_MAX: all */
};

struct excerpt;

struct excerpt *excerpt_create(const struct excerpt_request *request, struct err *err);

/* Makes the next block of what comes, which ends with an empty one. What it makes may be empty, and then its events come
 * once more with a later one: only those of the last are to be taken. NULL with err where there is no memory. What comes
 * back lives until the next call. */
const struct block *excerpt_block(struct excerpt *excerpt, const struct block *block, const struct extras *extras,
                                  struct err *err);

/* Beside the last block, its events and pcs. */
const struct extras *excerpt_extras(const struct excerpt *excerpt);

/* Has it taken as many as were asked for? */
bool excerpt_done(const struct excerpt *excerpt);

uint64_t excerpt_taken(const struct excerpt *excerpt);
uint64_t excerpt_left_out(const struct excerpt *excerpt); /* before the last one that was taken, or up to the end */

/* NULL is fine. */
void excerpt_free(struct excerpt *excerpt);

#endif
