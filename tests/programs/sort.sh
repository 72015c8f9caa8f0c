#!/bin/sh
# sort.sh - sort sorts many lines, with two threads.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs sort strace gdb

awk 'BEGIN { for (i = 0; i < 300000; i++) print i * 7919 % 1000003, "line" }' >lines

task() {
    "$@" sort --parallel=2 -n "$work/lines" | cksum
}
examined sort
finish
