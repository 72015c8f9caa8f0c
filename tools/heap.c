/*
 * heap.c - makes the region of a replay.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "heap.h"

#include <mem.h>
#include <unistd.h>

size_t heap_for(const struct trace *t) {
    uint64_t bytes = t->taken + t->taken / 4;
    if (bytes == 0)
        return 1;
    return (size_t)(bytes < HEAP_MOST ? bytes : HEAP_MOST);
}

size_t heap_make(size_t bytes) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (Mem_Init(bytes < INT_MAX ? (int)bytes : INT_MAX) != 0)
        return 0;
    return (bytes + page - 1) / page * page;
}
