# SPDX-License-Identifier: GPL-3.0-or-later
#
# Distinct pages of each window over time, a line for each page size. A window stands where it ends.

headline = "Working set: distinct pages in each window"
y_name = "pages"
load "windows.gp"

least = value_least
most = value_most
zeros = value_zeros

do for [p=1:panels_count] {
    load "panel.gp"
    set xtics autofreq format is_bottom ? "%g" : ""
    load "scale.gp"
    plot for [s=1:series_count] "data.tsv" using (moment(p, s)):(above(column("value"))) \
            with lines lc rgb colour(s) lw 1.4 notitle, \
        for [s=1:series_count] "data.tsv" using (marked_moment(p, s)):(above(column("value"))) \
            with points lc rgb colour(s) pt 7 ps 0.4 notitle, \
        for [s=1:series_count] "data.tsv" using (moment(p, s)):(nought(column("value"))) \
            with points lc rgb colour(s) pt 7 ps 0.3 notitle, \
        for [s=1:series_count] keyentry with lines lc rgb colour(s) lw 1.6 title series_label[s]
}
unset multiplot
