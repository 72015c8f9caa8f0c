/*
 * counts.h - what Mem_GetStats tells of a region that its index does not know.
 *
 * Every allocation and every free pays for these, so nothing is counted that follows from the rest.
 * Live memory peaks right before a free, so the peak is noted there.
 *
 * Invariants:
 * 1. The fewest granules that were ever free are the smallest of least_before, least_free and those
 *    free now. Since the last mark, it was the smaller of the latter two.
 * 2. requests - refused - frees objects are live.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_COUNTS_H
#define MEM_COUNTS_H

#include <stdint.h>

#include "index/granule.h"

struct mem_counts {
    uint64_t requests;
    uint64_t refused; /* of them, for want of space */
    uint64_t frees;
    uint64_t bad_frees;       /* of what is not the start of a live object */
    mem_granule least_free;   /* since the last mark, or the beginning */
    mem_granule least_before; /* before it */
};

/* Notes the peak of live memory. Call it with the free granules right before they become more. */
static inline void mem_counts_settle(struct mem_counts *counts, mem_granule free) {
    if (free < counts->least_free)
        counts->least_free = free;
}

/* The fewest granules that were ever free. Call mem_counts_settle() first. */
static inline mem_granule mem_counts_least_free(const struct mem_counts *counts) {
    return counts->least_before < counts->least_free ? counts->least_before : counts->least_free;
}

/* Begins least_free again, with the granules that are free now. */
static inline void mem_counts_mark(struct mem_counts *counts, mem_granule free) {
    mem_counts_settle(counts, free);
    counts->least_before = mem_counts_least_free(counts);
    counts->least_free = free;
}

static inline uint64_t mem_counts_allocations(const struct mem_counts *counts) {
    return counts->requests - counts->refused;
}

#endif
