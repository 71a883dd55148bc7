# SPDX-License-Identifier: GPL-3.0-or-later
#
# What translation costs an access where nothing overlaps: a bar for each row, of hits below level 1 and of walks.

headline = "Translation cycles per access, by cause"
note = "upper bound: nothing overlaps"
parts_count = 2
array parts_label[2] = ["hits below level 1", "page-table walks"]
array parts_colour[2] = [0x56b4e9, 0xd55e00]
values_name = "cycles per access"
bars_most = cycles_per_access_most
figures_name = "cycles"

end_of(k) = column("accesses") > 0 ? \
    (column("translation_cycles") - (k == 1 ? column("walk_cycles") : 0)) / column("accesses") : NaN
figure(z) = column("accesses") > 0 ? figure_text(column("cycles_per_access")) : "–"
load "bars.gp"
