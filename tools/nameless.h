/*
 * nameless.h - a temporary file that goes with its descriptor, however the process ends.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef NAMELESS_H
#define NAMELESS_H

/* Makes one in $TMPDIR, or /tmp. A descriptor, or -1 with errno set. */
int nameless_open(void);

#endif /* NAMELESS_H */
