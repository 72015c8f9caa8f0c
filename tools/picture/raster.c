/*
 * raster.c - sums up the live share of each cell.
 *
 * A change costs as much as the rows that the object lies in. A row is touched only when it changes
 * and when a column ends, so that the time does not depend on how long objects live.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "picture/raster.h"

#include <string.h>

enum { GRANULE = TRACE_GRANULE };

void raster_begin(struct raster *r, size_t region, uint64_t operations) {
    memset(r, 0, sizeof *r); /* no literal of that size goes through the stack */
    r->granules = region / GRANULE;
    r->span = operations;
    r->rows = r->granules < RASTER_ROWS ? (uint32_t)r->granules : RASTER_ROWS;
}

static void settle(struct raster_row *row, uint64_t now) {
    row->area += (double)row->live * (double)(now - row->since);
    row->since = now;
}

/* The fifths that are live, rounded up: something live is never white. */
static unsigned char shade_of(double area, double whole) {
    double fifths = area * RASTER_SHADES / whole;
    unsigned char shade = 0;
    while (shade < RASTER_SHADES && fifths > shade)
        shade++;
    return shade;
}

static void end_column(struct raster *r) {
    double whole = (double)r->granules * (double)r->span;
    uint64_t end = (r->open + UINT64_C(1)) * r->span;
    for (uint32_t i = 0; i < r->rows; i++) {
        settle(&r->row[i], end);
        r->shade[i][r->open] = shade_of(r->row[i].area, whole);
        r->row[i].area = 0;
    }
    r->open++;
}

void raster_advance(struct raster *r, uint64_t done) {
    while (r->open < RASTER_COLUMNS && (r->open + UINT64_C(1)) * r->span <= done * RASTER_COLUMNS)
        end_column(r);
}

/* The end that comes first. */
static uint64_t lesser(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

void raster_change(struct raster *r, uint64_t done, struct replay_block block, bool comes) {
    uint64_t at = block.offset / GRANULE * r->rows;
    uint64_t end = at + block.bytes / GRANULE * r->rows;
    while (at < end) {
        uint64_t i = at / r->granules;
        uint64_t next = lesser(end, (i + 1) * r->granules);
        settle(&r->row[i], done * RASTER_COLUMNS);
        r->row[i].live += comes ? next - at : at - next;
        at = next;
    }
}
