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
 *   where it ends, and that is in another stretch. One chunk is held apart: the
 *   current one.
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

#include <stddef.h>

#include "index/map.h"
#include "index/maxima.h"
#include "system/names.h"

/* The largest size that the byte of a segment tells from larger ones. */
#define MEM_SMALL_MAX UINT32_C(255)

#define MEM_STRETCH_SHIFT 8
#define MEM_STRETCH_GRANULES (UINT32_C(1) << MEM_STRETCH_SHIFT)
static_assert(MEM_SMALL_MAX < MEM_STRETCH_GRANULES, "a stretch holds one large chunk at most");

/*
 * The current chunk: the large chunk that was carved last, held here instead of in `large`. Most
 * allocations carve it again, at the same end, and many frees give that end back: with the
 * chunk here, that changes no tree. It saves some 150 of 316 instructions a call, on average of
 * the recorded programs.
 *
 * The floor spares the search: a request of so many granules or more that fits the current
 * chunk has its first fit there. It saves 22 instructions a call.
 */
struct mem_current {
    mem_granule start; /* MEM_NO_GRANULE, as end: no current chunk */
    mem_granule end;
    mem_granule floor; /* all chunks before it are smaller */
};

/*
 * The finger points at the segment that the last search found, or at one before it in which a
 * chunk of that size has appeared since: all chunks in segments before `number` are smaller
 * than `size`. A search for that much or more ends at once, if the segment
 * has it. It saves 3 instructions a call, 8 where a program frees and allocates in turn.
 */
struct mem_finger {
    mem_granule size;
    int32_t number;
};

struct mem_index {
    struct mem_map map; /* what starts where: the caller may ask it */
    struct mem_maxima small;
    struct mem_maxima large;
    struct mem_current current;
    struct mem_finger finger;
};

/* A floor that rules out nothing. */
#define MEM_NO_FLOOR UINT32_MAX

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

/* The first chunk of at least size granules, size > 0, that starts after g, where a chunk of at
 * least that size starts; MEM_NO_GRANULE when there is none. O(log n). */
mem_granule mem_index_fit_after(const struct mem_index *index, mem_granule g, mem_granule size);

/* The size of the largest chunk, 0 without one. O(1). */
mem_granule mem_index_largest(const struct mem_index *index);

/* The first chunk that starts at g or after it, or MEM_NO_GRANULE. O(log n). */
mem_granule mem_index_chunk_from(const struct mem_index *index, mem_granule g);

/*
 * What follows keeps the sizes in step with the map. The caller changes the map: bits, tags
 * and chain. When one of these is called, the map is as it will be.
 */

/* The segment after which one that is not in the chain belongs there. O(log n). */
int32_t mem_index_chain_previous(const struct mem_index *index, int32_t number);

/* A chunk of that size starts at g: finger and floor give way, so that what they say of the chunks
 * before them stays true. */
static inline void mem_index_note(struct mem_index *index, mem_granule g, mem_granule size) {
    if (size >= index->finger.size && mem_map_number(g) < index->finger.number)
        index->finger.number = mem_map_number(g);
    if (size >= index->current.floor && g < index->current.start)
        index->current.floor = size + 1;
}

/* A chunk of that size starts at g: the byte of its segment follows. O(log n). */
static inline void mem_index_raise(struct mem_index *index, mem_granule g, mem_granule size) {
    uint32_t value = size < MEM_SMALL_MAX ? size : MEM_SMALL_MAX;
    mem_maxima_raise(&index->small, (uint32_t)mem_map_number(g), value, MEM_BYTES);
    mem_index_note(index, g, size);
}

/* The largest chunk of the segment is smaller than it was, or gone: its byte follows. O(log n). */
void mem_index_lower(struct mem_index *index, int32_t number);

/* A chunk of that size starts at g, and one that was not larger no longer starts in the segment
 * `from`, another: both bytes follow. O(log n). */
void mem_index_pass(struct mem_index *index, int32_t from, mem_granule g, mem_granule size);

/* Makes the large chunk from g to end the current one, without a floor. O(log n). */
void mem_index_set_current(struct mem_index *index, mem_granule g, mem_granule end);

/* Whether the current chunk is larger than all others. O(1). */
static inline bool mem_index_current_is_largest(const struct mem_index *index) {
    mem_granule size = index->current.end - index->current.start;
    return size > mem_maxima_largest(&index->large, MEM_WORDS);
}

/* The large chunk that started at g does so no longer, or is no longer large. O(log n). */
void mem_index_drop_large(struct mem_index *index, mem_granule g);

/* A chunk goes from first to last and is large: it grew or was joined of smaller ones. One of
 * them, unless `after` is last, was the chunk from after to last. O(log n). */
void mem_index_join_large(struct mem_index *index, mem_granule first, mem_granule after,
                          mem_granule last);

#endif
