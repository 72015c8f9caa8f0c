/*
 * trim.h - when memory that the program has freed goes back to the system; libmem-malloc(7) tells.
 *
 * All the time, the region knows the least memory that was free since the last trim (counts.h). If
 * a free leaves more than that by the threshold, the region is trimmed: the whole pages within its
 * large chunks, and the pages of the index about them, are discarded.
 *
 * The threshold learns. What the program takes again after a trim it pays for by page faults; then
 * the threshold becomes twice as much. With each trim that is not regretted, it is halved. And it
 * is never so low that a trim takes long compared with the page faults that the memory freed since
 * the last one has cost.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_TRIM_H
#define MEM_MALLOC_TRIM_H

#include <stdatomic.h>
#include <stdbool.h>

#include "region/region.h"

/* In granules; MEM_NO_GRANULE: never. With the region's lock. */
extern __attribute__((visibility("hidden"))) mem_granule mem_trim_threshold;

/* Whether another thread's free, or this one's, has found that it is time. */
extern __attribute__((visibility("hidden"))) atomic_bool mem_trim_is_noted;

/* Whether it is time, after an object was freed. With the region's lock. */
static inline bool mem_trim_is_due(const struct Mem_Region *region) {
    return mem_index_free(&region->index) - region->counts.least_free >= mem_trim_threshold;
}

/* Trims the region, if it is time. Without the region's lock, which is taken for each piece of some
 * MiB. Leaves errno alone. */
void mem_trim(struct Mem_Region *region);

/* Ends a call that may have freed, in a process with one thread. */
static inline void mem_trim_if_due(struct Mem_Region *region) {
    if (__builtin_expect(mem_trim_is_due(region), false))
        mem_trim(region);
}

/* The same where there may be several: a call that has freed notes it with the region's lock, and
 * trims without it. */
static inline void mem_trim_note(const struct Mem_Region *region) {
    if (__builtin_expect(mem_trim_is_due(region), false))
        atomic_store_explicit(&mem_trim_is_noted, true, memory_order_relaxed);
}

static inline void mem_trim_if_noted(struct Mem_Region *region) {
    if (__builtin_expect(atomic_load_explicit(&mem_trim_is_noted, memory_order_relaxed), false))
        mem_trim(region);
}

/* Sets the threshold for good, in bytes; a negative one turns trimming off. */
void mem_trim_set(struct Mem_Region *region, int bytes);

#endif
