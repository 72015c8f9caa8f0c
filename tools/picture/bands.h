/*
 * bands.h - curves as SVG: a curve is filled from the most to the least that it was in each column,
 * or in several of them.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PICTURE_BANDS_H
#define PICTURE_BANDS_H

#include "picture/curves.h"

#include <stdint.h>
#include <stdio.h>

struct band {
    int columns;   /* that are one unit wide together, a divisor of RASTER_COLUMNS */
    uint64_t most; /* the value at the upper edge, at least 1 */
    int height;    /* units from there to 0 */
    int thickness; /* units that are added below */
    const char *fill;
};

/* `spans` are RASTER_COLUMNS, and known. */
void bands_write(FILE *out, const struct curve_span *spans, const struct band *band);

/* All from 0 up to the least that it was. */
void bands_write_area(FILE *out, const struct curve_span *spans, const struct band *band);

#endif /* PICTURE_BANDS_H */
