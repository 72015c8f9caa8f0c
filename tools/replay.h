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

#include <mem.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How calls are made. */
struct replay_terms {
    int style;  /* of mem.h */
    bool moves; /* a resize is an allocation, a copy and a free */
};

/* A request that was refused. */
struct replay_refusal {
    uint64_t bytes; /* asked for */
    size_t free;    /* bytes of the heap that are free then */
    size_t largest; /* free chunk, bytes */
    uint32_t line;
};

/* Whether it found the heap full: fewer bytes were free than it asked for. Else the heap was
 * fragmented: so many were free, but not in one piece, or not at such an alignment. */
static inline bool replay_is_full(const struct replay_refusal *r) {
    return r->free < r->bytes;
}

/* The heap at the first moment when its largest free chunk was as small as it ever was. */
struct replay_moment {
    size_t free;    /* bytes */
    size_t largest; /* free chunk, bytes */
    size_t chunks;  /* free ones */
    uint32_t line;  /* after that; 0: nothing was done */
};

/* The heap as it is when the trace has ended, and what came before. */
struct replay_figures {
    double ns;                           /* of processor time, that an operation takes on average */
    size_t live;                         /* objects */
    size_t chunks;                       /* free ones */
    size_t largest;                      /* free chunk, bytes */
    size_t refused;                      /* requests */
    size_t full;                         /* of them: see replay_is_full */
    struct replay_refusal first_refused; /* when refused > 0 */
    struct replay_moment worst;
};

enum {
    REPLAY_TIMED = 5,                 /* passes for the time */
    REPLAY_STAGES = 1 + REPLAY_TIMED, /* that replay_run enters, for progress_start */
};

/* Is told of each request that is refused. */
struct replay_listener {
    void (*hear)(void *who, const struct replay_refusal *refusal);
    void *who;
};

/*
 * Replays a trace in a heap, which must be empty: once to verify every object, then
 * REPLAY_TIMED times for the time, of which the median counts. The objects of the last pass are
 * left in the region. listener: or NULL.
 *
 * False when memory is short for the replay itself (c->line is 0) or the heap
 * did something wrong (c->line is that of the operation that showed it).
 */
bool replay_run(const struct trace *t, const struct heap *heap, struct replay_terms terms,
                const struct replay_listener *listener, struct progress *p,
                struct replay_figures *figures, struct complaint *c);

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

/* What was refused in all. */
struct replay_refused {
    uint64_t requests;
    uint64_t full;  /* of them */
    uint64_t bytes; /* that they asked for */
};

/* The same, but to the end, whatever is refused. */
bool replay_count(const struct trace *t, const struct heap *heap, struct replay_terms terms,
                  const struct replay_watcher *watcher, struct replay_refused *refused,
                  struct complaint *c);

/* What an object takes of the region, in bytes from the region's first; 0 bytes: there is none. */
struct replay_block {
    size_t offset;
    size_t bytes; /* rounded as the heap does */
};

/* An operation that was done, and the heap after it. */
struct replay_step {
    const struct operation *operation;
    struct replay_block before, after;    /* the object of its slot */
    const struct replay_refusal *refusal; /* NULL: nothing was refused */
    struct Mem_Stats stats;
};

/* Is told of each operation, in their order. */
struct replay_observer {
    void (*see)(void *who, const struct replay_step *step);
    void *who;
};

/* The same again, for somebody who looks at the heap after each operation. */
bool replay_observe(const struct trace *t, const struct heap *heap, struct replay_terms terms,
                    const struct replay_observer *observer, const struct replay_watcher *watcher,
                    struct complaint *c);

#endif /* REPLAY_H */
