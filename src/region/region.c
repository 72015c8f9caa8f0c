/*
 * region.c - the list of a region and its chunks, as people and programs see them; alloc.c
 * and release.c change them.
 *
 * Invariants, whenever a function returns:
 * 1. The blocks of the map tile the region, and no two chunks touch.
 * 2. The index holds exactly the chunks of the map.
 * 3. The list holds exactly these chunks in address order, but for bytes that the
 *    program overwrote.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/region.h"

#include "region/nodes.h"

MemNodePtr mem_region_list(const struct Mem_Region *region) {
    return mem_node_beyond(region, &region->index.map.segment[MEM_ANCHOR]);
}

/* Fills in the chunk that starts at g. */
static bool describe(const struct Mem_Region *region, mem_granule g, struct mem_chunk *chunk) {
    const struct mem_map *map = &region->index.map;
    if (g == MEM_NO_GRANULE)
        return false;
    chunk->address = mem_region_address(region, g);
    chunk->g = g;
    chunk->granules = mem_map_end(map, g) - g;
    chunk->intact = mem_list_is(mem_node_at(region, g), chunk->granules, mem_node_after(region, g));
    return true;
}

bool mem_region_chunk_from(struct Mem_Region *region, mem_granule g, struct mem_chunk *chunk) {
    return describe(region, mem_index_chunk_from(&region->index, g), chunk);
}

bool mem_region_chunk_next(const struct Mem_Region *region, struct mem_chunk *chunk) {
    return describe(region, mem_map_chunk_after(&region->index.map, chunk->g), chunk);
}

/* Segments that are looked at in one call: between two, other threads get their turn. */
enum { SEGMENTS_AT_A_TIME = 4096 };

bool mem_region_block_from(const struct Mem_Region *region, mem_granule *position,
                           struct mem_block *block) {
    const struct mem_map *map = &region->index.map;
    const struct mem_segment *segment = mem_map_segment(map, *position);
    uint64_t starts = (segment->objects | segment->chunks) & ~mem_bits_below(*position);
    int32_t number = mem_map_number(*position);
    for (int n = 0; starts == 0 && n < SEGMENTS_AT_A_TIME; n++) {
        segment = &map->segment[++number];
        starts = segment->objects | segment->chunks;
    }
    mem_granule g = mem_map_granule(number, starts != 0 ? mem_bits_lowest(starts) : 0);
    *position = g;
    if (starts == 0)
        return false;
    mem_granule end = g < map->granules ? mem_map_end(map, g) : g;
    *block = (struct mem_block){g, end, mem_map_is_object(map, g)};
    return true;
}
