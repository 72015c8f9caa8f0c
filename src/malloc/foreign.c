/*
 * foreign.c - pointers from another allocator; see foreign.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/foreign.h"

#include <dlfcn.h>
#include <errno.h>

void *mem_foreign_next(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

void mem_foreign_free(struct Mem_Region *region, void *ptr, struct mem_misuse_call call) {
    int error = errno;
    mem_misuse_foreign(region, ptr, call);
    void (*next)(void *) = (void (*)(void *))mem_foreign_next("free");
    if (next != NULL)
        next(ptr);
    errno = error;
}

void *mem_foreign_realloc(struct Mem_Region *region, void *ptr, size_t size,
                          struct mem_misuse_call call) {
    mem_misuse_foreign(region, ptr, call);
    void *(*next)(void *, size_t) = (void *(*)(void *, size_t))mem_foreign_next("realloc");
    if (next != NULL)
        return next(ptr, size);
    errno = ENOMEM;
    return NULL;
}

size_t mem_foreign_usable_size(void *ptr) {
    size_t (*next)(void *) = (size_t(*)(void *))mem_foreign_next("malloc_usable_size");
    return next != NULL ? next(ptr) : 0;
}
