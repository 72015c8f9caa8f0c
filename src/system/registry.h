/*
 * registry.h - the regions of the process, by address: what fork() and Mem_RegionDestroy need to
 * know of them, in memory of the library's own.
 *
 * Of a region there is one entry. It holds the lock, and says where the region lies:
 *
 *     first            objects                                   end
 *     | structure, index | objects and chunks ................... |      placed
 *     | structure, index |                                               mapped: objects == end
 *
 * (A mapped region has its objects in a mapping of their own, which is nobody else's.)
 *
 * Placed regions may be nested: one lies among the objects of another. Otherwise no two overlap:
 * placing a region over others that were never destroyed removes them from the registry.
 *
 * Whoever calls a function of this file has passed the gate.
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

/* Entries are apart by the lines of a cache, so that threads in different regions do not slow each
 * other down. */
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

/* Whether the region was placed, and its entry came from the registry. */
static inline bool mem_registry_is_placed(const struct mem_entry *entry) {
    return entry->objects < entry->end;
}

/* Adds a mapped region, for which the caller has the memory of an entry, too, and forgets those
 * that the program had placed there before it unmapped their memory. O(log r) for r regions, as
 * what follows, on average; and O(1) for each region around it, and for each that is forgotten. */
void mem_registry_add_mapped(struct mem_entry *entry, uintptr_t first, uintptr_t end);

/* Adds a placed region, and forgets those whose place it takes. NULL when the system has no memory
 * for an entry; then nothing has changed. */
struct mem_entry *mem_registry_add_placed(uintptr_t first, uintptr_t objects, uintptr_t end);

/* Takes the region at that address off and returns its entry, or NULL when there is none. The
 * entry is the caller's, who puts it back or frees it. */
struct mem_entry *mem_registry_remove(uintptr_t first);
void mem_registry_put_back(struct mem_entry *entry);
void mem_registry_free(struct mem_entry *entry);

/* Removes all regions that start in [first, end), and recycles the entries of the placed ones. */
void mem_registry_forget(uintptr_t first, uintptr_t end);

/* Calls the function with the lock of each region. */
void mem_registry_each_lock(void (*function)(struct mem_lock *lock));

#endif
