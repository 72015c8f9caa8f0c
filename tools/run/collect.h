/*
 * collect.h - the log in which processes leave their figures, and perhaps their events, while they
 * run: log.h of the module tells what is in it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef COLLECT_H
#define COLLECT_H

#include "request.h"
#include "rows.h"

#include <limits.h>
#include <stdbool.h>

struct collection {
    int file;
    char path[PATH_MAX];
    bool kept; /* as what was recorded */
};

/*
 * Makes the log. For a recording, it takes the place of the file of that name, whose folder must be
 * there; else it is in $TMPDIR, or, if that is not set, in the first of /dev/shm and /tmp that has
 * room. STARTED, or it has told what is wrong, and returns the status to end with.
 */
int collect_begin(struct collection *c, const struct request *r);

/* Takes down the figures in it. False with errno set when memory is short, or it cannot be read. */
bool collect_rows(const struct collection *c, struct rows *rows);

/* Removes it if it is not kept; processes that live have it still. The file of one that is kept
 * stays open. */
/* Writes the name by which processes find it: NUMBER:PATH (log.h). */
enum { COLLECT_NAME = PATH_MAX + 24 };
void collect_name(const struct collection *c, char name[COLLECT_NAME]);

void collect_end(struct collection *c);

/* Removes it, since no program was started. */
void collect_cancel(struct collection *c);

#endif /* COLLECT_H */
