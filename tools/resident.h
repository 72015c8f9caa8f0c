/*
 * resident.h - how much memory a process has taken from the system, as far as
 * it was touched.
 *
 * None of these calls malloc.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef RESIDENT_H
#define RESIDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes of this process's own memory: what it shares and what stands in
 * files does not count. Exact; 0 where the system does not tell. */
size_t resident_bytes(void);

/* The bytes of [start, start + bytes) that are resident; start is a page's. */
size_t resident_part(void *start, size_t bytes);

enum { RESIDENT_MAPPINGS = 256 }; /* a program built with a sanitizer has some hundred */

/* Where the mappings of this process start that can be read and written. */
struct resident_mappings {
    size_t count; /* 0: not known */
    uintptr_t start[RESIDENT_MAPPINGS];
};

/* Lists them. */
void resident_list(struct resident_mappings *m);

/* The start of the one mapping that has come since, not counting one that holds
 * the address but. NULL when it cannot be told. */
const void *resident_added(const struct resident_mappings *before, const void *but);

/* The bytes of the mapping that starts there that are resident; 0 where the
 * system does not tell. */
size_t resident_mapping(const void *start);

#endif
