/*
 * index.c - the free chunks of a region, by size and by address; index.h tells
 * the layout.
 *
 * Invariants, besides those of the map:
 * 1. small holds for each segment min(255, the size of its largest chunk), or 0 if no chunk starts
 *    there.
 * 2. large holds for each stretch the size of the chunk of at least 256 granules that starts in it,
 *    or 0 if there is none or if it is the current chunk.
 * 3. The current chunk is a chunk of the map of at least 256 granules, or none. A chunk of
 *    MEM_GRANULES_MAX, which is the whole region, is the current one.
 * 4. All chunks before the current chunk are smaller than the floor.
 * 5. The floors of searches rule out no chunk that exists (floors.h).
 * 6. free is the sum of the sizes of all chunks, begun - ended their number.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index/index.h"

#include "system/round.h"

#define STRETCH_SEGMENTS (1 << (MEM_STRETCH_SHIFT - MEM_SEGMENT_SHIFT))

static uint32_t min(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static size_t aligned(size_t bytes) {
    return mem_round_up(bytes, MEM_INDEX_ALIGNMENT);
}

/* The elements of `small`: one for each segment, and so many that the tree has two levels. */
static uint32_t small_elements(mem_granule granules) {
    uint32_t segments = mem_index_segments(granules);
    return segments > MEM_LANES ? segments : MEM_LANES + 1;
}

static size_t small_bytes(mem_granule granules) {
    return aligned(mem_maxima_bytes(small_elements(granules), MEM_BYTES));
}

static size_t large_bytes(mem_granule granules) {
    return aligned(mem_maxima_bytes(mem_index_stretches(granules), MEM_WORDS));
}

/* The map comes last, its segments in the order of their addresses. */
size_t mem_index_bytes_below(mem_granule granules, mem_granule end) {
    return small_bytes(granules) + large_bytes(granules) +
           mem_map_segments(end) * sizeof(struct mem_segment);
}

size_t mem_index_bytes(mem_granule granules) {
    return mem_index_bytes_below(granules, granules);
}

void mem_index_init(struct mem_index *index, void *memory, mem_granule granules) {
    char *small = memory;
    char *large = small + small_bytes(granules);
    mem_maxima_init(&index->small, small, small_elements(granules), MEM_BYTES);
    mem_maxima_init(&index->large, large, mem_index_stretches(granules), MEM_WORDS);
    mem_map_init(&index->map, large + large_bytes(granules), granules);
    mem_map_set_object(&index->map, 0);
    mem_map_tag(&index->map, 0, granules);
    index->current = MEM_NO_CURRENT;
    index->floors = (struct mem_floors){{0}};
    index->begun = index->ended = 0;
    index->free = 0;
    index->order = NULL;
    index->order_memory = NULL;
}

bool mem_index_begin_order(struct mem_index *index) {
    mem_assert(!mem_index_is_ordered(index), "an order begins once");
    if (index->order_memory == NULL)
        return false;
    index->order = mem_order_make(index->order_memory, &index->map);
    return true;
}

static mem_granule current_size(const struct mem_index *index) {
    return index->current.end - index->current.start;
}

/* The large chunk of a stretch which has one: it is the stretch's last chunk. */
static mem_granule stretch_chunk(const struct mem_map *map, uint32_t stretch) {
    int32_t number = (int32_t)(stretch + 1) * STRETCH_SEGMENTS - 1;
    while (map->segment[number].chunks == 0)
        number--;
    return mem_map_granule(number, mem_bits_highest(map->segment[number].chunks));
}

/* The first chunk that is large enough in a segment which has one. */
static mem_granule segment_first_fit(const struct mem_map *map, int32_t number, mem_granule size) {
    return mem_map_fit(map, number, map->segment[number].chunks, size).g;
}

static mem_granule first_fit_small(const struct mem_index *index, mem_granule size) {
    uint32_t number;
    if (!mem_maxima_find(&index->small, size, MEM_BYTES, &number))
        return MEM_NO_GRANULE;
    return segment_first_fit(&index->map, (int32_t)number, size);
}

/* Finds the first stretch whose word is at least `size`, or the first such after *stretch. lanes.h
 * compares as signed, so sizes from 2^31 on, which no word has, must not reach it. */

static bool find_large(const struct mem_index *index, mem_granule size, uint32_t *stretch) {
    return size < MEM_GRANULES_MAX && mem_maxima_find(&index->large, size, MEM_WORDS, stretch);
}

static bool find_large_after(const struct mem_index *index, mem_granule size, uint32_t *stretch) {
    return size < MEM_GRANULES_MAX &&
           mem_maxima_find_after(&index->large, size, MEM_WORDS, stretch);
}

static mem_granule first_fit_large(const struct mem_index *index, mem_granule size) {
    mem_granule current = current_size(index) < size ? MEM_NO_GRANULE : index->current.start;
    uint32_t stretch;
    if (!find_large(index, size, &stretch))
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
    struct mem_fit fit = mem_map_fit(map, (int32_t)number, chunks, size);
    if (fit.g != MEM_NO_GRANULE && (fit.size != 0 || mem_map_chunk_end(map, fit.g) - fit.g >= size))
        return fit.g;
    if (!mem_maxima_find_after(&index->small, size, MEM_BYTES, &number))
        return MEM_NO_GRANULE;
    return segment_first_fit(map, (int32_t)number, size);
}

/* The search goes on behind the stretch of g: no other large chunk starts in that. */
static mem_granule fit_after_large(const struct mem_index *index, mem_granule g, mem_granule size) {
    const struct mem_current *current = &index->current;
    bool in_question = current_size(index) >= size && current->start > g;
    mem_granule fit = in_question ? current->start : MEM_NO_GRANULE;
    uint32_t stretch = mem_index_stretch(g);
    if (!find_large_after(index, size, &stretch))
        return fit;
    return min(stretch_chunk(&index->map, stretch), fit);
}

mem_granule mem_index_fit_after(const struct mem_index *index, mem_granule g, mem_granule size) {
    return size > MEM_SMALL_MAX ? fit_after_large(index, g, size) : fit_after_small(index, g, size);
}

/* The last chunk that starts at g or before it, or MEM_NO_GRANULE. */
static mem_granule chunk_to(const struct mem_index *index, mem_granule g) {
    const struct mem_map *map = &index->map;
    int32_t number = mem_map_number(g);
    uint64_t chunks = map->segment[number].chunks;
    if (chunks == 0)
        return mem_map_last_chunk(map, mem_index_chain_previous(index, number));
    return mem_map_chunk_below(map, number, chunks & ~mem_bits_above(g));
}

/* The first chunk of at least size granules, which is large, that starts after g. */
static mem_granule large_after(const struct mem_index *index, mem_granule g, mem_granule size) {
    uint32_t stretch = mem_index_stretch(g);
    if (mem_maxima_get(&index->large, stretch, MEM_WORDS) >= size &&
        stretch_chunk(&index->map, stretch) > g)
        return stretch_chunk(&index->map, stretch);
    return fit_after_large(index, g, size);
}

mem_granule mem_index_large_from(const struct mem_index *index, mem_granule g, mem_granule size) {
    mem_assert(size > MEM_SMALL_MAX, "the chunk is large");
    if (g >= index->map.granules)
        return MEM_NO_GRANULE;
    mem_granule chunk = chunk_to(index, g);
    mem_granule end = chunk != MEM_NO_GRANULE ? mem_map_chunk_end(&index->map, chunk) : 0;
    return end > g && end - chunk >= size ? chunk : large_after(index, g, size);
}

/* Without a large chunk, the bytes are exact: 255 stands for larger sizes only if there is one. */
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

/* The better of the best so far and the best fit in a segment; `largest` is the segment's byte. A
 * segment with one chunk, as most have, is rejected by that byte: the chunk need not be measured.
 */
static inline struct best best_with_segment(const struct mem_map *map, uint32_t number,
                                            mem_granule size, mem_granule largest,
                                            struct best best) {
    uint64_t chunks = map->segment[number].chunks;
    if (largest >= best.size && (chunks & (chunks - 1)) == 0)
        return best;
    for (; chunks != 0; chunks &= chunks - 1) {
        unsigned bit = mem_bits_lowest(chunks);
        mem_granule found = mem_map_chunk_size(map, (int32_t)number, bit);
        if (found >= size && found < best.size)
            best = (struct best){mem_map_granule((int32_t)number, bit), found};
    }
    return best;
}

/* The large array has the sizes of all chunks of more than 255 granules, except the current one. */
static mem_granule best_fit_large(const struct mem_index *index, mem_granule size) {
    struct best best = {MEM_NO_GRANULE, UINT32_MAX};
    uint32_t stretch;
    if (current_size(index) >= size)
        best = (struct best){index->current.start, current_size(index)};
    bool more = find_large(index, size, &stretch);
    for (; more; more = find_large_after(index, size, &stretch)) {
        mem_granule found = mem_maxima_get(&index->large, stretch, MEM_WORDS);
        if (found < best.size || (found == best.size && mem_index_stretch(best.g) > stretch))
            best = (struct best){stretch_chunk(&index->map, stretch), found};
        if (found == size)
            break;
    }
    return best.g;
}

/* The tree leads from node to node, a mask from lane to lane within a node. A chunk of exactly that
 * size ends the search. */
static mem_granule best_fit_small(const struct mem_index *index, mem_granule size) {
    struct best best = {MEM_NO_GRANULE, UINT32_MAX};
    uint32_t number;
    bool more = mem_maxima_find(&index->small, size, MEM_BYTES, &number);
    while (more && best.size != size) {
        uint32_t first = number - number % MEM_LANES;
        uint32_t mask = mem_maxima_elements_at_least(&index->small, first, size, MEM_BYTES);
        for (; mask != 0 && best.size != size; mask &= mask - 1) {
            number = first + mem_bits_lowest(mask);
            mem_granule largest = mem_maxima_get(&index->small, number, MEM_BYTES);
            best = best_with_segment(&index->map, number, size, largest, best);
        }
        more = mem_maxima_find_after(&index->small, size, MEM_BYTES, &number);
    }
    return best.g;
}

mem_granule mem_index_best_fit(const struct mem_index *index, mem_granule size) {
    return size > MEM_SMALL_MAX ? best_fit_large(index, size) : best_fit_small(index, size);
}

/* Searched in the tree, not in the chain, which the segment itself may not be part of. */
int32_t mem_index_chain_previous(const struct mem_index *index, int32_t number) {
    uint32_t after = (uint32_t)number;
    bool found = mem_maxima_find_after(&index->small, 1, MEM_BYTES, &after);
    return index->map.segment[found ? (int32_t)after : MEM_ANCHOR].previous;
}

mem_granule mem_index_chunk_from(const struct mem_index *index, mem_granule g) {
    const struct mem_map *map = &index->map;
    if (g >= map->granules)
        return MEM_NO_GRANULE;
    int32_t number = mem_map_number(g);
    uint64_t chunks = map->segment[number].chunks & ~mem_bits_below(g);
    if (chunks == 0)
        return mem_map_chunk_beyond(map, mem_index_chain_previous(index, number));
    return mem_map_granule(number, mem_bits_lowest(chunks));
}

/* The most segments scanned in one call: the lock is released between calls. */
enum { SEGMENTS_AT_A_TIME = 4096 };

bool mem_index_block_from(const struct mem_index *index, mem_granule *position,
                          struct mem_span *span) {
    const struct mem_map *map = &index->map;
    const struct mem_segment *segment = mem_map_segment(map, *position);
    uint64_t starts = (segment->objects | segment->chunks) & ~mem_bits_below(*position);
    int32_t number = mem_map_number(*position);
    for (int n = 0; starts == 0 && n < SEGMENTS_AT_A_TIME; n++) {
        segment = &map->segment[++number];
        starts = segment->objects | segment->chunks;
    }
    mem_granule g = mem_map_granule(number, starts != 0 ? mem_bits_lowest(starts) : 0);
    *position = g;
    if (starts == 0)
        return false;
    mem_granule end = g < map->granules ? mem_map_end(map, g) : g;
    *span = (struct mem_span){g, end, mem_map_is_object(map, g)};
    return true;
}
