/*
 * index.c - the free chunks of a region, by size and by address; index.h tells
 * the layout.
 *
 * Invariants, besides those of the map:
 * 1. small holds for each segment min(255, the size of its largest chunk), 0 without.
 * 2. large holds for each stretch the size of its chunk of at least 256 granules, or 0, or
 *    more for the stretch in which the current chunk starts.
 * 3. The current chunk is a chunk of the map of at least 256 granules, or none.
 * 4. All chunks before the current chunk are smaller than the floor.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index.h"

#define STRETCH_SEGMENTS (1 << (MEM_STRETCH_SHIFT - MEM_SEGMENT_SHIFT))

static const struct mem_current NO_CURRENT = {MEM_NO_GRANULE, MEM_NO_GRANULE, MEM_NO_FLOOR};

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
    index->current = NO_CURRENT;
    index->finger = (struct mem_finger){MEM_NO_GRANULE, 0};
}

static uint32_t stretch_of(mem_granule g) {
    return g >> MEM_STRETCH_SHIFT;
}

/* Makes what `large` holds for the current chunk its size. */
static void settle_current(struct mem_index *index) {
    const struct mem_current *current = &index->current;
    if (current->start != current->end)
        mem_maxima_lower(&index->large, stretch_of(current->start), current->end - current->start,
                         MEM_WORDS);
}

/* The chunk of at least 256 granules that starts in a stretch which has one: the
 * last of the stretch. */
static mem_granule stretch_chunk(const struct mem_map *map, uint32_t stretch) {
    int32_t number = (int32_t)(stretch + 1) * STRETCH_SEGMENTS - 1;
    while (map->segment[number].chunks == 0)
        number--;
    return mem_map_granule(number, mem_bits_highest(map->segment[number].chunks));
}

static mem_granule segment_first_fit(const struct mem_map *map, int32_t number, mem_granule size) {
    uint64_t chunks = map->segment[number].chunks;
    mem_granule g = mem_map_granule(number, mem_bits_lowest(chunks));
    while (mem_map_chunk_end(map, g) - g < size) {
        chunks &= chunks - 1;
        g = mem_map_granule(number, mem_bits_lowest(chunks));
    }
    return g;
}

static mem_granule first_fit_small(const struct mem_index *index, mem_granule size) {
    uint32_t number;
    if (!mem_maxima_find(&index->small, size, MEM_BYTES, &number))
        return MEM_NO_GRANULE;
    return segment_first_fit(&index->map, (int32_t)number, size);
}

static mem_granule first_fit_large(struct mem_index *index, mem_granule size) {
    uint32_t stretch;
    settle_current(index);
    if (!mem_maxima_find(&index->large, size, MEM_WORDS, &stretch))
        return MEM_NO_GRANULE;
    return stretch_chunk(&index->map, stretch);
}

mem_granule mem_index_first_fit(struct mem_index *index, mem_granule size) {
    return size > MEM_SMALL_MAX ? first_fit_large(index, size) : first_fit_small(index, size);
}

mem_granule mem_index_worst_fit(struct mem_index *index, mem_granule size) {
    settle_current(index);
    mem_granule largest = mem_maxima_largest(&index->large, MEM_WORDS);
    if (largest == 0)
        largest = mem_maxima_largest(&index->small, MEM_BYTES);
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
        mem_granule found = mem_map_chunk_end(map, g) - g;
        if (found >= size && found < best->size)
            *best = (struct best){g, found};
    }
}

/* Chunks of more than 255 granules stand in the large array with their sizes. */
static mem_granule best_fit_large(struct mem_index *index, mem_granule size) {
    uint32_t best = 0;
    mem_granule best_size = UINT32_MAX;
    uint32_t stretch;
    settle_current(index);
    bool more = mem_maxima_find(&index->large, size, MEM_WORDS, &stretch);
    for (; more; more = mem_maxima_find_after(&index->large, size, MEM_WORDS, &stretch)) {
        mem_granule found = mem_maxima_get(&index->large, stretch, MEM_WORDS);
        if (found < best_size) {
            best = stretch;
            best_size = found;
        }
        if (found == size)
            break;
    }
    return best_size == UINT32_MAX ? MEM_NO_GRANULE : stretch_chunk(&index->map, best);
}

/* The search ends early at a chunk of exactly that size. */
mem_granule mem_index_best_fit(struct mem_index *index, mem_granule size) {
    if (size > MEM_SMALL_MAX)
        return best_fit_large(index, size);
    struct best best = {MEM_NO_GRANULE, UINT32_MAX};
    uint32_t number;
    bool more = mem_maxima_find(&index->small, size, MEM_BYTES, &number);
    while (more && best.size != size) {
        best_of_segment(&index->map, (int32_t)number, size, &best);
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

static void raise_large(struct mem_index *index, mem_granule g, mem_granule size) {
    mem_maxima_raise(&index->large, stretch_of(g), size, MEM_WORDS);
}

static void lower_large(struct mem_index *index, mem_granule g) {
    mem_maxima_lower(&index->large, stretch_of(g), 0, MEM_WORDS);
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

void mem_index_set_current(struct mem_index *index, mem_granule g, mem_granule end) {
    settle_current(index);
    index->current = (struct mem_current){g, end, MEM_NO_FLOOR};
}

void mem_index_carve(struct mem_index *index, mem_granule cut) {
    struct mem_current *current = &index->current;
    if (stretch_of(current->start) != stretch_of(cut)) {
        lower_large(index, current->start);
        raise_large(index, cut, current->end - cut);
    }
    current->start = cut;
}

void mem_index_drop_large(struct mem_index *index, mem_granule g) {
    if (g == index->current.start)
        index->current = NO_CURRENT;
    lower_large(index, g);
}

void mem_index_join_large(struct mem_index *index, mem_granule first, mem_granule after,
                          mem_granule last) {
    struct mem_current *current = &index->current;
    if (current->start - first < last - first) {
        current->start = first;
        current->end = last;
    }
    if (last - after > MEM_SMALL_MAX && stretch_of(after) != stretch_of(first))
        lower_large(index, after);
    raise_large(index, first, last - first);
}
