/*
 * registry.c - the regions of the process; see registry.h.
 *
 * The entries are a treap: a search tree by address, and a heap by a pseudorandom rank, so that the
 * tree is as balanced as one built in random order (Seidel and Aragon, Randomized search trees,
 * Algorithmica 16, 1996). The rank is the address, scrambled. Each entry knows the highest end in
 * its subtree, which lets a search find the regions that cover an address.
 *
 * Entries of placed regions come from slabs, each as large as all before it together, which are
 * kept for later regions. The entry of a mapped region lies beside its index (lifetime.c).
 *
 * Invariants, whenever no thread holds the gate:
 * 1. below->first < first < above->first, through whole subtrees.
 * 2. rank(entry) >= rank(below), rank(above).
 * 3. reach is the highest end of the entry and its subtrees.
 * 4. Two regions are apart, or one lies between objects and end of the other.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/registry.h"

#include <assert.h>
#include <stddef.h>

#include "system/gate.h"
#include "system/os.h"

static_assert(sizeof(struct mem_entry) == MEM_ENTRY_ALIGNMENT, "an entry is one line of the cache");

struct mem_entry *mem_registry_root;

/* ---- The tree ---- */

/* The address, scrambled by steps of splitmix64. */
static uint64_t rank(const struct mem_entry *entry) {
    uint64_t bits = entry->first * UINT64_C(0x9e3779b97f4a7c15);
    bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    return bits ^ bits >> 31;
}

static uintptr_t reach_of(const struct mem_entry *tree) {
    return tree != NULL ? tree->reach : 0;
}

/* Recomputes reach after a subtree has changed. */
static void update(struct mem_entry *entry) {
    uintptr_t below = reach_of(entry->below);
    uintptr_t above = reach_of(entry->above);
    uintptr_t highest = below > above ? below : above;
    entry->reach = entry->end > highest ? entry->end : highest;
}

/* Joins two trees; all addresses in the first are lower than those in the second. */
static struct mem_entry *join(struct mem_entry *low, struct mem_entry *high) {
    if (low == NULL)
        return high;
    if (high == NULL)
        return low;
    struct mem_entry *top = rank(low) > rank(high) ? low : high;
    if (top == low)
        low->above = join(low->above, high);
    else
        high->below = join(low, high->below);
    update(top);
    return top;
}

/* Splits a tree in two: the entries below the address, and the others. */
static void split(struct mem_entry *tree, uintptr_t address, struct mem_entry **low,
                  struct mem_entry **high) {
    if (tree == NULL) {
        *low = *high = NULL;
        return;
    }
    if (tree->first < address) {
        split(tree->above, address, &tree->above, high);
        *low = tree;
    } else {
        split(tree->below, address, low, &tree->below);
        *high = tree;
    }
    update(tree);
}

static void insert(struct mem_entry *entry) {
    struct mem_entry *low, *high;
    entry->below = entry->above = NULL;
    update(entry);
    split(mem_registry_root, entry->first, &low, &high);
    mem_registry_root = join(join(low, entry), high);
}

/* Cuts out the entries whose first address lies in [first, end), and returns them as a tree. */
static struct mem_entry *cut_out(uintptr_t first, uintptr_t end) {
    struct mem_entry *low, *middle, *high;
    split(mem_registry_root, first, &low, &high);
    split(high, end, &middle, &high);
    mem_registry_root = join(low, high);
    return middle;
}

/* A region that starts before first and overlaps [first, end), unless that lies among its objects;
 * NULL when there is none. */
static struct mem_entry *overlapped(struct mem_entry *tree, uintptr_t first, uintptr_t end) {
    if (tree == NULL || tree->reach <= first)
        return NULL;
    if (tree->first >= first)
        return overlapped(tree->below, first, end);
    if (tree->end > first && (tree->objects > first || tree->end < end))
        return tree;
    struct mem_entry *found = overlapped(tree->above, first, end);
    return found != NULL ? found : overlapped(tree->below, first, end);
}

static void call_each(struct mem_entry *tree, void (*function)(struct mem_lock *lock)) {
    if (tree == NULL)
        return;
    call_each(tree->below, function);
    function(&tree->lock);
    call_each(tree->above, function);
}

/* ---- Memory for entries ---- */

static struct {
    struct mem_entry *unused; /* entries to use again, linked by above */
    struct mem_entry *next;   /* [next, end): entries of the newest slab, never used */
    struct mem_entry *end;
    size_t bytes; /* of all slabs */
} slabs;

static bool add_slab(void) {
    size_t bytes = slabs.bytes > 0 ? slabs.bytes : mem_os_round(1);
    struct mem_entry *slab = mem_os_map_guarded(bytes);
    if (slab == NULL)
        return false;
    slabs.next = slab;
    slabs.end = slab + bytes / sizeof *slab;
    slabs.bytes += bytes;
    return true;
}

static struct mem_entry *obtain(void) {
    struct mem_entry *entry = slabs.unused;
    if (entry != NULL) {
        slabs.unused = entry->above;
        return entry;
    }
    return slabs.next < slabs.end || add_slab() ? slabs.next++ : NULL;
}

void mem_registry_free(struct mem_entry *entry) {
    entry->above = slabs.unused;
    slabs.unused = entry;
}

/* Frees the entries of placed regions. (A mapped region is among them only if a program has placed
 * another over the library's own memory, where the entry lies.) */
static void free_all(struct mem_entry *tree) {
    if (tree == NULL)
        return;
    free_all(tree->below);
    free_all(tree->above);
    if (mem_registry_is_placed(tree))
        mem_registry_free(tree);
}

/* ---- Regions ---- */

/* Forgets the regions whose place a new one takes: those that start there, and those that reach
 * into it from below. */
static void make_room(uintptr_t first, uintptr_t end) {
    mem_registry_forget(first, end);
    for (struct mem_entry *old; (old = overlapped(mem_registry_root, first, end)) != NULL;)
        mem_registry_forget(old->first, old->first + 1);
}

/* Enters a region whose objects lie in [objects, end). If a fork handler made it, the fork in
 * progress owns its lock, like all others. */
static void enter(struct mem_entry *entry, uintptr_t first, uintptr_t objects, uintptr_t end) {
    make_room(first, end);
    entry->first = first;
    entry->objects = objects;
    entry->end = end;
    mem_lock_reset(&entry->lock);
    if (mem_gate_forks > 0)
        mem_lock_reset_owned(&entry->lock);
    insert(entry);
}

void mem_registry_add_mapped(struct mem_entry *entry, uintptr_t first, uintptr_t end) {
    enter(entry, first, end, end);
}

struct mem_entry *mem_registry_add_placed(uintptr_t first, uintptr_t objects, uintptr_t end) {
    struct mem_entry *entry = obtain();
    if (entry != NULL)
        enter(entry, first, objects, end);
    return entry;
}

struct mem_entry *mem_registry_remove(uintptr_t first) {
    return cut_out(first, first + 1);
}

void mem_registry_put_back(struct mem_entry *entry) {
    insert(entry);
}

void mem_registry_forget(uintptr_t first, uintptr_t end) {
    free_all(cut_out(first, end));
}

void mem_registry_each_lock(void (*function)(struct mem_lock *lock)) {
    call_each(mem_registry_root, function);
}
