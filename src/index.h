/*
 * index.h - the free chunks of a region, by size and by address.
 *
 * Searches are exact: a first fit is the lowest-addressed chunk that is large
 * enough, a worst fit the largest, a best fit the smallest that is large enough,
 * and among equals each takes the lowest-addressed.
 *
 * Where chunks start the map tells (map.h); the index keeps their sizes, in
 * two arrays with maxima over them (maxima.h), so that its own size is fixed:
 *
 * - small: for each segment, the size of the largest chunk that starts in it, in
 *   a byte. A chunk of 255 granules or more counts as 255.
 * - large: for each stretch of 256 granules, the size of the chunk of 256 granules or
 *   more that starts in it, or 0. There is one at most: the next chunk starts
 *   where it ends, and that is in another stretch.
 *
 * A request of up to 255 granules is searched in the first array, a larger
 * one in the second. That is the first-fit tree of Brent (Efficient
 * implementation of the first-fit strategy for dynamic storage allocation,
 * ACM TOPLAS 11(3), 1989), sixteen children to a node, with bytes for the sizes
 * that programs mostly ask for.
 *
 * Sizes are in granules. Chunks are added and removed one at a time, and
 * invariant 3 of the map (no two chunks touch) is the caller's to keep: of two chunks
 * that an object between them will join, the second is removed before the object's bit
 * is cleared.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_INDEX_H
#define MEM_INDEX_H

#include <stddef.h>

#include "map.h"
#include "maxima.h"

/* The largest size that the byte of a segment tells from larger ones. */
#define MEM_SMALL_MAX UINT32_C(255)

#define MEM_STRETCH_SHIFT 8
#define MEM_STRETCH_GRANULES (UINT32_C(1) << MEM_STRETCH_SHIFT)
static_assert(MEM_SMALL_MAX < MEM_STRETCH_GRANULES, "a stretch holds one large chunk at most");

struct mem_index {
    struct mem_map map; /* what starts where: the caller may ask it */
    struct mem_maxima small;
    struct mem_maxima large;
};

/* The segments, and the stretches, in which a chunk can start. */
static inline uint32_t mem_index_segments(mem_granule granules) {
    return (granules + MEM_SEGMENT_GRANULES - 1) >> MEM_SEGMENT_SHIFT;
}

static inline uint32_t mem_index_stretches(mem_granule granules) {
    return (granules + MEM_STRETCH_GRANULES - 1) >> MEM_STRETCH_SHIFT;
}

/* The bytes of memory that the index of so many granules needs. */
size_t mem_index_bytes(mem_granule granules);

/* Makes an index with no chunk in it: memory is zeroed, aligned to
 * MEM_INDEX_ALIGNMENT, and mem_index_bytes(granules) long. O(1). */
#define MEM_INDEX_ALIGNMENT 64
void mem_index_init(struct mem_index *index, void *memory, mem_granule granules);

/* The chunk that the policy names among those of at least size granules, size > 0,
 * or MEM_NO_GRANULE when there is none. O(log n); best fit visits at most every
 * segment that has a chunk large enough. */
mem_granule mem_index_first_fit(const struct mem_index *index, mem_granule size);
mem_granule mem_index_worst_fit(const struct mem_index *index, mem_granule size);
mem_granule mem_index_best_fit(const struct mem_index *index, mem_granule size);

/* The first chunk that starts at g or after it, or MEM_NO_GRANULE. O(log n). */
mem_granule mem_index_chunk_from(const struct mem_index *index, mem_granule g);

/* Adds a chunk. O(log n). */
void mem_index_add(struct mem_index *index, mem_granule g, mem_granule size);

/* Removes a chunk of that size. O(log n). */
void mem_index_remove(struct mem_index *index, mem_granule g, mem_granule size);

/* Makes a chunk longer, to that size. O(log n). */
void mem_index_grow(struct mem_index *index, mem_granule g, mem_granule size);

/* Cuts the chunk from g to end in two and keeps what lies from cut on. O(log n). */
void mem_index_cut(struct mem_index *index, mem_granule g, mem_granule cut, mem_granule end);

/* Makes the chunk from g to end start at start, lower. O(log n). */
void mem_index_extend(struct mem_index *index, mem_granule start, mem_granule g, mem_granule end);

#endif
