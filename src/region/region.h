/*
 * region.h - a region: memory handed out and taken back, its index and its
 * list kept in step.
 *
 * A mapped region has two mappings: the memory, which is the program's, and, between guard pages,
 * the registry's entry, this structure and the index (index.h). A placed region has this structure,
 * the index and the objects in the caller's memory, in that order; its entry is in the registry's
 * own memory. The list lies in the free chunks (list.h).
 *
 *     memory          [ object | node, free ...     | object | node, free ... ]
 *     index   [guard] [ entry | struct Mem_Region | small | large | segments | order ] [guard]
 *
 *     placed  [ struct Mem_Region | small | large | segments | object | node, free ... ]
 *
 * The memory of the order (order.h) is not touched before the first best fit. A placed region has
 * none.
 *
 * Nothing in this layer takes the lock or checks arguments: the public calls do.
 *
 * Invariants, whenever a function returns:
 * 1. Those of the index (map.h, index.c).
 * 2. The list holds exactly the index's chunks in address order, except for bytes that the
 *    program has overwritten.
 * 3. Those of the counts (counts.h).
 * 4. The region is plain if and only if it is neither watched nor ordered; once it is not, it never
 *    is again. If it is not plain, *shortcut is NULL, if there is a shortcut.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_REGION_H
#define MEM_REGION_H

#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/index.h"
#include "region/counts.h"
#include "system/lock.h"
#include "system/names.h"
#include "system/public.h"

/* The most bytes of a region, and the most that a program may ask for. They are the same, except
 * where a size_t has 32 bits: there, a request of up to INT_MAX is rounded up to pages. */
#define MEM_REGION_MAX ((size_t)MEM_GRANULES_MAX << MEM_GRANULE_SHIFT)
#define MEM_REGION_REQUEST_MAX (MEM_REGION_MAX > INT_MAX + (size_t)1 ? MEM_REGION_MAX : INT_MAX)
static_assert(MEM_REGION_MAX > INT_MAX, "Mem_Init takes any int");

/* The mark of an object that its program has freed, but that waits in a cache of a thread. */
#define MEM_REGION_CACHED 255

struct Mem_Region {
    char *base; /* granule 0 */
    struct mem_index index;
    struct mem_counts counts;
    struct mem_lock *lock; /* in the registry: not in memory of the program's */
    size_t index_bytes;    /* of the memory that holds this and the index */
    bool mapped;           /* by the library, and not placed in the caller's memory */
    bool watched;          /* by a tool that has to be told of changes (watch.h) */
    bool plain;            /* the short ways of mem.c may serve it */
    _Atomic(struct Mem_Region *) *shortcut; /* the variable by which they find it, or NULL */
    const void *marks; /* what the malloc module notes of objects, a byte for each granule, or NULL:
                        * for debuggers (mem_debug.h) */
};

/* Whether the index keeps an order of the chunks, which is to be told of each change. */
static inline bool mem_region_is_ordered(const struct Mem_Region *region) {
    return mem_index_is_ordered(&region->index);
}

/* The bytes of the region. */
static inline size_t mem_region_bytes(const struct Mem_Region *region) {
    return mem_granule_bytes(mem_index_granules(&region->index));
}

/* The address of a granule. */
static inline void *mem_region_address(const struct Mem_Region *region, size_t g) {
    return region->base + (g << MEM_GRANULE_SHIFT);
}

/* The granule of the object that starts at that address, or MEM_NO_GRANULE. The rotation turns a
 * misaligned offset into one that is too large, so one comparison rejects it along with foreign
 * addresses. */
static inline mem_granule mem_region_object(const struct Mem_Region *region, const void *pointer) {
    uintptr_t offset = (uintptr_t)pointer - (uintptr_t)region->base;
    uintptr_t g = offset >> MEM_GRANULE_SHIFT | offset << (sizeof offset * 8 - MEM_GRANULE_SHIFT);
    if (g >= mem_index_granules(&region->index) ||
        !mem_index_is_object(&region->index, (mem_granule)g))
        return MEM_NO_GRANULE;
    return (mem_granule)g;
}

/* The bytes of the object that starts at g. */
static inline size_t mem_region_object_bytes(const struct Mem_Region *region, mem_granule g) {
    return mem_granule_bytes(mem_index_end(&region->index, g) - g);
}

#endif
