/*
 * objects.h - the numbers of objects that are live, by their places.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef OBJECTS_H
#define OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct object {
    uint64_t place; /* and 1; 0: the element is free */
    uint32_t id;
};

struct objects {
    struct object *of;
    unsigned bits; /* there are 2 to the power of it; none before the first */
    size_t count;
};

/* Puts an object there, in the stead of one that may be there already. False when memory is short.
 * O(1) on average. */
bool objects_put(struct objects *o, uint64_t place, uint32_t id);

/* Takes the object away that is there; false when there is none. O(1) on average. */
bool objects_take(struct objects *o, uint64_t place, uint32_t *id);

void objects_free(struct objects *o);

#endif /* OBJECTS_H */
