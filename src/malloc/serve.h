/*
 * serve.h - calls that do not go straight to the region: the first of a process, those that are
 * watched (watched.h), and those of a process that may have several threads (cache.h).
 *
 * Of all, caller is the return address of the function of the malloc family.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_SERVE_H
#define MEM_MALLOC_SERVE_H

#include <stdbool.h>
#include <stddef.h>

#include "malloc/misuse.h"

struct Mem_Region;

/* Allocates size bytes at a multiple of alignment, a power of two; NULL, and ENOMEM, when they are
 * refused. */
void *mem_serve_alloc(size_t alignment, size_t size, const void *caller);

/* Frees ptr, an address in the region; false when it starts no live object. Leaves errno alone. */
bool mem_serve_free(struct Mem_Region *region, void *ptr, const void *caller);

/* Resizes the object at ptr, an address in the region, as realloc does. */
void *mem_serve_resize(struct Mem_Region *region, void *ptr, size_t size,
                       struct mem_misuse_call call);

#endif
