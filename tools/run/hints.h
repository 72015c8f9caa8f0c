/*
 * hints.h - why few calls may have arrived.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef HINTS_H
#define HINTS_H

#include "report.h"

/* A program that has a heap of its own, by how its name begins, and what turns that off. */
struct own_heap {
    const char *program;
    const char *variable;
    const char *value;
    const char *setting; /* VARIABLE=VALUE */
};

enum { HINTS_OWN_HEAPS = 2 };
extern const struct own_heap hints_own_heaps[HINTS_OWN_HEAPS];

/* The one of these that a row is of. NULL for other programs, and if the variable begins with the
 * value: PYTHONMALLOC=malloc_debug, say, serves as well. */
const struct own_heap *hints_own_heap(const struct row *row);

/* For the whole: a sentence when no call arrived, or when no heap came near to what was resident at
 * most. NULL else. */
const char *hints_whole(const struct report *r);

#endif /* HINTS_H */
