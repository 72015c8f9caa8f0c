# plot-trace.gp - the time of replayed programs, by allocator: a panel for each program.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

data = "results-trace.csv"
names = names_in(data)
n = words(names)
cases = cases_in(data)

ratio(i) = valid(i + 1) ? column(i + 1) : 1
figure(x) = sprintf(x < 10 ? "%.2f" : "%.0f", x)
label(i) = valid(i + 1) ? figure(column(i + 1)) : "left out: takes seconds"
beside(x) = x > 1 ? x : 1

set terminal svg size 860,640 font "sans-serif,13" background "white"
set multiplot layout 2,2 margins 0.14,0.97,0.06,0.87 spacing 0.16,0.13 title \
    "{/:Bold Replayed programs: time, divided by glibc's}\n" . \
    "faster than glibc  ←  1  →  slower than glibc; the axes are logarithmic"
set logscale x 2
set xrange [1. / 8 : 512] # the same in all panels
set xtics ("1/4" 1. / 4, "1" 1, "4" 4, "16" 16, "64" 64)
@ROWS

# Bars go right or left from 1, which is glibc.
do for [case = 1:words(cases)] {
    set title "{/:Bold " . word(cases, case) . "}" offset 0, -0.6
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
