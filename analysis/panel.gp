# SPDX-License-Identifier: GPL-3.0-or-later
#
# Readies panel `p` of those that panels.gp laid out: its place, its name, and the axes where it stands at the edge.

row = int((p - 1) / grid_columns)
place = (p - 1) % grid_columns
grid_column = place + 1
set lmargin at screen x_at(left + place * (panel_width + gap_x))
set rmargin at screen x_at(left + place * (panel_width + gap_x) + panel_width)
set tmargin at screen y_at(head + row * (panel_height + gap_y))
set bmargin at screen y_at(head + row * (panel_height + gap_y) + panel_height)

is_left = place == 0
has_scale = is_left || has_own_scales # numbers along y
is_bottom = p + grid_columns > panels_count
if (panels_count > 1) { set label 4 panels_label[p] at graph 0, graph 1 offset 0, 0.7 left textcolor rgb ink }
if (p == 2) { unset label 1; unset label 2; unset label 3 }

unset label 5
if (is_left) { set label 5 y_name at screen x_at(12), graph 0.5 center rotate by 90 textcolor rgb ink }
unset xlabel
if (is_bottom) { set xlabel x_name textcolor rgb ink }
if (x_scale eq "names") {
    set xtics ()
    do for [i=1:x_count] { set xtics add (is_bottom ? tic_text(x_label[i]) : "" i) }
} else {
    if (is_bottom) { set xtics format "%.0f" } else { set xtics format "" }
}

if (p == 1 && has_legend) {
    set key at screen x_at(width - right + 14), y_at(head - 4) left top Left reverse vertical samplen 1.6 spacing 1
    set key title heading left
} else {
    unset key
}
