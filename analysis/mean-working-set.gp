# SPDX-License-Identifier: GPL-3.0-or-later

headline = "Mean working set: distinct pages of the last accesses"
x_name = "accesses in the window"
y_name = "pages"
load "buckets.gp"
