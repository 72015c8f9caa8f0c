/*
 * index.h - the free chunks of a region, by size and by address.
 *
 * Searches are exact: a first fit is the lowest-addressed chunk that is large
 * enough, a worst fit the largest, a best fit the smallest that is large enough,
 * and among equals each takes the lowest-addressed.
 *
 * The map (map.h) tells where chunks start. Their sizes are in two arrays with trees of maxima over
 * them (maxima.h), whose own size is fixed:
 *
 * - small: for each segment, the size of the largest chunk that starts in it, in
 *   a byte. A chunk of 255 granules or more counts as 255.
 * - large: for each stretch of 256 granules, the size of the chunk of 256 granules or
 *   more that starts in it, or 0. There is at most one, since it ends in another stretch. The
 *   current chunk (below) is not in this array. A chunk that is the whole of the largest region is
 *   always current, so that all values are less than 2^31.
 *
 *     segment     0         1         2         3         4         5
 *     blocks      [obj][20)[ object ][  270 ................................)[ object
 *     small       20        255       0         0         0         0
 *     stretch     0                                       1
 *     large       270, or 0 if that chunk is current      0
 *
 * A request of up to 255 granules is searched in the first array, a larger
 * one in the second. That is the first-fit tree of Brent (Efficient
 * implementation of the first-fit strategy for dynamic storage allocation,
 * ACM TOPLAS 11(3), 1989), sixteen children to a node, with bytes for the sizes
 * that programs mostly ask for.
 *
 * Sizes are in granules.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_INDEX_H
#define MEM_INDEX_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "index/floors.h"
#include "index/map.h"
#include "index/maxima.h"
#include "index/order.h"
#include "system/names.h"

/* The largest size that the byte of a segment tells from larger ones. */
#define MEM_SMALL_MAX UINT32_C(255)

#define MEM_STRETCH_SHIFT 8
#define MEM_STRETCH_GRANULES (UINT32_C(1) << MEM_STRETCH_SHIFT)
static_assert(MEM_SMALL_MAX == UINT8_MAX, "`small` has a byte for each segment");
static_assert(MEM_SMALL_MAX >= MEM_SEGMENT_GRANULES, "a chunk within a segment is not large");
static_assert(MEM_SMALL_MAX < MEM_STRETCH_GRANULES, "a stretch holds one large chunk at most");
static_assert(MEM_STRETCH_SHIFT >= MEM_SEGMENT_SHIFT, "a stretch is whole segments");
static_assert(MEM_GRANULES_MAX - 1 <= INT32_MAX, "words of `large` are below 2^31 (lanes.h)");

/*
 * The current chunk: the large chunk that was split last, held here instead of in `large`. Most
 * allocations split it again, at its low end, and many frees give that end back. Because its size
 * is here, neither changes a tree: that saves some 150 of 316 instructions a call, on average of
 * the recorded programs.
 *
 * floor: no chunk before the current one has `floor` granules or more. So a request of at least
 * that much that fits the current chunk has its first fit there, and needs no search. It saves 22
 * instructions a call.
 */
struct mem_current {
    mem_granule start; /* MEM_NO_GRANULE, as end: no current chunk */
    mem_granule end;
    mem_granule floor; /* all chunks before it are smaller */
};

struct mem_index {
    struct mem_map map;
    struct mem_maxima small;
    struct mem_maxima large;
    struct mem_current current;
    struct mem_floors floors;
    mem_granule free; /* granules in chunks */
    /* begun - ended is the number of chunks, modulo 2^32; neither means anything alone. Most
     * changes count in one of them. */
    mem_granule begun;
    mem_granule ended;
    struct mem_order *order; /* of the chunks, for best fit; NULL until it is kept */
    void *order_memory;      /* where it would be; NULL: nowhere */
};

/* A floor that rules out nothing, and no current chunk. */
#define MEM_NO_FLOOR UINT32_MAX
#define MEM_NO_CURRENT ((struct mem_current){MEM_NO_GRANULE, MEM_NO_GRANULE, MEM_NO_FLOOR})

/* The node of `small` in which the byte of a segment lies. */
static inline uint32_t mem_index_node(uint32_t number) {
    return number >> MEM_LANES_SHIFT;
}

/* The stretch in which a granule lies. */
static inline uint32_t mem_index_stretch(mem_granule g) {
    return g >> MEM_STRETCH_SHIFT;
}

/* The segments, and the stretches, in which a chunk can start. */
static inline uint32_t mem_index_segments(mem_granule granules) {
    return (granules + MEM_SEGMENT_GRANULES - 1) >> MEM_SEGMENT_SHIFT;
}

static inline uint32_t mem_index_stretches(mem_granule granules) {
    return (granules + MEM_STRETCH_GRANULES - 1) >> MEM_STRETCH_SHIFT;
}

/* The bytes of memory that the index of so many granules needs. */
size_t mem_index_bytes(mem_granule granules);

/* How many bytes from its start on can be in use if no object has ever lain at `end` or above. Of
 * the bytes behind them, only the last are: they are about the end of the last chunk. */
size_t mem_index_bytes_below(mem_granule granules, mem_granule end);

/* Makes an index of one object. The memory must be zeroed, aligned to MEM_INDEX_ALIGNMENT, and
 * mem_index_bytes(granules) long. O(1). */
#define MEM_INDEX_ALIGNMENT 64
void mem_index_init(struct mem_index *index, void *memory, mem_granule granules);

/* The bytes of memory that an order of the chunks of so many granules needs. */
static inline size_t mem_index_order_bytes(mem_granule granules) {
    return mem_order_bytes(granules);
}

/* Lends the index memory in which it can keep an order, zeroed, aligned to MEM_ORDER_ALIGNMENT and
 * mem_index_order_bytes() long: it is not touched before that begins. */
static inline void mem_index_lend_order(struct mem_index *index, void *memory) {
    index->order_memory = memory;
}

/* Begins the order; from then on, the caller updates it after each change (order.h). False, with
 * nothing changed, if no memory was lent. There must be no order yet. O(c log n) for c chunks. */
bool mem_index_begin_order(struct mem_index *index);

static inline bool mem_index_is_ordered(const struct mem_index *index) {
    return index->order != NULL;
}

/* The chunk that the policy names among those of at least size granules, size > 0,
 * or MEM_NO_GRANULE when there is none. O(log n); best fit visits at most every
 * segment that has a chunk large enough. (Where an order is kept, take.h has another.) */
mem_granule mem_index_first_fit(const struct mem_index *index, mem_granule size);
mem_granule mem_index_worst_fit(const struct mem_index *index, mem_granule size);
mem_granule mem_index_best_fit(const struct mem_index *index, mem_granule size);

/* The first chunk of at least size granules, size > 0, that starts after g, where a chunk of at
 * least that size starts; MEM_NO_GRANULE when there is none. O(log n). */
mem_granule mem_index_fit_after(const struct mem_index *index, mem_granule g, mem_granule size);

/* The first chunk of at least size granules, more than MEM_SMALL_MAX, that ends behind g;
 * MEM_NO_GRANULE when there is none. O(log n). */
mem_granule mem_index_large_from(const struct mem_index *index, mem_granule g, mem_granule size);

/* The size of the largest chunk, 0 without one. O(1). */
mem_granule mem_index_largest(const struct mem_index *index);

/* Whether the current chunk is larger than all others. O(1). */
static inline bool mem_index_current_is_largest(const struct mem_index *index) {
    mem_granule size = index->current.end - index->current.start;
    return size > mem_maxima_largest(&index->large, MEM_WORDS);
}

/* The last segment of the chain at or before that of the number, or MEM_ANCHOR. O(log n). */
int32_t mem_index_chain_previous(const struct mem_index *index, int32_t number);

/* The first chunk that starts at g or after it, or MEM_NO_GRANULE. O(log n). */
mem_granule mem_index_chunk_from(const struct mem_index *index, mem_granule g);

/* The chunk after the one that starts at g, and the first of all, or MEM_NO_GRANULE. O(1). */
static inline mem_granule mem_index_chunk_after(const struct mem_index *index, mem_granule g) {
    return mem_map_chunk_after(&index->map, g);
}

static inline mem_granule mem_index_first_chunk(const struct mem_index *index) {
    return mem_map_chunk_beyond(&index->map, MEM_ANCHOR);
}

/* The last chunk of all, or MEM_NO_GRANULE. O(1). */
static inline mem_granule mem_index_last_chunk(const struct mem_index *index) {
    return mem_map_last_chunk(&index->map, index->map.segment[MEM_ANCHOR].previous);
}

/* Where the idle memory of the index about a granule g of the chunk [start, end) begins; of its
 * end, where that about the chunk ends. It tells nothing, and may become zero. NULL where there is
 * none. O(1). */
static inline char *mem_index_idle(const struct mem_index *index, mem_granule start,
                                   mem_granule end, mem_granule g) {
    return mem_map_idle(&index->map, start, end, g);
}

/* The number of chunks, the granules in them, and the granules of the region. */

static inline mem_granule mem_index_chunks(const struct mem_index *index) {
    return index->begun - index->ended;
}

static inline mem_granule mem_index_free(const struct mem_index *index) {
    return index->free;
}

static inline mem_granule mem_index_granules(const struct mem_index *index) {
    return index->map.granules;
}

/* Where a block lies. */
struct mem_span {
    mem_granule start;
    mem_granule end;
    bool live;
};

/* Finds the first block that starts at *position or above, and moves *position to its start. In the
 * midst of a very large block one call may not reach the block's end: then it moves *position ahead
 * and returns false; call it again. At the end of the region, the span is empty. O(1) where a block
 * starts at the position. */
bool mem_index_block_from(const struct mem_index *index, mem_granule *position,
                          struct mem_span *span);

/* Whether an object, or a chunk, starts at g; and where the block that starts at g ends. O(1). */
static inline bool mem_index_is_object(const struct mem_index *index, mem_granule g) {
    return mem_map_is_object(&index->map, g);
}

static inline bool mem_index_is_chunk(const struct mem_index *index, mem_granule g) {
    return mem_map_is_chunk(&index->map, g);
}

static inline mem_granule mem_index_end(const struct mem_index *index, mem_granule g) {
    return mem_map_end(&index->map, g);
}

/* The same for a chunk, which takes less time. */
static inline mem_granule mem_index_chunk_end(const struct mem_index *index, mem_granule g) {
    return mem_map_chunk_end(&index->map, g);
}

#endif
