/*
 * sound.h - whether a region is valid around the place of its last change: for assertions.
 *
 * No node of the list is read: a program may overwrite its nodes at any time, and nothing that a
 * program does may fail an assertion. list.h asserts that what it writes agrees with the index.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_SOUND_H
#define MEM_SOUND_H

#include "index/valid.h"
#include "region/region.h"

/* Whether the counts agree with each other and with the index. */
static inline bool mem_sound_counts(const struct Mem_Region *region) {
    const struct mem_counts *counts = &region->counts;
    return counts->least_free <= mem_index_granules(&region->index) &&
           counts->refused <= counts->requests && counts->frees <= mem_counts_allocations(counts);
}

/* After the order has followed a change at g. */
static inline bool mem_sound_order(const struct Mem_Region *region, mem_granule g) {
    return mem_valid_order_near(&region->index, g);
}

/* After the object at g was taken. */
static inline bool mem_sound_taken(const struct Mem_Region *region, mem_granule g) {
    return mem_index_is_object(&region->index, g) && mem_valid_near(&region->index, g) &&
           mem_sound_counts(region);
}

/* After the object at g was given: a chunk is around it. */
static inline bool mem_sound_given(const struct Mem_Region *region, mem_granule g) {
    return mem_valid_chunk_around(&region->index, g) != MEM_NO_GRANULE &&
           mem_valid_near(&region->index, g) && mem_sound_counts(region);
}

#endif
