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

static void add_fixed_table(const struct machine *machine, const struct cost_sources *sources,
                            struct counters *counters)
{
    if (counters->walks != 0)
        add_longest(machine, (sources->reads_at_once ? 1 : sources->longest_refs) * (uint64_t)machine->fixed_cycles,
                    counters);
    counters->walk_cycles += (sources->reads_at_once ? counters->walks : counters->walk_refs) * machine->fixed_cycles;
}

static uint64_t server_cycles(const struct machine *machine, unsigned server)
{
    return server < MACHINE_CACHES ? machine->cache[server].hit_cycles : machine->dram_cycles;
}

static void count_served(const struct cost_sources *sources, uint64_t served[SETTLE_SERVERS], struct counters *counters)
{
    uint64_t *const counter[SETTLE_SERVERS] = {&counters->cache_l1d_hits, &counters->cache_l2_hits,
                                               &counters->cache_l3_hits, &counters->cache_dram};
    for (unsigned server = 0; server < SETTLE_SERVERS; server++)
        *counter[server] = served[server] = sources->missed[server] - sources->missed[server + 1];
}

/* Each walk costs the slowest of those that served it. */
static void add_at_once(const struct machine *machine, const struct tally *tally, struct counters *counters)
{
    for (unsigned servers = 1; servers < 1 << SETTLE_SERVERS; servers++) {
        uint64_t slowest = 0;
        for (unsigned server = 0; server < SETTLE_SERVERS; server++)
            if ((servers >> server & 1) != 0 && server_cycles(machine, server) > slowest)
                slowest = server_cycles(machine, server);
        counters->walk_cycles += tally->walks_by_servers[servers] * slowest;
        if (tally->walks_by_servers[servers] != 0)
            add_longest(machine, slowest, counters);
    }
}

static void add_tallied(const struct machine *machine, const struct cost_sources *sources, struct counters *counters)
{
    const struct tally *tally = sources->tally;
    uint64_t served[SETTLE_SERVERS];
    count_served(sources, served, counters);
    if (tally->at_once) {
        add_at_once(machine, tally, counters);
        return;
    }
    for (unsigned server = 0; server < SETTLE_SERVERS; server++)
        counters->walk_cycles += served[server] * server_cycles(machine, server);
    for (size_t i = 0; i < tally->longest_count; i++) {
        uint64_t cycles = 0;
        for (unsigned server = 0; server < SETTLE_SERVERS; server++)
            cycles += tally->longest[i].served[server] * server_cycles(machine, server);
        add_longest(machine, cycles, counters);
    }
}

static void add_cached(const struct machine *machine, const struct cost_sources *sources, struct counters *counters)
{
    uint64_t served[SETTLE_SERVERS];
    count_served(sources, served, counters);
    for (unsigned server = 0; server < SETTLE_SERVERS; server++)
        counters->walk_cycles += served[server] * server_cycles(machine, server);
    for (uint32_t shape = 0; shape < WALK_SHAPES; shape++) {
        uint64_t cycles = 0;
        for (unsigned server = 0; server < SETTLE_SERVERS; server++)
            cycles += walk_shape_reads(shape, server) * server_cycles(machine, server);
        if ((sources->shape_seen[shape] >> sources->lane & 1) != 0)
            add_longest(machine, cycles, counters);
    }
}

/* The nearest rank; in whole hundreds first: 100 times the walks could be too many. */
static uint64_t fixed_percentile(const struct machine *machine, const uint64_t *walks_by_reads, uint64_t walks,
                                 unsigned percent)
{
    const uint64_t rank = walks / 100 * percent + (walks % 100 * percent + 99) / 100;
    uint64_t before = 0;
    for (unsigned reads = 1; walks > 0 && reads <= STEP_READS_MAX; reads++) {
        before += walks_by_reads[reads];
        if (before >= rank)
            return machine->walker_setup_cycles + reads * (uint64_t)machine->fixed_cycles;
    }
    return 0;
}

static void add_fixed_percentiles(const struct machine *machine, const uint64_t *walks_by_reads,
                                  struct counters *counters)
{
    counters->walk_p50_cycles = fixed_percentile(machine, walks_by_reads, counters->walks, 50);
    counters->walk_p95_cycles = fixed_percentile(machine, walks_by_reads, counters->walks, 95);
    counters->walk_p99_cycles = fixed_percentile(machine, walks_by_reads, counters->walks, 99);
}

static void add_percentiles(const struct machine *machine, const uint64_t *paths_taken, struct counters *counters)
{
    struct walk_statistics statistics;
    walk_statistics_make(&statistics, machine, paths_taken);
    counters->walk_p50_cycles = walk_statistics_percentile(&statistics, 50);
    counters->walk_p95_cycles = walk_statistics_percentile(&statistics, 95);
    counters->walk_p99_cycles = walk_statistics_percentile(&statistics, 99);
}

static void add_prefetches(const struct machine *machine, const struct cost_sources *sources, struct counters *counters)
{
    counters->prefetch_walk_cycles = counters->prefetches * machine->walker_setup_cycles;
    if (sources->shape_seen == NULL)
        counters->prefetch_walk_cycles += counters->prefetch_walk_refs * machine->fixed_cycles;
    for (unsigned server = 0; server < SETTLE_SERVERS; server++)
        counters->prefetch_walk_cycles +=
            (sources->prefetch_missed[server] - sources->prefetch_missed[server + 1]) * server_cycles(machine, server);
}

static void add_walks(const struct machine *machine, const struct cost_sources *sources, struct counters *counters)
{
    counters->walks = sources->walks;
    counters->walk_refs = sources->walk_refs;
    for (unsigned reads = 1; sources->walks_by_reads != NULL && reads <= STEP_READS_MAX; reads++) {
        counters->walks += sources->walks_by_reads[reads];
        counters->walk_refs += sources->walks_by_reads[reads] * reads;
    }
    counters->walk_cycles = counters->walks * machine->walker_setup_cycles;
    if (sources->tally != NULL)
        add_tallied(machine, sources, counters);
    else if (sources->shape_seen != NULL)
        add_cached(machine, sources, counters);
    else if (sources->walks_by_reads != NULL)
        add_fixed(machine, sources->walks_by_reads, counters);
    else
        add_fixed_table(machine, sources, counters);
    if (machine->walker_kind == WALKER_SOFTWARE) {
        counters->trap_cycles = counters->walks * machine->trap_cycles;
        counters->handler_cycles = counters->walks * machine->handler_cycles;
    }
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* CPUs walk at the same time. On one, nothing overlaps with a trap and its handler. */
void cost_walks(const struct machine *machine, const struct cost_sources *sources, struct counters *counters)
{
    struct counters own = {0};
    add_walks(machine, sources, &own);
    const uint64_t shared = (own.walk_cycles + machine->walker_count - 1) / machine->walker_count;
    const uint64_t least = larger(shared, own.longest_walk_cycles) + own.trap_cycles + own.handler_cycles;
    counters->walks += own.walks;
    counters->walk_refs += own.walk_refs;
    counters->walk_cycles += own.walk_cycles;
    counters->trap_cycles += own.trap_cycles;
    counters->handler_cycles += own.handler_cycles;
    counters->cache_l1d_hits += own.cache_l1d_hits;
    counters->cache_l2_hits += own.cache_l2_hits;
    counters->cache_l3_hits += own.cache_l3_hits;
    counters->cache_dram += own.cache_dram;
    counters->longest_walk_cycles = larger(counters->longest_walk_cycles, own.longest_walk_cycles);
    counters->translation_cycles_min = larger(counters->translation_cycles_min, least);
}

void cost_settle(const struct machine *machine, const struct cost_sources *sources, struct counters *counters)
{
    if (sources->paths_taken != NULL)
        add_percentiles(machine, sources->paths_taken, counters);
    else if (sources->walks_by_reads != NULL)
        add_fixed_percentiles(machine, sources->walks_by_reads, counters);
    add_prefetches(machine, sources, counters);
    counters->switch_cycles = counters->context_switches * machine->switch_cycles;
    counters->shootdown_cycles = counters->shootdown_cpus * machine->shootdown_cycles;
    counters->promotion_cycles = counters->promotions * machine->promote_cycles;
    counters->translation_cycles = sources->hit_cycles + counters->walk_cycles + counters->switch_cycles +
                                   counters->shootdown_cycles + counters->promotion_cycles + counters->trap_cycles +
                                   counters->handler_cycles;
}
