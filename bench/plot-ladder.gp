# plot-ladder.gp - what operations cost, by the number of free chunks.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

set terminal svg size 1000,860 font "sans-serif,14" background "white"
set multiplot layout 2,2 margins 0.08,0.96,0.17,0.95 spacing 0.11,0.12
set logscale xy
set xrange [80:1.25e6]
set xtics ("100" 1e2, "1,000" 1e3, "10,000" 1e4, "100,000" 1e5, "1,000,000" 1e6)
set ytics ("1 ns" 1, "10 ns" 1e1, "100 ns" 1e2, "1 µs" 1e3, "10 µs" 1e4, "100 µs" 1e5, \
    "1 ms" 1e6, "10 ms" 1e7, "100 ms" 1e8, "1 s" 1e9)
set yrange [4:5e8]

file(metric) = "results-ladder-" . metric . ".csv"
style(name) = name[1:6] eq "libmem" ? 3 : 1.5

# One key for all, below the plots.
set key at screen 0.5, 0.015 center bottom vertical maxrows 2 width 1

set title "release one at random, allocate one"
names = names_in(file("churn"))
plot for [i = 1:words(names)] file("churn") skip 1 using 1:(column(i + 1)) with linespoints \
    linecolor rgb color(word(names, i)) linewidth style(word(names, i)) pointtype 7 \
    pointsize 0.5 title word(names, i)

unset key
set title "allocate and release 1 to 8 KiB, more than any hole has"
names = names_in(file("large"))
plot for [i = 1:words(names)] file("large") skip 1 using 1:(column(i + 1)) with linespoints \
    linecolor rgb color(word(names, i)) linewidth style(word(names, i)) pointtype 7 pointsize 0.5

set xlabel "free chunks"
set title "allocate by worst fit, and release"
names = names_in(file("worst"))
plot for [i = 1:words(names)] file("worst") skip 1 using 1:(column(i + 1)) with linespoints \
    linecolor rgb color(word(names, i)) linewidth style(word(names, i)) pointtype 7 pointsize 0.5

set title "a request that fails"
names = names_in(file("refused"))
plot for [i = 1:words(names)] file("refused") skip 1 using 1:(column(i + 1)) with linespoints \
    linecolor rgb color(word(names, i)) linewidth style(word(names, i)) pointtype 7 pointsize 0.5
unset multiplot
