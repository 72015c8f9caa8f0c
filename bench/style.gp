# style.gp - what the plots share; read before each of them.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

set datafile separator ","
set border 3 linecolor rgb "#606060"
set tics nomirror textcolor rgb "#202020"
set grid ytics linecolor rgb "#d8d8d8" linewidth 1 dashtype solid
set key textcolor rgb "#202020" samplen 1.5

# An allocator has one colour in all plots: libmem's are blues, the lists' greys.
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

# The allocators of a file, as words in quotes, from its first line.
names_in(file) = system("sed -n \"1{s/^,//;s/,/' '/g;s/.*/'&'/p;}\" " . file)
