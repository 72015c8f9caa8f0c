/*
 * blocks.h - the objects that live in the heap of a replay, and who placed them where they lie.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include "replay.h"
#include "trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block {
    size_t offset;   /* bytes, from the region's first */
    size_t bytes;    /* that it takes of the region */
    uint64_t since;  /* operations that were done before it was placed here */
    uint32_t caller; /* that placed it, its number; 0: not known */
};

struct blocks {
    struct block *of; /* by slot; 0 bytes: none */
    uint32_t slots;
    uint64_t done; /* operations */
};

/* An empty heap. False when memory is short; blocks_end is to be called in any case. */
bool blocks_begin(struct blocks *b, const struct trace *t);
void blocks_end(struct blocks *b);

/* An operation was done. */
void blocks_see(struct blocks *b, const struct replay_step *step);

/* Writes those that live, by their addresses, to an array for b->slots of them; how many. */
size_t blocks_sorted(const struct blocks *b, struct block *sorted);

#endif /* BLOCKS_H */
