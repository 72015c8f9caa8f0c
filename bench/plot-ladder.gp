# plot-ladder.gp - what operations cost, by the number of free chunks.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

set terminal svg size 860,800 font "sans-serif,13" background "white"
set multiplot layout 2,2 margins 0.11,0.98,0.15,0.89 spacing 0.14,0.13 title \
    "{/:Bold The cost of an operation, by the number of free chunks}\n" . \
    "the axes are logarithmic"
set logscale xy
set xrange [80:1.25e6]
set xtics ("0.1" 1e2, "1" 1e3, "10" 1e4, "100" 1e5, "1,000" 1e6)
set ytics ("1 ns" 1, "10 ns" 1e1, "100 ns" 1e2, "1 µs" 1e3, "10 µs" 1e4, "100 µs" 1e5, \
    "1 ms" 1e6, "10 ms" 1e7, "100 ms" 1e8, "1 s" 1e9)
set yrange [4:5e8]
set xlabel "free chunks, in thousands" offset 0, 0.4

# One key for all, below the plots.
set key at screen 0.5, 0.012 center bottom vertical maxrows 2 width -1 samplen 2.5

file(metric) = "results-ladder-" . metric . ".csv"
width(name) = ours(name) ? 2.5 : 1
label(name) = ours(name) ? "{/:Bold " . name . "}" : name

metrics = "churn large worst refused"
titles = "'free one at random, allocate one' \
    'allocate and free 1 to 8 KiB, larger than any hole' \
    'allocate by worst fit, and free' \
    'a request that fails'"
timed = "'time of both' 'time of both' 'time of both' 'time of the request'"

do for [panel = 1:words(metrics)] {
    data = file(word(metrics, panel))
    names = names_in(data)
    set title word(titles, panel) offset 0, -0.6
    set ylabel word(timed, panel) offset 1, 0
    plot for [i = 1:words(names)] data skip 1 using 1:(column(i + 1)) with linespoints \
        linecolor rgb color(word(names, i)) linewidth width(word(names, i)) \
        pointtype shape(word(names, i)) pointsize 0.8 title label(word(names, i))
    unset key
}
unset multiplot
