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

/* Bit i: a chunk of i granules, less than 64, starts in the segment. */
static uint64_t small_sizes(const struct mem_map *map, int32_t number) {
    uint64_t sizes = 0;
    for (uint64_t chunks = map->segment[number].chunks; chunks != 0; chunks &= chunks - 1) {
        mem_granule size = mem_map_chunk_size(map, number, mem_bits_lowest(chunks));
        sizes |= size < MEM_SETS_COUNT ? mem_bits_one(size) : 0;
    }
    return sizes;
}

/* The same as the sets have it. */
static uint64_t sizes_in_sets(const struct mem_sets *sets, int32_t number) {
    uint32_t position = sets->first + (uint32_t)number;
    uint64_t sizes = 0;
    for (uint32_t size = 0; size < MEM_SETS_COUNT; size++)
        if ((*mem_sets_word(sets, position, size) & mem_bits_one(position)) != 0)
            sizes |= mem_bits_one(size);
    return sizes;
}

/* Whether what stands above the word of a size tells if it is 0. */
static bool valid_above(const struct mem_sets *sets, uint32_t position, uint32_t size) {
    bool has_bits = *mem_sets_word(sets, position, size) != 0;
    if (position < MEM_SETS_COUNT)
        return ((sets->sizes & mem_bits_one(size)) != 0) == has_bits;
    uint32_t above = mem_sets_above(position);
    return ((*mem_sets_word(sets, above, size) & mem_bits_one(above)) != 0) == has_bits;
}

/* The same of all words above a segment. */
static bool valid_path(const struct mem_sets *sets, int32_t number) {
    for (uint32_t size = 0; size < MEM_SETS_COUNT; size++) {
        uint32_t position = sets->first + (uint32_t)number;
        for (; position >= MEM_SETS_COUNT; position = mem_sets_above(position))
            if (!valid_above(sets, position, size))
                return false;
        if (!valid_above(sets, position, size))
            return false;
    }
    return true;
}

/* ---- Chunks that have a node ---- */

/* The size of the chunk in the segment that has a node, or 0. */
static mem_granule large_size(const struct mem_order *order, const struct mem_map *map,
                              int32_t number) {
    uint64_t chunks = map->segment[number].chunks;
    if (chunks == 0)
        return 0;
    unsigned bit = mem_bits_highest(chunks);
    mem_granule size = mem_map_chunk_size(map, number, bit);
    bool has_node = size >= MEM_TRIES_LEAST && mem_map_granule(number, bit) != order->apart.g;
    return has_node ? size : 0;
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

/* Whether the node of a segment is found where the bits of its key lead. */
static bool valid_node(const struct mem_tries *tries, int32_t number, mem_granule size) {
    unsigned trie = mem_tries_of(size);
    uint64_t path = mem_tries_path(tries, mem_tries_key(tries, size, number), trie);
    uint32_t above = 0;
    uint32_t node = tries->root[trie];
    for (; node != 0 && node != (uint32_t)number + 1; path <<= 1) {
        above = node;
        node = tries->nodes[node].below[path >> 63];
    }
    return node != 0 && tries->nodes[node].size == size && tries->nodes[node].above == above;
}

/* The node that is counted after one: below it, or beside it or one above. */
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
    mem_granule size = large_size(order, map, number);
    return small_sizes(map, number) == sizes_in_sets(&order->sets, number) &&
           valid_path(&order->sets, number) &&
           (size == 0 || valid_node(&order->tries, number, size));
}

bool mem_valid_order(const struct mem_index *index) {
    const struct mem_order *order = index->order;
    if (order == NULL)
        return true;
    uint32_t nodes = 0;
    for (uint32_t number = 0; number < mem_index_segments(index->map.granules); number++) {
        if (!valid_segment(order, &index->map, (int32_t)number))
            return false;
        nodes += large_size(order, &index->map, (int32_t)number) != 0;
    }
    return nodes_in(&order->tries) == nodes && valid_used(&order->tries) &&
           valid_apart(order, &index->map);
}

/* A chunk that changed starts in the segment of g or in one beside it, or g lies in it. Regions of
 * SMALL granules are checked as a whole. */
enum { SMALL = 1024 };

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
