# style.gp - what the plots share; read before each of them.
#
# A README shows them some 830 pixels wide, on a page that may be dark, and people print
# them. So they have a background of their own, are 860 wide with text of 13 or more, and no
# plot needs its colours to be understood.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

set datafile separator ","
set border 3 linecolor rgb "#606060"
set tics nomirror textcolor rgb "#202020"
set grid ytics linecolor rgb "#d8d8d8" linewidth 1 dashtype solid
set key textcolor rgb "#202020" samplen 1.5

ours(name) = name[1:6] eq "libmem"

# An allocator has one colour in all plots with lines: libmem's are blues, the lists' greys.
color(name) = \
    name eq "libmem first" ? 0x08519c : \
    name eq "libmem worst" ? 0x4292c6 : \
    name eq "libmem best"  ? 0x9ecae1 : \
    name eq "list first"   ? 0x404040 : \
    name eq "list worst"   ? 0x969696 : \
    name eq "glibc"        ? 0xd62728 : \
    name eq "jemalloc"     ? 0xff7f0e : \
    name eq "mimalloc"     ? 0x2ca02c : \
    name eq "tcmalloc"     ? 0x9467bd : 0x8c564b

# And one shape of its points: libmem's are filled, the lists' crosses, the others' hollow.
shape(name) = \
    name eq "libmem first" ? 7 : \
    name eq "libmem worst" ? 5 : \
    name eq "libmem best"  ? 9 : \
    name eq "list first"   ? 2 : \
    name eq "list worst"   ? 1 : \
    name eq "glibc"        ? 6 : \
    name eq "jemalloc"     ? 4 : \
    name eq "mimalloc"     ? 8 : \
    name eq "tcmalloc"     ? 10 : 12

# Where each bar has its allocator's name beside it, colour only shows which are libmem's.
bar_color(name) = ours(name) ? color(name) : 0xb8b8b8
bar_name(name) = ours(name) ? "{/:Bold " . name . "}" : name

# The allocators of a file, as words in quotes, from its first line.
names_in(file) = system("sed -n \"1{s/^,//;s/,/' '/g;s/.*/'&'/p;}\" " . file)

# The cases of a file, as words, from its first column.
cases_in(file) = system("sed '1d;s/,.*//' " . file)

# Panels stand three in a row, and each has a row for each of the n allocators in `names`, from the
# top down; their names stand beside the first panel of three. The figures stand beside the bars.
ROWS = 'set yrange [n + 0.6 : 0.4]; set ytics () scale 0; \
    set xtics scale 0; set border 1; unset grid; set style fill solid; unset key'
PANEL = 'set title "{/:Bold " . word(cases, case) . "}" offset 0, -0.6; set ytics (); \
    if (case % 3 == 1) { do for [i = 1:n] { set ytics add (bar_name(word(names, i)) i) } } \
    else { do for [i = 1:n] { set ytics add ("" i) } }'

# The sizes of `lines` of panels in pixels, with so much for the title `above`.
PANELS = 'gap = 57.; below = 32.; lines = (words(cases) + 2) / 3; \
    height = int(above + lines * 17 * n + (lines - 1) * gap + below)'
