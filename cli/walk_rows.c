/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/walk_rows.h"

#include <stdlib.h>
#include <string.h>

#include "cli/provenance.h"
#include "cli/say.h"
#include "model/walk_statistics.h"

const struct walk_row_info walk_row_infos[] = {
#define WALK_ROW(name, bucket, unit, help) {#name, bucket, unit, help},
#include "cli/walk_rows.def"
#undef WALK_ROW
    {NULL, NULL, NULL, NULL},
};

/* The walks of one path, kind and mapping: of thousands that there could be a configuration has a few. */
struct counted {
    uint32_t mapping;
    uint16_t kind;
    uint16_t path;
    uint64_t walks;
};

struct counted_list {
    struct counted *counted;
    size_t count;
    size_t room;
};

struct walk_rows {
    const struct configurations *configurations;
    struct counted_list *list; /* by configuration */
    struct address_map *map;
};

struct walk_rows *walk_rows_create(const struct configurations *configurations)
{
    struct walk_rows *rows = say_allocate(1, sizeof *rows);
    rows->configurations = configurations;
    rows->list = say_allocate(configurations->count, sizeof *rows->list);
    return rows;
}

void walk_rows_free(struct walk_rows *rows)
{
    for (size_t i = 0; i < rows->configurations->count; i++)
        free(rows->list[i].counted);
    free(rows->list);
    address_map_free(rows->map);
    free(rows);
}

struct address_map *walk_rows_begin(struct walk_rows *rows, struct err *err)
{
    for (size_t i = 0; i < rows->configurations->count; i++)
        rows->list[i].count = 0;
    address_map_free(rows->map);
    rows->map = address_map_create();
    if (rows->map == NULL)
        err_set(err, "there is no memory for what a trace maps");
    return rows->map;
}

static void add(struct counted_list *list, struct counted counted)
{
    if (list->count == list->room) {
        list->room = list->room == 0 ? 32 : 2 * list->room;
        list->counted = say_reallocate(list->counted, list->room, sizeof *list->counted);
    }
    list->counted[list->count++] = counted;
}

void walk_rows_take(struct walk_rows *rows, const struct plan *plan, size_t in_plan, size_t index)
{
    bool more = true;
    for (uint32_t mapping = 0; more; mapping++)
        for (unsigned kind = 0; kind < WALK_KINDS; kind++) {
            uint64_t taken[WALK_PATHS] = {0};
            more = plan_walk_paths(plan, in_plan, mapping, kind, taken);
            for (uint32_t path = 0; more && path < WALK_PATHS; path++)
                if (taken[path] != 0)
                    add(&rows->list[index], (struct counted){mapping, (uint16_t)kind, (uint16_t)path, taken[path]});
        }
}

/* ---- Rows ---- */

enum { ALL_MAPPINGS = UINT32_MAX };

/* Which of the walks a row is of. */
struct group {
    enum kinds kinds;
    uint32_t mapping;
};

/* What the rows of a group have in common. */
struct writing {
    const struct walk_rows *rows;
    const struct configuration *configuration;
    struct group group;
    struct provenance row; /* with the columns below behind what all rows begin with */
    size_t first;          /* of these columns */
    struct output *output;
    uint64_t instructions;
    struct walk_statistics statistics;
};

enum { KIND, MAPPING, WALK_PAGE_SIZE, STATISTIC, LEVEL, SERVER, BUCKET, VALUE, COLUMNS };
static const char *const column_names[COLUMNS] = {"kind",  "mapping", "walk_page_size", "statistic",
                                                  "level", "server",  "bucket",         "value"};

static void begin_row(struct writing *writing, const struct walk_rows *rows, size_t index, const char *trace,
                      uint64_t trace_hash)
{
    writing->rows = rows;
    writing->configuration = &rows->configurations->configuration[index];
    provenance_begin(&writing->row, rows->configurations, index, trace, trace_hash, COLUMNS);
    writing->first = writing->row.count;
    writing->row.count += COLUMNS;
    for (size_t i = 0; i < COLUMNS; i++)
        writing->row.field[writing->first + i] = (struct field){.name = column_names[i]};
}

static void set_text(struct writing *writing, size_t column, const char *text)
{
    struct field *field = &writing->row.field[writing->first + column];
    field->kind = text == NULL ? FIELD_NONE : FIELD_TEXT;
    field->text = text;
}

static void set_count(struct writing *writing, size_t column, uint64_t count)
{
    struct field *field = &writing->row.field[writing->first + column];
    field->kind = FIELD_COUNT;
    field->count = count;
}

static void set_ratio(struct writing *writing, uint64_t numerator, uint64_t denominator)
{
    struct field *field = &writing->row.field[writing->first + VALUE];
    field->kind = denominator == 0 ? FIELD_NONE : FIELD_REAL;
    field->real = denominator == 0 ? 0 : (double)numerator / (double)denominator;
}

static bool write_row(const struct writing *writing, struct err *err)
{
    return rows_write(writing->output, writing->row.field, writing->row.count, err);
}

static const char *server_name(const struct machine *machine, unsigned server)
{
    static const char *const names[SETTLE_SERVERS] = {"l1d", "l2", "l3", "memory"};
    return machine->memory_model == MEMORY_FIXED ? "fixed" : names[server];
}

static bool has_server(const struct machine *machine, unsigned server)
{
    if (machine->memory_model == MEMORY_FIXED)
        return server == 0;
    return server == MACHINE_CACHES || machine->cache[server].geometry.entries != 0;
}

static bool write_served(struct writing *writing, struct err *err)
{
    const struct machine *machine = &writing->configuration->machine;
    bool good = true;
    for (unsigned level = 0; level <= machine->leaf_level; level++)
        for (unsigned server = 0; good && server < SETTLE_SERVERS; server++) {
            if (!has_server(machine, server))
                continue;
            set_text(writing, LEVEL, machine->format->level[level].entry);
            set_text(writing, SERVER, server_name(machine, server));
            set_count(writing, VALUE, writing->statistics.served[level][server]);
            good = write_row(writing, err);
        }
    set_text(writing, LEVEL, NULL);
    set_text(writing, SERVER, NULL);
    return good;
}

static bool write_latencies(struct writing *writing, struct err *err)
{
    bool good = true;
    for (size_t i = 0; good && i < writing->statistics.bin_count; i++) {
        set_count(writing, BUCKET, writing->statistics.bin[i].cycles);
        set_count(writing, VALUE, writing->statistics.bin[i].walks);
        good = write_row(writing, err);
    }
    return good;
}

static bool write_reads(struct writing *writing, struct err *err)
{
    bool good = true;
    for (unsigned reads = 1; good && reads <= writing->configuration->machine.leaf_level + 1; reads++) {
        set_count(writing, BUCKET, reads);
        set_count(writing, VALUE, writing->statistics.by_reads[reads]);
        good = write_row(writing, err);
    }
    return good;
}

enum statistic_number {
#define WALK_ROW(name, bucket, unit, help) ROW_##name,
#include "cli/walk_rows.def"
#undef WALK_ROW
    ROWS,
};

static bool write_statistic(struct writing *writing, enum statistic_number statistic, struct err *err)
{
    const struct walk_statistics *s = &writing->statistics;
    set_text(writing, STATISTIC, walk_row_infos[statistic].name);
    writing->row.field[writing->first + BUCKET].kind = FIELD_NONE;
    switch (statistic) {
    case ROW_walks:
        set_count(writing, VALUE, s->walks);
        break;
    case ROW_walk_refs:
        set_count(writing, VALUE, s->reads);
        break;
    case ROW_walk_cycles:
        set_count(writing, VALUE, s->cycles);
        break;
    case ROW_walk_cycles_per_instruction:
        set_ratio(writing, s->cycles, writing->instructions);
        break;
    case ROW_cycles_per_walk:
        set_ratio(writing, s->cycles, s->walks);
        break;
    case ROW_walk_p50_cycles:
        set_count(writing, VALUE, walk_statistics_percentile(s, 50));
        break;
    case ROW_walk_p95_cycles:
        set_count(writing, VALUE, walk_statistics_percentile(s, 95));
        break;
    case ROW_walk_p99_cycles:
        set_count(writing, VALUE, walk_statistics_percentile(s, 99));
        break;
    case ROW_longest_walk_cycles:
        set_count(writing, VALUE, s->longest_cycles);
        break;
    case ROW_walk_latencies:
        return write_latencies(writing, err);
    case ROW_walk_reads:
        return write_reads(writing, err);
    case ROW_reads_served:
        return write_served(writing, err);
    case ROWS:
        return true;
    }
    return write_row(writing, err);
}

static bool is_in(const struct counted *counted, struct group group)
{
    const enum kinds kind = counted->kind == WALK_FETCHES ? KINDS_INSTRUCTIONS : KINDS_DATA;
    return (group.kinds & kind) != 0 && (group.mapping == ALL_MAPPINGS || group.mapping == counted->mapping);
}

static bool write_group(struct writing *writing, const struct counted_list *list, struct group group, struct err *err)
{
    uint64_t taken[WALK_PATHS] = {0};
    size_t found = 0;
    for (size_t i = 0; i < list->count; i++)
        if (is_in(&list->counted[i], group)) {
            taken[list->counted[i].path] += list->counted[i].walks;
            found++;
        }
    if (found == 0 && (group.kinds != KINDS_ALL || group.mapping != ALL_MAPPINGS))
        return true;
    walk_statistics_make(&writing->statistics, &writing->configuration->machine, taken);
    set_text(writing, KIND, group.kinds == KINDS_ALL ? "all" : group.kinds == KINDS_DATA ? "data" : "instructions");
    set_text(writing, MAPPING,
             group.mapping == ALL_MAPPINGS ? "(all)" : address_map_name(writing->rows->map, group.mapping));
    set_count(writing, WALK_PAGE_SIZE, writing->configuration->machine.page_size_bytes);
    bool good = true;
    for (enum statistic_number statistic = 0; good && statistic < ROWS; statistic++)
        good = write_statistic(writing, statistic, err);
    return good;
}

static bool write_mapping(struct writing *writing, const struct counted_list *list, uint32_t mapping, struct err *err)
{
    static const enum kinds kinds[] = {KINDS_ALL, KINDS_DATA, KINDS_INSTRUCTIONS};
    bool good = true;
    for (size_t i = 0; good && i < sizeof kinds / sizeof *kinds; i++)
        good = write_group(writing, list, (struct group){kinds[i], mapping}, err);
    return good;
}

bool walk_rows_write(const struct walk_rows *rows, const char *trace, uint64_t trace_hash,
                     const struct counters *counters, struct output *output, struct err *err)
{
    struct writing *writing = say_allocate(1, sizeof *writing);
    bool good = true;
    writing->output = output;
    for (size_t i = 0; good && i < rows->configurations->count; i++) {
        if (rows->configurations->configuration[i].ideal != IDEAL_NONE)
            continue;
        begin_row(writing, rows, i, trace, trace_hash);
        writing->instructions = counters[i].instructions;
        good = write_mapping(writing, &rows->list[i], ALL_MAPPINGS, err);
        for (uint32_t mapping = 0; good && mapping < address_map_count(rows->map); mapping++)
            good = write_mapping(writing, &rows->list[i], mapping, err);
        provenance_free(&writing->row);
    }
    free(writing);
    return good && output_flush(output, err);
}

bool walk_rows_continue(const struct walk_rows *rows, struct output *output, struct err *err)
{
    struct writing *writing = say_allocate(1, sizeof *writing);
    begin_row(writing, rows, 0, "", 0);
    const bool good = rows_continue(output, writing->row.field, writing->row.count, err);
    provenance_free(&writing->row);
    free(writing);
    return good;
}
