/*
 * lives.h - slots of objects that live: each has a small number while it lives, and another object
 * may have it afterwards. So arrays by slot are as long as the most objects that live at a time,
 * and not as all that ever did.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef LIVES_H
#define LIVES_H

#include <stdbool.h>
#include <stdint.h>

/* No object's. */
#define LIVES_NONE UINT32_C(0)

/* All zero is empty. Slots are from 1 to last. */
struct lives {
    uint64_t *place; /* by slot: of the object; or, of one that is free, the next free slot */
    uint32_t room;   /* elements of place */
    uint32_t last;   /* the highest slot that was ever given */
    uint32_t free;   /* the first free slot, or LIVES_NONE */
    uint32_t count;  /* objects that live */
    uint32_t
        *slot; /* a hash table of the slots by their places; there are 2 to the power of bits */
    unsigned bits;
};

/* The slot of the object at a place, or LIVES_NONE. O(1) on average, as the others. */
uint32_t lives_find(const struct lives *l, uint64_t place);

/* An object begins where none lives; returns its slot, or LIVES_NONE when memory is short. */
uint32_t lives_begin(struct lives *l, uint64_t place);

/* The object of a slot moves to where none lives. */
void lives_move(struct lives *l, uint32_t slot, uint64_t place);

/* The object of a slot ends. */
void lives_end(struct lives *l, uint32_t slot);

void lives_free(struct lives *l);

#endif /* LIVES_H */
