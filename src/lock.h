/*
 * lock.h - the lock of a region, free of cost while the process has one thread.
 *
 * Where libc tells that no second thread was ever started, taking the lock is
 * one test of a byte. A thread that runs alone cannot be joined by another in
 * the middle of a call, so the answer holds until the call ends; it is carried
 * to the release all the same.
 *
 * A thread that forks holds every lock from before the fork to after it (fork.h).
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
#include <stdatomic.h>
#include <stdbool.h>

#include "fork.h"

struct mem_lock {
    struct mem_fork_link link; /* first: see there */
    pthread_mutex_t mutex;
};

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

/* Makes a lock, which is placed when it lies in memory of the program's. */
void mem_lock_init(struct mem_lock *lock, bool placed);

/* Ends a lock that nobody else uses, and that the caller does not hold. */
void mem_lock_end(struct mem_lock *lock);

static inline bool mem_lock_is_listed(const struct mem_lock *lock) {
    return atomic_load_explicit(&lock->link.listed, memory_order_acquire);
}

/* Takes a lock that another thread has, or that is not listed yet. */
void mem_lock_take_slowly(struct mem_lock *lock);

/* Takes a lock that is needed, unless it is the thread's already, and returns whether it did, for
 * mem_lock_drop. The first to take it lists it for fork(). Until then no call can have it when
 * another thread forks; and a placed region that a process with one thread forgets leaves nothing
 * behind. */
static inline bool mem_lock_take_needed(struct mem_lock *lock) {
    if (mem_fork_depth > 0)
        return false;
    if (!mem_lock_is_listed(lock) || pthread_mutex_trylock(&lock->mutex) != 0)
        mem_lock_take_slowly(lock);
    return true;
}

/* The same if it is needed. */
static inline bool mem_lock_take(struct mem_lock *lock) {
    return mem_lock_is_needed() && mem_lock_take_needed(lock);
}

static inline void mem_lock_drop(struct mem_lock *lock, bool taken) {
    if (taken)
        pthread_mutex_unlock(&lock->mutex);
}

#endif
