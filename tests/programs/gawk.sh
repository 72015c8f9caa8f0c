#!/bin/sh
# gawk.sh - gawk counts words in an array and sorts it.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs gawk strace gdb

cat >work.awk <<'END'
BEGIN {
    for (i = 0; i < 100000; i++)
        count["w" (i * 7919 % 5003)] = count["w" (i * 7919 % 5003)] "," i
    n = asorti(count, words)
    for (i = 1; i <= 30; i++)
        print words[i], substr(count[words[i]], 1, 60)
    text = sprintf("%1000s", "")
    gsub(/ /, "ab", text)
    print length(text)
}
END

task() {
    "$@" gawk -f "$work/work.awk"
}
examined gawk
finish
