/*
 * alloc.c - allocation: a chunk is found by the policy, and the object is its low end.
 *
 *     the current chunk, without a search ............... mem_alloc_carve()
 *     first fit, in a chunk that ends in its segment .... take_within()
 *     all else .......................................... mem_alloc_take()
 *
 * The first two serve nine of ten allocations of real programs, and call nothing that comes
 * back: so the compiler needs no stack for them. What they leave out goes on in another
 * function, for good.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/alloc.h"

#include "index/valid.h"
#include "region/nodes.h"
#include "system/error.h"

/* The end of each way to allocate. */
static inline void *allocated(struct Mem_Region *region, mem_granule g) {
    mem_assert_expensive(mem_valid_if_small(&region->index), "after an allocation");
    return mem_node_at(region, g);
}

/* Carves an object up to cut, in another segment, from the current chunk. */
__attribute__((noinline)) static void *carve_across(struct Mem_Region *region, mem_granule cut) {
    struct mem_index *index = &region->index;
    struct mem_map *map = &index->map;
    mem_granule g = index->current.start;
    mem_granule end = index->current.end;
    int32_t number = mem_map_number(g);
    MemNodePtr node = mem_node_at(region, cut);
    mem_list_write_part(node, end - cut, mem_node_beyond(region, mem_map_segment(map, g)));
    mem_node_link_before(region, g, node);
    mem_map_set_chunk(map, cut, number);
    mem_map_clear_chunk(map, g);
    mem_map_set_object(map, g);
    mem_map_tag(map, g, cut);
    mem_map_tag(map, cut, end);
    index->current.start = cut;
    mem_index_pass(index, number, cut, MEM_SMALL_MAX);
    return allocated(region, g);
}

/* Carves an object from the current chunk, which stays large. */
void *mem_alloc_carve(struct Mem_Region *region, mem_granule granules) {
    struct mem_current *current = &region->index.current;
    struct mem_map *map = &region->index.map;
    mem_granule g = current->start;
    mem_granule cut = g + granules;
    int32_t number = mem_map_number(g);
    if (mem_map_number(cut) != number)
        return carve_across(region, cut);
    struct mem_segment *segment = &map->segment[number];
    uint64_t below = segment->chunks & mem_bits_below(g);
    segment->objects |= mem_bits_one(g);
    segment->chunks = below | mem_bits_one(cut);
    current->start = cut;
    mem_map_segment(map, current->end)[-1].start = cut;
    MemNodePtr node = mem_node_at(region, cut);
    mem_list_write_part(node, current->end - cut, mem_node_beyond(region, segment));
    mem_node_link(region, segment, g, below, node);
    return allocated(region, g);
}

/* Takes the chunk at g out of the map and the list. */
static void withdraw(struct Mem_Region *region, mem_granule g) {
    mem_node_link_before(region, g, mem_node_after(region, g));
    mem_map_clear_chunk(&region->index.map, g);
    region->counts.taken_whole++;
}

/* Makes the chunk from g to end start at cut, less than 256 granules before its end. */
static void shorten(struct Mem_Region *region, mem_granule g, mem_granule cut, mem_granule end) {
    struct mem_map *map = &region->index.map;
    MemNodePtr node = mem_node_at(region, cut);
    mem_list_write_part(node, end - cut, mem_node_after(region, g));
    mem_node_link_before(region, g, node);
    mem_map_set_chunk(map, cut, mem_map_number(g));
    mem_map_clear_chunk(map, g);
    mem_map_tag(map, cut, end);
    if (mem_map_number(cut) != mem_map_number(g))
        mem_index_raise(&region->index, cut, end - cut);
}

void *mem_alloc_take(struct Mem_Region *region, mem_granule g, mem_granule granules) {
    struct mem_index *index = &region->index;
    mem_granule cut = g + granules;
    mem_granule end = mem_map_chunk_end(&index->map, g);
    mem_assert(cut <= end, "the chunk found is large enough");
    if (end - cut > MEM_SMALL_MAX) {
        if (g != index->current.start)
            mem_index_set_current(index, g, end);
        return mem_alloc_carve(region, granules);
    }
    if (cut == end)
        withdraw(region, g);
    else
        shorten(region, g, cut, end);
    mem_map_set_object(&index->map, g);
    mem_map_tag(&index->map, g, cut);
    mem_index_lower(index, mem_map_number(g));
    if (end - g > MEM_SMALL_MAX)
        mem_index_drop_large(index, g);
    return allocated(region, g);
}

/* The chunk at g was the largest of its segment. */
__attribute__((noinline)) static void *took_largest(struct Mem_Region *region, mem_granule g) {
    mem_index_lower(&region->index, mem_map_number(g));
    return allocated(region, g);
}

/* The same where all chunks that are left end in the segment. */
__attribute__((noinline)) static void *took_largest_within(struct Mem_Region *region,
                                                           mem_granule g) {
    const struct mem_segment *segment = mem_map_segment(&region->index.map, g);
    mem_granule largest = 0;
    for (uint64_t chunks = segment->chunks; chunks != 0; chunks &= chunks - 1) {
        unsigned start = mem_bits_lowest(chunks);
        uint64_t objects = segment->objects >> start;
        if (objects == 0)
            return took_largest(region, g);
        mem_granule size = mem_bits_lowest(objects);
        largest = size > largest ? size : largest;
    }
    mem_maxima_lower(&region->index.small, (uint32_t)mem_map_number(g), largest, MEM_BYTES);
    return allocated(region, g);
}

/* Takes an object from the chunk of `size` granules at g, which ends in its segment and is
 * followed there by the chunks `above`. */
static inline void *take_within(struct Mem_Region *region, struct mem_segment *segment,
                                mem_granule g, mem_granule granules, mem_granule size,
                                uint64_t above) {
    uint64_t bit = mem_bits_one(g);
    uint64_t below = segment->chunks & (bit - 1);
    segment->objects |= bit;
    MemNodePtr next = mem_node_next(region, segment, g, above);
    segment->chunks = below | above;
    if (granules != size) {
        segment->chunks |= bit << granules;
        MemNodePtr node = mem_node_at(region, g + granules);
        mem_list_write_part(node, size - granules, next);
        next = node;
    } else {
        region->counts.taken_whole++;
    }
    mem_node_link(region, segment, g, below, next);
    if (segment->chunks == 0)
        mem_map_unchain(&region->index.map, mem_map_number(g));
    if (mem_maxima_get(&region->index.small, (uint32_t)mem_map_number(g), MEM_BYTES) == size)
        return took_largest_within(region, g);
    return allocated(region, g);
}

__attribute__((cold)) void *mem_alloc_refuse(struct Mem_Region *region, mem_granule granules) {
    mem_counts_refuse(&region->counts, granules);
    return mem_error_null(E_NO_SPACE);
}

/* Takes the first fit, which starts in the segment of that number. */
__attribute__((noinline)) static void *take_in(struct Mem_Region *region, int32_t number,
                                               mem_granule granules) {
    struct mem_index *index = &region->index;
    struct mem_segment *segment = &index->map.segment[number];
    mem_granule g;
    for (uint64_t chunks = segment->chunks;; chunks &= chunks - 1) {
        unsigned start = mem_bits_lowest(chunks);
        uint64_t objects = segment->objects >> start;
        g = mem_map_granule(number, start);
        if (objects == 0)
            break;
        mem_granule size = mem_bits_lowest(objects);
        if (size >= granules)
            return take_within(region, segment, g, granules, size, chunks & (chunks - 1));
    }
    struct mem_current *current = &index->current;
    if (g == current->start) {
        current->floor = granules;
        if (mem_alloc_can_carve(region, granules))
            return mem_alloc_carve(region, granules);
    }
    return mem_alloc_take(region, g, granules);
}

void *mem_alloc_first_fit(struct Mem_Region *region, mem_granule granules) {
    mem_assert(granules <= MEM_SMALL_MAX, "a byte tells such a size from larger ones");
    struct mem_index *index = &region->index;
    uint32_t number = (uint32_t)index->finger.number;
    if (granules < index->finger.size ||
        mem_maxima_get(&index->small, number, MEM_BYTES) < granules) {
        if (!mem_maxima_find(&index->small, granules, MEM_BYTES, &number))
            return mem_alloc_refuse(region, granules);
        index->finger = (struct mem_finger){granules, (int32_t)number};
    }
    return take_in(region, (int32_t)number, granules);
}

static mem_granule find(const struct mem_index *index, mem_granule granules, int style) {
    if (style == FIRSTFIT)
        return mem_index_first_fit(index, granules);
    if (style == WORSTFIT)
        return mem_index_worst_fit(index, granules);
    return mem_index_best_fit(index, granules);
}

void *mem_alloc_otherwise(struct Mem_Region *region, mem_granule granules, int style) {
    if (style == WORSTFIT && mem_alloc_can_carve(region, granules) &&
        mem_index_current_is_largest(&region->index))
        return mem_alloc_carve(region, granules);
    mem_granule g = find(&region->index, granules, style);
    return g != MEM_NO_GRANULE ? mem_alloc_take(region, g, granules)
                               : mem_alloc_refuse(region, granules);
}
