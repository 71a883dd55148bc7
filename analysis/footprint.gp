# SPDX-License-Identifier: GPL-3.0-or-later
#
# Memory of the pages that were touched since the start, over time: a line for each page size.

headline = "Footprint: memory of the pages touched so far"
y_name = "memory (bytes)"
touched(z) = column("value") > 0 ? column("value") * column("page_size") : NaN
stats "data.tsv" using (touched(0)) name "touched" nooutput
load "windows.gp"

least = touched_min
most = touched_max

do for [p=1:panels_count] {
    load "panel.gp"
    set xtics autofreq format is_bottom ? "%g" : ""
    load "bytes.gp"
    plot for [s=1:series_count] "data.tsv" using (moment(p, s)):(touched(0)) \
            with steps lc rgb colour(s) lw 1.6 notitle, \
        for [s=1:series_count] "data.tsv" using (marked_moment(p, s)):(touched(0)) \
            with points lc rgb colour(s) pt 7 ps 0.4 notitle, \
        for [s=1:series_count] keyentry with lines lc rgb colour(s) lw 1.6 title series_label[s]
}
unset multiplot
