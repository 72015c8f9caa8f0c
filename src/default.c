/*
 * default.c - the default region, its creation and fork().
 *
 * A child of fork() has one thread, the one that forked. If another thread was
 * in the middle of a call just then, the child would inherit a lock that nobody
 * drops and an index half changed. So fork() waits for all locks, and drops them
 * on both sides. Handlers of others that run in between may call the library:
 * the locks are their thread's (lock.h), and the index is whole.
 *
 * The handlers are registered when the library is loaded, before the program's own
 * constructors, or by a Mem_Init that comes still earlier. glibc keeps the first 48
 * handlers of a process without allocating; a process that has registered more
 * before it opens this library has malloc called once, by glibc.
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

MEM_THREAD_LOCAL unsigned mem_lock_forks;

/* Written once, in the hands of who holds `creation`. */
static bool fork_is_handled;

/* The region whose lock a fork() holds, made before it or by a handler in between. */
static struct mem_region *held;

/* A handler that forks itself comes here again, with the locks in hand. */
static void before_fork(void) {
    if (mem_lock_forks++ > 0)
        return;
    pthread_mutex_lock(&creation);
    held = mem_default();
    if (held != NULL)
        mem_lock_hold(&held->lock);
}

/* A fork() in whose middle the handlers were registered has taken no locks. */
static void after_fork(void) {
    if (mem_lock_forks == 0 || --mem_lock_forks > 0)
        return;
    if (held != NULL)
        mem_lock_release(&held->lock);
    pthread_mutex_unlock(&creation);
}

static bool handle_fork(void) {
    if (!fork_is_handled)
        fork_is_handled = pthread_atfork(before_fork, after_fork, after_fork) == 0;
    return fork_is_handled;
}

static bool create_once(size_t bytes) {
    if (mem_default() != NULL || !handle_fork())
        return false;
    struct mem_region *region = mem_region_create(bytes);
    if (region != NULL && mem_lock_forks > 0) {
        /* In a handler of fork(): other threads have to wait for the fork's end, as if
         * the region had been there at its start. */
        mem_lock_hold(&region->lock);
        held = region;
    }
    atomic_store_explicit(&mem_default_pointer, region, memory_order_release);
    return region != NULL;
}

bool mem_default_create(size_t bytes) {
    if (mem_lock_forks > 0)
        return create_once(bytes); /* in a handler of fork(), which holds `creation` */
    pthread_mutex_lock(&creation);
    bool created = create_once(bytes);
    pthread_mutex_unlock(&creation);
    return created;
}

/* 101: before the constructors that give no priority, those of a program among them. */
__attribute__((constructor(101))) static void handle_fork_early(void) {
    pthread_mutex_lock(&creation);
    handle_fork();
    pthread_mutex_unlock(&creation);
}
