/*
 * fork.h - a child of fork() finds all regions whole.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_FORK_H
#define MEM_FORK_H

#include <stdbool.h>

#include "system/names.h"

/* Registers the fork handlers, unless that was done before; false when the system refuses. */
bool mem_fork_handle(void);

#endif
