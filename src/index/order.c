/*
 * order.c - how an order begins, and how it is searched for large chunks; order.h tells the layout.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index/order.h"

#include "system/round.h"

static uint32_t segments_of(mem_granule granules) {
    return (granules + MEM_SEGMENT_GRANULES - 1) >> MEM_SEGMENT_SHIFT;
}

static size_t head_bytes(void) {
    return mem_round_up(sizeof(struct mem_order), MEM_ORDER_ALIGNMENT);
}

size_t mem_order_bytes(mem_granule granules) {
    uint32_t segments = segments_of(granules);
    return head_bytes() + mem_sets_bytes(segments) + mem_tries_bytes(granules);
}

struct mem_order *mem_order_make(void *memory, const struct mem_map *map) {
    struct mem_order *order = memory;
    uint32_t segments = segments_of(map->granules);
    char *words = (char *)memory + head_bytes();
    mem_sets_init(&order->sets, words, segments);
    mem_tries_init(&order->tries, words + mem_sets_bytes(segments), map->granules);
    order->apart = MEM_NONE_APART;
    mem_granule g = mem_map_chunk_beyond(map, MEM_ANCHOR);
    for (; g != MEM_NO_GRANULE; g = mem_map_chunk_after(map, g)) {
        mem_granule size = mem_map_chunk_end(map, g) - g;
        if (size < MEM_TRIES_LEAST)
            mem_order_add_small(order, g, size);
        else
            mem_order_add_large(order, g, size);
    }
    return order;
}

/* Removes the chunk at g; a size of 0 means that there was none. */
static void drop(struct mem_order *order, const struct mem_map *map, mem_granule g,
                 mem_granule size) {
    if (size > 0)
        mem_order_drop(order, map, g, size);
}

/* The merged chunk replaces the chunk apart if that is part of it, else its large part in the
 * tries; without a large part, it is added. */
void mem_order_given_large(struct mem_order *order, const struct mem_map *map,
                           struct mem_merge merge) {
    mem_granule first = merge.first, end = merge.end;
    mem_granule before = merge.start - first, after = merge.last - end;
    mem_granule size = merge.last - first;
    mem_granule apart = order->apart.g;
    if (first == apart || (end == apart && after > 0)) {
        drop(order, map, first, before);
        drop(order, map, end, after);
        order->apart = (struct mem_apart){first, size};
    } else if (before >= MEM_TRIES_LEAST) {
        drop(order, map, end, after);
        mem_tries_change(&order->tries, first, before, first, size);
    } else if (after >= MEM_TRIES_LEAST) {
        drop(order, map, first, before);
        mem_tries_change(&order->tries, end, after, first, size);
    } else {
        drop(order, map, first, before);
        drop(order, map, end, after);
        mem_order_add_large(order, first, size);
    }
}

/* Whether the chunk apart comes before one of the tries. */
static bool apart_is_before(const struct mem_order *order, struct mem_large large) {
    const struct mem_apart *apart = &order->apart;
    return apart->size < large.size ||
           (apart->size == large.size && mem_tries_place(apart->g) < large.place);
}

/* The last chunk that starts in the two segments of a place in the tries. */
static mem_granule last_chunk(const struct mem_map *map, uint32_t place) {
    int32_t number = (int32_t)(place << (MEM_PLACE_SHIFT - MEM_SEGMENT_SHIFT)) + 1;
    if (map->segment[number].chunks == 0)
        number--;
    return mem_map_chunk_at(number, mem_bits_highest(map->segment[number].chunks));
}

mem_granule mem_order_large_fit(const struct mem_order *order, const struct mem_map *map,
                                mem_granule granules) {
    const struct mem_apart *apart = &order->apart;
    mem_granule least = granules < MEM_TRIES_LEAST ? MEM_TRIES_LEAST : granules;
    struct mem_large large = mem_tries_best(&order->tries, least);
    if (apart->size >= least && (large.size == 0 || apart_is_before(order, large)))
        return apart->g;
    return large.size != 0 ? last_chunk(map, large.place) : MEM_NO_GRANULE;
}
