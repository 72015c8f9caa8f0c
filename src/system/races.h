/*
 * races.h - what Valgrind's Helgrind and DRD are told, so that they see no data race where the
 * lock of a region orders two accesses: they know the locks of libc, and no others.
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

/* A lock came to be, which nobody has, perhaps where another was; the thread has taken it; it is
 * about to drop it. */
void mem_races_made(struct mem_lock *lock);
void mem_races_taken(struct mem_lock *lock);
void mem_races_dropping(struct mem_lock *lock);

/* The memory is to be watched: Helgrind leaves out what was mapped without access at first. */
void mem_races_watch(const void *memory, size_t bytes);

/* The variable is atomic, and no race. */
void mem_races_allow(const int *variable);

#endif
