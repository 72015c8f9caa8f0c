/*
 * replay.h - a trace replayed on libmem.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "complaint.h"
#include "heap.h"
#include "progress.h"
#include "trace.h"

#include <stdbool.h>
#include <stddef.h>

/* How calls are made. */
struct replay_terms {
    int style;  /* of mem.h */
    bool moves; /* a resize is an allocation, a copy and a free */
};

/* The heap as it is when the trace has ended, and what came before. */
struct replay_figures {
    double ns;                      /* of processor time, that an operation takes on average */
    size_t live;                    /* objects */
    size_t chunks;                  /* free ones */
    size_t largest;                 /* free chunk, bytes */
    size_t refused;                 /* requests */
    struct operation first_refused; /* when refused > 0 */
};

enum {
    REPLAY_TIMED = 5,                 /* passes for the time */
    REPLAY_STAGES = 1 + REPLAY_TIMED, /* that replay_run enters, for progress_start */
};

/*
 * Replays a trace in a heap, which must be empty: once to verify every object, then
 * REPLAY_TIMED times for the time, of which the median counts. The objects of the last pass are
 * left in the region.
 *
 * False when memory is short for the replay itself (c->line is 0) or the heap
 * did something wrong (c->line is that of the operation that showed it).
 */
bool replay_run(const struct trace *t, const struct heap *heap, struct replay_terms terms,
                struct progress *p, struct replay_figures *figures, struct complaint *c);

/* Is told now and then how many operations are done. */
struct replay_watcher {
    void (*see)(void *who, size_t done);
    void *who;
};

/*
 * Makes the calls of a trace once, in such a heap, and touches no object.
 * Ends with the first request that is refused: then *refused is true, and c
 * tells which. The objects are left in the region.
 *
 * False as replay_run.
 */
bool replay_probe(const struct trace *t, const struct heap *heap, struct replay_terms terms,
                  const struct replay_watcher *watcher, bool *refused, struct complaint *c);

#endif /* REPLAY_H */
