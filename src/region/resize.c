/*
 * resize.c - an object made larger or smaller where it is.
 *
 *     smaller     [g ............. end)         larger    [g ....... end)[ chunk ....... )
 *              →  [g ... cut)[ tail   )                →  [g .............. cut)[ chunk  )
 *
 * To shrink, the object is cut in two, and the tail is freed. To grow, the start of the chunk
 * behind is allocated as an object, and the two are joined.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/resize.h"

#include "index/objects.h"
#include "region/alloc.h"
#include "region/free.h"

static void shrink(struct Mem_Region *region, mem_granule g, mem_granule cut) {
    mem_counts_settle(&region->counts, mem_index_free(&region->index));
    mem_index_cut_object(&region->index, g, cut);
    mem_free_part(region, cut);
}

static void grow(struct Mem_Region *region, mem_granule g, mem_granule end, mem_granule cut) {
    mem_alloc_at(region, end, cut - end);
    mem_index_join_object(&region->index, g);
}

bool mem_resize(struct Mem_Region *region, mem_granule g, mem_granule granules) {
    const struct mem_index *index = &region->index;
    mem_granule end = mem_index_end(index, g);
    if (granules == end - g)
        return true;
    if (granules < end - g) {
        shrink(region, g, g + granules);
        return true;
    }
    if (!mem_index_is_chunk(index, end) || mem_index_chunk_end(index, end) - g < granules)
        return false;
    grow(region, g, end, g + granules);
    return true;
}
