/*
 * alloc.c - allocation: a chunk is found by the policy, and the object is its low end.
 *
 * The index makes the change, in one of six ways (take.h), and the list mirrors it. Each way has
 * its own function, and calls the next only as a tail call, so that no way pays for registers that
 * another has to save.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/alloc.h"

#include "region/list.h"
#include "region/sound.h"
#include "system/error.h"

/* The end of each way to allocate. */
static inline void *allocated(struct Mem_Region *region, void *object) {
    (void)region;
    mem_assert_expensive(mem_sound_taken(region, mem_region_object(region, object)),
                         "after an allocation");
    return object;
}

__attribute__((noinline)) static void *alloc_across(struct Mem_Region *region,
                                                    mem_granule granules) {
    return allocated(region, mem_index_take_across(&region->index, granules, &mem_list, region));
}

void *mem_alloc_from_current(struct Mem_Region *region, mem_granule granules) {
    if (!mem_index_current_rest_is_near(&region->index, granules))
        return alloc_across(region, granules);
    return allocated(region, mem_index_take_current(&region->index, granules, &mem_list, region));
}

void *mem_alloc_take(struct Mem_Region *region, mem_granule g, mem_granule granules) {
    if (mem_index_make_current(&region->index, g, granules))
        return mem_alloc_from_current(region, granules);
    return allocated(region, mem_index_take(&region->index, g, granules, &mem_list, region));
}

void *mem_alloc_at(struct Mem_Region *region, mem_granule g, mem_granule granules) {
    if (mem_region_is_ordered(region))
        return mem_ordered_take(region, g, granules);
    return mem_alloc_take(region, g, granules);
}

__attribute__((cold)) void *mem_alloc_refuse(struct Mem_Region *region) {
    region->counts.refused++;
    return mem_error_null(E_NO_SPACE);
}

__attribute__((noinline)) static void *alloc_part(struct Mem_Region *region, mem_granule g,
                                                  mem_granule size, mem_granule granules) {
    return allocated(region,
                     mem_index_take_part(&region->index, g, size, granules, &mem_list, region));
}

__attribute__((noinline)) static void *alloc_whole(struct Mem_Region *region, mem_granule g,
                                                   mem_granule size) {
    return allocated(region, mem_index_take_whole(&region->index, g, size, &mem_list, region));
}

/* Takes the first fit, which starts at g and ends in another segment. */
__attribute__((noinline)) static void *alloc_beyond(struct Mem_Region *region, mem_granule g,
                                                    mem_granule granules) {
    if (mem_index_first_is_current(&region->index, g, granules))
        return mem_alloc_from_current(region, granules);
    return mem_alloc_take(region, g, granules);
}

/* Takes the first fit, which starts in the segment of that number. */
__attribute__((noinline)) static void *alloc_within(struct Mem_Region *region, uint32_t number,
                                                    mem_granule granules) {
    struct mem_fit fit = mem_index_first_in(&region->index, number, granules);
    if (!mem_index_fit_is_within(fit))
        return alloc_beyond(region, mem_index_fit_start(fit), granules);
    return allocated(region,
                     mem_index_take_within(&region->index, fit, granules, &mem_list, region));
}

/* The same. Mostly it is the first chunk of the segment. */
static inline void *alloc_in(struct Mem_Region *region, uint32_t number, mem_granule granules) {
    struct mem_fit fit = mem_index_first_in(&region->index, number, 1);
    mem_granule g = mem_index_fit_start(fit);
    mem_granule size = mem_index_fit_size(fit);
    if (!mem_index_fit_is_within(fit))
        return alloc_beyond(region, g, granules);
    if (size == granules)
        return alloc_whole(region, g, size);
    if (size > granules)
        return alloc_part(region, g, size, granules);
    return alloc_within(region, number, granules);
}

__attribute__((noinline)) static void *alloc_far(struct Mem_Region *region, mem_granule granules) {
    uint32_t number;
    if (mem_index_first_far(&region->index, granules, &number))
        return alloc_in(region, number, granules);
    return mem_alloc_refuse(region);
}

void *mem_alloc_first_fit(struct Mem_Region *region, mem_granule granules) {
    uint32_t number;
    if (mem_index_first_near(&region->index, granules, &number))
        return alloc_in(region, number, granules);
    return alloc_far(region, granules);
}

static mem_granule find(const struct mem_index *index, mem_granule granules, int style) {
    if (style == FIRSTFIT)
        return mem_index_first_fit(index, granules);
    if (style == WORSTFIT)
        return mem_index_worst_fit(index, granules);
    return mem_index_best_fit(index, granules);
}

void *mem_alloc_by_search(struct Mem_Region *region, mem_granule granules, int style) {
    mem_granule g = find(&region->index, granules, style);
    return g != MEM_NO_GRANULE ? mem_alloc_at(region, g, granules) : mem_alloc_refuse(region);
}

void *mem_alloc_otherwise(struct Mem_Region *region, mem_granule granules, int style) {
    if (style == WORSTFIT && mem_index_current_is_worst_fit(&region->index, granules))
        return mem_alloc_from_current(region, granules);
    if (style == BESTFIT && mem_ordered_begin(region))
        return mem_ordered_best_fit(region, granules);
    return mem_alloc_by_search(region, granules, style);
}
