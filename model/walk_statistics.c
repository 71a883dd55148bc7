/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/walk_statistics.h"

#include <stdlib.h>
#include <string.h>

static uint64_t read_cycles(const struct machine *machine, unsigned server)
{
    if (machine->memory_model == MEMORY_FIXED)
        return machine->fixed_cycles;
    return server < MACHINE_CACHES ? machine->cache[server].hit_cycles : machine->dram_cycles;
}

static void add_path(struct walk_statistics *s, const struct machine *machine, uint32_t path, uint64_t walks)
{
    const unsigned reads = walk_path_reads(path);
    uint64_t cycles = machine->walker_setup_cycles;
    for (unsigned above = 0; above < reads; above++) {
        const unsigned server = walk_path_server(path, above);
        cycles += read_cycles(machine, server);
        s->served[machine->leaf_level - above][server] += walks;
    }
    s->walks += walks;
    s->reads += walks * reads;
    s->cycles += walks * cycles;
    s->by_reads[reads] += walks;
    s->bin[s->bin_count++] = (struct walk_bin){cycles, walks};
}

static int compare_bins(const void *a, const void *b)
{
    const struct walk_bin *x = a;
    const struct walk_bin *y = b;
    return (x->cycles > y->cycles) - (x->cycles < y->cycles);
}

/* Paths of one latency are one bin. */
static void sort_bins(struct walk_statistics *s)
{
    size_t bins = 0;
    qsort(s->bin, s->bin_count, sizeof *s->bin, compare_bins);
    for (size_t i = 0; i < s->bin_count; i++) {
        if (bins > 0 && s->bin[bins - 1].cycles == s->bin[i].cycles)
            s->bin[bins - 1].walks += s->bin[i].walks;
        else
            s->bin[bins++] = s->bin[i];
    }
    s->bin_count = bins;
}

void walk_statistics_make(struct walk_statistics *s, const struct machine *machine, const uint64_t *taken)
{
    memset(s, 0, sizeof *s);
    for (uint32_t path = WALK_PATH_START << WALK_SERVER_BITS; path < WALK_PATHS; path++)
        if (taken[path] != 0)
            add_path(s, machine, path, taken[path]);
    sort_bins(s);
    s->longest_cycles = s->bin_count > 0 ? s->bin[s->bin_count - 1].cycles : 0;
}

/* The rank in whole hundreds first: 100 times the walks could be too many. */
uint64_t walk_statistics_percentile(const struct walk_statistics *s, unsigned percent)
{
    const uint64_t rank = s->walks / 100 * percent + (s->walks % 100 * percent + 99) / 100;
    uint64_t walks = 0;
    for (size_t i = 0; i < s->bin_count; i++) {
        walks += s->bin[i].walks;
        if (walks >= rank)
            return s->bin[i].cycles;
    }
    return 0;
}
