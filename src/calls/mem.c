/*
 * mem.c - the public calls on objects: allocate, align, free, size, resize. They check
 * arguments, take the lock and set m_error; mem.h has the contracts.
 *
 * Each call comes twice, for the default region with ints and for any region with size_t; each
 * checks its own arguments, then both share one function.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "calls/default.h"
#include "calls/section.h"
#include "region/aligned.h"
#include "region/alloc.h"
#include "region/free.h"
#include "region/list.h"
#include "region/resize.h"
#include "system/error.h"
#include "system/public.h"

static bool is_style(int style) {
    return style == FIRSTFIT || style == WORSTFIT || style == BESTFIT;
}

/* Caps a request at a size that no region has: it still fails, and cannot overflow. */
static size_t clamped(size_t bytes) {
    return bytes < MEM_ALLOC_MAX ? bytes : MEM_ALLOC_MAX;
}

/* Tells the tools of a new object, if there is one. */
static void *shown(struct Mem_Region *region, void *object, size_t bytes) {
    if (object != NULL && region->watched)
        mem_watch_allocated(region, mem_region_object(region, object), bytes);
    return object;
}

/* ---- Allocation ---- */

/* What is not plain (region.h), and the lock, are served by functions of their own, out of line. So
 * the short way, of a process with one thread in a plain region, ends in tail calls and needs no
 * stack frame.
 *
 * A region can cease to be plain: its first best fit begins an order, of which the short way knows
 * nothing. That happens under the lock, where the process has several threads, and so whether a
 * region is plain is read under the lock, too. A thread that came by mem_default_plain() just
 * before finds out there. A process with one thread has nobody to race with, the child of a fork()
 * neither, and a thread within fork() has all the locks. */

__attribute__((noinline)) static void *alloc_watched(struct Mem_Region *region, bool taken,
                                                     size_t bytes, int style) {
    mem_watch_enter(region, taken);
    void *object = shown(region, mem_alloc_any(region, bytes, style), bytes);
    mem_watch_leave(region, taken);
    return object;
}

static inline void *alloc_beyond_plain(struct Mem_Region *region, bool taken, size_t bytes,
                                       int style) {
    if (region->watched)
        return alloc_watched(region, taken, bytes, style);
    return mem_alloc_any(region, bytes, style);
}

__attribute__((noinline)) static void *alloc_locked(struct Mem_Region *region, size_t bytes,
                                                    int style) {
    bool taken = mem_lock_take_needed(region->lock);
    void *object = region->plain ? mem_alloc(region, bytes, style)
                                 : alloc_beyond_plain(region, taken, bytes, style);
    mem_lock_drop(region->lock, taken);
    return object;
}

/* Without mem_default_plain() there is no default region, it is not plain, or it is made just now.
 */
__attribute__((noinline)) static void *alloc_in_default_beyond_plain(size_t bytes, int style) {
    struct Mem_Region *region = mem_default();
    if (region == NULL)
        return mem_error_null(E_NO_SPACE);
    if (mem_lock_is_needed())
        return alloc_locked(region, bytes, style);
    return alloc_beyond_plain(region, false, bytes, style);
}

__attribute__((noinline)) static void *alloc_in_default_otherwise(int size, int style) {
    if (size <= 0 || !is_style(style))
        return mem_error_null(E_BAD_ARGS);
    struct Mem_Region *region = mem_default_plain();
    if (region == NULL)
        return alloc_in_default_beyond_plain((size_t)size, style);
    if (mem_lock_is_needed())
        return alloc_locked(region, (size_t)size, style);
    return mem_alloc(region, (size_t)size, style);
}

/* Most requests are for small objects by first fit. As an unsigned number, size - 1 is small only
 * if size is small and positive: one comparison for both saves 3 instructions a call. */
static inline void *alloc_in_default(int size, int style) {
    struct Mem_Region *region = mem_default_plain();
    size_t last = (unsigned)size - 1U;
    if (style != FIRSTFIT || last >= MEM_ALLOC_SMALL)
        return alloc_in_default_otherwise(size, style);
    if (region == NULL || mem_lock_is_needed())
        return alloc_in_default_otherwise(size, style);
    return mem_alloc_small(region, (mem_granule)(last / MEM_GRANULE_BYTES) + 1);
}

static inline void *alloc_in(struct Mem_Region *region, size_t size, int style) {
    if (region == NULL || size == 0 || !is_style(style))
        return mem_error_null(E_BAD_ARGS);
    if (mem_lock_is_needed())
        return alloc_locked(region, clamped(size), style);
    if (!region->plain)
        return alloc_beyond_plain(region, false, clamped(size), style);
    return mem_alloc(region, clamped(size), style);
}

void *Mem_Alloc(int size, int style) {
    return alloc_in_default(size, style);
}

void *Mem_RegionAlloc(Mem_Region *region, size_t size, int style) {
    return alloc_in(region, size, style);
}

static void *cleared(void *object, size_t bytes) {
    return object != NULL ? memset(object, 0, bytes) : NULL;
}

void *Mem_Calloc(int count, int size, int style) {
    if (count <= 0 || size <= 0 || count > INT_MAX / size)
        return mem_error_null(E_BAD_ARGS);
    return cleared(alloc_in_default(count * size, style), (size_t)(count * size));
}

void *Mem_RegionCalloc(Mem_Region *region, size_t count, size_t size, int style) {
    if (size == 0 || count > SIZE_MAX / size)
        return mem_error_null(E_BAD_ARGS);
    return cleared(alloc_in(region, count * size, style), count * size);
}

/* ---- Alignment ---- */

static bool is_power_of_two(size_t number) {
    return number != 0 && (number & (number - 1)) == 0;
}

static void *aligned_in(struct Mem_Region *region, size_t alignment, size_t bytes, int style) {
    if (alignment > mem_region_bytes(region))
        return mem_error_null(E_BAD_ARGS);
    if (alignment <= MEM_GRANULE_BYTES)
        return alloc_in(region, bytes, style);
    bool taken = mem_section_enter(region);
    void *object = shown(region, mem_aligned(region, alignment, clamped(bytes), style), bytes);
    mem_section_leave(region, taken);
    return object;
}

void *Mem_AlignedAlloc(int alignment, int size, int style) {
    if (alignment <= 0 || !is_power_of_two((size_t)alignment) || size <= 0 || !is_style(style))
        return mem_error_null(E_BAD_ARGS);
    struct Mem_Region *region = mem_default();
    if (region == NULL)
        return mem_error_null(E_NO_SPACE);
    return aligned_in(region, (size_t)alignment, (size_t)size, style);
}

void *Mem_RegionAlignedAlloc(Mem_Region *region, size_t alignment, size_t size, int style) {
    if (region == NULL || !is_power_of_two(alignment) || size == 0 || !is_style(style))
        return mem_error_null(E_BAD_ARGS);
    return aligned_in(region, alignment, size, style);
}

/* ---- Freeing ---- */

static int free_and_tell(struct Mem_Region *region, void *ptr) {
    mem_granule g = mem_region_object(region, ptr);
    if (g == MEM_NO_GRANULE)
        return mem_free_any(region, ptr);
    struct mem_watch_before before = mem_watch_look(region, g);
    int result = mem_free_any(region, ptr);
    mem_watch_freed(region, before);
    return result;
}

/* Out of line as for allocation. */

__attribute__((noinline)) static int free_watched(struct Mem_Region *region, bool taken,
                                                  void *ptr) {
    mem_watch_enter(region, taken);
    int result = free_and_tell(region, ptr);
    mem_watch_leave(region, taken);
    return result;
}

static inline int free_beyond_plain(struct Mem_Region *region, bool taken, void *ptr) {
    if (region->watched)
        return free_watched(region, taken, ptr);
    return mem_free_any(region, ptr);
}

__attribute__((noinline)) static int free_locked(struct Mem_Region *region, void *ptr) {
    bool taken = mem_lock_take_needed(region->lock);
    int result = region->plain ? mem_free(region, ptr) : free_beyond_plain(region, taken, ptr);
    mem_lock_drop(region->lock, taken);
    return result;
}

__attribute__((noinline)) static int free_in_default_beyond_plain(void *ptr) {
    struct Mem_Region *region = mem_default();
    if (region == NULL)
        return mem_error_minus_one(E_BAD_POINTER);
    if (mem_lock_is_needed())
        return free_locked(region, ptr);
    return free_beyond_plain(region, false, ptr);
}

int Mem_Free(void *ptr) {
    if (ptr == NULL)
        return 0;
    struct Mem_Region *region = mem_default_plain();
    if (region == NULL)
        return free_in_default_beyond_plain(ptr);
    if (mem_lock_is_needed())
        return free_locked(region, ptr);
    return mem_free(region, ptr);
}

static inline int free_in(struct Mem_Region *region, void *ptr) {
    if (mem_lock_is_needed())
        return free_locked(region, ptr);
    if (!region->plain)
        return free_beyond_plain(region, false, ptr);
    return mem_free(region, ptr);
}

int Mem_RegionFree(Mem_Region *region, void *ptr) {
    if (region == NULL)
        return mem_error_minus_one(E_BAD_ARGS);
    return ptr != NULL ? free_in(region, ptr) : 0;
}

/* ---- Sizes ---- */

/* The bytes of the object at ptr, or 0. */
static size_t size_in(struct Mem_Region *region, const void *ptr) {
    size_t bytes = 0;
    bool taken = mem_section_enter(region);
    mem_granule g = mem_region_object(region, ptr);
    if (g != MEM_NO_GRANULE) {
        bytes = mem_region_object_bytes(region, g);
        if (region->watched)
            mem_watch_allow_all(region, g);
    }
    mem_section_leave(region, taken);
    return bytes;
}

int Mem_Size(const void *ptr) {
    struct Mem_Region *region = mem_default();
    size_t bytes = region != NULL ? size_in(region, ptr) : 0;
    return bytes > 0 ? mem_list_size(mem_granule_count(bytes)) : mem_error_minus_one(E_BAD_POINTER);
}

size_t Mem_RegionSize(Mem_Region *region, const void *ptr) {
    if (region == NULL)
        return mem_error_zero(E_BAD_ARGS);
    size_t bytes = size_in(region, ptr);
    return bytes > 0 ? bytes : mem_error_zero(E_BAD_POINTER);
}

/* ---- Resizing ---- */

/* Resizes the object at g where it is, if it can be. */
static bool resized_in_place(struct Mem_Region *region, mem_granule g, size_t bytes) {
    if (!region->watched)
        return mem_resize(region, g, mem_granule_count(bytes));
    struct mem_watch_before before = mem_watch_look(region, g);
    if (!mem_resize(region, g, mem_granule_count(bytes)))
        return false;
    mem_watch_resized(region, before, bytes);
    return true;
}

/* The bytes to copy when the object at g moves. */
static size_t bytes_to_move(const struct Mem_Region *region, mem_granule g) {
    return region->watched ? mem_watch_bytes(region, g) : mem_region_object_bytes(region, g);
}

/* Copies without the lock, since that may take long: both objects belong to the caller alone. */
static void *resize_in(struct Mem_Region *region, void *ptr, size_t bytes, int style) {
    bool taken = mem_section_enter(region);
    mem_granule g = mem_region_object(region, ptr);
    if (g == MEM_NO_GRANULE) {
        mem_section_leave(region, taken);
        return mem_error_null(E_BAD_POINTER);
    }
    if (resized_in_place(region, g, bytes)) {
        mem_section_leave(region, taken);
        return ptr;
    }
    void *moved = shown(region, mem_alloc_any(region, bytes, style), bytes);
    size_t contents = bytes_to_move(region, g);
    mem_section_leave(region, taken);
    if (moved == NULL)
        return NULL;
    memcpy(moved, ptr, contents);
    (void)free_in(region, ptr);
    return moved;
}

void *Mem_Realloc(void *ptr, int size, int style) {
    if (ptr == NULL)
        return alloc_in_default(size, style);
    if (size <= 0 || !is_style(style))
        return mem_error_null(E_BAD_ARGS);
    struct Mem_Region *region = mem_default();
    if (region == NULL)
        return mem_error_null(E_BAD_POINTER);
    return resize_in(region, ptr, (size_t)size, style);
}

void *Mem_RegionRealloc(Mem_Region *region, void *ptr, size_t size, int style) {
    if (ptr == NULL)
        return alloc_in(region, size, style);
    if (region == NULL || size == 0 || !is_style(style))
        return mem_error_null(E_BAD_ARGS);
    return resize_in(region, ptr, clamped(size), style);
}
