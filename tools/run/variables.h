/*
 * variables.h - what the module is told: the variables that the program is started with.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef VARIABLES_H
#define VARIABLES_H

#include "request.h"

#include <stdbool.h>

/* Sets them in this process. log: the path of it, or NULL. False with errno set when memory is
 * short. */
bool variables_set(const struct request *r, const char *log);

/* Puts the module in front of what LD_PRELOAD names already; once. */
bool variables_set_module(const char *module);

#endif /* VARIABLES_H */
