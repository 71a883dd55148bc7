# SPDX-License-Identifier: GPL-3.0-or-later
#
# Opens the drawing, `width` x `height`, and puts `headline` and the subtitle at its head and `note` at its foot. The
# labels 1 to 3 are drawn by each plot until they are unset.

if (format eq "svg") {
    set terminal svg size width, height noenhanced font sprintf("sans-serif,%d", font_size) background "white"
}
if (format eq "png") {
    set terminal pngcairo size 2 * width, 2 * height noenhanced font sprintf("Sans,%d", font_size) \
        fontscale 1.5 linewidth 2 pointscale 2 background "white"
}
if (format eq "pdf") {
    set terminal pdfcairo size width / 96.0, height / 96.0 noenhanced font sprintf("Sans,%d", font_size) \
        fontscale 0.5625 linewidth 1.5 pointscale 0.9 background "white"
}
set output "plot." . format
set multiplot

if (gap_count > 0) {
    note = note . (strlen(note) > 0 ? "; " : "") . \
        sprintf("%d of %d rows have no value here: nothing to divide by", gap_count, row_count)
}
set label 1 headline at screen x_at(10), y_at(16) left font sprintf(",%g", font_size * 1.2) textcolor rgb ink
set label 2 subtitle at screen x_at(10), y_at(34) left textcolor rgb faint
set label 3 note at screen x_at(10), y_at(height - 9) left font sprintf(",%g", font_size * 0.85) textcolor rgb faint
