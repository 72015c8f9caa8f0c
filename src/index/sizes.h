/*
 * sizes.h - the sizes of the chunks, kept in step with the map when that has changed: for take.h
 * and give.h alone.
 *
 * They are to be called after the map has been updated.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_SIZES_H
#define MEM_SIZES_H

#include "index/index.h"
#include "system/names.h"

/* Adjusts the floors of searches, and that of the current chunk, so that none rules out the chunk
 * of that size at g. */

static inline void mem_sizes_note_current(struct mem_index *index, mem_granule g,
                                          mem_granule size) {
    if (size >= index->current.floor && g < index->current.start)
        index->current.floor = size + 1;
}

static inline void mem_sizes_note(struct mem_index *index, mem_granule g, mem_granule size) {
    mem_floors_lower(&index->floors, size, mem_index_node((uint32_t)mem_map_number(g)));
    mem_sizes_note_current(index, g, size);
}

/* A chunk of that size starts at g: makes the byte of its segment at least that. O(log n). */
static inline void mem_sizes_raise(struct mem_index *index, mem_granule g, mem_granule size) {
    uint32_t value = size < MEM_SMALL_MAX ? size : MEM_SMALL_MAX;
    mem_maxima_raise(&index->small, (uint32_t)mem_map_number(g), value, MEM_BYTES);
    mem_sizes_note(index, g, size);
}

/* Computes the byte of a segment in which a chunk shrank or ended. Returns `result`, so that the
 * caller can end in a tail call. O(log n). */
void *mem_sizes_lower(struct mem_index *index, int32_t number, void *result);

/* A chunk has moved from the segment `from` to g, in another. Updates the bytes of both. `size`,
 * which may be MEM_SMALL_MAX for anything larger, is at least that of the chunk that left `from`,
 * both capped at MEM_SMALL_MAX. O(log n). */
void mem_sizes_pass(struct mem_index *index, int32_t from, mem_granule g, mem_granule size);

/* Makes the large chunk from g to end the current one, without a floor. O(log n). */
void mem_sizes_set_current(struct mem_index *index, mem_granule g, mem_granule end);

/* A large chunk, not the current one, has grown to that size. It becomes the current one if a word
 * of `large` cannot hold that. O(log n). */
static inline void mem_sizes_raise_large(struct mem_index *index, mem_granule g, mem_granule size) {
    if (size < MEM_GRANULES_MAX)
        mem_maxima_raise(&index->large, mem_index_stretch(g), size, MEM_WORDS);
    else
        mem_sizes_set_current(index, g, g + size);
}

/* The chunk at g, which was large, is gone or has become small. O(log n). */
void mem_sizes_drop_large(struct mem_index *index, mem_granule g);

/* [first, last) is one large chunk now. [after, last) was a chunk of its own before it was merged;
 * after == last if there was none. Returns 0, for tail calls. O(log n). */
int mem_sizes_merge_large(struct mem_index *index, mem_granule first, mem_granule after,
                          mem_granule last);

#endif
