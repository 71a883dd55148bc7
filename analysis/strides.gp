# SPDX-License-Identifier: GPL-3.0-or-later
#
# Draws the shares of the strides as bars over buckets that double to either side of 0: backward ones to the left. The kind
# has set `headline`.

x_name = "stride (bytes), from"
y_name = "share (%)"
note = "each bucket up to the next power of two; to the left of 0 backward"
has_legend = 0

# Before there are ranges, which would leave rows out.
array sums[panels_count]
array tops[panels_count]
do for [p=1:panels_count] {
    stats "data.tsv" using (column("panel") == p ? column("value") : NaN) name "strides" nooutput
    sums[p] = strides_sum
    tops[p] = strides_max
}
load "panels.gp"

# 0 stands in the middle, 1 byte one doubling beside it.
is_backward(s) = strstrt(series_label[s], "backward") > 0
doubling(b) = b == 0 ? 0 : log(b) / log(2) + 1
place(p, s) = is_of(p, s) ? (is_backward(s) ? -1 : 1) * doubling(column("x")) : NaN
last = doubling(x_label[x_count] + 0)
set offsets 0, 0, 0, 0
set xrange [-last - 1 : last + 1]
named = ceil((2 * last + 1) * 6.5 * character / panel_width)
most_share = 0
do for [p=1:panels_count] { most_share = larger(most_share, 100.0 * tops[p] / sums[p]) }
set boxwidth 0.86
set grid noxtics

do for [p=1:panels_count] {
    load "panel.gp"
    set xtics () nomirror
    do for [e=0:int(last)] {
        if (e % larger(named, 1) == 0) {
            set xtics add (is_bottom ? (e == 0 ? "0" : bytes_text(e - 1)) : "" e)
            if (e > 0) { set xtics add (is_bottom ? "−" . bytes_text(e - 1) : "" -e) }
        }
    }
    least = 0
    most = most_share
    zeros = 0
    load "scale.gp"
    plot for [s=1:series_count] "data.tsv" using (place(p, s)):(100.0 * column("value") / sums[p]) \
            with boxes fc rgb colours[is_backward(s) ? 2 : 1] fs solid noborder notitle
}
unset multiplot
