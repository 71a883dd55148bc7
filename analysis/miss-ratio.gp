# SPDX-License-Identifier: GPL-3.0-or-later
#
# Misses per lookup of a level, and walks per lookup of the whole TLB: a panel each.

headline = "TLB misses per lookup"
array metric[4] = ["l1i_miss_ratio", "l1d_miss_ratio", "l2_miss_ratio", "walk_ratio"]
array metric_label[4] = ["level 1, instructions", "level 1, data", "level 2, of what reaches it", "walks, of all lookups"]
y_name = "miss ratio"
load "quantities.gp"
