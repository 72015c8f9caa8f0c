/*
 * heaps.h - what a page knows of the heaps of several styles, as bytes: for each style, one after
 * the other,
 *
 *     curves    in each column, the least that is live, and how much more at most; the same of the
 *               largest free chunk (both in granules), and of the number of free chunks
 *     figures   at each moment: live granules, objects, free chunks, granules of the largest one
 *     objects   first moment by first moment, by their addresses
 *     holes     likewise, if small ones are left out; else they are what lies between the objects
 *
 * Objects and holes are: how many begin at each moment, and then column by column: granules from
 * the end of the one before, granules, moments from the last one back; of objects, also the
 * operations that were done before, and the caller's rank, if any is known. Numbers are those of
 * code.h; curves and operations are told by steps.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_HEAPS_H
#define PAGE_HEAPS_H

#include "page/known.h"
#include "page/moments.h"
#include "page/placements.h"
#include "picture/curves.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct heaps {
    size_t count; /* of styles */
    const struct curves *curves[MOMENTS_STYLES];
    const struct placements *objects[MOMENTS_STYLES];
    const struct placements *holes[MOMENTS_STYLES];
    size_t moments;
    const struct known *known;
    uint64_t least; /* bytes: smaller objects and holes are left out; 0: none is */
};

void heaps_write(FILE *out, const struct heaps *h);

#endif /* PAGE_HEAPS_H */
