/*
 * layout.h - where the members of an index, and of a segment of its map, lie in memory: for a
 * debugger (mem_debug.h), through layers that do not know what is in an index.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_LAYOUT_H
#define MEM_LAYOUT_H

#include <stddef.h>

#include "index/index.h"

/* Offsets in a struct mem_index. */
enum {
    MEM_LAYOUT_SEGMENTS = offsetof(struct mem_index, map.segment),
    MEM_LAYOUT_GRANULES = offsetof(struct mem_index, map.granules),
    MEM_LAYOUT_SMALL = offsetof(struct mem_index, small.values),
    MEM_LAYOUT_SMALL_FIRST = offsetof(struct mem_index, small.first),
    MEM_LAYOUT_LARGE = offsetof(struct mem_index, large.values),
    MEM_LAYOUT_LARGE_FIRST = offsetof(struct mem_index, large.first),
    MEM_LAYOUT_CURRENT_START = offsetof(struct mem_index, current.start),
    MEM_LAYOUT_CURRENT_END = offsetof(struct mem_index, current.end),
    MEM_LAYOUT_CURRENT_FLOOR = offsetof(struct mem_index, current.floor),
    MEM_LAYOUT_FLOORS = offsetof(struct mem_index, floors.node),
    MEM_LAYOUT_FREE = offsetof(struct mem_index, free),
    MEM_LAYOUT_BEGUN = offsetof(struct mem_index, begun),
    MEM_LAYOUT_ENDED = offsetof(struct mem_index, ended),
    MEM_LAYOUT_ORDER = offsetof(struct mem_index, order)
};

/* A segment, and offsets in it. `start` and `end` lie where `previous` and `next` do. */
enum {
    MEM_LAYOUT_SEGMENT_BYTES = sizeof(struct mem_segment),
    MEM_LAYOUT_OBJECTS = offsetof(struct mem_segment, objects),
    MEM_LAYOUT_CHUNKS = offsetof(struct mem_segment, chunks),
    MEM_LAYOUT_PREVIOUS = offsetof(struct mem_segment, previous),
    MEM_LAYOUT_NEXT = offsetof(struct mem_segment, next)
};

#endif
