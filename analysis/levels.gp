# SPDX-License-Identifier: GPL-3.0-or-later
#
# Which level answers the lookups: a bar for each row, whose parts come to all lookups. Most are hits of level 1; the axis
# ends soon after the others.

headline = "Lookups by what answers them"
parts_count = 4
array parts_label[4] = ["walk", "level 3", "level 2", "level 1"]
array parts_colour[4] = [0xd55e00, 0x0072b2, 0x56b4e9, 0xe4e4e4]
values_name = "share of lookups (%)"
figures_name = "walks (%)"

share(count) = column("lookups") > 0 ? 100.0 * count / column("lookups") : NaN
end_of(k) = share(column("walks") + (k > 1 ? column("l3_hits") : 0) + (k > 2 ? column("l2_hits") : 0) + \
    (k > 3 ? column("l1i_hits") + column("l1d_hits") : 0))
figure(z) = column("lookups") > 0 ? figure_text(share(column("walks"))) : "–"

stats "data.tsv" using (end_of(3)) name "below" nooutput
bars_most = below_max > 0 && below_max < 50 ? 1.3 * below_max : 100
if (bars_most < 100) { note = "the axis is cut: the rest, to 100 %, is level 1's" }
load "bars.gp"
