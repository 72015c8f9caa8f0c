/*
 * free.c - freeing an object: the index makes the change, in one of seven ways (give.h), and the
 * list mirrors it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/free.h"

#include "index/give.h"
#include "region/list.h"
#include "region/sound.h"
#include "system/error.h"

/* The end of each way to free. */
static inline int freed(struct Mem_Region *region, mem_granule g, int result) {
    (void)region;
    (void)g;
    mem_assert_expensive(mem_sound_given(region, g), "after a free");
    return result;
}

__attribute__((noinline)) static int free_within(struct Mem_Region *region, struct mem_spot spot,
                                                 mem_granule g) {
    return freed(region, g, mem_index_give_within(&region->index, spot, g, &mem_list, region));
}

__attribute__((noinline)) static int free_beyond(struct Mem_Region *region, struct mem_spot spot,
                                                 mem_granule g) {
    return freed(region, g, mem_index_give_beyond(&region->index, spot, g, &mem_list, region));
}

__attribute__((noinline)) static int free_alone(struct Mem_Region *region, struct mem_spot spot,
                                                mem_granule g) {
    return freed(region, g, mem_index_give_alone(&region->index, spot, g, &mem_list, region));
}

__attribute__((noinline)) static int free_apart(struct Mem_Region *region, mem_granule g,
                                                mem_granule end) {
    return freed(region, g, mem_index_give_apart(&region->index, g, end, &mem_list, region));
}

__attribute__((noinline)) static int free_behind(struct Mem_Region *region, mem_granule g,
                                                 mem_granule first, mem_granule end) {
    return freed(region, g,
                 mem_index_give_behind(&region->index, g, first, end, &mem_list, region));
}

__attribute__((noinline)) static int free_ahead(struct Mem_Region *region, mem_granule g,
                                                mem_granule end) {
    return freed(region, g, mem_index_give_ahead(&region->index, g, end, &mem_list, region));
}

__attribute__((noinline)) static int free_between(struct Mem_Region *region, mem_granule g,
                                                  mem_granule first, mem_granule end) {
    return freed(region, g,
                 mem_index_give_between(&region->index, g, first, end, &mem_list, region));
}

__attribute__((noinline)) static int free_any(struct Mem_Region *region, mem_granule g) {
    const struct mem_around around = mem_index_around(&region->index, g);
    mem_granule before = mem_index_before(around), end = mem_index_after(around);
    if (mem_index_chunk_precedes(around))
        return mem_index_chunk_follows(around) ? free_between(region, g, before, end)
                                               : free_behind(region, g, before, end);
    return mem_index_chunk_follows(around) ? free_ahead(region, g, end)
                                           : free_apart(region, g, end);
}

__attribute__((cold, noinline)) static int bad_pointer(struct Mem_Region *region) {
    region->counts.bad_frees++;
    return mem_error_minus_one(E_BAD_POINTER);
}

static inline int free_at(struct Mem_Region *region, mem_granule g) {
    struct mem_spot spot = mem_index_spot(&region->index, g);
    switch (mem_index_way_to_give(spot)) {
    case MEM_GIVE_WITHIN:
        return free_within(region, spot, g);
    case MEM_GIVE_BEYOND:
        return free_beyond(region, spot, g);
    case MEM_GIVE_ALONE:
        return free_alone(region, spot, g);
    default:
        return free_any(region, g);
    }
}

/* Updates the order after the map. */
__attribute__((noinline)) static int free_in_order(struct Mem_Region *region, mem_granule g) {
    struct mem_index *index = &region->index;
    const struct mem_merge merge = mem_index_merge(index, g);
    int result = free_at(region, g);
    mem_index_order_given(index, merge);
    mem_assert_expensive(mem_sound_order(region, g), "the order is updated");
    return result;
}

static inline int free_at_any(struct Mem_Region *region, mem_granule g) {
    return mem_region_is_ordered(region) ? free_in_order(region, g) : free_at(region, g);
}

/* Frees what starts at a pointer by one of these. */
static inline int free_by(struct Mem_Region *region, void *pointer,
                          int (*way)(struct Mem_Region *region, mem_granule g)) {
    mem_counts_settle(&region->counts, mem_index_free(&region->index));
    mem_granule g = mem_region_object(region, pointer);
    if (g == MEM_NO_GRANULE)
        return bad_pointer(region);
    region->counts.frees++;
    return way(region, g);
}

int mem_free(struct Mem_Region *region, void *pointer) {
    return free_by(region, pointer, free_at);
}

int mem_free_any(struct Mem_Region *region, void *pointer) {
    return free_by(region, pointer, free_at_any);
}

void mem_free_part(struct Mem_Region *region, mem_granule g) {
    (void)free_at_any(region, g);
}
