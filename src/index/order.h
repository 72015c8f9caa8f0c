/*
 * order.h - the free chunks in order of their sizes, and of their addresses among equals: what
 * finds a best fit in logarithmic time.
 *
 * An order is kept only where a best fit has been asked for. Whoever changes a chunk updates the
 * order after the map.
 *
 * Chunks of less than 128 granules stand in sets of segments, one for each size (sets.h); which
 * chunk of the segment it is, the map tells. Larger ones stand in tries (tries.h), but for one that
 * is held apart. In the order of sizes, all chunks in sets come before all others.
 *
 *     memory   [ struct mem_order | words of the sets | nodes of the tries ]
 *
 * Invariants:
 * 1. A segment is in the set of a size if and only if a chunk of that size starts in it.
 * 2. A place has a node in the tries if and only if a chunk of 128 granules or more that is not
 * apart starts in it; the node has its size.
 * 3. The chunk apart is a chunk of the map of 128 granules or more, or none.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_ORDER_H
#define MEM_ORDER_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "index/map.h"
#include "index/sets.h"
#include "index/tries.h"
#include "system/names.h"

static_assert(MEM_SETS_SIZES == MEM_TRIES_LEAST, "a size has a set or a trie");

/*
 * The chunk apart: the large chunk that was split last. Most requests that no small chunk fits
 * split it again, and many frees give that end back; because it is held here, neither changes a
 * trie. That saved 87 of 533 instructions a call in a program that does little else.
 */
struct mem_apart {
    mem_granule g;    /* MEM_NO_GRANULE: there is none */
    mem_granule size; /* 0: there is none */
};

#define MEM_NONE_APART ((struct mem_apart){MEM_NO_GRANULE, 0})

struct mem_order {
    struct mem_sets sets;
    struct mem_apart apart;
    struct mem_tries tries;
};

/* The bytes of memory that the order of so many granules needs: some 2.4% of theirs. */
size_t mem_order_bytes(mem_granule granules);

/* Makes the order of the chunks that the map has. The memory must be zeroed, aligned to
 * MEM_ORDER_ALIGNMENT, and mem_order_bytes() long; pages of it for which there is no chunk are not
 * touched. O(c log n) for c chunks. */
#define MEM_ORDER_ALIGNMENT 64
struct mem_order *mem_order_make(void *memory, const struct mem_map *map);

/* ---- Small chunks ---- */

/* The first chunk of exactly that size in a segment; its g is MEM_NO_GRANULE when there is none. */

/* For sizes of 64 granules or more: only the last chunk of a segment can be so large. */
static inline struct mem_fit mem_order_last_in_segment(const struct mem_map *map, int32_t number,
                                                       mem_granule size) {
    uint64_t chunks = map->segment[number].chunks;
    unsigned bit = chunks != 0 ? mem_bits_highest(chunks) : 0;
    if (chunks == 0 || mem_map_chunk_size(map, number, bit) != size)
        return (struct mem_fit){MEM_NO_GRANULE, 0, number, 0};
    return (struct mem_fit){mem_map_chunk_at(number, bit), 0, number, 0};
}

/* For smaller sizes. Candidates are the chunks with an object `size` granules after their start;
 * such a chunk has that size unless another object starts in between, which is rare. */
static inline struct mem_fit mem_order_first_in_segment(const struct mem_map *map, int32_t number,
                                                        mem_granule size) {
    const struct mem_segment *segment = &map->segment[number];
    uint64_t objects = segment->objects;
    uint64_t chunks = segment->chunks;
    uint64_t beyond = objects > chunks ? 0 : segment[1].objects;
    uint64_t all = mem_bits_below(size) | mem_bits_one(size);
    uint64_t likely = chunks & (objects >> size | beyond << (MEM_SEGMENT_GRANULES - size));
    for (; likely != 0; likely &= likely - 1) {
        unsigned bit = mem_bits_lowest(likely);
        uint64_t behind = objects >> bit | beyond << 1 << (MEM_SEGMENT_GRANULES - 1 - bit);
        if ((behind & all) == mem_bits_one(size))
            return (struct mem_fit){mem_map_chunk_at(number, bit), objects >> bit != 0 ? size : 0,
                                    number, chunks & mem_bits_above(bit)};
    }
    return (struct mem_fit){MEM_NO_GRANULE, 0, number, 0};
}

static inline struct mem_fit mem_order_in_segment(const struct mem_map *map, int32_t number,
                                                  mem_granule size) {
    if (size >= MEM_SEGMENT_GRANULES)
        return mem_order_last_in_segment(map, number, size);
    return mem_order_first_in_segment(map, number, size);
}

/* The size of the best fit for so many granules if that is a small chunk, else MEM_SETS_SIZES; and
 * the first chunk of that size. O(log n). */

static inline mem_granule mem_order_small_size(const struct mem_order *order,
                                               mem_granule granules) {
    return mem_sets_size_from(&order->sets, granules);
}

static inline struct mem_fit mem_order_first_of_size(const struct mem_order *order,
                                                     const struct mem_map *map, mem_granule size) {
    struct mem_fit fit = mem_order_in_segment(map, mem_sets_lowest(&order->sets, size), size);
    mem_assume(fit.g != MEM_NO_GRANULE, "a set has segments with a chunk of its size");
    return fit;
}

/* Adds and removes the small chunk at g, after the map has been updated. O(log n). */

static inline void mem_order_add_small(struct mem_order *order, mem_granule g, mem_granule size) {
    mem_sets_add(&order->sets, mem_map_number(g), size);
}

static inline void mem_order_drop_small(struct mem_order *order, const struct mem_map *map,
                                        mem_granule g, mem_granule size) {
    if (mem_order_in_segment(map, mem_map_number(g), size).g == MEM_NO_GRANULE)
        mem_sets_drop(&order->sets, mem_map_number(g), size);
}

/* ---- The chunk apart ---- */

/* Whether the chunk apart starts at g and is known, without a search, to be the best fit among the
 * large chunks. The caller has checked that it is large enough. O(1). */
static inline bool mem_order_apart_is_best_fit(const struct mem_order *order, mem_granule g,
                                               mem_granule granules) {
    const struct mem_apart *apart = &order->apart;
    return apart->g == g && !mem_tries_may_have(&order->tries, granules, apart->size);
}

/* The chunk apart gives its first granules, and stays large. O(1). */
static inline void mem_order_carve_apart(struct mem_order *order, mem_granule granules) {
    order->apart.g += granules;
    order->apart.size -= granules;
    mem_assert(order->apart.size >= MEM_TRIES_LEAST, "the chunk apart stays large");
}

/* ---- All chunks ---- */

/* The best fit for so many granules if it is a large chunk, or MEM_NO_GRANULE. O(log n). */
mem_granule mem_order_large_fit(const struct mem_order *order, const struct mem_map *map,
                                mem_granule granules);

/* Adds a large chunk to the tries; removes one, apart or not; holds one apart, and returns the
 * previous one to the tries. O(log n). */

static inline void mem_order_add_large(struct mem_order *order, mem_granule g, mem_granule size) {
    mem_tries_add(&order->tries, g, size);
}

static inline void mem_order_drop_large(struct mem_order *order, mem_granule g, mem_granule size) {
    if (g == order->apart.g)
        order->apart = MEM_NONE_APART;
    else
        mem_tries_drop(&order->tries, g, size);
}

static inline void mem_order_set_apart(struct mem_order *order, mem_granule g, mem_granule size) {
    const struct mem_apart *apart = &order->apart;
    if (apart->size != 0)
        mem_order_add_large(order, apart->g, apart->size);
    order->apart = (struct mem_apart){g, size};
}

/* Removes the chunk of that size at g, after the map has been updated. O(log n). */
static inline void mem_order_drop(struct mem_order *order, const struct mem_map *map, mem_granule g,
                                  mem_granule size) {
    if (size < MEM_TRIES_LEAST)
        mem_order_drop_small(order, map, g, size);
    else
        mem_order_drop_large(order, g, size);
}

/* Updates the order after an allocation took the first granules, or all, of the chunk of that size
 * at g. O(log n). */
static inline void mem_order_taken(struct mem_order *order, const struct mem_map *map,
                                   mem_granule g, mem_granule size, mem_granule granules) {
    mem_order_drop(order, map, g, size);
    mem_granule rest = size - granules;
    if (rest >= MEM_TRIES_LEAST)
        mem_order_set_apart(order, g + granules, rest);
    else if (rest > 0)
        mem_order_add_small(order, g + granules, rest);
}

/* The object [start, end) was freed and is now part of the chunk [first, last). first == start, or
 * end == last, where there was no chunk to merge with. */
struct mem_merge {
    mem_granule first;
    mem_granule start;
    mem_granule end;
    mem_granule last;
};

/* Updates the order after a merge whose result is a large chunk. O(log n). */
void mem_order_given_large(struct mem_order *order, const struct mem_map *map,
                           struct mem_merge merge);

/* Updates the order after a merge. O(log n). */
static inline void mem_order_given(struct mem_order *order, const struct mem_map *map,
                                   struct mem_merge merge) {
    if (merge.last - merge.first >= MEM_TRIES_LEAST) {
        mem_order_given_large(order, map, merge);
        return;
    }
    if (merge.first != merge.start)
        mem_order_drop_small(order, map, merge.first, merge.start - merge.first);
    if (merge.end != merge.last)
        mem_order_drop_small(order, map, merge.end, merge.last - merge.end);
    mem_order_add_small(order, merge.first, merge.last - merge.first);
}

#endif
