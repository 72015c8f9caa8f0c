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
#include "region/ordered.h"
#include "region/region.h"
#include "system/names.h"
#include "system/public.h"

/* Takes an object of so many granules from the low end of the chunk at g, which is large enough.
 * mem_alloc_at() updates the order, if there is one; the caller of mem_alloc_take() has to do so.
 * The caller has counted the request. O(log n). */
void *mem_alloc_at(struct Mem_Region *region, mem_granule g, mem_granule granules);
void *mem_alloc_take(struct Mem_Region *region, mem_granule g, mem_granule granules);

/* Counts a request for which there is no space; returns NULL, with m_error set. */
void *mem_alloc_refuse(struct Mem_Region *region);

/* The ways that an allocation can take in a region without an order: from the current chunk; by
 * first fit, of at most MEM_SMALL_MAX granules; of any size and style. The last of them begins the
 * order when the style is best fit. */
void *mem_alloc_from_current(struct Mem_Region *region, mem_granule granules);
void *mem_alloc_first_fit(struct Mem_Region *region, mem_granule granules);
void *mem_alloc_otherwise(struct Mem_Region *region, mem_granule granules, int style);

/* The way that serves any size, style and region, always by a search. */
void *mem_alloc_by_search(struct Mem_Region *region, mem_granule granules, int style);

/* More bytes than any region has. Larger requests are replaced by it, so that sums cannot overflow.
 */
#define MEM_ALLOC_MAX (MEM_REGION_MAX + 1)
static_assert(MEM_GRANULES_MAX < MEM_NO_GRANULE - MEM_SMALL_MAX,
              "a granule more than any region has, and those of a small chunk, make no overflow");

/* The most bytes of a small object, whose first fit the index finds by a byte. */
#define MEM_ALLOC_SMALL ((size_t)MEM_SMALL_MAX << MEM_GRANULE_SHIFT)

/* Allocates granules, 1 to MEM_SMALL_MAX, by first fit, in a region that is not ordered. NULL and
 * m_error when no chunk is large enough. O(log n). */
static inline void *mem_alloc_small(struct Mem_Region *region, mem_granule granules) {
    region->counts.requests++;
    if (mem_index_current_is_first_fit(&region->index, granules))
        return mem_alloc_from_current(region, granules);
    return mem_alloc_first_fit(region, granules);
}

/* Allocates bytes, 1 to MEM_ALLOC_MAX, by a style of mem.h, in a region that is not ordered. NULL
 * and m_error when no chunk is large enough. O(log n); the first best fit takes O(log n) for each
 * chunk, and the region is ordered from then on. Where it cannot be, O(n) for each best fit. */
static inline void *mem_alloc(struct Mem_Region *region, size_t bytes, int style) {
    if (style == FIRSTFIT && bytes <= MEM_ALLOC_SMALL)
        return mem_alloc_small(region, mem_granule_count(bytes));
    region->counts.requests++;
    return mem_alloc_otherwise(region, mem_granule_count(bytes), style);
}

/* The same in any region. */
static inline void *mem_alloc_any(struct Mem_Region *region, size_t bytes, int style) {
    if (!mem_region_is_ordered(region))
        return mem_alloc(region, bytes, style);
    mem_granule granules = mem_granule_count(bytes);
    region->counts.requests++;
    if (style == BESTFIT)
        return mem_ordered_best_fit(region, granules);
    return mem_alloc_by_search(region, granules, style);
}

#endif
