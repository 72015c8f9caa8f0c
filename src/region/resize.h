/*
 * resize.h - an object made larger or smaller where it is.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_RESIZE_H
#define MEM_RESIZE_H

#include "region/region.h"
#include "system/names.h"

/* Resizes the object at g to so many granules, more than 0, where it is. False, with nothing
 * changed, when it is to grow and no chunk behind it is large enough. O(log n). */
bool mem_resize(struct Mem_Region *region, mem_granule g, mem_granule granules);

#endif
