#!/bin/sh
# clang.sh - clang compiles and links a program in C.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs clang strace gdb

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

task() {
    "$@" clang -O2 "$work/work.c" -o program && ./program && cksum <program
}
examined clang
finish
