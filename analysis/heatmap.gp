# SPDX-License-Identifier: GPL-3.0-or-later
#
# Cycles per access over two keys: a cell for each pair, with its value; a blank one where there is no row.

headline = "Translation cycles per access"
y_name = series_name
has_legend = 0
left = series_characters * character + 36
least_panel_width = 7.5 * character * x_count
panel_height = larger(26.0 * series_count, strlen(y_name) * character)

least = cycles_per_access_least
most = cycles_per_access_most
is_log = least > 0 && most > 20 * least
note = sprintf("upper bound: nothing overlaps; darker is more%s", is_log ? ", on a logarithmic scale" : "")
load "panels.gp"

array heat[5] = [0xffffd9, 0xc7e9b4, 0x41b6c4, 0x225ea8, 0x081d58]
heat_of(f) = mixed(heat[stop(f)], heat[stop(f) + 1], 4 * f - stop(f) + 1) # as ramp()
linear(v) = most > 0 ? 0.92 * v / most : 0
fraction(v) = !is_log ? linear(v) : v > 0 ? 0.08 + 0.84 * log10(v / least) / log10(most / least) : 0
shade(z) = column("gap") == 1 ? 0xf2f2f2 : heat_of(fraction(column("cycles_per_access")))
ink_on(z) = column("gap") == 1 ? ink : fraction(column("cycles_per_access")) > 0.55 ? 0xffffff : ink
text_in(z) = column("gap") == 1 ? "–" : figure_text(column("cycles_per_access"))

set border 0
set grid noxtics noytics
set xtics scale 0
set ytics scale 0
set yrange [0.5:series_count + 0.5]
if (!series_ordered) { set yrange [series_count + 0.5:0.5] }

do for [p=1:panels_count] {
    load "panel.gp"
    set ytics ()
    do for [s=1:series_count] { set ytics add (is_left ? tic_text(series_label[s]) : "" s) }
    of_panel(z) = column("panel") == p ? column("x") : NaN
    plot "data.tsv" using (of_panel(0)):(column("series")):(0.485):(0.47):(shade(0)) \
            with boxxyerror fc rgb variable fs solid noborder notitle, \
        "data.tsv" using (of_panel(0)):(column("series")):(text_in(0)):(ink_on(0)) with labels textcolor rgb variable notitle
}
unset multiplot
