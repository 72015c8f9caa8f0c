/*
 * spool.h - a copy of what comes through a pipe, in a file that has no name.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef SPOOL_H
#define SPOOL_H

#include "progress.h"

/*
 * A descriptor that reads, from its begin to its end, what the descriptor from still has to give.
 * A regular file stands for itself. All else is copied to the end, or as far as it takes to see
 * that it is no trace, into a file in $TMPDIR, or /tmp, which goes with the descriptor, however the
 * process ends. It is to be closed. The bar shows that the copy goes on.
 *
 * -1 with *error saying why.
 */
int spool_open(int from, struct progress *p, const char **error);

#endif /* SPOOL_H */
