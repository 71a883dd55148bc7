/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/open_filter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/request.h"
#include "model/step.h"

/* A lookup that the part alone cannot decide on. There are some thousands a part and configuration (a set's ways and a
 * few more for each set, of every filter), so they are kept small. */
struct event {
    uint64_t request; /* with REQUEST_UNCERTAIN: whether it was looked up at all */
    uint64_t record;  /* the block's first, and the flags below */
};

enum {
    EVENT_GOES_ON = 1, /* is in the output */
    EVENT_KNOWN = 2,   /* the set held numbers: in `known`, behind their count */
    EVENT_RECORD_SHIFT = 2,
};

struct open_filter {
    struct filter *filter; /* unknown ways are empty ones */
    struct arena *arena;
    uint32_t sets;
    uint32_t ways;
    uint32_t *unknown; /* ways, by set */
    uint64_t unknown_ways;
    uint64_t *scratch; /* a set's numbers */
    struct event *event;
    size_t event_count;
    size_t event_room;
    uint64_t *known; /* of event after event */
    size_t known_count;
    size_t known_room;
};

struct open_filter *open_filter_create(struct filter *filter, const struct filter_spec *spec, struct arena *arena)
{
    assert(spec->policy == POLICY_LRU && spec->victim_kinds == KINDS_NONE && spec->evicted_kinds == KINDS_NONE);
    struct open_filter *open = arena_alloc(arena, sizeof *open);
    if (open == NULL)
        return NULL;
    *open = (struct open_filter){
        .filter = filter,
        .arena = arena,
        .sets = spec->geometry.sets,
        .ways = spec->geometry.ways,
        .unknown = arena_alloc(arena, spec->geometry.sets * sizeof *open->unknown),
        .scratch = arena_alloc(arena, spec->geometry.ways * sizeof *open->scratch),
    };
    if (open->unknown == NULL || open->scratch == NULL)
        return NULL;
    open_filter_reopen(open);
    return open;
}

void open_filter_reopen(struct open_filter *open)
{
    filter_clear(open->filter);
    for (uint32_t set = 0; set < open->sets; set++)
        open->unknown[set] = open->ways;
    open->unknown_ways = (uint64_t)open->sets * open->ways;
    open->event_count = 0;
    open->known_count = 0;
}

/* ---- The log ---- */

/* Room for one event more and that many numbers. */
static bool grow_log(struct open_filter *open, uint32_t known)
{
    if (open->event_count == open->event_room) {
        const size_t old = open->event_room;
        const size_t room = old == 0 ? 64 : 2 * old;
        struct event *event = arena_grow(open->arena, open->event, old * sizeof *event, room * sizeof *event);
        if (event == NULL)
            return false;
        open->event = event;
        open->event_room = room;
    }
    if (open->known_count + known > open->known_room) {
        const size_t old = open->known_room;
        const size_t room = 2 * old + known;
        uint64_t *more = arena_grow(open->arena, open->known, old * sizeof *more, room * sizeof *more);
        if (more == NULL)
            return false;
        open->known = more;
        open->known_room = room;
    }
    return true;
}

static uint64_t place_of(const struct event *event)
{
    const uint64_t fetch = event->request >> REQUEST_FETCH_SHIFT & 1;
    return ((event->record >> EVENT_RECORD_SHIFT) * REQUEST_POSITIONS + request_position(event->request)) << 1 | fetch;
}

/* ---- Running ---- */

/* Sets fill their unknown ways first. So in a stretch of certain lookups, which the filter has just run, the first
 * misses of a set are uncertain, as many as it had unknown ways. */
static bool mark_misses(struct open_filter *open, uint64_t first_record, uint64_t *missed, size_t count)
{
    enum { AT_ONCE = 256 };
    uint64_t number[AT_ONCE];
    uint32_t set[AT_ONCE];
    for (size_t i = 0; i < count && open->unknown_ways > 0; i += AT_ONCE) {
        const size_t n = count - i < AT_ONCE ? count - i : AT_ONCE;
        filter_numbers(open->filter, missed + i, n, number, set);
        for (size_t k = 0; k < n; k++) {
            if (open->unknown[set[k]] == 0)
                continue;
            if (!grow_log(open, 0))
                return false;
            open->event[open->event_count++] =
                (struct event){missed[i + k], first_record << EVENT_RECORD_SHIFT | EVENT_GOES_ON};
            missed[i + k] |= REQUEST_UNCERTAIN;
            open->unknown[set[k]]--;
            open->unknown_ways--;
        }
    }
    return true;
}

static bool holds(const uint64_t *number, uint32_t count, uint64_t wanted)
{
    for (uint32_t i = 0; i < count; i++)
        if (number[i] == wanted)
            return true;
    return false;
}

static bool take_uncertain(struct open_filter *open, uint64_t first_record, uint64_t request, bool *goes_on)
{
    uint64_t number;
    uint32_t set;
    filter_numbers(open->filter, &request, 1, &number, &set);
    const uint32_t known = filter_read_set(open->filter, set, open->scratch);
    *goes_on = !holds(open->scratch, known, number);
    if (known > 0 && open->scratch[0] == number)
        return true;
    if (!grow_log(open, known + 1))
        return false;
    open->event[open->event_count++] = (struct event){
        request, first_record << EVENT_RECORD_SHIFT | (known > 0 ? EVENT_KNOWN : 0) | (*goes_on ? EVENT_GOES_ON : 0)};
    if (known == 0)
        return true;
    open->known[open->known_count++] = known;
    for (uint32_t i = 0; i < known; i++)
        open->known[open->known_count++] = open->scratch[i];
    open->unknown_ways += known;
    open->unknown[set] = open->ways;
    filter_write_set(open->filter, set, NULL, 0);
    return true;
}

static size_t count_certain(const uint64_t *request, size_t count)
{
    size_t i = 0;
    while (i < count && (request[i] & REQUEST_UNCERTAIN) == 0)
        i++;
    return i;
}

bool open_filter_run(struct open_filter *open, uint64_t first_record, const struct stream *input, struct stream *output)
{
    const uint64_t *const request = input->item;
    const size_t count = input->count;
    const bool uncertain_input = input->uncertain; /* the output may be in the input's place */
    const size_t events = open->event_count;
    size_t missed = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t certain = uncertain_input ? count_certain(request + i, count - i) : count;
        if (certain > 0) {
            const size_t misses =
                filter_run(open->filter, input->reach, request + i, certain, output->item + missed, NULL);
            if (!mark_misses(open, first_record, output->item + missed, misses))
                return false;
            missed += misses;
            i += certain;
        }
        if (i < count) {
            bool goes_on;
            output->item[missed] = request[i];
            if (!take_uncertain(open, first_record, request[i], &goes_on))
                return false;
            missed += goes_on;
        }
    }
    output->count = missed;
    output->uncertain = open->event_count > events;
    return true;
}

/* ---- Joining ---- */

bool outcomes_select(const struct outcomes *all, bool fetches, struct outcomes *selected)
{
    *selected = (struct outcomes){.item = malloc((all->count + 1) * sizeof *selected->item)};
    if (selected->item == NULL)
        return false;
    for (size_t i = 0; i < all->count; i++) {
        selected->item[selected->count] = all->item[i];
        selected->count += ((all->item[i] & OUTCOME_FETCH) != 0) == fetches;
    }
    return true;
}

bool outcomes_merge(const struct outcomes *a, const struct outcomes *b, struct outcomes *merged)
{
    *merged = (struct outcomes){.item = malloc((a->count + b->count + 1) * sizeof *merged->item)};
    if (merged->item == NULL)
        return false;
    size_t i = 0;
    size_t j = 0;
    while (i < a->count || j < b->count) {
        const bool first = j == b->count || (i < a->count && a->item[i] < b->item[j]);
        merged->item[merged->count++] = first ? a->item[i++] : b->item[j++];
    }
    return true;
}

/* A set on its way through a log. */
struct true_set {
    uint64_t *number;
    uint64_t *scratch;
    uint32_t count;
    uint32_t ways;
};

/* The known numbers in front, those of the older ones that are not among them behind, as far as there are ways. */
static void put_in_front(struct true_set *set, const uint64_t *known, uint32_t known_count)
{
    uint32_t count = known_count;
    for (uint32_t i = 0; i < set->count && count < set->ways; i++)
        if (!holds(known, known_count, set->number[i]))
            set->scratch[count++] = set->number[i];
    for (uint32_t i = 0; i < count; i++)
        set->number[i] = i < known_count ? known[i] : set->scratch[i];
    set->count = count;
}

/* True where it hits. */
static bool look_up(struct true_set *set, uint64_t number)
{
    uint32_t way = 0;
    while (way < set->count && set->number[way] != number)
        way++;
    const bool hit = way < set->count;
    if (!hit && set->count < set->ways)
        set->count++;
    const uint32_t last = hit ? way : set->count - 1;
    memmove(set->number + 1, set->number, last * sizeof number);
    set->number[0] = number;
    return hit;
}

static void replay(const struct open_filter *part, struct filter *whole, const struct outcomes *input,
                   struct true_set *set, struct outcomes *output)
{
    const uint64_t *known = part->known;
    size_t above = 0;
    for (size_t i = 0; i < part->event_count; i++) {
        const struct event *event = &part->event[i];
        uint64_t number;
        uint32_t s;
        bool there = true;
        filter_numbers(whole, &event->request, 1, &number, &s);
        set->count = filter_read_set(whole, s, set->number);
        if ((event->record & EVENT_KNOWN) != 0) {
            put_in_front(set, known + 1, (uint32_t)*known);
            known += 1 + *known;
        }
        if ((event->request & REQUEST_UNCERTAIN) != 0) {
            while (above < input->count && input->item[above] >> 1 != place_of(event))
                above++;
            assert(above < input->count);
            there = (input->item[above] & OUTCOME_THERE) != 0;
        }
        const bool misses = there && !look_up(set, number);
        filter_write_set(whole, s, set->number, set->count);
        if ((event->record & EVENT_GOES_ON) != 0)
            output->item[output->count++] = place_of(event) << 1 | misses;
    }
}

/* What is known at the end of the part is as in the whole trace. */
static void take_over(const struct open_filter *part, struct filter *whole, struct true_set *set)
{
    for (uint32_t s = 0; s < part->sets; s++) {
        const uint32_t known = filter_read_set(part->filter, s, part->scratch);
        if (known == 0)
            continue;
        set->count = known < part->ways ? filter_read_set(whole, s, set->number) : 0;
        put_in_front(set, part->scratch, known);
        filter_write_set(whole, s, set->number, set->count);
    }
}

bool open_filter_join(const struct open_filter *part, struct filter *whole, const struct outcomes *input,
                      struct outcomes *output)
{
    struct true_set set = {
        .number = malloc(part->ways * sizeof *set.number),
        .scratch = malloc(part->ways * sizeof *set.scratch),
        .ways = part->ways,
    };
    *output = (struct outcomes){.item = malloc((part->event_count + 1) * sizeof *output->item)};
    const bool good = set.number != NULL && set.scratch != NULL && output->item != NULL;
    if (good) {
        replay(part, whole, input, &set, output);
        take_over(part, whole, &set);
    }
    free(set.number);
    free(set.scratch);
    return good;
}
