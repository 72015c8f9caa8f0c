/*
 * sizes.h - the sizes of the chunks, kept in step with the map when that has changed: for take.h
 * and give.h alone.
 *
 * When one of these is called, the map is as it will be.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_SIZES_H
#define MEM_SIZES_H

#include "index/index.h"
#include "system/names.h"

/* A chunk of that size starts at g: finger and floor give way, so that what they say of the chunks
 * before them stays true. */
static inline void mem_sizes_note(struct mem_index *index, mem_granule g, mem_granule size) {
    if (size >= index->finger.size && mem_map_number(g) < index->finger.number)
        index->finger.number = mem_map_number(g);
    if (size >= index->current.floor && g < index->current.start)
        index->current.floor = size + 1;
}

/* A chunk of that size starts at g: the byte of its segment follows. O(log n). */
static inline void mem_sizes_raise(struct mem_index *index, mem_granule g, mem_granule size) {
    uint32_t value = size < MEM_SMALL_MAX ? size : MEM_SMALL_MAX;
    mem_maxima_raise(&index->small, (uint32_t)mem_map_number(g), value, MEM_BYTES);
    mem_sizes_note(index, g, size);
}

/* The largest chunk of the segment is smaller than it was, or gone: its byte follows. Returns
 * `result`, so that a function that has one can end in a tail call of this. O(log n). */
void *mem_sizes_lower(struct mem_index *index, int32_t number, void *result);

/* A chunk of that size starts at g, and one that was not larger no longer starts in the segment
 * `from`, another: both bytes follow. O(log n). */
void mem_sizes_pass(struct mem_index *index, int32_t from, mem_granule g, mem_granule size);

/* Makes the large chunk from g to end the current one, without a floor. O(log n). */
void mem_sizes_set_current(struct mem_index *index, mem_granule g, mem_granule end);

/* The large chunk that started at g does so no longer, or is no longer large. O(log n). */
void mem_sizes_drop_large(struct mem_index *index, mem_granule g);

/* [first, last) is one large chunk now. [after, last) was a chunk before it was merged; none was
 * when after is last. Returns 0, for tail calls. O(log n). */
int mem_sizes_merge_large(struct mem_index *index, mem_granule first, mem_granule after,
                          mem_granule last);

#endif
