/*
 * granule.h - the unit in which the library counts memory.
 *
 * A granule is 16 bytes on every machine. Objects and chunks start at
 * granules and are whole granules long. A region has at most 2^31 granules
 * (32 GiB), so 32 bits hold a granule's number, a count of granules, and one
 * past the last of them. They may not hold the number of a granule plus a count
 * that a caller asks for: so that count is compared with a difference of numbers.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_GRANULE_H
#define MEM_GRANULE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "system/assertion.h"

#define MEM_GRANULE_SHIFT 4
#define MEM_GRANULE_BYTES ((size_t)1 << MEM_GRANULE_SHIFT)

/* The most granules of a region: 32 GiB; 2 GiB (INT_MAX rounded up to pages) where a size_t has 32
 * bits. */
#if SIZE_MAX > UINT32_MAX
#define MEM_GRANULES_MAX (UINT32_C(1) << 31)
#else
#define MEM_GRANULES_MAX (UINT32_C(1) << 27)
#endif

static_assert(MEM_GRANULE_BYTES % _Alignof(max_align_t) == 0, "an object suits every type");

/* The number of a granule in its region, or a count of granules. */
typedef uint32_t mem_granule;

/* No granule: what a search returns that found nothing. */
#define MEM_NO_GRANULE UINT32_MAX
static_assert(MEM_GRANULES_MAX < MEM_NO_GRANULE, "one past the last granule is a number, too");
static_assert(MEM_GRANULES_MAX <= SIZE_MAX >> MEM_GRANULE_SHIFT, "a size_t counts all the bytes");

/* g + count, in the region or one past its end; so the compiler knows it is not MEM_NO_GRANULE. */
static inline mem_granule mem_granule_after(mem_granule g, mem_granule count) {
    mem_assume(g + count != MEM_NO_GRANULE, "a granule");
    return g + count;
}

/* The granules that hold so many bytes; bytes is at most one more than the largest region has. */
static inline mem_granule mem_granule_count(size_t bytes) {
    return (mem_granule)((bytes + MEM_GRANULE_BYTES - 1) >> MEM_GRANULE_SHIFT);
}

/* The bytes in so many granules, or the offset of the granule of that number. */
static inline size_t mem_granule_bytes(mem_granule count) {
    return (size_t)count << MEM_GRANULE_SHIFT;
}

#endif
