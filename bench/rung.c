/*
 * rung.c - builds a heap with so many free chunks.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "rung.h"

#include "area.h"
#include "experiment.h"
#include "outcome.h"
#include "random.h"

enum {
    CHUNKS_MIN = 4,
    CHUNKS_MAX = 5000000,    /* for which a region of 2 GiB has room */
    HEADERS = 16,            /* at most, that an allocator takes before an object */
    FREE_END = 32 * 1048576, /* that is left over at the region's end */
};

void rung_start(struct rung *r, size_t chunks, enum policy policy) {
    if (chunks < CHUNKS_MIN || chunks > CHUNKS_MAX)
        outcome_failed("%d to %d free chunks, not %zu", CHUNKS_MIN, CHUNKS_MAX, chunks);
    *r = (struct rung){.chunks = chunks, .random = 1};
    r->objects = area_take(2 * chunks * sizeof *r->objects);
    r->region = 2 * chunks * (RUNG_SMALL_MAX + HEADERS) + FREE_END;
    experiment_start(r->region, policy, false);
}

size_t rung_small(struct rung *r) {
    return RUNG_SMALL_MIN + random_below(&r->random, RUNG_SMALL_MAX - RUNG_SMALL_MIN + 1);
}

void **rung_pick(struct rung *r) {
    return &r->objects[random_below(&r->random, (uint32_t)r->chunks)];
}

/* Downwards, since a plain list then inserts each chunk at its head: it can be
 * built with a million of them. */
static void release_every_other(struct rung *r) {
    for (size_t i = r->chunks; i-- > 0;)
        adapter_release(r->objects[2 * i]);
    for (size_t i = 0; i < r->chunks; i++)
        r->objects[i] = r->objects[2 * i + 1];
}

void rung_build(struct rung *r) {
    for (size_t i = 0; i < 2 * r->chunks; i++)
        r->objects[i] = experiment_allocate(rung_small(r));
    release_every_other(r);
}

void rung_clear(struct rung *r) {
    for (size_t i = 0; i < r->chunks; i++)
        adapter_release(r->objects[i]);
}
