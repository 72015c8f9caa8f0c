/*
 * spool.h - a copy of what comes through a pipe, in a file that has no name.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef SPOOL_H
#define SPOOL_H

#include "input.h"
#include "progress.h"

/*
 * Returns a descriptor, to be closed by the caller, that reads all that the descriptor from still
 * has to give. For a regular file, that is a duplicate of from. All else is copied, to the end or
 * until it turns out to be no trace, into a file in $TMPDIR, or /tmp, which goes with the
 * descriptor, however the process ends. The bar shows that the copy goes on.
 *
 * -1 with *error saying why.
 */
int spool_open(int from, struct progress *p, const char **error);

/* The same for the bytes of an input, unpacked. */
int spool_input(struct input *in, struct progress *p, const char **error);

#endif /* SPOOL_H */
