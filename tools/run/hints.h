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

/* NULL for a row of another program, and if the variable is set so. */
const struct own_heap *hints_own_heap(const struct row *row);

/* For the whole: a sentence when no call arrived, or when no heap came near to what was resident at
 * most. NULL else. */
const char *hints_whole(const struct report *r);

#endif /* HINTS_H */
