/*
 * rung.h - a heap with so many free chunks, and small objects between them.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef RUNG_H
#define RUNG_H

#include "adapter.h"

#include <stddef.h>
#include <stdint.h>

/* Small objects, and so the free chunks between them, have 16 to 128 bytes. */
enum { RUNG_SMALL_MIN = 16, RUNG_SMALL_MAX = 128 };

struct rung {
    size_t chunks;   /* free ones, when it has just been built; as many objects */
    void **objects;  /* live ones */
    uint64_t random; /* the state of the generator */
    size_t region;   /* bytes that the adapter was started with */
};

/* Starts the adapter for a heap of that kind. */
void rung_start(struct rung *r, size_t chunks, enum policy policy);

/* Allocates twice as many objects, and releases every other one. */
void rung_build(struct rung *r);

/* Releases all. */
void rung_clear(struct rung *r);

/* Bytes of a small object, at random. */
size_t rung_small(struct rung *r);

/* The place of a live object, at random. */
void **rung_pick(struct rung *r);

#endif
