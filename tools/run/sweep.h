/*
 * sweep.h - runs a program once for each of its allocations, which is refused, and tells what the
 * program did not cope with.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef SWEEP_H
#define SWEEP_H

#include "attend.h"
#include "request.h"

/* The statuses of mem-run for a sweep. */
enum { SWEEP_FOUND_NOTHING = 0, SWEEP_FOUND = 1 };

/* Runs the program from the file path; the module is in the variables already. Prints a table;
 * returns the status to exit with. */
int sweep(const struct request *r, const char *path, struct attention *before);

#endif /* SWEEP_H */
