/*
 * fit.c - packs, and packs again with less.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/fit.h"

#include "page/holes.h"
#include "trace.h"

#include <stdlib.h>

/* What is there at the moments of one level. */
struct stock {
    struct moments moments;
    struct placements objects[MOMENTS_STYLES], holes[MOMENTS_STYLES];
    struct heaps heaps;
};

static void stock_end(struct stock *k) {
    for (size_t i = 0; i < MOMENTS_STYLES; i++) {
        placements_end(&k->objects[i]);
        placements_end(&k->holes[i]);
    }
    free(k);
}

static bool stock_fill(struct stock *k, const struct supply *s, int level) {
    k->moments = moments_thin(s->moments, level);
    k->heaps = (struct heaps){.count = s->styles, .moments = k->moments.count, .known = s->known};
    for (size_t i = 0; i < s->styles; i++) {
        if (!placements_thin(&k->objects[i], &s->objects[i], s->moments, &k->moments) ||
            !holes_find(&k->holes[i], &k->objects[i], k->moments.count, s->region))
            return false;
        k->heaps.curves[i] = &s->panels[i].curves;
        k->heaps.objects[i] = &k->objects[i];
        k->heaps.holes[i] = &k->holes[i];
    }
    return true;
}

/* Packs all that is not smaller. */
static bool try(struct fit *f, const struct stock *k, uint64_t least) {
    struct heaps heaps = k->heaps;
    char *bytes = NULL;
    size_t count = 0;
    FILE *to = open_memstream(&bytes, &count);
    if (to == NULL)
        return false;
    heaps.least = least;
    heaps_write(to, &heaps);
    fit_end(f);
    bool right = ferror(to) == 0;
    right = fclose(to) == 0 && right && pack_begin(&f->packed, bytes, count);
    f->moments = k->moments;
    f->least = least;
    free(bytes);
    return right;
}

/* Sizes that rise by an eighth to a fifteenth at a time, and are whole granules. */
static uint64_t size_of(unsigned step) {
    uint64_t granules = ((UINT64_C(8) + step % 8) << (step / 8)) / 4;
    return granules * TRACE_GRANULE;
}

/* By bisection: the larger the least size, the less there is. */
static bool find_least(struct fit *f, const struct stock *k, size_t room) {
    unsigned low = 0, high = 8 * 40; /* larger than any */
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (!try(f, k, size_of(middle)))
            return false;
        if (pack_length(&f->packed) <= room)
            high = middle;
        else
            low = middle + 1;
    }
    return f->least == size_of(high) || try(f, k, size_of(high));
}

static bool find_level(struct fit *f, const struct supply *s, int level, size_t room) {
    struct stock *k = calloc(1, sizeof *k);
    bool right = k != NULL && stock_fill(k, s, level) && try(f, k, 0);
    if (right && level == MOMENTS_LEVELS - 1 && pack_length(&f->packed) > room)
        right = find_least(f, k, room);
    if (k != NULL)
        stock_end(k);
    return right;
}

bool fit_find(struct fit *f, const struct supply *s, size_t room) {
    *f = (struct fit){.least = 0};
    for (int level = 0; level < MOMENTS_LEVELS; level++) {
        if (!find_level(f, s, level, room))
            return false;
        if (pack_length(&f->packed) <= room)
            break;
    }
    return true;
}

void fit_end(struct fit *f) {
    pack_end(&f->packed);
}
