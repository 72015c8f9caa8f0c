/*
 * adversary.c - operations chosen to make libmem work hard; see adversary.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "adversary.h"

#include <limits.h>

#include "random.h"

enum { GRANULE = 16 };

static uint32_t below(struct adversary *a, uint32_t bound) {
    return random_below(&a->random, bound);
}

static bool one_in(struct adversary *a, uint32_t n) {
    return below(a, n) == 0;
}

/* ---- sizes, in granules ---- */

/* Sizes next to those of a segment, of the largest byte and of a stretch. */
static uint32_t edge_size(struct adversary *a) {
    static const uint32_t edges[] = {32, 63, 64, 65, 127, 128, 254, 255, 256, 257, 511, 512, 1024};
    return edges[below(a, sizeof edges / sizeof edges[0])];
}

static uint32_t small_size(struct adversary *a) {
    return 1 + below(a, one_in(a, 3) ? 8 : 2);
}

/* Sizes up to a part of the region, each power of two as likely as the others. */
static uint32_t wide_size(struct adversary *a) {
    uint32_t most = (uint32_t)(a->region / GRANULE);
    uint32_t size = 1 + below(a, most);
    return (size >> below(a, 24)) + 1;
}

static int bytes_of(uint32_t granules) {
    return granules < INT_MAX / GRANULE ? (int)granules * GRANULE : INT_MAX;
}

/* ---- filling ---- */

static bool fill_one(struct adversary *a, uint32_t granules) {
    void *object = a->count < ADVERSARY_OBJECTS ? Mem_Alloc(bytes_of(granules), FIRSTFIT) : NULL;
    if (object == NULL)
        return false;
    a->objects[a->count++] = object;
    return true;
}

/* Fields of up to 64 segments' worth of small objects, and wide ones between them. */
static void fill(struct adversary *a) {
    uint32_t wide = 1 + below(a, 64);
    uint32_t granules = (uint32_t)(a->region / GRANULE);
    while (fill_one(a, granules / wide / 2 + 1 + below(a, granules / wide + 1)) || one_in(a, 2))
        for (uint32_t i = below(a, one_in(a, 2) ? 64 : 2048); i > 0; i--)
            fill_one(a, one_in(a, 40) ? edge_size(a) : small_size(a));
    while (fill_one(a, wide_size(a)))
        ;
    while (fill_one(a, 1) && a->count < ADVERSARY_OBJECTS / 2)
        ;
}

bool adversary_start(struct adversary *a, size_t region, uint64_t seed) {
    a->random = seed;
    a->region = region;
    a->count = 0;
    if (Mem_Init((int)region) != 0)
        return false;
    fill(a);
    return true;
}

/* ---- operations ---- */

/* Objects are in the order of their allocation, so that neighbours in the array are neighbours in
 * the region, as long as it is as it was filled. */
static size_t choose_object(struct adversary *a) {
    if (a->taste % 3 == 0)
        return below(a, (uint32_t)a->count);
    size_t start = a->which < a->count ? a->which : 0;
    return (start + 1 + a->taste % 3) % a->count;
}

static uint32_t choose_size(struct adversary *a) {
    switch (a->taste / 3 % 4) {
    case 0:
        return small_size(a);
    case 1:
        return edge_size(a);
    case 2:
        return wide_size(a);
    default:
        return one_in(a, 2) ? small_size(a) : one_in(a, 2) ? edge_size(a) : wide_size(a);
    }
}

void adversary_choose(struct adversary *a) {
    if (one_in(a, 100))
        a->taste = below(a, 3 * 4 * 4);
    uint32_t frees = 1 + a->taste / 12; /* of five */
    bool may_free = a->count > 0;
    bool may_allocate = a->count < ADVERSARY_OBJECTS;
    if (may_free && (!may_allocate || below(a, 5) < frees)) {
        a->move = MOVE_FREE;
        a->which = choose_object(a);
        return;
    }
    a->move = one_in(a, 2) ? MOVE_FIRST : MOVE_WORST;
    a->bytes = bytes_of(choose_size(a));
}

void adversary_note(struct adversary *a, void *object) {
    if (a->move == MOVE_FREE)
        a->objects[a->which] = a->objects[--a->count];
    else if (object != NULL)
        a->objects[a->count++] = object;
}
