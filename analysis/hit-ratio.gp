# SPDX-License-Identifier: GPL-3.0-or-later
#
# Hits per lookup of a level: a panel each.

headline = "TLB hits per lookup"
array metric[4] = ["l1i_hit_ratio", "l1d_hit_ratio", "l2_hit_ratio", "l3_hit_ratio"]
array metric_label[4] = ["level 1, instructions", "level 1, data", "level 2, of what reaches it", "level 3, of what reaches it"]
y_name = "hit ratio"
load "quantities.gp"
