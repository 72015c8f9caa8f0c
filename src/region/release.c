/*
 * release.c - freeing: an object becomes free and is joined with the chunks beside it.
 *
 *     before     object       after
 *     [ chunk ][g ..... end)[ chunk )      two chunks become the one before
 *     [ chunk ][g ..... end)[ object       the chunk before grows
 *       object][g ..... end)[ chunk )      the chunk after starts lower
 *       object][g ..... end)[ object       a new chunk
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/release.h"

#include "index/valid.h"
#include "region/nodes.h"
#include "system/error.h"

/* The end of each way to free. */
static inline int released(struct Mem_Region *region) {
    (void)region;
    mem_assert_expensive(mem_valid_if_small(&region->index), "after a free");
    return 0;
}

/* Tells the index of a large chunk that freeing made; one of its parts was the chunk at `after`. */
__attribute__((noinline)) static int released_large(struct Mem_Region *region, mem_granule first,
                                                    mem_granule after, mem_granule last) {
    mem_index_join_large(&region->index, first, after, last);
    return released(region);
}

/* A run that becomes free: an object, and the chunk after it. */
struct run {
    mem_granule after; /* where the object ended, and the chunk started, if there was one */
    mem_granule last;
};

/* Clears the object at g and the chunk after it from the map. */
static inline struct run clear_run(struct Mem_Region *region, mem_granule g) {
    struct mem_map *map = &region->index.map;
    mem_granule end = mem_map_end(map, g);
    mem_counts_give(&region->counts, end - g);
    mem_map_clear_object(map, g);
    if (!mem_map_is_chunk(map, end))
        return (struct run){end, end};
    mem_map_clear_chunk(map, end);
    region->counts.joined_after++;
    return (struct run){end, mem_map_chunk_end(map, end)};
}

/* Tells the index, when map and list are as they will be, that the run is free from first on. */
static inline int release_run(struct Mem_Region *region, mem_granule first, struct run run) {
    struct mem_index *index = &region->index;
    mem_map_tag(&index->map, first, run.last);
    int32_t number = mem_map_number(run.after);
    if (run.after != run.last && number != mem_map_number(first))
        mem_index_pass(index, number, first, run.last - first);
    else
        mem_index_raise(index, first, run.last - first);
    if (run.last - first > MEM_SMALL_MAX)
        return released_large(region, first, run.after, run.last);
    return released(region);
}

/* Frees the object at g, before which the chunk at first lies. */
__attribute__((noinline)) static int release_joined(struct Mem_Region *region, mem_granule g,
                                                    mem_granule first) {
    region->counts.joined_before++;
    struct run run = clear_run(region, g);
    mem_list_write(mem_node_at(region, first), run.last - first, mem_node_after(region, first));
    return release_run(region, first, run);
}

/* Puts a segment in which a first chunk is to start into the chain. */
static inline void enter_chain(struct mem_index *index, int32_t number) {
    mem_map_chain(&index->map, number, mem_index_chain_previous(index, number));
}

/* Frees the object at g, before which an object lies. The chunk is there before the one after it
 * goes, so that the segment, and the place in the chain, are found as they are. */
__attribute__((noinline)) static int release_apart(struct Mem_Region *region, mem_granule g) {
    struct mem_index *index = &region->index;
    struct mem_segment *segment = mem_map_segment(&index->map, g);
    if (segment->chunks == 0)
        enter_chain(index, mem_map_number(g));
    segment->chunks |= mem_bits_one(g);
    struct run run = clear_run(region, g);
    mem_node_link_before(region, g, mem_node_at(region, g));
    mem_list_write(mem_node_at(region, g), run.last - g, mem_node_after(region, g));
    return release_run(region, g, run);
}

/* Frees the object at g, in whichever way. */
__attribute__((noinline)) static int release_any(struct Mem_Region *region, mem_granule g) {
    mem_granule before = mem_map_start(&region->index.map, g);
    if (g != 0 && mem_map_is_chunk(&region->index.map, before))
        return release_joined(region, g, before);
    return release_apart(region, g);
}

/* Frees the object at g where the run ends beyond the segment. */
__attribute__((noinline)) static int release_beyond(struct Mem_Region *region,
                                                    struct mem_segment *segment, uint64_t bit,
                                                    mem_granule g) {
    struct mem_index *index = &region->index;
    uint64_t below = segment->chunks & (bit - 1);
    uint64_t above = segment->chunks ^ below;
    if (above == 0 || below > (segment->objects & (bit - 1)))
        return release_any(region, g);
    mem_granule after = mem_map_granule(mem_map_number(g), mem_bits_lowest(above));
    mem_granule last = mem_map_chunk_end(&index->map, after);
    mem_counts_give(&region->counts, after - g);
    region->counts.joined_after++;
    segment->objects ^= bit;
    segment->chunks = below | bit;
    MemNodePtr node = mem_node_at(region, g);
    mem_node_link(region, segment, g, below, node);
    mem_list_write_part(node, last - g, mem_node_beyond(region, segment));
    mem_map_tag_start(&index->map, g, last);
    mem_index_raise(index, g, last - g);
    if (last - g > MEM_SMALL_MAX)
        return released_large(region, g, after, last);
    return released(region);
}

/* Frees the object at g, which lies between objects in a segment without chunks. */
__attribute__((noinline)) static int
release_alone(struct Mem_Region *region, struct mem_segment *segment, uint64_t bit, mem_granule g) {
    struct mem_index *index = &region->index;
    enter_chain(index, mem_map_number(g));
    segment->chunks = bit;
    segment->objects ^= bit;
    MemNodePtr node = mem_node_at(region, g);
    mem_node_link(region, segment, g, 0, node);
    mem_granule size = mem_bits_lowest(segment->objects >> (g % MEM_SEGMENT_GRANULES));
    mem_list_write_part(node, size, mem_node_beyond(region, segment));
    mem_counts_give(&region->counts, size);
    mem_maxima_raise(&index->small, (uint32_t)mem_map_number(g), size, MEM_BYTES);
    mem_index_note(index, g, size);
    return released(region);
}

/* Frees the object at g, in a segment where the run ends, something starts before, and a chunk
 * starts. Subtracting g's bit from the objects that stay borrows from the next of them: the bits
 * that change are those of the run, and of the object that ends it. */
__attribute__((noinline)) static int release_within(struct Mem_Region *region,
                                                    struct mem_segment *segment, uint64_t bit,
                                                    mem_granule g) {
    struct mem_index *index = &region->index;
    uint32_t number = g >> MEM_SEGMENT_SHIFT;
    uint64_t objects = segment->objects ^ bit;
    uint64_t run = objects ^ (objects - bit);
    uint64_t chunks = segment->chunks & ~run;
    mem_counts_give(&region->counts,
                    mem_bits_lowest((objects | segment->chunks) >> (g % MEM_SEGMENT_GRANULES)));
    region->counts.joined_after += chunks < segment->chunks;
    segment->objects = objects;
    uint64_t below = chunks & (bit - 1);
    uint64_t above = chunks ^ below;
    unsigned first = g % MEM_SEGMENT_GRANULES;
    if (below > (objects & (bit - 1))) {
        first = mem_bits_highest(below);
        region->counts.joined_before++;
    } else {
        mem_node_link(region, segment, g, below, mem_node_at(region, g));
        chunks |= bit;
    }
    segment->chunks = chunks;
    mem_granule size = mem_bits_highest(run) - first;
    mem_list_write_part(mem_node_of(region, number, first), size,
                        mem_node_next(region, segment, g, above));
    mem_maxima_raise(&index->small, number, size, MEM_BYTES);
    mem_index_note(index, mem_map_granule((int32_t)number, first), size);
    return released(region);
}

/* Frees the object at g, by the way that fits. */
static inline int release_at(struct Mem_Region *region, mem_granule g) {
    struct mem_segment *segment = mem_map_segment(&region->index.map, g);
    uint64_t bit = mem_bits_one(g);
    uint64_t chunks = segment->chunks;
    uint64_t objects = segment->objects;
    if (((objects | chunks) & (bit - 1)) == 0)
        return release_any(region, g);
    if (objects <= (bit | (bit - 1)))
        return release_beyond(region, segment, bit, g);
    if (chunks == 0)
        return release_alone(region, segment, bit, g);
    return release_within(region, segment, bit, g);
}

__attribute__((cold, noinline)) static int bad_pointer(struct Mem_Region *region) {
    region->counts.bad_frees++;
    return mem_error_minus_one(E_BAD_POINTER);
}

int mem_release(struct Mem_Region *region, void *pointer) {
    mem_counts_settle(&region->counts);
    mem_granule g = mem_region_object(region, pointer);
    if (g == MEM_NO_GRANULE)
        return bad_pointer(region);
    region->counts.frees++;
    return release_at(region, g);
}

void mem_release_part(struct Mem_Region *region, mem_granule g) {
    mem_counts_settle(&region->counts);
    region->counts.parts++;
    (void)release_at(region, g);
}
