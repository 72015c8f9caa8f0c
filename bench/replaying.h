/*
 * replaying.h - the operations of a trace, done with any two functions.
 *
 * This file defines what an operation means; the experiments differ in what they do around the
 * calls. With every allocator, a resize is an allocation, a copy and a release: none is asked for
 * its own.
 *
 * All of it is inline, so that the calls to the two functions are direct.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef REPLAYING_H
#define REPLAYING_H

#include "area.h"
#include "trace.h"

#include <string.h>

/* Operations done at once; between two slices, a replay can look at the clock. */
enum { REPLAYING_SLICE = 1024 };

struct replaying_object {
    void *start; /* NULL: not live, or refused */
    size_t bytes;
};

struct replaying {
    const struct trace *trace;
    struct replaying_object *objects; /* by slot */
    size_t at;                        /* the next operation */
    size_t refused;                   /* requests, in all replays */
};

typedef void *replaying_allocate(size_t bytes);
typedef void replaying_release(void *object);

static inline void replaying_start(struct replaying *r, const struct trace *t) {
    *r = (struct replaying){.trace = t, .objects = area_take(t->slots * sizeof *r->objects)};
}

static inline void replaying_do(struct replaying *r, const struct operation *op,
                                replaying_allocate *allocate, replaying_release *release) {
    struct replaying_object *object = &r->objects[op->slot];
    struct replaying_object old = *object;
    if (op->kind == OPERATION_FREE) {
        if (old.start != NULL)
            release(old.start);
        object->start = NULL;
        return;
    }
    size_t bytes = op->bytes > 0 ? op->bytes : 1; /* as malloc(0) does */
    void *start = allocate(bytes);
    if (start == NULL) {
        r->refused++;
        return;
    }
    *object = (struct replaying_object){start, bytes};
    if (old.start == NULL)
        return;
    memcpy(start, old.start, old.bytes < bytes ? old.bytes : bytes);
    release(old.start);
}

/* Does a slice of what is left; false when nothing was left. */
static inline bool replaying_slice(struct replaying *r, replaying_allocate *allocate,
                                   replaying_release *release) {
    const struct trace *t = r->trace;
    if (r->at == t->count)
        return false;
    size_t end = t->count - r->at > REPLAYING_SLICE ? r->at + REPLAYING_SLICE : t->count;
    for (; r->at < end; r->at++)
        replaying_do(r, &t->ops[r->at], allocate, release);
    return true;
}

/* Releases what the trace has left, so that it can be replayed again. */
static inline void replaying_reset(struct replaying *r, replaying_release *release) {
    for (size_t i = 0; i < r->trace->slots; i++) {
        if (r->objects[i].start != NULL)
            release(r->objects[i].start);
        r->objects[i].start = NULL;
    }
    r->at = 0;
}

#endif
