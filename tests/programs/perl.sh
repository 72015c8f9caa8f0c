#!/bin/sh
# perl.sh - perl counts words and sorts them under mem-run.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs perl strace gdb

cat >words.pl <<'END'
use strict;
my %count;
my $state = 1;
for (1 .. 60000) {
    $state = ($state * 1103515245 + 12345) % 2147483648;
    my $word = join "", map { chr(97 + ($state >> $_) % 26) } 3 .. 8;
    $count{$word} .= "$_,";
}
my $text = join "\n", map { "$_ $count{$_}" } sort keys %count;
$text =~ s/(\w+) (\d+),/$2=$1/g;
print length $text, "\n", substr($text, 0, 400), "\n";
END

task() {
    "$@" perl "$work/words.pl"
}

examined perl
finish
