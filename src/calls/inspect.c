/*
 * inspect.c - the public calls that report on a region: its free list, its figures, its blocks.
 * mem.h has the contracts; Mem_Size is in mem.c, Mem_Dump in dump.c.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <stddef.h>

#include "calls/default.h"
#include "calls/section.h"
#include "region/survey.h"
#include "system/error.h"
#include "system/public.h"

/* ---- The list ---- */

static MemNodePtr list_of(struct Mem_Region *region) {
    bool taken = mem_section_enter(region);
    MemNodePtr head = mem_survey_list(region);
    mem_section_leave(region, taken);
    return head;
}

MemNodePtr Mem_FreeList(void) {
    struct Mem_Region *region = mem_default();
    return region != NULL ? list_of(region) : NULL;
}

MemNodePtr Mem_RegionFreeList(Mem_Region *region) {
    return region != NULL ? list_of(region) : mem_error_null(E_BAD_ARGS);
}

/* Whether every node is what the index says. */
static bool list_is_intact(struct Mem_Region *region) {
    struct mem_chunk chunk;
    bool more = mem_survey_chunk_from(region, 0, &chunk);
    while (more && chunk.intact)
        more = mem_survey_chunk_next(region, &chunk);
    return !more;
}

int Mem_RegionCheck(Mem_Region *region) {
    if (region == NULL)
        return mem_error_minus_one(E_BAD_ARGS);
    bool taken = mem_section_enter(region);
    bool intact = list_is_intact(region);
    mem_section_leave(region, taken);
    return intact ? 0 : mem_error_minus_one(E_CORRUPT_FREESPACE);
}

int Mem_Check(void) {
    return Mem_RegionCheck(mem_default());
}

/* ---- The figures ---- */

static struct Mem_Stats stats_of(struct Mem_Region *region) {
    struct mem_counts *counts = &region->counts;
    mem_granule granules = mem_index_granules(&region->index);
    mem_granule free = mem_index_free(&region->index);
    mem_counts_settle(counts, free);
    return (struct Mem_Stats){
        .region_bytes = mem_region_bytes(region),
        .index_bytes = region->index_bytes,
        .live_bytes = mem_granule_bytes(granules - free),
        .live_blocks = (size_t)(mem_counts_allocations(counts) - counts->frees),
        .peak_live_bytes = mem_granule_bytes(granules - mem_counts_least_free(counts)),
        .free_bytes = mem_granule_bytes(free),
        .free_chunks = mem_index_chunks(&region->index),
        .largest_free = mem_granule_bytes(mem_index_largest(&region->index)),
        .allocations = mem_counts_allocations(counts),
        .frees = counts->frees,
        .refused = counts->refused,
        .bad_frees = counts->bad_frees,
    };
}

int Mem_RegionGetStats(Mem_Region *region, struct Mem_Stats *stats) {
    if (region == NULL || stats == NULL)
        return mem_error_minus_one(E_BAD_ARGS);
    bool taken = mem_section_enter(region);
    *stats = stats_of(region);
    mem_section_leave(region, taken);
    return 0;
}

int Mem_GetStats(struct Mem_Stats *stats) {
    return Mem_RegionGetStats(mem_default(), stats);
}

/* ---- The blocks ---- */

/* Shows the first block at *position or above, and moves *position to its end. False when no block
 * was found: *position has then moved on within a large block, or to the end of the region. */
static bool next_block(struct Mem_Region *region, mem_granule *position, struct Mem_Block *shown) {
    struct mem_span span;
    bool taken = mem_section_enter(region);
    bool found = mem_index_block_from(&region->index, position, &span);
    if (found) {
        shown->address = mem_region_address(region, span.start);
        shown->size = mem_granule_bytes(span.end - span.start);
        shown->live = span.live;
        *position = span.end;
    }
    mem_section_leave(region, taken);
    return found && shown->size > 0;
}

int Mem_RegionWalk(Mem_Region *region, int (*visit)(const struct Mem_Block *block, void *context),
                   void *context) {
    if (region == NULL || visit == NULL)
        return mem_error_minus_one(E_BAD_ARGS);
    mem_granule position = 0;
    int result = 0;
    while (result == 0 && position < mem_index_granules(&region->index)) {
        struct Mem_Block block;
        if (next_block(region, &position, &block))
            result = visit(&block, context);
    }
    return result;
}

int Mem_Walk(int (*visit)(const struct Mem_Block *block, void *context), void *context) {
    return Mem_RegionWalk(mem_default(), visit, context);
}
