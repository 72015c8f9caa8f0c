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
 *     parent     drop each lock        who waits is woken
 *                drop the gate
 *     child      reset each lock       who waited does not exist here
 *                drop the gate
 *
 * The handlers of others that run in between may call the library: the locks are their thread's
 * (lock.h), and the indexes are whole. The locks are those of the registry, which lies in the
 * library's own memory: fork() does not look at a placed region.
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

#include "system/fork.h"

#include <pthread.h>
#include <stdatomic.h>

#include "system/gate.h"
#include "system/lock.h"
#include "system/registry.h"

/* A fork handler may fork, too: then this runs again in a thread that owns all the locks. */
static void before_fork(void) {
    if (mem_gate_forks++ > 0)
        return;
    mem_gate_take();
    mem_registry_each_lock(mem_lock_acquire);
}

/* A fork() in whose middle the handlers were registered has taken no locks. */
static void after_fork_in_parent(void) {
    if (mem_gate_forks == 0 || --mem_gate_forks > 0)
        return;
    mem_registry_each_lock(mem_lock_release);
    mem_gate_drop();
}

/* The child of a handler that forked is in the middle of the outer fork, and keeps the locks. */
static void after_fork_in_child(void) {
    if (mem_gate_forks == 0)
        return;
    mem_gate_forks--;
    mem_registry_each_lock(mem_gate_forks > 0 ? mem_lock_reset_owned : mem_lock_reset);
    if (mem_gate_forks == 0)
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
