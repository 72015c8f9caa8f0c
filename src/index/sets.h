/*
 * sets.h - for each size below 128 granules, the set of the segments in which a chunk of exactly
 * that size starts.
 *
 * A set is a tree of words, sixty-four branches to each. On the lowest level, a bit is a segment;
 * above, it says that the word below is not 0. The words of all sizes stand side by side in a node,
 * level after level from the lowest on. So chunks that lie near each other need few pages:
 *
 *     level    0 (segments)                                1 ...
 *     node     0                     1 ...                 0 ...
 *     words    size 0, 1, ... 127  | size 0, 1, ... 127  | size 0, 1, ... 127  |
 *
 * Invariants:
 * 1. A bit above the lowest level is set if and only if the word of its size in the node below is
 *    not 0.
 * 2. `sizes` has the bit of each size whose set is not empty.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_SETS_H
#define MEM_SETS_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "index/bits.h"
#include "system/assertion.h"

/* Sizes from 1 on have a set, up to one less than this. */
#define MEM_SETS_SIZES UINT32_C(128)

/* The bits of a word. */
#define MEM_SETS_SHIFT 6
#define MEM_SETS_BITS (UINT32_C(1) << MEM_SETS_SHIFT)

enum { MEM_SETS_LEVELS = 5 }; /* enough for 2^30 segments */

struct mem_sets {
    uint64_t *words;
    uint64_t sizes[MEM_SETS_SIZES / MEM_SETS_BITS];
    uint32_t first[MEM_SETS_LEVELS]; /* the first node of each level */
    uint32_t root;                   /* the highest level, which has one node */
};

/* Lays out the sets of so many segments; returns how many nodes they have. */
static inline size_t mem_sets_plan(struct mem_sets *sets, uint32_t segments) {
    uint32_t nodes = 0;
    uint32_t members = segments;
    for (sets->root = 0;; sets->root++) {
        sets->first[sets->root] = nodes;
        members = (members + MEM_SETS_BITS - 1) >> MEM_SETS_SHIFT;
        nodes += members;
        if (members == 1)
            return nodes;
    }
}

/* The bytes of the sets of so many segments: some 16 for each. */
static inline size_t mem_sets_bytes(uint32_t segments) {
    struct mem_sets sets;
    return mem_sets_plan(&sets, segments) * MEM_SETS_SIZES * sizeof(uint64_t);
}

/* Makes sets that are empty. The memory must be zeroed and mem_sets_bytes() long. O(1). */
static inline void mem_sets_init(struct mem_sets *sets, void *memory, uint32_t segments) {
    *sets = (struct mem_sets){.words = memory};
    (void)mem_sets_plan(sets, segments);
}

/* The word of a size on a level in which the bit of that number is. */
static inline uint64_t *mem_sets_word(const struct mem_sets *sets, uint32_t level, uint32_t number,
                                      uint32_t size) {
    size_t node = (size_t)sets->first[level] + (number >> MEM_SETS_SHIFT);
    return &sets->words[node * MEM_SETS_SIZES + size];
}

/* The same on the lowest level, which is the first. */
static inline uint64_t *mem_sets_lowest_word(const struct mem_sets *sets, uint32_t number,
                                             uint32_t size) {
    return &sets->words[(size_t)(number >> MEM_SETS_SHIFT) * MEM_SETS_SIZES + size];
}

/* Propagate upwards that a word on the lowest level has become nonzero (rise) or zero (fall);
 * `number` is its bit on level 1. O(log n). */

static inline void mem_sets_rise(struct mem_sets *sets, uint32_t number, uint32_t size) {
    for (uint32_t level = 1; level <= sets->root; level++, number >>= MEM_SETS_SHIFT) {
        uint64_t *word = mem_sets_word(sets, level, number, size);
        uint64_t old = *word;
        *word = old | mem_bits_one(number);
        if (old != 0)
            return;
    }
    sets->sizes[size / MEM_SETS_BITS] |= mem_bits_one(size);
}

static inline void mem_sets_fall(struct mem_sets *sets, uint32_t number, uint32_t size) {
    for (uint32_t level = 1; level <= sets->root; level++, number >>= MEM_SETS_SHIFT) {
        uint64_t *word = mem_sets_word(sets, level, number, size);
        *word &= ~mem_bits_one(number);
        if (*word != 0)
            return;
    }
    sets->sizes[size / MEM_SETS_BITS] &= ~mem_bits_one(size);
}

/* Puts a segment into the set of a size, and takes it out; either may be so already. O(log n),
 * mostly O(1). */

static inline void mem_sets_add(struct mem_sets *sets, int32_t segment, uint32_t size) {
    mem_assert(size > 0 && size < MEM_SETS_SIZES, "a size that has a set");
    uint32_t number = (uint32_t)segment;
    uint64_t *word = mem_sets_lowest_word(sets, number, size);
    uint64_t old = *word;
    *word = old | mem_bits_one(number);
    if (old == 0)
        mem_sets_rise(sets, number >> MEM_SETS_SHIFT, size);
}

static inline void mem_sets_drop(struct mem_sets *sets, int32_t segment, uint32_t size) {
    uint32_t number = (uint32_t)segment;
    uint64_t *word = mem_sets_lowest_word(sets, number, size);
    *word &= ~mem_bits_one(number);
    if (*word == 0)
        mem_sets_fall(sets, number >> MEM_SETS_SHIFT, size);
}

/* The lowest size from one on whose set is not empty; MEM_SETS_SIZES when there is none. O(1). */
static inline uint32_t mem_sets_size_from(const struct mem_sets *sets, uint32_t size) {
    uint64_t low = sets->sizes[0], high = sets->sizes[1];
    if (size < MEM_SETS_BITS) {
        low &= ~mem_bits_below(size);
        if (low != 0)
            return mem_bits_lowest(low);
    } else if (size < MEM_SETS_SIZES) {
        high &= ~mem_bits_below(size);
    } else {
        return MEM_SETS_SIZES;
    }
    return high != 0 ? MEM_SETS_BITS + mem_bits_lowest(high) : MEM_SETS_SIZES;
}

/* The first segment in the set of a size, which is not empty. O(log n). */
static inline int32_t mem_sets_lowest(const struct mem_sets *sets, uint32_t size) {
    uint32_t number = 0;
    for (uint32_t level = sets->root + 1; level-- > 0;) {
        uint64_t word = *mem_sets_word(sets, level, number << MEM_SETS_SHIFT, size);
        number = (number << MEM_SETS_SHIFT) + mem_bits_lowest(word);
    }
    return (int32_t)number;
}

#endif
