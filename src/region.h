/*
 * region.h - a region: memory handed out and taken back, its index and its
 * list kept in step.
 *
 * A region is two mappings: the memory, all of it the program's, and the
 * index mapping, which holds this structure and the index (index.h) between
 * guard pages. The list lies in the memory (list.h).
 *
 *     memory          [ object | node, free ...     | object | node, free ... ]
 *     index   [guard] [ struct mem_region | small | large | segments ] [guard]
 *
 * Nothing here takes the lock or checks arguments: that is mem.c's.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_REGION_H
#define MEM_REGION_H

#include <stdbool.h>
#include <stddef.h>

#include "index.h"
#include "list.h"
#include "lock.h"

struct mem_region {
    char *base; /* granule 0 */
    struct mem_index index;
    struct mem_lock lock;
};

/* Maps a region of so many bytes, rounded up to whole pages; bytes is at most INT_MAX.
 * NULL when the system refuses. O(1). */
struct mem_region *mem_region_create(size_t bytes);

/* The bytes of the region. */
static inline size_t mem_region_bytes(const struct mem_region *region) {
    return mem_granule_bytes(region->index.map.granules);
}

/* The head of the free list, or NULL. O(1). */
MemNodePtr mem_region_list(const struct mem_region *region);

/* A free chunk as the index knows it, and whether its node says the same. */
struct mem_chunk {
    mem_granule g;
    mem_granule granules;
    bool intact;
};

/* Finds the first chunk at granule g or after it; false when there is none.
 * O(log n). */
bool mem_region_chunk_from(struct mem_region *region, mem_granule g, struct mem_chunk *chunk);

/* Replaces a chunk by the next one; false when it was the last. O(1). */
bool mem_region_chunk_next(const struct mem_region *region, struct mem_chunk *chunk);

#endif
