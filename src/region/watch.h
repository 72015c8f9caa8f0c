/*
 * watch.h - what AddressSanitizer and Valgrind's memcheck are told of a region, so
 * that they report a use of memory that the program has not allocated.
 *
 * In a region, a program may use the bytes that it requested for its objects, and the nodes of the
 * free list, which are public. All other bytes are forbidden: free memory beyond the nodes, and the
 * rounding at an object's end. The calls below keep the tools informed about watched regions. Those
 * about objects are made around the change, with the lock held.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_WATCH_H
#define MEM_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "region/region.h"
#include "system/names.h"

/* Whether AddressSanitizer, LeakSanitizer, memcheck, Helgrind or DRD watches this process.
 * Callgrind and other profilers do not count: they are to measure the library as it is without
 * tools. */
bool mem_watch_is_on(void);

/* Allows memory that is about to become a region: part of it may be forbidden still by a region
 * there that was never destroyed. */
void mem_watch_reclaim(char *memory, size_t bytes);

/* begin: the region is new and empty. end: it is about to be unmapped or given up. resume:
 * unmapping has failed, which undoes end. */
void mem_watch_begin(struct Mem_Region *region);
void mem_watch_end(struct Mem_Region *region);
void mem_watch_resume(struct Mem_Region *region);

/* Between these two, memcheck reports no errors of the calling thread. (AddressSanitizer is told in
 * another way: MEM_LIST_WRITER.) In a watched region, `base` may be read only between them. */
void mem_watch_hush(void);
void mem_watch_unhush(void);

/* The same around a call on the region; taken says whether the call took the lock. */
void mem_watch_enter(const struct Mem_Region *region, bool taken);
void mem_watch_leave(const struct Mem_Region *region, bool taken);

/* An object as it was before it changed. */
struct mem_watch_before {
    mem_granule g;
    mem_granule end;
    bool chunk_follows;
};

struct mem_watch_before mem_watch_look(const struct Mem_Region *region, mem_granule g);

/* After the change: an object of so many bytes was allocated; one was freed; one was resized in
 * place. */
void mem_watch_allocated(const struct Mem_Region *region, mem_granule g, size_t bytes);
void mem_watch_freed(const struct Mem_Region *region, struct mem_watch_before before);
void mem_watch_resized(const struct Mem_Region *region, struct mem_watch_before before,
                       size_t bytes);

/* The bytes of an object that the program may use. */
size_t mem_watch_bytes(const struct Mem_Region *region, mem_granule g);

/* The program may use all bytes of an object from now on. */
void mem_watch_allow_all(const struct Mem_Region *region, mem_granule g);

#endif
