# plot-memory.gp - the memory that a program takes, by allocator: a panel for each program.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

data = "results-memory.csv"
live = "results-live.csv"
names = names_in(data)
n = words(names)
cases = cases_in(data)

label(i) = sprintf("%.1f", column(i + 1))

above = 100.
@PANELS
set terminal svg size 860,height font "sans-serif,13" background "white"
set multiplot layout lines,3 margins 0.145,0.99,below/height,1 - above/height \
    spacing 0.03,gap/height title \
    "{/:Bold Memory in which a program completes, MiB}\n" . \
    "libmem: the smallest region, and what is resident of its index; " . \
    "the others: the most that is resident\n" . \
    "dashed: the most bytes that the program has live, the least that any can take"
set xrange [0:*]
set offsets 0, graph 0.2, 0, 0
@ROWS
unset xtics # the figures stand at the bars

do for [case = 1:words(cases)] {
    @PANEL
    row = case - 1
    plot for [i = 1:n] data skip 1 every ::row::row \
            using (0):(i):(0):(column(i + 1)):(i - 0.38):(i + 0.38) \
            with boxxyerror linecolor rgb bar_color(word(names, i)), \
        for [i = 1:n] data skip 1 every ::row::row \
            using (column(i + 1)):(i):(label(i)) with labels left offset 0.6, 0, \
        live skip 1 every ::row::row using 2:(0.4):(0):(n + 0.2) \
            with vectors nohead linewidth 1.5 dashtype (6, 4) linecolor rgb "#202020"
}
unset multiplot
