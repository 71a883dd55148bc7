# SPDX-License-Identifier: GPL-3.0-or-later
#
# Cycles per access, both bounds: over named x a bar from the lower to the upper one, series side by side; over numbers,
# or where there is one series, a band.

headline = "Translation cycles per access, between the bounds"
note = "upper end: nothing overlaps; lower end: hits hidden, all walkers busy"
y_name = "cycles per access"
load "panels.gp"

least = cycles_per_access_min_least
if (least == 0 || (cycles_per_access_least > 0 && cycles_per_access_least < least)) { least = cycles_per_access_least }
most = cycles_per_access_most
zeros = cycles_per_access_min_zeros
shown(v) = v > 0 ? v : zero

is_band = x_ordered && x_count > 1 && (series_count == 1 || x_scale ne "names")
share = 0.76 / series_count
beside(p, s) = x_of(p, s) + (s - 0.5 * (series_count + 1)) * share
half = 0.32 * share

do for [p=1:panels_count] {
    load "panel.gp"
    load "scale.gp"
    if (is_band) {
        plot for [s=1:series_count] "data.tsv" using (x_of(p, s)):(shown(column("cycles_per_access_min"))): \
                (shown(column("cycles_per_access"))) with filledcurves fc rgb colour(s) fs transparent solid 0.15 notitle, \
            for [s=1:series_count] "data.tsv" using (x_of(p, s)):(shown(column("cycles_per_access"))) \
                with @marked ls s notitle, \
            for [s=1:series_count] "data.tsv" using (x_of(p, s)):(shown(column("cycles_per_access_min"))) \
                with @marked ls s notitle, \
            for [s=1:series_count] keyentry with @marked ls s title series_label[s]
    } else {
        plot for [s=1:series_count] "data.tsv" using (beside(p, s)):(shown(column("cycles_per_access"))): \
                (beside(p, s) - half):(beside(p, s) + half):(shown(column("cycles_per_access_min"))): \
                (shown(column("cycles_per_access"))) with boxxyerror fc rgb colour(s) fs solid 0.4 border lc rgb colour(s) notitle, \
            for [s=1:series_count] keyentry with boxes fc rgb colour(s) fs solid 0.4 border lc rgb colour(s) \
                title series_label[s]
    }
}
unset multiplot
