/*
 * objects.h - splits objects in two, and joins them again: no chunk changes.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_OBJECTS_H
#define MEM_OBJECTS_H

#include "index/index.h"

/* Makes two objects of the one at g; the second starts at cut. O(1). */
static inline void mem_index_cut_object(struct mem_index *index, mem_granule g, mem_granule cut) {
    mem_granule end = mem_map_end(&index->map, g);
    mem_assert(mem_map_is_object(&index->map, g) && g < cut && cut < end, "both have granules");
    mem_map_set_object(&index->map, cut);
    mem_map_tag(&index->map, g, cut);
    mem_map_tag(&index->map, cut, end);
}

/* Makes one object of the one at g and the one after it. O(1). */
static inline void mem_index_join_object(struct mem_index *index, mem_granule g) {
    mem_granule middle = mem_map_end(&index->map, g);
    mem_granule end = mem_map_end(&index->map, middle);
    mem_assert(mem_map_is_object(&index->map, g) && mem_map_is_object(&index->map, middle),
               "two objects");
    mem_map_clear_object(&index->map, middle);
    mem_map_tag(&index->map, g, end);
}

#endif
