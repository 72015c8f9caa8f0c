/*
 * valid.h - checks of the index against itself, as a whole or near a place, for assertions and
 * tests.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_VALID_H
#define MEM_VALID_H

#include <stdbool.h>

#include "index/index.h"
#include "system/names.h"

/* Whether the invariants of maxima.h, map.h, order.h (if an order is kept) and index.c hold, each
 * layer with the one below it. They read everything: O(n). */
bool mem_valid_maxima(const struct mem_maxima *tree, uint32_t elements, enum mem_width width);
bool mem_valid_map(const struct mem_map *map);
bool mem_valid_order(const struct mem_index *index);
bool mem_valid_index(const struct mem_index *index);

/* For assertions after every change: checks all but the order in a region of at most 16 KiB, and in
 * a larger one what stands within 2 KiB of granule g, and above that in the trees. */
bool mem_valid_near(const struct mem_index *index, mem_granule g);

/* Checks the order, which is updated last: all of it in a region of at most 16 KiB, and in a larger
 * one for the chunks of g's segment and of those beside it. */
bool mem_valid_order_near(const struct mem_index *index, mem_granule g);

/* The chunk in which granule g lies, or MEM_NO_GRANULE. O(log n). */
mem_granule mem_valid_chunk_around(const struct mem_index *index, mem_granule g);

#endif
