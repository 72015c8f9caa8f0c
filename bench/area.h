/*
 * area.h - memory for the driver itself.
 *
 * It comes straight from the system, so that the allocator measured has served
 * nobody before, and it is shared memory, which is counted apart from the
 * memory that the allocator takes.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef AREA_H
#define AREA_H

#include <stddef.h>

/* Addresses for so many bytes, zeroed; a page takes memory once it is written
 * to. A child of fork() writes to the same memory. */
void *area_reserve(size_t bytes);

/* So many bytes, zeroed, each page of them there already. */
void *area_take(size_t bytes);

#endif
