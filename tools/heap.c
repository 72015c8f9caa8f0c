/*
 * heap.c - makes the region of a replay.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "heap.h"

#include <limits.h>
#include <unistd.h>

size_t heap_for(const struct trace *t) {
    uint64_t bytes = t->moving + t->moving / 4;
    if (bytes == 0)
        return 1;
    return (size_t)(bytes < HEAP_MOST ? bytes : HEAP_MOST);
}

bool heap_make(struct heap *heap, size_t bytes) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    bool is_too_much = sizeof bytes <= sizeof(int) && bytes > INT_MAX;
    heap->region = Mem_RegionCreate(is_too_much ? INT_MAX : bytes);
    if (heap->region == NULL)
        return false;
    heap->start = (const unsigned char *)Mem_RegionFreeList(heap->region);
    heap->bytes = (bytes + page - 1) / page * page;
    return true;
}
