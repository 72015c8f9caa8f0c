/*
 * lock.c - how to wait for the lock of a region.
 *
 * Two wishes pull apart. Calls are short, so the lock is soon free; but each time that it goes
 * from one processor to another, so do the lines of the cache that hold the index, and that takes
 * longer than several calls. Throughput wants the owner to do many calls in a row. A thread that
 * calls rarely wants its turn.
 *
 * So a thread that finds the lock taken backs off, twice as long each time, and competes after each
 * pause. If that fails, it becomes a waiter: it counts itself in the lock's word, and from then on
 * only waiters may take the lock: the next release hands over. (Go's sync.Mutex turns from "normal"
 * to "starvation" mode likewise.) A waiter spins briefly, since calls are short, then sleeps, in
 * case the owner was preempted. Each release wakes one sleeper.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/lock.h"

#include "system/os.h"

/* In pauses of the processor, 30 to 140 cycles each; a call takes some 100. With these, two threads
 * that do nothing but call the library, each with its objects, got 0.88 of the throughput of one
 * that takes the lock (median of fifteen runs, from 0.62 to 1.03); a thread that calls rarely,
 * beside three that never rest on two processors, waited 173 us at most in 99 of 100 calls (151 us
 * in glibc's malloc behind a plain mutex; medians of seven). In seven runs on one occasion it was
 * 0.94 and 171 us, with a LAST_STAY of 128 0.82 and 58 us, of 1024 0.85 and 246 us. (Experiments
 * "threads" and "polite" of bench/.) */
enum { FIRST_STAY = 32, LAST_STAY = 512, LOOKS = 64 };

/* Tells the processor that this is a loop which waits. */
#if defined(__x86_64__) || defined(__i386__)
static void relax(void) {
    __builtin_ia32_pause();
}
#elif defined(__aarch64__)
static void relax(void) {
    __asm__ volatile("yield");
}
#else
static void relax(void) {
}
#endif

static void stay_away(unsigned wait) {
    /* Volatile, so that the loop is there where relax() is empty. */
    for (volatile unsigned i = 0; i < wait; i++)
        relax();
}

static bool is_taken(unsigned state) {
    return (state & MEM_LOCK_OWNED) != 0;
}

/* Takes a lock that is free and that no waiter has a right to. */
static bool compete(struct mem_lock *lock) {
    unsigned state = MEM_LOCK_FREE;
    return atomic_load_explicit(&lock->state, memory_order_relaxed) == MEM_LOCK_FREE &&
           atomic_compare_exchange_strong_explicit(&lock->state, &state, MEM_LOCK_OWNED,
                                                   memory_order_acquire, memory_order_relaxed);
}

/* A waiter's attempt to take the lock: in one step it becomes the owner and leaves the count, which
 * includes it, so nothing underflows. */
static bool claim(struct mem_lock *lock, unsigned *state) {
    *state = atomic_load_explicit(&lock->state, memory_order_relaxed);
    return !is_taken(*state) && atomic_compare_exchange_strong_explicit(
                                    &lock->state, state, *state - MEM_LOCK_WAITER + MEM_LOCK_OWNED,
                                    memory_order_acquire, memory_order_relaxed);
}

void mem_lock_wait(struct mem_lock *lock) {
    for (unsigned stay = FIRST_STAY; stay <= LAST_STAY; stay *= 2) {
        stay_away(stay);
        if (compete(lock))
            return;
    }
    unsigned state;
    atomic_fetch_add_explicit(&lock->state, MEM_LOCK_WAITER, memory_order_relaxed);
    for (unsigned look = 0; look < LOOKS; look++) {
        if (claim(lock, &state))
            return;
        relax();
    }
    while (!claim(lock, &state))
        if (is_taken(state))
            mem_os_wait(&lock->state, state);
}

void mem_lock_wake(struct mem_lock *lock) {
    mem_os_wake(&lock->state);
}
