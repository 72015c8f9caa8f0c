/*
 * before.h - the chunk before another, as the map has it: read backwards, which the
 * library does only to link it (nodes.h).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef BEFORE_H
#define BEFORE_H

#include "index/map.h"

/* The chunk before the one that starts at g, or MEM_NO_GRANULE. */
static inline mem_granule chunk_before(const struct mem_map *map, mem_granule g) {
    uint64_t chunks = mem_map_segment(map, g)->chunks & mem_bits_below(g);
    int32_t number = mem_map_number(g);
    if (chunks == 0) {
        number = map->segment[number].previous;
        if (number == MEM_ANCHOR)
            return MEM_NO_GRANULE;
        chunks = map->segment[number].chunks;
    }
    return mem_map_granule(number, mem_bits_highest(chunks));
}

#endif /* BEFORE_H */
