/*
 * fork.h - what fork() waits for, so that a child finds all regions whole.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_FORK_H
#define MEM_FORK_H

#include <stdbool.h>

#include "thread.h"

/* How many calls of fork() the thread is in the middle of. */
extern MEM_THREAD_LOCAL unsigned mem_fork_depth;

/* Registers the handlers unless they are; false when the system refuses. */
bool mem_fork_handle(void);

/* The gate: held over fork(), while a lock enters or leaves the list of those that fork()
 * takes, and while the default region is made. Entering returns whether the gate was taken, for
 * mem_fork_leave: the thread that forks has it already. Who has it does not wait for the
 * lock of a region. */
bool mem_fork_enter(void);
void mem_fork_leave(bool taken);

#endif
