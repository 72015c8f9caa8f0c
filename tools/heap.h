/*
 * heap.h - the region of a replay: its size in bytes, and how it is made.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef HEAP_H
#define HEAP_H

#include "region.h"
#include "trace.h"

#include <mem.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heap {
    Mem_Region *region;
    const unsigned char *start; /* its first byte */
    size_t bytes;               /* whole pages */
};

/* The default size of the region for a trace: a quarter more than its objects take, because of the
 * holes between them. */
size_t heap_for(const struct trace *t);

/* Makes a region of so many bytes, 1 to HEAP_MOST, rounded up to whole pages; false when the
 * system refuses. */
bool heap_make(struct heap *heap, size_t bytes);

#endif /* HEAP_H */
