/*
 * own.c - what the program owns; see own.h.
 *
 * Memory comes first in one array, objects behind it:
 *
 * 1. things[0 .. memories) are memory, things[memories .. count) live objects.
 * 2. No two share a byte: the process ends when they would.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "own.h"
#include "verdict.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { THINGS = 1024, PERIOD = 251 };

struct thing {
    unsigned char *at;
    size_t bytes;
    unsigned seed;
};

static struct thing things[THINGS];
static size_t memories, count;
static unsigned seeds;

/* The byte at an offset: a pattern that repeats every PERIOD bytes. Never 0 or 255, which misuses
 * write most. */
static unsigned char byte_of(const struct thing *t, size_t offset) {
    return (unsigned char)(1 + (t->seed * 37 + offset) % PERIOD);
}

static size_t first_bytes(const struct thing *t) {
    return t->bytes < PERIOD ? t->bytes : PERIOD;
}

static void fill(const struct thing *t) {
    const size_t first = first_bytes(t);
    for (size_t i = 0; i < first; i++)
        t->at[i] = byte_of(t, i);
    for (size_t i = first; i < t->bytes; i++)
        t->at[i] = t->at[i - PERIOD];
}

static bool is_intact(const struct thing *t) {
    const size_t first = first_bytes(t);
    for (size_t i = 0; i < first; i++)
        if (t->at[i] != byte_of(t, i))
            return false;
    return memcmp(t->at, t->at + first, t->bytes - first) == 0;
}

static void look_at(const struct thing *t) {
    if (!is_intact(t))
        verdict_note(OVERWRITTEN);
}

static bool meet(const struct thing *a, const struct thing *b) {
    const uintptr_t one = (uintptr_t)a->at, other = (uintptr_t)b->at;
    return one < other + b->bytes && other < one + a->bytes;
}

static void look_for_others(const struct thing *t) {
    for (size_t i = 0; i < count; i++)
        if (meet(t, &things[i]))
            verdict_note(i < memories ? CHOSEN : OVERLAPPED);
}

static void add(void *at, size_t bytes) {
    const struct thing t = {at, bytes, seeds++};
    if (at == NULL || count == THINGS)
        verdict_note(ASTRAY);
    look_for_others(&t);
    fill(&t);
    things[count++] = t;
}

void own_memory(void *at, size_t bytes) {
    add(at, bytes);
    memories++;
}

void own_object(void *at, size_t bytes) {
    add(at, bytes);
}

void own_drop(const void *object) {
    for (size_t i = memories; i < count; i++)
        if (things[i].at == object) {
            look_at(&things[i]);
            things[i] = things[--count];
            return;
        }
}

void own_check(void) {
    for (size_t i = 0; i < count; i++)
        look_at(&things[i]);
}

size_t own_objects(void) {
    return count - memories;
}

void *own_object_at(size_t number) {
    return things[memories + number].at;
}
