/*
 * heap.h - the region of a replay: its size in bytes, and how it is made.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef HEAP_H
#define HEAP_H

#include "trace.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes of the largest region: Mem_Init rounds INT_MAX up to whole pages. */
#define HEAP_MOST ((uint64_t)INT_MAX + 1)

/* The default size of the region for a trace: a quarter more than its objects take, because of the
 * holes between them. */
size_t heap_for(const struct trace *t);

/* Makes the default region, of so many bytes, 1 to HEAP_MOST, rounded up to whole pages. Returns
 * its size, or 0 when the system refuses. */
size_t heap_make(size_t bytes);

#endif /* HEAP_H */
