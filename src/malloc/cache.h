/*
 * cache.h - objects that several threads free and allocate without the region's lock.
 *
 * A process with one thread is served by the region alone, exactly. Once it has had two, small
 * objects that it frees go into caches: arrays of their places, one for each size, in a set for
 * each thread. An allocation of the same size takes one of them back, which need not be the one by
 * the style. In the region's index, and in its figures, a cached object is live. Caches are filled
 * and emptied by many objects at a time, under the region's lock.
 *
 * No byte of the region decides anything here: the arrays are elsewhere. So is a table of a byte
 * for each granule. For an object of few granules that came through a cache, the byte of its first
 * granule is their number; while it is cached, MEM_CACHE_CACHED; for all else, 0. Who frees an
 * object puts the mark there by one atomic exchange; so no object gets into two caches, and a
 * pointer that was freed is told apart from one that was not, at once.
 *
 * Before a request is refused, all caches are emptied, and it is tried again. (Bonwick and Adams,
 * "Magazines and Vmem", USENIX 2001, has caches of this kind; theirs are lists of arrays.)
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_CACHE_H
#define MEM_MALLOC_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "region/region.h"

/* Whether one is to be used, when there are several threads; set before the region is. */
extern __attribute__((visibility("hidden"))) bool mem_cache_is_wanted;

/* What a free of an address in the region comes to. */
enum mem_cache_freed { MEM_CACHE_FREED, MEM_CACHE_NOT_LIVE };

/* As Mem_RegionAlloc, Mem_RegionFree, Mem_RegionRealloc and Mem_RegionSize, for a process that may
 * have several threads. */
void *mem_cache_alloc(struct Mem_Region *region, size_t bytes);
void *mem_cache_aligned(struct Mem_Region *region, size_t alignment, size_t bytes);
enum mem_cache_freed mem_cache_free(struct Mem_Region *region, void *ptr);
void *mem_cache_resize(struct Mem_Region *region, void *ptr, size_t bytes);
size_t mem_cache_size(struct Mem_Region *region, void *ptr);

/* Gives the memory back that is kept for free granules from one to before another. With the
 * region's lock. */
void mem_cache_discard(mem_granule from, mem_granule to);

/* Empties all caches, so that the region's figures are those of the program. */
void mem_cache_empty(void);

/* Has fork() find no cache half changed. libc may allocate for it. */
void mem_cache_handle_fork(void);

#endif
