/*
 * valid_order.c - checks of the order against the map: it has exactly the chunks that the map has.
 * Where no order is kept, there is nothing to check.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index/valid.h"

/* ---- Chunks that have no node ---- */

/* Whether a chunk of that size, which has a set, starts in the segment. */
static bool has_chunk(const struct mem_map *map, int32_t number, mem_granule size) {
    for (uint64_t chunks = map->segment[number].chunks; chunks != 0; chunks &= chunks - 1)
        if (mem_map_chunk_size(map, number, mem_bits_lowest(chunks)) == size)
            return true;
    return false;
}

static bool is_member(const struct mem_sets *sets, uint32_t level, uint32_t number, uint32_t size) {
    return (*mem_sets_word(sets, level, number, size) & mem_bits_one(number)) != 0;
}

/* Whether what stands above the word of a size tells if it is 0. */
static bool valid_above(const struct mem_sets *sets, uint32_t level, uint32_t number,
                        uint32_t size) {
    bool has_bits = *mem_sets_word(sets, level, number, size) != 0;
    if (level < sets->root)
        return is_member(sets, level + 1, number >> MEM_SETS_SHIFT, size) == has_bits;
    return ((sets->sizes[size / MEM_SETS_BITS] & mem_bits_one(size)) != 0) == has_bits;
}

/* Whether a segment is in the set of a size if it should be, with all that stands above it. */
static bool valid_member(const struct mem_sets *sets, const struct mem_map *map, int32_t segment,
                         mem_granule size) {
    uint32_t number = (uint32_t)segment;
    if (is_member(sets, 0, number, size) != has_chunk(map, segment, size))
        return false;
    for (uint32_t level = 0; level <= sets->root; level++, number >>= MEM_SETS_SHIFT)
        if (!valid_above(sets, level, number, size))
            return false;
    return true;
}

static bool valid_members(const struct mem_sets *sets, const struct mem_map *map, int32_t number) {
    for (mem_granule size = 1; size < MEM_SETS_SIZES; size++)
        if (!valid_member(sets, map, number, size))
            return false;
    return true;
}

/* ---- Chunks that have a node ---- */

/* The chunk of a segment that has a node, or MEM_NO_GRANULE. */
static mem_granule chunk_with_node(const struct mem_order *order, const struct mem_map *map,
                                   int32_t number) {
    uint64_t chunks = map->segment[number].chunks;
    if (chunks == 0)
        return MEM_NO_GRANULE;
    mem_granule g = mem_map_granule(number, mem_bits_highest(chunks));
    bool is_large = mem_map_chunk_end(map, g) - g >= MEM_TRIES_LEAST;
    return is_large && g != order->apart.g ? g : MEM_NO_GRANULE;
}

/* Invariant 3. */
static bool valid_apart(const struct mem_order *order, const struct mem_map *map) {
    const struct mem_apart *apart = &order->apart;
    if (apart->size == 0)
        return apart->g == MEM_NO_GRANULE;
    return apart->size >= MEM_TRIES_LEAST && apart->g < map->granules &&
           mem_map_is_chunk(map, apart->g) &&
           mem_map_chunk_end(map, apart->g) - apart->g == apart->size;
}

/* Whether the node of a chunk is found where the bits of its key lead. */
static bool valid_node(const struct mem_tries *tries, mem_granule g, mem_granule size) {
    uint32_t place = mem_tries_place(g);
    unsigned trie = mem_tries_of(size);
    uint64_t path = mem_tries_path(tries, mem_tries_key(tries, size, place), trie);
    uint32_t above = 0;
    uint32_t node = tries->root[trie];
    for (; node != 0 && node != place + 1; path <<= 1) {
        above = node;
        node = tries->nodes[node].below[path >> 63];
    }
    return node != 0 && tries->nodes[node].size == size && tries->nodes[node].above == above;
}

/* The next node in preorder, or 0. */
static uint32_t next_node(const struct mem_tries *tries, uint32_t node) {
    const struct mem_node *at = &tries->nodes[node];
    if (at->below[0] != 0 || at->below[1] != 0)
        return at->below[0] != 0 ? at->below[0] : at->below[1];
    for (; at->above != 0; at = &tries->nodes[node]) {
        uint32_t beside = tries->nodes[at->above].below[1];
        if (beside != 0 && beside != node)
            return beside;
        node = at->above;
    }
    return 0;
}

static uint32_t nodes_in(const struct mem_tries *tries) {
    uint32_t count = 0;
    for (unsigned trie = 0; trie < MEM_TRIES_COUNT; trie++)
        for (uint32_t node = tries->root[trie]; node != 0; node = next_node(tries, node))
            count++;
    return count;
}

static bool valid_used(const struct mem_tries *tries) {
    for (unsigned trie = 0; trie < MEM_TRIES_COUNT; trie++)
        if ((tries->root[trie] != 0) != ((tries->used & mem_bits_one(trie)) != 0))
            return false;
    return true;
}

/* ---- Both ---- */

static bool valid_segment(const struct mem_order *order, const struct mem_map *map,
                          int32_t number) {
    mem_granule g = chunk_with_node(order, map, number);
    return valid_members(&order->sets, map, number) &&
           (g == MEM_NO_GRANULE || valid_node(&order->tries, g, mem_map_chunk_end(map, g) - g));
}

bool mem_valid_order(const struct mem_index *index) {
    const struct mem_order *order = index->order;
    if (order == NULL)
        return true;
    uint32_t nodes = 0;
    int32_t segments = (int32_t)mem_index_segments(index->map.granules);
    for (int32_t number = 0; number < segments; number++) {
        if (!valid_segment(order, &index->map, number))
            return false;
        nodes += chunk_with_node(order, &index->map, number) != MEM_NO_GRANULE;
    }
    return nodes_in(&order->tries) == nodes && valid_used(&order->tries) &&
           valid_apart(order, &index->map);
}

/* Regions up to SMALL are checked as a whole; of larger ones the segment of g, and those beside it.
 */
enum { SMALL = 1024 }; /* granules */

bool mem_valid_order_near(const struct mem_index *index, mem_granule g) {
    if (index->map.granules <= SMALL)
        return mem_valid_order(index);
    int32_t number = mem_map_number(g);
    int32_t last = (int32_t)mem_index_segments(index->map.granules) - 1;
    for (int32_t n = number > 0 ? number - 1 : 0; n <= number + 1 && n <= last; n++)
        if (!valid_segment(index->order, &index->map, n))
            return false;
    return valid_used(&index->order->tries) && valid_apart(index->order, &index->map);
}
