# SPDX-License-Identifier: GPL-3.0-or-later
#
# Lays out panels with one legend at the right, and opens the canvas.

grid_rows = ceil(1.0 * panels_count / grid_columns)

# The legend's heading, a key a line.
heading = ""
rest = series_name
heading_lines = 1
heading_characters = 0
while (strstrt(rest, ", ") > 0) {
    cut = strstrt(rest, ", ")
    heading = heading . rest[1:cut] . "\n"
    heading_characters = larger(cut, heading_characters)
    heading_lines = heading_lines + 1
    rest = rest[cut + 2:*]
}
heading = heading . rest
heading_characters = larger(strlen(rest), heading_characters)

legend_characters = larger(series_characters + 4, heading_characters)
legend_width = has_legend ? legend_characters * character + 20 : 0
width = width + larger(0, legend_width - 200)

right = 14.0 + legend_width
head = 50.0 + (panels_count > 1 ? 18 : 0)
if (grid_columns > 1) {
    least_panel_width = larger(least_panel_width, character * larger(panels_characters, strlen(x_name)))
}
if (x_scale eq "names") { least_panel_width = larger(least_panel_width, 13.0 * x_count) }
width = larger(width, left + right + grid_columns * (least_panel_width + gap_x) - gap_x)
panel_width = (width - left - right - (grid_columns - 1) * gap_x) / grid_columns

is_slanted = x_scale eq "names" && (x_characters + 1) * character * x_count > panel_width
is_steep = is_slanted && panel_width < 20 * x_count
foot = 74.0 + (is_steep ? 1.0 : is_slanted ? 0.7 : 0) * x_characters * character

least_height = has_legend ? 18.0 * (series_count + heading_lines) - foot + 40 : 0
grid_height = grid_rows * panel_height + (grid_rows - 1) * gap_y
if (grid_height < least_height) {
    panel_height = panel_height + (least_height - grid_height) / grid_rows
    grid_height = least_height
}
height = head + grid_height + foot
load "canvas.gp"

if (x_scale eq "names") {
    set xrange [0.5:x_count + 0.5]
    set xtics ()
} else {
    set xrange [*:*]
    set offsets graph 0.02, graph 0.02, 0, 0
    set grid xtics
    if (x_scale eq "log") { set logscale x 2 }
    set xtics format "%.0f"
}
if (is_slanted) { set xtics rotate by is_steep ? 90 : 45 right }
