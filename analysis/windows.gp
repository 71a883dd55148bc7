# SPDX-License-Identifier: GPL-3.0-or-later
#
# Readies x for time, in windows of a trace: from 0 to its end, in such units that numbers are short. `moment`
# is where to draw the row at hand, and its mark.

end = x_label[x_count] + 0
unit = end >= 2e9 ? 1e9 : end >= 2e6 ? 1e6 : end >= 2e3 ? 1e3 : 1
unit_name = unit == 1e9 ? " (billions)" : unit == 1e6 ? " (millions)" : unit == 1e3 ? " (thousands)" : ""
x_name = (window_unit eq "" ? "accesses or instructions" : window_unit) . unit_name
if (strlen(window) > 0) {
    note = note . (strlen(note) > 0 ? "; " : "") . sprintf("windows of %s %s", window, window_unit)
}
load "panels.gp"

set offsets 0, 0, 0, 0
set xrange [0 : 1.02 * end / unit]
moment(p, s) = is_of(p, s) ? column("x") / unit : NaN

# Of many windows the first alone is marked: one is no line.
marked_moment(p, s) = x_count <= 40 || column("first") == 1 ? moment(p, s) : NaN
