/*
 * resident.h - how much memory of a process is resident: that which it has touched.
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

/* The resident bytes of this process's own memory, without shared memory and files. Exact; 0 where
 * the system does not tell. */
size_t resident_bytes(void);

/* The bytes of [start, start + bytes) that are resident; start is a page's. */
size_t resident_part(void *start, size_t bytes);

enum { RESIDENT_MAPPINGS = 256 }; /* a program built with a sanitizer has some hundred */

/* The starts of the mappings of this process that can be read and written. */
struct resident_mappings {
    size_t count; /* 0: not known */
    uintptr_t start[RESIDENT_MAPPINGS];
};

/* Lists them. */
void resident_list(struct resident_mappings *m);

/* The start of the only mapping that is new since then, apart from the one that holds the address
 * `but`. NULL when it cannot be told. */
const void *resident_added(const struct resident_mappings *before, const void *but);

/* The bytes of the mapping that starts there that are resident; 0 where the
 * system does not tell. */
size_t resident_mapping(const void *start);

#endif
