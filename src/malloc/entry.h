/*
 * entry.h - the entry of this image (log.h) in the log.
 *
 * Without a log, the entry is memory of the module's own: so the rare events are counted the same
 * way, for malloc_stats.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_ENTRY_H
#define MEM_MALLOC_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "malloc/log.h"

/* Never NULL. */
extern __attribute__((visibility("hidden"))) struct mem_process *mem_entry;

/* Opens the log of that path, and takes an entry there. False if the path is NULL, or cannot be
 * used: then no call need be watched. True also when there is no room for an entry. The path need
 * not last. Allocates nothing. Once in an image that exec() began. */
bool mem_entry_begin(struct Mem_Region *region, enum mem_limit limit, const char *path);

/* Has fork() give the child an entry. libc may allocate for it. */
void mem_entry_handle_fork(void);

/* Begins each call that is watched: in the child of a fork(), takes an entry. May change errno. */
void mem_entry_settle(struct Mem_Region *region);

/* Ends it: writes the region's figures into the entry. O(1). */
void mem_entry_update(struct Mem_Region *region);

/* Tells how far an object reaches. */
void mem_entry_reach(const void *end);

/* Counts one event in a member of the entry, after mem_entry_settle: the entry that a process finds
 * after fork() is its parent's. */
static inline void mem_entry_count(uint64_t *member) {
    __atomic_fetch_add(member, 1, __ATOMIC_RELAXED);
}

#endif
