/*
 * svg.h - a picture of heaps through time, as a file of SVG 1.1.
 *
 * It is of the same width whatever the trace, shows the same in every program that draws SVG (there
 * are no styles, scripts, references or identifiers in it, so that it can stand inside a page), and
 * has a white ground of its own.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PICTURE_SVG_H
#define PICTURE_SVG_H

#include "picture/panel.h"
#include "picture/plot.h"
#include "style.h"
#include "trace.h"

#include <stddef.h>
#include <stdio.h>

struct svg {
    const char *name; /* of the trace, for people */
    const struct trace *trace;
    size_t region;        /* bytes, whole pages */
    struct styles styles; /* a panel for each */
    struct panel *panels; /* in the same order */
};

void svg_write(FILE *out, const struct svg *s);

/* Where a panel lies in it: from the upper edge of its map to the lower edge of its last curve. */
struct box svg_panel(const struct svg *s, size_t panel);

#endif /* PICTURE_SVG_H */
