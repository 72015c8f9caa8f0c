/*
 * trace.h - an allocation trace, read as a whole and checked: from the text format here, or from a
 * log (trace_log.h).
 *
 * The format is the text format of the CS:APP malloc lab. Four lines: the heap bytes suggested, the
 * number of ids, the number of operations, a weight. Then the operations, one a line: `a ID BYTES`,
 * `r ID BYTES`, `f ID`. Published traces have any number from 0 up in the first line, which is not
 * used.
 *
 * What holds of a trace that trace_read accepted:
 * 1. Every id is below ids, and ids is at most count. Of a free of the null pointer, `f -1`, the
 *    id is ids: an array with a place more has one for it, which nothing ever fills.
 * 2. An id is allocated only when it is not live, and freed only when it is. It is resized when
 *    it is live, or, as by realloc(NULL), when it never was.
 * 3. Operation i stands in line trace_line(t, i); in a log, it is the operation with that number.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef TRACE_H
#define TRACE_H

#include "complaint.h"
#include "input.h"
#include "progress.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum trace_kind { TRACE_ALLOC = 'a', TRACE_RESIZE = 'r', TRACE_FREE = 'f' };

/* No address space has so many bytes: every program's request for them is refused, so they are
 * never live. */
#define TRACE_ABSURD (UINT64_C(1) << 47)

enum { TRACE_GRANULE = 16 }; /* bytes: an object takes a multiple of it */

struct trace_op {
    uint64_t bytes; /* 0 when kind is TRACE_FREE */
    uint32_t id;
    unsigned char kind;
};

/* What a log knows beyond the operations. */
struct trace_origin {
    long pid; /* of the process that was recorded; 0: the trace is not from a log */
    char program[64];
    uint64_t missing; /* calls that were made but are not recorded */
    uint64_t refused; /* requests, which are left out */
    uint64_t unknown; /* frees and resizes of objects that the log does not know, left out, too */
};

struct trace {
    size_t ids;
    size_t count;
    struct trace_op *ops;
    uint64_t peak;     /* the most bytes that were asked for and are live at a time */
    uint64_t taken;    /* the most bytes that objects take of a region at a time, while each resize
                          has its new object beside the old one */
    size_t first_line; /* the line of operation 0 */
    struct trace_origin origin;
};

/*
 * Reads a trace to the end of the input. The memory it takes is bounded by the
 * operations that are there, whatever the header says. The result is to be
 * freed by trace_free, after a failure too.
 */
bool trace_read(struct trace *t, struct input *in, struct progress *p, struct complaint *c);
void trace_free(struct trace *t);

/* For readers of other formats: makes room for one more operation, of most at most; *capacity is
 * how many there is room for, 0 at first. False when memory is short. */
bool trace_make_room(struct trace *t, size_t *capacity, size_t most);

/* And at the end: checks invariant 2, and finds out what the objects need. */
bool trace_settle(struct trace *t, struct complaint *c);

/* The bytes that an object takes of a region. */
static inline uint64_t trace_taken(uint64_t bytes) {
    return (bytes + TRACE_GRANULE - 1) / TRACE_GRANULE * TRACE_GRANULE;
}

/* The size that is asked of the heap: malloc(0) is valid in the programs recorded. */
static inline uint64_t trace_size(uint64_t bytes) {
    return bytes > 0 ? bytes : 1;
}

/* The line of operation i, or for i == count, the one after the last. */
static inline size_t trace_line(const struct trace *t, size_t i) {
    return t->first_line + i;
}

#endif /* TRACE_H */
