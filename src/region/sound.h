/*
 * sound.h - whether a region is as it should be where it has just changed: for assertions.
 *
 * Of the list, only what the change has written is looked at: all else the program may have
 * overwritten.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_SOUND_H
#define MEM_SOUND_H

#include "index/valid.h"
#include "region/list.h"
#include "region/region.h"

/* Whether what is counted agrees with the index. */
static inline bool mem_sound_counts(const struct Mem_Region *region) {
    const struct mem_counts *counts = &region->counts;
    return counts->least_free <= mem_index_granules(&region->index) &&
           counts->refused <= counts->requests && counts->frees <= mem_counts_allocations(counts);
}

/* After the object at g was taken: what was left of its chunk has a node. */
static inline bool mem_sound_taken(const struct Mem_Region *region, mem_granule g) {
    const struct mem_index *index = &region->index;
    mem_granule end = mem_index_end(index, g);
    bool rest = end < mem_index_granules(index) && mem_index_is_chunk(index, end);
    return mem_index_is_object(index, g) && mem_valid_near(index, g) &&
           (!rest || mem_list_is_intact(region, end)) && mem_sound_counts(region);
}

/* After the object at g was given: the chunk that it is in has a node. */
static inline bool mem_sound_given(const struct Mem_Region *region, mem_granule g) {
    const struct mem_index *index = &region->index;
    mem_granule chunk = mem_valid_chunk_around(index, g);
    return chunk != MEM_NO_GRANULE && mem_valid_near(index, g) &&
           mem_list_is_intact(region, chunk) && mem_sound_counts(region);
}

#endif
