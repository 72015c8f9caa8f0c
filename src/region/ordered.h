/*
 * ordered.h - allocation in a region whose chunks are kept in order (index/order.h).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_ORDERED_H
#define MEM_ORDERED_H

#include "region/region.h"
#include "system/names.h"

/* Begins to keep the order; false, and nothing has changed, if the region has no memory for that,
 * as placed ones do not. The region stops being plain. O(c log n) for c chunks. */
bool mem_ordered_begin(struct Mem_Region *region);

/* In a region that is ordered: allocates so many granules by best fit; or takes the low end of the
 * chunk at g, which is large enough. NULL and m_error when no chunk is. O(log n). */
void *mem_ordered_best_fit(struct Mem_Region *region, mem_granule granules);
void *mem_ordered_take(struct Mem_Region *region, mem_granule g, mem_granule granules);

#endif
