/*
 * adversary.h - operations chosen to make libmem work hard.
 *
 * An adversary fills a region: fields of small objects, where many chunks will start in a segment,
 * and between them objects so large that a search from one field to the next crosses all levels of
 * the trees over the region. Then it allocates and frees at random, with a taste that changes:
 * sizes at the edges of segments and stretches, holes side by side, whole fields made free.
 *
 * All it does follows from its seed, so that an operation found expensive can be
 * done again, and measured.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef ADVERSARY_H
#define ADVERSARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an operation is. */
enum move { MOVE_FIRST, MOVE_WORST, MOVE_FREE, MOVES };

enum { ADVERSARY_OBJECTS = 1 << 14 };

struct adversary {
    uint64_t random;
    size_t region;
    unsigned taste;
    size_t count;
    void *objects[ADVERSARY_OBJECTS]; /* live */
    /* The next operation. */
    enum move move;
    size_t which; /* of the objects, to be freed */
    int bytes;    /* to be allocated */
};

/* Makes the default region, of so many bytes, and fills it. False when the system refuses. */
bool adversary_start(struct adversary *a, size_t region, uint64_t seed);

/* Chooses the next operation. */
void adversary_choose(struct adversary *a);

/* Does it: the call of the library and nothing else. What Mem_Alloc returned, or NULL. */
static inline void *adversary_call(const struct adversary *a);

/* Notes what the operation returned. */
void adversary_note(struct adversary *a, void *object);

#include <mem.h>

static inline void *adversary_call(const struct adversary *a) {
    if (a->move != MOVE_FREE)
        return Mem_Alloc(a->bytes, a->move == MOVE_FIRST ? FIRSTFIT : WORSTFIT);
    Mem_Free(a->objects[a->which]);
    return NULL;
}

#endif
