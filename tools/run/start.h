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

/*
 * Starts the program, whose arguments begin with its name, from the file path. The child has the
 * environment of this process, and signals as they were. When the system does not run the file, the
 * child says so and exits with 126 or 127. Returns its process, or -1 with errno set.
 */
pid_t start(const char *path, char **program, const struct attention *before);

/* Puts the module in front of what LD_PRELOAD names already. False with errno set when memory is
 * short. */
bool start_preload(const char *module);

#endif /* START_H */
