/*
 * region.h - the size of a region, as an option gives it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef REGION_H
#define REGION_H

#include "usage.h"

#include <stddef.h>
#include <stdint.h>

/* The bytes of the largest, and how they are typed. (Where a size_t has 32 bits, it is made of
 * INT_MAX, which is rounded up to whole pages.) */
#if SIZE_MAX > UINT32_MAX
#define HEAP_MOST (UINT64_C(1) << 35)
#define HEAP_MOST_TYPED "32G"
#else
#define HEAP_MOST (UINT64_C(1) << 31)
#define HEAP_MOST_TYPED "2G"
#endif

/* Reads the value of an option --region, 1 byte to HEAP_MOST; says so if it is none. */
enum action region_parse(const char *text, size_t *bytes);

#endif /* REGION_H */
