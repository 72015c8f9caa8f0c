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

/* The largest value of the node below a position; 0 where the tree has no such node. */
static uint32_t largest_below(const struct mem_maxima *tree, uint32_t position, uint32_t nodes,
                              enum mem_width width) {
    uint32_t below = position + 1;
    uint32_t largest = 0;
    for (uint32_t lane = 0; below < nodes && lane < MEM_LANES; lane++) {
        uint32_t value = mem_maxima_value(tree, (below << MEM_LANES_SHIFT) + lane, width);
        largest = value > largest ? value : largest;
    }
    return largest;
}

static uint32_t nodes_of(const struct mem_maxima *tree, uint32_t elements) {
    return (tree->first + elements + MEM_LANES - 1) >> MEM_LANES_SHIFT;
}

bool mem_valid_maxima(const struct mem_maxima *tree, uint32_t elements, enum mem_width width) {
    uint32_t nodes = nodes_of(tree, elements);
    for (uint32_t position = tree->first + elements; position < nodes << MEM_LANES_SHIFT;
         position++)
        if (mem_maxima_value(tree, position, width) != 0)
            return false;
    for (uint32_t position = 0; position < tree->first; position++)
        if (mem_maxima_value(tree, position, width) != largest_below(tree, position, nodes, width))
            return false;
    return true;
}

/* Whether the values above an element are what they should be. */
static bool valid_path(const struct mem_maxima *tree, uint32_t element, uint32_t elements,
                       enum mem_width width) {
    uint32_t nodes = nodes_of(tree, elements);
    uint32_t position = tree->first + element;
    while (position >= MEM_LANES) {
        position = mem_maxima_above(position);
        if (mem_maxima_value(tree, position, width) != largest_below(tree, position, nodes, width))
            return false;
    }
    return true;
}

/* Whether the map leads from the start of a block to its end and back, and the block touches no
 * chunk if it is one. */
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

/* Invariant 2: the bits before the first granule and after the last. */
static bool valid_sentinels(const struct mem_map *map) {
    const struct mem_segment *anchor = &map->segment[MEM_ANCHOR];
    const struct mem_segment *last = mem_map_segment(map, map->granules);
    uint64_t past = ~mem_bits_below(map->granules);
    return anchor->chunks == mem_bits_one(MEM_SEGMENT_GRANULES - 1) && anchor->objects == 0 &&
           (last->objects & past) == mem_bits_one(map->granules) && (last->chunks & past) == 0;
}

/* The blocks that lie between two granules. */
static bool valid_blocks(const struct mem_map *map, mem_granule from, mem_granule to) {
    mem_granule start = MEM_NO_GRANULE;
    for (mem_granule g = from; g <= to; g++) {
        if (!starts_block(map, g))
            continue;
        if (start != MEM_NO_GRANULE && !valid_block(map, start, g))
            return false;
        start = g;
    }
    return true;
}

static bool valid_tiling(const struct mem_map *map) {
    return starts_block(map, 0) && valid_blocks(map, 0, map->granules);
}

/* Whether the neighbours of a segment in the chain know it. */
static bool valid_links(const struct mem_map *map, int32_t number) {
    const struct mem_segment *segment = &map->segment[number];
    return segment->previous < number && map->segment[segment->previous].next == number &&
           map->segment[segment->next].previous == number;
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

/* Whether the byte of a segment holds what it should. */
static bool valid_byte(const struct mem_index *index, int32_t number) {
    mem_granule g = mem_map_granule(number, 0);
    mem_granule largest = largest_between(&index->map, g, g + MEM_SEGMENT_GRANULES, 1);
    mem_granule held = largest < MEM_SMALL_MAX ? largest : MEM_SMALL_MAX;
    return mem_maxima_get(&index->small, (uint32_t)number, MEM_BYTES) == held;
}

static bool valid_small(const struct mem_index *index) {
    uint32_t segments = mem_index_segments(index->map.granules);
    for (uint32_t number = 0; number < segments; number++)
        if (!valid_byte(index, (int32_t)number))
            return false;
    return mem_valid_maxima(&index->small, segments, MEM_BYTES);
}

/* Whether the word of a stretch holds what it should: 0 if its chunk is the current one. */
static bool valid_word(const struct mem_index *index, uint32_t stretch) {
    mem_granule g = stretch << MEM_STRETCH_SHIFT;
    mem_granule largest =
        largest_between(&index->map, g, g + MEM_STRETCH_GRANULES, MEM_SMALL_MAX + 1);
    mem_granule held = index->current.start - g < MEM_STRETCH_GRANULES ? 0 : largest;
    return mem_maxima_get(&index->large, stretch, MEM_WORDS) == held;
}

static bool valid_large(const struct mem_index *index) {
    uint32_t stretches = mem_index_stretches(index->map.granules);
    for (uint32_t stretch = 0; stretch < stretches; stretch++)
        if (!valid_word(index, stretch))
            return false;
    return mem_valid_maxima(&index->large, stretches, MEM_WORDS);
}

/* The first granule of the segments of a node of bytes. */
static mem_granule node_start(int32_t node) {
    return mem_map_granule(node << MEM_LANES_SHIFT, 0);
}

static bool valid_current(const struct mem_index *index) {
    const struct mem_current *current = &index->current;
    const struct mem_map *map = &index->map;
    if (current->start == current->end)
        return current->start == MEM_NO_GRANULE && index->free < MEM_GRANULES_MAX;
    return current->start < current->end && current->end - current->start > MEM_SMALL_MAX &&
           current->end <= map->granules && mem_map_is_chunk(map, current->start) &&
           mem_map_end(map, current->start) == current->end &&
           largest_between(map, 0, current->start, 1) < current->floor;
}

/* Floors rise with the sizes, and no chunk before one is as large as its size. */
static bool valid_floors(const struct mem_index *index) {
    const uint32_t last = mem_index_segments(index->map.granules) - 1;
    mem_granule largest = 0;
    int32_t below = 0;
    for (mem_granule size = 1; size <= MEM_LANES; size++) {
        int32_t floor = index->floors.node[size - 1];
        if (floor < below || (uint32_t)floor > mem_index_node(last))
            return false;
        mem_granule more = largest_between(&index->map, node_start(below), node_start(floor), 1);
        largest = more > largest ? more : largest;
        if (largest >= size)
            return false;
        below = floor;
    }
    return true;
}

/* Whether the counters agree with the map. */
static bool valid_totals(const struct mem_index *index) {
    const struct mem_map *map = &index->map;
    mem_granule chunks = 0, granules = 0;
    for (mem_granule g = 0; g < map->granules; g++)
        if (mem_map_is_chunk(map, g)) {
            chunks++;
            granules += mem_map_end(map, g) - g;
        }
    return mem_index_chunks(index) == chunks && mem_index_free(index) == granules;
}

/* All but the order, which is updated after the rest. */
static bool valid_but_for_order(const struct mem_index *index) {
    return mem_valid_map(&index->map) && valid_current(index) && valid_floors(index) &&
           valid_small(index) && valid_large(index) && valid_totals(index);
}

bool mem_valid_index(const struct mem_index *index) {
    return valid_but_for_order(index) && mem_valid_order(index);
}

/* Regions up to SMALL are checked as a whole; of larger ones, NEAR granules on either side of a
 * change. */
enum { SMALL = 1024 }; /* granules */
enum { NEAR = 128 };   /* granules */

static bool valid_segments(const struct mem_index *index, mem_granule from, mem_granule to) {
    uint32_t segments = mem_index_segments(index->map.granules);
    for (int32_t number = mem_map_number(from); number <= mem_map_number(to); number++) {
        if ((uint32_t)number >= segments)
            break;
        if (index->map.segment[number].chunks != 0 && !valid_links(&index->map, number))
            return false;
        if (!valid_byte(index, number) ||
            !valid_path(&index->small, (uint32_t)number, segments, MEM_BYTES))
            return false;
    }
    return true;
}

static bool valid_stretches(const struct mem_index *index, mem_granule from, mem_granule to) {
    uint32_t stretches = mem_index_stretches(index->map.granules);
    for (uint32_t n = mem_index_stretch(from); n <= mem_index_stretch(to) && n < stretches; n++)
        if (!valid_word(index, n) || !valid_path(&index->large, n, stretches, MEM_WORDS))
            return false;
    return true;
}

bool mem_valid_near(const struct mem_index *index, mem_granule g) {
    mem_granule granules = index->map.granules;
    if (granules <= SMALL)
        return valid_but_for_order(index);
    mem_granule from = g > NEAR ? g - NEAR : 0;
    mem_granule to = g < granules - NEAR ? g + NEAR : granules;
    return valid_sentinels(&index->map) && valid_blocks(&index->map, from, to) &&
           valid_segments(index, from, to) && valid_stretches(index, from, to);
}

mem_granule mem_valid_chunk_around(const struct mem_index *index, mem_granule g) {
    const struct mem_map *map = &index->map;
    int32_t number = mem_map_number(g);
    uint64_t chunks = map->segment[number].chunks & (mem_bits_below(g) | mem_bits_one(g));
    if (chunks == 0) {
        number = number > 0 ? mem_index_chain_previous(index, number - 1) : MEM_ANCHOR;
        if (number == MEM_ANCHOR)
            return MEM_NO_GRANULE;
        chunks = map->segment[number].chunks;
    }
    mem_granule chunk = mem_map_granule(number, mem_bits_highest(chunks));
    return g < mem_map_chunk_end(map, chunk) ? chunk : MEM_NO_GRANULE;
}
