#!/bin/sh
# clang.sh - clang compiles and links a program in C.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs clang strace gdb

task() {
    "$@" clang -O2 "$abs_srcdir/tests/programs/sample.c" -o program && ./program && cksum <program
}
examined clang
finish
