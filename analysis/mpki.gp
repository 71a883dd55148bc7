# SPDX-License-Identifier: GPL-3.0-or-later
#
# Misses per 1000 instructions: a panel for each level, each with a scale of its own.

headline = "TLB misses per 1000 instructions"
panels_count = 4
grid_columns = 2
panel_height = 165.0
has_own_scales = 1
gap_x = 56.0
array panels_label[4] = ["level 1, instructions", "level 1, data", "level 2", "walks"]
array quantity[4] = ["l1i_mpki", "l1d_mpki", "l2_mpki", "walk_mpki"]
y_name = "MPKI"
load "panels.gp"

do for [p=1:panels_count] {
    least = value(quantity[p] . "_least")
    most = value(quantity[p] . "_most")
    zeros = value(quantity[p] . "_zeros")
    load "panel.gp"
    load "scale.gp"
    plot for [s=1:series_count] "data.tsv" using (x_of(1, s)):(above(column(quantity[p]))) with @marked ls s notitle, \
        for [s=1:series_count] "data.tsv" using (x_of(1, s)):(nought(column(quantity[p]))) with points ls s notitle, \
        for [s=1:series_count] keyentry with @marked ls s title series_label[s]
}
unset multiplot
