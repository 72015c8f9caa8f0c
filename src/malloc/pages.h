/*
 * pages.h - pages that only the log needs: of a file, or empty after fork(); and how
 * many of some pages are resident.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_PAGES_H
#define MEM_MALLOC_PAGES_H

#include <stddef.h>
#include <stdint.h>

/* Maps bytes of the file from the offset on, shared with whoever maps them. NULL when the system
 * refuses. */
void *mem_pages_map_file(int descriptor, uint64_t offset, size_t bytes);
void mem_pages_unmap_file(void *memory, size_t bytes);

/* Maps a page that holds zeros, now and again in the child of each fork(). NULL when the system
 * refuses, or does not know of such pages. */
void *mem_pages_map_wiped(void);

/* How many bytes of the pages that the memory is in are resident. A call of mincore for
 * each 16 MiB. */
uint64_t mem_pages_resident(const void *memory, size_t bytes);

#endif
