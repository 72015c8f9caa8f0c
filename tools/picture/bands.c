/*
 * bands.c - writes the outlines of curves.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "picture/bands.h"

#include <stddef.h>

/* From the upper edge down; to the nearest unit. */
static int place(const struct band *band, uint64_t value) {
    return band->height - (int)((double)value * band->height / (double)band->most + 0.5);
}

/* The span of a unit. */
static struct curve_span span_at(const struct curve_span *spans, const struct band *band, int x) {
    const struct curve_span *columns = spans + (size_t)x * (size_t)band->columns;
    struct curve_span span = columns[0];
    for (int i = 1; i < band->columns; i++) {
        span.least = columns[i].least < span.least ? columns[i].least : span.least;
        span.most = columns[i].most > span.most ? columns[i].most : span.most;
    }
    return span;
}

/* A path that has come to some height, and has still so far to go across. */
struct outline {
    FILE *out;
    int y;
    int across;
};

static void go_across(struct outline *o) {
    if (o->across != 0)
        fprintf(o->out, "h%d", o->across);
    o->across = 0;
}

static void go_to(struct outline *o, int y) {
    if (y != o->y) {
        go_across(o);
        fprintf(o->out, "v%d", y - o->y);
    }
    o->y = y;
}

static struct outline begin(FILE *out, const struct band *band, int y) {
    fprintf(out, "<path fill=\"%s\" d=\"M0 %d", band->fill, y);
    return (struct outline){out, y, 0};
}

static void end(struct outline *o) {
    go_across(o);
    fputs("z\"/>\n", o->out);
}

void bands_write(FILE *out, const struct curve_span *spans, const struct band *band) {
    int width = RASTER_COLUMNS / band->columns;
    struct outline o = begin(out, band, place(band, span_at(spans, band, 0).most));
    for (int i = 0; i < width; i++, o.across++)
        go_to(&o, place(band, span_at(spans, band, i).most));
    go_across(&o);
    for (int i = width; i-- > 0; o.across--)
        go_to(&o, place(band, span_at(spans, band, i).least) + band->thickness);
    end(&o);
}

void bands_write_area(FILE *out, const struct curve_span *spans, const struct band *band) {
    struct outline o = begin(out, band, band->height);
    for (int i = 0; i < RASTER_COLUMNS / band->columns; i++, o.across++)
        go_to(&o, place(band, span_at(spans, band, i).least));
    go_across(&o);
    go_to(&o, band->height);
    end(&o);
}
