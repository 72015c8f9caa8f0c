/*
 * unit_lock.c - lock.h: one owner at a time; every waiter gets through; a lock at rest is free, in
 * a child of fork() too.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/lock.h"

#include "children.h"
#include "system/fork.h"
#include "system/registry.h"
#include "unit.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

enum { THREADS = 8 };

static struct mem_lock lock;

static unsigned state(void) {
    return atomic_load(&lock.state);
}

/* Counts without atomics, since the lock orders the accesses. Now and then the owner keeps the lock
 * for a moment, so that others sleep. */
static int count;

static void *count_up(void *unused) {
    for (int i = 0; i < rounds(20000); i++) {
        mem_lock_acquire(&lock);
        count++;
        if (i % 1000 == 0)
            usleep(200);
        mem_lock_release(&lock);
    }
    return unused;
}

START_TEST(test_all_threads_get_through_one_at_a_time_and_leave_the_lock_free) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        threads[i] = start_thread(count_up, NULL);
    for (int i = 0; i < THREADS; i++)
        join_thread(threads[i]);
    ck_assert_int_eq(count, THREADS * rounds(20000));
    ck_assert_uint_eq(state(), MEM_LOCK_FREE);
}
END_TEST

static atomic_bool had_it;
static int errno_after;

static void *take_once(void *unused) {
    errno = 4711;
    mem_lock_acquire(&lock);
    errno_after = errno;
    atomic_store(&had_it, true);
    mem_lock_release(&lock);
    return unused;
}

static void do_nothing(int signal_number) {
    (void)signal_number;
}

/* Owns the lock until another thread waits for it, and probably sleeps. A signal then interrupts
 * the sleep: the system call sets errno. */
static pthread_t own_until_awaited(void) {
    mem_lock_acquire(&lock);
    pthread_t thread = start_thread(take_once, NULL);
    while (state() < MEM_LOCK_WAITER)
        sched_yield();
    usleep(20000);
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = do_nothing}, NULL);
    pthread_kill(thread, SIGUSR1);
    usleep(20000);
    ck_assert(!atomic_load(&had_it));
    return thread;
}

/* Pretends that a thread waits, which never comes. A second one takes the free lock all the same,
 * and the first still counts. */
START_TEST(test_lock_that_is_awaited_is_taken_and_stays_awaited) {
    atomic_store(&lock.state, MEM_LOCK_WAITER);
    mem_lock_acquire(&lock);
    ck_assert_uint_eq(state(), MEM_LOCK_WAITER + MEM_LOCK_OWNED);
    mem_lock_release(&lock);
    ck_assert_uint_eq(state(), MEM_LOCK_WAITER);
}
END_TEST

START_TEST(test_waiting_leaves_errno_alone) {
    pthread_t waiter = own_until_awaited();
    errno = 4712;
    mem_lock_release(&lock);
    ck_assert_int_eq(errno, 4712);
    join_thread(waiter);
    ck_assert_int_eq(errno_after, 4711);
}
END_TEST

/* ---- fork() ---- */

static struct mem_entry entry;
static pid_t parent;

/* Pretends that a thread waits while the fork owns the lock. */
static void begin_to_wait(void) {
    ck_assert_uint_eq(atomic_fetch_add(&entry.lock.state, MEM_LOCK_WAITER), MEM_LOCK_OWNED);
}

static void stop_waiting(void) {
    if (getpid() == parent)
        atomic_fetch_sub(&entry.lock.state, MEM_LOCK_WAITER);
}

static enum trouble is_free(void) {
    return atomic_load(&entry.lock.state) == MEM_LOCK_FREE ? NONE : NOT_USABLE;
}

START_TEST(test_lock_that_others_waited_for_is_free_in_the_child) {
    parent = getpid();
    ck_assert(mem_fork_handle());
    mem_registry_add_mapped(&entry, 1000, 2000);
    set_early_handlers(begin_to_wait, stop_waiting);
    ck_assert_int_eq(in_child(is_free), NONE);
    ck_assert_int_eq(is_free(), NONE);
}
END_TEST

int main(void) {
    TCase *tests = new_case("lock");

    tcase_add_test(tests, test_all_threads_get_through_one_at_a_time_and_leave_the_lock_free);
    tcase_add_test(tests, test_lock_that_is_awaited_is_taken_and_stays_awaited);
    tcase_add_test(tests, test_waiting_leaves_errno_alone);
    if (EARLY)
        tcase_add_test(tests, test_lock_that_others_waited_for_is_free_in_the_child);
    return run_case(tests);
}
