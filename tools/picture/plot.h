/*
 * plot.h - frames, axes and texts as SVG. Lengths are pixels.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PICTURE_PLOT_H
#define PICTURE_PLOT_H

#include "picture/axis.h"

#include <stdio.h>

struct box {
    int x, y, width, height;
};

/* Where a text has the point that is given: at its beginning, its middle or its end. */
enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

/* Begins a text; what it says, and "</text>", follow. */
void plot_begin_text(FILE *out, int x, int y, enum anchor anchor);

/* A whole text, which has to be free of characters that mean something in XML. */
void plot_text(FILE *out, int x, int y, enum anchor anchor, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The same, upwards at the left of a box. */
void plot_text_upwards(FILE *out, const struct box *box, const char *text);

void plot_frame(FILE *out, const struct box *box);

/* Lines through a box at the marks of its axes. */
void plot_grid(FILE *out, const struct box *box, const struct axis *across, const struct axis *up);

/* What is written at the marks: at the left of a box, and below it. */
void plot_labels_left(FILE *out, const struct box *box, const struct axis *up);
void plot_labels_below(FILE *out, const struct box *box, const struct axis *across);

#endif /* PICTURE_PLOT_H */
