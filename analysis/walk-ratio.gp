# SPDX-License-Identifier: GPL-3.0-or-later
#
# Walks per lookup: a line for each series.

headline = "Page-table walks per lookup"
y_name = "walks per lookup"
load "panels.gp"

least = walk_ratio_least
most = walk_ratio_most
zeros = walk_ratio_zeros

do for [p=1:panels_count] {
    load "panel.gp"
    load "scale.gp"
    plot for [s=1:series_count] "data.tsv" using (x_of(p, s)):(above(column("walk_ratio"))) with @marked ls s notitle, \
        for [s=1:series_count] "data.tsv" using (x_of(p, s)):(nought(column("walk_ratio"))) with points ls s notitle, \
        for [s=1:series_count] keyentry with @marked ls s title series_label[s]
}
unset multiplot
