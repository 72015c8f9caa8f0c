/*
 * valid.c - checks of the whole index against itself, layer by layer. Each
 * function returns at the first thing that is wrong; a debugger shows which.
 * Compiled into the library by --enable-debug alone, and into tests.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index/valid.h"

bool mem_valid_maxima(const struct mem_maxima *tree, uint32_t elements, enum mem_width width) {
    uint32_t end = tree->first + elements;
    uint32_t nodes = (end + MEM_LANES - 1) >> MEM_LANES_SHIFT;
    for (uint32_t position = end; position < nodes << MEM_LANES_SHIFT; position++)
        if (mem_maxima_value(tree, position, width) != 0)
            return false;
    for (uint32_t position = 0; position < tree->first; position++) {
        uint32_t below = position + 1;
        uint32_t largest = 0;
        for (uint32_t lane = 0; below < nodes && lane < MEM_LANES; lane++) {
            uint32_t value = mem_maxima_value(tree, (below << MEM_LANES_SHIFT) + lane, width);
            largest = value > largest ? value : largest;
        }
        if (mem_maxima_value(tree, position, width) != largest)
            return false;
    }
    return true;
}

/* One block, from start to end: its neighbour is found from both sides, and no
 * two chunks touch. */
static bool valid_block(const struct mem_map *map, mem_granule start, mem_granule end) {
    if (mem_map_end(map, start) != end || mem_map_start(map, end) != start)
        return false;
    if (mem_map_is_object(map, start))
        return !mem_map_is_chunk(map, start);
    return !mem_map_is_chunk(map, end) && mem_map_is_object(map, end);
}

static bool starts_block(const struct mem_map *map, mem_granule g) {
    return mem_map_is_object(map, g) || mem_map_is_chunk(map, g);
}

/* Invariant 2: what stands before the first granule and at the one past the end. */
static bool valid_sentinels(const struct mem_map *map) {
    const struct mem_segment *anchor = &map->segment[MEM_ANCHOR];
    const struct mem_segment *last = mem_map_segment(map, map->granules);
    uint64_t past = ~mem_bits_below(map->granules);
    return anchor->objects == mem_bits_one(MEM_SEGMENT_GRANULES - 1) && anchor->chunks == 0 &&
           (last->objects & past) == mem_bits_one(map->granules) && (last->chunks & past) == 0;
}

static bool valid_tiling(const struct mem_map *map) {
    mem_granule start = 0;
    if (!starts_block(map, 0))
        return false;
    for (mem_granule g = 1; g <= map->granules; g++) {
        if (!starts_block(map, g))
            continue;
        if (!valid_block(map, start, g))
            return false;
        start = g;
    }
    return true;
}

static bool valid_chain(const struct mem_map *map) {
    int32_t previous = MEM_ANCHOR;
    int32_t segments = mem_map_number(map->granules) + 1;
    for (int32_t number = 0; number < segments; number++) {
        if (map->segment[number].chunks == 0)
            continue;
        if (map->segment[previous].next != number || map->segment[number].previous != previous)
            return false;
        previous = number;
    }
    return map->segment[previous].next == MEM_ANCHOR &&
           map->segment[MEM_ANCHOR].previous == previous;
}

bool mem_valid_map(const struct mem_map *map) {
    return valid_sentinels(map) && valid_tiling(map) && valid_chain(map);
}

/* The largest chunk of at least `least` granules that starts from g to end; 0 without. */
static mem_granule largest_between(const struct mem_map *map, mem_granule g, mem_granule end,
                                   mem_granule least) {
    mem_granule largest = 0;
    for (; g < end && g < map->granules; g++) {
        mem_granule size = mem_map_is_chunk(map, g) ? mem_map_end(map, g) - g : 0;
        if (size >= least && size > largest)
            largest = size;
    }
    return largest;
}

static bool valid_small(const struct mem_index *index) {
    const struct mem_map *map = &index->map;
    for (mem_granule g = 0; g < map->granules; g += MEM_SEGMENT_GRANULES) {
        mem_granule largest = largest_between(map, g, g + MEM_SEGMENT_GRANULES, 1);
        mem_granule held = largest < MEM_SMALL_MAX ? largest : MEM_SMALL_MAX;
        if (mem_maxima_get(&index->small, g >> MEM_SEGMENT_SHIFT, MEM_BYTES) != held)
            return false;
    }
    return mem_valid_maxima(&index->small, mem_index_segments(map->granules), MEM_BYTES);
}

/* Nothing is held for the current chunk. */
static bool valid_large(const struct mem_index *index) {
    const struct mem_map *map = &index->map;
    mem_granule current = index->current.start;
    for (mem_granule g = 0; g < map->granules; g += MEM_STRETCH_GRANULES) {
        mem_granule largest = largest_between(map, g, g + MEM_STRETCH_GRANULES, MEM_SMALL_MAX + 1);
        mem_granule exact = current - g < MEM_STRETCH_GRANULES ? 0 : largest;
        if (mem_maxima_get(&index->large, g >> MEM_STRETCH_SHIFT, MEM_WORDS) != exact)
            return false;
    }
    return mem_valid_maxima(&index->large, mem_index_stretches(map->granules), MEM_WORDS);
}

static bool valid_current(const struct mem_index *index) {
    const struct mem_current *current = &index->current;
    const struct mem_map *map = &index->map;
    if (current->start == current->end)
        return current->start == MEM_NO_GRANULE;
    return current->start < current->end && current->end - current->start > MEM_SMALL_MAX &&
           current->end <= map->granules && mem_map_is_chunk(map, current->start) &&
           mem_map_end(map, current->start) == current->end &&
           largest_between(map, 0, current->start, 1) < current->floor;
}

static bool valid_finger(const struct mem_index *index) {
    const struct mem_finger *finger = &index->finger;
    return finger->number >= 0 && finger->number <= mem_map_number(index->map.granules) &&
           largest_between(&index->map, 0, mem_map_granule(finger->number, 0), 1) < finger->size;
}

bool mem_valid_index(const struct mem_index *index) {
    return mem_valid_map(&index->map) && valid_current(index) && valid_finger(index) &&
           valid_small(index) && valid_large(index);
}

bool mem_valid_if_small(const struct mem_index *index) {
    return mem_granule_bytes(index->map.granules) > 16384 || mem_valid_index(index);
}
