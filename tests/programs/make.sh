#!/bin/sh
# make.sh - make builds the core of this project in two processes.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs make strace gdb

mkdir build
(cd build && "$abs_srcdir/configure" --quiet --disable-shared --disable-dependency-tracking) >log 2>&1 ||
    exit 99

# Of two processes, either may be the first to print.
task() {
    make -s -C "$work/build" clean &&
        "$@" make -s -C "$work/build" -j2 libmem.la >printed &&
        sort printed &&
        cksum <"$work/build/.libs/libmem.a"
}
examined make
finish
