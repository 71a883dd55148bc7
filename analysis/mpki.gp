# SPDX-License-Identifier: GPL-3.0-or-later
#
# Misses per 1000 instructions: a panel for each level.

headline = "TLB misses per 1000 instructions"
array metric[4] = ["l1i_mpki", "l1d_mpki", "l2_mpki", "walk_mpki"]
array metric_label[4] = ["level 1, instructions", "level 1, data", "level 2", "walks"]
y_name = "MPKI"
load "quantities.gp"
