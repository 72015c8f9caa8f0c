/*
 * curves.c - keeps the extremes of each column.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "picture/curves.h"

#include <stddef.h>

void curves_begin(struct curves *c) {
    for (size_t i = 0; i < CURVES; i++)
        for (size_t k = 0; k < RASTER_COLUMNS; k++)
            c->at[i][k] = (struct curve_span){UINT64_MAX, 0};
}

static void widen(struct curve_span *span, uint64_t value) {
    span->least = value < span->least ? value : span->least;
    span->most = value > span->most ? value : span->most;
}

void curves_add(struct curves *c, uint32_t first, uint32_t last, const struct Mem_Stats *stats) {
    for (uint32_t k = first; k <= last; k++) {
        widen(&c->at[CURVE_LIVE][k], stats->live_bytes);
        widen(&c->at[CURVE_FREE][k], stats->free_bytes);
        widen(&c->at[CURVE_LARGEST][k], stats->largest_free);
        widen(&c->at[CURVE_CHUNKS][k], stats->free_chunks);
    }
}

uint64_t curves_most(const struct curves *c, enum curve curve) {
    uint64_t most = 0;
    for (size_t k = 0; k < RASTER_COLUMNS; k++)
        most = c->at[curve][k].most > most ? c->at[curve][k].most : most;
    return most;
}
