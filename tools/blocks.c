/*
 * blocks.c - follows a replay.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "blocks.h"

#include <stdlib.h>

bool blocks_begin(struct blocks *b, const struct trace *t) {
    *b = (struct blocks){.of = calloc(t->slots, sizeof *b->of), .slots = t->slots};
    return b->of != NULL;
}

void blocks_end(struct blocks *b) {
    free(b->of);
    b->of = NULL;
}

/* A resize that leaves an object where it is leaves it to who placed it. */
void blocks_see(struct blocks *b, const struct replay_step *step) {
    struct block *block = &b->of[step->operation->slot];
    bool stays = step->before.bytes > 0 && step->before.offset == step->after.offset;
    block->offset = step->after.offset;
    block->bytes = step->after.bytes;
    if (!stays) {
        block->since = b->done;
        block->caller = step->operation->caller;
    }
    b->done++;
}

static int compare(const void *a, const void *b) {
    size_t x = ((const struct block *)a)->offset;
    size_t y = ((const struct block *)b)->offset;
    return (x > y) - (x < y);
}

size_t blocks_sorted(const struct blocks *b, struct block *sorted) {
    size_t count = 0;
    for (uint32_t i = 0; i < b->slots; i++)
        if (b->of[i].bytes > 0)
            sorted[count++] = b->of[i];
    qsort(sorted, count, sizeof *sorted, compare);
    return count;
}
