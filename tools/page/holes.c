/*
 * holes.c - goes through the objects by their addresses, once for each moment.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/holes.h"

#include <stdlib.h>

struct gathering {
    struct placements *holes;
    size_t room;  /* for so many */
    size_t *open; /* the numbers of the holes at the moment before, by address */
    size_t *next; /* the same at the moment at hand */
    size_t open_count, next_count;
    size_t at; /* in `open`: those before it lie lower than all that is to come */
};

static int compare(const void *a, const void *b) {
    const struct placement *x = *(const struct placement *const *)a;
    const struct placement *y = *(const struct placement *const *)b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* Twice the room, if there is no more. */
static bool make_room(struct gathering *g) {
    struct placements *h = g->holes;
    if (h->count < g->room)
        return true;
    size_t room = 2 * g->room + 1024;
    struct placement *grown = realloc(h->of, room * sizeof *grown);
    if (grown == NULL)
        return false;
    h->of = grown;
    g->room = room;
    return true;
}

/* The number of the hole if it was there at the moment before, or else of a new one. */
static size_t number_of(struct gathering *g, const struct placement *hole) {
    struct placements *h = g->holes;
    while (g->at < g->open_count && h->of[g->open[g->at]].offset < hole->offset)
        g->at++;
    if (g->at < g->open_count) {
        const struct placement *old = &h->of[g->open[g->at]];
        if (old->offset == hole->offset && old->bytes == hole->bytes)
            return g->open[g->at];
    }
    h->of[h->count] = *hole;
    return h->count++;
}

static bool add(struct gathering *g, uint64_t from, uint64_t to, unsigned char moment) {
    const struct placement hole = {
        .offset = from, .bytes = to - from, .first = moment, .last = moment};
    if (from == to)
        return true;
    if (!make_room(g))
        return false;
    size_t number = number_of(g, &hole);
    g->holes->of[number].last = moment;
    g->next[g->next_count++] = number;
    return true;
}

static void turn(struct gathering *g) {
    size_t *open = g->open;
    g->open = g->next;
    g->open_count = g->next_count;
    g->next = open;
    g->next_count = 0;
    g->at = 0;
}

static bool add_moment(struct gathering *g, const struct placement *const *sorted, size_t count,
                       unsigned char moment, size_t region) {
    uint64_t end = 0;
    for (size_t i = 0; i < count; i++) {
        if (sorted[i]->first > moment || sorted[i]->last < moment)
            continue;
        if (!add(g, end, sorted[i]->offset, moment))
            return false;
        end = sorted[i]->offset + sorted[i]->bytes;
    }
    bool added = add(g, end, region, moment);
    turn(g);
    return added;
}

static bool add_all(struct gathering *g, const struct placement **sorted,
                    const struct placements *objects, size_t moments, size_t region) {
    for (size_t i = 0; i < objects->count; i++)
        sorted[i] = &objects->of[i];
    qsort(sorted, objects->count, sizeof *sorted, compare);
    for (size_t i = 0; i < moments; i++)
        if (!add_moment(g, sorted, objects->count, (unsigned char)i, region))
            return false;
    return true;
}

bool holes_find(struct placements *holes, const struct placements *objects, size_t moments,
                size_t region) {
    size_t most = objects->count + 1; /* holes at a moment */
    struct gathering g = {.holes = holes};
    *holes = (struct placements){.count = 0};
    const struct placement **sorted = malloc(most * sizeof(void *));
    g.open = malloc(most * sizeof *g.open);
    g.next = malloc(most * sizeof *g.next);
    bool right = sorted != NULL && g.open != NULL && g.next != NULL &&
                 add_all(&g, sorted, objects, moments, region);
    if (right)
        placements_sort(holes);
    free(sorted);
    free(g.open);
    free(g.next);
    return right;
}
