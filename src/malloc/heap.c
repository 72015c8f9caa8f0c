/*
 * heap.c - makes the region of the process; see heap.h.
 *
 * The order matters. Nothing on the way to a region allocates. The handlers of fork() come once
 * there is one, since libc may allocate for them; a call of malloc from there finds the region.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/heap.h"

#include <errno.h>

#include "malloc/budget.h"
#include "malloc/cache.h"
#include "malloc/entry.h"
#include "malloc/settings.h"
#include "region/lifetime.h"
#include "system/fork.h"
#include "system/gate.h"

_Atomic(struct Mem_Region *) mem_heap_region;
_Atomic(struct Mem_Region *) mem_heap_direct;
bool mem_heap_is_watched;
int mem_heap_style;

/* Maps as many bytes as the system grants: half as many each time that it refuses. */
static struct Mem_Region *map_at_most(struct mem_budget *budget) {
    while (budget->bytes > 0) {
        struct Mem_Region *region = mem_lifetime_map((size_t)budget->bytes);
        if (region != NULL)
            return region;
        *budget = (struct mem_budget){budget->bytes / 2, MEM_LIMIT_REFUSED};
    }
    return NULL;
}

/* Maps the bytes that were given; or, if the system refuses them, what it usually grants. */
static struct Mem_Region *map_given(struct mem_budget *budget) {
    struct Mem_Region *region = mem_lifetime_map((size_t)budget->bytes);
    if (region != NULL)
        return region;
    struct mem_budget usual = mem_budget_usual();
    if (usual.bytes < budget->bytes)
        budget->bytes = usual.bytes;
    budget->limit = MEM_LIMIT_REFUSED;
    return map_at_most(budget);
}

static void make(void) {
    struct mem_settings settings = mem_settings_read();
    struct mem_budget budget = {settings.region, MEM_LIMIT_GIVEN};
    if (settings.region == 0)
        budget = mem_budget_usual();
    struct Mem_Region *region = settings.region == 0 ? map_at_most(&budget) : map_given(&budget);
    if (region == NULL)
        return;
    mem_heap_style = settings.style;
    mem_misuse_policy = settings.misuse;
    mem_cache_is_wanted = MEM_LOCK_IS_TOLD && !settings.exact && !region->watched;
    mem_heap_is_watched = mem_entry_begin(region, budget.limit, settings.log);
    if (!mem_heap_is_watched)
        atomic_store_explicit(&mem_heap_direct, region, memory_order_release);
    atomic_store_explicit(&mem_heap_region, region, memory_order_release);
    (void)mem_fork_handle();
    mem_cache_handle_fork();
    mem_entry_handle_fork();
}

struct Mem_Region *mem_heap_make(void) {
    int error = errno;
    bool entered = mem_gate_enter();
    if (entered && mem_heap_if_made() == NULL)
        make();
    mem_gate_leave(entered);
    errno = error;
    return mem_heap_if_made();
}

/* A process that never allocates has a region, too, and its figures. */
__attribute__((constructor)) static void make_early(void) {
    (void)mem_heap();
}

__attribute__((cold)) bool mem_heap_has_room(struct Mem_Region *region, size_t size) {
    struct Mem_Stats stats;
    return *Mem_ErrorLocation() == E_NO_SPACE && Mem_RegionGetStats(region, &stats) == 0 &&
           stats.free_bytes >= size;
}

__attribute__((cold)) void *mem_heap_refuse(struct Mem_Region *region, size_t size) {
    if (mem_heap_has_room(region, size))
        mem_entry_count(&mem_entry->fragmented);
    errno = ENOMEM;
    return NULL;
}
