/*
 * mirror.h - who shows the index's chunks elsewhere, and is told of each change.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MIRROR_H
#define MEM_MIRROR_H

#include "index/granule.h"

/*
 * The chunks are shown as a list: of each, its size and the next one. A change is one call of
 * each, or of one; which, and when, is told where a value is at hand anyway. They are constants
 * at each place of use, and inlined. MEM_NO_GRANULE stands for no chunk.
 */
struct mem_mirror {
    /* The chunk before is followed by the chunk next. Nothing is to be done when it is none. */
    void (*link)(void *owner, mem_granule before, mem_granule next);
    /* There is a chunk of that size, and `after` follows it. */
    void (*show)(void *owner, mem_granule chunk, mem_granule size, mem_granule after);
    /* What the function that takes the object at g returns: it is asked for last. */
    void *(*object)(void *owner, mem_granule g);
};

#endif
