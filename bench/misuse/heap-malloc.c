/*
 * heap-malloc.c - the malloc of the process: that of the C library, or one that was loaded before
 * it (LD_PRELOAD).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "heap.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef __GLIBC__
#include <gnu/libc-version.h>
static const char *libc_name(void) {
    static char text[64];
    snprintf(text, sizeof text, "glibc %s", gnu_get_libc_version());
    return text;
}
#else
static const char *libc_name(void) {
    return "libc";
}
#endif

/* All allocators that have links in free chunks have them at the start. */
const size_t heap_link_at = 0;

/* dlsym returns a pointer to an object; POSIX lets it be one to a function. */
static bool find(void *function, const char *name) {
    void *found = dlsym(RTLD_DEFAULT, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

/* The hash of a commit follows the version. */
static void name_jemalloc(char *text, size_t size,
                          int (*control)(const char *, void *, size_t *, void *, size_t)) {
    const char *version = "";
    size_t bytes = sizeof version;
    control("version", &version, &bytes, NULL, 0);
    snprintf(text, size, "jemalloc %.*s", (int)strcspn(version, "-"), version);
}

static void name_mimalloc(char *text, size_t size, int version) {
    snprintf(text, size, "mimalloc %d.%d.%d", version / 100, version / 10 % 10, version % 10);
}

/* Each allocator is known by a function that it alone has. */
const char *heap_name(void) {
    static char text[64];
    int (*control)(const char *, void *, size_t *, void *, size_t);
    int (*mimalloc)(void);
    const char *(*tcmalloc)(int *, int *, const char **);
    void (*scudo)(void);
    if (find(&control, "mallctl"))
        name_jemalloc(text, sizeof text, control);
    else if (find(&mimalloc, "mi_version"))
        name_mimalloc(text, sizeof text, mimalloc());
    else if (find(&tcmalloc, "tc_version"))
        snprintf(text, sizeof text, "tcmalloc (%s)", tcmalloc(NULL, NULL, NULL));
    else if (find(&scudo, "__scudo_print_stats"))
        snprintf(text, sizeof text, "scudo");
    else
        return libc_name();
    return text;
}

bool heap_start(void) {
    return true;
}

void *heap_allocate(size_t bytes) {
    return malloc(bytes);
}

void *heap_allocate_array(size_t count, size_t bytes) {
    return calloc(count, bytes);
}

void *heap_resize(void *object, size_t bytes) {
    return realloc(object, bytes);
}

bool heap_release(void *object) {
    free(object);
    return true;
}

size_t heap_size(const void *object) {
    return malloc_usable_size((void *)object);
}

void *heap_foreign(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED ? memory : NULL;
}

bool heap_agrees(void) {
    return true;
}
