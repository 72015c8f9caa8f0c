/*
 * moments.h - the moments at which a page shows every block: those at which something happens under
 * a style, and others, evenly spaced. They are the same for all styles, so that these can be
 * compared.
 *
 * What holds between calls:
 * 1. A moment comes after a number of operations; these numbers rise.
 * 2. The last moment is the end of the trace.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_MOMENTS_H
#define PAGE_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What happens there first. */
enum event {
    EVENT_PEAK,       /* as much is live as ever */
    EVENT_TIGHTEST,   /* the largest free chunk is as small as ever */
    EVENT_SCATTERED,  /* the free bytes are as many times the largest free chunk as ever */
    EVENT_FULL,       /* a request is refused because the heap is full */
    EVENT_FRAGMENTED, /* a request is refused because the heap is fragmented */
    EVENTS
};

/* Of one style: after how many operations; 0: it does not happen. */
struct events {
    uint64_t at[EVENTS];
};

enum {
    MOMENTS_STYLES = 3, /* at most: as many as there are */
    MOMENTS_EVEN = 192, /* parts of the time, at most */
    MOMENTS_LEVELS = 4,
    MOMENTS_MOST = MOMENTS_EVEN + MOMENTS_STYLES * EVENTS
};

struct moment {
    uint64_t done;                        /* operations */
    unsigned char events[MOMENTS_STYLES]; /* a bit for each */
    bool is_end;
    int level; /* the highest of those at which it is kept; see moments_thin */
};

struct moments {
    size_t count; /* at least 1 */
    struct moment of[MOMENTS_MOST];
};

/* Chooses them for so many styles, in a trace of so many operations. */
void moments_choose(struct moments *m, uint64_t operations, const struct events *events,
                    size_t styles);

/* Those that are kept at a level: at 0 all, and at each further one half of those that are only
 * evenly spaced. */
struct moments moments_thin(const struct moments *m, int level);

#endif /* PAGE_MOMENTS_H */
