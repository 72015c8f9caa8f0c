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
 * level, element p - first. Each change of an element updates the values above it, so that the tree
 * is exact whenever a function returns.
 *
 * The elements are bytes or 32-bit words. All functions take the width as
 * a constant and are inlined, so that one source serves both.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MAXIMA_H
#define MEM_MAXIMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/bits.h"
#include "index/lanes.h"
#include "system/assertion.h"

/* Bytes of an element. Words hold less than 2^31. */
enum mem_width { MEM_BYTES = 1, MEM_WORDS = 4 };

struct mem_maxima {
    void *values;   /* aligned to a node, sixteen values */
    void *elements; /* where element 0 lies: kept, it saves 1 instruction a call */
    uint32_t first; /* the position of element 0 */
};

/* The levels that a tree of so many elements has. */
static inline uint32_t mem_maxima_levels(uint32_t elements) {
    uint32_t levels = 1;
    for (uint64_t room = MEM_LANES; room < elements; room <<= MEM_LANES_SHIFT)
        levels++;
    return levels;
}

/* The position of element 0 in a tree of so many levels: 0, 16, 16 + 256, ... */
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

static inline uint32_t mem_maxima_value(const struct mem_maxima *tree, uint32_t position,
                                        enum mem_width width) {
    if (width == MEM_BYTES)
        return ((const uint8_t *)tree->values)[position];
    return ((const uint32_t *)tree->values)[position];
}

static inline void mem_maxima_store(const struct mem_maxima *tree, uint32_t position,
                                    uint32_t value, enum mem_width width) {
    if (width == MEM_BYTES)
        ((uint8_t *)tree->values)[position] = (uint8_t)value;
    else
        ((uint32_t *)tree->values)[position] = value;
}

/* The same of elements. */

static inline uint32_t mem_maxima_get(const struct mem_maxima *tree, uint32_t element,
                                      enum mem_width width) {
    if (width == MEM_BYTES)
        return ((const uint8_t *)tree->elements)[element];
    return ((const uint32_t *)tree->elements)[element];
}

static inline void mem_maxima_set(const struct mem_maxima *tree, uint32_t element, uint32_t value,
                                  enum mem_width width) {
    if (width == MEM_BYTES)
        ((uint8_t *)tree->elements)[element] = (uint8_t)value;
    else
        ((uint32_t *)tree->elements)[element] = value;
}

/* Makes a tree of elements that are all 0. The memory must be zeroed, aligned to sixteen values,
 * and mem_maxima_bytes() long. O(1). */
static inline void mem_maxima_init(struct mem_maxima *tree, void *memory, uint32_t elements,
                                   enum mem_width width) {
    tree->values = memory;
    tree->first = mem_maxima_first(mem_maxima_levels(elements));
    tree->elements = (char *)memory + (size_t)tree->first * (size_t)width;
}

/* Which of a node's values are at least `value`, which is not 0. The node is given by the
 * position of its first value. */
static inline uint32_t mem_maxima_at_least(const struct mem_maxima *tree, uint32_t node,
                                           uint32_t value, enum mem_width width) {
    mem_assert(value <= INT32_MAX, "lanes compare words as signed");
    if (width == MEM_BYTES)
        return mem_lanes8_at_least((const uint8_t *)tree->values + node, value);
    return mem_lanes32_at_least((const uint32_t *)tree->values + node, value);
}

/* The largest value of a node. */
static inline uint32_t mem_maxima_of_node(const struct mem_maxima *tree, uint32_t node,
                                          enum mem_width width) {
    if (width == MEM_BYTES)
        return mem_lanes8_max((const uint8_t *)tree->values + node);
    return mem_lanes32_max((const uint32_t *)tree->values + node);
}

/* The largest value of a node but for that of a position in it. */
static inline uint32_t mem_maxima_beside(const struct mem_maxima *tree, uint32_t node,
                                         uint32_t position, enum mem_width width) {
    if (width == MEM_BYTES)
        return mem_lanes8_max_but((const uint8_t *)tree->values + node, position - node);
    return mem_lanes32_max_but((const uint32_t *)tree->values + node, position - node);
}

/* The node in which a position lies, the node below it, and the position above it. */

static inline uint32_t mem_maxima_node(uint32_t position) {
    return position & ~(uint32_t)(MEM_LANES - 1);
}

static inline uint32_t mem_maxima_below(uint32_t position) {
    return (position + 1) << MEM_LANES_SHIFT;
}

static inline uint32_t mem_maxima_above(uint32_t position) {
    return (position >> MEM_LANES_SHIFT) - 1;
}

/* Which of sixteen elements are at least `value`, not 0: from that of the number on, which is a
 * multiple of sixteen. */
static inline uint32_t mem_maxima_elements_at_least(const struct mem_maxima *tree, uint32_t element,
                                                    uint32_t value, enum mem_width width) {
    if (width == MEM_BYTES)
        return mem_lanes8_at_least((const uint8_t *)tree->elements + element, value);
    return mem_lanes32_at_least((const uint32_t *)tree->elements + element, value);
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
        uint32_t node = mem_maxima_below(position);
        position = node + mem_bits_lowest(mem_maxima_at_least(tree, node, value, width));
    }
    return position - tree->first;
}

/* Finds the first element of at least `value`, which is not 0; false when there is none. */
static inline bool mem_maxima_find(const struct mem_maxima *tree, uint32_t value,
                                   enum mem_width width, uint32_t *element) {
    mem_assert(value != 0, "the values behind the last element are 0");
    uint32_t mask = mem_maxima_at_least(tree, 0, value, width);
    if (mask == 0)
        return false;
    *element = mem_maxima_descend(tree, mem_bits_lowest(mask), value, width);
    return true;
}

/* Replaces an element by the first after it of at least `value`, which is not 0; false when
 * there is none. */
static inline bool mem_maxima_find_after(const struct mem_maxima *tree, uint32_t value,
                                         enum mem_width width, uint32_t *element) {
    mem_assert(value != 0, "the values behind the last element are 0");
    uint32_t position = tree->first + *element;
    for (;;) {
        uint32_t node = mem_maxima_node(position);
        uint32_t beyond = ~UINT32_C(1) << (position - node);
        uint32_t mask = mem_maxima_at_least(tree, node, value, width) & beyond;
        if (mask != 0) {
            *element = mem_maxima_descend(tree, node + mem_bits_lowest(mask), value, width);
            return true;
        }
        if (node == 0)
            return false;
        position = mem_maxima_above(position);
    }
}

/* The largest element of the node in which one lies. The tree must have two levels. */
static inline uint32_t mem_maxima_above_element(const struct mem_maxima *tree, uint32_t element,
                                                enum mem_width width) {
    mem_assert(tree->first != 0, "there is a maximum above an element");
    return mem_maxima_value(tree, mem_maxima_above(tree->first + element), width);
}

/* raise and lower work on a copy of the description: a store through uint8_t may alias the
 * original, so the compiler would load that again after each store. */

/* Makes an element at least `value`, but not yet the maxima above it. Returns whether those are
 * less still, and mem_maxima_raise_from() is to be called there: mostly not. The tree must have two
 * levels. */
static inline bool mem_maxima_raise_element(const struct mem_maxima *tree, uint32_t element,
                                            uint32_t value, enum mem_width width) {
    if (mem_maxima_get(tree, element, width) >= value)
        return false;
    mem_maxima_set(tree, element, value, width);
    return mem_maxima_above_element(tree, element, width) < value;
}

/* Raises the value at a position, which is less than `value`, and what stands above it. */
static inline void mem_maxima_raise_from(const struct mem_maxima *description, uint32_t position,
                                         uint32_t value, enum mem_width width) {
    const struct mem_maxima tree = *description;
    do {
        mem_maxima_store(&tree, position, value, width);
        if (position < MEM_LANES)
            return;
        position = mem_maxima_above(position);
    } while (mem_maxima_value(&tree, position, width) < value);
}

/* Makes an element at least `value`. */
static inline void mem_maxima_raise(const struct mem_maxima *tree, uint32_t element, uint32_t value,
                                    enum mem_width width) {
    if (mem_maxima_get(tree, element, width) < value)
        mem_maxima_raise_from(tree, tree->first + element, value, width);
}

/* Lowers the value at a position from `old` to `value`, and what stands above it. Each node is read
 * before one of its values is written: a load of sixteen bytes right after a store of one of them
 * cannot be served by store forwarding, and waits for the store. */
static inline void mem_maxima_lower_from(const struct mem_maxima *description, uint32_t position,
                                         uint32_t old, uint32_t value, enum mem_width width) {
    const struct mem_maxima tree = *description;
    while (position >= MEM_LANES) {
        uint32_t above = mem_maxima_above(position);
        if (mem_maxima_value(&tree, above, width) != old)
            break;
        uint32_t beside = mem_maxima_beside(&tree, mem_maxima_node(position), position, width);
        mem_maxima_store(&tree, position, value, width);
        if (beside == old)
            return;
        value = value > beside ? value : beside;
        position = above;
    }
    mem_maxima_store(&tree, position, value, width);
}

/* Makes an element `value`, which is not more than it was. */
static inline void mem_maxima_lower(const struct mem_maxima *tree, uint32_t element, uint32_t value,
                                    enum mem_width width) {
    uint32_t old = mem_maxima_get(tree, element, width);
    mem_assert(value <= old, "lowering does not raise");
    if (value < old)
        mem_maxima_lower_from(tree, tree->first + element, old, value, width);
}

/* Lowers an element from `old` to *value, but not yet the maxima above it. Returns whether those
 * have to be lowered by mem_maxima_lower_from(): to *value, which is the largest of the node now.
 * The tree must have two levels. */
static inline bool mem_maxima_lower_element(const struct mem_maxima *tree, uint32_t element,
                                            uint32_t old, uint32_t *value, enum mem_width width) {
    uint32_t position = tree->first + element;
    uint32_t lowered = *value;
    if (mem_maxima_above_element(tree, element, width) != old) {
        mem_maxima_set(tree, element, lowered, width);
        return false;
    }
    uint32_t beside = mem_maxima_beside(tree, mem_maxima_node(position), position, width);
    mem_maxima_set(tree, element, lowered, width);
    *value = lowered > beside ? lowered : beside;
    return beside != old;
}

/* Lowers the element `from` to `value`, and raises the element `to` to at least `risen`. If `from`
 * falls, `risen` is at least its old value; so if both are in one node, its maximum cannot fall,
 * and the node need not be read. */
static inline void mem_maxima_pass(const struct mem_maxima *tree, uint32_t from, uint32_t value,
                                   uint32_t to, uint32_t risen, enum mem_width width) {
    mem_assert(value == mem_maxima_get(tree, from, width) ||
                   risen >= mem_maxima_get(tree, from, width),
               "what falls is passed on");
    if ((from ^ to) < MEM_LANES) {
        mem_maxima_set(tree, from, value, width);
        mem_maxima_raise(tree, to, risen, width);
    } else {
        mem_maxima_raise(tree, to, risen, width);
        mem_maxima_lower(tree, from, value, width);
    }
}

#endif
