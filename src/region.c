/*
 * region.c - a region's memory and its list; alloc.c and release.c change it.
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

#include "region.h"

#include "nodes.h"
#include "os.h"
#include "release.h"

/* The bytes of the structure, rounded up so that the index may follow it. */
static size_t head_bytes(void) {
    return (sizeof(struct mem_region) + MEM_INDEX_ALIGNMENT - 1) / MEM_INDEX_ALIGNMENT *
           MEM_INDEX_ALIGNMENT;
}

static size_t index_mapping_bytes(mem_granule granules) {
    return mem_os_round(head_bytes() + mem_index_bytes(granules));
}

/* Makes one object of the whole memory and frees it. */
static void start(struct mem_region *region, char *memory, mem_granule granules) {
    region->base = memory;
    mem_index_init(&region->index, (char *)region + head_bytes(), granules);
    mem_lock_init(&region->lock);
    mem_map_set_object(&region->index.map, 0);
    mem_map_tag(&region->index.map, 0, granules);
    mem_release(region, memory);
}

struct mem_region *mem_region_create(size_t bytes) {
    bytes = mem_os_round(bytes);
    mem_granule granules = mem_granule_count(bytes);
    struct mem_region *region = mem_os_map_guarded(index_mapping_bytes(granules));
    if (region == NULL)
        return NULL;
    char *memory = mem_os_map(bytes);
    if (memory == NULL) {
        mem_os_unmap_guarded(region, index_mapping_bytes(granules));
        return NULL;
    }
    start(region, memory, granules);
    return region;
}

MemNodePtr mem_region_list(const struct mem_region *region) {
    return mem_node_beyond(region, &region->index.map.segment[MEM_ANCHOR]);
}

/* Fills in the chunk that starts at g. */
static bool describe(const struct mem_region *region, mem_granule g, struct mem_chunk *chunk) {
    const struct mem_map *map = &region->index.map;
    if (g == MEM_NO_GRANULE)
        return false;
    chunk->g = g;
    chunk->granules = mem_map_end(map, g) - g;
    chunk->intact = mem_list_is(mem_node_at(region, g), chunk->granules, mem_node_after(region, g));
    return true;
}

bool mem_region_chunk_from(struct mem_region *region, mem_granule g, struct mem_chunk *chunk) {
    return describe(region, mem_index_chunk_from(&region->index, g), chunk);
}

bool mem_region_chunk_next(const struct mem_region *region, struct mem_chunk *chunk) {
    return describe(region, mem_map_chunk_after(&region->index.map, chunk->g), chunk);
}
