/*
 * early.c - allocates where a program has not begun yet, or has ended: in the resolver of an
 * indirect function, in a constructor, in a thread's destructors, in exit handlers.
 *
 *     early WHEN
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile size_t size = 100;

static int use_heap(void) {
    char *object = malloc(size);
    char *other = calloc(3, size);
    if (object == NULL || other == NULL)
        return 1;
    memset(object, 1, size);
    other = realloc(other, 5 * size);
    free(object);
    free(other);
    return other == NULL;
}

static void need_heap(void) {
    if (use_heap() != 0)
        abort();
}

/* ---- Before main ---- */

__attribute__((constructor(101))) static void construct(void) {
    need_heap();
}

#ifdef WITH_IFUNC
static int one(void) {
    return 1;
}
static void *resolved;
static int (*resolve(void))(void) {
    resolved = malloc(10);
    return one;
}
int indirect(void) __attribute__((ifunc("resolve")));

/* What the resolver got must be the module's, and of the region that was asked for. */
static int resolver_was_served(void) {
    if (indirect() != 1 || resolved == NULL)
        return 1;
    free(resolved);
    return 0;
}
#else
static int resolver_was_served(void) {
    return 0;
}
#endif

/* ---- Threads that end ---- */

enum { KEYS = 64, ROUNDS = 3 };
static pthread_key_t keys[KEYS];

/* Allocates for itself again, so that the next round of destructors has something to do. */
static void destroy(void *value) {
    static __thread int calls;
    need_heap();
    free(value);
    if (++calls < KEYS * ROUNDS)
        pthread_setspecific(keys[calls % KEYS], malloc(size));
}

static void *set_all(void *unused) {
    for (int i = 0; i < KEYS; i++)
        pthread_setspecific(keys[i], malloc(size));
    return unused;
}

static int end_threads(void) {
    for (int i = 0; i < KEYS; i++)
        if (pthread_key_create(&keys[i], destroy) != 0)
            return 1;
    for (int i = 0; i < 50; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, set_all, NULL) != 0 || pthread_join(thread, NULL) != 0)
            return 1;
    }
    return 0;
}

/* ---- The end ---- */

static int end_program(void) {
    for (int i = 0; i < 100; i++)
        if (atexit(need_heap) != 0)
            return 1;
    return 0;
}

__attribute__((destructor(101))) static void destruct(void) {
    need_heap();
}

int main(int argc, char **argv) {
    const char *when = argc > 1 ? argv[1] : "";
    if (strcmp(when, "begin") == 0)
        return resolver_was_served();
    if (strcmp(when, "threads") == 0)
        return end_threads();
    if (strcmp(when, "exit") == 0)
        return end_program();
    if (strcmp(when, "_exit") == 0) {
        need_heap();
        _exit(0);
    }
    return 2;
}
