/*
 * list.h - the free list of a region, whose nodes lie in its free chunks.
 *
 * The list is there for people and programs to read. The library writes it from what the index
 * knows, a whole node or a whole link at a time, and reads it only to compare it with the index: a
 * program may have overwritten any byte of it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_LIST_H
#define MEM_LIST_H

#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "index/mirror.h"
#include "region/region.h"
#include "system/assertion.h"
#include "system/public.h"

static_assert(sizeof(struct __list_t) <= MEM_GRANULE_BYTES, "the smallest chunk holds a node");

/* The most granules whose bytes an int counts. */
#define MEM_LIST_GRANULES_MAX ((mem_granule)INT_MAX >> MEM_GRANULE_SHIFT)

/* A condition that is almost never true. With __builtin_expect alone, gcc compiles the choice below
 * to a conditional move, which takes one or two instructions more than a branch. */
#define MEM_LIST_RARELY(condition) __builtin_expect((condition), 0)
#ifdef __has_builtin
#if __has_builtin(__builtin_expect_with_probability)
#undef MEM_LIST_RARELY
#define MEM_LIST_RARELY(condition) __builtin_expect_with_probability((condition), 0, 0.9999)
#endif
#endif

/* What a node shows for a chunk of so many granules: its bytes, or the largest multiple of 16 in an
 * int if they are more. Where the compiler can tell that the chunk is small, as on most short
 * paths, it omits the comparison. */
static inline int mem_list_size(mem_granule granules) {
    if (MEM_LIST_RARELY(granules > MEM_LIST_GRANULES_MAX))
        return (int)(MEM_LIST_GRANULES_MAX << MEM_GRANULE_SHIFT);
    return (int)(granules << MEM_GRANULE_SHIFT);
}

/* The node of the chunk at g; of none, NULL. */
static inline MemNodePtr mem_list_node(const struct Mem_Region *region, mem_granule g) {
    return g != MEM_NO_GRANULE ? mem_region_address(region, g) : NULL;
}

/* Nodes are written into memory that is still poisoned (watch.h unpoisons them afterwards), so
 * these functions are not instrumented. */
#define MEM_LIST_WRITER __attribute__((no_sanitize("address")))

/* Writes the node of a chunk of so many granules; next is the node after it, or NULL. */
MEM_LIST_WRITER
static inline void mem_list_write(MemNodePtr node, mem_granule granules, MemNodePtr next) {
    node->size = mem_list_size(granules);
    node->type = true;
    node->next = next;
}

/* Writes the link of a node. */
MEM_LIST_WRITER
static inline void mem_list_link(MemNodePtr node, MemNodePtr next) {
    node->next = next;
}

/* Whether a node is what mem_list_write would make it. Its type may be no valid
 * _Bool, so it is read as the byte it is. */
static inline bool mem_list_is(const struct __list_t *node, mem_granule granules, MemNodePtr next) {
    unsigned char type;
    memcpy(&type, &node->type, sizeof type);
    return node->size == mem_list_size(granules) && type == 1 && node->next == next;
}
static_assert(sizeof(_Bool) == 1, "a _Bool is one byte");

/* Whether the map has these two chunks one after the other; each may be none. The nodes cannot be
 * asked: a program may have overwritten them. */
static inline bool mem_list_agrees(const struct Mem_Region *region, mem_granule before,
                                   mem_granule next) {
    if (before == MEM_NO_GRANULE)
        return next == mem_index_first_chunk(&region->index);
    return next == mem_index_chunk_after(&region->index, before);
}

/* Whether the map has a chunk of that size, and `after` follows it. */
static inline bool mem_list_agrees_on(const struct Mem_Region *region, mem_granule chunk,
                                      mem_granule size, mem_granule after) {
    return mem_index_is_chunk(&region->index, chunk) &&
           mem_index_chunk_end(&region->index, chunk) == chunk + size &&
           mem_list_agrees(region, chunk, after);
}

/* The list mirrors the index (mirror.h). */

static inline void mem_list_mirror_link(void *owner, mem_granule before, mem_granule next) {
    const struct Mem_Region *region = owner;
    mem_assert(mem_list_agrees(region, before, next), "the link is the map's");
    if (before != MEM_NO_GRANULE)
        mem_list_link(mem_region_address(region, before), mem_list_node(region, next));
}

static inline void mem_list_mirror_show(void *owner, mem_granule chunk, mem_granule size,
                                        mem_granule after) {
    const struct Mem_Region *region = owner;
    mem_assert(mem_list_agrees_on(region, chunk, size, after), "the node is the map's");
    mem_list_write(mem_region_address(region, chunk), size, mem_list_node(region, after));
}

static inline void *mem_list_mirror_object(void *owner, mem_granule g) {
    return mem_region_address(owner, g);
}

static const struct mem_mirror mem_list = {mem_list_mirror_link, mem_list_mirror_show,
                                           mem_list_mirror_object};

/* Whether the node of the chunk at g is what the index says. */
static inline bool mem_list_is_intact(const struct Mem_Region *region, mem_granule g) {
    return mem_list_is(mem_region_address(region, g), mem_index_chunk_end(&region->index, g) - g,
                       mem_list_node(region, mem_index_chunk_after(&region->index, g)));
}

#endif
