#!/bin/sh
# abrupt.sh - a program ends by _exit while its threads allocate.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

# The compiler may have options.
needs "${CC%% *}" strace gdb

cat >work.c <<'END'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *work(void *argument) {
    void *objects[64] = {NULL};
    for (unsigned i = 0;; i++) {
        free(objects[i % 64]);
        objects[i % 64] = malloc(i * 31 % 2000);
        if (objects[i % 64] != NULL)
            memset(objects[i % 64], 1, i * 31 % 2000);
    }
    return argument;
}

int main(void) {
    pthread_t thread;
    for (int i = 0; i < 4; i++)
        if (pthread_create(&thread, NULL, work, NULL) != 0)
            _exit(3);
    usleep(100000);
    for (int i = 0; i < 1000; i++) {
        char *object = malloc(3000);
        if (object == NULL)
            _exit(4);
        memset(object, 2, 3000);
        free(object);
    }
    (void)!write(1, "the end\n", 8);
    _exit(0);
}
END
$CC -O1 -fno-builtin -w -pthread work.c -o work-program || exit 99

task() {
    "$@" "$work/work-program"
}
examined abrupt
finish
