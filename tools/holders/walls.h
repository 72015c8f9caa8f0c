/*
 * walls.h - who keeps free chunks apart, at a moment.
 *
 * A wall is a run of objects that lie side by side between two free chunks. If all of its objects
 * are of one caller, that caller holds them apart: would its objects go, the two, and what comes of
 * further walls of the same caller beside them, would be one chunk. A chunk between the walls of
 * two callers counts for both: either could go. What several callers hold together counts for none.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef HOLDERS_WALLS_H
#define HOLDERS_WALLS_H

#include "blocks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a caller holds. */
struct hold {
    uint64_t joins;   /* bytes of free chunks that would join larger ones */
    uint64_t largest; /* chunk that would come of it, with the bytes of the objects between */
    uint64_t objects; /* in its walls */
    uint64_t bytes;   /* of them */
    uint64_t wall;    /* its last one, by its number */
    uint64_t run;     /* bytes of the chunk that would come of that and those beside it */
    uint64_t most;    /* the largest free chunk of that run */
};

/* Is told of each object in a wall of one caller. */
struct walls_listener {
    void (*hear)(void *who, const struct block *block);
    void *who;
};

/*
 * Adds up what each caller holds. blocks: the live objects, by their addresses; region: its bytes;
 * of: by caller, all zero. listener: or NULL. O(blocks).
 */
void walls_find(const struct block *blocks, size_t count, size_t region, struct hold *of,
                const struct walls_listener *listener);

#endif /* HOLDERS_WALLS_H */
