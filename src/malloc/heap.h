/*
 * heap.h - the one region of the process, from which the malloc family is served.
 *
 * It is made by the first call, which may come before any constructor has run, and lasts as long as
 * the process.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_HEAP_H
#define MEM_MALLOC_HEAP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "malloc/entry.h"
#include "region/region.h"

/* NULL before the first call. */
extern __attribute__((visibility("hidden"))) _Atomic(struct Mem_Region *) mem_heap_region;

/* The style of all allocations, of mem.h. Set before mem_heap_region. */
extern __attribute__((visibility("hidden"))) int mem_heap_style;

/* Makes the region, unless another thread has just done so. NULL when the system refuses one of any
 * size; the next call tries again. Leaves errno alone. */
struct Mem_Region *mem_heap_make(void);

static inline struct Mem_Region *mem_heap_if_made(void) {
    return atomic_load_explicit(&mem_heap_region, memory_order_acquire);
}

/* The region, made if need be; NULL when the system refuses it. */
static inline struct Mem_Region *mem_heap(void) {
    struct Mem_Region *region = mem_heap_if_made();
    return region != NULL ? region : mem_heap_make();
}

/* Whether an address is one of the region's, which may be NULL. */
static inline bool mem_heap_has(const struct Mem_Region *region, const void *ptr) {
    return region != NULL && (uintptr_t)ptr - (uintptr_t)region->base < mem_region_bytes(region);
}

/* What a failed request for so many bytes comes to: NULL, and ENOMEM. m_error is the region's. */
void *mem_heap_refuse(struct Mem_Region *region, size_t size);

/* How a request for so many bytes ends, whose object is NULL if the region, perhaps NULL itself,
 * refused it. */
static inline void *mem_heap_answer(struct Mem_Region *region, void *object, size_t size) {
    if (object == NULL)
        return mem_heap_refuse(region, size);
    return mem_entry_show_object(region, object, size);
}

/* What is asked of the region for a request of so many bytes: an object of 0 bytes has an address
 * of its own, too. */
static inline size_t mem_heap_bytes(size_t size) {
    return size + (size == 0);
}

#endif
