/*
 * watched.h - calls that are watched: their figures, and perhaps they themselves, are kept in a log
 * (log.h). Each is a section, under the region's lock from its beginning to its end; so the log has
 * them in the order in which they took effect.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_WATCHED_H
#define MEM_MALLOC_WATCHED_H

#include <stdbool.h>
#include <stddef.h>

#include "malloc/misuse.h"

struct Mem_Region;

/* Of all, caller is the return address of the function of the malloc family. */

/* Allocates size bytes at a multiple of alignment, a power of two; NULL, and ENOMEM, when they are
 * refused. */
void *mem_watched_alloc(struct Mem_Region *region, size_t alignment, size_t size,
                        const void *caller);

/* Frees ptr; false when it starts no object of the region. Leaves errno alone. */
bool mem_watched_free(struct Mem_Region *region, void *ptr, const void *caller);

/* Resizes the object at ptr, an address in the region, as realloc does. */
void *mem_watched_resize(struct Mem_Region *region, void *ptr, size_t size,
                         struct mem_misuse_call call);

#endif
