/*
 * watched.h - calls that are watched: whose figures are kept in a file (figures.h). Each is a
 * section, under the region's lock from its beginning to its end; so what is told of it is told in
 * the order in which the calls took effect.
 *
 * They serve the first call of a process as well, which makes the region, watched or not.
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

/* Allocates size bytes at a multiple of alignment, a power of two; NULL, and ENOMEM, when they are
 * refused. */
void *mem_watched_alloc(size_t alignment, size_t size);

/* Frees ptr; false when it starts no object of the region. Leaves errno alone. */
bool mem_watched_free(struct Mem_Region *region, void *ptr);

/* Resizes the object at ptr, an address in the region, as realloc does. */
void *mem_watched_resize(struct Mem_Region *region, void *ptr, size_t size,
                         struct mem_misuse_call call);

#endif
