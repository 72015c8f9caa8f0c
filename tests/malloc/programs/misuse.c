/*
 * misuse.c - gives free a pointer that it must not get, and goes on.
 *
 *     misuse WHICH
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *of_libc(void) {
    void *libc = dlopen("libc.so.6", RTLD_NOLOAD | RTLD_NOW);
    void *(*own)(size_t) = (void *(*)(size_t))dlsym(libc, "malloc");
    return own(100);
}

int main(int argc, char **argv) {
    const char *which = argc > 1 ? argv[1] : "";
    char *volatile object = malloc(40);
    if (strcmp(which, "twice") == 0) {
        free(object);
        free(object);
    } else if (strcmp(which, "inside") == 0) {
        free(object + 19);
    } else if (strcmp(which, "resize") == 0) {
        printf("%p\n", realloc(object + 16, 100));
    } else if (strcmp(which, "foreign") == 0) {
        free(of_libc());
    } else {
        return 2;
    }
    puts("went on");
    return 0;
}
