/*
 * malloc.c - malloc, calloc, realloc and free, with their variants.
 *
 * Each has the results and the errors of libc's function; what they need of the region, the public
 * calls of the library do. Whatever makes the region refuse a request, the program sees ENOMEM.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "malloc/family.h"
#include "malloc/foreign.h"
#include "malloc/heap.h"
#include "malloc/serve.h"
#include "malloc/trim.h"
#include "system/public.h"

/* realloc(ptr, 0) frees the object with glibc; with musl, it leaves one of the least size. */
#ifdef __GLIBC__
enum { RESIZE_TO_0_FREES = true };
#else
enum { RESIZE_TO_0_FREES = false };
#endif

/* ---- Allocation ---- */

static inline void *obtain(size_t size, const void *caller) {
    struct Mem_Region *region = mem_heap_straight();
    if (region == NULL)
        return mem_serve_alloc(1, size, caller);
    void *object = Mem_RegionAlloc(region, mem_heap_bytes(size), mem_heap_style);
    return object != NULL ? object : mem_heap_refuse(region, size);
}

/* A product that overflows becomes a size that no region has. */
static inline size_t product(size_t count, size_t size) {
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? SIZE_MAX : bytes;
}

MEM_FAMILY void *malloc(size_t size) {
    return obtain(size, MEM_FAMILY_CALLER);
}

MEM_FAMILY void *calloc(size_t count, size_t size) {
    size_t bytes = product(count, size);
    void *object = obtain(bytes, MEM_FAMILY_CALLER);
    return object != NULL ? memset(object, 0, bytes) : NULL;
}

/* ---- Freeing ---- */

/* False if ptr is no object of the region. */
static inline bool freed(void *ptr) {
    struct Mem_Region *region = mem_heap_straight();
    if (!mem_heap_has(region, ptr) || Mem_RegionFree(region, ptr) != 0)
        return false;
    mem_trim_if_due(region);
    return true;
}

__attribute__((cold)) static void free_otherwise(void *ptr, struct mem_misuse_call call) {
    struct Mem_Region *region = mem_heap_if_made();
    if (!mem_heap_has(region, ptr))
        mem_foreign_free(region, ptr, call);
    else if (mem_heap_straight() != NULL || !mem_serve_free(region, ptr, call.caller))
        mem_misuse_bad(region, ptr, call);
}

/* What only the line about misuse needs, it finds out then: that saves 6 instructions a call. */
MEM_FAMILY void free(void *ptr) {
    if (ptr != NULL && !freed(ptr))
        free_otherwise(ptr, MEM_FAMILY_CALL);
}

/* C23's. The sizes tell nothing that the region does not know. */
MEM_FAMILY void free_sized(void *ptr, size_t size);
MEM_FAMILY void free_sized(void *ptr, size_t size) {
    (void)size;
    if (ptr != NULL && !freed(ptr))
        free_otherwise(ptr, MEM_FAMILY_CALL);
}

MEM_FAMILY void free_aligned_sized(void *ptr, size_t alignment, size_t size);
MEM_FAMILY void free_aligned_sized(void *ptr, size_t alignment, size_t size) {
    (void)alignment;
    (void)size;
    if (ptr != NULL && !freed(ptr))
        free_otherwise(ptr, MEM_FAMILY_CALL);
}

/* ---- Resizing ---- */

static void *resize(void *ptr, size_t size, struct mem_misuse_call call) {
    struct Mem_Region *region = mem_heap_if_made();
    if (!mem_heap_has(region, ptr))
        return mem_foreign_realloc(region, ptr, size, call);
    if (mem_heap_straight() == NULL)
        return mem_serve_resize(region, ptr, size, call);
    void *object = Mem_RegionRealloc(region, ptr, mem_heap_bytes(size), mem_heap_style);
    if (object == NULL && *Mem_ErrorLocation() == E_BAD_POINTER)
        mem_misuse_bad(region, ptr, call);
    mem_trim_if_due(region);
    return object != NULL ? object : mem_heap_refuse(region, size);
}

static inline void *obtain_or_resize(void *ptr, size_t size, struct mem_misuse_call call) {
    if (ptr == NULL)
        return obtain(size, call.caller);
    if (size > 0 || !RESIZE_TO_0_FREES)
        return resize(ptr, size, call);
    if (!freed(ptr))
        free_otherwise(ptr, call);
    return NULL;
}

MEM_FAMILY void *realloc(void *ptr, size_t size) {
    return obtain_or_resize(ptr, size, MEM_FAMILY_CALL);
}

MEM_FAMILY void *reallocarray(void *ptr, size_t count, size_t size) {
    return obtain_or_resize(ptr, product(count, size), MEM_FAMILY_CALL);
}

/* ---- glibc's other names ---- */

#ifdef __GLIBC__
MEM_FAMILY_ALIAS(malloc) void *__libc_malloc(size_t size);
MEM_FAMILY_ALIAS(calloc) void *__libc_calloc(size_t count, size_t size);
MEM_FAMILY_ALIAS(realloc) void *__libc_realloc(void *ptr, size_t size);
MEM_FAMILY_ALIAS(reallocarray) void *__libc_reallocarray(void *ptr, size_t count, size_t size);
MEM_FAMILY_ALIAS(free) void __libc_free(void *ptr);
MEM_FAMILY_ALIAS(free) void cfree(void *ptr);
#endif
