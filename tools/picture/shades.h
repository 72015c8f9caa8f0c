/*
 * shades.h - the map of a heap as SVG: a path for each shade.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PICTURE_SHADES_H
#define PICTURE_SHADES_H

#include "picture/raster.h"

#include <stdio.h>

/* What a shade from 0 to RASTER_SHADES looks like: "#rgb". */
const char *shades_grey(unsigned shade);

/* Cells are one unit wide and high; the lowest addresses are at the bottom. Shade 0 is left out:
 * there is the ground to be seen. */
void shades_write(FILE *out, const struct raster *r);

#endif /* PICTURE_SHADES_H */
