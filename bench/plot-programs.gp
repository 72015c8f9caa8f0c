# plot-programs.gp - whole programs, by allocator: their time, and the most memory resident, divided
# by glibc's.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

files = "results-programs-time.csv results-programs-resident.csv"
titles = "'Time' 'Most memory resident'"
names = names_in(word(files, 1))
n = words(names)
width = 0.84 / n
left(i) = $0 - 0.42 + (i - 1) * width

# Bars are told apart by their greys, too.
shade(name) = \
    ours(name) ? 0x08519c : \
    name eq "glibc" ? 0xf4f4f4 : \
    name eq "jemalloc" ? 0xd4d4d4 : \
    name eq "mimalloc" ? 0xb0b0b0 : 0x888888

set terminal svg size 860,720 font "sans-serif,13" background "white"
set multiplot layout 2,1 margins 0.06,0.99,0.1,0.86 spacing 0.03,0.1 title \
    "{/:Bold Whole programs, divided by what they take with glibc}\n" . \
    "libmem by mem-run, first fit; the others preloaded; mean: geometric"
set xrange [-0.6:*]
set yrange [0:*]
set offsets 0, 0.1, 0.15, 0
set xtics scale 0
set style fill solid border rgb "#404040"
set key outside center bottom horizontal

do for [f = 1:2] {
    data = word(files, f)
    set title "{/:Bold " . word(titles, f) . "}" offset 0, -0.6
    if (f == 1) { unset key } else { set key outside center bottom horizontal }
    plot 1 with lines linecolor rgb "#606060" dashtype (6, 4) notitle, \
        for [i = 1:n] data skip 1 \
            using (left(i) + width / 2):(0):(left(i)):(left(i) + 0.95 * width):(0):(column(i + 1)) \
            with boxxyerror linecolor rgb shade(word(names, i)) title word(names, i), \
        for [i = 1:n] data skip 1 \
            using (left(i) + width / 2):(column(i + 1)):(sprintf("%.2f", column(i + 1))) \
            with labels rotate by 90 left offset 0, 0.4 font ",10" notitle, \
        data skip 1 using 0:(0):xtic(1) with dots linecolor rgb "#d0d0d0" notitle
}
unset multiplot
