/*
 * walls.c - goes through the objects of a heap by their addresses.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "holders/walls.h"

struct wall {
    const struct block *first;
    size_t count;
    uint64_t
        number; /* from 2 up: the last wall of a caller that has none is 0, and not beside it */
    size_t left, right; /* bytes of the free chunks beside it; 0: it lies at an end of the region */
};

static bool is_of_one(const struct wall *w) {
    for (size_t i = 1; i < w->count; i++)
        if (w->first[i].caller != w->first[0].caller)
            return false;
    return true;
}

static uint64_t lesser(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static uint64_t greater(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

/* Of a run, the largest chunk does not count. */
static void join(struct hold *h, const struct wall *w, uint64_t bytes) {
    if (h->wall != w->number - 1)
        h->run = h->most = w->left;
    h->joins += lesser(h->most, w->right);
    h->most = greater(h->most, w->right);
    h->run += bytes + w->right;
    h->largest = greater(h->largest, h->run);
    h->wall = w->number;
}

static void hold(const struct wall *w, struct hold *h, const struct walls_listener *listener) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < w->count; i++) {
        bytes += w->first[i].bytes;
        if (listener != NULL)
            listener->hear(listener->who, &w->first[i]);
    }
    h->objects += w->count;
    h->bytes += bytes;
    join(h, w, bytes);
}

static void end_wall(const struct wall *w, struct hold *of, const struct walls_listener *listener) {
    if (w->left > 0 && w->right > 0 && is_of_one(w))
        hold(w, &of[w->first->caller], listener);
}

void walls_find(const struct block *blocks, size_t count, size_t region, struct hold *of,
                const struct walls_listener *listener) {
    struct wall wall = {.first = blocks, .number = 2};
    wall.left = count > 0 ? blocks[0].offset : 0;
    for (size_t i = 0; i < count; i++) {
        size_t end = blocks[i].offset + blocks[i].bytes;
        size_t next = i + 1 < count ? blocks[i + 1].offset : region;
        wall.count++;
        if (next == end && i + 1 < count)
            continue;
        wall.right = next - end;
        end_wall(&wall, of, listener);
        wall = (struct wall){&blocks[i + 1], 0, wall.number + 1, wall.right, 0};
    }
}
