/*
 * free.h - freeing an object of a region.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_FREE_H
#define MEM_FREE_H

#include "region/region.h"
#include "system/names.h"

/* Frees the object that starts at pointer and returns 0; -1 and m_error, with nothing
 * changed, when none does. O(log n). */
int mem_free(struct Mem_Region *region, void *pointer);

/* Makes the object at g, which is a part of what was allocated, a chunk. It counts as no
 * free. When it was live, the caller settles the counts before (counts.h). O(log n). */
void mem_free_part(struct Mem_Region *region, mem_granule g);

#endif
