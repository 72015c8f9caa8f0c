/*
 * lifetime.c - creates and ends regions.
 *
 *     mapped:  guard page | entry | structure | index | order | guard page     objects
 *     placed:              [structure | index | objects]
 *
 * The entry of a placed region is in the registry's memory.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/lifetime.h"

#include <stddef.h>
#include <string.h>

#include "region/free.h"
#include "region/watch.h"
#include "system/gate.h"
#include "system/os.h"
#include "system/registry.h"
#include "system/round.h"

/* What stands in front of the index of a region that is mapped. */
struct head {
    struct mem_entry entry;
    struct Mem_Region region;
    struct head *next_refused; /* the next that the system refused to unmap */
};

/* Read and written only by a thread that holds the gate. */
static struct head *refused_heads;

static struct head *head_of(struct Mem_Region *region) {
    return (struct head *)(void *)((char *)region - offsetof(struct head, region));
}

static size_t aligned_for_index(size_t bytes) {
    return mem_round_up(bytes, MEM_INDEX_ALIGNMENT);
}

/* ---- Mapped or placed ---- */

/* A new index holds one object, so freeing that makes the first chunk. The program did not free it:
 * the counts start afterwards. */
static void start(struct Mem_Region *region, void *index, char *memory, mem_granule granules) {
    region->base = memory;
    mem_index_init(&region->index, index, granules);
    mem_free_part(region, 0);
    region->counts = (struct mem_counts){.least_free = granules, .least_before = granules};
    region->plain = !region->watched;
    if (region->watched)
        mem_watch_begin(region);
}

/* ---- Mapped ---- */

/* A watched region's memory lies between guard pages: otherwise, a leak checker would take a
 * pointer to the end of the mapping before it for one to the first object. */
static char *map_memory(size_t bytes, bool watched) {
    return watched ? mem_os_map_guarded(bytes) : mem_os_map(bytes);
}

static bool unmap_memory(const struct Mem_Region *region) {
    if (region->watched)
        return mem_os_unmap_guarded(region->base, mem_region_bytes(region));
    return mem_os_unmap(region->base, mem_region_bytes(region));
}

static bool unmap_head(struct head *head) {
    return mem_os_unmap_guarded(head, head->region.index_bytes);
}

/* Unmaps what could not be unmapped when its region ended. */
static void unmap_refused(void) {
    while (refused_heads != NULL) {
        struct head *head = refused_heads;
        refused_heads = head->next_refused;
        if (!unmap_head(head)) {
            refused_heads = head;
            return;
        }
    }
}

static void add_mapped(struct head *head) {
    uintptr_t first = (uintptr_t)&head->region;
    bool entered = mem_gate_enter();
    unmap_refused();
    mem_registry_add_mapped(&head->entry, first, (uintptr_t)head + head->region.index_bytes);
    mem_gate_leave(entered);
}

struct Mem_Region *mem_lifetime_map(size_t bytes) {
    bytes = mem_os_round(bytes);
    mem_granule granules = mem_granule_count(bytes);
    size_t head_bytes = aligned_for_index(sizeof(struct head));
    size_t order = head_bytes + aligned_for_index(mem_index_bytes(granules));
    size_t index_bytes = mem_os_round(order + mem_index_order_bytes(granules));
    struct head *head = mem_os_map_guarded(index_bytes);
    if (head == NULL)
        return NULL;
    struct Mem_Region *region = &head->region;
    region->watched = mem_watch_is_on();
    char *memory = map_memory(bytes, region->watched);
    if (memory == NULL) {
        (void)mem_os_unmap_guarded(head, index_bytes);
        return NULL;
    }
    region->index_bytes = index_bytes;
    region->mapped = true;
    region->lock = &head->entry.lock;
    add_mapped(head);
    start(region, (char *)head + head_bytes, memory, granules);
    mem_index_lend_order(&region->index, (char *)head + order);
    return region;
}

struct mem_index_memory mem_lifetime_index_memory(const struct Mem_Region *region,
                                                  mem_granule end) {
    size_t before = aligned_for_index(sizeof(struct head)) - offsetof(struct head, region);
    if (mem_index_is_ordered(&region->index))
        return (struct mem_index_memory){region->index_bytes, region->index_bytes};
    mem_granule granules = mem_index_granules(&region->index);
    return (struct mem_index_memory){before + mem_index_bytes(granules),
                                     before + mem_index_bytes_below(granules, end)};
}

/* The memory is unmapped first, because only that is expected to fail: the system may have merged
 * it with its neighbours, and refuses to cut a mapping in two when there are as many as it allows.
 * The head has guard pages, and is not merged. If its unmapping fails even so, it is tried again
 * later. */
static bool unmap(struct Mem_Region *region) {
    struct head *head = head_of(region);
    if (region->watched)
        mem_watch_end(region);
    if (!unmap_memory(region)) {
        if (region->watched)
            mem_watch_resume(region);
        return false;
    }
    if (!unmap_head(head)) {
        head->next_refused = refused_heads;
        refused_heads = head;
    }
    return true;
}

/* ---- Placed ---- */

/* The bytes of structure and index, in front of so many granules. */
static size_t bytes_beside(mem_granule granules) {
    size_t bytes = aligned_for_index(sizeof(struct Mem_Region)) + mem_index_bytes(granules);
    return mem_round_up(bytes, MEM_GRANULE_BYTES);
}

/* The most granules that fit into so many bytes together with structure and index; 0 when not even
 * one does. */
static mem_granule granules_beside_index(size_t bytes) {
    mem_granule fits = 0;
    mem_granule too_many = mem_granule_count(bytes) + 1;
    while (too_many - fits > 1) {
        mem_granule middle = fits + (too_many - fits) / 2;
        if (bytes_beside(middle) + mem_granule_bytes(middle) <= bytes)
            fits = middle;
        else
            too_many = middle;
    }
    return fits;
}

struct mem_plan mem_lifetime_plan(void *memory, size_t bytes) {
    uintptr_t first = mem_round_up((uintptr_t)memory, MEM_INDEX_ALIGNMENT);
    size_t skipped = first - (uintptr_t)memory;
    struct mem_plan plan = {.granules = 0};
    if (bytes <= skipped)
        return plan;
    plan.region = (struct Mem_Region *)(void *)((char *)memory + skipped);
    plan.granules = granules_beside_index(bytes - skipped);
    plan.index_bytes = bytes_beside(plan.granules);
    return plan;
}

static struct mem_entry *add_placed(struct mem_plan plan) {
    uintptr_t first = (uintptr_t)plan.region;
    uintptr_t objects = first + plan.index_bytes;
    bool entered = mem_gate_enter();
    struct mem_entry *entry =
        mem_registry_add_placed(first, objects, objects + mem_granule_bytes(plan.granules));
    mem_gate_leave(entered);
    return entry;
}

struct Mem_Region *mem_lifetime_place(struct mem_plan plan) {
    struct mem_entry *entry = add_placed(plan);
    if (entry == NULL)
        return NULL;
    struct Mem_Region *region = plan.region;
    bool watched = mem_watch_is_on();
    if (watched)
        mem_watch_reclaim((char *)region, plan.index_bytes + mem_granule_bytes(plan.granules));
    memset(region, 0, plan.index_bytes);
    region->index_bytes = plan.index_bytes;
    region->lock = &entry->lock;
    region->watched = watched;
    start(region, (char *)region + aligned_for_index(sizeof *region),
          (char *)region + plan.index_bytes, plan.granules);
    return region;
}

/* ---- The end ---- */

/* Ends a region that was taken off the registry; false when the system refuses to unmap it. A
 * placed region's structure is read only under a tool: the program may have used that memory again
 * already. */
static bool end_entered(struct Mem_Region *region, struct mem_entry *entry) {
    if (!mem_registry_is_placed(entry))
        return unmap(region);
    if (mem_watch_is_on())
        mem_watch_end(region);
    mem_registry_free(entry);
    return true;
}

static int end(struct Mem_Region *region) {
    struct mem_entry *entry = mem_registry_remove((uintptr_t)region);
    if (entry == NULL)
        return E_BAD_ARGS;
    bool placed = mem_registry_is_placed(entry);
    uintptr_t objects = placed ? entry->objects : (uintptr_t)region->base;
    uintptr_t end_of_objects = placed ? entry->end : objects + mem_region_bytes(region);
    if (!end_entered(region, entry)) {
        mem_registry_put_back(entry);
        return E_NO_MEMORY;
    }
    mem_registry_forget(objects, end_of_objects);
    return 0;
}

/* Holds the gate throughout: another thread's region can take the unmapped memory at once. */
int mem_lifetime_end(struct Mem_Region *region) {
    bool entered = mem_gate_enter();
    mem_watch_hush();
    int error = end(region);
    mem_watch_unhush();
    mem_gate_leave(entered);
    return error;
}
