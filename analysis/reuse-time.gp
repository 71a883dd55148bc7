# SPDX-License-Identifier: GPL-3.0-or-later

headline = "Lookups by the accesses since their page's last lookup"
x_name = "accesses, from"
y_name = "lookups"
note = "each bucket up to the next power of two; first lookups of a page are left out"
load "buckets.gp"
