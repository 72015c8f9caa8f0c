/*
 * sets.h - for each size below 128 granules, the set of the segments in which a chunk of exactly
 * that size starts.
 *
 * A set is a tree of words: a bit tells whether the word below it, or the segment, is a member.
 * The words of all sizes stand side by side in a node, and the nodes level after level from the
 * root on, as those of maxima.h do. So chunks that lie near each other need few pages of the
 * memory:
 *
 *     node     0 (root)              1 ... 64              65 ...
 *     words    size 0, 1, ... 127  | size 0, 1, ... 127  | size 0, 1, ... 127
 *
 * A position is that of a bit: those of node i are 64 i to 64 i + 63, and stand for the nodes of
 * these numbers plus one, or on the lowest level for segments. There are at most five levels.
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

#include <stddef.h>
#include <stdint.h>

#include "index/bits.h"
#include "system/assertion.h"

/* Sizes from 1 on have a set, up to one less than this. */
#define MEM_SETS_SIZES UINT32_C(128)

/* The bits of a word. */
#define MEM_SETS_SHIFT 6
#define MEM_SETS_BITS (UINT32_C(1) << MEM_SETS_SHIFT)

struct mem_sets {
    uint64_t *words;
    uint64_t sizes[MEM_SETS_SIZES / MEM_SETS_BITS];
    uint32_t first; /* the position of segment 0 */
};

/* The position of the first of so many segments: 0, 64, 64 + 4096, ... */
static inline uint32_t mem_sets_first(uint32_t segments) {
    uint32_t first = 0;
    for (uint64_t room = MEM_SETS_BITS; room < segments; room <<= MEM_SETS_SHIFT)
        first = (first + 1) << MEM_SETS_SHIFT;
    return first;
}

/* The bytes of the sets of so many segments: some 16 for each. */
static inline size_t mem_sets_bytes(uint32_t segments) {
    size_t positions = (size_t)mem_sets_first(segments) + segments;
    size_t nodes = (positions + MEM_SETS_BITS - 1) >> MEM_SETS_SHIFT;
    return nodes * MEM_SETS_SIZES * sizeof(uint64_t);
}

/* Makes sets that are empty. The memory must be zeroed and mem_sets_bytes() long. O(1). */
static inline void mem_sets_init(struct mem_sets *sets, void *memory, uint32_t segments) {
    *sets = (struct mem_sets){.words = memory, .first = mem_sets_first(segments)};
}

/* The word of a size in the node in which a position lies. */
static inline uint64_t *mem_sets_word(const struct mem_sets *sets, uint32_t position,
                                      uint32_t size) {
    return &sets->words[(size_t)(position >> MEM_SETS_SHIFT) * MEM_SETS_SIZES + size];
}

/* The position of the bit above such a word, which is not in the root. */
static inline uint32_t mem_sets_above(uint32_t position) {
    return (position >> MEM_SETS_SHIFT) - 1;
}

/* Puts a segment into the set of a size, if it is not there. O(log n), mostly O(1). */
static inline void mem_sets_add(struct mem_sets *sets, int32_t number, uint32_t size) {
    uint32_t position = sets->first + (uint32_t)number;
    mem_assert(size > 0 && size < MEM_SETS_SIZES, "a size that has a set");
    for (;;) {
        uint64_t *word = mem_sets_word(sets, position, size);
        uint64_t old = *word;
        *word = old | mem_bits_one(position);
        if (old != 0)
            return;
        if (position < MEM_SETS_BITS)
            break;
        position = mem_sets_above(position);
    }
    sets->sizes[size / MEM_SETS_BITS] |= mem_bits_one(size);
}

/* Takes a segment out of the set of a size, if it is there. O(log n), mostly O(1). */
static inline void mem_sets_drop(struct mem_sets *sets, int32_t number, uint32_t size) {
    uint32_t position = sets->first + (uint32_t)number;
    for (;;) {
        uint64_t *word = mem_sets_word(sets, position, size);
        *word &= ~mem_bits_one(position);
        if (*word != 0)
            return;
        if (position < MEM_SETS_BITS)
            break;
        position = mem_sets_above(position);
    }
    sets->sizes[size / MEM_SETS_BITS] &= ~mem_bits_one(size);
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
    uint32_t position = mem_bits_lowest(*mem_sets_word(sets, 0, size));
    while (position < sets->first) {
        position = (position + 1) << MEM_SETS_SHIFT;
        position += mem_bits_lowest(*mem_sets_word(sets, position, size));
    }
    return (int32_t)(position - sets->first);
}

#endif
