/*
 * counts.h - what Mem_GetStats tells of a region that its index does not.
 *
 * Every allocation and every free pays for these, so none is kept that follows from others, and
 * as little as possible is done on the short paths: what is live is told by how far it is below
 * its peak, which an allocation lowers and a free raises. A new peak shows by a difference
 * that is negative. It is settled before the next free, since that is where a peak ends.
 *
 * Invariants:
 * 1. peak - below_peak granules are live. The most that ever were are peak, or those if they
 *    are more.
 * 2. requests - refused - frees objects are live.
 * 3. 1 + frees + parts - joined_before - joined_after - taken_whole chunks are free.
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
    uint64_t bad_frees;     /* of what is not the start of a live object */
    uint64_t parts;         /* of objects that became free, and are no frees */
    uint64_t joined_before; /* frees, parts too, that met a chunk before the object */
    uint64_t joined_after;  /* and behind it */
    uint64_t taken_whole;   /* chunks of which nothing was left */
    mem_granule peak;
    int32_t below_peak;
};

/* So many granules become live. */
static inline void mem_counts_take(struct mem_counts *counts, mem_granule granules) {
    counts->below_peak -= (int32_t)granules;
}

/* So many granules are live no longer. */
static inline void mem_counts_give(struct mem_counts *counts, mem_granule granules) {
    counts->below_peak += (int32_t)granules;
}

/* Makes a peak of what is live, if it is more than ever: to be called before it becomes less. */
static inline void mem_counts_settle(struct mem_counts *counts) {
    if (counts->below_peak < 0) {
        counts->peak -= (mem_granule)counts->below_peak;
        counts->below_peak = 0;
    }
}

static inline mem_granule mem_counts_live(const struct mem_counts *counts) {
    return counts->peak - (mem_granule)counts->below_peak;
}

static inline uint64_t mem_counts_allocations(const struct mem_counts *counts) {
    return counts->requests - counts->refused;
}

static inline uint64_t mem_counts_chunks(const struct mem_counts *counts) {
    return 1 + counts->frees + counts->parts - counts->joined_before - counts->joined_after -
           counts->taken_whole;
}

/* An allocation of so many granules begins; and it turns out that there is no space. */

static inline void mem_counts_request(struct mem_counts *counts, mem_granule granules) {
    counts->requests++;
    mem_counts_take(counts, granules);
}

static inline void mem_counts_refuse(struct mem_counts *counts, mem_granule granules) {
    counts->refused++;
    mem_counts_give(counts, granules);
}

#endif
