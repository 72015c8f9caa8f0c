/*
 * known.h - the callers that a page names: those that have placed most.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_KNOWN_H
#define PAGE_KNOWN_H

#include "caller_names.h"
#include "page/placements.h"
#include "trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KNOWN_MOST = 1000 };

/* All zero for a trace without callers. */
struct known {
    uint32_t *rank;            /* by caller: from 1 to count, or count + 1 of those without name; 0
                                  of number 0 */
    struct caller_name *names; /* by rank - 1 */
    size_t count;
};

/* Counts what so many styles have placed. False when memory is short; known_end is to be called in
 * any case. */
bool known_find(struct known *k, const struct trace *t, const struct placements *of, size_t styles);
void known_end(struct known *k);

#endif /* PAGE_KNOWN_H */
