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
 * changed, when none does. O(log n). The first is for a region that is not ordered. */
int mem_free(struct Mem_Region *region, void *pointer);
int mem_free_any(struct Mem_Region *region, void *pointer);

/* Frees the object at g, which was split off from an allocated one, without counting a free. If it
 * was live, the caller has called mem_counts_settle(). O(log n). */
void mem_free_part(struct Mem_Region *region, mem_granule g);

#endif
