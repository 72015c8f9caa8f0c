/*
 * start.h - starts a program with the module in it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef START_H
#define START_H

#include "attend.h"

#include <stdbool.h>
#include <sys/types.h>

/* What the program begins with. */
struct start_terms {
    const struct attention *before; /* signals are as they were */
    int log;                        /* in which it is the process to be refused; -1: none is */
    bool apart;                     /* in a process group of its own */
    int streams[3];                 /* in the place of the standard ones; -1: as they are */
};

/*
 * Starts the program, whose arguments begin with its name, from the file path. The child has the
 * environment of this process. When the system does not run the file, the child says so and exits
 * with 126 or 127. Returns its process, or -1 with errno set.
 */
pid_t start(const char *path, char **program, const struct start_terms *terms);

#endif /* START_H */
