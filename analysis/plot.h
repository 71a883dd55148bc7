/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plots of a results file, drawn by gnuplot.
 *
 * This side reads the table, works out the axes (layout.h) and writes numbers and names into a temporary directory; how
 * a plot looks is said by its script alone, analysis/KIND.gp, which travels inside the command. A new kind is such a
 * script and a line in the table of kinds.
 *
 * Always: a file that was there is as it was until gnuplot has drawn the new one. Nothing from a results file or a path
 * is read by gnuplot as anything but a text in single quotes.
 */
#ifndef ANALYSIS_PLOT_H
#define ANALYSIS_PLOT_H

#include <stdbool.h>

#include "analysis/layout.h"
#include "model/err.h"

enum { PLOT_COLUMNS_MAX = 8, PLOT_STATISTICS_MAX = 3 };

struct plot_kind {
    const char *name;
    const char *help;   /* one line, no full stop */
    const char *script; /* "miss-ratio.gp", of embedded_files */
    enum layout_shape shape;
    const char *columns[PLOT_COLUMNS_MAX];       /* of numbers, that it needs; NULL-terminated */
    const char *statistics[PLOT_STATISTICS_MAX]; /* whose rows it takes, NULL-terminated; none: rows of no statistics */
};

/* In the order of the help; the last has a NULL name. */
extern const struct plot_kind plot_kinds[];

/* Where the plot goes by default: the results' path with the suffix replaced, "sweep.csv" -> "sweep.cycles.svg";
 * "results.cycles.svg" for standard input. The caller frees it. */
char *plot_path(const char *kind, const char *results_path);

/* Draws the results ("-": standard input) into the file `output`, whose suffix (.svg, .png, .pdf) says as what. Errors:
 * an unknown kind or suffix, those of results_read and layout_make, columns that are missing, empty or no numbers, no
 * gnuplot, what gnuplot says, a file that cannot be written. */
bool plot_write(const char *kind, const char *results_path, const char *output, struct err *err);

#endif
