/*
 * races.h - what Valgrind's Helgrind and DRD are told, so that they see no data race where the lock
 * of a region orders two accesses. By themselves they know only the locks of libc.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_RACES_H
#define MEM_RACES_H

#include <stdbool.h>
#include <stddef.h>

#include "system/lock.h"
#include "system/names.h"

/* Whether one of the two runs this process. */
bool mem_races_are_sought(void);

/* made: the lock is new, perhaps at the address of an earlier one. taken: the thread has taken it.
 * dropping: the thread is about to drop it. */
void mem_races_made(struct mem_lock *lock);
void mem_races_taken(struct mem_lock *lock);
void mem_races_dropping(struct mem_lock *lock);

/* Makes Helgrind check the memory: it ignores what was first mapped without access. */
void mem_races_watch(const void *memory, size_t bytes);

/* Suppresses reports about the variable, whose accesses are atomic. */
void mem_races_allow(const int *variable);

#endif
