/*
 * ordered.c - allocation where the index keeps an order of the chunks, for best fit: each change of
 * the index is followed by an update of the order. (Frees update it in free.c.)
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/ordered.h"

#include <stdatomic.h>

#include "index/take.h"
#include "region/alloc.h"
#include "region/list.h"
#include "region/sound.h"

static void close_short_ways(struct Mem_Region *region) {
    region->plain = false;
    if (region->shortcut != NULL)
        atomic_store_explicit(region->shortcut, NULL, memory_order_relaxed);
}

/* Closes the short ways, which do not update the order. A watched region was never plain, and
 * `plain` is not written then: mem.c reads it before it tells the race detectors that the lock is
 * held. */
__attribute__((cold)) bool mem_ordered_begin(struct Mem_Region *region) {
    if (!mem_index_begin_order(&region->index))
        return false;
    if (region->plain)
        close_short_ways(region);
    return true;
}

/* The end of each allocation, of the first granules of the chunk of that size at g. */
static inline void *taken(struct Mem_Region *region, void *object, mem_granule g, mem_granule size,
                          mem_granule granules) {
    mem_index_order_taken(&region->index, g, size, granules);
    mem_assert_expensive(mem_sound_taken(region, g) && mem_sound_order(region, g),
                         "after an allocation");
    return object;
}

void *mem_ordered_take(struct Mem_Region *region, mem_granule g, mem_granule granules) {
    mem_granule size = mem_index_chunk_end(&region->index, g) - g;
    return taken(region, mem_alloc_take(region, g, granules), g, size, granules);
}

/* Allocates from the first chunk of that size. */
__attribute__((noinline)) static void *small_best_fit(struct Mem_Region *region,
                                                      mem_granule granules, mem_granule size) {
    struct mem_fit fit = mem_index_first_of_size(&region->index, size);
    mem_granule g = mem_index_fit_start(fit);
    void *object = mem_index_fit_is_within(fit)
                       ? mem_index_take_within(&region->index, fit, granules, &mem_list, region)
                       : mem_alloc_take(region, g, granules);
    return taken(region, object, g, size, granules);
}

__attribute__((noinline)) static void *large_best_fit(struct Mem_Region *region,
                                                      mem_granule granules) {
    mem_granule g = mem_index_large_best_fit(&region->index, granules);
    return g != MEM_NO_GRANULE ? mem_ordered_take(region, g, granules) : mem_alloc_refuse(region);
}

void *mem_ordered_best_fit(struct Mem_Region *region, mem_granule granules) {
    mem_granule size = mem_index_small_best_size(&region->index, granules);
    if (size != 0)
        return small_best_fit(region, granules, size);
    if (mem_index_carve_best_fit(&region->index, granules))
        return mem_alloc_from_current(region, granules);
    return large_best_fit(region, granules);
}
