/*
 * create.h - how a region comes to be, and how it ends.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_CREATE_H
#define MEM_CREATE_H

#include <stddef.h>

#include "region.h"

/* Maps a region of so many bytes, rounded up to whole pages; bytes is at most INT_MAX.
 * NULL when the system refuses. O(1), but O(n) when a tool is told of the memory. */
struct Mem_Region *mem_create_map(size_t bytes);

/* Makes a region inside of memory that is not zeroed nor aligned; bytes is at most INT_MAX. NULL
 * when that is too little. O(n). */
struct Mem_Region *mem_create_place(void *memory, size_t bytes);

/* Ends a region, which must not be used any more, and unmaps it if it was mapped. O(1), but O(n)
 * when memcheck is told of each object. */
void mem_create_end(struct Mem_Region *region);

#endif
