/*
 * resident.h - how much memory a process has taken from the system, as far as
 * it was touched.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef RESIDENT_H
#define RESIDENT_H

#include <stddef.h>

/* The bytes of this process's own memory: what it shares and what stands in
 * files does not count. Exact; 0 where the system does not tell. Calls no malloc. */
size_t resident_bytes(void);

/* The bytes of [start, start + bytes) that are resident; start is a page's. */
size_t resident_part(void *start, size_t bytes);

#endif
