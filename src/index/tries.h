/*
 * tries.h - chunks of 128 granules or more in order of their sizes, and of their addresses among
 * equals.
 *
 * A place is 128 granules. At most one such chunk starts in a place, since it ends beyond it. So a
 * node stands ready for each place, and none is ever allocated.
 *
 * Chunks whose sizes have the same highest bit, and the same bit below that, share a trie. Their
 * key is the other bits of the size, followed by those of the place's number. A node at depth d has
 * the first d bits of its key in common with all nodes below it; which of these keys it has itself
 * is left open. (So are the bins for large chunks of Doug Lea's malloc, version 2.8, where chunks
 * of one size hang in a list.) Nothing is ever rotated: a node joins where its path ends, and one
 * that leaves is replaced by a leaf below it.
 *
 * A path is no longer than the key: in a region of n granules, log2 n bits of the size and
 * log2 (n / 128) of the place.
 *
 * Invariants:
 * 1. A node lies where the bits of its key lead: bit d of it tells the side at depth d.
 * 2. `used` has the bit of each trie that has nodes.
 * 3. Each node knows the one above it, and roots have none.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_TRIES_H
#define MEM_TRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/bits.h"
#include "index/granule.h"
#include "system/names.h"

/* A place is so many granules, and the smallest size that has a node. */
#define MEM_PLACE_SHIFT 7
#define MEM_TRIES_LEAST (UINT32_C(1) << MEM_PLACE_SHIFT)

enum { MEM_TRIES_COUNT = 64 };

/* The node of place n has the number n + 1: 0 is none. */
struct mem_node {
    uint32_t below[2]; /* where the next bit of the key is 0, and where it is 1 */
    uint32_t above;
    mem_granule size;
};

struct mem_tries {
    struct mem_node *nodes;
    uint64_t used;
    unsigned place_bits; /* of a key */
    uint32_t root[MEM_TRIES_COUNT];
};

/* The place in which a granule lies. */
static inline uint32_t mem_tries_place(mem_granule g) {
    return g >> MEM_PLACE_SHIFT;
}

/* The trie for a size: 14 for 128 to 191, 15 for 192 to 255, 16 for 256 to 383, ... */
static inline unsigned mem_tries_of(mem_granule size) {
    unsigned highest = mem_bits_highest(size);
    return 2 * highest + (size >> (highest - 1) & 1);
}

/* What orders the chunks: the size, then the place. */
static inline uint64_t mem_tries_key(const struct mem_tries *tries, mem_granule size,
                                     uint32_t place) {
    return (uint64_t)size << tries->place_bits | place;
}

/* The bits of a key that follow the two that all in the trie have, from bit 63 down. */
static inline uint64_t mem_tries_path(const struct mem_tries *tries, uint64_t key, unsigned trie) {
    return key << (65 - tries->place_bits - trie / 2);
}

/* Whether the tries may have a chunk of `least` to `most` granules; false tells that they have
 * none. A `least` below 128 means no lower bound. O(1). */
static inline bool mem_tries_may_have(const struct mem_tries *tries, mem_granule least,
                                      mem_granule most) {
    uint64_t used = tries->used & ~mem_bits_above(mem_tries_of(most));
    if (least > MEM_TRIES_LEAST)
        used &= ~mem_bits_below(mem_tries_of(least));
    return used != 0;
}

/* The bytes that the nodes for so many granules need: 16 for each 128, and for one more. */
static inline size_t mem_tries_bytes(mem_granule granules) {
    return ((size_t)mem_tries_place(granules) + 2) * sizeof(struct mem_node);
}

/* Makes tries that are empty. The memory needs to be aligned to 16 bytes and to be
 * mem_tries_bytes() long. */
void mem_tries_init(struct mem_tries *tries, void *memory, mem_granule granules);

/* Adds and removes the chunk of that size at g. O(log n). */
void mem_tries_add(struct mem_tries *tries, mem_granule g, mem_granule size);
void mem_tries_drop(struct mem_tries *tries, mem_granule g, mem_granule size);

/* Replaces the chunk of the old size at `from` by one of another size at `to`. O(log n), and less
 * than removing and adding where the path hardly changes. */
void mem_tries_change(struct mem_tries *tries, mem_granule from, mem_granule old, mem_granule to,
                      mem_granule size);

/* A chunk in the tries. */
struct mem_large {
    uint32_t place;   /* where it starts */
    mem_granule size; /* 0: there is none */
};

/* The first in the order of at least that size, which is MEM_TRIES_LEAST or more. O(log n). */
struct mem_large mem_tries_best(const struct mem_tries *tries, mem_granule size);

#endif
