/*
 * alloc.h - allocation from a region.
 *
 * The head of it is inline, so that Mem_Alloc goes from its own checks straight to the way
 * that the allocation takes: eight instructions less than with a function between.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_ALLOC_H
#define MEM_ALLOC_H

#include "index/take.h"
#include "region/region.h"
#include "system/names.h"
#include "system/public.h"

/* Takes an object of so many granules from the low end of the chunk at g, which is large enough.
 * The caller has counted the request. O(log n). */
void *mem_alloc_at(struct Mem_Region *region, mem_granule g, mem_granule granules);

/* Counts a request for which there is no space; returns NULL, with m_error set. */
void *mem_alloc_refuse(struct Mem_Region *region);

/* The ways that an allocation can take: from the current chunk; by first fit, of at most
 * MEM_SMALL_MAX granules; of any size and style. */
void *mem_alloc_from_current(struct Mem_Region *region, mem_granule granules);
void *mem_alloc_first_fit(struct Mem_Region *region, mem_granule granules);
void *mem_alloc_otherwise(struct Mem_Region *region, mem_granule granules, int style);

/* More bytes than any region has. Larger requests are replaced by it, so that sums cannot overflow.
 */
#define MEM_ALLOC_MAX (MEM_REGION_MAX + 1)
static_assert(MEM_GRANULES_MAX < MEM_NO_GRANULE - MEM_SMALL_MAX,
              "a granule more than any region has, and those of a small chunk, make no overflow");

/* Allocates bytes, 1 to MEM_ALLOC_MAX, by a style of mem.h. NULL and m_error when no chunk is
 * large enough. O(log n), or what mem_index_best_fit says. */
static inline void *mem_alloc(struct Mem_Region *region, size_t bytes, int style) {
    mem_granule granules = mem_granule_count(bytes);
    region->counts.requests++;
    if (style != FIRSTFIT || granules > MEM_SMALL_MAX)
        return mem_alloc_otherwise(region, granules, style);
    if (mem_index_current_is_first_fit(&region->index, granules))
        return mem_alloc_from_current(region, granules);
    return mem_alloc_first_fit(region, granules);
}

#endif
