/*
 * mirror.h - callbacks by which the index reports each change of its chunks.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MIRROR_H
#define MEM_MIRROR_H

#include "index/granule.h"

/*
 * Whoever mirrors the chunks elsewhere, as the free list does, sees them as a linked list. For each
 * change it calls link(), show(), or both, at a point where the values are in registers and the map
 * has changed already. Each caller passes a constant mem_mirror, so the compiler inlines the
 * callbacks. MEM_NO_GRANULE means no chunk.
 */
struct mem_mirror {
    /* The chunk `before` is followed by the chunk `next`, which may be none. Nothing is to be done
     * when `before` is none. */
    void (*link)(void *owner, mem_granule before, mem_granule next);
    /* There is a chunk of that size, and `after` follows it. */
    void (*show)(void *owner, mem_granule chunk, mem_granule size, mem_granule after);
    /* The value that a take returns for the object at g. Called after link() and show(). */
    void *(*object)(void *owner, mem_granule g);
};

#endif
