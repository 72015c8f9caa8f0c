/*
 * serve.c - sends calls the way that they have to go; see serve.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/serve.h"

#include <errno.h>

#include "malloc/cache.h"
#include "malloc/heap.h"
#include "malloc/trim.h"
#include "malloc/watched.h"
#include "system/public.h"

static void *alloc(struct Mem_Region *region, size_t alignment, size_t size) {
    size_t bytes = mem_heap_bytes(size);
    void *object = alignment > MEM_GRANULE_BYTES ? mem_cache_aligned(region, alignment, bytes)
                                                 : mem_cache_alloc(region, bytes);
    return object != NULL ? object : mem_heap_refuse(region, size);
}

void *mem_serve_alloc(size_t alignment, size_t size, const void *caller) {
    struct Mem_Region *region = mem_heap();
    if (region == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    return mem_heap_is_watched ? mem_watched_alloc(region, alignment, size, caller)
                               : alloc(region, alignment, size);
}

bool mem_serve_free(struct Mem_Region *region, void *ptr, const void *caller) {
    bool freed = mem_heap_is_watched ? mem_watched_free(region, ptr, caller)
                                     : mem_cache_free(region, ptr) == MEM_CACHE_FREED;
    mem_trim_if_noted(region);
    return freed;
}

static void *resize(struct Mem_Region *region, void *ptr, size_t size,
                    struct mem_misuse_call call) {
    void *object = mem_cache_resize(region, ptr, mem_heap_bytes(size));
    if (object == NULL && *Mem_ErrorLocation() == E_BAD_POINTER)
        mem_misuse_bad(region, ptr, call);
    return object != NULL ? object : mem_heap_refuse(region, size);
}

void *mem_serve_resize(struct Mem_Region *region, void *ptr, size_t size,
                       struct mem_misuse_call call) {
    void *object = mem_heap_is_watched ? mem_watched_resize(region, ptr, size, call)
                                       : resize(region, ptr, size, call);
    mem_trim_if_noted(region);
    return object;
}
