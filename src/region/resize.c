/*
 * resize.c - an object made larger or smaller where it is.
 *
 *     smaller     [g ............. end)         larger    [g ....... end)[ chunk ....... )
 *              →  [g ... cut)[ tail   )                →  [g .............. cut)[ chunk  )
 *
 * The tail of an object that shrinks is an object for a moment, and freed. What an object grows
 * by is taken from the chunk as an object, and then the two are made one.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/resize.h"

#include "region/alloc.h"
#include "region/release.h"

static void shrink(struct Mem_Region *region, mem_granule g, mem_granule cut, mem_granule end) {
    struct mem_map *map = &region->index.map;
    mem_map_set_object(map, cut);
    mem_map_tag(map, g, cut);
    mem_map_tag(map, cut, end);
    mem_release_part(region, cut);
}

static void grow(struct Mem_Region *region, mem_granule g, mem_granule end, mem_granule cut) {
    struct mem_map *map = &region->index.map;
    mem_alloc_take(region, end, cut - end);
    mem_counts_take(&region->counts, cut - end);
    mem_map_clear_object(map, end);
    mem_map_tag(map, g, cut);
}

bool mem_resize(struct Mem_Region *region, mem_granule g, mem_granule granules) {
    const struct mem_map *map = &region->index.map;
    mem_granule end = mem_map_end(map, g);
    mem_granule cut = g + granules;
    if (cut == end)
        return true;
    if (cut < end) {
        shrink(region, g, cut, end);
        return true;
    }
    if (!mem_map_is_chunk(map, end) || mem_map_chunk_end(map, end) < cut)
        return false;
    grow(region, g, end, cut);
    return true;
}
