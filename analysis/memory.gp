# SPDX-License-Identifier: GPL-3.0-or-later
#
# Both sides of the trade of page sizes: the memory that pages hold and what of it is touched, and beside each bar what
# translation costs. Rows of uniform pages do not say what is touched; their pages are drawn whole.

headline = "Memory that pages hold, and cycles of translation"
note = "touched: in smallest leaves, of uniform pages whole ones; bloat: held, not touched"
parts_count = 3
array parts_label[3] = ["page tables", "touched", "bloat"]
array parts_colour[3] = [0x0072b2, 0x56b4e9, 0xd55e00]
values_name = "memory (MiB)"
figures_name = "cycles per access"

touched(z) = column("touched_bytes") > 0 ? column("touched_bytes") : column("pages_touched") * column("page_size")
end_of(k) = (column("page_table_bytes") + (k > 1 ? touched(0) : 0) + (k > 2 ? column("bloat_bytes") : 0)) / 2.0 ** 20
figure(z) = figure_text(column("cycles_per_access"))
stats "data.tsv" using (end_of(3)) name "held" nooutput
bars_most = held_max
load "bars.gp"
