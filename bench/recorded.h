/*
 * recorded.h - a recorded trace, read and ready to be replayed.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef RECORDED_H
#define RECORDED_H

#include "trace.h"

/* Reads a trace, or leaves the experiment out and says why. */
void recorded_read(struct trace *t, const char *path);

/* The same, but nothing of it passes through the malloc of this process: a
 * child reads, and leaves the operations in shared memory. */
void recorded_fetch(struct trace *t, const char *path);

/* The name of a trace: its file's, without folders and from the first dot on.
 * A constant string. */
const char *recorded_name(const char *path);

#endif
