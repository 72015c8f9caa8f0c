/*
 * objects.c - a hash table with open addressing and linear probing, at most half full; where an
 * element goes, those behind it move up (Knuth, The Art of Computer Programming, volume 3, 6.4,
 * algorithm R).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "objects.h"

#include <stdlib.h>

enum { FIRST_BITS = 10 };

static size_t last_element(const struct objects *o) {
    return ((size_t)1 << o->bits) - 1;
}

/* Multiplicative hashing: the golden ratio's fraction of 2 to the power of 64. */
static size_t home(const struct objects *o, uint64_t key) {
    return (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - o->bits));
}

/* The element of a key, or the free one where it belongs. */
static size_t find(const struct objects *o, uint64_t key) {
    size_t i = home(o, key);
    while (o->of[i].place != 0 && o->of[i].place != key)
        i = (i + 1) & last_element(o);
    return i;
}

static bool make_room(struct objects *o) {
    if (o->of != NULL && o->count <= last_element(o) / 2)
        return true;
    struct objects larger = {.bits = o->of != NULL ? o->bits + 1 : FIRST_BITS, .count = o->count};
    larger.of = calloc((size_t)1 << larger.bits, sizeof *larger.of);
    if (larger.of == NULL)
        return false;
    for (size_t i = 0; o->of != NULL && i <= last_element(o); i++)
        if (o->of[i].place != 0)
            larger.of[find(&larger, o->of[i].place)] = o->of[i];
    free(o->of);
    *o = larger;
    return true;
}

bool objects_put(struct objects *o, uint64_t place, uint32_t id) {
    if (!make_room(o))
        return false;
    size_t i = find(o, place + 1);
    o->count += o->of[i].place == 0;
    o->of[i] = (struct object){place + 1, id};
    return true;
}

/* Whether the element at i may not stay there, when the one at free goes: its home is not behind
 * that. */
static bool moves_up(const struct objects *o, size_t i, size_t free) {
    size_t from_home = (i - home(o, o->of[i].place)) & last_element(o);
    return from_home >= ((i - free) & last_element(o));
}

static void close_gap(struct objects *o, size_t gap) {
    for (size_t i = (gap + 1) & last_element(o); o->of[i].place != 0; i = (i + 1) & last_element(o))
        if (moves_up(o, i, gap)) {
            o->of[gap] = o->of[i];
            gap = i;
        }
    o->of[gap].place = 0;
}

bool objects_take(struct objects *o, uint64_t place, uint32_t *id) {
    size_t i = o->of != NULL ? find(o, place + 1) : 0;
    if (o->of == NULL || o->of[i].place == 0)
        return false;
    *id = o->of[i].id;
    o->count--;
    close_gap(o, i);
    return true;
}

void objects_free(struct objects *o) {
    free(o->of);
    o->of = NULL;
}
