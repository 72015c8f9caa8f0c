# plot-trace.gp - the time of replayed programs, by allocator.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

data = "results-trace.csv"
names = names_in(data)
n = words(names)
width = 0.8 / n
left(i) = $0 - 0.4 + (i - 1) * width

set terminal svg size 960,520 font "sans-serif,14" background "white"
set title "Replayed programs: time, divided by glibc's"
set logscale y 2
set yrange [* < 0.25 : 4 < *]
set format y "%g"
set ylabel "faster  ←  glibc = 1  →  slower"
set xrange [-0.6:*]
set offsets 0, 0.1, 0, 0
set xtics scale 0
set key outside right top
set style fill solid

# Bars go up or down from 1, which is glibc.
plot for [i = 1:n] data skip 1 \
        using (left(i) + width / 2):(1):(left(i)):(left(i) + 0.9 * width):(1):(column(i + 1)) \
        with boxxyerror linecolor rgb color(word(names, i)) title word(names, i), \
    data skip 1 using 0:(1):xtic(1) with dots linecolor rgb "#d0d0d0" notitle, \
    1 with lines linecolor rgb color("glibc") notitle
