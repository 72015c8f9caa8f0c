/*
 * heap.h - the one region of the process, from which the malloc family is served.
 *
 * It is made by the first call, which may come before any constructor has run, and lasts as long as
 * the process.
 *
 * It is known by two variables. mem_heap_region is the region. mem_heap_direct is the same while
 * calls go straight to it, and NULL if each has to be watched (watched.h), or may meet others in
 * caches (cache.h). The functions of the family look into the second, and take the longer way
 * (serve.h) only if they find NULL there, as the first call does. So a program of one thread that
 * nobody watches does not pay for it.
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

#include "region/region.h"

/* NULL before the first call. mem_heap_direct is set before mem_heap_region: so whoever has an
 * object of the region finds both. */
extern __attribute__((visibility("hidden"))) _Atomic(struct Mem_Region *) mem_heap_region;
extern __attribute__((visibility("hidden"))) _Atomic(struct Mem_Region *) mem_heap_direct;

/* Whether each call is watched. Set before mem_heap_region. */
extern __attribute__((visibility("hidden"))) bool mem_heap_is_watched;

/* The style of all allocations, of mem.h. Set before both. */
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

/* The region, for a call that goes straight to it, because the process has one thread, as far as
 * libc tells; else NULL. */
static inline struct Mem_Region *mem_heap_straight(void) {
    return MEM_LOCK_IS_TOLD && mem_lock_is_needed()
               ? NULL
               : atomic_load_explicit(&mem_heap_direct, memory_order_acquire);
}

/* Whether an address is one of the region's, which may be NULL. */
static inline bool mem_heap_has(const struct Mem_Region *region, const void *ptr) {
    return region != NULL && (uintptr_t)ptr - (uintptr_t)region->base < mem_region_bytes(region);
}

/* What is asked of the region for a request of so many bytes: an object of 0 bytes has an address
 * of its own, too. */
static inline size_t mem_heap_bytes(size_t size) {
    return size + (size == 0);
}

/* Whether m_error is that of a request for so many bytes that the region has, if not in one piece.
 */
bool mem_heap_has_room(struct Mem_Region *region, size_t size);

/* What a failed request for so many bytes comes to: NULL, and ENOMEM. */
void *mem_heap_refuse(struct Mem_Region *region, size_t size);

#endif
