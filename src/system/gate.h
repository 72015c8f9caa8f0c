/*
 * gate.h - the one lock of the process, beside those of its regions.
 *
 * A thread holds it across fork(), while it changes the registry, creates the default region,
 * registers the fork handlers, or calls LeakSanitizer. So no two threads do any of these at once,
 * and fork() finds none half done.
 *
 * Lock order: the gate, then the locks of regions. fork() alone takes a region's lock while it
 * holds the gate; no thread waits for the gate while it holds a region's lock.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_GATE_H
#define MEM_GATE_H

#include <stdbool.h>

#include "system/names.h"
#include "system/thread.h"

/* How many calls of fork(), nested in fork handlers, the thread is in. If any, it owns the gate and
 * the locks of all regions. */
extern MEM_THREAD_LOCAL unsigned mem_gate_forks;

/* Takes the gate, unless the thread holds it already, by fork() or by an earlier mem_gate_enter.
 * Returns whether it took the gate, for mem_gate_leave. */
bool mem_gate_enter(void);
void mem_gate_leave(bool entered);

/* Take and drop the gate unconditionally, for the fork handlers. */
void mem_gate_take(void);
void mem_gate_drop(void);

#endif
