/*
 * heap-libmem.c - the default region of libmem, by first fit.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "heap.h"

#include <mem.h>

enum { REGION = 1 << 26 };

const size_t heap_link_at = offsetof(struct __list_t, next);

const char *heap_name(void) {
    return "libmem " MEM_VERSION_STRING;
}

bool heap_start(void) {
    return Mem_Init(REGION) == 0;
}

void *heap_allocate(size_t bytes) {
    return Mem_RegionAlloc(Mem_DefaultRegion(), bytes, FIRSTFIT);
}

void *heap_allocate_array(size_t count, size_t bytes) {
    return Mem_RegionCalloc(Mem_DefaultRegion(), count, bytes, FIRSTFIT);
}

void *heap_resize(void *object, size_t bytes) {
    return Mem_RegionRealloc(Mem_DefaultRegion(), object, bytes, FIRSTFIT);
}

bool heap_release(void *object) {
    return Mem_Free(object) == 0;
}

size_t heap_size(const void *object) {
    return Mem_RegionSize(Mem_DefaultRegion(), object);
}

void *heap_foreign(size_t bytes) {
    Mem_Region *other = Mem_RegionCreate(REGION);
    return other != NULL ? Mem_RegionAlloc(other, bytes, FIRSTFIT) : NULL;
}

/* True if all free space is one chunk, and its node is right. */
bool heap_agrees(void) {
    struct Mem_Stats stats;
    return Mem_Check() == 0 && Mem_GetStats(&stats) == 0 && stats.live_blocks == 0 &&
           stats.live_bytes == 0 && stats.free_chunks == 1 &&
           stats.largest_free == stats.region_bytes;
}
