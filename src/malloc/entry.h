/*
 * entry.h - the entry of this image (figures.h) in the file of figures.
 *
 * Without a file, the entry is memory of the module's own: so the rare events are counted the same
 * way, for malloc_stats, and what each call pays is one branch.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_ENTRY_H
#define MEM_MALLOC_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "malloc/figures.h"

/* Never NULL. */
extern __attribute__((visibility("hidden"))) struct mem_process *mem_entry;

/* Whether it is in a file, where the figures are to be kept up to date. */
extern __attribute__((visibility("hidden"))) bool mem_entry_is_shown;

/* Takes an entry in the file of that path, or none if that is NULL or cannot be used. The path need
 * not last. Once in an image that exec() began. */
void mem_entry_begin(struct Mem_Region *region, enum mem_limit limit, const char *path);

/* Writes the region's figures into the entry; in the child of a fork(), takes an entry first.
 * Leaves errno alone. O(1). */
void mem_entry_update(struct Mem_Region *region);

/* The same, for a call that returns an object of so many bytes: returns it. */
void *mem_entry_update_for(struct Mem_Region *region, void *object, size_t size);

/* Ends each call that changed the region. */
static inline void mem_entry_show(struct Mem_Region *region) {
    if (__builtin_expect(mem_entry_is_shown, false))
        mem_entry_update(region);
}

/* Ends each call that returns an object of so many bytes, and returns it. (A tail call: on the
 * usual way, nothing is kept on the stack.) */
static inline void *mem_entry_show_object(struct Mem_Region *region, void *object, size_t size) {
    if (__builtin_expect(mem_entry_is_shown, false))
        return mem_entry_update_for(region, object, size);
    return object;
}

/* Counts one event in a member of the entry, after mem_entry_show: the entry that a process finds
 * after fork() is its parent's. */
static inline void mem_entry_count(uint64_t *member) {
    __atomic_fetch_add(member, 1, __ATOMIC_RELAXED);
}

#endif
