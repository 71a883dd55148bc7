# SPDX-License-Identifier: GPL-3.0-or-later
#
# Misses per lookup over the entries of a TLB: a line for each series, and where it is of a sample a band of two standard
# errors to either side. A curve is hundreds of points, of which the first alone is marked: that of a trace on one page has
# no other.

headline = "Misses per lookup of a fully associative LRU TLB"
has_bands = miss_ratio_error_most > 0
if (has_bands) { note = "bands: two standard errors of the sample to either side" }
y_name = "misses per lookup"
load "panels.gp"

# All panels have the same entries along x, and as many powers of two as there is room to name.
first = log(x_label[1] + 0) / log(2)
last = log(x_label[x_count] + 0) / log(2)
set offsets 0, 0, 0, 0
set xrange [2 ** (first - 0.02 * (last - first) - 0.1) : 2 ** (last + 0.02 * (last - first) + 0.1)]
named = ceil((last - first) * (x_characters + 2) * character / panel_width)

least = miss_ratio_least
most = miss_ratio_most
zeros = miss_ratio_zeros

# A band ends where the axis does: a logarithmic one has no place for what reaches 0.
is_log = least > 0 && most > 20 * least
bottom = is_log ? 10 ** floor(log10(least) + 0.01) : 0
within(v) = v < bottom ? bottom : v > 1 ? 1 : v
low(p, s) = within(column("miss_ratio") - 2 * column("miss_ratio_error"))
high(p, s) = within(column("miss_ratio") + 2 * column("miss_ratio_error"))

do for [p=1:panels_count] {
    load "panel.gp"
    set xtics ()
    do for [e=ceil(first):floor(last)] {
        if (e % larger(named, 1) == 0) { set xtics add (is_bottom ? sprintf("%d", 2 ** e) : "" 2 ** e) }
    }
    load "scale.gp"
    plot for [s=1:(has_bands ? series_count : 0)] "data.tsv" using (x_of(p, s)):(low(p, s)):(high(p, s)) \
            with filledcurves fc rgb colour(s) fs transparent solid 0.15 noborder notitle, \
        for [s=1:series_count] "data.tsv" using (x_of(p, s)):(above(column("miss_ratio"))) \
            with lines lc rgb colour(s) lw 1.6 notitle, \
        for [s=1:series_count] "data.tsv" using (column("first") == 1 ? x_of(p, s) : NaN):(above(column("miss_ratio"))) \
            with points lc rgb colour(s) pt 7 ps 0.4 notitle, \
        for [s=1:series_count] keyentry with lines lc rgb colour(s) lw 1.6 title series_label[s]
}
unset multiplot
