/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Most lookups are of one of the last few pages: code, stack and data take turns. The front holds these, youngest first, so
 * that a page that is found there is found as deep as it stands, and neither the table of pages nor the LRU stack has to be
 * asked. The stack is told of the front's pages when it is asked next, in the order of their last lookups, which leaves it
 * as if it had been told of all: of the pages since then only the last lookup matters.
 */
#include "traces/pages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/recency.h"
#include "traces/array.h"

enum {
    FRONT = 6, /* of 4, 6 and 8, the fewest that traces of programs lose nothing by */
    AHEAD = 8, /* runs; a page of a large table is there when its turn comes */
};

#define NO_PAGE UINT64_MAX /* pages have 4096 bytes or more */

struct pages_front {
    uint64_t page[FRONT];
    uint64_t index[FRONT]; /* dense numbers */
    unsigned untold;       /* so many of them were looked up since the stack was told */
    uint64_t space;        /* the address space of them all */
};

static void front_clear(struct pages_front *front)
{
    for (unsigned i = 0; i < FRONT; i++)
        front->page[i] = NO_PAGE;
    front->untold = 0;
}

bool pages_create(struct pages *pages)
{
    *pages = (struct pages){.arena = arena_create(), .window_first = 1};
    if (pages->arena == NULL)
        return false;
    pages->recency = recency_create(pages->arena, 0);
    pages->front = arena_alloc(pages->arena, sizeof *pages->front);
    if (pages->recency == NULL || pages->front == NULL)
        return false;
    front_clear(pages->front);
    return true;
}

void pages_free(struct pages *pages)
{
    if (pages->arena != NULL)
        arena_destroy(pages->arena);
    numbering_free(&pages->numbering);
    free(pages->page);
}

static bool tell_stack(struct pages *pages)
{
    struct pages_front *front = pages->front;
    uint64_t unused;
    for (; front->untold > 0; front->untold--)
        if (!recency_access(pages->recency, front->index[front->untold - 1], &unused))
            return false;
    return true;
}

/* Where the page stands in the front; FRONT: nowhere. */
static inline unsigned front_find(const struct pages_front *front, uint64_t page)
{
    unsigned found = 0;
    for (unsigned i = 0; i < FRONT; i++)
        found |= (unsigned)(front->page[i] == page) << i;
    return found == 0 ? FRONT : (unsigned)__builtin_ctz(found);
}

/* Puts it first; what stood before `place` moves back by one, and what stood there goes. */
static inline void front_raise(struct pages_front *front, unsigned place, uint64_t page, uint64_t index)
{
    for (unsigned i = place; i > 0; i--) {
        front->page[i] = front->page[i - 1];
        front->index[i] = front->index[i - 1];
    }
    front->page[0] = page;
    front->index[0] = index;
}

static bool make_room(struct pages *pages)
{
    struct page *page = array_grow(pages->page, &pages->page_room, pages->numbering.count, sizeof *page);
    if (page != NULL)
        pages->page = page;
    return page != NULL;
}

/* Sets the dense number of the page and how deep it stood. */
static bool look_up(struct pages *pages, uint64_t page, uint64_t *index, uint64_t *depth)
{
    struct pages_front *front = pages->front;
    const unsigned place = front_find(front, page);
    if (place < FRONT) {
        *index = front->index[place];
        *depth = place;
        if (place > 0)
            front_raise(front, place, page, *index);
        front->untold += place > 0 && place >= front->untold;
        return true;
    }
    if (!make_room(pages) || !tell_stack(pages) ||
        !numbering_find(&pages->numbering, (struct numbering_key){page, front->space}, index) ||
        !recency_access(pages->recency, *index, depth))
        return false;
    front_raise(front, FRONT - 1, page, *index);
    return true;
}

static inline bool add_run(struct pages *pages, const struct pages_run *run)
{
    uint64_t index;
    uint64_t depth;
    if (!look_up(pages, run->page, &index, &depth))
        return false;
    struct page *page = &pages->page[index];
    if (page->lookups > 0) {
        const uint64_t time = run->first - page->last;
        const unsigned bucket = pages_bucket(time);
        pages->reuse_times[bucket]++;
        pages->reuse_time_sums[bucket] += time;
        pages->lru_depths[pages_bucket(depth)]++;
    }
    /* The rest of the run comes after one access and no other page, each. */
    const uint64_t rest = run->last - run->first;
    const unsigned next = pages_bucket(1);
    pages->reuse_times[next] += rest;
    pages->reuse_time_sums[next] += rest;
    pages->lru_depths[0] += rest;
    pages->lookups += rest + 1;
    pages->window_pages += page->last < pages->window_first;
    page->last = run->last;
    page->lookups += rest + 1;
    page->lines |= run->lines;
    return true;
}

bool pages_add(struct pages *pages, const struct pages_run *run, size_t count, uint64_t space)
{
    struct pages_front *front = pages->front;
    if (space != front->space) {
        if (!tell_stack(pages))
            return false;
        front_clear(front);
        front->space = space;
    }
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            numbering_expect(&pages->numbering, (struct numbering_key){run[i + AHEAD].page, space});
        pages->crossings += i > 0 && run[i].first == run[i - 1].last;
        if (!add_run(pages, &run[i]))
            return false;
    }
    return true;
}

uint64_t pages_end_window(struct pages *pages, uint64_t first)
{
    const uint64_t count = pages->window_pages;
    pages->window_pages = 0;
    pages->window_first = first;
    return count;
}
