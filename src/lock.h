/*
 * lock.h - the lock of a region, free of cost while the process has one thread.
 *
 * Where libc tells that no second thread was ever started, taking the lock is
 * one test of a byte. A thread that runs alone cannot be joined by another in
 * the middle of a call, so the answer holds until the call ends; it is carried
 * to the release all the same.
 *
 * A thread that forks holds every lock from before the fork to after it (default.c).
 * What it calls in between, in other handlers of pthread_atfork, finds the locks its
 * own and takes none.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_LOCK_H
#define MEM_LOCK_H

#include "config.h"

#include <pthread.h>
#include <stdbool.h>

#include "thread.h"

struct mem_lock {
    pthread_mutex_t mutex;
};

/* How many calls of fork() the thread is in the middle of. */
extern MEM_THREAD_LOCAL unsigned mem_lock_forks;

#ifdef HAVE_SINGLE_THREADED
#include <sys/single_threaded.h>
static inline bool mem_lock_is_needed(void) {
    return !__libc_single_threaded;
}
#else
static inline bool mem_lock_is_needed(void) {
    return true;
}
#endif

static inline void mem_lock_init(struct mem_lock *lock) {
    pthread_mutex_init(&lock->mutex, NULL);
}

/* Takes the lock after some waiting. */
void mem_lock_wait(struct mem_lock *lock);

/* Takes the lock if it is needed and not the thread's already, and returns whether it was, for
 * mem_lock_drop. */
static inline bool mem_lock_take(struct mem_lock *lock) {
    bool needed = mem_lock_is_needed() && mem_lock_forks == 0;
    if (needed && pthread_mutex_trylock(&lock->mutex) != 0)
        mem_lock_wait(lock);
    return needed;
}

static inline void mem_lock_drop(struct mem_lock *lock, bool taken) {
    if (taken)
        pthread_mutex_unlock(&lock->mutex);
}

/* Around fork(), the lock is taken whether it seems needed or not. */
static inline void mem_lock_hold(struct mem_lock *lock) {
    pthread_mutex_lock(&lock->mutex);
}

static inline void mem_lock_release(struct mem_lock *lock) {
    pthread_mutex_unlock(&lock->mutex);
}

#endif
