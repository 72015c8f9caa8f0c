# plot-region.gp - the smallest region in which a program completes, by policy.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

data = "results-region.csv"
names = names_in(data)
n = words(names)
width = 0.8 / n
left(i) = $0 - 0.4 + (i - 1) * width

set terminal svg size 860,460 font "sans-serif,13" background "white"
set title \
    "{/:Bold The smallest region in which a program completes, divided by the most bytes live}"
set yrange [0:*]
set xrange [-0.6:*]
set offsets 0, 0.1, 0.2, 0
set xtics scale 0
set key outside center bottom horizontal
set style fill solid

# No region can be smaller than what is live, which is 1.
plot for [i = 1:n] data skip 1 \
        using (left(i) + width / 2):(0):(left(i)):(left(i) + 0.95 * width):(0):(column(i + 1)) \
        with boxxyerror linecolor rgb color(word(names, i)) title word(names, i), \
    for [i = 1:n] data skip 1 \
        using (left(i) + width / 2):(column(i + 1)):(sprintf("%.2f", column(i + 1))) \
        with labels rotate by 90 left offset 0, 0.4 notitle, \
    data skip 1 using 0:(0):xtic(1) with dots linecolor rgb "#d0d0d0" notitle, \
    1 with lines linecolor rgb "#202020" linewidth 1.5 dashtype (6, 4) title "bytes live"
