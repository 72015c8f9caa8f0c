/*
 * collect.h - the file in which processes leave their figures, while they run: figures.h of
 * the module tells what is in it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef COLLECT_H
#define COLLECT_H

#include "rows.h"

#include <limits.h>
#include <stdbool.h>

struct collection {
    int file;
    char path[PATH_MAX];
};

/* Makes the file, in $TMPDIR, or, if that is not set, in the first of /dev/shm and /tmp that has
 * room. False with errno set when none has. */
bool collect_begin(struct collection *c);

/* Takes down what is in it, and removes the file; processes that live have it still. False with
 * errno set when memory is short, or it cannot be read. */
bool collect_end(struct collection *c, struct rows *rows);

#endif /* COLLECT_H */
