/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/layout.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/counters.h"
#include "model/units.h"

/* ---- Memory: all of a layout's goes with it ---- */

struct chunk {
    struct chunk *next;
    max_align_t bytes[];
};

static void *allocate(struct layout *layout, size_t count, size_t size)
{
    struct chunk *chunk = calloc(1, sizeof *chunk + count * size);
    assert(chunk != NULL);
    chunk->next = layout->chunks;
    layout->chunks = chunk;
    return chunk->bytes;
}

static char *format(struct layout *layout, const char *text, ...) __attribute__((format(printf, 2, 3)));
static char *format(struct layout *layout, const char *text, ...)
{
    char *formatted;
    va_list arguments;
    va_start(arguments, text);
    const int length = vasprintf(&formatted, text, arguments);
    va_end(arguments);
    assert(length >= 0);
    char *kept = memcpy(allocate(layout, (size_t)length + 1, 1), formatted, (size_t)length + 1);
    free(formatted);
    return kept;
}

void layout_free(struct layout *layout)
{
    if (layout == NULL)
        return;
    for (struct chunk *chunk = layout->chunks, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(layout);
}

static struct layout *layout_new(void)
{
    struct layout *layout = calloc(1, sizeof *layout);
    assert(layout != NULL);
    return layout;
}

/* ---- Levels: equal rows have equal ones ---- */

/* What rows are compared by: numbers, or the texts of a column, or the levels of axes, the first one deciding. */
struct comparison {
    const double *number;
    const struct results *results;
    size_t column;
    const struct layout_axis *const *part;
    size_t part_count;
};

static int compare_values(const struct comparison *by, size_t a, size_t b)
{
    if (by->number != NULL)
        return (by->number[a] > by->number[b]) - (by->number[a] < by->number[b]);
    if (by->results != NULL)
        return strcmp(results_text(by->results, a, by->column), results_text(by->results, b, by->column));
    for (size_t i = 0; i < by->part_count; i++) {
        const size_t *level = by->part[i]->of_row;
        if (level[a] != level[b])
            return level[a] < level[b] ? -1 : 1;
    }
    return 0;
}

/* A total order: equal rows stand as in the file. */
static int compare_rows(const void *a, const void *b, void *by)
{
    const size_t i = *(const size_t *)a;
    const size_t j = *(const size_t *)b;
    const int order = compare_values(by, i, j);
    return order != 0 ? order : (i > j) - (i < j);
}

static size_t *sorted_rows(struct layout *layout, size_t row_count, struct comparison *by)
{
    size_t *order = allocate(layout, row_count, sizeof *order);
    for (size_t row = 0; row < row_count; row++)
        order[row] = row;
    qsort_r(order, row_count, sizeof *order, compare_rows, by);
    return order;
}

/* Sets axis->count and axis->of_row. Levels are in the order of the values, texts in that of the file. Returns the
 * first row of each level. */
static size_t *rank(struct layout *layout, struct layout_axis *axis, size_t row_count, struct comparison *by)
{
    const size_t *order = sorted_rows(layout, row_count, by);
    size_t *first = allocate(layout, row_count, sizeof *first); /* of the rows that equal this one */
    for (size_t i = 0; i < row_count; i++)
        first[order[i]] = i > 0 && compare_values(by, order[i], order[i - 1]) == 0 ? first[order[i - 1]] : order[i];
    size_t *of_level = allocate(layout, row_count, sizeof *of_level);
    axis->of_row = allocate(layout, row_count, sizeof *axis->of_row);
    for (size_t i = 0; i < row_count; i++) {
        const size_t row = by->results != NULL ? i : order[i];
        if (first[row] == row) {
            of_level[axis->count] = row;
            axis->of_row[row] = axis->count++;
        } else {
            axis->of_row[row] = axis->of_row[first[row]];
        }
    }
    assert(axis->count > 0); /* a table has a row */
    return of_level;
}

/* An array of pointers to axes. */
static const struct layout_axis **axes_new(struct layout *layout, size_t count)
{
    return allocate(layout, count, sizeof(void *));
}

static struct layout_axis *axis_new(struct layout *layout)
{
    return allocate(layout, 1, sizeof(struct layout_axis));
}

static void allocate_labels(struct layout *layout, struct layout_axis *axis)
{
    axis->label = allocate(layout, axis->count, sizeof *axis->label);
    axis->title = allocate(layout, axis->count, sizeof *axis->title);
}

/* ---- An axis of one column ---- */

static bool is_page_size(const char *name)
{
    return strcmp(name, "os.page_size") == 0 || strcmp(name, "page_size") == 0;
}

/* Are its values files or names, which say what they are? */
static bool is_source(const char *name)
{
    return strcmp(name, "trace") == 0 || strcmp(name, "machine") == 0;
}

/* The column's numbers and sizes by row; NULL where a cell is neither. */
static double *numbers_of_column(struct layout *layout, const struct results *results, size_t column)
{
    double *number = allocate(layout, results->row_count, sizeof *number);
    for (size_t row = 0; row < results->row_count; row++) {
        const char *text = results_text(results, row, column);
        uint64_t size;
        if (units_parse_size(text, &size))
            number[row] = (double)size;
        else if (!units_parse_real(text, &number[row]))
            return NULL;
    }
    return number;
}

/* Bytes of the directories that all labels begin with. */
static size_t shared_directories(char *const *label, size_t count)
{
    size_t shared = 0;
    for (size_t i = 0; label[0][i] != '\0'; i++) {
        for (size_t k = 1; k < count; k++)
            if (label[k][i] != label[0][i])
                return shared;
        if (label[0][i] == '/')
            shared = i + 1;
    }
    return shared;
}

/* Bytes of the suffixes that all labels end in, ".trace.zst"; at least a character is left of each. */
static size_t shared_suffixes(char *const *label, size_t count)
{
    const char *end = label[0] + strlen(label[0]);
    size_t shared = 0;
    for (size_t bytes = 1; label[0] + bytes < end; bytes++) {
        const char c = *(end - bytes);
        for (size_t k = 1; k < count; k++) {
            const size_t length = strlen(label[k]);
            if (length <= bytes || label[k][length - bytes] != c)
                return shared;
        }
        if (c == '/')
            break;
        if (c == '.')
            shared = bytes;
    }
    return shared;
}

/* Of one path the file's name is left, of several what tells them apart. */
static void drop_shared(char **label, size_t count)
{
    const size_t directories = shared_directories(label, count);
    for (size_t i = 0; i < count; i++)
        label[i] += directories;
    if (count == 1)
        return;
    const size_t suffixes = shared_suffixes(label, count);
    for (size_t i = 0; i < count; i++)
        label[i][strlen(label[i]) - suffixes] = '\0';
}

static char *label_of_value(struct layout *layout, const char *text, bool page_size)
{
    uint64_t bytes;
    char size[UNITS_SIZE_TEXT];
    if (page_size && units_parse_size(text, &bytes))
        text = units_format_size(bytes, size);
    return format(layout, "%s", *text == '\0' ? "(none)" : text);
}

static const struct layout_axis *axis_of_column(struct layout *layout, const struct results *results, size_t column)
{
    const char *name = results_name(results, column);
    struct layout_axis *axis = axis_new(layout);
    axis->pages = is_page_size(name);
    axis->name = axis->pages ? "page size" : format(layout, "%s", name);

    const double *number = is_source(name) ? NULL : numbers_of_column(layout, results, column);
    struct comparison by = {.number = number, .results = number == NULL ? results : NULL, .column = column};
    const size_t *first_row = rank(layout, axis, results->row_count, &by);

    allocate_labels(layout, axis);
    for (size_t level = 0; level < axis->count; level++)
        axis->label[level] = label_of_value(layout, results_text(results, first_row[level], column), axis->pages);
    if (is_source(name))
        drop_shared(axis->label, axis->count);
    for (size_t level = 0; level < axis->count; level++)
        axis->title[level] =
            is_source(name) ? axis->label[level] : format(layout, "%s = %s", axis->name, axis->label[level]);
    if (number != NULL) {
        axis->number = allocate(layout, axis->count, sizeof *axis->number);
        for (size_t level = 0; level < axis->count; level++)
            axis->number[level] = number[first_row[level]];
    }
    return axis;
}

/* ---- An axis of several ---- */

/* `name` without the section that it shares with the name before it: after "tlb.l2.any.entries", "policy". */
static const char *name_after(const char *before, const char *name)
{
    const char *dot = strrchr(name, '.');
    if (dot != NULL && strncmp(before, name, (size_t)(dot - name) + 1) == 0)
        return dot + 1;
    return name;
}

/* The combinations of the parts' levels that there are, in the order of the first part's levels, then of the second's,
 * ... Of one part it is that part, of none the one level "". */
static const struct layout_axis *axis_join(struct layout *layout, const struct results *results,
                                           const struct layout_axis *const *part, size_t part_count)
{
    if (part_count == 1)
        return part[0];
    struct layout_axis *axis = axis_new(layout);
    struct comparison by = {.part = part, .part_count = part_count};
    const size_t *first_row = rank(layout, axis, results->row_count, &by);
    axis->name = "";
    allocate_labels(layout, axis);
    for (size_t level = 0; level < axis->count; level++)
        axis->label[level] = axis->title[level] = "";
    for (size_t i = 0; i < part_count; i++) {
        const char *comma = i > 0 ? ", " : "";
        const char *name = i > 0 ? name_after(part[i - 1]->name, part[i]->name) : part[i]->name;
        const size_t dropped = (size_t)(name - part[i]->name); /* of titles, too: they begin with the name */
        axis->name = format(layout, "%s%s%s", axis->name, comma, name);
        axis->pages |= part[i]->pages;
        for (size_t level = 0; level < axis->count; level++) {
            const size_t of_part = part[i]->of_row[first_row[level]];
            axis->label[level] = format(layout, "%s%s%s", axis->label[level], comma, part[i]->label[of_part]);
            axis->title[level] = format(layout, "%s%s%s", axis->title[level], comma, part[i]->title[of_part] + dropped);
        }
    }
    return axis;
}

/* Does each level of either come with one level of the other? */
static bool are_in_step(struct layout *layout, const struct results *results, const struct layout_axis *a,
                        const struct layout_axis *b)
{
    const struct layout_axis *const parts[] = {a, b};
    return a->count == b->count && axis_join(layout, results, parts, 2)->count == a->count;
}

/* ---- What varies ---- */

struct axes {
    struct layout *layout;
    const struct results *results;
    const struct layout_axis **axis; /* trace, machine, the keys, and what else tells rows apart */
    size_t count;
};

static void add_column(struct axes *axes, size_t column)
{
    const struct layout_axis *axis = axis_of_column(axes->layout, axes->results, column);
    if (axis->count > 1)
        axes->axis[axes->count++] = axis;
}

static void remove_axis(struct axes *axes, size_t index)
{
    axes->count--;
    for (size_t i = index; i < axes->count; i++)
        axes->axis[i] = axes->axis[i + 1];
}

/* Makes one axis of those that vary in step with axis `index`. It has the numbers of the first that has some. */
static void merge_in_step(struct axes *axes, size_t index)
{
    const struct layout_axis **part = axes_new(axes->layout, axes->count);
    size_t count = 0;
    part[count++] = axes->axis[index];
    for (size_t i = index + 1; i < axes->count;) {
        const struct layout_axis *other = axes->axis[i];
        if (!are_in_step(axes->layout, axes->results, part[0], other)) {
            i++;
            continue;
        }
        remove_axis(axes, i);
        part[count++] = other;
        const bool leads = part[0]->number == NULL && other->number != NULL;
        if (leads) {
            part[count - 1] = part[0];
            part[0] = other;
        }
    }
    if (count == 1)
        return;
    struct layout_axis *joined = axis_new(axes->layout);
    *joined = *axis_join(axes->layout, axes->results, part, count);
    joined->number = part[0]->number;
    axes->axis[index] = joined;
}

static bool is_measured(const char *name)
{
    for (const struct counter_info *counter = counter_infos; counter->name != NULL; counter++)
        if (strcmp(counter->name, name) == 0)
            return true;
    for (const struct metric_info *metric = metric_infos; metric->name != NULL; metric++)
        if (strcmp(metric->name, name) == 0)
            return true;
    return false;
}

static size_t count_apart(struct axes *axes)
{
    return axes->count == 0 ? 1 : axis_join(axes->layout, axes->results, axes->axis, axes->count)->count;
}

/* Takes the column too, where it tells rows apart that were the same. */
static void add_where_needed(struct axes *axes, size_t column, size_t *apart)
{
    const size_t before = axes->count;
    add_column(axes, column);
    const size_t now = axes->count > before ? count_apart(axes) : *apart;
    if (now == *apart)
        axes->count = before;
    *apart = now;
}

static bool refuse_same_rows(struct axes *axes, struct err *err)
{
    const struct results *results = axes->results;
    const struct layout_axis *all = axis_join(axes->layout, results, axes->axis, axes->count);
    size_t *line = allocate(axes->layout, all->count, sizeof *line);
    for (size_t row = 0;; row++) {
        const size_t level = all->of_row[row];
        if (line[level] != 0)
            return err_set(
                err,
                "%s:%zu: the same configuration and trace as line %zu: nothing but counters tells them apart; "
                "keep one of them",
                results->name, results->line[row], line[level]);
        line[level] = results->line[row];
    }
}

static bool find_axes(struct axes *axes, struct err *err)
{
    const struct results *results = axes->results;
    axes->axis = axes_new(axes->layout, results->column_count);
    size_t column;
    if (results_column(results, "trace", &column))
        add_column(axes, column);
    if (results_column(results, "machine", &column))
        add_column(axes, column);
    const size_t keys = axes->count;
    for (column = 0; column < results->column_count; column++)
        if (strchr(results_name(results, column), '.') != NULL)
            add_column(axes, column);
    for (size_t i = keys; i < axes->count; i++)
        merge_in_step(axes, i);

    size_t apart = count_apart(axes);
    if (apart < results->row_count && results_column(results, "page_size", &column))
        add_where_needed(axes, column, &apart);
    for (column = 0; column < results->column_count && apart < results->row_count; column++) {
        const char *name = results_name(results, column);
        if (strchr(name, '.') == NULL && !is_source(name) && !is_page_size(name) && !is_measured(name))
            add_where_needed(axes, column, &apart);
    }
    return apart == results->row_count || refuse_same_rows(axes, err);
}

/* ---- Who goes where ---- */

/* The first key of numbers other than page sizes; axes->count where there is none. A seed is no quantity. */
static size_t first_of_numbers(const struct axes *axes)
{
    for (size_t i = 0; i < axes->count; i++) {
        const struct layout_axis *axis = axes->axis[i];
        if (axis->number != NULL && !axis->pages && strchr(axis->name, '.') != NULL)
            return i;
    }
    return axes->count;
}

static size_t page_axis(const struct axes *axes)
{
    size_t i = 0;
    while (i < axes->count && !axes->axis[i]->pages)
        i++;
    return i;
}

/* The first of those with the most levels: names take less room along x than as lines. */
static size_t longest_axis(const struct axes *axes)
{
    size_t longest = 0;
    for (size_t i = 1; i < axes->count; i++)
        if (axes->axis[i]->count > axes->axis[longest]->count)
            longest = i;
    return longest;
}

static const struct layout_axis *take_axis(struct axes *axes, size_t index)
{
    const struct layout_axis *axis = axes->axis[index];
    remove_axis(axes, index);
    return axis;
}

/* The column may not vary, or tell nothing apart that something else does not. */
static const struct layout_axis *take_column(struct layout *layout, struct axes *axes, size_t column)
{
    for (size_t i = 0; i < axes->count; i++)
        if (strcmp(axes->axis[i]->name, results_name(axes->results, column)) == 0)
            return take_axis(axes, i);
    return axis_of_column(layout, axes->results, column);
}

static bool choose_curves(struct layout *layout, struct axes *axes, struct err *err)
{
    size_t column;
    if (!results_column(axes->results, "entries", &column))
        return err_set(err, "%s: there is no column of entries; `pagewalk mrc` writes curves", axes->results->name);
    layout->x = take_column(layout, axes, column);
    return layout->x->number != NULL ||
           err_set(err, "%s: entries are numbers, and some here are not", axes->results->name);
}

static bool choose_buckets(struct layout *layout, struct axes *axes, struct err *err)
{
    size_t column;
    if (!results_column(axes->results, "bucket", &column))
        return err_set(err, "%s: there is no column of buckets; `pagewalk trace stats` writes statistics",
                       axes->results->name);
    layout->x = take_column(layout, axes, column);
    return layout->x->number != NULL ||
           err_set(err, "%s: buckets are numbers, and some here are not", axes->results->name);
}

static bool choose_served(struct layout *layout, struct axes *axes, struct err *err)
{
    size_t level;
    size_t server;
    if (!results_column(axes->results, "level", &level) || !results_column(axes->results, "server", &server))
        return err_set(err, "%s: there are no columns level and server; `pagewalk run --walks FILE` writes them",
                       axes->results->name);
    layout->x = take_column(layout, axes, level);
    layout->series = take_column(layout, axes, server);
    layout->panels = axis_join(layout, axes->results, axes->axis, axes->count);
    return true;
}

static bool choose_x(struct layout *layout, struct axes *axes, enum layout_shape shape, struct err *err)
{
    if (shape == LAYOUT_CURVES)
        return choose_curves(layout, axes, err);
    if (shape == LAYOUT_BUCKETS)
        return choose_buckets(layout, axes, err);
    const size_t pages = page_axis(axes);
    const size_t numbers = first_of_numbers(axes);
    if (shape == LAYOUT_PAGES && pages == axes->count)
        return err_set(err, "%s: the page size does not vary; sweep it, as with --vary os.page_size=4K,64K,2M",
                       axes->results->name);
    size_t column;
    if (axes->count == 0)
        layout->x = results_column(axes->results, "machine", &column) ? axis_of_column(layout, axes->results, column)
                                                                      : axis_join(layout, axes->results, NULL, 0);
    else if (pages < axes->count && (shape == LAYOUT_PAGES || numbers == axes->count || axes->axis[pages]->count > 2 ||
                                     axes->axis[numbers]->count <= 2))
        layout->x = take_axis(axes, pages);
    else
        layout->x = take_axis(axes, numbers < axes->count ? numbers : longest_axis(axes));
    return true;
}

/* The axis that is best made panels of: traces, then machines, then the one with the fewest levels; axes->count where
 * none fits beside `panel_count` that there are. */
static size_t choose_panels(const struct axes *axes, size_t panel_count)
{
    size_t best = axes->count;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < axes->count; i++) {
        const struct layout_axis *axis = axes->axis[i];
        if (axis->count * panel_count > LAYOUT_PANELS_MAX)
            continue;
        const size_t rank = strcmp(axis->name, "trace") == 0 ? 0 : strcmp(axis->name, "machine") == 0 ? 1 : axis->count;
        if (rank < least) {
            least = rank;
            best = i;
        }
    }
    return best;
}

static void choose_series(struct layout *layout, struct axes *axes, enum layout_shape shape)
{
    enum { CROWDED = 10 };
    const struct layout_axis **panel = axes_new(layout, axes->count);
    size_t panel_axes = 0;
    size_t panel_count = 1;
    layout->series = axis_join(layout, axes->results, axes->axis, axes->count);
    const bool own_panels =
        shape == LAYOUT_PANELS || shape == LAYOUT_PAGES || shape == LAYOUT_CURVES || shape == LAYOUT_BUCKETS;
    while (own_panels && axes->count > 1 && (panel_axes == 0 || layout->series->count > CROWDED)) {
        const size_t chosen = choose_panels(axes, panel_count);
        if (chosen == axes->count)
            break;
        panel_count *= axes->axis[chosen]->count;
        panel[panel_axes++] = take_axis(axes, chosen);
        layout->series = axis_join(layout, axes->results, axes->axis, axes->count);
    }
    layout->panels = axis_join(layout, axes->results, panel, panel_axes);
}

static bool choose_grid(struct layout *layout, struct axes *axes, struct err *err)
{
    if (axes->count == 0)
        return err_set(err, "%s: a grid needs two things that vary, and %s does; sweep another key",
                       axes->results->name, layout->x->count > 1 ? "only one" : "none");
    const size_t pages = page_axis(axes);
    const size_t numbers = first_of_numbers(axes);
    layout->series = take_axis(axes, pages < axes->count ? pages : numbers < axes->count ? numbers : 0);
    layout->panels = axis_join(layout, axes->results, axes->axis, axes->count);
    return true;
}

static bool refuse_too_many(const struct results *results, const struct layout_axis *axis, const char *what,
                            size_t most, struct err *err)
{
    return err_set(err,
                   "%s: %zu %s (%s), and at most %zu can be told apart; plot fewer rows, such as those of one value of "
                   "a key, or another kind",
                   results->name, axis->count, what, axis->name, most);
}

static bool check_counts(const struct results *results, const struct layout *layout, enum layout_shape shape,
                         struct err *err)
{
    const struct layout_axis *x = layout->x;
    if (layout->panels->count > LAYOUT_PANELS_MAX)
        return refuse_too_many(results, layout->panels, "panels", LAYOUT_PANELS_MAX, err);
    if (shape == LAYOUT_GRID) {
        if (x->count > LAYOUT_CELLS_MAX || layout->series->count > LAYOUT_CELLS_MAX)
            return refuse_too_many(results, x->count > LAYOUT_CELLS_MAX ? x : layout->series, "cells in a row",
                                   LAYOUT_CELLS_MAX, err);
        return true;
    }
    if (shape == LAYOUT_BARS) {
        if (results->row_count > LAYOUT_BARS_MAX)
            return err_set(err, "%s: %zu rows make as many bars, and at most %d can be read; plot fewer rows",
                           results->name, results->row_count, LAYOUT_BARS_MAX);
        return true;
    }
    if (layout->series->count > LAYOUT_SERIES_MAX)
        return refuse_too_many(results, layout->series, "lines in a panel", LAYOUT_SERIES_MAX, err);
    if (x->number == NULL && x->count > LAYOUT_NAMES_MAX)
        return refuse_too_many(results, x, "names along x", LAYOUT_NAMES_MAX, err);
    return true;
}

static bool lay_out(struct layout *layout, const struct results *results, enum layout_shape shape, struct err *err)
{
    struct axes axes = {.layout = layout, .results = results};
    if (!find_axes(&axes, err) ||
        !(shape == LAYOUT_SERVED ? choose_served(layout, &axes, err) : choose_x(layout, &axes, shape, err)))
        return false;
    if (shape != LAYOUT_GRID && shape != LAYOUT_SERVED)
        choose_series(layout, &axes, shape);
    else if (shape == LAYOUT_GRID && !choose_grid(layout, &axes, err))
        return false;
    if (!check_counts(results, layout, shape, err))
        return false;
    const struct layout_axis *const parts[] = {layout->panels, layout->series, layout->x};
    struct comparison by = {.part = parts, .part_count = 3};
    layout->order = sorted_rows(layout, results->row_count, &by);
    return true;
}

struct layout *layout_make(const struct results *results, enum layout_shape shape, struct err *err)
{
    struct layout *layout = layout_new();
    if (lay_out(layout, results, shape, err))
        return layout;
    layout_free(layout);
    return NULL;
}

char *layout_common(const struct results *results, const char *name)
{
    size_t column;
    if (!results_column(results, name, &column))
        return NULL;
    struct layout *layout = layout_new();
    const struct layout_axis *axis = axis_of_column(layout, results, column);
    char *label = axis->count == 1 && *results_text(results, 0, column) != '\0' ? strdup(axis->label[0]) : NULL;
    layout_free(layout);
    return label;
}
