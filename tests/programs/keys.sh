#!/bin/sh
# keys.sh - a program has 64 keys of thread-specific data, whose destructors allocate and free: libc
# allocates for keys from 32 on, and the last calls of a thread come after its destructors.
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

enum { KEYS = 64, THREADS = 16 };
static pthread_key_t keys[KEYS];
static int destroyed;

static void *must(void *object) {
    if (object == NULL)
        exit(3);
    return object;
}

static void destroy(void *value) {
    free(value);
    free(must(malloc(100)));
    __atomic_fetch_add(&destroyed, 1, __ATOMIC_RELAXED);
}

static void *work(void *argument) {
    for (int i = 0; i < KEYS; i++)
        if (pthread_setspecific(keys[i], must(strdup("a value of some length"))) != 0)
            exit(4);
    return argument;
}

int main(void) {
    pthread_t threads[THREADS];
    for (int i = 0; i < KEYS; i++)
        if (pthread_key_create(&keys[i], destroy) != 0)
            return 5;
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < THREADS; i++)
            if (pthread_create(&threads[i], NULL, work, NULL) != 0)
                return 6;
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
    }
    printf("%d\n", destroyed);
}
END
$CC -O1 -fno-builtin -pthread work.c -o work-program || exit 99

task() {
    "$@" "$work/work-program"
}
examined keys
finish
