/*
 * aligned.h - allocation at addresses that are multiples of a power of two.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_ALIGNED_H
#define MEM_ALIGNED_H

#include "region/region.h"
#include "system/names.h"

/* Allocates bytes, 1 to MEM_ALLOC_MAX, at a multiple of alignment: a power of two, from 16 bytes to
 * the size of the region. The style chooses among the chunks in which the object fits; NULL with
 * m_error when there are none. With r chunks that are large enough but that the alignment rules
 * out, O((r + 1) log n) by first fit, log alignment times that by worst fit; best fit visits at
 * most every chunk that is large enough. */
void *mem_aligned(struct Mem_Region *region, size_t alignment, size_t bytes, int style);

#endif
