/*
 * maxima.h - an array of sizes, with a tree of maxima over it.
 *
 * It answers "the first element of at least so much", "the next one after
 * this", and "the largest" in time logarithmic in the number of elements, and is
 * itself a plain array: nodes of sixteen values (lanes.h), level after level
 * from the root, as a heap lies in an array (Williams, Algorithm 232:
 * Heapsort, CACM 7(6), 1964).
 *
 *     position    0 ... 15 | 16 ... 31 | 32 ... 47 | ...
 *     node        0 (root) | 1         | 2         |
 *
 * The value at position p is the largest in node p + 1, or, on the lowest
 * level, element p - first. A value is changed with everything that depends on it,
 * so the tree is exact whenever a function has returned.
 *
 * The elements are bytes or 32-bit words. All functions take that width as
 * a constant and are inlined, so that one text serves both.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MAXIMA_H
#define MEM_MAXIMA_H

#include <stddef.h>
#include <stdint.h>

#include "assertion.h"
#include "bits.h"
#include "lanes.h"

/* Bytes of an element. Words hold less than 2^31. */
enum mem_width { MEM_BYTES = 1, MEM_WORDS = 4 };

struct mem_maxima {
    void *values;   /* aligned to a node, sixteen values */
    uint32_t first; /* the position of element 0 */
};

/* No element: what a search returns that found nothing. */
#define MEM_NO_ELEMENT UINT32_MAX

/* The levels that a tree of so many elements has. */
static inline uint32_t mem_maxima_levels(uint32_t elements) {
    uint32_t levels = 1;
    for (uint64_t room = MEM_LANES; room < elements; room <<= MEM_LANES_SHIFT)
        levels++;
    return levels;
}

/* The position of element 0 below so many levels: 0, 16, 16 + 256, ... */
static inline uint32_t mem_maxima_first(uint32_t levels) {
    uint32_t first = 0;
    for (uint32_t level = 1; level < levels; level++)
        first = (first + 1) << MEM_LANES_SHIFT;
    return first;
}

/* The bytes of a tree of so many elements, whole nodes. */
static inline size_t mem_maxima_bytes(uint32_t elements, enum mem_width width) {
    size_t values = (size_t)mem_maxima_first(mem_maxima_levels(elements)) + elements;
    size_t nodes = (values + MEM_LANES - 1) >> MEM_LANES_SHIFT;
    return (nodes << MEM_LANES_SHIFT) * (size_t)width;
}

/* Makes a tree of elements that are all 0: memory is zeroed, aligned to
 * sixteen values, and mem_maxima_bytes() long. O(1). */
static inline void mem_maxima_init(struct mem_maxima *tree, void *memory, uint32_t elements) {
    tree->values = memory;
    tree->first = mem_maxima_first(mem_maxima_levels(elements));
}

static inline uint32_t mem_maxima_value(const struct mem_maxima *tree, uint32_t position,
                                        enum mem_width width) {
    if (width == MEM_BYTES)
        return ((const uint8_t *)tree->values)[position];
    return ((const uint32_t *)tree->values)[position];
}

static inline void mem_maxima_store(struct mem_maxima *tree, uint32_t position, uint32_t value,
                                    enum mem_width width) {
    if (width == MEM_BYTES)
        ((uint8_t *)tree->values)[position] = (uint8_t)value;
    else
        ((uint32_t *)tree->values)[position] = value;
}

/* Which of a node's values are at least `value`, which is not 0. */
static inline uint32_t mem_maxima_at_least(const struct mem_maxima *tree, uint32_t node,
                                           uint32_t value, enum mem_width width) {
    size_t position = (size_t)node << MEM_LANES_SHIFT;
    if (width == MEM_BYTES)
        return mem_lanes8_at_least((const uint8_t *)tree->values + position, value);
    return mem_lanes32_at_least((const uint32_t *)tree->values + position, value);
}

static inline uint32_t mem_maxima_of_node(const struct mem_maxima *tree, uint32_t node,
                                          enum mem_width width) {
    size_t position = (size_t)node << MEM_LANES_SHIFT;
    if (width == MEM_BYTES)
        return mem_lanes8_max((const uint8_t *)tree->values + position);
    return mem_lanes32_max((const uint32_t *)tree->values + position);
}

static inline uint32_t mem_maxima_get(const struct mem_maxima *tree, uint32_t element,
                                      enum mem_width width) {
    return mem_maxima_value(tree, tree->first + element, width);
}

/* The largest element. O(1). */
static inline uint32_t mem_maxima_largest(const struct mem_maxima *tree, enum mem_width width) {
    return mem_maxima_of_node(tree, 0, width);
}

/* The first element of at least `value` below a position, whose own value is
 * at least that. */
static inline uint32_t mem_maxima_descend(const struct mem_maxima *tree, uint32_t position,
                                          uint32_t value, enum mem_width width) {
    while (position < tree->first) {
        uint32_t node = position + 1;
        uint32_t lane = mem_bits_lowest(mem_maxima_at_least(tree, node, value, width));
        position = (node << MEM_LANES_SHIFT) + lane;
    }
    return position - tree->first;
}

/* The first element of at least `value`, which is not 0, or MEM_NO_ELEMENT. */
static inline uint32_t mem_maxima_find(const struct mem_maxima *tree, uint32_t value,
                                       enum mem_width width) {
    mem_assert(value != 0, "the values behind the last element are 0");
    uint32_t mask = mem_maxima_at_least(tree, 0, value, width);
    if (mask == 0)
        return MEM_NO_ELEMENT;
    return mem_maxima_descend(tree, mem_bits_lowest(mask), value, width);
}

/* The first element after `element` of at least `value`, which is not 0, or
 * MEM_NO_ELEMENT. */
static inline uint32_t mem_maxima_find_after(const struct mem_maxima *tree, uint32_t element,
                                             uint32_t value, enum mem_width width) {
    mem_assert(value != 0, "the values behind the last element are 0");
    uint32_t position = tree->first + element;
    for (;;) {
        uint32_t node = position >> MEM_LANES_SHIFT;
        uint32_t beyond = ~UINT32_C(1) << (position & (MEM_LANES - 1));
        uint32_t mask = mem_maxima_at_least(tree, node, value, width) & beyond;
        if (mask != 0) {
            position = (node << MEM_LANES_SHIFT) + mem_bits_lowest(mask);
            return mem_maxima_descend(tree, position, value, width);
        }
        if (node == 0)
            return MEM_NO_ELEMENT;
        position = node - 1;
    }
}

/* Makes an element at least `value`. */
static inline void mem_maxima_raise(struct mem_maxima *tree, uint32_t element, uint32_t value,
                                    enum mem_width width) {
    uint32_t position = tree->first + element;
    while (mem_maxima_value(tree, position, width) < value) {
        mem_maxima_store(tree, position, value, width);
        if (position < MEM_LANES)
            return;
        position = (position >> MEM_LANES_SHIFT) - 1;
    }
}

/* Makes an element `value`, which is not more than it was. */
static inline void mem_maxima_lower(struct mem_maxima *tree, uint32_t element, uint32_t value,
                                    enum mem_width width) {
    uint32_t position = tree->first + element;
    uint32_t old = mem_maxima_value(tree, position, width);
    mem_assert(value <= old, "lowering does not raise");
    while (value < old) {
        mem_maxima_store(tree, position, value, width);
        if (position < MEM_LANES)
            return;
        uint32_t node = position >> MEM_LANES_SHIFT;
        position = node - 1;
        if (mem_maxima_value(tree, position, width) != old)
            return;
        value = mem_maxima_of_node(tree, node, width);
    }
}

#endif
