#!/bin/sh
# limits.sh - perl does its work where RLIMIT_AS, as ulimit -v sets it, leaves little more address
# space than it needs.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs prlimit perl strace gdb

cat >work.pl <<'END'
my %lines;
$lines{$_ * 7919 % 30011} = "line $_" for 1 .. 40000;
my @sorted = map { $lines{$_} } sort { $a <=> $b } keys %lines;
print scalar(@sorted), " $sorted[777]\n";
END

task() {
    prlimit --as=100000000 "$@" perl "$work/work.pl"
}
examined limits
finish
