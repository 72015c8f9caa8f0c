/*
 * default.c - the default region, its creation and fork().
 *
 * A child of fork() has one thread, the one that forked. If another thread was
 * in the middle of a call just then, the child would inherit a lock that nobody
 * drops and an index half changed. So fork() waits for all locks, and drops them
 * on both sides. The handlers are registered when the library is loaded, before
 * any thread can race with it; glibc keeps the first 48 of a process without
 * allocating.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "default.h"

#include <pthread.h>

_Atomic(struct mem_region *) mem_default_pointer;

/* Held while the region is created, and over fork(). */
static pthread_mutex_t creation = PTHREAD_MUTEX_INITIALIZER;

/* Whether fork() is safe: without that, no region is made. */
static bool fork_is_handled;

static void before_fork(void) {
    pthread_mutex_lock(&creation);
    struct mem_region *region = mem_default();
    if (region != NULL)
        mem_lock_hold(&region->lock);
}

static void after_fork(void) {
    struct mem_region *region = mem_default();
    if (region != NULL)
        mem_lock_release(&region->lock);
    pthread_mutex_unlock(&creation);
}

__attribute__((constructor)) static void handle_fork(void) {
    fork_is_handled = pthread_atfork(before_fork, after_fork, after_fork) == 0;
}

static bool create_once(size_t bytes) {
    if (!fork_is_handled || mem_default() != NULL)
        return false;
    struct mem_region *region = mem_region_create(bytes);
    atomic_store_explicit(&mem_default_pointer, region, memory_order_release);
    return region != NULL;
}

bool mem_default_create(size_t bytes) {
    pthread_mutex_lock(&creation);
    bool created = create_once(bytes);
    pthread_mutex_unlock(&creation);
    return created;
}
