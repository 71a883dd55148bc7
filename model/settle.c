/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/settle.h"

#include "model/lanes.h"
#include "model/request.h"

void settle_run(const struct settle_streams *streams, uint16_t seen[WALK_SHAPES])
{
    const uint64_t *const read = streams->item[0];
    const uint64_t *missed[SETTLE_SERVERS];
    for (unsigned k = 1; k < SETTLE_SERVERS; k++)
        missed[k] = streams->item[k];
    uint32_t shape = 0;
    uint64_t walk = STREAM_END;
    for (size_t i = 0; i < streams->count; i++) {
        unsigned server = 0;
        for (unsigned k = 1; k < SETTLE_SERVERS; k++) {
            const bool misses = *missed[k] == read[i];
            missed[k] += misses;
            server += misses;
        }
        shape = request_position(read[i]) == walk ? shape : 0;
        walk = request_position(read[i]);
        shape += walk_shape_of_read(server);
        seen[shape] = 1;
    }
}

/* A walk of many lanes: which of them have which shape so far. Lanes mostly agree, so that these are few. */
struct shapes {
    unsigned count;
    uint32_t shape[LANES];
    uint16_t lanes[LANES];
};

/* Of each shape's lanes, those that are served[k] go on to one with a read by server k; the rest did not read. */
static void add_read(struct shapes *shapes, const uint16_t served[SETTLE_SERVERS], uint16_t seen[WALK_SHAPES])
{
    const unsigned before = shapes->count;
    const struct shapes old = *shapes;
    shapes->count = 0;
    for (unsigned i = 0; i < before; i++) {
        uint16_t rest = old.lanes[i];
        for (unsigned k = 0; k < SETTLE_SERVERS; k++) {
            const uint16_t here = rest & served[k];
            if (here == 0)
                continue;
            rest &= (uint16_t)~here;
            shapes->shape[shapes->count] = old.shape[i] + walk_shape_of_read(k);
            shapes->lanes[shapes->count] = here;
            seen[shapes->shape[shapes->count++]] |= here;
        }
        if (rest != 0) {
            shapes->shape[shapes->count] = old.shape[i];
            shapes->lanes[shapes->count++] = rest;
        }
    }
}

void settle_run_lanes(const struct settle_streams *streams, uint16_t seen[WALK_SHAPES])
{
    const uint64_t *const read = streams->item[0];
    size_t at[SETTLE_SERVERS] = {0};
    struct shapes shapes = {.count = 0};
    uint64_t walk = STREAM_END;
    for (size_t i = 0; i < streams->count; i++) {
        uint16_t reached[SETTLE_SERVERS + 1] = {streams->lanes[0][i]}; /* lanes whose read came so far */
        for (unsigned k = 1; k < SETTLE_SERVERS; k++) {
            const bool any = streams->item[k][at[k]] == read[i];
            reached[k] = any ? streams->lanes[k][at[k]] : 0;
            at[k] += any;
        }
        uint16_t served[SETTLE_SERVERS];
        for (unsigned k = 0; k < SETTLE_SERVERS; k++)
            served[k] = reached[k] & (uint16_t)~reached[k + 1];
        const bool is_first = request_position(read[i]) != walk;
        const bool is_last = i + 1 == streams->count || request_position(read[i + 1]) != request_position(read[i]);
        walk = request_position(read[i]);
        if (is_first && is_last) {
            for (unsigned k = 0; k < SETTLE_SERVERS; k++)
                seen[walk_shape_of_read(k)] |= served[k];
            continue;
        }
        if (is_first)
            shapes = (struct shapes){.count = 1, .shape = {0}, .lanes = {UINT16_MAX}};
        add_read(&shapes, served, seen);
    }
}
