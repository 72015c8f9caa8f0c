/*
 * index.c - the free chunks of a region, by size and by address; index.h tells
 * the layout.
 *
 * Invariants, besides those of the map:
 * 1. small holds for each segment min(255, the size of its largest chunk), 0 without.
 * 2. large holds for each stretch the size of its chunk of at least 256 granules, or 0: with none
 *    and with the current chunk.
 * 3. The current chunk is a chunk of the map of at least 256 granules, or none.
 * 4. All chunks before the current chunk are smaller than the floor.
 * 5. All chunks in segments before the finger's are smaller than its size.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index/index.h"

#include "system/round.h"

#define STRETCH_SEGMENTS (1 << (MEM_STRETCH_SHIFT - MEM_SEGMENT_SHIFT))

static const struct mem_current NO_CURRENT = {MEM_NO_GRANULE, MEM_NO_GRANULE, MEM_NO_FLOOR};

static uint32_t min(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static size_t aligned(size_t bytes) {
    return mem_round_up(bytes, MEM_INDEX_ALIGNMENT);
}

static size_t small_bytes(mem_granule granules) {
    return aligned(mem_maxima_bytes(mem_index_segments(granules), MEM_BYTES));
}

static size_t large_bytes(mem_granule granules) {
    return aligned(mem_maxima_bytes(mem_index_stretches(granules), MEM_WORDS));
}

size_t mem_index_bytes(mem_granule granules) {
    return small_bytes(granules) + large_bytes(granules) +
           mem_map_segments(granules) * sizeof(struct mem_segment);
}

void mem_index_init(struct mem_index *index, void *memory, mem_granule granules) {
    char *small = memory;
    char *large = small + small_bytes(granules);
    mem_maxima_init(&index->small, small, mem_index_segments(granules));
    mem_maxima_init(&index->large, large, mem_index_stretches(granules));
    mem_map_init(&index->map, large + large_bytes(granules), granules);
    index->current = NO_CURRENT;
    index->finger = (struct mem_finger){MEM_NO_GRANULE, 0};
}

static uint32_t stretch_of(mem_granule g) {
    return g >> MEM_STRETCH_SHIFT;
}

static mem_granule current_size(const struct mem_index *index) {
    return index->current.end - index->current.start;
}

/* The large chunk that starts in a stretch which has one: the last of the stretch. */
static mem_granule stretch_chunk(const struct mem_map *map, uint32_t stretch) {
    int32_t number = (int32_t)(stretch + 1) * STRETCH_SEGMENTS - 1;
    while (map->segment[number].chunks == 0)
        number--;
    return mem_map_granule(number, mem_bits_highest(map->segment[number].chunks));
}

/* The first of these chunks of a segment that has at least that size, or MEM_NO_GRANULE. */
static mem_granule fit_among(const struct mem_map *map, int32_t number, uint64_t chunks,
                             mem_granule size) {
    for (; chunks != 0; chunks &= chunks - 1) {
        mem_granule g = mem_map_granule(number, mem_bits_lowest(chunks));
        if (mem_map_chunk_end(map, g) - g >= size)
            return g;
    }
    return MEM_NO_GRANULE;
}

static mem_granule segment_first_fit(const struct mem_map *map, int32_t number, mem_granule size) {
    return fit_among(map, number, map->segment[number].chunks, size);
}

static mem_granule first_fit_small(const struct mem_index *index, mem_granule size) {
    uint32_t number;
    if (!mem_maxima_find(&index->small, size, MEM_BYTES, &number))
        return MEM_NO_GRANULE;
    return segment_first_fit(&index->map, (int32_t)number, size);
}

static mem_granule first_fit_large(const struct mem_index *index, mem_granule size) {
    mem_granule current = current_size(index) < size ? MEM_NO_GRANULE : index->current.start;
    uint32_t stretch;
    if (!mem_maxima_find(&index->large, size, MEM_WORDS, &stretch))
        return current;
    return min(stretch_chunk(&index->map, stretch), current);
}

mem_granule mem_index_first_fit(const struct mem_index *index, mem_granule size) {
    return size > MEM_SMALL_MAX ? first_fit_large(index, size) : first_fit_small(index, size);
}

static mem_granule fit_after_small(const struct mem_index *index, mem_granule g, mem_granule size) {
    const struct mem_map *map = &index->map;
    uint32_t number = (uint32_t)mem_map_number(g);
    uint64_t chunks = mem_map_segment(map, g)->chunks & mem_bits_above(g);
    mem_granule fit = fit_among(map, (int32_t)number, chunks, size);
    if (fit != MEM_NO_GRANULE)
        return fit;
    if (!mem_maxima_find_after(&index->small, size, MEM_BYTES, &number))
        return MEM_NO_GRANULE;
    return segment_first_fit(map, (int32_t)number, size);
}

/* No other large chunk starts in the stretch of g. */
static mem_granule fit_after_large(const struct mem_index *index, mem_granule g, mem_granule size) {
    const struct mem_current *current = &index->current;
    bool in_question = current_size(index) >= size && current->start > g;
    mem_granule fit = in_question ? current->start : MEM_NO_GRANULE;
    uint32_t stretch = stretch_of(g);
    if (!mem_maxima_find_after(&index->large, size, MEM_WORDS, &stretch))
        return fit;
    return min(stretch_chunk(&index->map, stretch), fit);
}

mem_granule mem_index_fit_after(const struct mem_index *index, mem_granule g, mem_granule size) {
    return size > MEM_SMALL_MAX ? fit_after_large(index, g, size) : fit_after_small(index, g, size);
}

/* With no large chunk, no byte of the small array stands for more than it says. */
mem_granule mem_index_largest(const struct mem_index *index) {
    mem_granule current = current_size(index);
    mem_granule large = mem_maxima_largest(&index->large, MEM_WORDS);
    mem_granule largest = current > large ? current : large;
    return largest > 0 ? largest : mem_maxima_largest(&index->small, MEM_BYTES);
}

mem_granule mem_index_worst_fit(const struct mem_index *index, mem_granule size) {
    mem_granule largest = mem_index_largest(index);
    return largest < size ? MEM_NO_GRANULE : mem_index_first_fit(index, largest);
}

/* The best chunk that a best-fit search has seen. */
struct best {
    mem_granule g;
    mem_granule size;
};

/* The best so far, or a better one from a segment whose largest chunk has `largest` granules, or
 * more than 255. Most segments have one chunk, of which that tells enough. */
static inline struct best best_with_segment(const struct mem_map *map, uint32_t number,
                                            mem_granule size, mem_granule largest,
                                            struct best best) {
    const struct mem_segment *segment = &map->segment[number];
    uint64_t chunks = segment->chunks;
    if (largest >= best.size && (chunks & (chunks - 1)) == 0)
        return best;
    for (; chunks != 0; chunks &= chunks - 1) {
        unsigned start = mem_bits_lowest(chunks);
        mem_granule g = mem_map_granule((int32_t)number, start);
        uint64_t objects = segment->objects >> start;
        mem_granule found = objects != 0 ? mem_bits_lowest(objects) : mem_map_chunk_end(map, g) - g;
        if (found >= size && found < best.size)
            best = (struct best){g, found};
    }
    return best;
}

/* Chunks of more than 255 granules stand in the large array with their sizes, but for the current
 * one. */
static mem_granule best_fit_large(const struct mem_index *index, mem_granule size) {
    struct best best = {MEM_NO_GRANULE, UINT32_MAX};
    uint32_t stretch;
    if (current_size(index) >= size)
        best = (struct best){index->current.start, current_size(index)};
    bool more = mem_maxima_find(&index->large, size, MEM_WORDS, &stretch);
    for (; more; more = mem_maxima_find_after(&index->large, size, MEM_WORDS, &stretch)) {
        mem_granule found = mem_maxima_get(&index->large, stretch, MEM_WORDS);
        if (found < best.size || (found == best.size && stretch_of(best.g) > stretch))
            best = (struct best){stretch_chunk(&index->map, stretch), found};
        if (found == size)
            break;
    }
    return best.g;
}

/* The search ends early at a chunk of exactly that size. It goes from node to node by the tree,
 * and in a node from lane to lane by the mask. */
mem_granule mem_index_best_fit(const struct mem_index *index, mem_granule size) {
    if (size > MEM_SMALL_MAX)
        return best_fit_large(index, size);
    struct best best = {MEM_NO_GRANULE, UINT32_MAX};
    uint32_t number;
    bool more = mem_maxima_find(&index->small, size, MEM_BYTES, &number);
    while (more && best.size != size) {
        uint32_t mask = mem_maxima_node_at_least(&index->small, number, size, MEM_BYTES);
        uint32_t first = number - number % MEM_LANES;
        for (; mask != 0 && best.size != size; mask &= mask - 1) {
            number = first + mem_bits_lowest(mask);
            mem_granule largest = mem_maxima_get(&index->small, number, MEM_BYTES);
            best = best_with_segment(&index->map, number, size, largest, best);
        }
        more = mem_maxima_find_after(&index->small, size, MEM_BYTES, &number);
    }
    return best.g;
}

/* The first segment after that of the number in which a chunk starts, or MEM_ANCHOR;
 * by the tree, because the segment itself may not be in the chain yet. */
static int32_t segment_with_chunk_after(const struct mem_index *index, int32_t number) {
    uint32_t after = (uint32_t)number;
    return mem_maxima_find_after(&index->small, 1, MEM_BYTES, &after) ? (int32_t)after : MEM_ANCHOR;
}

mem_granule mem_index_chunk_from(const struct mem_index *index, mem_granule g) {
    const struct mem_map *map = &index->map;
    if (g >= map->granules)
        return MEM_NO_GRANULE;
    int32_t number = mem_map_number(g);
    uint64_t chunks = map->segment[number].chunks & ~mem_bits_below(g);
    if (chunks == 0) {
        number = segment_with_chunk_after(index, number);
        if (number == MEM_ANCHOR)
            return MEM_NO_GRANULE;
        chunks = map->segment[number].chunks;
    }
    return mem_map_granule(number, mem_bits_lowest(chunks));
}

int32_t mem_index_chain_previous(const struct mem_index *index, int32_t number) {
    return index->map.segment[segment_with_chunk_after(index, number)].previous;
}

/* The size of the largest chunk that starts in a segment, 0 without one. */
static mem_granule segment_largest(const struct mem_map *map, int32_t number) {
    mem_granule largest = 0;
    for (uint64_t chunks = map->segment[number].chunks; chunks != 0; chunks &= chunks - 1) {
        mem_granule g = mem_map_granule(number, mem_bits_lowest(chunks));
        mem_granule size = mem_map_chunk_end(map, g) - g;
        largest = size > largest ? size : largest;
    }
    return largest;
}

void mem_index_lower(struct mem_index *index, int32_t number) {
    mem_granule largest = segment_largest(&index->map, number);
    mem_maxima_lower(&index->small, (uint32_t)number, min(largest, MEM_SMALL_MAX), MEM_BYTES);
}

void mem_index_pass(struct mem_index *index, int32_t from, mem_granule g, mem_granule size) {
    mem_granule largest = segment_largest(&index->map, from);
    mem_maxima_pass(&index->small, (uint32_t)from, min(largest, MEM_SMALL_MAX),
                    (uint32_t)mem_map_number(g), min(size, MEM_SMALL_MAX), MEM_BYTES);
    mem_index_note(index, g, size);
}

static void raise_large(struct mem_index *index, mem_granule g, mem_granule size) {
    mem_maxima_raise(&index->large, stretch_of(g), size, MEM_WORDS);
}

static void lower_large(struct mem_index *index, mem_granule g) {
    mem_maxima_lower(&index->large, stretch_of(g), 0, MEM_WORDS);
}

void mem_index_set_current(struct mem_index *index, mem_granule g, mem_granule end) {
    if (current_size(index) != 0)
        raise_large(index, index->current.start, current_size(index));
    lower_large(index, g);
    index->current = (struct mem_current){g, end, MEM_NO_FLOOR};
}

void mem_index_drop_large(struct mem_index *index, mem_granule g) {
    if (g == index->current.start)
        index->current = NO_CURRENT;
    else
        lower_large(index, g);
}

void mem_index_join_large(struct mem_index *index, mem_granule first, mem_granule after,
                          mem_granule last) {
    struct mem_current *current = &index->current;
    bool is_current = current->start - first < last - first;
    if (last - after > MEM_SMALL_MAX && stretch_of(after) != stretch_of(first))
        lower_large(index, after);
    if (is_current) {
        lower_large(index, first);
        current->start = first;
        current->end = last;
    } else {
        raise_large(index, first, last - first);
    }
}
