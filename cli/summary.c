/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/summary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/say.h"
#include "cli/table.h"
#include "cli/version.h"
#include "model/machine_keys.h"
#include "model/units.h"

/* ---- One result ---- */

/* The metric called `name` with `decimals`, "" where it has no value. Returns `text`. */
static const char *metric_text(const struct counters *counters, const char *name, int decimals,
                               char text[TABLE_COUNT_TEXT])
{
    double value;
    text[0] = '\0';
    for (const struct metric_info *info = metric_infos; info->name != NULL; info++)
        if (strcmp(info->name, name) == 0 && info->value(counters, &value))
            snprintf(text, TABLE_COUNT_TEXT, "%.*f", decimals, value);
    return text;
}

/* A size for the eye: "1.2M". */
static const char *rough_size(uint64_t bytes, char text[UNITS_SIZE_TEXT])
{
    static const char suffix[] = " KMGTPE";
    double size = (double)bytes;
    int i = 0;
    for (; size >= 1024 && i < 6; i++)
        size /= 1024;
    if (i == 0)
        snprintf(text, UNITS_SIZE_TEXT, "%" PRIu64 " bytes", bytes);
    else
        snprintf(text, UNITS_SIZE_TEXT, "%.*f%c", size < 10 ? 1 : 0, size, suffix[i]);
    return text;
}

static bool has_level(const struct machine *machine, unsigned level, enum kinds kinds)
{
    for (unsigned i = 0; i < machine->array_count; i++)
        if (machine->array[i].level == level && (machine->array[i].kinds & kinds) != 0)
            return true;
    return false;
}

static void add_level(struct table *table, const char *title, const char *name, const struct counters *c, uint64_t hits,
                      uint64_t misses)
{
    char text[TABLE_COUNT_TEXT];
    char metric[32];
    table_add(table, "%s", title);
    table_add(table, "%s", table_count(hits + misses, text));
    table_add(table, "%s", table_count(hits, text));
    table_add(table, "%s", table_count(misses, text));
    snprintf(metric, sizeof metric, "%s_miss_ratio", name);
    table_add(table, "%s", metric_text(c, metric, 6, text));
    snprintf(metric, sizeof metric, "%s_mpki", name);
    table_add(table, "%s", metric_text(c, metric, 3, text));
}

static void write_levels(const struct machine *machine, const struct counters *c, FILE *out, bool style)
{
    struct table *table = table_create("lrrrrr");
    const char *const header[] = {"TLB", "lookups", "hits", "misses", "miss ratio", "MPKI"};
    for (size_t i = 0; i < sizeof header / sizeof *header; i++)
        table_add(table, "%s", header[i]);
    if (has_level(machine, 1, KINDS_INSTRUCTIONS))
        add_level(table, "level 1, instructions", "l1i", c, c->l1i_hits, c->l1i_misses);
    if (has_level(machine, 1, KINDS_DATA))
        add_level(table, "level 1, data", "l1d", c, c->l1d_hits, c->l1d_misses);
    if (machine_splits_data(machine))
        add_level(table, "of these, stores", "l1s", c, c->l1s_hits, c->l1s_misses);
    if (has_level(machine, 2, KINDS_ALL))
        add_level(table, "level 2", "l2", c, c->l2_hits, c->l2_misses);
    if (has_level(machine, 3, KINDS_ALL))
        add_level(table, "level 3", "l3", c, c->l3_hits, c->l3_misses);
    table_print(table, out, 2, style);
    table_free(table);
}

/* A line "name  figure  remark". */
static void add_line(struct table *table, const char *name, uint64_t count, const char *remark)
{
    char text[TABLE_COUNT_TEXT];
    table_add(table, "%s", name);
    table_add(table, "%s", table_count(count, text));
    table_add(table, "%s", remark);
}

/* Writes "a 12, b 3" of those that are not zero, and returns their sum. */
static uint64_t list_counts(const char *const *name, const uint64_t *count, char *text, size_t text_bytes)
{
    size_t length = 0;
    uint64_t sum = 0;
    char number[TABLE_COUNT_TEXT];
    text[0] = '\0';
    for (; *name != NULL; name++, count++) {
        sum += *count;
        if (*count > 0 && length < text_bytes)
            length += (size_t)snprintf(text + length, text_bytes - length, "%s%s %s", length > 0 ? ", " : "", *name,
                                       table_count(*count, number));
    }
    return sum;
}

/* A table of lines has no header: the blank line before it takes that place. */
static struct table *create_lines(void)
{
    struct table *table = table_create("lrl");
    for (int i = 0; i < 3; i++)
        table_add(table, "%s", "");
    return table;
}

static void print_lines(struct table *table, FILE *out)
{
    table_print(table, out, 2, false);
    table_free(table);
}

static void write_trace(const struct machine *machine, const struct counters *c, FILE *out)
{
    char remark[256];
    char number[TABLE_COUNT_TEXT];
    char size[UNITS_SIZE_TEXT];
    struct table *table = create_lines();
    const char *const kind[] = {"fetches", "loads", "stores", "modifies", NULL};
    const uint64_t kinds[] = {c->accesses - c->loads - c->stores - c->modifies, c->loads, c->stores, c->modifies};
    add_line(table, "accesses", list_counts(kind, kinds, remark, sizeof remark), remark);
    snprintf(remark, sizeof remark, "%s by accesses that reach into another page",
             table_count(c->page_crossings, number));
    add_line(table, "lookups", c->lookups, remark);
    const char *const leaf[] = {"small", "huge", "giant", NULL};
    const uint64_t pages[] = {c->pages_small, c->pages_huge, c->pages_giant};
    if (machine->page_policy == PAGES_UNIFORM)
        snprintf(remark, sizeof remark, "%s in all", rough_size(c->pages_touched * machine->page_size_bytes, size));
    else
        list_counts(leaf, pages, remark, sizeof remark);
    add_line(table, "pages touched", c->pages_touched, remark);
    add_line(table, "instructions", c->instructions, "of the whole trace");
    print_lines(table, out);
}

/* Of a virtual machine's walks, what the host's page table has to do with them. */
static void write_host(struct table *table, const struct counters *c)
{
    const char *const tables[] = {"guest", "host", NULL};
    const uint64_t refs[] = {c->guest_refs, c->host_refs};
    const char *const entry[] = {"pml5e", "pml4e", "pdpte", "pde", "l0e", "l1e", "l2e", "l3e", NULL};
    const uint64_t hits[] = {c->host_pml5e_hits, c->host_pml4e_hits, c->host_pdpte_hits, c->host_pde_hits,
                             c->host_l0e_hits,   c->host_l1e_hits,   c->host_l2e_hits,   c->host_l3e_hits};
    char remark[256];
    char number[TABLE_COUNT_TEXT];
    add_line(table, "of both tables", list_counts(tables, refs, remark, sizeof remark), remark);
    snprintf(remark, sizeof remark, "%s spared by the nested TLB", table_count(c->nested_tlb_hits, number));
    add_line(table, "host walks", c->host_walks, remark);
    add_line(table, "host walks shortened", list_counts(entry, hits, remark, sizeof remark), remark);
}

static void write_walks(const struct counters *c, FILE *out)
{
    const char *const entry[] = {"pml5e", "pml4e", "pdpte", "pde", "l0e", "l1e", "l2e", "l3e", NULL};
    const uint64_t hits[] = {c->pml5e_hits, c->pml4e_hits, c->pdpte_hits, c->pde_hits,
                             c->l0e_hits,   c->l1e_hits,   c->l2e_hits,   c->l3e_hits};
    const char *const cache[] = {"l1d", "l2", "l3", "memory", NULL};
    const uint64_t served[] = {c->cache_l1d_hits, c->cache_l2_hits, c->cache_l3_hits, c->cache_dram};
    char remark[256];
    char number[TABLE_COUNT_TEXT];
    char other[TABLE_COUNT_TEXT];
    struct table *table = create_lines();
    metric_text(c, "walk_ratio", 6, number);
    metric_text(c, "walk_mpki", 3, other);
    snprintf(remark, sizeof remark, "%s%s%s%s%s", number, *number != '\0' ? " per lookup" : "",
             *number != '\0' && *other != '\0' ? ", " : "", other, *other != '\0' ? " per 1000 instructions" : "");
    add_line(table, "walks", c->walks, remark);
    add_line(table, "walks shortened", list_counts(entry, hits, remark, sizeof remark), remark);
    if (c->prefetches + c->prefetches_unmapped > 0) {
        snprintf(remark, sizeof remark, "%s of use, %s not mapped", table_count(c->prefetch_hits, number),
                 table_count(c->prefetches_unmapped, other));
        add_line(table, "prefetches", c->prefetches, remark);
    }
    metric_text(c, "refs_per_walk", 3, number);
    snprintf(remark, sizeof remark, "%s%s", number, *number != '\0' ? " per walk" : "");
    add_line(table, "entries read", c->walk_refs, remark);
    if (c->host_walks > 0)
        write_host(table, c);
    const uint64_t cached = list_counts(cache, served, remark, sizeof remark);
    if (cached > 0)
        add_line(table, "served by", cached, remark);
    print_lines(table, out);
}

/* Of a trace of one process, whose mappings stay, there is nothing to say. */
static void write_processes(const struct machine *machine, const struct counters *c, FILE *out)
{
    char remark[128];
    char number[TABLE_COUNT_TEXT];
    if (c->context_switches == 0 && c->shootdowns == 0)
        return;
    struct table *table = create_lines();
    snprintf(remark, sizeof remark, "%s of which flush the TLB",
             c->tlb_flushes == 0 ? "none" : table_count(c->tlb_flushes, number));
    add_line(table, "process switches", c->context_switches, remark);
    if (machine->process.asids != 0 && machine->process.asids != MACHINE_ASIDS_ANY) {
        snprintf(remark, sizeof remark, "taken from another process; there are %" PRIu32, machine->process.asids);
        add_line(table, "ids recycled", c->asid_recycles, remark);
    }
    if (machine->process.shootdowns)
        add_line(table, "shootdowns", c->shootdowns, "changes of mappings that take translations out");
    print_lines(table, out);
}

static void write_page_tables(const struct machine *machine, const struct counters *c, FILE *out)
{
    char remark[64];
    char number[TABLE_COUNT_TEXT];
    char size[UNITS_SIZE_TEXT];
    struct table *table = create_lines();
    snprintf(remark, sizeof remark, "bytes in %s frames", table_count(c->frames_page_table, number));
    add_line(table, "page tables", c->page_table_bytes, remark);
    add_line(table, "pages", c->frames_mapped, "frames");
    if (machine->page_policy != PAGES_UNIFORM) {
        snprintf(remark, sizeof remark, "bytes beside %s touched", rough_size(c->touched_bytes, size));
        add_line(table, "bloat", c->bloat_bytes, remark);
        add_line(table, "promotions", c->promotions, "");
    }
    print_lines(table, out);
}

static void write_cycles(const struct counters *c, FILE *out, bool style)
{
    char text[TABLE_COUNT_TEXT];
    struct table *table = table_create("lrr");
    table_add(table, "cycles");
    table_add(table, "at least");
    table_add(table, "at most");
    table_add(table, "translation");
    table_add(table, "%s", table_count(c->translation_cycles_min, text));
    table_add(table, "%s", table_count(c->translation_cycles, text));
    table_add(table, "per access");
    table_add(table, "%s", metric_text(c, "cycles_per_access_min", 6, text));
    table_add(table, "%s", metric_text(c, "cycles_per_access", 6, text));
    table_add(table, "per instruction");
    table_add(table, "%s", "");
    table_add(table, "%s", metric_text(c, "cycles_per_instruction", 6, text));
    table_add(table, "per walk, mean");
    table_add(table, "%s", "");
    table_add(table, "%s", metric_text(c, "cycles_per_walk", 2, text));
    const uint64_t percentile[] = {c->walk_p50_cycles, c->walk_p95_cycles, c->walk_p99_cycles};
    static const char *const percentiles[] = {"50 of 100 walks", "95 of 100", "99 of 100"};
    for (size_t i = 0; c->walk_p99_cycles > 0 && i < 3; i++) {
        table_add(table, "%s", percentiles[i]);
        table_add(table, "%s", "");
        table_add(table, "%s", table_count(percentile[i], text));
    }
    table_add(table, "longest walk");
    table_add(table, "%s", "");
    table_add(table, "%s", table_count(c->longest_walk_cycles, text));
    table_print(table, out, 2, style);
    table_free(table);
}

/* What comes of the bounds with a core. */
static void write_core(const struct machine *machine, const struct counters *c, FILE *out)
{
    char remark[128];
    char number[TABLE_COUNT_TEXT];
    struct table *table = create_lines();
    metric_text(c, "cycles_per_access_estimate", 6, number);
    snprintf(remark, sizeof remark, "cycles, between the two%s%s%s", *number != '\0' ? ", " : "", number,
             *number != '\0' ? " per access" : "");
    add_line(table, "estimate", c->translation_cycles_estimate, remark);
    snprintf(remark, sizeof remark, "cycles that a window of %" PRIu32 ", %" PRIu32 " a cycle, does not hide",
             machine->core_rob, machine->core_width);
    add_line(table, "stall", c->translation_stall_cycles, remark);
    metric_text(c, "queue_cycles_per_walk", 2, number);
    snprintf(remark, sizeof remark, "cycles that walks wait for a walker%s%s%s", *number != '\0' ? ", " : "", number,
             *number != '\0' ? " each" : "");
    add_line(table, "queue", c->walker_queue_cycles, remark);
    add_line(table, "merged walks", c->merged_walks, "hits of a page whose walk is under way");
    print_lines(table, out);
}

/* How far the result is from a bound. At least what it costs with all that overlaps, at most without. */
struct distance {
    uint64_t least_cycles;
    uint64_t most_cycles;
    uint64_t page_table_bytes;
};

static struct distance distance_of(const struct counters *c, const struct counters *bound)
{
    return (struct distance){c->translation_cycles_min - bound->translation_cycles_min,
                             c->translation_cycles - bound->translation_cycles,
                             c->page_table_bytes - bound->page_table_bytes};
}

/* A metric of cycles per access, say, of what a bound spares. */
static const char *spared_text(const struct counters *c, uint64_t cycles, const char *metric,
                               char text[TABLE_COUNT_TEXT])
{
    struct counters spared = *c;
    spared.translation_cycles = cycles;
    return metric_text(&spared, metric, 6, text);
}

static void write_bounds(const struct configurations *all, const struct result *result, FILE *out, bool style)
{
    static const char *const header[] = {"bound",      "spares at least", "at most",
                                         "per access", "per instruction", "page tables spared"};
    struct table *table = table_create("lrrrrr");
    char text[TABLE_COUNT_TEXT];
    for (size_t i = 0; i < sizeof header / sizeof *header; i++)
        table_add(table, "%s", header[i]);
    for (size_t i = 1; i <= all->ideals; i++) {
        const struct counters *c = &result->counters;
        const struct distance distance = distance_of(c, &result[i].counters);
        table_add(table, "%s", ideal_names[all->configuration[result[i].index].ideal]);
        table_add(table, "%s", table_count(distance.least_cycles, text));
        table_add(table, "%s", table_count(distance.most_cycles, text));
        table_add(table, "%s", spared_text(c, distance.most_cycles, "cycles_per_access", text));
        table_add(table, "%s", spared_text(c, distance.most_cycles, "cycles_per_instruction", text));
        table_add(table, "%s", table_count(distance.page_table_bytes, text));
    }
    fputc('\n', out);
    table_print(table, out, 2, style);
    table_free(table);
}

void summary_write_report(const struct configurations *all, const struct result *result, FILE *out, bool style)
{
    const struct machine *machine = &all->configuration[result->index].machine;
    char size[UNITS_SIZE_TEXT];
    const bool uniform = machine->page_policy == PAGES_UNIFORM;
    fprintf(out, "%s%s on %s, %s pages%s%s%s\n", style ? "\033[1m" : "", result->trace, machine->name,
            units_format_size(machine->page_size_bytes, size), uniform ? "" : " and others, ",
            uniform ? "" : page_policy_names[machine->page_policy], style ? "\033[0m" : "");
    if (all->axes.key_count > 0) {
        fputs("  ", out);
        axes_describe(&all->axes, all->combination[result->index], out);
        fputc('\n', out);
    }
    fprintf(out, "  pagewalk %s, seed %" PRIu64, PAGEWALK_VERSION, all->configuration[result->index].seed);
    fprintf(out, ", machine %016" PRIx64, all->machine_hash[result->index]);
    if (result->trace_hash == 0)
        fputs(", trace partial\n", out);
    else
        fprintf(out, ", trace %016" PRIx64 "\n", result->trace_hash);
    write_trace(machine, &result->counters, out);
    fputc('\n', out);
    write_levels(machine, &result->counters, out, style);
    write_walks(&result->counters, out);
    write_processes(machine, &result->counters, out);
    write_page_tables(machine, &result->counters, out);
    fputc('\n', out);
    write_cycles(&result->counters, out, style);
    if (machine->core_width != 0)
        write_core(machine, &result->counters, out);
    if (all->ideals > 0)
        write_bounds(all, result, out, style);
}

/* ---- Several ---- */

static bool is_varied(const struct axes *axes, const char *key)
{
    for (size_t i = 0; i < axes->key_count; i++)
        if (strcmp(axes->key[i], key) == 0)
            return true;
    return false;
}

/* The columns behind trace, varied keys and page size. */
static const struct {
    const char *header;
    const char *name; /* of a counter, or of a metric with `decimals` */
    int decimals;
} columns[] = {
    {"lookups", "lookups", -1},
    {"l1i miss\nratio", "l1i_miss_ratio", 6},
    {"l1d miss\nratio", "l1d_miss_ratio", 6},
    {"l2 miss\nratio", "l2_miss_ratio", 6},
    {"l3 miss\nratio", "l3_miss_ratio", 6},
    {"walks", "walks", -1},
    {"refs/\nwalk", "refs_per_walk", 3},
    {"min cycles/\naccess", "cycles_per_access_min", 6},
    {"max cycles/\naccess", "cycles_per_access", 6},
    {"pages\ntouched", "pages_touched", -1},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* What a bound spares of the result that it belongs to; for that itself, blanks. */
static void add_spared(struct table *table, const struct configurations *all, const struct result *result)
{
    const struct result *of = result - result->index % (1 + all->ideals);
    char text[TABLE_COUNT_TEXT];
    if (of == result) {
        table_add(table, "%s", "");
        table_add(table, "%s", "");
        return;
    }
    const struct distance distance = distance_of(&of->counters, &result->counters);
    table_add(table, "%s", spared_text(&of->counters, distance.most_cycles, "cycles_per_access", text));
    table_add(table, "%s", table_count(distance.page_table_bytes, text));
}

static void add_row(struct table *table, const struct configurations *all, const struct result *result, bool with_trace,
                    bool with_page_size)
{
    const char **value = say_allocate(all->axes.key_count + 1, sizeof *value);
    char text[TABLE_COUNT_TEXT];
    if (with_trace)
        table_add(table, "%s", result->trace);
    axes_values(&all->axes, all->combination[result->index], value);
    for (size_t i = 0; i < all->axes.key_count; i++)
        table_add(table, "%s", value[i]);
    if (with_page_size) {
        char size[UNITS_SIZE_TEXT];
        table_add(table, "%s", units_format_size(all->configuration[result->index].machine.page_size_bytes, size));
    }
    if (all->ideals > 0)
        table_add(table, "%s", ideal_names[all->configuration[result->index].ideal]);
    struct counters counters = result->counters;
    for (size_t i = 0; i < COLUMNS; i++) {
        if (columns[i].decimals >= 0)
            table_add(table, "%s", metric_text(&counters, columns[i].name, columns[i].decimals, text));
        else
            table_add(table, "%s", table_count(*counter_named(&counters, columns[i].name), text));
    }
    if (all->ideals > 0)
        add_spared(table, all, result);
    free(value);
}

void summary_write_table(const struct configurations *all, const struct result *result, size_t count, FILE *out,
                         bool style)
{
    const struct axes *axes = &all->axes;
    const bool with_trace = strcmp(result[0].trace, result[count - 1].trace) != 0;
    const bool with_page_size = !is_varied(axes, "os.page_size");
    const bool with_ideals = all->ideals > 0;
    const size_t before = with_trace + axes->key_count + with_page_size;
    char *align = say_allocate(before + COLUMNS + 4, 1);
    memset(align, 'r', before + COLUMNS + (with_ideals ? 3 : 0));
    if (with_trace)
        align[0] = 'l';
    if (with_ideals)
        align[before] = 'l';

    struct table *table = table_create(align);
    if (with_trace)
        table_add(table, "trace");
    for (size_t i = 0; i < axes->key_count; i++)
        table_add(table, "%s", axes->key[i]);
    if (with_page_size)
        table_add(table, "page size");
    if (with_ideals)
        table_add(table, "bound");
    for (size_t i = 0; i < COLUMNS; i++)
        table_add(table, "%s", columns[i].header);
    if (with_ideals) {
        table_add(table, "cycles/access\nspared");
        table_add(table, "page tables\nspared");
    }
    for (size_t i = 0; i < count; i++)
        add_row(table, all, &result[i], with_trace, with_page_size);
    if (!with_trace)
        fprintf(out, "%s on %s%s\n\n", result[0].trace, all->configuration[0].machine.name,
                result[0].trace_hash == 0 ? ", partial" : "");
    table_print(table, out, 0, style);
    table_free(table);
    free(align);
}
