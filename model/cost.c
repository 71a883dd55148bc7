/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/cost.h"

static void add_longest(const struct machine *machine, uint64_t read_cycles, struct counters *counters)
{
    const uint64_t cycles = machine->walker_setup_cycles + read_cycles;
    if (cycles > counters->longest_walk_cycles)
        counters->longest_walk_cycles = cycles;
}

static void add_fixed(const struct machine *machine, const uint64_t *walks_by_reads, struct counters *counters)
{
    for (unsigned reads = 1; reads <= STEP_READS_MAX; reads++)
        if (walks_by_reads[reads] != 0)
            add_longest(machine, reads * (uint64_t)machine->fixed_cycles, counters);
    counters->walk_cycles += counters->walk_refs * machine->fixed_cycles;
}

static uint64_t server_cycles(const struct machine *machine, unsigned server)
{
    return server < MACHINE_CACHES ? machine->cache[server].hit_cycles : machine->dram_cycles;
}

static void add_cached(const struct machine *machine, const struct cost_sources *sources, struct counters *counters)
{
    uint64_t *const served[SETTLE_SERVERS] = {&counters->cache_l1d_hits, &counters->cache_l2_hits,
                                              &counters->cache_l3_hits, &counters->cache_dram};
    for (unsigned server = 0; server < SETTLE_SERVERS; server++) {
        *served[server] = sources->missed[server] - sources->missed[server + 1];
        counters->walk_cycles += *served[server] * server_cycles(machine, server);
    }
    for (uint32_t shape = 0; shape < WALK_SHAPES; shape++) {
        uint64_t cycles = 0;
        for (unsigned server = 0; server < SETTLE_SERVERS; server++)
            cycles += walk_shape_reads(shape, server) * server_cycles(machine, server);
        if ((sources->shape_seen[shape] >> sources->lane & 1) != 0)
            add_longest(machine, cycles, counters);
    }
}

void cost_settle(const struct machine *machine, const struct cost_sources *sources, struct counters *counters)
{
    for (unsigned reads = 1; reads <= STEP_READS_MAX; reads++) {
        counters->walks += sources->walks_by_reads[reads];
        counters->walk_refs += sources->walks_by_reads[reads] * reads;
    }
    counters->walk_cycles = counters->walks * machine->walker_setup_cycles;
    if (sources->shape_seen != NULL)
        add_cached(machine, sources, counters);
    else
        add_fixed(machine, sources->walks_by_reads, counters);
    counters->promotion_cycles = counters->promotions * machine->promote_cycles;
    counters->translation_cycles = sources->hit_cycles + counters->walk_cycles + counters->promotion_cycles;
    const uint64_t shared = (counters->walk_cycles + machine->walker_count - 1) / machine->walker_count;
    counters->translation_cycles_min = shared > counters->longest_walk_cycles ? shared : counters->longest_walk_cycles;
}
