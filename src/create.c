/*
 * create.c - how a region comes to be, and how it ends.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "create.h"

#include <string.h>

#include "os.h"
#include "release.h"
#include "watch.h"

/* The bytes of the structure, rounded up so that the index may follow it. */
static size_t head_bytes(void) {
    return mem_round_up(sizeof(struct Mem_Region), MEM_INDEX_ALIGNMENT);
}

static size_t bytes_beside(mem_granule granules) {
    return head_bytes() + mem_index_bytes(granules);
}

/* Makes one object of the whole memory and frees it, which is then forgotten. */
static void start(struct Mem_Region *region, char *memory, mem_granule granules, bool watched) {
    region->base = memory;
    mem_index_init(&region->index, (char *)region + head_bytes(), granules);
    mem_lock_init(&region->lock, !region->mapped);
    mem_map_set_object(&region->index.map, 0);
    mem_map_tag(&region->index.map, 0, granules);
    mem_release_part(region, 0);
    region->counts = (struct mem_counts){.peak = 0};
    region->watched = watched;
    if (watched)
        mem_watch_begin(region);
}

/* With a tool that looks for leaks, the memory lies apart: pointers past the end of what is mapped
 * in front would be taken for such to the first object. */
static char *map_memory(size_t bytes, bool watched) {
    return watched ? mem_os_map_guarded(bytes) : mem_os_map(bytes);
}

static void unmap_memory(const struct Mem_Region *region) {
    if (region->watched)
        mem_os_unmap_guarded(region->base, mem_region_bytes(region));
    else
        mem_os_unmap(region->base, mem_region_bytes(region));
}

struct Mem_Region *mem_create_map(size_t bytes) {
    bytes = mem_os_round(bytes);
    mem_granule granules = mem_granule_count(bytes);
    size_t index_bytes = mem_os_round(bytes_beside(granules));
    struct Mem_Region *region = mem_os_map_guarded(index_bytes);
    if (region == NULL)
        return NULL;
    bool watched = mem_watch_is_on();
    char *memory = map_memory(bytes, watched);
    if (memory == NULL) {
        mem_os_unmap_guarded(region, index_bytes);
        return NULL;
    }
    region->index_bytes = index_bytes;
    region->mapped = true;
    start(region, memory, granules, watched);
    return region;
}

/* The most granules that fit into so many bytes together with structure and index; 0 when not even
 * one does. */
static mem_granule granules_beside_index(size_t bytes) {
    mem_granule fits = 0;
    mem_granule too_many = mem_granule_count(bytes) + 1;
    while (too_many - fits > 1) {
        mem_granule middle = fits + (too_many - fits) / 2;
        if (mem_round_up(bytes_beside(middle), MEM_GRANULE_BYTES) + mem_granule_bytes(middle) <=
            bytes)
            fits = middle;
        else
            too_many = middle;
    }
    return fits;
}

/* A region may have been here that was never destroyed. What the memory holds may be nothing at
 * all, at which memcheck wonders. */
static void forget(struct Mem_Region *region) {
    mem_watch_hush();
    mem_fork_forget(&region->lock);
    mem_watch_unhush();
}

struct Mem_Region *mem_create_place(void *memory, size_t bytes) {
    uintptr_t first = mem_round_up((uintptr_t)memory, MEM_INDEX_ALIGNMENT);
    size_t skipped = first - (uintptr_t)memory;
    if (bytes <= skipped)
        return NULL;
    mem_granule granules = granules_beside_index(bytes - skipped);
    if (granules == 0)
        return NULL;
    size_t index_bytes = mem_round_up(bytes_beside(granules), MEM_GRANULE_BYTES);
    struct Mem_Region *region = (struct Mem_Region *)(void *)((char *)memory + skipped);
    forget(region);
    memset(region, 0, index_bytes);
    region->index_bytes = index_bytes;
    start(region, (char *)region + index_bytes, granules, mem_watch_is_on());
    return region;
}

void mem_create_end(struct Mem_Region *region) {
    if (region->watched)
        mem_watch_end(region);
    mem_lock_end(&region->lock);
    if (!region->mapped)
        return;
    unmap_memory(region);
    mem_os_unmap_guarded(region, region->index_bytes);
}
