/*
 * lock.c - how to wait for the lock of a region.
 *
 * Two goals conflict. Calls are short, so the lock is soon free. But whenever it moves to another
 * processor, the cache lines of the index move as well, which costs more than several calls.
 * Throughput wants the owner to do many calls in a row. A thread that calls rarely wants its turn.
 *
 * So a thread that finds the lock taken backs off, twice as long each time, and competes for the
 * lock after each pause. If it fails every time, it becomes a waiter: it counts itself in the
 * lock's word. From then on, whoever finds the lock free, but awaited, backs off as well, and the
 * waiter gets there first: it spins briefly, since calls are short. It sleeps then, in case the
 * owner was preempted. Each release wakes one sleeper.
 *
 * A waiter that sleeps, or has lost its processor, takes long to get there. Nothing is kept for it
 * meanwhile: who has backed off takes a free lock, awaited or not. (When it was kept for the
 * waiters, of eight threads on two processors most that waited backed off to the last, and then
 * found the lock free: it had been awaited by a thread that did not run.)
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/lock.h"

#include "system/os.h"

/* In pauses of the processor, of 30 to 140 cycles each; a call takes some 100 cycles. Measured with
 * the experiments of bench/, on two processors, medians of eleven runs in turns:
 * - "threads": two threads that do nothing but call the library, each with its own objects, got
 *   0.75 of the throughput of one thread that takes the lock (0.63 to 0.95).
 * - "polite": a thread that calls rarely, beside three that never rest, waited 99 us at most in 99
 *   of 100 calls, and 2.7 us in half of them (296 us and 5.2 us in glibc's malloc behind a plain
 *   mutex).
 * - By LAST_STAY, both figures: 128, 0.60 and 46 us; 1024, 0.83 and 619 us. By FIRST_STAY: 64,
 *   0.73 and 76 us; 128, 0.68 and 71 us. */
enum { FIRST_STAY = 32, LAST_STAY = 512, LOOKS = 64 };

/* Hints to the processor that this is a spin loop. */
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

MEM_THREAD_LOCAL unsigned mem_lock_kept;

static void stay_away(unsigned wait) {
    /* Volatile, so that the compiler keeps the loop where relax() is empty. */
    for (volatile unsigned i = 0; i < wait; i++)
        relax();
}

static bool is_taken(unsigned state) {
    return (state & MEM_LOCK_OWNED) != 0;
}

/* Takes the lock if it is free, even if there are waiters. */
static bool compete(struct mem_lock *lock) {
    unsigned state = atomic_load_explicit(&lock->state, memory_order_relaxed);
    return !is_taken(state) &&
           atomic_compare_exchange_strong_explicit(&lock->state, &state, state + MEM_LOCK_OWNED,
                                                   memory_order_acquire, memory_order_relaxed);
}

/* A waiter's attempt to take the lock: one step makes it the owner and removes it from the count of
 * waiters. */
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
