/*
 * lock.c - the lock of a region, and how to wait for it.
 *
 * Calls are short, so the lock is soon free. But each time that it goes from one processor to
 * another, so do the lines of the cache that hold the index, and that takes longer than
 * several calls. So a thread that finds the lock taken stays away for a while, twice as long
 * each time, and lets the owner do many calls in a row; in the end it sleeps, as on any
 * mutex, in case that the owner does not run.
 *
 * Two threads that do nothing but call the library, each with its objects, got 0.74 of the
 * throughput of one that way, and 0.47 with the mutex alone (both in one run of `make bench`,
 * "churn"; two processors).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "lock.h"

void mem_lock_init(struct mem_lock *lock, bool placed) {
    lock->link = (struct mem_fork_link){.placed = placed};
    pthread_mutex_init(&lock->mutex, NULL);
}

void mem_lock_end(struct mem_lock *lock) {
    mem_fork_unlist(lock);
    pthread_mutex_destroy(&lock->mutex);
}

enum { FIRST_WAIT = 64, LAST_WAIT = 4096 };

/* Tells the processor that this is a loop which waits. */
static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void stay_away(unsigned wait) {
    /* Volatile, so that the loop is there where relax() is empty. */
    for (volatile unsigned i = 0; i < wait; i++)
        relax();
}

static void wait_for(pthread_mutex_t *mutex) {
    for (unsigned wait = FIRST_WAIT; wait <= LAST_WAIT; wait *= 2) {
        stay_away(wait);
        if (pthread_mutex_trylock(mutex) == 0)
            return;
    }
    pthread_mutex_lock(mutex);
}

void mem_lock_take_slowly(struct mem_lock *lock) {
    if (!mem_lock_is_listed(lock)) {
        mem_fork_list(lock);
        if (pthread_mutex_trylock(&lock->mutex) == 0)
            return;
    }
    wait_for(&lock->mutex);
}
