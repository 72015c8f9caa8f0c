/*
 * layout.c - Mem_DebugLayout: what a debugger needs to know of the library's structures.
 *
 * It is read in programs that were built with this library, by decoders that may be newer or older:
 * mem_debug.h tells how it may change.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <assert.h>
#include <stddef.h>

#include "calls/default.h"
#include "index/layout.h"
#include "region/region.h"
#include "system/public.h"
#include "system/registry.h"

static_assert(sizeof(struct Mem_DebugLayout) <= 128, "no large constant");
static_assert(sizeof(struct Mem_Region) <= UINT16_MAX, "an offset has 16 bits");

#define ENTRY(member) offsetof(struct mem_entry, member)
#define NODE(member) offsetof(struct __list_t, member)
#define REGION(member) offsetof(struct Mem_Region, member)
#define INDEX(layout) (offsetof(struct Mem_Region, index) + (layout))

const struct Mem_DebugLayout Mem_DebugLayout = {
    .magic = MEM_DEBUG_MAGIC,
    .version = MEM_DEBUG_VERSION,
    .bytes = sizeof(struct Mem_DebugLayout),
    .pointer_bytes = sizeof(void *),
    .granule_shift = MEM_GRANULE_SHIFT,
    .segment_shift = MEM_SEGMENT_SHIFT,
    .stretch_shift = MEM_STRETCH_SHIFT,
    .node_shift = MEM_LANES_SHIFT,
    .cached = MEM_REGION_CACHED,

    .entry_lock = ENTRY(lock.state),
    .entry_first = ENTRY(first),
    .entry_objects = ENTRY(objects),
    .entry_end = ENTRY(end),
    .entry_below = ENTRY(below),
    .entry_above = ENTRY(above),

    .segment_bytes = MEM_LAYOUT_SEGMENT_BYTES,
    .segment_objects = MEM_LAYOUT_OBJECTS,
    .segment_chunks = MEM_LAYOUT_CHUNKS,
    .segment_previous = MEM_LAYOUT_PREVIOUS,
    .segment_next = MEM_LAYOUT_NEXT,

    .list_size = NODE(size),
    .list_type = NODE(type),
    .list_next = NODE(next),

    .region_base = REGION(base),
    .region_segments = INDEX(MEM_LAYOUT_SEGMENTS),
    .region_granules = INDEX(MEM_LAYOUT_GRANULES),
    .region_small = INDEX(MEM_LAYOUT_SMALL),
    .region_small_first = INDEX(MEM_LAYOUT_SMALL_FIRST),
    .region_large = INDEX(MEM_LAYOUT_LARGE),
    .region_large_first = INDEX(MEM_LAYOUT_LARGE_FIRST),
    .region_current_start = INDEX(MEM_LAYOUT_CURRENT_START),
    .region_current_end = INDEX(MEM_LAYOUT_CURRENT_END),
    .region_current_floor = INDEX(MEM_LAYOUT_CURRENT_FLOOR),
    .region_floors = INDEX(MEM_LAYOUT_FLOORS),
    .region_free = INDEX(MEM_LAYOUT_FREE),
    .region_begun = INDEX(MEM_LAYOUT_BEGUN),
    .region_ended = INDEX(MEM_LAYOUT_ENDED),
    .region_order = INDEX(MEM_LAYOUT_ORDER),
    .region_requests = REGION(counts.requests),
    .region_refused = REGION(counts.refused),
    .region_frees = REGION(counts.frees),
    .region_bad_frees = REGION(counts.bad_frees),
    .region_least_free = REGION(counts.least_free),
    .region_least_before = REGION(counts.least_before),
    .region_lock = REGION(lock),
    .region_index_bytes = REGION(index_bytes),
    .region_mapped = REGION(mapped),
    .region_watched = REGION(watched),
    .region_marks = REGION(marks),
    .granules_max = MEM_GRANULES_MAX,

    .regions = &mem_registry_root,
    .default_region = &mem_default_pointer,
};
