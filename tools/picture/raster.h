/*
 * raster.h - the map of a heap through time, gathered while a trace is replayed: columns are time,
 * rows are addresses, and a cell tells which share of it is live.
 *
 * Time is counted in parts of an operation, so many that both operations and columns are whole
 * numbers of them: an operation takes RASTER_COLUMNS parts, and a column as many as there are
 * operations. Likewise, a granule takes as many parts of address as there are rows, and a row as
 * many as there are granules. So nothing is rounded before a share becomes a shade.
 *
 * What holds between calls:
 * 1. A row's area is that of the open column, up to the time of the row's last change.
 * 2. Columns before the open one have their shades.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PICTURE_RASTER_H
#define PICTURE_RASTER_H

#include "replay.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RASTER_COLUMNS = 1000,
    RASTER_ROWS = 600, /* fewer, if the region has fewer granules */
    RASTER_SHADES = 5  /* for shares of up to 1/5, 2/5, ... 1; and 0, where nothing is live */
};

struct raster_row {
    uint64_t live;  /* parts of address */
    uint64_t since; /* the time of the last change */
    double area;    /* parts of address times parts of time: whole numbers up to 2^53 */
};

struct raster {
    uint32_t rows;
    uint64_t granules; /* of the region */
    uint64_t span;     /* of a column, parts of time */
    uint32_t open;     /* the column to which areas belong */
    struct raster_row row[RASTER_ROWS];
    unsigned char shade[RASTER_ROWS][RASTER_COLUMNS]; /* row 0 has the lowest addresses */
};

/* The heap is empty. operations: at least 1. */
void raster_begin(struct raster *r, size_t region, uint64_t operations);

/* So many operations are done. Times do not go back. */
void raster_advance(struct raster *r, uint64_t done);

/* At that time, which was reached, an object comes or goes. */
void raster_change(struct raster *r, uint64_t done, struct replay_block block, bool comes);

#endif /* PICTURE_RASTER_H */
