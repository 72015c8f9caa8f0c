/*
 * aligned.c - allocation at addresses that are multiples of a power of two.
 *
 *     before   [g ................................. end)
 *     after    [g  gap )[ object )[      chunk     end)
 *
 * In a chunk, the object lies at the first multiple of the alignment. How much is lost to the gap
 * depends on the chunk's address, which an index by size does not know. So the searches ask the
 * index for chunks that are large enough, one by one in address order, and check whether the object
 * fits. It always does in a chunk that is larger by one alignment.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/aligned.h"

#include "index/objects.h"
#include "region/alloc.h"
#include "region/free.h"

/* What is asked for, in granules. */
struct request {
    mem_granule size;
    mem_granule mask; /* the alignment, less one */
    mem_granule bias; /* how far granule 0 lies above a multiple of the alignment */
};

static struct request request_of(const struct Mem_Region *region, size_t alignment, size_t bytes) {
    uintptr_t first = (uintptr_t)mem_region_address(region, 0) >> MEM_GRANULE_SHIFT;
    mem_granule mask = mem_granule_count(alignment) - 1;
    return (struct request){mem_granule_count(bytes), mask, (mem_granule)first & mask};
}

/* The granules from g to the first where the object may lie. The sum and its negation are exact
 * modulo 2^32, and so modulo the alignment. */
static mem_granule gap_at(const struct request *request, mem_granule g) {
    return -(g + request->bias) & request->mask;
}

/* Whether the object fits into a chunk that has enough granules. */
static bool fits(const struct request *request, mem_granule g, mem_granule end) {
    return gap_at(request, g) <= end - g - request->size;
}

/* The first chunk of at least `least` granules in which the object fits, or MEM_NO_GRANULE. `least`
 * is the size of the object or more. */
static mem_granule first_fit(const struct mem_index *index, const struct request *request,
                             mem_granule least) {
    mem_granule g = mem_index_first_fit(index, least);
    while (g != MEM_NO_GRANULE && !fits(request, g, mem_index_chunk_end(index, g)))
        g = mem_index_fit_after(index, g, least);
    return g;
}

/* A binary search for the largest size at which the object fits, after a try at the size of the
 * largest chunk. If that fails, fewer sizes than the alignment has granules remain, since the
 * object always fits in a chunk that is larger by one alignment. */
static mem_granule worst_fit(const struct mem_index *index, const struct request *request) {
    mem_granule low = request->size;
    mem_granule high = mem_index_largest(index);
    if (low > high)
        return MEM_NO_GRANULE;
    mem_granule best = first_fit(index, request, high);
    if (best != MEM_NO_GRANULE)
        return best;
    while (low < high) {
        mem_granule middle = low + (high - low) / 2;
        mem_granule g = first_fit(index, request, middle);
        if (g == MEM_NO_GRANULE) {
            high = middle;
        } else {
            best = g;
            low = mem_index_chunk_end(index, g) - g + 1;
        }
    }
    return best;
}

static mem_granule best_fit(const struct mem_index *index, const struct request *request) {
    mem_granule best = MEM_NO_GRANULE;
    mem_granule best_size = MEM_NO_GRANULE;
    mem_granule g = mem_index_first_fit(index, request->size);
    for (; g != MEM_NO_GRANULE; g = mem_index_fit_after(index, g, request->size)) {
        mem_granule end = mem_index_chunk_end(index, g);
        if (end - g >= best_size || !fits(request, g, end))
            continue;
        best = g;
        best_size = end - g;
        if (best_size == request->size)
            break;
    }
    return best;
}

static mem_granule find(const struct mem_index *index, const struct request *request, int style) {
    if (style == FIRSTFIT)
        return first_fit(index, request, request->size);
    if (style == WORSTFIT)
        return worst_fit(index, request);
    return best_fit(index, request);
}

/* Takes gap and object as one, cuts that in two and frees the gap. The gap was never live, so no
 * counts are settled. */
static void *take_behind_gap(struct Mem_Region *region, mem_granule g, mem_granule gap,
                             mem_granule size) {
    mem_alloc_at(region, g, gap + size);
    mem_index_cut_object(&region->index, g, g + gap);
    mem_free_part(region, g);
    return mem_region_address(region, g + gap);
}

void *mem_aligned(struct Mem_Region *region, size_t alignment, size_t bytes, int style) {
    const struct request request = request_of(region, alignment, bytes);
    region->counts.requests++;
    mem_granule g = find(&region->index, &request, style);
    if (g == MEM_NO_GRANULE)
        return mem_alloc_refuse(region);
    mem_granule gap = gap_at(&request, g);
    if (gap == 0)
        return mem_alloc_at(region, g, request.size);
    return take_behind_gap(region, g, gap, request.size);
}
