/*
 * lock.h - the lock of a region, nearly free while the process has one thread.
 *
 * Where libc tells that the process has one thread, taking the lock is one test of a byte.
 * While that thread is in a call, it cannot start another, so the answer holds until the call ends.
 * Even so, the release does not ask again: it is told whether the lock was taken.
 *
 * The lock is one word: bit 0 says that a thread owns it, and the bits above count the waiters,
 * threads that have backed off in vain. While there are waiters, who comes anew leaves them a
 * moment to take the lock (lock.c).
 *
 * A thread that forks owns every lock from before the fork to after it (fork.c), and one that keeps
 * a lock owns it for several calls. Calls of the library in between find the locks owned, and take
 * none.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_LOCK_H
#define MEM_LOCK_H

#include "config.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "system/names.h"
#include "system/thread.h"

struct mem_lock {
    atomic_uint state;
};

enum { MEM_LOCK_FREE = 0, MEM_LOCK_OWNED = 1, MEM_LOCK_WAITER = 2 };

/* Whether libc tells when the process has one thread. */
#ifdef HAVE_SINGLE_THREADED
#include <sys/single_threaded.h>
enum { MEM_LOCK_IS_TOLD = true };
static inline bool mem_lock_is_needed(void) {
    return !__libc_single_threaded;
}
#else
enum { MEM_LOCK_IS_TOLD = false };
static inline bool mem_lock_is_needed(void) {
    return true;
}
#endif

/* Makes a lock that nobody owns, whatever it was before. */
static inline void mem_lock_reset(struct mem_lock *lock) {
    atomic_store_explicit(&lock->state, MEM_LOCK_FREE, memory_order_relaxed);
}

/* Makes a lock that the calling thread owns. */
static inline void mem_lock_reset_owned(struct mem_lock *lock) {
    atomic_store_explicit(&lock->state, MEM_LOCK_OWNED, memory_order_relaxed);
}

/* Slow paths: wait for a lock that is taken, and take it; wake a waiter after a release. */
void mem_lock_wait(struct mem_lock *lock);
void mem_lock_wake(struct mem_lock *lock);

/* Takes the lock if nobody owns it or waits for it; returns whether it did. */
static inline bool mem_lock_try(struct mem_lock *lock) {
    unsigned state = MEM_LOCK_FREE;
    return atomic_compare_exchange_strong_explicit(&lock->state, &state, MEM_LOCK_OWNED,
                                                   memory_order_acquire, memory_order_relaxed);
}

/* Takes the lock, which the thread must not own. */
static inline void mem_lock_acquire(struct mem_lock *lock) {
    if (!mem_lock_try(lock))
        mem_lock_wait(lock);
}

static inline void mem_lock_release(struct mem_lock *lock) {
    if (atomic_fetch_sub_explicit(&lock->state, MEM_LOCK_OWNED, memory_order_release) !=
        MEM_LOCK_OWNED)
        mem_lock_wake(lock);
}

/* How many reasons the thread has to take no lock: the fork()s, nested in fork handlers, that it is
 * in, and mem_lock_keep(). If any, it owns every lock that it may come to. */
extern MEM_THREAD_LOCAL unsigned mem_lock_kept;

/* Takes the lock, unless the thread owns it already. Returns whether it took it, for mem_lock_drop.
 */
static inline bool mem_lock_take_needed(struct mem_lock *lock) {
    if (mem_lock_kept > 0)
        return false;
    mem_lock_acquire(lock);
    return true;
}

/* The same, but does nothing in a process with one thread. */
static inline bool mem_lock_take(struct mem_lock *lock) {
    return mem_lock_is_needed() && mem_lock_take_needed(lock);
}

static inline void mem_lock_drop(struct mem_lock *lock, bool taken) {
    if (taken)
        mem_lock_release(lock);
}

/* Takes the lock for several calls of the library on its region, by this thread; they must come to
 * no other region. Returns whether it took it, for mem_lock_keep_no_more. */
static inline bool mem_lock_keep(struct mem_lock *lock) {
    bool taken = mem_lock_take(lock);
    mem_lock_kept += taken;
    return taken;
}

static inline void mem_lock_keep_no_more(struct mem_lock *lock, bool taken) {
    mem_lock_kept -= taken;
    mem_lock_drop(lock, taken);
}

#endif
