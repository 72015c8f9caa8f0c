/*
 * curves.h - figures of a heap through time: for each column of a picture, the least and the most
 * that they were in it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PICTURE_CURVES_H
#define PICTURE_CURVES_H

#include "picture/raster.h"

#include <mem.h>
#include <stdint.h>

enum curve { CURVE_LIVE, CURVE_FREE, CURVE_LARGEST, CURVE_CHUNKS, CURVES };

struct curve_span {
    uint64_t least, most; /* least > most: nothing is known */
};

struct curves {
    struct curve_span at[CURVES][RASTER_COLUMNS];
};

void curves_begin(struct curves *c);

/* The heap is so in the columns from first to last. */
void curves_add(struct curves *c, uint32_t first, uint32_t last, const struct Mem_Stats *stats);

/* The most that it was at any time. */
uint64_t curves_most(const struct curves *c, enum curve curve);

#endif /* PICTURE_CURVES_H */
