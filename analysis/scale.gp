# SPDX-License-Identifier: GPL-3.0-or-later
#
# The y axis for values of which `least` is the smallest above zero (0: none), `most` the largest, and `zeros` are zero:
# linear from 0, or logarithmic in full decades where they span much. A logarithmic axis has its zeros on a line of its own,
# below the last decade, at `zero`; `above(v)` is v where it is not zero, `nought(v)` where to draw a zero.

superscript(digits) = strlen(digits) == 0 ? "" : \
    word("⁰ ¹ ² ³ ⁴ ⁵ ⁶ ⁷ ⁸ ⁹", int(digits[1:1]) + 1) . superscript(digits[2:*])
power_of_ten(e) = e >= -3 && e <= 4 ? sprintf("%g", 10.0 ** e) : \
    "10" . (e < 0 ? "⁻" : "") . superscript(sprintf("%d", abs(e)))

unset logscale y
set ytics autofreq format has_scale ? "%g" : ""
if (least > 0 && most > 20 * least) {
    lowest = floor(log10(least) + 0.01)
    highest = ceil(log10(most) - 0.01)
    strip = (highest - lowest) / 12.0 # decades between the lowest and the zeros
    zero = zeros > 0 ? 10 ** (lowest - strip) : 0
    above(v) = v > 0 ? v : NaN
    nought(v) = v == 0 ? zero : NaN
    set logscale y
    room = (highest - lowest) / 50.0
    set yrange [10 ** (lowest - (zeros > 0 ? 1.5 * strip : room)) : 10 ** (highest + room)]
    set ytics ()
    do for [e=lowest:highest] { set ytics add (has_scale ? power_of_ten(e) : "" 10 ** e) }
    if (zeros > 0) { set ytics add (has_scale ? "0" : "" zero) }
} else {
    zero = 0
    above(v) = v
    nought(v) = NaN
    set yrange [0 : most > 0 ? most * 1.06 : 1]
}
