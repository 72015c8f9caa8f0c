#!/bin/sh
# gdb.sh - gdb runs a program, stops at a function and shows its stack.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs gcc strace gdb

gcc -g -O0 "$abs_srcdir/tests/programs/sample.c" -o work-program || exit 99

# gdb traces its program itself.
TRACE=strace

task() {
    "$@" gdb -nx -batch -ex 'break compare' -ex run -ex 'backtrace 1' -ex 'info locals' -ex kill \
        "$work/work-program" 2>&1 | sed 's/0x[0-9a-f]*//g; s/process [0-9]*//'
}
examined gdb
finish
