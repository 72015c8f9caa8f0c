/*
 * heaps.c - writes heaps.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/heaps.h"

#include "page/code.h"
#include "trace.h"

/* ---- Curves and figures ---- */

static void write_curve(FILE *out, const struct curve_span *spans, uint64_t unit) {
    uint64_t before = 0;
    for (size_t i = 0; i < RASTER_COLUMNS; i++)
        code_step(out, &before, spans[i].least / unit);
    for (size_t i = 0; i < RASTER_COLUMNS; i++)
        code_number(out, (spans[i].most - spans[i].least) / unit);
}

static void write_curves(FILE *out, const struct curves *c) {
    write_curve(out, c->at[CURVE_LIVE], TRACE_GRANULE);
    write_curve(out, c->at[CURVE_LARGEST], TRACE_GRANULE);
    write_curve(out, c->at[CURVE_CHUNKS], 1);
}

static void write_figures(FILE *out, const struct figures *at, size_t moments) {
    for (size_t i = 0; i < moments; i++) {
        code_number(out, at[i].live / TRACE_GRANULE);
        code_number(out, at[i].objects);
        code_number(out, at[i].chunks);
        code_number(out, at[i].largest / TRACE_GRANULE);
    }
}

/* ---- Objects and holes ---- */

struct list {
    FILE *out;
    const struct placements *of;
    uint64_t least;
    size_t moments;
};

/* The number of the next one that is not left out, from `at` on. */
static size_t next(const struct list *l, size_t at) {
    while (at < l->of->count && l->of->of[at].bytes < l->least)
        at++;
    return at;
}

static void write_counts(const struct list *l) {
    size_t at = next(l, 0);
    for (size_t i = 0; i < l->moments; i++) {
        uint64_t count = 0;
        for (; at < l->of->count && l->of->of[at].first == i; at = next(l, at + 1))
            count++;
        code_number(l->out, count);
    }
}

static void write_places(const struct list *l) {
    uint64_t end = 0;
    int first = -1;
    for (size_t i = next(l, 0); i < l->of->count; i = next(l, i + 1)) {
        const struct placement *one = &l->of->of[i];
        end = one->first == first ? end : 0;
        first = one->first;
        code_number(l->out, (one->offset - end) / TRACE_GRANULE);
        end = one->offset + one->bytes;
    }
}

static void write_sizes(const struct list *l) {
    for (size_t i = next(l, 0); i < l->of->count; i = next(l, i + 1))
        code_number(l->out, l->of->of[i].bytes / TRACE_GRANULE);
}

static void write_ends(const struct list *l) {
    for (size_t i = next(l, 0); i < l->of->count; i = next(l, i + 1))
        code_number(l->out, l->moments - 1 - l->of->of[i].last);
}

static void write_ages(const struct list *l) {
    uint64_t before = 0;
    for (size_t i = next(l, 0); i < l->of->count; i = next(l, i + 1))
        code_step(l->out, &before, l->of->of[i].since);
}

static void write_ranks(const struct list *l, const struct known *k) {
    for (size_t i = next(l, 0); i < l->of->count; i = next(l, i + 1))
        code_number(l->out, k->rank[l->of->of[i].caller]);
}

static void write_list(const struct list *l) {
    write_counts(l);
    write_places(l);
    write_sizes(l);
    write_ends(l);
}

static void write_style(FILE *out, const struct heaps *h, size_t style) {
    const struct list objects = {out, h->objects[style], h->least, h->moments};
    const struct list holes = {out, h->holes[style], h->least, h->moments};
    write_curves(out, h->curves[style]);
    write_figures(out, h->objects[style]->at, h->moments);
    write_list(&objects);
    write_ages(&objects);
    if (h->known->count > 0)
        write_ranks(&objects, h->known);
    if (h->least > 0)
        write_list(&holes);
}

void heaps_write(FILE *out, const struct heaps *h) {
    for (size_t i = 0; i < h->count; i++)
        write_style(out, h, i);
}
