/*
 * fork.c - fork(): all locks are taken before it and dropped after it.
 *
 * A child of fork() has one thread, the one that forked. If another thread was
 * in the middle of a call just then, the child would inherit a lock that nobody
 * drops and an index half changed. So fork() waits for all locks, and drops them
 * on both sides. Handlers of others that run in between may call the library:
 * the locks are their thread's (lock.h), and the indexes are whole.
 *
 * A lock is listed by the first thread that takes it. A thread that comes while another
 * forks, with a lock that is not listed yet, waits at the gate.
 *
 * Locks in memory of the program's have a list of their own. A program that forgets to destroy a
 * placed region, and uses its memory for something else, spoils that list and no other. Each
 * link has a seal, and the list ends before the first that is broken. The newest lock comes
 * first, and the list ends before one that is newer again: so it does end, whatever has become
 * a lock where one was forgotten.
 *
 * The handlers are registered when the library is loaded, before the program's own
 * constructors, or by a call that makes a region still earlier. glibc keeps the first 48
 * handlers of a process without allocating; a process that has registered more
 * before it opens this library has malloc called once, by glibc.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "fork.h"

#include <pthread.h>

#include "lock.h"

MEM_THREAD_LOCAL unsigned mem_fork_depth;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

/* All are changed by who has the gate. */
static struct mem_lock *mapped_locks;
static struct mem_lock *placed_locks;
static uintptr_t listings;
static atomic_bool is_handled;

/* Whether the thread has it other than by a fork. */
static MEM_THREAD_LOCAL bool gate_is_mine;

bool mem_fork_enter(void) {
    if (mem_fork_depth > 0 || gate_is_mine)
        return false;
    pthread_mutex_lock(&gate);
    gate_is_mine = true;
    return true;
}

void mem_fork_leave(bool taken) {
    if (!taken)
        return;
    gate_is_mine = false;
    pthread_mutex_unlock(&gate);
}

/* ---- The lists ---- */

static uintptr_t seal_of(const struct mem_lock *lock) {
    return ~((uintptr_t)lock ^ (uintptr_t)lock->link.previous ^ (uintptr_t)lock->link.next ^
             lock->link.order);
}

static void set_previous(struct mem_lock *lock, struct mem_lock *previous) {
    lock->link.previous = previous;
    lock->link.seal = seal_of(lock);
}

static void set_next(struct mem_lock *lock, struct mem_lock *next) {
    lock->link.next = next;
    lock->link.seal = seal_of(lock);
}

/* The lock, or NULL when its seal is broken: what came after it is lost as well. */
static struct mem_lock *intact(struct mem_lock *lock) {
    return lock != NULL && lock->link.seal == seal_of(lock) ? lock : NULL;
}

/* The lock after one that is intact. */
static struct mem_lock *after(const struct mem_lock *lock) {
    struct mem_lock *next = intact(lock->link.next);
    return next != NULL && next->link.order < lock->link.order ? next : NULL;
}

static struct mem_lock **list_for(const struct mem_lock *lock) {
    return lock->link.placed ? &placed_locks : &mapped_locks;
}

/* Of threads that come at once, one lists it. */
void mem_fork_list(struct mem_lock *lock) {
    bool taken = mem_fork_enter();
    if (!atomic_load_explicit(&lock->link.listed, memory_order_relaxed)) {
        struct mem_lock **list = list_for(lock);
        struct mem_lock *next = intact(*list);
        lock->link.order = ++listings;
        set_previous(lock, NULL);
        set_next(lock, next);
        if (next != NULL)
            set_previous(next, lock);
        *list = lock;
        atomic_store_explicit(&lock->link.listed, true, memory_order_release);
    }
    mem_fork_leave(taken);
}

/* A lock that came after a broken seal is on the list no more. */
static void take_off(struct mem_lock *lock) {
    struct mem_lock *previous = intact(lock->link.previous);
    struct mem_lock *next = intact(lock->link.next);
    if (next != NULL && next->link.previous == lock)
        set_previous(next, previous);
    if (previous != NULL && previous->link.next == lock)
        set_next(previous, next);
    if (*list_for(lock) == lock)
        *list_for(lock) = next;
}

/* A handler of fork() may take off a lock, which it holds, as all that are listed. */
void mem_fork_unlist(struct mem_lock *lock) {
    bool taken = mem_fork_enter();
    if (atomic_load_explicit(&lock->link.listed, memory_order_relaxed)) {
        take_off(lock);
        if (mem_fork_depth > 0)
            pthread_mutex_unlock(&lock->mutex);
    }
    lock->link.seal = 0;
    mem_fork_leave(taken);
}

void mem_fork_forget(struct mem_lock *lock) {
    bool taken = mem_fork_enter();
    if (intact(lock) != NULL)
        take_off(lock);
    mem_fork_leave(taken);
}

/* ---- The handlers ---- */

static void take_all(struct mem_lock *first) {
    for (struct mem_lock *lock = intact(first); lock != NULL; lock = after(lock))
        pthread_mutex_lock(&lock->mutex);
}

static void drop_all(struct mem_lock *first) {
    for (struct mem_lock *lock = intact(first); lock != NULL; lock = after(lock))
        pthread_mutex_unlock(&lock->mutex);
}

/* A handler that forks itself comes here again, with the locks in hand. */
static void before_fork(void) {
    if (mem_fork_depth++ > 0)
        return;
    pthread_mutex_lock(&gate);
    take_all(mapped_locks);
    take_all(placed_locks);
}

/* A fork() in whose middle the handlers were registered has taken no locks. */
static void after_fork(void) {
    if (mem_fork_depth == 0 || --mem_fork_depth > 0)
        return;
    drop_all(placed_locks);
    drop_all(mapped_locks);
    pthread_mutex_unlock(&gate);
}

static bool handle(void) {
    bool taken = mem_fork_enter();
    if (!is_handled)
        is_handled = pthread_atfork(before_fork, after_fork, after_fork) == 0;
    mem_fork_leave(taken);
    return is_handled;
}

bool mem_fork_handle(void) {
    return is_handled || handle();
}

/* 101: before the constructors that give no priority, those of a program among them. */
__attribute__((constructor(101))) static void handle_early(void) {
    (void)handle();
}
