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
    uint64_t objects = map->segment[(uint32_t)number].objects;
    uint64_t chunks = map->segment[(uint32_t)number].chunks;
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
static inline __attribute__((always_inline)) uint32_t segment_value(const struct mem_map *map,
                                                                    int32_t number) {
    return min(segment_largest(map, number), MEM_SMALL_MAX);
}

int mem_sizes_raise_above(struct mem_index *index, mem_granule g, mem_granule size) {
    const struct mem_maxima *small = &index->small;
    uint32_t number = (uint32_t)mem_map_number(g);
    mem_maxima_raise_from(small, mem_maxima_above(small->first + number), min(size, MEM_SMALL_MAX),
                          MEM_BYTES);
    mem_floors_lower(&index->floors, size, mem_index_node(number));
    return 0;
}

/* The end of mem_sizes_lower_to where the maxima above the segment change. */
__attribute__((noinline)) static void *lower_above(struct mem_index *index, uint32_t number,
                                                   mem_granule old, mem_granule value,
                                                   void *result) {
    const struct mem_maxima *small = &index->small;
    mem_maxima_lower_from(small, mem_maxima_above(small->first + number), old, value, MEM_BYTES);
    return result;
}

__attribute__((noinline)) void *mem_sizes_lower_to(struct mem_index *index, uint32_t number,
                                                   mem_granule value, void *result) {
    mem_granule old = mem_maxima_get(&index->small, number, MEM_BYTES);
    mem_assert(value <= old, "lowering does not raise");
    if (mem_maxima_lower_element(&index->small, number, old, &value, MEM_BYTES))
        return lower_above(index, number, old, value, result);
    return result;
}

void *mem_sizes_lower(struct mem_index *index, int32_t number, void *result) {
    return mem_sizes_lower_to(index, (uint32_t)number, segment_value(&index->map, number), result);
}

void *mem_sizes_shrink(struct mem_index *index, uint32_t number, mem_granule size, void *result) {
    if (mem_maxima_get(&index->small, number, MEM_BYTES) != size)
        return result;
    return mem_sizes_lower(index, (int32_t)number, result);
}

/* mem_sizes_pass() in general: whatever is left in `from`, and wherever `to` lies. */
__attribute__((noinline)) static void *pass_any(struct mem_index *index, uint32_t from, uint32_t to,
                                                mem_granule size, void *result) {
    mem_maxima_pass(&index->small, from, segment_value(&index->map, (int32_t)from), to,
                    min(size, MEM_SMALL_MAX), MEM_BYTES);
    return result;
}

/* Mostly, no chunk is left in `from`, both bytes are in one node, and its maximum stays. */
void *mem_sizes_pass(struct mem_index *index, uint32_t from, uint32_t to, mem_granule size,
                     void *result) {
    const struct mem_maxima *small = &index->small;
    uint32_t value = min(size, MEM_SMALL_MAX);
    if ((from ^ to) >= MEM_LANES || index->map.segment[from].chunks != 0 ||
        mem_maxima_above_element(small, to, MEM_BYTES) < value)
        return pass_any(index, from, to, size, result);
    mem_maxima_set(small, from, 0, MEM_BYTES);
    if (mem_maxima_get(small, to, MEM_BYTES) < value)
        mem_maxima_set(small, to, value, MEM_BYTES);
    return result;
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

/* The end of mem_sizes_grow() where a word of `large` cannot hold the size. */
__attribute__((cold, noinline)) static int grow_to_current(struct mem_index *index, mem_granule g,
                                                           mem_granule size) {
    mem_sizes_raise_large(index, g, size);
    return mem_sizes_raise(index, g, size);
}

int mem_sizes_grow(struct mem_index *index, mem_granule g, mem_granule old, mem_granule size) {
    if (size <= MEM_SMALL_MAX)
        return mem_sizes_raise(index, g, size);
    if (size >= MEM_GRANULES_MAX)
        return grow_to_current(index, g, size);
    mem_maxima_raise(&index->large, mem_index_stretch(g), size, MEM_WORDS);
    if (old < MEM_SMALL_MAX)
        return mem_sizes_raise(index, g, size);
    mem_sizes_note(index, g, size);
    return 0;
}

int mem_sizes_merge(struct mem_index *index, mem_granule first, mem_granule after,
                    mem_granule last) {
    uint32_t from = (uint32_t)mem_map_number(after);
    uint32_t to = (uint32_t)mem_map_number(first);
    if (from == to) {
        mem_sizes_raise(index, first, last - first);
    } else {
        mem_sizes_note(index, first, last - first);
        mem_floors_lower(&index->floors, last - first, mem_index_node(to));
        mem_sizes_pass(index, from, to, last - first, NULL);
    }
    if (last - first > MEM_SMALL_MAX)
        return mem_sizes_merge_large(index, first, after, last);
    return 0;
}
