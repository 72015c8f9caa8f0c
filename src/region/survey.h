/*
 * survey.h - the free chunks of a region, one after the other, as people and programs see them.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_SURVEY_H
#define MEM_SURVEY_H

#include "region/region.h"
#include "system/names.h"

/* The head of the free list, or NULL. O(1). */
MemNodePtr mem_survey_list(const struct Mem_Region *region);

/* A free chunk as the index knows it, and whether its node says the same. */
struct mem_chunk {
    void *address;
    mem_granule g;
    mem_granule granules;
    bool intact;
};

/* Finds the first chunk at granule g or after it; false when there is none.
 * O(log n). */
bool mem_survey_chunk_from(const struct Mem_Region *region, mem_granule g, struct mem_chunk *chunk);

/* Replaces a chunk by the next one; false when it was the last. O(1). */
bool mem_survey_chunk_next(const struct Mem_Region *region, struct mem_chunk *chunk);

#endif
