/*
 * release.h - freeing an object of a region.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_RELEASE_H
#define MEM_RELEASE_H

#include "region.h"

/* Frees the object that starts at pointer and returns 0; -1 and m_error, with nothing
 * changed, when none does. O(log n). */
int mem_release(struct mem_region *region, void *pointer);

#endif
