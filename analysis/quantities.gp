# SPDX-License-Identifier: GPL-3.0-or-later
#
# A panel for each of the metrics in `metric[]`, called `metric_label[]`, each with a scale of its own; those that no row has a
# value of are left out.

array panels_label[|metric|]
array quantity[|metric|]
panels_count = 0
do for [i=1:|metric|] {
    if (value(metric[i] . "_values") > 0) {
        panels_count = panels_count + 1
        quantity[panels_count] = metric[i]
        panels_label[panels_count] = metric_label[i]
    }
}
grid_columns = panels_count > 1 ? 2 : 1
panel_height = 165.0
has_own_scales = 1
gap_x = 68.0
left = 88.0 # numbers of seven digits, such as 0.00015
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
