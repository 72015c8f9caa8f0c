/*
 * trace.h - a recording, read and checked as a whole, and what its operations are.
 *
 * A first pass through the file finds out what holds of all of it, and that it is right. A short
 * trace stays in memory; of a long one, each pass reads the file anew (trace_cursor). So the memory
 * that a trace takes is bounded by the objects that live at a time, and not by its length.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef TRACE_H
#define TRACE_H

#include "callers.h"
#include "complaint.h"
#include "input.h"
#include "operations.h"
#include "progress.h"
#include "read/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No address space has so many bytes: every program's request for them is refused, so they are
 * never live. */
#define TRACE_ABSURD (UINT64_C(1) << 47)

enum {
    TRACE_GRANULE = 16,   /* bytes: an object takes a multiple of it */
    TRACE_BLOCK = 1024,   /* operations that a cursor gives at a time, at most */
    TRACE_SHORT = 1 << 20 /* operations of a trace that stays in memory: 24 MiB */
};

struct trace {
    size_t count;   /* of operations */
    uint32_t slots; /* there are fewer slots than that */

    uint64_t peak;    /* the most bytes that were asked for and are live at a time */
    uint64_t rounded; /* the same, but each object's rounded to whole granules */
    uint64_t moving;  /* the same, while each resize has its new object beside the old one */

    struct origin origin;
    struct callers callers;
    const char *unit; /* what `line` counts */
    uint64_t refused; /* requests of the recorded program that are left out */
    uint64_t unknown; /* objects whose beginning or end is not known */

    uint64_t sum; /* of all operations, to see whether the file changes */

    /* All operations, or NULL: then they are in this file. */
    struct operation *ops;
    int file;
    int32_t process;
};

/*
 * Reads a trace, of any format that formats.h lists, from a regular file, from its beginning to its
 * end. process: which one, of a recording of several; 0: the reader chooses. keep: the most
 * operations that are to stay in memory. The trace takes the file, and is to be freed by
 * trace_free, after a failure too.
 */
bool trace_read(struct trace *t, int file, int32_t process, size_t keep, struct progress *p,
                struct complaint *c);
void trace_free(struct trace *t);

/* A pass through the operations. */
struct trace_cursor {
    const struct trace *trace;
    size_t at;                  /* operations that were given */
    uint64_t sum;               /* of those that were read anew */
    struct trace_reading *read; /* NULL: they are in memory */
};

bool trace_begin(struct trace_cursor *cursor, const struct trace *t, struct complaint *c);

/* Gives the next operations, which stay until the next call; none at the end. */
bool trace_next(struct trace_cursor *cursor, const struct operation **ops, size_t *count,
                struct complaint *c);

/* After trace_begin, whatever that returned. */
void trace_end(struct trace_cursor *cursor);

/* The bytes that an object takes of a region. */
static inline uint64_t trace_taken(uint64_t bytes) {
    return (bytes + TRACE_GRANULE - 1) / TRACE_GRANULE * TRACE_GRANULE;
}

/* The size that is asked of the heap: malloc(0) is valid in the programs recorded. */
static inline uint64_t trace_size(uint64_t bytes) {
    return bytes > 0 ? bytes : 1;
}

#endif /* TRACE_H */
