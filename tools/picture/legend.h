/*
 * legend.h - what the signs of a picture mean, as SVG.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PICTURE_LEGEND_H
#define PICTURE_LEGEND_H

#include <stdint.h>
#include <stdio.h>

enum { LEGEND_HEIGHT = 76 };

/* How the curves are filled. */
extern const char legend_live[], legend_free[], legend_largest[];

/* A cell of the map is so many bytes by so many operations. */
void legend_write(FILE *out, int x, int y, double bytes, double operations);

#endif /* PICTURE_LEGEND_H */
