/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/cost.h"

/* `walks` walks of `reads` reads that cost `read_cycles` together. */
static void add_walks(const struct machine *machine, uint64_t walks, uint64_t reads, uint64_t read_cycles,
                      struct counters *counters)
{
    if (walks == 0)
        return;
    const uint64_t cycles = machine->walker_setup_cycles + read_cycles;
    counters->walks += walks;
    counters->walk_refs += walks * reads;
    counters->walk_cycles += walks * cycles;
    if (cycles > counters->longest_walk_cycles)
        counters->longest_walk_cycles = cycles;
}

static void add_shapes(const struct machine *machine, const uint64_t *walks_by_shape, struct counters *counters)
{
    uint64_t *const served[STEP_SERVERS] = {&counters->cache_l1d_hits, &counters->cache_l2_hits,
                                            &counters->cache_l3_hits, &counters->cache_dram};
    for (uint32_t shape = 0; shape < WALK_SHAPES; shape++) {
        const uint64_t walks = walks_by_shape[shape];
        uint64_t reads = 0;
        uint64_t cycles = 0;
        for (unsigned server = 0; server < STEP_SERVERS; server++) {
            const uint64_t here = walk_shape_reads(shape, server);
            reads += here;
            cycles += here * (server < MACHINE_CACHES ? machine->cache[server].hit_cycles : machine->dram_cycles);
            *served[server] += walks * here;
        }
        add_walks(machine, walks, reads, cycles, counters);
    }
}

void cost_settle(const struct machine *machine, const struct cost_sources *sources, struct counters *counters)
{
    if (sources->walks_by_shape != NULL)
        add_shapes(machine, sources->walks_by_shape, counters);
    else
        for (unsigned reads = 1; reads <= STEP_READS_MAX; reads++)
            add_walks(machine, sources->walks_by_reads[reads], reads, reads * (uint64_t)machine->fixed_cycles,
                      counters);
    counters->translation_cycles = sources->hit_cycles + counters->walk_cycles;
    const uint64_t shared = (counters->walk_cycles + machine->walker_count - 1) / machine->walker_count;
    counters->translation_cycles_min = shared > counters->longest_walk_cycles ? shared : counters->longest_walk_cycles;
}
