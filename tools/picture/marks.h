/*
 * marks.h - where requests were refused, as SVG: a filled triangle where the heap was full, an open
 * diamond where it was fragmented.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PICTURE_MARKS_H
#define PICTURE_MARKS_H

#include "picture/panel.h"

#include <stdio.h>

enum { MARK_SIZE = 8 }; /* wide and high */

/* One mark, whose left upper corner is there. kind: PANEL_FULL or PANEL_FRAGMENTED. */
void marks_write_one(FILE *out, int x, int y, unsigned kind);

/* Those of a kind in a strip of that width. Marks beside each other do not overlap: one stands for
 * all columns that it covers. */
void marks_write(FILE *out, const struct panel *p, int x, int y, int width, unsigned kind);

#endif /* PICTURE_MARKS_H */
