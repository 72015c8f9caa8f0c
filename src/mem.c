/*
 * mem.c - the public calls: arguments are checked, the lock is taken, and
 * m_error is set. mem.h tells what each does.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <stddef.h>

#include "alloc.h"
#include "default.h"
#include "error.h"
#include "public.h"
#include "region.h"
#include "release.h"

/* The ways to fail, kept out of line so that the normal paths stay straight. */

__attribute__((cold, noinline)) static int fail(int error) {
    mem_error_set(error);
    return -1;
}

__attribute__((cold, noinline)) static void *refuse(int error) {
    mem_error_set(error);
    return NULL;
}

int Mem_Init(int sizeOfRegion) {
    if (sizeOfRegion <= 0 || !mem_default_create((size_t)sizeOfRegion))
        return fail(E_BAD_ARGS);
    return 0;
}

static bool is_style(int style) {
    return style == FIRSTFIT || style == WORSTFIT || style == BESTFIT;
}

/* With the lock, for a process that has threads: out of line, so that the calls of the others
 * need no stack. */

__attribute__((noinline)) static void *alloc_locked(struct mem_region *region, size_t bytes,
                                                    int style) {
    bool taken = mem_lock_take(&region->lock);
    void *object = mem_alloc(region, bytes, style);
    mem_lock_drop(&region->lock, taken);
    return object;
}

__attribute__((noinline)) static int free_locked(struct mem_region *region, void *ptr) {
    bool taken = mem_lock_take(&region->lock);
    int result = mem_release(region, ptr);
    mem_lock_drop(&region->lock, taken);
    return result;
}

void *Mem_Alloc(int size, int style) {
    if (size <= 0 || !is_style(style))
        return refuse(E_BAD_ARGS);
    struct mem_region *region = mem_default();
    if (region == NULL)
        return refuse(E_NO_SPACE);
    if (mem_lock_is_needed())
        return alloc_locked(region, (size_t)size, style);
    return mem_alloc(region, (size_t)size, style);
}

int Mem_Free(void *ptr) {
    if (ptr == NULL)
        return 0;
    struct mem_region *region = mem_default();
    if (region == NULL)
        return fail(E_BAD_POINTER);
    if (mem_lock_is_needed())
        return free_locked(region, ptr);
    return mem_release(region, ptr);
}

MemNodePtr Mem_FreeList(void) {
    struct mem_region *region = mem_default();
    if (region == NULL)
        return NULL;
    bool taken = mem_lock_take(&region->lock);
    MemNodePtr head = mem_region_list(region);
    mem_lock_drop(&region->lock, taken);
    return head;
}

/* Whether every node is what the index says. */
static bool list_is_intact(struct mem_region *region) {
    struct mem_chunk chunk;
    bool more = mem_region_chunk_from(region, 0, &chunk);
    while (more && chunk.intact)
        more = mem_region_chunk_next(region, &chunk);
    return !more;
}

int Mem_Check(void) {
    struct mem_region *region = mem_default();
    if (region == NULL)
        return fail(E_BAD_ARGS);
    bool taken = mem_lock_take(&region->lock);
    bool intact = list_is_intact(region);
    mem_lock_drop(&region->lock, taken);
    return intact ? 0 : fail(E_CORRUPT_FREESPACE);
}
