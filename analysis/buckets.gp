# SPDX-License-Identifier: GPL-3.0-or-later
#
# Draws values over buckets that double: 0, 1, 2 to 3, 4 to 7, ..., a line for each series. The kind has set `headline`,
# `x_name`, `y_name` and maybe `note`.

load "panels.gp"

# 0 stands one doubling before 1.
doubling(b) = b == 0 ? -1 : log(b) / log(2)
first = doubling(x_label[1] + 0)
last = doubling(x_label[x_count] + 0)
set offsets 0, 0, 0, 0
set xrange [first - 0.5 : last + 0.5]
named = ceil((last - first + 1) * 5.5 * character / panel_width)
place(p, s) = is_of(p, s) ? doubling(column("x")) : NaN
count_text(e) = e < 0 ? "0" : e < 10 ? sprintf("%d", 2 ** e) : \
    sprintf("%d%s", 2 ** (e % 10), word("Ki Mi Gi Ti Pi Ei", e / 10))

least = value_least
most = value_most
zeros = value_zeros

do for [p=1:panels_count] {
    load "panel.gp"
    set xtics ()
    do for [e=int(first):int(last)] {
        if (e < 0 || e % larger(named, 1) == 0) { set xtics add (is_bottom ? count_text(e) : "" e) }
    }
    load "scale.gp"
    plot for [s=1:series_count] "data.tsv" using (place(p, s)):(above(column("value"))) with linespoints ls s notitle, \
        for [s=1:series_count] "data.tsv" using (place(p, s)):(nought(column("value"))) with points ls s notitle, \
        for [s=1:series_count] keyentry with linespoints ls s title series_label[s]
}
unset multiplot
