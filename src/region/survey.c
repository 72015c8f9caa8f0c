/*
 * survey.c - the free chunks of a region, one after the other; see survey.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/survey.h"

#include "region/list.h"

MemNodePtr mem_survey_list(const struct Mem_Region *region) {
    return mem_list_node(region, mem_index_first_chunk(&region->index));
}

/* Fills in the chunk that starts at g. */
static bool describe(const struct Mem_Region *region, mem_granule g, struct mem_chunk *chunk) {
    if (g == MEM_NO_GRANULE)
        return false;
    chunk->address = mem_region_address(region, g);
    chunk->g = g;
    chunk->granules = mem_index_chunk_end(&region->index, g) - g;
    chunk->intact = mem_list_is_intact(region, g);
    return true;
}

bool mem_survey_chunk_from(const struct Mem_Region *region, mem_granule g,
                           struct mem_chunk *chunk) {
    return describe(region, mem_index_chunk_from(&region->index, g), chunk);
}

bool mem_survey_chunk_next(const struct Mem_Region *region, struct mem_chunk *chunk) {
    return describe(region, mem_index_chunk_after(&region->index, chunk->g), chunk);
}
