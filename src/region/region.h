/*
 * region.h - a region: memory handed out and taken back, its index and its
 * list kept in step.
 *
 * A region that is mapped is two mappings: the memory, all of it the program's, and the
 * index mapping, which holds this structure and the index (index.h) between
 * guard pages. One that is placed has both in the caller's memory, one behind the other. The
 * list lies in the memory (list.h).
 *
 *     memory          [ object | node, free ...     | object | node, free ... ]
 *     index   [guard] [ struct Mem_Region | small | large | segments ] [guard]
 *
 *     placed  [ struct Mem_Region | small | large | segments | object | node, free ... ]
 *
 * Nothing here takes the lock or checks arguments: that is for the public calls.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_REGION_H
#define MEM_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/index.h"
#include "region/counts.h"
#include "region/list.h"
#include "system/lock.h"
#include "system/names.h"
#include "system/public.h"

/* The most bytes of a region: INT_MAX, rounded up to pages. */
#define MEM_REGION_MAX ((size_t)MEM_GRANULES_MAX << MEM_GRANULE_SHIFT)

struct Mem_Region {
    char *base; /* granule 0 */
    struct mem_index index;
    struct mem_counts counts;
    struct mem_lock *lock; /* in the registry: not in memory of the program's */
    size_t index_bytes;    /* of the memory that holds this and the index */
    bool mapped;           /* by the library, and not placed in the caller's memory */
    bool watched;          /* by a tool that has to be told of changes (watch.h) */
};

/* The bytes of the region. */
static inline size_t mem_region_bytes(const struct Mem_Region *region) {
    return mem_granule_bytes(region->index.map.granules);
}

/* The address of a granule. */
static inline void *mem_region_address(const struct Mem_Region *region, size_t g) {
    return region->base + (g << MEM_GRANULE_SHIFT);
}

/* The granule at which an object starts at that address, or MEM_NO_GRANULE. The
 * rotation makes a misaligned or a foreign address too large for the one comparison. */
static inline mem_granule mem_region_object(const struct Mem_Region *region, const void *pointer) {
    const struct mem_map *map = &region->index.map;
    uintptr_t offset = (uintptr_t)pointer - (uintptr_t)region->base;
    uintptr_t g = offset >> MEM_GRANULE_SHIFT | offset << (sizeof offset * 8 - MEM_GRANULE_SHIFT);
    if (g >= map->granules || !mem_map_is_object(map, (mem_granule)g))
        return MEM_NO_GRANULE;
    return (mem_granule)g;
}

/* The bytes of the object that starts at g. */
static inline size_t mem_region_object_bytes(const struct Mem_Region *region, mem_granule g) {
    return mem_granule_bytes(mem_map_end(&region->index.map, g) - g);
}

/* A block as it is now. */
struct mem_block {
    mem_granule g;
    mem_granule end;
    bool live;
};

/* Finds the first block that starts at *position or above, and moves *position to where it starts.
 * A position inside a large block may take several calls to get to the next: false means that this
 * one has come nearer. At the end of the region, the block is an empty one. O(1) where a block
 * starts at the position. */
bool mem_region_block_from(const struct Mem_Region *region, mem_granule *position,
                           struct mem_block *block);

/* The head of the free list, or NULL. O(1). */
MemNodePtr mem_region_list(const struct Mem_Region *region);

/* A free chunk as the index knows it, and whether its node says the same. */
struct mem_chunk {
    void *address;
    mem_granule g;
    mem_granule granules;
    bool intact;
};

/* Finds the first chunk at granule g or after it; false when there is none.
 * O(log n). */
bool mem_region_chunk_from(struct Mem_Region *region, mem_granule g, struct mem_chunk *chunk);

/* Replaces a chunk by the next one; false when it was the last. O(1). */
bool mem_region_chunk_next(const struct Mem_Region *region, struct mem_chunk *chunk);

#endif
