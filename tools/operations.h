/*
 * operations.h - the calls of a recording as operations on slots (lives.h): what a replay does.
 *
 * What holds of the operations:
 * 1. A slot is allocated only when it is free, and resized or freed only when it is live.
 * 2. Slots are from 1 up. The slot of a free of the null pointer is 0, which is never live.
 *
 * A recording may have begun late, or have lost some calls. Then what is freed, or resized, may be
 * unknown: such a free is left out, and such a resize allocates. And an object may begin where one
 * lives: that has ended unseen, and is freed first.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include "complaint.h"
#include "idset.h"
#include "lives.h"
#include "read/reader.h"

#include <stdint.h>

enum operation_kind { OPERATION_ALLOC, OPERATION_RESIZE, OPERATION_FREE };

struct operation {
    uint64_t bytes; /* 0 of a free */
    uint32_t slot;
    uint32_t caller; /* its number; 0: not known */
    uint32_t line;   /* where it stands (struct format) */
    unsigned char kind;
    unsigned char alignment; /* its logarithm; 0: none was asked for */
};

struct operations {
    const struct format *format;
    void *reader;
    struct lives lives;
    struct lives callers; /* by their addresses; none ends */
    struct idset ended; /* places, where a format does not begin late: an id, unlike an address, is
                         * not resized any more once it was freed */
    struct call ahead;  /* is still to be done, if has_ahead */
    bool has_ahead;
    uint64_t refused; /* requests, which are left out */
    uint64_t unknown; /* objects that were freed, resized or replaced, but whose beginning or end is
                       * not known */
};

/* Takes a reader of the format, which operations_end ends. */
void operations_begin(struct operations *o, const struct format *format, void *reader);

/* READER_BAD: c says what is wrong. */
enum reader_next operations_next(struct operations *o, struct operation *op, struct complaint *c);

void operations_end(struct operations *o);

#endif /* OPERATIONS_H */
