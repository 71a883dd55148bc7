# SPDX-License-Identifier: GPL-3.0-or-later
#
# Draws horizontal bars, one for each row, in groups by series. The kind has set
#   parts_count and the arrays parts_label and parts_colour
#   end_of(k), where part k of the row at hand ends; part 1 begins at 0
#   bars_most, where the longest bar ends; values_name
#   figure(z), what is written beside the row's bar, and figures_name

has_groups = series_count > 1
bar_height = 15.0
gap = 1.4 # above a group, for its name, in bars
bars_count = row_count + (has_groups ? gap * series_count : 0)
bar(z) = column("row") + (has_groups ? gap * column("series") : 0)

left = larger(x_characters, 5) * character + 20
right = larger(strlen(figures_name), 9) * character + 10
head = 90.0
foot = 72.0
height = head + bars_count * bar_height + foot
load "canvas.gp"

set lmargin at screen x_at(left)
set rmargin at screen x_at(width - right)
set tmargin at screen y_at(head)
set bmargin at screen y_at(height - foot)
set border 1
set yrange [bars_count + 0.8 : 0.2]
set xrange [0 : bars_most > 0 ? 1.005 * bars_most : 1]
set xtics format "%g"
set xlabel values_name textcolor rgb ink
set ytics scale 0
unset ytics
set grid noytics xtics back
set label 4 x_name at screen x_at(10), y_at(head - 34) left textcolor rgb faint
set label 5 figures_name at screen x_at(width - right + 8), y_at(head - 12) left textcolor rgb faint
set key at screen x_at(left - 4), y_at(head - 6) left bottom Left reverse horizontal maxrows 1 samplen 1 width 1

start_of(k) = k > 1 ? end_of(k - 1) : 0
plot for [k=1:parts_count] "data.tsv" using (end_of(k)):(bar(0)):(start_of(k)):(end_of(k)):(bar(0) - 0.38):(bar(0) + 0.38) \
        with boxxyerror fc rgb parts_colour[k] fs solid noborder notitle, \
    "data.tsv" using (0):(bar(0)):(label_text(x_label[int(column("level"))])) with labels right offset -1, 0 textcolor rgb ink notitle, \
    "data.tsv" using (bars_most):(bar(0)):(figure(0)) with labels left offset 1, 0 textcolor rgb ink notitle, \
    for [i=1:has_groups] "data.tsv" using (0):(column("first") == 1 ? bar(0) - 1.1 : NaN):(label_text(series_label[int(column("series"))])) \
        with labels left offset 0.3, 0 textcolor rgb ink notitle, \
    for [k=1:parts_count] keyentry with boxes fc rgb parts_colour[k] fs solid noborder title parts_label[k]
unset multiplot
