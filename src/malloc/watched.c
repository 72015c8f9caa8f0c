/*
 * watched.c - calls that are watched; see watched.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/watched.h"

#include <errno.h>

#include "malloc/entry.h"
#include "malloc/heap.h"
#include "system/public.h"

/* ---- A section ---- */

struct section {
    bool taken;
    int error; /* errno as the program left it */
};

static struct section enter(struct Mem_Region *region) {
    struct section section = {.error = errno};
    section.taken = mem_lock_keep(region->lock);
    mem_entry_settle(region);
    return section;
}

static void leave(struct Mem_Region *region, struct section section) {
    mem_entry_update(region);
    mem_lock_keep_no_more(region->lock, section.taken);
    errno = section.error;
}

/* ---- The calls ---- */

static void *alloc(struct Mem_Region *region, size_t alignment, size_t size) {
    struct section section = enter(region);
    void *object = Mem_RegionAlignedAlloc(region, alignment, mem_heap_bytes(size), mem_heap_style);
    if (object != NULL)
        mem_entry_reach((char *)object + size);
    else
        mem_heap_refuse(region, size);
    leave(region, section);
    return object;
}

void *mem_watched_alloc(size_t alignment, size_t size) {
    struct Mem_Region *region = mem_heap();
    void *object = region != NULL ? alloc(region, alignment, size) : NULL;
    if (object == NULL)
        errno = ENOMEM;
    return object;
}

bool mem_watched_free(struct Mem_Region *region, void *ptr) {
    struct section section = enter(region);
    bool freed = Mem_RegionFree(region, ptr) == 0;
    leave(region, section);
    return freed;
}

void *mem_watched_resize(struct Mem_Region *region, void *ptr, size_t size,
                         struct mem_misuse_call call) {
    struct section section = enter(region);
    void *object = Mem_RegionRealloc(region, ptr, mem_heap_bytes(size), mem_heap_style);
    bool bad = object == NULL && *Mem_ErrorLocation() == E_BAD_POINTER;
    if (object != NULL)
        mem_entry_reach((char *)object + size);
    else if (!bad)
        mem_heap_refuse(region, size);
    leave(region, section);
    if (bad)
        mem_misuse_bad(region, ptr, call);
    if (object == NULL)
        errno = ENOMEM;
    return object;
}
