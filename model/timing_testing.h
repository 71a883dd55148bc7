/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The core of timing.h once more, slot after slot: a reorder buffer that instructions go into and out of, a queue of walks
 * and walkers that take them. What timing.c must equal. Code that only tests link.
 */
#ifndef MODEL_TIMING_TESTING_H
#define MODEL_TIMING_TESTING_H

#include "model/timing.h"

/* In program order, an instruction's fetch before its data. `cycles` are what a walk takes, or a hit beyond one in level
 * 1. */
struct timing_lookup {
    uint64_t instruction;
    bool fetch;
    bool walks;
    uint64_t page;
    uint64_t cycles;
};

struct timing_figures timing_simulate(const struct timing_spec *spec, const struct timing_lookup *lookups, size_t count,
                                      uint64_t instructions);

#endif
