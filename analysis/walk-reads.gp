# SPDX-License-Identifier: GPL-3.0-or-later
#
# Entries that a walk reads, the mean: a bar for each level of the page tables, root first, in parts by what served them. All
# walks read the entry that maps the page, which is why the longest bar is 1.

headline = "Entries read per walk, by what served them"
x_name = "entry"
y_name = "reads per walk"

array reads[panels_count * x_count * series_count]
do for [i=1:|reads|] { reads[i] = 0 }
at(p, x, s) = ((p - 1) * x_count + x - 1) * series_count + s
stats "data.tsv" using (reads[at(int(column("panel")), int(column("level")), int(column("series")))] = column("value"), 0) nooutput

# bottom[at(p, x, s)]: what the parts below it come to; and each panel's walks.
array bottom[|reads|]
array height_of[panels_count * x_count]
array walks[panels_count]
do for [p=1:panels_count] {
    walks[p] = 0
    do for [x=1:x_count] {
        sum = 0
        do for [s=1:series_count] {
            bottom[at(p, x, s)] = sum
            sum = sum + reads[at(p, x, s)]
        }
        height_of[(p - 1) * x_count + x] = sum
        walks[p] = larger(walks[p], sum)
    }
}
per_walk(p, v) = walks[p] > 0 ? 1.0 * v / walks[p] : 0

# The nearest cache in the palest colour, memory in the strongest.
server_colour(name) = name eq "l1d" ? 0xbcdff2 : name eq "l2" ? 0x56b4e9 : name eq "l3" ? 0x0072b2 : \
    name eq "memory" ? 0xd55e00 : 0x999999
series_name = "served by"
least_panel_width = 52.0 * x_count
load "panels.gp"
set grid noxtics
set yrange [0 : 1.15]

do for [p=1:panels_count] {
    load "panel.gp"
    set ytics 0.25 format has_scale ? "%g" : ""
    plot for [s=1:series_count] "data.tsv" using (x_of(p, s)):(0):(x_of(p, s) - 0.36):(x_of(p, s) + 0.36): \
            (per_walk(p, bottom[at(p, int(column("level")), s)])):(per_walk(p, bottom[at(p, int(column("level")), s)] + column("value"))) \
            with boxxyerror fc rgb server_colour(series_label[s]) fs solid noborder notitle, \
        "data.tsv" using (x_of(p, 1)):(per_walk(p, height_of[(p - 1) * x_count + int(column("level"))])): \
            (figure_text(per_walk(p, height_of[(p - 1) * x_count + int(column("level"))]))) \
            with labels center offset 0, 0.6 textcolor rgb ink notitle, \
        for [s=series_count:1:-1] keyentry with boxes fc rgb server_colour(series_label[s]) fs solid noborder title series_label[s]
}
unset multiplot
