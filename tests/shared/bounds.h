/*
 * bounds.h - what the tests know of their limits: the largest region, and what tools are compiled
 * in.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef BOUNDS_H
#define BOUNDS_H

#include <limits.h>
#include <stddef.h>

/* The most bytes that a region may be asked for: 32 GiB, or INT_MAX where size_t has 32 bits. */
#define REGION_MOST (sizeof(size_t) > 4 ? (size_t)1 << 31 << 4 : (size_t)INT_MAX)

/* Whether a sanitizer is compiled in: it replaces mmap and malloc. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#endif /* BOUNDS_H */
