/*
 * foreign.h - pointers from another allocator, which get to the next definition of the function
 * behind the module: libc's, as a rule. They come from a library that was bound to libc's malloc
 * alone, or from before the module was there.
 *
 * The next definition is sought at the first such pointer, and not at the start: dlsym() allocates.
 * Each call counts the pointer, or ends the program, as misuse.h says. errno is what the next
 * definition leaves, but free preserves it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_FOREIGN_H
#define MEM_MALLOC_FOREIGN_H

#include <stddef.h>

#include "malloc/misuse.h"

void mem_foreign_free(struct Mem_Region *region, void *ptr, struct mem_misuse_call call);
void *mem_foreign_realloc(struct Mem_Region *region, void *ptr, size_t size,
                          struct mem_misuse_call call);
size_t mem_foreign_usable_size(void *ptr);

/* The next definition of a function behind the module's own; NULL when there is none. */
void *mem_foreign_next(const char *name);

#endif
