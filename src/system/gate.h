/*
 * gate.h - the one lock of the process, beside those of its regions.
 *
 * A thread holds it across fork(), while it changes the registry, creates the default region,
 * registers the handlers of fork(), or calls LeakSanitizer. So no two threads do any of these at
 * once, and fork() finds none half done. fork() alone waits for the lock of a region while it holds
 * the gate; nothing waits for the gate with a region's lock in hand.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_GATE_H
#define MEM_GATE_H

#include <stdbool.h>

#include "system/names.h"
#include "system/thread.h"

/* How many calls of fork() the thread is in the middle of: it then owns the gate and the locks of
 * all regions. */
extern MEM_THREAD_LOCAL unsigned mem_gate_forks;

/* Passes the gate, unless the thread is inside already, because it forks or because it has come
 * through before. Returns whether it passed, for mem_gate_leave. */
bool mem_gate_enter(void);
void mem_gate_leave(bool entered);

/* The gate itself, for the handlers of fork(). */
void mem_gate_take(void);
void mem_gate_drop(void);

#endif
