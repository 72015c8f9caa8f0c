/*
 * nodes.h - where the nodes of a region's chunks are, and the links between them.
 *
 * A chunk's neighbours in the list are found in the map: a bit of the same
 * segment, or the next segment of the chain. All of it is inlined into the short paths
 * of an allocation and of a free, of which it is a large part.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_NODES_H
#define MEM_NODES_H

#include "index/map.h"
#include "region/list.h"
#include "region/region.h"

static inline MemNodePtr mem_node_at(const struct Mem_Region *region, mem_granule g) {
    return mem_region_address(region, g);
}

/* The node of the chunk that starts at a bit of the segment of that number. In a size_t, and with
 * an unsigned number, because that saves instructions on paths that count them. */
static inline MemNodePtr mem_node_of(const struct Mem_Region *region, uint32_t number,
                                     unsigned bit) {
    char *segment = region->base + ((size_t)number << (MEM_SEGMENT_SHIFT + MEM_GRANULE_SHIFT));
    return (MemNodePtr)(void *)(segment + (bit << MEM_GRANULE_SHIFT));
}

/* The node of the first chunk beyond a segment of the chain, or NULL. */
static inline MemNodePtr mem_node_beyond(const struct Mem_Region *region,
                                         const struct mem_segment *segment) {
    uint32_t number = (uint32_t)segment->next;
    if (number == (uint32_t)MEM_ANCHOR)
        return NULL;
    return mem_node_of(region, number, mem_bits_lowest(region->index.map.segment[number].chunks));
}

/* The node of the first of the chunks `above`, which are those of g's segment from some granule
 * on, or of the first chunk beyond it, or NULL. */
static inline MemNodePtr mem_node_next(const struct Mem_Region *region,
                                       const struct mem_segment *segment, mem_granule g,
                                       uint64_t above) {
    if (above == 0)
        return mem_node_beyond(region, segment);
    return mem_node_of(region, g >> MEM_SEGMENT_SHIFT, mem_bits_lowest(above));
}

/* The node of the chunk after the one at g, or NULL. */
static inline MemNodePtr mem_node_after(const struct Mem_Region *region, mem_granule g) {
    const struct mem_segment *segment = mem_map_segment(&region->index.map, g);
    return mem_node_next(region, segment, g, segment->chunks & mem_bits_above(g));
}

/* Links the chunk before g to the chunk `next`: the last of the chunks `below`, which are those
 * of g's segment up to some granule, or the last chunk ahead of it, or none. */
static inline void mem_node_link(const struct Mem_Region *region, const struct mem_segment *segment,
                                 mem_granule g, uint64_t below, MemNodePtr next) {
    uint32_t number = g >> MEM_SEGMENT_SHIFT;
    if (below == 0) {
        number = (uint32_t)segment->previous;
        if (number == (uint32_t)MEM_ANCHOR)
            return;
        below = region->index.map.segment[number].chunks;
    }
    mem_list_link(mem_node_of(region, number, mem_bits_highest(below)), next);
}

/* The same for all chunks of the segment below g. */
static inline void mem_node_link_before(const struct Mem_Region *region, mem_granule g,
                                        MemNodePtr next) {
    const struct mem_segment *segment = mem_map_segment(&region->index.map, g);
    mem_node_link(region, segment, g, segment->chunks & mem_bits_below(g), next);
}

#endif
