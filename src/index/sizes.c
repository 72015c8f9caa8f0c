/*
 * sizes.c - the sizes of the chunks, kept in step with the map.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index/sizes.h"

static uint32_t min(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* The size of the largest chunk that starts in a segment, 0 without one. Only the last of them can
 * end in another. */
static inline __attribute__((always_inline)) mem_granule segment_largest(const struct mem_map *map,
                                                                         int32_t number) {
    uint64_t objects = map->segment[number].objects;
    uint64_t chunks = map->segment[number].chunks;
    if (chunks == 0) /* most often, when the segment passes its chunk on */
        return 0;
    unsigned last = mem_bits_highest(chunks);
    mem_granule largest = mem_map_chunk_size(map, number, last);
    for (chunks ^= mem_bits_one(last); chunks != 0; chunks &= chunks - 1) {
        mem_granule size = mem_bits_lowest(objects >> mem_bits_lowest(chunks));
        largest = size > largest ? size : largest;
    }
    return largest;
}

/* What the byte of a segment is to be. */
static uint32_t segment_value(const struct mem_map *map, int32_t number) {
    return min(segment_largest(map, number), MEM_SMALL_MAX);
}

void *mem_sizes_lower(struct mem_index *index, int32_t number, void *result) {
    mem_granule largest = segment_largest(&index->map, number);
    mem_maxima_lower(&index->small, (uint32_t)number, min(largest, MEM_SMALL_MAX), MEM_BYTES);
    return result;
}

void mem_sizes_pass(struct mem_index *index, int32_t from, mem_granule g, mem_granule size) {
    mem_maxima_pass(&index->small, (uint32_t)from, segment_value(&index->map, from),
                    (uint32_t)mem_map_number(g), min(size, MEM_SMALL_MAX), MEM_BYTES);
    mem_sizes_note(index, g, size);
}

static void lower_large(struct mem_index *index, mem_granule g) {
    mem_maxima_lower(&index->large, mem_index_stretch(g), 0, MEM_WORDS);
}

void mem_sizes_set_current(struct mem_index *index, mem_granule g, mem_granule end) {
    const struct mem_current old = index->current;
    if (old.start != old.end)
        mem_sizes_raise_large(index, old.start, old.end - old.start);
    lower_large(index, g);
    index->current = (struct mem_current){g, end, MEM_NO_FLOOR};
}

void mem_sizes_drop_large(struct mem_index *index, mem_granule g) {
    if (g == index->current.start)
        index->current = MEM_NO_CURRENT;
    else
        lower_large(index, g);
}

int mem_sizes_merge_large(struct mem_index *index, mem_granule first, mem_granule after,
                          mem_granule last) {
    struct mem_current *current = &index->current;
    bool is_current = current->start - first < last - first;
    if (last - after > MEM_SMALL_MAX && mem_index_stretch(after) != mem_index_stretch(first))
        lower_large(index, after);
    if (is_current) {
        lower_large(index, first);
        current->start = first;
        current->end = last;
    } else {
        mem_sizes_raise_large(index, first, last - first);
    }
    return 0;
}
