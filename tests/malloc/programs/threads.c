/*
 * threads.c - a program of several threads that exits with 0 if it finds what it expects.
 *
 *     threads HOW
 *
 * The region has 16 MiB; for `fork`, 2 MiB.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "not so: %s\n", what);
        _exit(1);
    }
}

static void *forever(void *none) {
    for (;;)
        pause();
    return none;
}

static void second_thread(void) {
    pthread_t thread;
    must(pthread_create(&thread, NULL, forever, NULL) == 0, "a thread is started");
}

/* First fit puts a small object into the first hole, however it came about. */
static int is_exact(void) {
    char *objects[4];
    for (int i = 0; i < 4; i++)
        objects[i] = malloc(100);
    free(objects[2]);
    free(objects[1]);
    char *small = malloc(16), *large = malloc(200);
    int exact = small == objects[1] && large == small + 16;
    free(small);
    free(large);
    free(objects[0]);
    free(objects[3]);
    return exact;
}

/* Many objects, in holes of the last. */
static void fill_caches(void) {
    enum { MANY = 150000 };
    static void *objects[MANY];
    int count = 0;
    while (count < MANY && (objects[count] = malloc(100)) != NULL)
        count++;
    must(count < MANY, "the region gets full");
    while (count > 0)
        free(objects[--count]);
}

static void *fill_in_thread(void *none) {
    fill_caches();
    return none;
}

static pthread_key_t key;

static void end_data(void *object) {
    for (int i = 0; i < 100; i++)
        free(malloc(i));
    free(object);
}

static void *with_data(void *none) {
    pthread_setspecific(key, malloc(100));
    return none;
}

static void many_ends(void) {
    pthread_t threads[200];
    pthread_key_create(&key, end_data);
    for (int i = 0; i < 200; i++)
        must(pthread_create(&threads[i], NULL, with_data, NULL) == 0, "a thread is started");
    for (int i = 0; i < 200; i++)
        pthread_join(threads[i], NULL);
}

static void *churn(void *none) {
    for (;;)
        free(malloc(100));
    return none;
}

static void forks(void) {
    pthread_t thread;
    for (int i = 0; i < 2; i++)
        pthread_create(&thread, NULL, churn, NULL);
    for (int i = 0; i < 50; i++) {
        int status = -1;
        pid_t child = fork();
        if (child == 0) {
            fill_caches();
            _exit(malloc(1 << 20) == NULL);
        }
        must(waitpid(child, &status, 0) == child && status == 0, "a child has all of its heap");
    }
}

/* Twelve MiB of objects that are freed, in caches and beside them; then something large. */
static void *after_caches(const char *how) {
    char *small = malloc(16);
    second_thread();
    fill_caches();
    if (strcmp(how, "large") == 0)
        return malloc(15 << 20);
    if (strcmp(how, "aligned") == 0)
        return aligned_alloc(1 << 20, 13 << 20);
    return realloc(small, 15 << 20);
}

static void usable(void) {
    second_thread();
    char *object = malloc(100);
    must(malloc_usable_size(object) == 112, "as many granules as are needed");
    object = realloc(object, 112);
    must(malloc_usable_size(object) == 112, "a resize within them");
    object = realloc(object, 113);
    must(malloc_usable_size(object) == 128, "a resize");
    memset(object, 1, 128);
    free(object);
    must(malloc_usable_size(object) == 0, "no object any more");
}

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "";
    pthread_t thread;
    if (strcmp(how, "alone") == 0) {
        must(is_exact(), "first fit");
    } else if (strcmp(how, "exact") == 0) {
        second_thread();
        must(is_exact(), "first fit");
    } else if (strcmp(how, "ended") == 0) {
        pthread_create(&thread, NULL, fill_in_thread, NULL);
        pthread_join(thread, NULL);
        must(malloc(15 << 20) != NULL, "all is there");
    } else if (strcmp(how, "usable") == 0) {
        usable();
    } else if (strcmp(how, "ending") == 0) {
        many_ends();
        must(malloc(15 << 20) != NULL, "all is there");
    } else if (strcmp(how, "fork") == 0) {
        forks();
    } else if (strcmp(how, "twice") == 0) {
        second_thread();
        void *volatile object = malloc(100);
        free(object);
        free(object);
    } else if (strcmp(how, "inside") == 0) {
        second_thread();
        char *volatile object = malloc(100);
        free(object + 16);
    } else {
        must(after_caches(how) != NULL, "there is room");
    }
    return 0;
}
