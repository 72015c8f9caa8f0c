/*
 * placements.h - the objects that live at some moment of a replay, and where they lie: each is kept
 * once, with the first and the last moment at which it lies there and is so large.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_PLACEMENTS_H
#define PAGE_PLACEMENTS_H

#include "complaint.h"
#include "page/moments.h"
#include "replay.h"
#include "status.h"
#include "trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct placement {
    uint64_t offset;           /* bytes, from the region's first */
    uint64_t bytes;            /* that it takes of the region */
    uint64_t since;            /* operations that were done before it was placed there */
    uint32_t caller;           /* that placed it; 0: not known */
    unsigned char first, last; /* moments, by their number */
};

/* The heap at a moment. */
struct figures {
    uint64_t live, objects;         /* bytes, and in how many */
    uint64_t free, chunks, largest; /* bytes, in how many, and in the largest */
};

struct placements {
    size_t count;
    struct placement *of; /* by first moment and offset */
    struct figures at[MOMENTS_MOST];
};

/*
 * Replays the trace once, in a process of its own. The watcher is called in this process. SERVED,
 * whatever was refused; otherwise c says what went wrong. placements_end is to be called in any
 * case.
 */
enum status placements_find(struct placements *p, const struct moments *m, const struct trace *t,
                            size_t region, struct replay_terms terms,
                            const struct replay_watcher *watcher, struct complaint *c);
void placements_end(struct placements *p);

/* Puts them into their order. */
void placements_sort(struct placements *p);

/* Those that live at moments that are kept; their moments are then the numbers of these. False when
 * memory is short; placements_end is to be called in any case. */
bool placements_thin(struct placements *to, const struct placements *from, const struct moments *m,
                     const struct moments *kept);

#endif /* PAGE_PLACEMENTS_H */
