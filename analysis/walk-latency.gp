# SPDX-License-Identifier: GPL-3.0-or-later
#
# The share of the walks that cost no more than so many cycles: a line for each series, which steps at each cost that there is.

headline = "Walks by what they cost"
x_name = "cost of a walk (cycles)"
y_name = "walks that cost no more (%)"
note = "setup and reads of page tables, one after the other"

# Before there are ranges, which would leave rows out.
array sums[panels_count * series_count]
of(p, s) = (p - 1) * series_count + s
do for [p=1:panels_count] {
    do for [s=1:series_count] {
        sums[of(p, s)] = 0
        stats "data.tsv" using (is_of(p, s) ? 1 : 0) name "rows" nooutput
        if (rows_max > 0) {
            stats "data.tsv" using (is_of(p, s) ? column("value") : 0) name "walks" nooutput
            sums[of(p, s)] = walks_sum
        }
    }
}
load "panels.gp"

first = x_label[1] + 0
last = x_label[x_count] + 0
is_log = first > 0 && last > 8 * first
set offsets 0, 0, 0, 0
if (is_log) { set logscale x 10 }
set xrange [is_log ? first / 1.3 : 0 : is_log ? last * 1.3 : last > 0 ? 1.06 * last : 1]
set yrange [0 : 103]
share(p, s) = is_of(p, s) ? 100.0 * column("value") / sums[of(p, s)] : NaN

# As many tics in a decade as there is room for.
decade = is_log ? panel_width / log10(1.69 * last / first) : 0
in_decade = decade > 16 * character ? "1 2 5" : decade > 10 * character ? "1 3" : "1"

do for [p=1:panels_count] {
    load "panel.gp"
    set ytics (0, 25, 50, 75, 90, 100) format has_scale ? "%g" : ""
    if (is_log) {
        set xtics ()
        do for [e=floor(log10(first)):ceil(log10(last))] {
            do for [m in in_decade] {
                tic = m * 10 ** e
                if (tic >= first / 1.3 && tic <= last * 1.3) { set xtics add (is_bottom ? sprintf("%g", tic) : "" tic) }
            }
        }
    } else {
        set xtics autofreq format is_bottom ? "%g" : ""
    }
    plot for [s=1:series_count] "data.tsv" using (x_of(p, s)):(share(p, s)) smooth cumulative with steps ls s notitle, \
        for [s=1:series_count] "data.tsv" using (x_of(p, s)):(share(p, s)) smooth cumulative with points ls s notitle, \
        for [s=1:series_count] keyentry with linespoints ls s title series_label[s]
}
unset multiplot
