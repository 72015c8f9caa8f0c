/*
 * calls.c - the program that the samples here are recordings of: each kind of call, a resize that
 * moves and one to nothing, a request that is refused, and output in between.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <mcheck.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static void *volatile objects[8];

static void say(const char *text, size_t length) {
    if (write(2, text, length) != (ssize_t)length)
        _exit(1);
}

int main(void) {
    if (getenv("MALLOC_TRACE") != NULL)
        mtrace();
    objects[0] = malloc(100);
    objects[1] = calloc(3, 7);
    objects[0] = realloc(objects[0], 200);
    objects[2] = malloc(16);
    objects[0] = realloc(objects[0], 100000);
    objects[3] = aligned_alloc(64, 128);
    say("some output\n", 12);
    objects[4] = malloc(50);
    objects[4] = realloc(objects[4], 0);
    free(NULL);
    objects[5] = realloc(NULL, 33);
    free(objects[5]);
    objects[5] = malloc(SIZE_MAX / 4);
    objects[6] = malloc(0);
    free(objects[1]);
    free(objects[3]);
    free(objects[0]);
    objects[7] = malloc(77);
    say("more output\n", 12);
    return 0;
}
