/*
 * aftermath.c - a program that goes on as if nothing had happened; see aftermath.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "aftermath.h"
#include "heap.h"
#include "own.h"
#include "random.h"
#include "verdict.h"

enum { STEPS = 350, SMALL = 256, MIDDLE = 4096, LARGE = 1 << 16 };

/* Half are of the size that was misused, since allocators keep sizes apart. */
static size_t any_size(size_t bytes, uint64_t *random) {
    switch (random_below(random, 8)) {
    case 0:
    case 1:
        return 16 + random_below(random, SMALL);
    case 2:
        return 16 + random_below(random, MIDDLE);
    case 3:
        return 16 + random_below(random, LARGE);
    default:
        return bytes;
    }
}

static void release(void *object) {
    own_drop(object);
    if (!heap_release(object))
        verdict_note(ASTRAY);
}

static void take_step(size_t bytes, uint64_t *random) {
    const size_t objects = own_objects();
    if (objects > 0 && random_below(random, 3) == 0) {
        release(own_object_at(random_below(random, (uint32_t)objects)));
        return;
    }
    const size_t size = any_size(bytes, random);
    own_object(heap_allocate(size), size);
}

void aftermath(size_t bytes, uint64_t seed) {
    uint64_t random = seed;
    for (int i = 0; i < STEPS; i++)
        take_step(bytes, &random);
    own_check();
    while (own_objects() > 0)
        release(own_object_at(0));
    own_check();
    if (!heap_agrees())
        verdict_note(ASTRAY);
}
