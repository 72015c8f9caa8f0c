/*
 * take.h - a chunk, or its low end, becomes an object.
 *
 *     before   [g ................... end)        before   [g ........ end)
 *     after    [g  object )[cut chunk end)        after    [g  object  end)
 *
 * Six functions make this change. Five are short cuts for common cases; all have the same effect.
 * The shares are those of the allocations of nine recorded programs.
 *
 *     mem_index_take_current   40 %  the low end of the current chunk, which stays large; the rest
 *                                    starts in the same segment
 *     mem_index_take_across     9 %  the same, where the rest starts in another segment
 *     mem_index_take_whole     26 %  all of the first chunk of a segment, which ends there
 *     mem_index_take_part      12 %  its low end
 *     mem_index_take_within     5 %  a later chunk of a segment, which ends there
 *     mem_index_take            9 %  any other
 *
 * Each is inlined into the places that it is called from, one or two, and returns what the mirror
 * makes of the object (mirror.h).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_TAKE_H
#define MEM_TAKE_H

#include "index/index.h"
#include "index/mirror.h"
#include "index/sizes.h"

/* ---- The current chunk ---- */

/* Whether the current chunk stays large when it gives so many granules. */
static inline bool mem_index_current_serves(const struct mem_index *index, mem_granule granules) {
    return index->current.end - index->current.start > granules + MEM_SMALL_MAX;
}

/* The same, if it is known without a search to be the first fit, or the worst. */

static inline bool mem_index_current_is_first_fit(const struct mem_index *index,
                                                  mem_granule granules) {
    return granules >= index->current.floor && mem_index_current_serves(index, granules);
}

static inline bool mem_index_current_is_worst_fit(const struct mem_index *index,
                                                  mem_granule granules) {
    return mem_index_current_serves(index, granules) && mem_index_current_is_largest(index);
}

/* Makes the chunk at g the current one if it stays large when it gives so many granules. O(log n).
 */
static inline bool mem_index_make_current(struct mem_index *index, mem_granule g,
                                          mem_granule granules) {
    mem_granule end = mem_map_chunk_end(&index->map, g);
    mem_assert(g + granules <= end, "the chunk found is large enough");
    if (end - g - granules <= MEM_SMALL_MAX)
        return false;
    if (g != index->current.start)
        mem_sizes_set_current(index, g, end);
    return true;
}

/* Whether the rest of the current chunk will start in the segment in which the chunk does. */
static inline bool mem_index_current_rest_is_near(const struct mem_index *index,
                                                  mem_granule granules) {
    mem_granule g = index->current.start;
    return mem_map_number(g + granules) == mem_map_number(g);
}

/* Takes the low end of the current chunk, whose rest is near and stays large. O(1). */
static inline void *mem_index_take_current(struct mem_index *index, mem_granule granules,
                                           const struct mem_mirror *mirror, void *owner) {
    struct mem_map *map = &index->map;
    mem_granule g = index->current.start;
    mem_granule end = index->current.end;
    mem_granule cut = mem_granule_after(g, granules);
    int32_t number = mem_map_number(g);
    mem_assert(mem_index_current_serves(index, granules), "the current chunk stays large");
    mem_assert(mem_map_number(cut) == number, "the rest is near");
    struct mem_segment *segment = &map->segment[number];
    uint64_t below = segment->chunks & mem_bits_below(g);
    segment->objects |= mem_bits_one(g);
    segment->chunks = below | mem_bits_one(cut);
    index->current.start = cut;
    index->free -= granules;
    mem_map_segment(map, end)[-1].start = cut;
    mirror->show(owner, cut, end - cut, mem_map_chunk_beyond(map, number));
    mirror->link(owner, mem_map_chunk_below(map, number, below), cut);
    return mirror->object(owner, g);
}

/* Takes the low end of the current chunk, which stays large; its rest starts in another segment,
 * which lay inside the chunk. O(log n). */
static inline void *mem_index_take_across(struct mem_index *index, mem_granule granules,
                                          const struct mem_mirror *mirror, void *owner) {
    struct mem_map *map = &index->map;
    mem_granule g = index->current.start;
    mem_granule end = index->current.end;
    mem_granule cut = mem_granule_after(g, granules);
    struct mem_segment *from = mem_map_segment(map, g);
    struct mem_segment *to = mem_map_segment(map, cut);
    uint64_t below = from->chunks ^ mem_bits_one(g);
    mem_assert(mem_index_current_serves(index, granules), "the current chunk stays large");
    mem_assert(below < mem_bits_one(g), "it is the last one of its segment");
    index->current.start = cut;
    index->free -= granules;
    from->objects |= mem_bits_one(g);
    from->chunks = below;
    mem_map_advance(map, mem_map_number(g), mem_map_number(cut));
    to->chunks = mem_bits_one(cut);
    mem_map_tag(map, g, cut);
    mem_map_tag(map, cut, end);
    mirror->show(owner, cut, end - cut, mem_map_first_chunk(map, to->next));
    mirror->link(owner, mem_map_last_chunk(map, to->previous), cut);
    return mem_sizes_pass(index, (uint32_t)mem_map_number(g), (uint32_t)mem_map_number(cut),
                          MEM_SMALL_MAX, mirror->object(owner, g));
}

/* ---- First fit of a small object ---- */

/* Finds the segment in which the first fit starts if it is in the node of its floor, as it mostly
 * is; else false. O(1). */
static inline bool mem_index_first_near(const struct mem_index *index, mem_granule granules,
                                        uint32_t *number) {
    mem_assert(granules <= MEM_SMALL_MAX, "a byte tells such a size from larger ones");
    uint32_t first = mem_floors_of(&index->floors, granules) << MEM_LANES_SHIFT;
    uint32_t mask = mem_maxima_elements_at_least(&index->small, first, granules, MEM_BYTES);
    if (mask == 0)
        return false;
    *number = first + mem_bits_lowest(mask);
    return true;
}

/* Finds it elsewhere, and raises the floors to it; false when there is none. O(log n). */
static inline bool mem_index_first_far(struct mem_index *index, mem_granule granules,
                                       uint32_t *number) {
    *number = (mem_floors_of(&index->floors, granules) + 1) * MEM_LANES - 1;
    if (!mem_maxima_find_after(&index->small, granules, MEM_BYTES, number))
        return false;
    mem_floors_raise(&index->floors, granules, mem_index_node(*number));
    return true;
}

/* The first fit for so many granules, or the first chunk for one granule, in a segment that has it.
 */
static inline struct mem_fit mem_index_first_in(const struct mem_index *index, uint32_t number,
                                                mem_granule granules) {
    uint64_t chunks = index->map.segment[number].chunks;
    mem_assume(chunks != 0, "a chunk starts there");
    return mem_map_fit(&index->map, (int32_t)number, chunks, granules);
}

/* Where it starts, and whether it ends in its segment. */

static inline mem_granule mem_index_fit_start(struct mem_fit fit) {
    return fit.g;
}

static inline bool mem_index_fit_is_within(struct mem_fit fit) {
    return fit.size != 0;
}

/* Its size, if it ends there. */
static inline mem_granule mem_index_fit_size(struct mem_fit fit) {
    return fit.size;
}

/* Whether the first fit, at g, is the current chunk and that stays large. Raises the chunk's floor
 * if it is the first fit. */
static inline bool mem_index_first_is_current(struct mem_index *index, mem_granule g,
                                              mem_granule granules) {
    if (g != index->current.start)
        return false;
    index->current.floor = granules;
    return mem_index_current_serves(index, granules);
}

/* Takes all of the chunk of that size at g, the first one of its segment, where it ends. Mostly it
 * is the only one: then the segment leaves the chain. O(log n). */
static inline void *mem_index_take_whole(struct mem_index *index, mem_granule g, mem_granule size,
                                         const struct mem_mirror *mirror, void *owner) {
    struct mem_map *map = &index->map;
    int32_t number = mem_map_number(g);
    struct mem_segment *segment = &map->segment[number];
    uint64_t above = segment->chunks & (segment->chunks - 1);
    int32_t previous = segment->previous;
    int32_t next = segment->next;
    mem_assert((segment->chunks ^ above) == mem_bits_one(g), "it is the first chunk");
    segment->objects |= segment->chunks ^ above;
    segment->chunks = above;
    index->free -= size;
    index->ended++;
    if (above != 0) {
        mirror->link(owner, mem_map_last_chunk(map, previous),
                     mem_map_chunk_above(map, number, above));
        return mem_sizes_shrink(index, (uint32_t)number, size, mirror->object(owner, g));
    }
    mem_map_unchain(map, number);
    if (previous != MEM_ANCHOR) /* else there is no link, and what would follow need not be found */
        mirror->link(owner, mem_map_last_chunk(map, previous), mem_map_first_chunk(map, next));
    return mem_sizes_lower_to(index, (uint32_t)number, 0, mirror->object(owner, g));
}

/* Takes the low end of the chunk of that size at g, the first one of its segment, where it ends.
 * O(log n). */
static inline void *mem_index_take_part(struct mem_index *index, mem_granule g, mem_granule size,
                                        mem_granule granules, const struct mem_mirror *mirror,
                                        void *owner) {
    struct mem_map *map = &index->map;
    int32_t number = mem_map_number(g);
    struct mem_segment *segment = &map->segment[number];
    uint64_t bit = mem_bits_one(g);
    uint64_t above = segment->chunks & (segment->chunks - 1);
    mem_granule rest = mem_granule_after(g, granules);
    mem_assert(granules > 0 && granules < size, "the chunk is larger");
    mem_assert((segment->chunks ^ above) == bit, "it is the first chunk");
    index->free -= granules;
    segment->objects |= bit;
    segment->chunks = above | bit << granules;
    mirror->show(owner, rest, size - granules, mem_map_chunk_above(map, number, above));
    mirror->link(owner, mem_map_last_chunk(map, segment->previous), rest);
    return mem_sizes_shrink(index, (uint32_t)number, size, mirror->object(owner, g));
}

/* Takes the low end, or all, of a chunk that ends in the segment in which it starts. O(log n). */
static inline void *mem_index_take_within(struct mem_index *index, struct mem_fit fit,
                                          mem_granule granules, const struct mem_mirror *mirror,
                                          void *owner) {
    struct mem_map *map = &index->map;
    int32_t number = fit.number;
    struct mem_segment *segment = &map->segment[number];
    uint64_t bit = mem_bits_one(fit.g);
    uint64_t below = segment->chunks & (bit - 1);
    uint64_t above = fit.above;
    mem_assert((segment->chunks & bit) != 0 && (segment->objects & bit) == 0, "a chunk is taken");
    mem_assert(granules > 0 && granules <= fit.size, "the chunk is large enough");
    index->free -= granules;
    segment->objects |= bit;
    mem_granule after = mem_map_chunk_above(map, number, above);
    if (granules != fit.size) {
        mem_granule rest = mem_granule_after(fit.g, granules);
        segment->chunks = below | bit << granules | above;
        mirror->show(owner, rest, fit.size - granules, after);
        mirror->link(owner, mem_map_chunk_below(map, number, below), rest);
    } else {
        segment->chunks = below | above;
        index->ended++;
        if (segment->chunks == 0)
            mem_map_unchain(map, number);
        mirror->link(owner, mem_map_chunk_below(map, number, below), after);
    }
    return mem_sizes_shrink(index, (uint32_t)number, fit.size, mirror->object(owner, fit.g));
}

/* ---- Any ---- */

/* Splits the chunk from g to end at cut: the low end is an object. */
static inline __attribute__((always_inline)) void
mem_index_split(struct mem_index *index, mem_granule g, mem_granule cut, mem_granule end) {
    struct mem_map *map = &index->map;
    mem_map_set_chunk(map, cut, mem_map_number(g));
    mem_map_clear_chunk(map, g);
    mem_map_set_object(map, g);
    mem_map_tag(map, g, cut);
    mem_map_tag(map, cut, end);
}

/* Takes the low end, or all, of the chunk at g, leaving no large rest. O(log n). */
static inline void *mem_index_take(struct mem_index *index, mem_granule g, mem_granule granules,
                                   const struct mem_mirror *mirror, void *owner) {
    struct mem_map *map = &index->map;
    mem_granule cut = mem_granule_after(g, granules);
    mem_granule end = mem_map_chunk_end(map, g);
    mem_assert(mem_map_is_chunk(map, g), "a chunk is taken");
    mem_assert(granules > 0 && cut <= end, "the chunk is large enough");
    mem_assume(end - cut <= MEM_SMALL_MAX, "no large rest stays");
    mem_granule before = mem_map_chunk_before(map, g);
    mem_granule after = mem_map_chunk_after(map, g);
    index->free -= granules;
    if (cut == end) {
        mem_map_clear_chunk(map, g);
        mem_map_set_object(map, g);
        mem_map_tag(map, g, cut);
        mirror->link(owner, before, after);
        index->ended++;
    } else {
        mem_index_split(index, g, cut, end);
        mirror->show(owner, cut, end - cut, after);
        mirror->link(owner, before, cut);
        if (mem_map_number(cut) != mem_map_number(g))
            mem_sizes_raise(index, cut, end - cut);
    }
    if (end - g > MEM_SMALL_MAX)
        mem_sizes_drop_large(index, g);
    return mem_sizes_lower(index, mem_map_number(g), mirror->object(owner, g));
}

/* ---- Best fit, where an order is kept ---- */

/* The steps of mem_ordered_best_fit(), in the order in which it takes them:
 *
 * 1. The size of the smallest small chunk that is large enough, or 0; and the first chunk of it.
 * 2. If the current chunk is certainly the best fit and stays large, true: the order has it split
 *    already.
 * 3. The best fit among the large chunks, or MEM_NO_GRANULE. */

static inline mem_granule mem_index_small_best_size(const struct mem_index *index,
                                                    mem_granule granules) {
    mem_granule size = mem_order_small_size(index->order, granules);
    return size < MEM_SETS_SIZES ? size : 0;
}

static inline struct mem_fit mem_index_first_of_size(const struct mem_index *index,
                                                     mem_granule size) {
    return mem_order_first_of_size(index->order, &index->map, size);
}

static inline bool mem_index_carve_best_fit(struct mem_index *index, mem_granule granules) {
    mem_granule g = index->current.start;
    if (!mem_index_current_serves(index, granules) ||
        !mem_order_apart_is_best_fit(index->order, g, granules))
        return false;
    mem_order_carve_apart(index->order, granules);
    return true;
}

static inline mem_granule mem_index_large_best_fit(const struct mem_index *index,
                                                   mem_granule granules) {
    return mem_order_large_fit(index->order, &index->map, granules);
}

/* Updates the order after an allocation took the first granules, or all, of the chunk of that size
 * at g. O(log n). */
static inline void mem_index_order_taken(struct mem_index *index, mem_granule g, mem_granule size,
                                         mem_granule granules) {
    mem_order_taken(index->order, &index->map, g, size, granules);
}

#endif
