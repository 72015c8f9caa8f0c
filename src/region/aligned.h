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

/* Allocates bytes, 1 to MEM_ALLOC_MAX, at a multiple of alignment, a power of two from 16 bytes to
 * those of the region, by a style of mem.h among the chunks in which such an object fits. NULL
 * and m_error when it fits in none. With r for the chunks that have the bytes and that alignment
 * rules out, O((r + 1) log n) by first fit, by worst fit log alignment times that; best fit
 * visits every chunk that has the bytes. */
void *mem_aligned(struct Mem_Region *region, size_t alignment, size_t bytes, int style);

#endif
