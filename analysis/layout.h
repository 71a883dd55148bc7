/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which of a table's columns a plot has along x, which make its series, and which its panels.
 *
 * What varies: the columns with a dot in their name (keys that a sweep varied), `trace` and `machine`; then, where rows
 * are still the same in all of these, whatever tells them apart (page_size, seed, version, ...), counters and metrics
 * excepted. Keys that vary in step make one axis. Nothing here draws, and no row is left out: rows that nothing tells
 * apart are an error.
 *
 * Along x: the page size, else the first key of numbers, else the axis with the most levels. (A page size of two values
 * gives way to a key of more numbers.) Everything else makes the series; where that is several axes, those with the
 * fewest levels, traces and machines first, become panels.
 */
#ifndef ANALYSIS_LAYOUT_H
#define ANALYSIS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/results.h"

enum {
    LAYOUT_SERIES_MAX = 24, /* lines in a panel */
    LAYOUT_PANELS_MAX = 12,
    LAYOUT_BARS_MAX = 120,
    LAYOUT_NAMES_MAX = 60, /* along x, where it has no numbers */
    LAYOUT_CELLS_MAX = 40, /* of a grid, in either direction */
};

enum layout_shape {
    LAYOUT_PANELS,  /* lines; several other axes may become panels */
    LAYOUT_OVERLAY, /* lines; all other axes make series, because the panels are used for something else */
    LAYOUT_BARS,    /* a bar for each row; the series are groups of bars */
    LAYOUT_GRID,    /* two axes, x and series; the others become panels */
    LAYOUT_PAGES,   /* as LAYOUT_PANELS, with the page size along x whatever else varies */
    LAYOUT_CURVES,  /* as LAYOUT_PANELS, with the column `entries` along x: curves of `pagewalk mrc` */
    LAYOUT_BUCKETS, /* the same with the column `bucket`: one statistic of `pagewalk trace stats`, or of --walks */
    LAYOUT_SERVED,  /* the column `level` along x, `server` as series, panels of all else: of --walks */
};

/* The values of a column, or of several taken together, that rows differ in. One level that is called "" where there is
 * nothing to tell apart. */
struct layout_axis {
    const char *name; /* "tlb.l2.any.entries"; of several "tlb.l2.any.entries, policy" */
    size_t count;     /* of levels */
    char **label;     /* by level: "1536"; "1536, fifo"; page sizes as 4K, traces without what all their paths share */
    char **title;     /* by level, what can stand alone: "tlb.l2.any.entries = 1536, policy = fifo", "gups" */
    double *number;   /* by level, ascending; NULL where these are no numbers: levels are in the file's order then */
    bool pages;       /* of page sizes */
    size_t *of_row;   /* the level of each row */
};

struct layout {
    const struct layout_axis *x, *series, *panels;
    size_t *order;        /* the rows by panel, series and x */
    struct chunk *chunks; /* its memory */
};

/* NULL on errors: rows that nothing tells apart, more of something than can be read (with the way out), a grid where
 * fewer than two axes vary, pages where the page size does not, curves without entries. */
struct layout *layout_make(const struct results *results, enum layout_shape shape, struct err *err);

/* NULL is allowed. */
void layout_free(struct layout *layout);

/* The one value of the column, as a label (the trace's file name, a page size as 4K), which the caller frees; NULL
 * where it varies, is missing or empty. */
char *layout_common(const struct results *results, const char *name);

#endif
