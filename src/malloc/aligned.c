/*
 * aligned.c - the functions of the malloc family that take an alignment, or give that of a page.
 *
 * They differ in which alignments they take: aligned_alloc a power of two, posix_memalign a power
 * of two that is a multiple of a pointer's size; memalign rounds up to the next power of two.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "malloc/family.h"
#include "malloc/heap.h"
#include "malloc/serve.h"
#include "system/os.h"
#include "system/public.h"

static bool is_power_of_two(size_t number) {
    return number != 0 && (number & (number - 1)) == 0;
}

/* The alignment is a power of two. */
static inline void *obtain(size_t alignment, size_t size, const void *caller) {
    struct Mem_Region *region = mem_heap_straight();
    if (region == NULL)
        return mem_serve_alloc(alignment, size, caller);
    void *object = Mem_RegionAlignedAlloc(region, alignment, mem_heap_bytes(size), mem_heap_style);
    return object != NULL ? object : mem_heap_refuse(region, size);
}

static void *refuse_alignment(void) {
    errno = EINVAL;
    return NULL;
}

MEM_FAMILY void *aligned_alloc(size_t alignment, size_t size) {
    return is_power_of_two(alignment) ? obtain(alignment, size, MEM_FAMILY_CALLER)
                                      : refuse_alignment();
}

MEM_FAMILY void *memalign(size_t alignment, size_t size) {
    if (alignment > SIZE_MAX / 2 + 1)
        return refuse_alignment();
    size_t power = 1;
    while (power < alignment)
        power *= 2;
    return obtain(power, size, MEM_FAMILY_CALLER);
}

MEM_FAMILY int posix_memalign(void **ptr, size_t alignment, size_t size) {
    if (!is_power_of_two(alignment) || alignment % sizeof(void *) != 0)
        return EINVAL;
    int error = errno;
    void *object = obtain(alignment, size, MEM_FAMILY_CALLER);
    errno = error;
    if (object == NULL)
        return ENOMEM;
    *ptr = object;
    return 0;
}

MEM_FAMILY void *valloc(size_t size) {
    return obtain(mem_os_round(1), size, MEM_FAMILY_CALLER);
}

#ifdef __GLIBC__

/* A size that cannot be rounded up to pages is one that no region has. */
MEM_FAMILY void *pvalloc(size_t size) {
    size_t page = mem_os_round(1);
    size_t rounded = size <= SIZE_MAX - page ? mem_os_round(size) : SIZE_MAX;
    return obtain(page, rounded, MEM_FAMILY_CALLER);
}

MEM_FAMILY_ALIAS(memalign) void *__libc_memalign(size_t alignment, size_t size);
MEM_FAMILY_ALIAS(valloc) void *__libc_valloc(size_t size);
MEM_FAMILY_ALIAS(pvalloc) void *__libc_pvalloc(size_t size);
MEM_FAMILY_ALIAS(posix_memalign) int __posix_memalign(void **ptr, size_t alignment, size_t size);

#endif
