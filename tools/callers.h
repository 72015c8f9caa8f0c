/*
 * callers.h - the callers of a recording: what their numbers stand for.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef CALLERS_H
#define CALLERS_H

#include "lives.h"
#include "read/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero has none. */
struct callers {
    uint64_t *address; /* by number */
    uint32_t count;    /* their numbers are from 1 to count */
    struct code *code; /* in the order in which it was loaded */
    size_t code_count;
};

/* Takes them from a recording that was read: the numbers of addresses, and what its reader knows of
 * the code. False when memory is short; callers_end is to be called in any case. */
bool callers_take(struct callers *c, const struct lives *addresses, const struct format *format,
                  const void *reader);
void callers_end(struct callers *c);

/* The code in which a caller lies, of that which was loaded last; NULL if it is not known. */
const struct code *callers_code(const struct callers *c, uint32_t number);

#endif /* CALLERS_H */
