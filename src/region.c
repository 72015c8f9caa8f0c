/*
 * region.c - allocation and freeing: the index decides, the map and the list
 * are brought in step with it.
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

#include "os.h"
#include "valid.h"

static MemNodePtr node_at(const struct mem_region *region, mem_granule g) {
    return (MemNodePtr)(void *)(region->base + mem_granule_bytes(g));
}

/* The node of a chunk, NULL for MEM_NO_GRANULE. */
static MemNodePtr node_or_null(const struct mem_region *region, mem_granule g) {
    return g == MEM_NO_GRANULE ? NULL : node_at(region, g);
}

/* Writes the node of the chunk from g to end, whose neighbours the index tells. */
static void write_node(struct mem_region *region, mem_granule g, mem_granule end) {
    mem_granule after = mem_map_chunk_after(&region->index.map, g);
    mem_list_write(node_at(region, g), end - g, node_or_null(region, after));
}

/* Links the chunk before g to the chunk `next`. */
static void link_before(struct mem_region *region, mem_granule g, MemNodePtr next) {
    mem_granule before = mem_map_chunk_before(&region->index.map, g);
    if (before != MEM_NO_GRANULE)
        mem_list_link(node_at(region, before), next);
}

/* The bytes of the structure, rounded up so that the index may follow it. */
static size_t head_bytes(void) {
    return (sizeof(struct mem_region) + MEM_INDEX_ALIGNMENT - 1) / MEM_INDEX_ALIGNMENT *
           MEM_INDEX_ALIGNMENT;
}

static size_t index_mapping_bytes(mem_granule granules) {
    return mem_os_round(head_bytes() + mem_index_bytes(granules));
}

/* Makes one chunk of the whole memory. */
static void start(struct mem_region *region, char *memory, mem_granule granules) {
    region->base = memory;
    mem_index_init(&region->index, (char *)region + head_bytes(), granules);
    mem_lock_init(&region->lock);
    mem_index_add(&region->index, 0, granules);
    mem_map_tag(&region->index.map, 0, granules);
    write_node(region, 0, granules);
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

static mem_granule find(const struct mem_index *index, mem_granule granules, int style) {
    if (style == FIRSTFIT)
        return mem_index_first_fit(index, granules);
    if (style == WORSTFIT)
        return mem_index_worst_fit(index, granules);
    return mem_index_best_fit(index, granules);
}

/* Takes the chunk from g to end out whole. */
static void take_chunk(struct mem_region *region, mem_granule g, mem_granule end) {
    mem_granule after = mem_map_chunk_after(&region->index.map, g);
    link_before(region, g, node_or_null(region, after));
    mem_index_remove(&region->index, g, end - g);
}

/* Takes what lies below cut from the chunk that goes from g to end. */
static void take_low_end(struct mem_region *region, mem_granule g, mem_granule cut,
                         mem_granule end) {
    mem_index_cut(&region->index, g, cut, end);
    mem_map_tag(&region->index.map, cut, end);
    write_node(region, cut, end);
    link_before(region, cut, node_at(region, cut));
}

void *mem_region_alloc(struct mem_region *region, size_t bytes, int style) {
    struct mem_map *map = &region->index.map;
    mem_granule granules = mem_granule_count(bytes);
    mem_granule g = find(&region->index, granules, style);
    if (g == MEM_NO_GRANULE)
        return NULL;
    mem_granule end = mem_map_end(map, g);
    mem_granule cut = g + granules;
    mem_assert(cut <= end, "the chunk found is large enough");
    if (cut == end)
        take_chunk(region, g, end);
    else
        take_low_end(region, g, cut, end);
    mem_map_set_object(map, g);
    mem_map_tag(map, g, cut);
    mem_assert_expensive(mem_valid_if_small(&region->index), "after an allocation");
    return node_at(region, g);
}

/* The granule at which an object starts at that address, or MEM_NO_GRANULE. The
 * rotation makes a misaligned or a foreign address too large for the one comparison. */
static mem_granule object_at(const struct mem_region *region, const void *pointer) {
    const struct mem_map *map = &region->index.map;
    uintptr_t offset = (uintptr_t)pointer - (uintptr_t)region->base;
    uintptr_t g = offset >> MEM_GRANULE_SHIFT | offset << (sizeof offset * 8 - MEM_GRANULE_SHIFT);
    if (g >= map->granules || !mem_map_is_object(map, (mem_granule)g))
        return MEM_NO_GRANULE;
    return (mem_granule)g;
}

/*
 * Makes the object from g to end free and joins it with its neighbours:
 *
 *     before     object       after
 *     [ chunk ][g ..... end)[ chunk )      two chunks become the one before
 *     [ chunk ][g ..... end)[ object       the chunk before grows
 *       object][g ..... end)[ chunk )      the chunk after starts lower
 *       object][g ..... end)[ object       a new chunk
 */
static void release(struct mem_region *region, mem_granule g, mem_granule end) {
    struct mem_index *index = &region->index;
    mem_granule before = mem_map_start(&index->map, g);
    bool join_before = g != 0 && mem_map_is_chunk(&index->map, before);
    bool join_after = mem_map_is_chunk(&index->map, end);
    mem_granule first = join_before ? before : g;
    mem_assert(mem_map_is_object(&index->map, g), "what is released is live");
    mem_granule last = join_after ? mem_map_end(&index->map, end) : end;
    if (join_before && join_after)
        mem_index_remove(index, end, last - end);
    mem_map_clear_object(&index->map, g);
    if (join_before)
        mem_index_grow(index, first, last - first);
    else if (join_after)
        mem_index_extend(index, g, end, last);
    else
        mem_index_add(index, g, end - g);
    mem_map_tag(&index->map, first, last);
    write_node(region, first, last);
    if (!join_before)
        link_before(region, g, node_at(region, g));
}

bool mem_region_free(struct mem_region *region, void *pointer) {
    struct mem_map *map = &region->index.map;
    mem_granule g = object_at(region, pointer);
    if (g == MEM_NO_GRANULE)
        return false;
    release(region, g, mem_map_end(map, g));
    mem_assert_expensive(mem_valid_if_small(&region->index), "after a free");
    return true;
}

MemNodePtr mem_region_list(const struct mem_region *region) {
    return node_or_null(region, mem_map_chunk_beyond(&region->index.map, MEM_ANCHOR));
}

/* Fills in the chunk that starts at g. */
static bool describe(const struct mem_region *region, mem_granule g, struct mem_chunk *chunk) {
    const struct mem_map *map = &region->index.map;
    if (g == MEM_NO_GRANULE)
        return false;
    chunk->g = g;
    chunk->granules = mem_map_end(map, g) - g;
    chunk->intact = mem_list_is(node_at(region, g), chunk->granules,
                                node_or_null(region, mem_map_chunk_after(map, g)));
    return true;
}

bool mem_region_chunk_from(const struct mem_region *region, mem_granule g,
                           struct mem_chunk *chunk) {
    return describe(region, mem_index_chunk_from(&region->index, g), chunk);
}

bool mem_region_chunk_next(const struct mem_region *region, struct mem_chunk *chunk) {
    return describe(region, mem_map_chunk_after(&region->index.map, chunk->g), chunk);
}
