/*
 * registry.h - the regions of the process, by address: what fork() and Mem_RegionDestroy need to
 * know of them, in memory of the library's own.
 *
 * Each region has one entry, which holds its lock and its addresses:
 *
 *     first            objects                                   end
 *     | structure, index | objects and chunks ................... |      placed
 *     | structure, index |                                               mapped: objects == end
 *
 * (The objects of a mapped region have a mapping of their own, which the entry does not record.)
 *
 * Placed regions may be nested: one lies among the objects of another. Otherwise no two overlap:
 * placing a region over others that were never destroyed removes them from the registry.
 *
 * All functions here are called with the gate held (gate.h).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_REGISTRY_H
#define MEM_REGISTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "system/lock.h"
#include "system/names.h"

/* An entry has a cache line to itself, so that threads in different regions do not slow each other
 * down. */
#define MEM_ENTRY_ALIGNMENT 64

struct mem_entry {
    _Alignas(MEM_ENTRY_ALIGNMENT) struct mem_lock lock;
    uintptr_t first; /* the address of the region */
    uintptr_t objects;
    uintptr_t end;
    uintptr_t reach;         /* the highest end in the subtree */
    struct mem_entry *below; /* the subtrees of lower and of higher addresses */
    struct mem_entry *above;
};

/* The entry at which the tree of all begins, or NULL; a debugger begins there, too (mem_debug.h).
 */
extern __attribute__((visibility("hidden"))) struct mem_entry *mem_registry_root;

/* Whether the region was placed; its entry is then in the registry's own memory. */
static inline bool mem_registry_is_placed(const struct mem_entry *entry) {
    return entry->objects < entry->end;
}

/* Adds a mapped region in an entry of the caller's. Forgets regions that the program had placed
 * there before it unmapped their memory. With r regions, adding and removing cost O(log r) on
 * average, and O(1) for each region around the new one and each that is forgotten. */
void mem_registry_add_mapped(struct mem_entry *entry, uintptr_t first, uintptr_t end);

/* Adds a placed region, and forgets those whose place it takes. NULL when the system has no memory
 * for an entry; then nothing has changed. */
struct mem_entry *mem_registry_add_placed(uintptr_t first, uintptr_t objects, uintptr_t end);

/* Removes the region at that address. Returns its entry, or NULL when there is none; the caller
 * then puts the entry back, or, if the region was placed, frees it. */
struct mem_entry *mem_registry_remove(uintptr_t first);
void mem_registry_put_back(struct mem_entry *entry);
void mem_registry_free(struct mem_entry *entry);

/* Removes all regions that start in [first, end), and recycles the entries of the placed ones. */
void mem_registry_forget(uintptr_t first, uintptr_t end);

/* Calls the function with the lock of each region. */
void mem_registry_each_lock(void (*function)(struct mem_lock *lock));

#endif
