/*
 * fork.h - what fork() waits for, so that a child finds all regions whole.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_FORK_H
#define MEM_FORK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "thread.h"

struct mem_lock;

/* What a lock has to be listed among those that fork() takes. It stands first in the lock: what
 * overwrites the memory of a placed region that was forgotten mostly does so upwards, and so
 * spoils the seal before the mutex. */
struct mem_fork_link {
    uintptr_t seal; /* of its address and what follows: so it is known when it was overwritten */
    struct mem_lock *previous; /* all three are changed by who has the gate */
    struct mem_lock *next;
    uintptr_t order; /* counts the listings: the newest lock has the highest */
    atomic_bool listed;
    bool placed; /* in memory of the program's */
};

/* How many calls of fork() the thread is in the middle of. */
extern MEM_THREAD_LOCAL unsigned mem_fork_depth;

/* Registers the handlers unless they are; false when the system refuses. */
bool mem_fork_handle(void);

/* The gate: held over fork(), while a lock enters or leaves the list of those that fork()
 * takes, and while the default region is made. Entering returns whether the gate was taken, for
 * mem_fork_leave: the thread may have it already, for one because it forks. Who has it does not
 * wait for the lock of a region. */
bool mem_fork_enter(void);
void mem_fork_leave(bool taken);

/* Adds the lock to those that fork() takes, and takes it off again; either may be so already. */
void mem_fork_list(struct mem_lock *lock);
void mem_fork_unlist(struct mem_lock *lock);

/* Memory is to become a lock: takes the one off the list that may have been there, never ended. */
void mem_fork_forget(struct mem_lock *lock);

#endif
