/*
 * index.c - the free chunks of a region, by size and by address; index.h tells
 * the layout.
 *
 * Invariants, besides those of the map:
 * 1. small holds for each segment min(255, the size of its largest chunk), 0 without.
 * 2. large holds for each stretch the size of its chunk of at least 256 granules, or 0.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index.h"

#define STRETCH_SEGMENTS (1 << (MEM_STRETCH_SHIFT - MEM_SEGMENT_SHIFT))

static uint32_t min(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static size_t aligned(size_t bytes) {
    return (bytes + MEM_INDEX_ALIGNMENT - 1) & ~(size_t)(MEM_INDEX_ALIGNMENT - 1);
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
}

/* Chunks of a segment: walked from the lowest bit up. All but the last end inside it,
 * at the next object. */

static mem_granule chunk_size(const struct mem_map *map, mem_granule g) {
    return mem_map_end(map, g) - g;
}

static bool is_last(uint64_t chunks) {
    return (chunks & (chunks - 1)) == 0;
}

/* The size of the lowest of the chunks given, which is not the last of the segment. */
static uint32_t inner_size(uint64_t objects, uint64_t chunks) {
    return mem_bits_lowest(objects >> mem_bits_lowest(chunks));
}

static mem_granule segment_last(const struct mem_map *map, int32_t number) {
    return mem_map_granule(number, mem_bits_highest(map->segment[number].chunks));
}

/* The size of the largest chunk that starts in a segment, 0 without one. */
static mem_granule segment_largest(const struct mem_map *map, int32_t number) {
    uint64_t chunks = map->segment[number].chunks;
    if (chunks == 0)
        return 0;
    mem_granule largest = chunk_size(map, segment_last(map, number));
    for (; !is_last(chunks); chunks &= chunks - 1) {
        mem_granule size = inner_size(map->segment[number].objects, chunks);
        largest = size > largest ? size : largest;
    }
    return largest;
}

/* The first chunk of at least that size in a segment which has one. */
static mem_granule segment_first_fit(const struct mem_map *map, int32_t number, mem_granule size) {
    uint64_t chunks = map->segment[number].chunks;
    uint64_t objects = map->segment[number].objects;
    while (!is_last(chunks) && inner_size(objects, chunks) < size)
        chunks &= chunks - 1;
    return mem_map_granule(number, mem_bits_lowest(chunks));
}

/* The chunk of at least 256 granules that starts in a stretch which has one: the
 * last of the stretch. */
static mem_granule stretch_chunk(const struct mem_map *map, uint32_t stretch) {
    int32_t number = (int32_t)(stretch + 1) * STRETCH_SEGMENTS - 1;
    while (map->segment[number].chunks == 0)
        number--;
    return segment_last(map, number);
}

mem_granule mem_index_first_fit(const struct mem_index *index, mem_granule size) {
    if (size > MEM_SMALL_MAX) {
        uint32_t stretch = mem_maxima_find(&index->large, size, MEM_WORDS);
        return stretch == MEM_NO_ELEMENT ? MEM_NO_GRANULE : stretch_chunk(&index->map, stretch);
    }
    uint32_t number = mem_maxima_find(&index->small, size, MEM_BYTES);
    if (number == MEM_NO_ELEMENT)
        return MEM_NO_GRANULE;
    return segment_first_fit(&index->map, (int32_t)number, size);
}

/* The size of the largest chunk, 0 when there is none. */
static mem_granule largest_size(const struct mem_index *index) {
    mem_granule largest = mem_maxima_largest(&index->large, MEM_WORDS);
    return largest != 0 ? largest : mem_maxima_largest(&index->small, MEM_BYTES);
}

mem_granule mem_index_worst_fit(const struct mem_index *index, mem_granule size) {
    mem_granule largest = largest_size(index);
    return largest < size ? MEM_NO_GRANULE : mem_index_first_fit(index, largest);
}

/* The best chunk that a best-fit search has seen. */
struct best {
    mem_granule g;
    mem_granule size;
};

static void best_of_segment(const struct mem_map *map, int32_t number, mem_granule size,
                            struct best *best) {
    for (uint64_t chunks = map->segment[number].chunks; chunks != 0; chunks &= chunks - 1) {
        mem_granule g = mem_map_granule(number, mem_bits_lowest(chunks));
        mem_granule found = chunk_size(map, g);
        if (found >= size && found < best->size)
            *best = (struct best){g, found};
    }
}

/* Chunks of more than 255 granules stand in the large array with their sizes. */
static mem_granule best_fit_large(const struct mem_index *index, mem_granule size) {
    uint32_t best = MEM_NO_ELEMENT;
    mem_granule best_size = UINT32_MAX;
    uint32_t stretch = mem_maxima_find(&index->large, size, MEM_WORDS);
    while (stretch != MEM_NO_ELEMENT && best_size != size) {
        mem_granule found = mem_maxima_get(&index->large, stretch, MEM_WORDS);
        if (found < best_size) {
            best = stretch;
            best_size = found;
        }
        stretch = mem_maxima_find_after(&index->large, stretch, size, MEM_WORDS);
    }
    return best == MEM_NO_ELEMENT ? MEM_NO_GRANULE : stretch_chunk(&index->map, best);
}

/* The search ends early at a chunk of exactly that size. */
mem_granule mem_index_best_fit(const struct mem_index *index, mem_granule size) {
    if (size > MEM_SMALL_MAX)
        return best_fit_large(index, size);
    struct best best = {MEM_NO_GRANULE, UINT32_MAX};
    uint32_t number = mem_maxima_find(&index->small, size, MEM_BYTES);
    while (number != MEM_NO_ELEMENT && best.size != size) {
        best_of_segment(&index->map, (int32_t)number, size, &best);
        number = mem_maxima_find_after(&index->small, number, size, MEM_BYTES);
    }
    return best.g;
}

/* The first segment after that of the number in which a chunk starts, or MEM_ANCHOR;
 * by the tree, because the segment itself may not be in the chain yet. */
static int32_t segment_with_chunk_after(const struct mem_index *index, int32_t number) {
    return (int32_t)mem_maxima_find_after(&index->small, (uint32_t)number, 1, MEM_BYTES);
}
static_assert((int32_t)MEM_NO_ELEMENT == MEM_ANCHOR, "no segment after: the chain ends");

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

/* Notes a chunk in its segment, which is in the chain. */
static void place(struct mem_index *index, mem_granule g, mem_granule size) {
    mem_map_segment(&index->map, g)->chunks |= mem_bits_one(g);
    mem_maxima_raise(&index->small, (uint32_t)mem_map_number(g), min(size, MEM_SMALL_MAX),
                     MEM_BYTES);
}

/* Takes a chunk out of its segment, and that out of the chain if it was the last. */
static void withdraw(struct mem_index *index, mem_granule g, mem_granule size) {
    int32_t number = mem_map_number(g);
    struct mem_segment *segment = &index->map.segment[number];
    segment->chunks &= ~mem_bits_one(g);
    if (segment->chunks == 0)
        mem_map_unchain(&index->map, number);
    if (min(size, MEM_SMALL_MAX) < mem_maxima_get(&index->small, (uint32_t)number, MEM_BYTES))
        return;
    mem_maxima_lower(&index->small, (uint32_t)number,
                     min(segment_largest(&index->map, number), MEM_SMALL_MAX), MEM_BYTES);
}

static uint32_t stretch_of(mem_granule g) {
    return g >> MEM_STRETCH_SHIFT;
}

static void large_raise(struct mem_index *index, mem_granule g, mem_granule size) {
    if (size > MEM_SMALL_MAX)
        mem_maxima_raise(&index->large, stretch_of(g), size, MEM_WORDS);
}

/* The chunk at g, of old granules, has size now, 0 for none. */
static void large_lower(struct mem_index *index, mem_granule g, mem_granule old, mem_granule size) {
    if (old > MEM_SMALL_MAX)
        mem_maxima_lower(&index->large, stretch_of(g), size > MEM_SMALL_MAX ? size : 0, MEM_WORDS);
}

void mem_index_grow(struct mem_index *index, mem_granule g, mem_granule size) {
    place(index, g, size);
    large_raise(index, g, size);
}

void mem_index_add(struct mem_index *index, mem_granule g, mem_granule size) {
    struct mem_map *map = &index->map;
    int32_t number = mem_map_number(g);
    if (map->segment[number].chunks == 0) {
        int32_t next = segment_with_chunk_after(index, number);
        mem_map_chain(map, number, map->segment[next].previous);
    }
    mem_index_grow(index, g, size);
}

void mem_index_remove(struct mem_index *index, mem_granule g, mem_granule size) {
    mem_assert(mem_map_is_chunk(&index->map, g), "what is removed is there");
    withdraw(index, g, size);
    large_lower(index, g, size, 0);
}

void mem_index_cut(struct mem_index *index, mem_granule g, mem_granule cut, mem_granule end) {
    mem_assert(g < cut && cut < end && mem_map_is_chunk(&index->map, g), "a cut inside a chunk");
    struct mem_map *map = &index->map;
    int32_t number = mem_map_number(cut);
    if (map->segment[number].chunks == 0)
        mem_map_chain(map, number, mem_map_number(g));
    /* First, so that a segment which holds both stays in the chain. */
    map->segment[number].chunks |= mem_bits_one(cut);
    withdraw(index, g, end - g);
    place(index, cut, end - cut);
    bool same = stretch_of(cut) == stretch_of(g);
    large_lower(index, g, end - g, same ? end - cut : 0);
    if (!same)
        large_raise(index, cut, end - cut);
}

void mem_index_extend(struct mem_index *index, mem_granule start, mem_granule g, mem_granule end) {
    struct mem_map *map = &index->map;
    int32_t number = mem_map_number(start);
    if (number == mem_map_number(g)) {
        map->segment[number].chunks ^= mem_bits_one(g);
    } else {
        if (map->segment[number].chunks == 0)
            mem_map_chain(map, number, map->segment[mem_map_number(g)].previous);
        withdraw(index, g, end - g);
        if (stretch_of(start) != stretch_of(g))
            large_lower(index, g, end - g, 0);
    }
    mem_index_grow(index, start, end - start);
}
