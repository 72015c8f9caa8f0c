/*
 * moments.c - puts moments in their order.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/moments.h"

#include <string.h>

/* The moment after so many operations, which is there then. */
static struct moment *moment_at(struct moments *m, uint64_t done) {
    size_t at = m->count;
    while (at > 0 && m->of[at - 1].done >= done)
        at--;
    if (at < m->count && m->of[at].done == done)
        return &m->of[at];
    memmove(&m->of[at + 1], &m->of[at], (m->count - at) * sizeof m->of[0]);
    m->of[at] = (struct moment){.done = done};
    m->count++;
    return &m->of[at];
}

static void keep(struct moment *one, int level) {
    one->level = level > one->level ? level : one->level;
}

static void add_event(struct moments *m, uint64_t done, size_t style, enum event event) {
    struct moment *one = moment_at(m, done);
    one->events[style] |= (unsigned char)(1 << event);
    keep(one, MOMENTS_LEVELS - 1);
}

/* The highest level whose spacing has this part. */
static int level_of(uint64_t part) {
    int level = 0;
    while (level < MOMENTS_LEVELS - 1 && part % 2 == 0) {
        part /= 2;
        level++;
    }
    return level;
}

static void add_even(struct moments *m, uint64_t operations) {
    bool all = operations <= MOMENTS_EVEN;
    uint64_t parts = all ? operations : MOMENTS_EVEN;
    for (uint64_t i = 1; i < parts; i++)
        keep(moment_at(m, i * operations / parts), level_of(i));
}

void moments_choose(struct moments *m, uint64_t operations, const struct events *events,
                    size_t styles) {
    m->count = 0;
    struct moment *last = moment_at(m, operations);
    last->is_end = true;
    keep(last, MOMENTS_LEVELS - 1);
    add_even(m, operations);
    for (size_t i = 0; i < styles; i++)
        for (int k = 0; k < EVENTS; k++)
            if (events[i].at[k] > 0)
                add_event(m, events[i].at[k], i, (enum event)k);
}

struct moments moments_thin(const struct moments *m, int level) {
    struct moments kept = {.count = 0};
    for (size_t i = 0; i < m->count; i++)
        if (m->of[i].level >= level)
            kept.of[kept.count++] = m->of[i];
    return kept;
}
