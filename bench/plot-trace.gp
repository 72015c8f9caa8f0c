# plot-trace.gp - the time of replayed programs, by allocator: a panel for each program.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

data = "results-trace.csv"
names = names_in(data)
n = words(names)
cases = cases_in(data)

# Bars end at the edges of the scale, where a figure beyond has an arrow.
LOW = 0.3
HIGH = 4.0
clipped(x) = x < LOW ? LOW : x > HIGH ? HIGH : x
ratio(i) = valid(i + 1) ? clipped(column(i + 1)) : 1
figure(x) = sprintf(x < LOW ? "← %.2f" : x < 10 ? "%.2f" : "%.1f", x) . (x > HIGH ? " →" : "")
label(i) = valid(i + 1) ? figure(column(i + 1)) : "left out"
beside(x) = x > 1 ? x : 1

above = 83.
@PANELS
set terminal svg size 860,height font "sans-serif,13" background "white"
set multiplot layout lines,3 margins 0.145,0.99,below/height,1 - above/height \
    spacing 0.02,gap/height title \
    "{/:Bold Replayed programs: time, divided by glibc's}\n" . \
    "faster than glibc  ←  1  →  slower than glibc; the axes are logarithmic"
set logscale x
set xrange [LOW : 9] # the same in all panels, with room for the figures on the right
set xtics ("0.3" LOW, "0.5" 0.5, "1" 1, "2" 2, "4" HIGH)
@ROWS

# Bars go right or left from 1, which is glibc.
do for [case = 1:words(cases)] {
    @PANEL
    row = case - 1
    plot for [i = 1:n] data skip 1 every ::row::row \
            using (1):(i):(1):(ratio(i)):(i - 0.38):(i + 0.38) \
            with boxxyerror linecolor rgb bar_color(word(names, i)), \
        for [i = 1:n] data skip 1 every ::row::row \
            using (beside(ratio(i))):(i):(label(i)) with labels left offset 0.6, 0, \
        data skip 1 every ::row::row using (1):(0.4):(0):(n + 0.2) \
            with vectors nohead linecolor rgb "#202020"
}
unset multiplot
