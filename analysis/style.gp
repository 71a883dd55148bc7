# SPDX-License-Identifier: GPL-3.0-or-later
#
# How all plots look. Runs after parameters.gp, which plot.c writes and which sets
#   format subtitle row_count gap_count x_scale
#   NAME_count NAME_name NAME_characters NAME_ordered and the array NAME_label, for NAME x, series and panels
#   COLUMN_least (above zero; 0: none) COLUMN_most COLUMN_zeros, for each of the kind's columns
# and before the kind's script, which plots data.tsv: row panel series level x first gap, and the kind's columns.
#
# Lengths are in pixels of the SVG, 96 to the inch: 605 are 16 cm, in which 12 are a font of 9 points.

set encoding utf8
set datafile separator tab

width = 605.0
character = 6.4 # mean width of one at the font's size
font_size = 11

# Okabe and Ito's colours, without the yellow, which is too pale for lines.
colour_count = 7
array colours[colour_count] = [0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xe69f00, 0x000000]
ink = 0x222222
faint = 0x777777
rule = 0xdddddd

# Viridis, for what has an order, 0 to 1.
array viridis[5] = [0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xfde725]
channel(a, b, f, shift) = int(((a >> shift) & 255) * (1 - f) + ((b >> shift) & 255) * f + 0.5) << shift
mixed(a, b, f) = channel(a, b, f, 16) + channel(a, b, f, 8) + channel(a, b, f, 0)
stop(f) = f < 1 ? int(4 * f) + 1 : 4
ramp(f) = mixed(viridis[stop(f)], viridis[stop(f) + 1], 4 * f - stop(f) + 1)

# Names that have no order get colours that have none, as far as these go.
is_ramp = (series_ordered && series_count > 2) || series_count > colour_count
colour(s) = is_ramp ? ramp(0.88 * (s - 1) / (series_count - 1)) : colours[s]

# Later series are drawn smaller, so that what they cover shows beneath them.
array marks[5] = [7, 5, 9, 13, 11]
smaller(s, from, to) = series_count > 1 ? from + (to - from) * (s - 1) / (series_count - 1) : 0.5 * (from + to)
do for [s=1:series_count] {
    set style line s lc rgb colour(s) lw smaller(s, 1.9, 1.3) pt marks[(s - 1) % 5 + 1] ps smaller(s, 0.75, 0.5)
}

# Only what has an order is joined by lines.
marked = x_ordered ? "linespoints" : "points"

set border 3 lc rgb faint lw 0.8
set tics nomirror out scale 0.5 textcolor rgb ink
set grid ytics lt 1 lc rgb rule lw 0.6
set grid noxtics
set key textcolor rgb ink
unset key

# The row at hand, where it belongs to this panel and these series.
is_of(p, s) = column("panel") == p && column("series") == s
x_of(p, s) = is_of(p, s) ? column("x") : NaN

larger(a, b) = a > b ? a : b
x_at(pixels) = pixels / width
y_at(pixels) = 1 - pixels / height # from the top

# Names where something in them would be taken for more: % in the label of a tic, \ in a plot with labels.
doubled(name, c) = strstrt(name, c) == 0 ? name : \
    name[1:strstrt(name, c)] . c . doubled(name[strstrt(name, c) + 1:*], c)
tic_text(name) = doubled(name, "%")
label_text(name) = doubled(name, '\')

# Three significant digits, two of the smallest.
figure_text(v) = v == 0 ? "0" : sprintf(v >= 100 ? "%.0f" : v >= 0.001 ? "%#.3g" : "%.1e", v)

# A number of bytes that is a power of two, 2 ** e.
bytes_text(e) = sprintf("%d%s", 2 ** (e % 10), word("B K M G T P", e / 10 + 1))

# What a kind may say otherwise before it loads panels.gp.
note = ""
y_name = ""
left = 74.0
gap_x = 16.0
gap_y = 32.0
least_panel_width = 0.0
has_own_scales = 0 # each panel, rather than each row of panels
panel_height = panels_count == 1 ? 250.0 : 165.0
grid_columns = panels_count == 1 ? 1 : panels_count <= 4 ? 2 : 3
has_legend = series_count > 1
