/*
 * fork.c - fork(): all locks are taken before it, and given up after it.
 *
 * A child of fork() has one thread, the one that forked. If another thread was
 * in the middle of a call just then, the child would inherit a lock that nobody
 * drops and an index half changed. So fork() waits until it owns every lock:
 *
 *     prepare    take the gate         no region is made or ended any more
 *                take each lock        no call on a region is in progress
 *     fork()                           the child gets a copy of all this
 *     parent     drop each lock        waiters are woken
 *                drop the gate
 *     child      reset each lock       the waiters do not exist here
 *                drop the gate
 *
 * Other fork handlers that run in between may call the library: their thread owns the locks
 * (lock.h), and the indexes are whole. Each lock lies in an entry of the registry, which is the
 * library's own memory, so fork() never touches a placed region.
 *
 * The handlers are registered when the library is loaded, before the program's own constructors, or
 * by a call that makes a region still earlier. glibc stores the first 48 handlers of a process
 * without allocating; if the process has registered as many before it loads this library, glibc may
 * call malloc once.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/fork.h"

#include <pthread.h>
#include <stdatomic.h>

#include "system/gate.h"
#include "system/lock.h"
#include "system/registry.h"

/* A fork handler may fork, too: the thread then owns all the locks already. */
static void before_fork(void) {
    if (mem_gate_forks++ > 0)
        return;
    mem_gate_take();
    mem_registry_each_lock(mem_lock_acquire);
    mem_lock_kept++;
}

/* If the handlers were registered during a fork(), that fork() has taken no locks. */
static void after_fork_in_parent(void) {
    if (mem_gate_forks == 0 || --mem_gate_forks > 0)
        return;
    mem_lock_kept--;
    mem_registry_each_lock(mem_lock_release);
    mem_gate_drop();
}

/* In the child of a fork handler that forked, the outer fork is still in progress: it keeps the
 * locks. */
static void after_fork_in_child(void) {
    if (mem_gate_forks == 0)
        return;
    mem_gate_forks--;
    mem_registry_each_lock(mem_gate_forks > 0 ? mem_lock_reset_owned : mem_lock_reset);
    if (mem_gate_forks > 0)
        return;
    mem_lock_kept--;
    mem_gate_drop();
}

/* Written only by a thread that holds the gate. */
static atomic_bool is_handled;

static bool handle(void) {
    bool entered = mem_gate_enter();
    if (!is_handled)
        is_handled = pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) == 0;
    mem_gate_leave(entered);
    return is_handled;
}

bool mem_fork_handle(void) {
    return is_handled || handle();
}

/* 101: before the constructors that give no priority, those of a program among them. */
__attribute__((constructor(101))) static void handle_early(void) {
    (void)handle();
}
