# SPDX-License-Identifier: GPL-3.0-or-later
#
# A logarithmic y axis for numbers of bytes from `least` to `most`, with powers of two.

lowest = floor(log10(larger(1, least)) / log10(2) - 0.3)
highest = ceil(log10(larger(1, most)) / log10(2) + 0.3)
set logscale y
set yrange [2.0 ** lowest : 2.0 ** highest]
set ytics ()
do for [e=lowest:highest:(highest - lowest) / 7 + 1] { set ytics add (has_scale ? bytes_text(e) : "" 2.0 ** e) }
