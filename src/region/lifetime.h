/*
 * lifetime.h - creating and ending regions.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_LIFETIME_H
#define MEM_LIFETIME_H

#include <stddef.h>

#include "region/region.h"
#include "system/names.h"

/* Maps a region of so many bytes, rounded up to whole pages; bytes is at most
 * MEM_REGION_REQUEST_MAX. NULL when the system refuses. O(1), but O(n) when a tool is told of the
 * memory. */
struct Mem_Region *mem_lifetime_map(size_t bytes);

/* The memory of a mapped region's index: `all` bytes from the region's structure on. If no object
 * has ever lain at `end` or above, only the first `reached` of them and the last page are in use.
 */
struct mem_index_memory {
    size_t all;
    size_t reached;
};

struct mem_index_memory mem_lifetime_index_memory(const struct Mem_Region *region, mem_granule end);

/* Where in a program's memory a region goes. */
struct mem_plan {
    struct Mem_Region *region;
    size_t index_bytes;
    mem_granule granules; /* 0: the memory is too little */
};

/* Plans the largest region that fits in memory, which need not be aligned; bytes is at most
 * MEM_REGION_REQUEST_MAX. O(log n). */
struct mem_plan mem_lifetime_plan(void *memory, size_t bytes);

/* Makes the planned region, whatever the memory holds. NULL when the system has no memory for its
 * entry in the registry. O(n). */
struct Mem_Region *mem_lifetime_place(struct mem_plan plan);

/* Ends a region that nobody uses any more, and unmaps it if it was mapped. Returns 0; E_BAD_ARGS
 * when it is no region of this library; or E_NO_MEMORY when the system refuses to unmap it, and the
 * region stays usable. O(log r) for r regions, but O(n) when memcheck is told of each object. */
int mem_lifetime_end(struct Mem_Region *region);

#endif
