/*
 * holes.h - the free chunks at the moments of a replay, kept as placements are: each once, with the
 * first and the last moment at which it is there.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_HOLES_H
#define PAGE_HOLES_H

#include "page/placements.h"

#include <stdbool.h>
#include <stddef.h>

/* Finds what lies between the objects in a region of so many bytes, at so many moments. False when
 * memory is short; placements_end is to be called in any case. O(moments * objects). */
bool holes_find(struct placements *holes, const struct placements *objects, size_t moments,
                size_t region);

#endif /* PAGE_HOLES_H */
