/*
 * lives.c - a stack of free slots, and a hash table with open addressing and linear probing, at
 * most three quarters full; where an element goes, those behind it move up (Knuth, The Art of
 * Computer Programming, volume 3, 6.4, algorithm R). The table holds slots alone: their places are
 * its keys.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "lives.h"

#include <stdlib.h>

enum { FIRST_BITS = 10, FIRST_ROOM = 1024 };

/* ---- The table ---- */

static uint32_t last_element(const struct lives *l) {
    return (UINT32_C(1) << l->bits) - 1;
}

/* Multiplicative hashing: the golden ratio's fraction of 2 to the power of 64. */
static uint32_t home(const struct lives *l, uint64_t place) {
    return (uint32_t)(place * UINT64_C(0x9e3779b97f4a7c15) >> (64 - l->bits));
}

/* The element of a place, or the free one where it belongs. */
static uint32_t find(const struct lives *l, uint64_t place) {
    uint32_t i = home(l, place);
    while (l->slot[i] != LIVES_NONE && l->place[l->slot[i]] != place)
        i = (i + 1) & last_element(l);
    return i;
}

static bool grow_table(struct lives *l) {
    struct lives larger = *l;
    larger.bits = l->slot != NULL ? l->bits + 1 : FIRST_BITS;
    larger.slot = larger.bits < 32 ? calloc((size_t)1 << larger.bits, sizeof *larger.slot) : NULL;
    if (larger.slot == NULL)
        return false;
    for (uint32_t i = 0; l->slot != NULL && i <= last_element(l); i++)
        if (l->slot[i] != LIVES_NONE)
            larger.slot[find(&larger, l->place[l->slot[i]])] = l->slot[i];
    free(l->slot);
    *l = larger;
    return true;
}

/* Whether the element at i may not stay there, when the one at gap goes: its home is not behind
 * that. */
static bool moves_up(const struct lives *l, uint32_t i, uint32_t gap) {
    uint32_t from_home = (i - home(l, l->place[l->slot[i]])) & last_element(l);
    return from_home >= ((i - gap) & last_element(l));
}

static void remove_element(struct lives *l, uint32_t gap) {
    for (uint32_t i = (gap + 1) & last_element(l); l->slot[i] != LIVES_NONE;
         i = (i + 1) & last_element(l))
        if (moves_up(l, i, gap)) {
            l->slot[gap] = l->slot[i];
            gap = i;
        }
    l->slot[gap] = LIVES_NONE;
}

/* ---- Slots ---- */

static bool grow_places(struct lives *l) {
    uint32_t room = l->room > 0 ? l->room + l->room / 2 : FIRST_ROOM;
    uint64_t *place = room > l->room ? realloc(l->place, room * sizeof *place) : NULL;
    if (place == NULL)
        return false;
    l->place = place;
    l->room = room;
    return true;
}

/* LIVES_NONE when memory is short. */
static uint32_t take_slot(struct lives *l) {
    uint32_t slot = l->free;
    if (slot != LIVES_NONE) {
        l->free = (uint32_t)l->place[slot];
        return slot;
    }
    if (l->last + 1 >= l->room && !grow_places(l))
        return LIVES_NONE;
    return ++l->last;
}

static bool has_room(const struct lives *l) {
    return l->slot != NULL && l->count < last_element(l) / 4 * 3;
}

uint32_t lives_find(const struct lives *l, uint64_t place) {
    return l->slot != NULL ? l->slot[find(l, place)] : LIVES_NONE;
}

uint32_t lives_begin(struct lives *l, uint64_t place) {
    if (!has_room(l) && !grow_table(l))
        return LIVES_NONE;
    uint32_t slot = take_slot(l);
    if (slot == LIVES_NONE)
        return LIVES_NONE;
    l->place[slot] = place;
    l->slot[find(l, place)] = slot;
    l->count++;
    return slot;
}

void lives_move(struct lives *l, uint32_t slot, uint64_t place) {
    remove_element(l, find(l, l->place[slot]));
    l->place[slot] = place;
    l->slot[find(l, place)] = slot;
}

void lives_end(struct lives *l, uint32_t slot) {
    remove_element(l, find(l, l->place[slot]));
    l->place[slot] = l->free;
    l->free = slot;
    l->count--;
}

void lives_free(struct lives *l) {
    free(l->place);
    free(l->slot);
    *l = (struct lives){.place = NULL};
}
