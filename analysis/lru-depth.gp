# SPDX-License-Identifier: GPL-3.0-or-later

headline = "Lookups by the other pages looked up since: their depth in an LRU stack"
x_name = "other pages, from"
y_name = "lookups"
note = "each bucket up to the next power of two; first lookups of a page are left out"
load "buckets.gp"
