/*
 * heap.h - the region of a replay: its size in bytes, and how it is made.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef HEAP_H
#define HEAP_H

#include "trace.h"

#include <mem.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes of the largest, and how they are typed. (Where a size_t has 32 bits, it is made of
 * INT_MAX, which is rounded up to whole pages.) */
#if SIZE_MAX > UINT32_MAX
#define HEAP_MOST (UINT64_C(1) << 35)
#define HEAP_MOST_TYPED "32G"
#else
#define HEAP_MOST (UINT64_C(1) << 31)
#define HEAP_MOST_TYPED "2G"
#endif

struct heap {
    Mem_Region *region;
    const unsigned char *start; /* its first byte */
    size_t bytes;               /* whole pages */
};

/* The default size of the region for a trace: a quarter more than its objects take, because of the
 * holes between them. */
size_t heap_for(const struct trace *t);

/* Makes a region of so many bytes, 1 to HEAP_MOST, rounded up to whole pages; false when the system
 * refuses. */
bool heap_make(struct heap *heap, size_t bytes);

#endif /* HEAP_H */
