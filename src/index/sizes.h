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

/* Adjusts the floor of the current chunk, so that it does not rule out the chunk of that size at g.
 */
static inline void mem_sizes_note(struct mem_index *index, mem_granule g, mem_granule size) {
    if (size >= index->current.floor && g < index->current.start)
        index->current.floor = size + 1;
}

/* The end of mem_sizes_raise() where the node had no chunk of that size: updates the maxima above
 * it and the floors of searches. (Where it had one, no floor is beyond it.) Returns 0, for tail
 * calls. O(log n). */
int mem_sizes_raise_above(struct mem_index *index, mem_granule g, mem_granule size);

/* A chunk of that size starts at g: makes the byte of its segment at least that. Returns 0.
 * O(log n). */
static inline int mem_sizes_raise(struct mem_index *index, mem_granule g, mem_granule size) {
    uint32_t value = size < MEM_SMALL_MAX ? size : MEM_SMALL_MAX;
    mem_sizes_note(index, g, size);
    if (mem_maxima_raise_element(&index->small, (uint32_t)mem_map_number(g), value, MEM_BYTES))
        return mem_sizes_raise_above(index, g, size);
    return 0;
}

/* Set the byte of a segment in which a chunk shrank or ended: to `value`, or to the size of its
 * largest chunk. Both return `result`, so that the caller can end in a tail call. O(log n). */
void *mem_sizes_lower_to(struct mem_index *index, uint32_t number, mem_granule value, void *result);
void *mem_sizes_lower(struct mem_index *index, int32_t number, void *result);

/* Updates the byte of a segment in which a chunk of that size shrank or ended; only if no other was
 * larger can the byte change. Returns `result`. O(log n). */
void *mem_sizes_shrink(struct mem_index *index, uint32_t number, mem_granule size, void *result);

/* A chunk has moved from the segment `from` to the segment `to`. Updates the bytes of both. `size`,
 * which may be MEM_SMALL_MAX for anything larger, is at least that of the chunk that left `from`,
 * both capped at MEM_SMALL_MAX. Returns `result`. O(log n). */
void *mem_sizes_pass(struct mem_index *index, uint32_t from, uint32_t to, mem_granule size,
                     void *result);

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

/* The chunk at g, not the current one, has grown from `old` granules to `size`; an `old` of 0 means
 * that it is new. Returns 0, for tail calls. O(log n). */
int mem_sizes_grow(struct mem_index *index, mem_granule g, mem_granule old, mem_granule size);

/* [first, last) is one chunk now; [after, last) was a chunk of its own before it was merged.
 * Returns 0, for tail calls. O(log n). */
int mem_sizes_merge(struct mem_index *index, mem_granule first, mem_granule after,
                    mem_granule last);

/* The same where the chunk is large, for the large chunks alone; after == last if none was merged.
 */
int mem_sizes_merge_large(struct mem_index *index, mem_granule first, mem_granule after,
                          mem_granule last);

#endif
