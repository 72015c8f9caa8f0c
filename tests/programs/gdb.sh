#!/bin/sh
# gdb.sh - gdb runs a program, stops at a function and shows its stack.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs gdb gcc strace gdb

cat >work.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int compare(const void *a, const void *b) { return strcmp(a, b); }
int main(void) {
    char words[100][8];
    for (int i = 0; i < 100; i++)
        snprintf(words[i], sizeof words[i], "%d", i * 37 % 101);
    qsort(words, 100, sizeof words[0], compare);
    puts(words[50]);
}
END

gcc -g -O0 work.c -o work-program || exit 99

# gdb traces its program itself.
TRACE=strace

task() {
    "$@" gdb -nx -batch -ex 'break compare' -ex run -ex 'backtrace 1' -ex 'info locals' -ex kill \
        "$work/work-program" 2>&1 | sed 's/0x[0-9a-f]*//g; s/process [0-9]*//'
}
examined gdb
finish
